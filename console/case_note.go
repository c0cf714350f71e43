package console

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// noteCase keeps a note for colleagues; the person never sees it.
func (c *Console) noteCase(v *visit) error {
	return c.doCase(v, "case-note", func(f *Form, now time.Time) error {
		_, err := c.Cases.Note(v.Context(), v.PathValue("id"), v.me(), f.Get("note"), f.key(now), now)
		return err
	})
}

// mentioned gives the logins that a note names, as in “@lan.bache”.
func mentioned(text string) []string {
	var logins []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:!?()", r) }) {
		if login, ok := strings.CutPrefix(word, "@"); ok {
			if login = strings.ToLower(strings.TrimRight(login, ".")); login != "" {
				logins = append(logins, login)
			}
		}
	}
	return logins
}

// mentions says whether a note names somebody.
func mentions(text, login string) bool { return slices.Contains(mentioned(text), login) }
