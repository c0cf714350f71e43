package demo

import (
	"math/rand/v2"
	"time"

	"nghe/content"
	"nghe/daily"
	"nghe/dialog"
)

const (
	countedDays = 60
	// changedDays ago the invented people began to hear the present content.
	changedDays = 24
	oldVersion  = "ban-vi-du"
)

// Counts invents what was counted in the last two months, up to the day of now,
// which is a time of the province: journeys that people go through and leave, under
// two releases of the content, and what was told. All of it is marked by its channel.
func Counts(lib *content.Library, now time.Time) daily.Counts { return ManyCounts(lib, 0, now) }

// manyDays are those over which many turns are spread: a year, as a report has it.
const manyDays = 365

// ManyCounts invents so many turns over a year, or the few more that end the last
// talks; of 0, those of Counts.
func ManyCounts(lib *content.Library, turns int, now time.Time) daily.Counts {
	days := countedDays
	if turns > 0 {
		days = manyDays
	}
	c := counter{lib: lib, counts: daily.Counts{}, chance: rand.New(rand.NewPCG(3, 19))}
	for ago := days - 1; ago >= 0; ago-- {
		c.day, c.version = daily.DayOf(now.AddDate(0, 0, -ago)), lib.ReleaseID()
		if ago >= changedDays {
			c.version = oldVersion
		}
		if turns == 0 {
			c.talks()
		}
		for c.turns < turns*(days-ago)/days {
			c.talks()
		}
	}
	return c.counts
}

// counter invents a day after the other.
type counter struct {
	lib     *content.Library
	counts  daily.Counts
	chance  *rand.Rand
	day     daily.Day
	version string
	turns   int // until now
}

func (c *counter) perhaps(percent int) bool { return c.chance.IntN(100) < percent }

// add counts; a place stands with those kinds that have one.
func (c *counter) add(kind daily.Kind, what, step, version, place string) {
	if kind == daily.Turns {
		c.turns++
	}
	c.counts[daily.Key{Day: c.day, Kind: kind, Channel: daily.Invented, What: what, Step: step, Version: version, Place: place}]++
}

// place gives where somebody lives, "" for who did not agree to have it kept.
func (c *counter) place() string {
	if c.perhaps(55) {
		return ""
	}
	return c.lib.Places[c.chance.IntN(len(c.lib.Places))].ID
}

// talks invents the talks of a day, or of a part of one.
func (c *counter) talks() {
	flows := []struct {
		id   string
		most int
	}{{"support", 14}, {"loan", 10}, {"course", 12}, {"trade-quiz", 8}, {"register", 4}}
	for range 20 + c.chance.IntN(25) {
		place := c.place()
		c.add(daily.Conversations, "", "", "", place)
		for range 1 + c.chance.IntN(3) {
			c.add(daily.Turns, "", "", "", "")
			c.topic()
		}
		if c.perhaps(12) {
			c.add(daily.Turns, "", "", "", "")
			c.add(daily.TextsMissed, "", "", "", "")
		}
		if c.perhaps(4) {
			c.add(daily.Effects, "case-open", "", "", place)
		}
	}
	for _, f := range flows {
		for range c.chance.IntN(f.most) {
			c.flow(f.id)
		}
	}
}

func (c *counter) topic() {
	// The first topics are asked most.
	n := len(c.lib.Topics)
	t := c.lib.Topics[c.chance.IntN(1+c.chance.IntN(n))]
	c.add(daily.TopicsTold, t.ID, "", "", "")
	for _, fact := range t.Facts {
		c.add(daily.FactsTold, fact, "", "", "")
	}
}

// flow invents somebody who goes through a journey, or does not.
func (c *counter) flow(id string) {
	f := c.lib.Flow(id)
	if f == nil {
		return
	}
	place := c.place()
	c.add(daily.FlowsStarted, id, "", c.version, place)
	for _, file := range c.lib.Flows {
		if file.ID != id {
			continue
		}
		for _, s := range file.Steps {
			if step := f.Steps[s.ID]; step != nil && step.Kind.Asks() && c.perhaps(80) && !c.question(id, step) {
				return
			}
		}
	}
	c.add(daily.FlowsEnded, id, "", c.version, place)
	if id == "loan" && len(c.lib.Programmes) > 0 {
		c.add(daily.Programmes, c.lib.Programmes[c.chance.IntN(len(c.lib.Programmes))].ID, "", "", place)
	}
}

// question says whether somebody goes on after a question.
func (c *counter) question(flow string, step *dialog.Step) bool {
	add := func(kind daily.Kind) { c.add(kind, flow, step.ID, c.version, "") }
	add(daily.StepsCame)
	c.add(daily.Turns, "", "", "", "")
	if c.perhaps(10) {
		add(daily.StepsMissed)
		c.add(daily.TextsMissed, "", "", "", "")
	}
	leaves := 5
	if step.Kind == dialog.Several { // long lists are where people stop; shorter since
		leaves = 9
		if c.version == oldVersion {
			leaves = 20
		}
	}
	switch {
	case c.perhaps(leaves):
		if c.perhaps(50) {
			add(daily.StepsLeft)
			c.add(daily.FlowsLeft, flow, "", c.version, "")
		} // else nothing was written any more
		return false
	case step.Skippable && c.perhaps(15):
		add(daily.StepsSkipped)
	case c.perhaps(3):
		add(daily.StepsPassed)
	default:
		add(daily.StepsAnswered)
	}
	return true
}
