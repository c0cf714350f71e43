package announce

import (
	"slices"
	"strings"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/dialog"
)

// Reader reads the names of places and trades, and sums; package understand
// has it.
type Reader interface {
	Place(text string) (ids []string, label string, fit dialog.Fit)
	Trade(text string) (ids []string, fit dialog.Fit)
	Money(text string) (int64, dialog.Fit)
}

// World is what a text is read with.
type World struct {
	Library *content.Library
	Reader  Reader
	Now     time.Time // in the zone of the province
}

// Draft is a class that is being written down. It is kept as JSON between two
// messages.
type Draft struct {
	Course course.Course `json:"course"`
	// From are the words that each field was read from.
	From map[Field]string `json:"from,omitempty"`
	// Maybe are the trades or places that a name may mean.
	Maybe map[Field][]string `json:"maybe,omitempty"`
	// Open are fields that were asked for and left open: "chưa rõ".
	Open []Field `json:"open,omitempty"`
	// Asked is the field that was asked for last: a bare "30/12" is about it.
	Asked Field  `json:"asked,omitempty"`
	Note  string `json:"note,omitempty"` // goes with the message
	// Named says that the title is the officer's own, and stays when the trade
	// is another.
	Named bool `json:"named,omitempty"`
}

// Needed are the fields that are asked for once when a text does not name
// them, in order.
var Needed = []Field{Trade, Place, Deadline, Contact}

// Missing gives the needed fields that are neither known nor left open.
func (d *Draft) Missing() []Field {
	var all []Field
	for _, f := range Needed {
		if !d.Has(f) && !slices.Contains(d.Open, f) {
			all = append(all, f)
		}
	}
	return all
}

// Has says whether a needed field is known.
func (d *Draft) Has(f Field) bool {
	c := &d.Course
	switch f {
	case Trade:
		return c.Trade != ""
	case Place:
		return c.Place != ""
	case Deadline:
		return c.Deadline != ""
	case Contact:
		return c.ContactPhone != "" || c.ContactPlace != "" || c.ContactName != "" || c.HowTo != ""
	}
	return d.From[f] != ""
}

// Leave notes that a field is not known and is not asked for again.
func (d *Draft) Leave(f Field) {
	d.clear(f)
	if !slices.Contains(d.Open, f) {
		d.Open = append(d.Open, f)
	}
	d.Asked = ""
}

func (d *Draft) clear(f Field) {
	c := &d.Course
	switch f {
	case Trade:
		c.Trade = ""
	case Place:
		c.Place = ""
	case Venue:
		c.Venue = ""
	case Deadline:
		c.Deadline = ""
	case Start:
		c.Start = ""
	case End:
		c.End = ""
	case Duration:
		c.Duration = ""
	case Schedule:
		c.Schedule = ""
	case Quota:
		c.Quota = nil
	case Fee:
		c.Fee, c.FeeNote = nil, ""
	case Benefits:
		c.Benefits = nil
	case Who:
		c.Who = nil
	case Ages:
		c.MinAge, c.MaxAge = nil, nil
	case Papers:
		c.Papers = nil
	case HowTo:
		c.HowTo = ""
	case Contact:
		c.ContactName, c.ContactPlace, c.ContactPhone = "", "", ""
	case Phone:
		c.ContactPhone = ""
	case Provider:
		c.Provider = ""
	case Certificate:
		c.Certificate = ""
	case Level:
		c.Level = ""
	case Note:
		d.Note = ""
	}
	delete(d.From, f)
	delete(d.Maybe, f)
}

// Past says that the last day to register is over already.
func (d *Draft) Past(now time.Time) bool {
	today := string(course.DayOf(now))
	for _, day := range []course.Day{d.Course.Deadline, d.Course.Start} {
		if day != "" {
			return string(day) < today[:len(day)]
		}
	}
	return false
}

// Backwards says that the days can't be in this order.
func (d *Draft) Backwards() bool {
	after := func(a, b course.Day) bool {
		n := min(len(a), len(b))
		return n > 0 && a[:n] > b[:n]
	}
	c := d.Course
	return after(c.Start, c.End) || after(c.Deadline, c.End)
}

// Like gives a class of a catalogue that this may be: the same trade and place,
// still to come, and no day that says otherwise.
func (d *Draft) Like(courses *course.Catalogue, today course.Day) *course.Course {
	c := d.Course
	differ := func(a, b course.Day) bool {
		n := min(len(a), len(b))
		return n > 0 && a[:n] != b[:n]
	}
	all := courses.All()
	for i := range all {
		k := &all[i]
		switch {
		case k.ID == c.ID && c.ID != "":
			return k
		case k.Trade != c.Trade || k.Place != c.Place || k.Standing(today) == course.Past:
		case differ(k.Deadline, c.Deadline), differ(k.Start, c.Start), differ(k.End, c.End):
		case k.Level != "" && c.Level != "" && k.Level != c.Level:
		default:
			return k
		}
	}
	return nil
}

// Over puts what the draft knows over a class that is there: what the draft
// does not say stays.
func (d *Draft) Over(k course.Course) course.Course {
	c := d.Course
	out := k
	text := func(to *string, from string) {
		if from != "" {
			*to = from
		}
	}
	if d.Named {
		text(&out.Title, c.Title)
	}
	text((*string)(&out.Level), string(c.Level))
	text(&out.Venue, c.Venue)
	text(&out.Provider, c.Provider)
	text((*string)(&out.Start), string(c.Start))
	text((*string)(&out.End), string(c.End))
	text((*string)(&out.Deadline), string(c.Deadline))
	text(&out.Duration, c.Duration)
	text(&out.Schedule, c.Schedule)
	text(&out.FeeNote, c.FeeNote)
	text(&out.HowTo, c.HowTo)
	text(&out.Certificate, c.Certificate)
	text(&out.ContactName, c.ContactName)
	text(&out.ContactPhone, c.ContactPhone)
	text(&out.ContactPlace, c.ContactPlace)
	for _, n := range []struct{ to, from **int64 }{{&out.Fee, &c.Fee}, {&out.Quota, &c.Quota}, {&out.MinAge, &c.MinAge}, {&out.MaxAge, &c.MaxAge}} {
		if *n.from != nil {
			*n.to = *n.from
		}
	}
	for _, l := range []struct{ to, from *[]string }{{&out.Benefits, &c.Benefits}, {&out.Who, &c.Who}, {&out.Papers, &c.Papers}} {
		if *l.from != nil {
			*l.to = *l.from
		}
	}
	return out
}

// tidy makes words fit to be kept: braces would be places to fill in a text.
func tidy(s string, most int) string {
	s = strings.Join(strings.Fields(strings.NewReplacer("{", "(", "}", ")").Replace(s)), " ")
	s = strings.Trim(s, " \t,;:.-–—•*")
	if r := []rune(s); len(r) > most {
		s = strings.TrimSpace(string(r[:most]))
	}
	return s
}
