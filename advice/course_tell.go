package advice

import (
	"slices"
	"strings"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/dialog"
)

// TellCourse tells a class in full to somebody of whom nothing is known, as a
// flow would; "" when there is no such class.
func TellCourse(lib *content.Library, k *course.Catalogue, id string, at time.Time) string {
	c := k.Course(id)
	if c == nil {
		return ""
	}
	t, s, standing := talk{lib, k}, stranger(at), c.Standing(course.DayOf(at))
	return strings.Join(course.Trimmed(slices.Concat(t.courseHead(s, c, standing), t.courseTerms(c), t.courseAsk(c, standing))), "\n")
}

// stranger is a talk at some time with somebody who has answered nothing.
type stranger time.Time

func (stranger) Value(string) dialog.Value { return dialog.Value{} }
func (s stranger) At() time.Time           { return time.Time(s) }
func (stranger) About() string             { return "" }
