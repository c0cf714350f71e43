package content

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Canned is an answer that counsellors give again and again.
type Canned struct {
	ID    string `yaml:"id" json:"id" jsonschema:"stable name, small letters, digits and hyphens"`
	Title string `yaml:"title" json:"title" jsonschema:"what counsellors look for it by"`
	Queue string `yaml:"queue" json:"queue,omitempty" jsonschema:"id of queues.yaml whose cases it is for; left out: all"`
	// Text has the places of CannedPlaces.
	Text string `yaml:"text" json:"text" jsonschema:"what the person reads; {name}, {me}, {number}, {queue}, {who}, {hours} and {place} are filled in"`
}

// CannedPlaces are what is filled in a canned answer: how the person is called,
// the counsellor, the case, its queue, who works on it and when, and where the
// person lives.
var CannedPlaces = []string{"name", "me", "number", "queue", "who", "hours", "place"}

// longestCanned is how many characters a canned answer may have: Zalo takes 2000,
// and names are still to be filled in.
const longestCanned = 1500

// CannedFor gives the canned answers for a queue: its own first, then those for
// all.
func (l *Library) CannedFor(queue string) []*Canned {
	var own, all []*Canned
	for _, c := range l.Canned {
		switch c.Queue {
		case queue:
			own = append(own, c)
		case "":
			all = append(all, c)
		}
	}
	return append(own, all...)
}

func (c *checker) checkCanned() {
	for _, it := range c.w.canned {
		x, add := &it.value, at(c, it)
		name := fmt.Sprintf("canned answer %q", x.ID)
		if strings.Trim(x.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			add(name+" has an id that can't be kept", "use small letters, digits and hyphens")
		}
		if strings.TrimSpace(x.Title) == "" {
			add(name+" has no title", "write a few words that counsellors look for")
		}
		if x.Queue != "" && c.l.Queue(x.Queue) == nil {
			add(fmt.Sprintf("%s is for the unknown queue %q", name, x.Queue), "name a queue of queues.yaml, or leave it out")
		}
		switch n := utf8.RuneCountInString(x.Text); {
		case strings.TrimSpace(x.Text) == "":
			add(name+" says nothing", "write its text")
		case n > longestCanned:
			add(fmt.Sprintf("%s has %d characters", name, n), fmt.Sprintf("make it shorter than %d", longestCanned))
		}
		for _, place := range places.FindAllStringSubmatch(x.Text, -1) {
			if !slices.Contains(CannedPlaces, place[1]) {
				add(fmt.Sprintf("%s: nothing fills the place {%s}", name, place[1]), "use {"+strings.Join(CannedPlaces, "}, {")+"}")
			}
		}
		// A sum in it would stand there after the law has changed.
		for _, a := range amounts(x.Text) {
			add(fmt.Sprintf("%s: %q is told without a source", name, a.text), "leave sums out: counsellors attach the fact, which has its source and its date")
		}
	}
}
