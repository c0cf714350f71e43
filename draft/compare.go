package draft

import (
	"slices"
	"strings"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/content/transcripts"
	"nghe/understand/questions"
)

// Differences are what a draft alters.
type Differences struct {
	Answers []Difference // of topics
	Sums    []Difference
	Talks   []Talk
	// Understood is nil where both read alike.
	Understood *Understood
}

// Any says whether anything is different.
func (d Differences) Any() bool {
	return len(d.Answers)+len(d.Sums)+len(d.Talks) > 0 || d.Understood != nil && d.Understood.Any()
}

// Difference is something told before and now; "" when it is not told.
type Difference struct {
	ID, Title string
	Lines     []Line
}

// Talk is a transcript that goes otherwise, with the lines that differ.
type Talk struct {
	Name  string
	Lines []Line
}

// Understood is how questions are understood before and now.
type Understood struct {
	Was, Is questions.Count
	Better  []Moved // wrong before, right now
	Worse   []Moved
}

// Any says whether a question is understood otherwise.
func (u *Understood) Any() bool { return len(u.Better)+len(u.Worse) > 0 || u.Was != u.Is }

// Moved is a question that goes to another topic.
type Moved struct {
	Text    string
	Labels  []string // that are right
	Was, Is string   // "" is the right one
}

func compare(was, is *Mind, at time.Time) Differences {
	d := Differences{Answers: answers(was, is, at), Sums: sums(was.Library, is.Library, at), Talks: talks(was, is)}
	if was.Reader != is.Reader {
		d.Understood = understood(was.score(), is.score())
	}
	return d
}

// answers are the topics of which something else is told, their sources with it.
func answers(was, is *Mind, at time.Time) (all []Difference) {
	for _, t := range topics(was.Library, is.Library) {
		a, b := told(was, t.ID, at), told(is, t.ID, at)
		if a != b {
			all = append(all, Difference{t.ID, t.Title, Lines(a, b)})
		}
	}
	return all
}

// topics are those of either library, as the later calls them.
func topics(was, is *content.Library) (all []*content.Topic) {
	seen := map[string]bool{}
	for _, lib := range []*content.Library{is, was} {
		for _, t := range slices.Concat(lib.Topics, lib.Dangers) {
			if !seen[t.ID] {
				seen[t.ID] = true
				all = append(all, t)
			}
		}
	}
	return all
}

func told(m *Mind, topic string, at time.Time) string {
	if m.Library.Topic(topic) == nil {
		return ""
	}
	return Text(m.Told(topic, at))
}

// Text writes bubbles as a transcript does: what is said, then the buttons.
func Text(bubbles []bot.Bubble) string {
	var b strings.Builder
	for _, x := range bubbles {
		b.WriteString(x.Text + "\n")
		for _, o := range x.Options {
			if !o.Hidden {
				b.WriteString("[" + o.Label + "] ")
			}
		}
		b.WriteString("\n")
	}
	return strings.TrimSpace(b.String())
}

// talks are the transcripts that go otherwise.
func talks(was, is *Mind) (all []Talk) {
	before, now := was.talks(), is.talks()
	for i, t := range transcripts.All() {
		if before[i] != now[i] {
			leads := func(line string) bool { return strings.HasPrefix(line, "Người") }
			all = append(all, Talk{t.Name, Around(Lines(before[i], now[i]), leads)})
		}
	}
	return all
}

// understood compares two scores of the same questions.
func understood(was, is questions.Result) *Understood {
	u := &Understood{Was: was.All, Is: is.All}
	wrong := func(r questions.Result) map[string]questions.Miss {
		all := map[string]questions.Miss{}
		for _, m := range r.Misses {
			all[m.Text] = m
		}
		return all
	}
	before, now := wrong(was), wrong(is)
	for _, m := range was.Misses {
		if _, still := now[m.Text]; !still {
			u.Better = append(u.Better, Moved{Text: m.Text, Labels: m.Labels, Was: m.Got})
		}
	}
	for _, m := range is.Misses {
		if _, already := before[m.Text]; !already {
			u.Worse = append(u.Worse, Moved{Text: m.Text, Labels: m.Labels, Is: m.Got})
		}
	}
	return u
}

// Rests gives the titles of what rests on a fact, as the library has it.
func Rests(lib *content.Library, fact string) (titles []string) {
	for _, t := range slices.Concat(lib.Topics, lib.Dangers) {
		if slices.Contains(t.Facts, fact) {
			titles = append(titles, t.Title)
		}
	}
	for _, r := range lib.Regimes {
		if slices.Contains(r.Facts, fact) {
			titles = append(titles, r.Name)
		}
	}
	for _, p := range lib.Programmes {
		if slices.Contains(p.Facts, fact) {
			titles = append(titles, p.Name)
		}
	}
	return titles
}
