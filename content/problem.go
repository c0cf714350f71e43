package content

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with the content, told to the person who edits it.
type Problem struct {
	File    string
	Line    int    // 0 = the file as a whole
	What    string // what is wrong
	Try     string // what to try
	Warning bool   // the content can be used all the same
}

// String is "FILE:LINE: what is wrong: what to try".
func (p Problem) String() string {
	s := fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.What, p.Try)
	if p.Warning {
		return s + " (warning)"
	}
	return s
}

// Errors gives the problems that are not only warnings.
func Errors(problems []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return p.Warning })
}

func sortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return a.Line - b.Line
	})
}
