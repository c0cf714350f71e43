package sheet

import (
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"nghe/content"
	"nghe/course"
)

// Field is one column, as a field of a form.
type Field struct {
	Key      string // names it in a form
	Label    string
	Note     string // how to fill it in
	Required bool
	Choices  []string // what may be chosen; nil: it is typed
}

// Fields are the columns, in their order.
func Fields(lib *content.Library) []Field {
	all := make([]Field, len(columns))
	for i, c := range columns {
		all[i] = Field{Key: c.key(), Label: c.header, Note: c.note, Required: c.required}
		if c.choices != nil {
			all[i].Choices = c.choices(lib)
		}
	}
	return all
}

func (c *column) key() string { return slug(c.header) }

// Texts writes a course as one would type it, by the keys of Fields. What is
// unknown is not in it.
func Texts(lib *content.Library, c course.Course) map[string]string {
	texts := map[string]string{}
	for _, column := range columns {
		if text := column.write(lib, &c); text != "" {
			texts[column.key()] = text
		}
	}
	return texts
}

// FromForm reads one course that was typed into a form, by the same rules as a
// row of a table. Problems are by the keys of Fields, "" for the whole; with
// problems there is no course. It has no ID yet when it was is zero; else it
// keeps what the form has no field for.
func FromForm(texts map[string]string, was course.Course, lib *content.Library, reader Reader, now time.Time) (course.Course, map[string]string) {
	t := &table{book: newBook(lib, reader, now), rows: map[string]int{}}
	r := &row{book: t.book}
	problems := map[string]string{}
	for _, c := range columns {
		text := clean(strings.ReplaceAll(strings.ReplaceAll(texts[c.key()], "\r\n", "\n"), "\n", "; "))
		if text == "" || empty(text) && !c.required {
			if c.required {
				problems[c.key()] = "Cột này phải ghi. " + c.note
			}
			continue
		}
		if problem := c.read(r, text); problem != "" {
			problems[c.key()] = "“" + shortened(text) + "” " + problem + "."
		}
	}
	if len(problems) > 0 {
		return course.Course{}, problems
	}
	t.finish(0, r.course)
	if len(t.problems) > 0 {
		return course.Course{}, map[string]string{"": t.problems[0].Text + "."}
	}
	c := t.courses[0]
	c.Invented = was.Invented
	if was.ID != "" {
		c.ID = was.ID
	}
	return c, nil
}

// Fresh gives a course an ID that no other has, for a copy of one that has the
// same title, place and day.
func Fresh(c course.Course) course.Course {
	c.ID = "k-" + strings.ToLower(ulid.Make().String())
	return c
}
