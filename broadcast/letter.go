package broadcast

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
)

// What the buttons of an announced class send back; the class's id follows.
const (
	tapDetails  = "flow:course?course="
	tapRegister = "flow:register?join="
	tapDecline  = "flow:decline?decline="
	tapStop     = "notify.off"
)

// tappedCourse gives the class that a tap is about.
func tappedCourse(tap string) (id string, ok bool) {
	for _, prefix := range []string{tapDetails, tapRegister} {
		if id, ok := strings.CutPrefix(tap, prefix); ok {
			return id, true
		}
	}
	return "", false
}

// Bubbles gives a broadcast as it is said: its text, or what is known of the
// class, with buttons where the channel has them.
func Bubbles(b *Broadcast, lib dialog.Library, courses *course.Catalogue, buttons bool) []bot.Bubble {
	say := func(id string, pairs ...string) string {
		text := strings.NewReplacer(pairs...).Replace(lib.Phrase(id)[0])
		for name, word := range lib.Form("") {
			text = strings.ReplaceAll(text, "{"+name+"}", word)
		}
		return strings.TrimSpace(text)
	}
	text := b.Text
	var options []dialog.Option
	if c := courses.Course(b.Course); c != nil {
		text = cmp.Or(text, announced(c, lib, say))
		if c.Invented {
			text = say("course.invented") + "\n" + text
		}
		options = []dialog.Option{
			{Label: say("broadcast.details"), Tap: tapDetails + c.ID}, {Label: say("broadcast.register"), Tap: tapRegister + c.ID}, {Label: say("broadcast.decline"), Tap: tapDecline + c.ID},
		}
	}
	if len(b.Options) > 0 {
		options = slices.Clone(b.Options)
	}
	options = append(options, dialog.Option{Label: say("broadcast.stop"), Tap: tapStop})
	if !buttons {
		text += "\n\n" + say("broadcast.words")
		options = nil
	}
	return []bot.Bubble{{From: bot.FromBot, Text: text, Options: options}}
}

// announced says what is known of a class in a few lines.
func announced(c *course.Course, lib dialog.Library, say func(string, ...string) string) string {
	lines := []string{say("broadcast.class", "{title}", c.Title)}
	if c.Place != "" {
		lines = append(lines, say("broadcast.class-place", "{place}", lib.ValueName("place", c.Place)))
	}
	for _, line := range []struct {
		phrase string
		day    course.Day
	}{{"broadcast.class-deadline", c.Deadline}, {"broadcast.class-start", c.Start}} {
		if line.day != "" {
			layout := "2/1/2006"
			if line.day.MonthOnly() {
				layout = "1/2006"
			}
			lines = append(lines, say(line.phrase, "{day}", line.day.Time().Format(layout)))
		}
	}
	return strings.Join(lines, "\n")
}

// tooManyErrors says why sending was stopped.
func tooManyErrors(errs, tries int, last []Outcome) string {
	reasons := map[string]int{}
	for _, o := range last {
		if o.Error {
			reasons[o.Reason]++
		}
	}
	most := ""
	for _, r := range slices.Sorted(maps.Keys(reasons)) {
		if reasons[r] > reasons[most] {
			most = r
		}
	}
	return fmt.Sprintf("%d trong %d lượt gửi bị lỗi, gần nhất là “%s”: xem lại rồi gửi tiếp", errs, tries, most)
}
