package reminder

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nghe/content"
	"nghe/course"
	"nghe/dialog"
)

// say gives a phrase with its places filled, as said to nobody in particular.
func say(lib *content.Library, id string, pairs ...string) string {
	return fill(lib, lib.Phrase(id)[0], pairs...)
}

func fill(lib *content.Library, text string, pairs ...string) string {
	for name, word := range lib.Form("") {
		pairs = append(pairs, "{"+name+"}", word)
	}
	return strings.TrimSpace(content.Fill(text, pairs...))
}

// ofCourse gives what fills the text of a reminder about a class. What is not
// known says whom to ask.
func ofCourse(lib *content.Library, c *course.Course) []string {
	contact := cmp.Or(c.Contact(), say(lib, "course.ask-commune"))
	known := func(text string) string {
		return cmp.Or(text, say(lib, "reminder.unknown", "{contact}", contact))
	}
	place, trade := "", ""
	if p := lib.Place(c.Place); p != nil {
		place = inText(p.Name)
	}
	if t := lib.Trade(c.Trade); t != nil {
		trade = t.Label()
	}
	venue := strings.Join(course.Trimmed([]string{c.Venue, place}), ", ")
	return []string{
		"{title}", c.Title, "{trade}", known(trade), "{place}", known(place), "{venue}", known(venue), "{start}", known(dayName(c.Start)), "{end}", known(dayName(c.End)),
		"{deadline}", known(dayName(c.Deadline)), "{schedule}", known(c.Schedule), "{papers}", known(strings.Join(c.Papers, ", ")), "{contact}", contact,
	}
}

// inText writes a name as in the middle of a sentence: “xã Ba Chẽ”.
func inText(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}

func dayName(d course.Day) string {
	switch {
	case d == "":
		return ""
	case d.MonthOnly():
		return d.Time().Format("1/2006")
	}
	return d.Time().Format("2/1/2006")
}

// maxListed is how many things are named in a text.
const maxListed = 5

// listed names new classes, a line each.
func listed(lib *content.Library, classes []*course.Course) string {
	var lines []string
	for _, c := range classes[:min(len(classes), maxListed)] {
		place := ""
		if p := lib.Place(c.Place); p != nil {
			place = inText(p.Name)
		}
		lines = append(lines, "• "+strings.Join(course.Trimmed([]string{c.Title, place, dayName(c.Deadline)}), ", "))
	}
	if more := len(classes) - maxListed; more > 0 {
		lines = append(lines, say(lib, "reminder.more", "{n}", strconv.Itoa(more)))
	}
	return strings.Join(lines, "\n")
}

// answers are the buttons by which people answer.
func answers(lib *content.Library, r *content.Reminder, c *course.Course) (options []dialog.Option) {
	for _, a := range r.Answers {
		options = append(options, dialog.Option{Label: say(lib, "said."+a), Tap: "flow:said?said=" + c.ID + "." + a})
	}
	return options
}

// reviews gives the facts whose review date comes within some days.
func reviews(lib *content.Library, now time.Time, days int) (ids []string) {
	until := now.AddDate(0, 0, days).Format(time.DateOnly)
	for _, f := range lib.Facts {
		if f.ReviewBy != "" && f.ReviewBy <= until {
			ids = append(ids, f.ID)
		}
	}
	return ids
}
