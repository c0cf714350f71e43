package handoff

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"nghe/bot"
	"nghe/content"
	"nghe/staff"
)

// everywhere is the scope of what the program does by itself.
var everywhere = staff.Scope{Province: true}

// mostCases is how many cases are looked at by the clock at a time.
const mostCases = 2000

// Limits of a summary: it is read at a glance.
const (
	mostAdvice = 3
	mostMissed = 3
	longAdvice = 200 // characters of what was told
	fewWords   = 3   // what is shorter is more likely the answer to a question
)

// meant leaves out what the person said to steer the bot: it tells nothing of what
// they need.
func (d *Desk) meant(said []bot.Bubble) []bot.Bubble {
	if d.Steers == nil {
		return said
	}
	return slices.DeleteFunc(slices.Clone(said), func(b bot.Bubble) bool { return b.From == bot.FromPerson && d.Steers(b.Text) })
}

// summary tells what is known when a case opens.
func summary(lib *content.Library, o Opening, said []bot.Bubble) Summary {
	s := Summary{Wish: o.Wish, For: o.For}
	if f := lib.Flow(o.Left.Flow); f != nil {
		s.Journey = f.Title
		if step := f.Steps[o.Left.Step]; step != nil && step.Kind.Asks() {
			s.Step = asked(o, said, neutral(lib, step.Text, o.For))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.Answers)) {
		slot := lib.Slot(id)
		// Sensitive answers end after a day; who needs them asks.
		if slot == nil || slot.Label == "" || slot.Sensitive || !o.Answers[id].Known() {
			continue
		}
		s.Answers = append(s.Answers, Answer{slot.Label, valueName(lib, id, o)})
	}
	missed := missTexts(lib)
	for i := len(said) - 1; i >= 0; i-- {
		b := said[i]
		switch {
		case !b.Until.IsZero():
			continue // tells a sensitive answer
		case b.From == bot.FromPerson && len(strings.Fields(s.Wish)) < fewWords && len(strings.Fields(b.Text)) > len(strings.Fields(s.Wish)):
			s.Wish = b.Text
		case b.From == bot.FromBot && len(b.Sources) > 0 && len(s.Advice) < mostAdvice:
			s.Advice = append(s.Advice, Advice{short(b.Text), b.Sources})
		case b.From == bot.FromPerson && len(s.Missed) < mostMissed && i+1 < len(said) && begins(said[i+1].Text, missed):
			s.Missed = append(s.Missed, b.Text)
		}
	}
	slices.Reverse(s.Advice)
	slices.Reverse(s.Missed)
	return s
}

// asked gives the question that was left, as the person read it.
func asked(o Opening, said []bot.Bubble, text string) string {
	tap := o.Left.Flow + "/" + o.Left.Step + "="
	for _, b := range slices.Backward(said) {
		if len(b.Options) > 0 && strings.HasPrefix(b.Options[0].Tap, tap) {
			return b.Text
		}
	}
	return text
}

// neutral fills a question that the person has not read in these words.
func neutral(lib *content.Library, text, whom string) string {
	text = strings.NewReplacer("{ai}", cmp.Or(whom, "{bạn}"), "{Ai}", cmp.Or(whom, "{Bạn}")).Replace(text)
	for name, word := range lib.Form("") {
		text = strings.ReplaceAll(text, "{"+name+"}", word)
	}
	return strings.TrimSpace(text)
}

func valueName(lib *content.Library, slot string, o Opening) string {
	v := o.Answers[slot]
	items := v.List()
	if items == nil {
		items = []string{v.String()}
	}
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = lib.ValueName(slot, item)
	}
	return strings.Join(names, ", ")
}

// missTexts are the beginnings of what the bot says when it did not understand.
func missTexts(lib *content.Library) []string {
	var all []string
	for _, id := range []string{"miss", "miss.answer", "refuse", "refuse.short"} {
		for _, text := range lib.Phrase(id) {
			// The bot may call itself and the person otherwise than neutrally.
			if _, rest, ok := strings.Cut(text, "} "); ok {
				text = rest
			}
			if head, _, ok := strings.Cut(text, "{"); ok {
				text = head
			}
			all = append(all, strings.TrimSpace(text))
		}
	}
	return all
}

func begins(text string, with []string) bool {
	head, _, _ := strings.Cut(text, "\n")
	return slices.ContainsFunc(with, func(w string) bool { return w != "" && strings.Contains(head, w) })
}

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > longAdvice {
		return strings.TrimSpace(string(r[:longAdvice-1])) + "…"
	}
	return text
}
