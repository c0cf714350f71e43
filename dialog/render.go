package dialog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// say gives a text to the person: bubbles are separated by blank lines,
// options, sources and the source line go with the last one.
func (t *turn) say(text string, facts []string, options ...Option) {
	t.sayShowing(text, nil, facts, options...)
}

// sayShowing is say with something to be seen beside the last bubble.
func (t *turn) sayShowing(text string, show *Show, facts []string, options ...Option) {
	options = slices.DeleteFunc(options, func(o Option) bool { return o.Hidden })
	var note string
	var sources []string
	if len(facts) > 0 {
		note, sources = t.e.lib.SourceNote(facts, t.u.At)
		note = "\n" + note
	}
	text = t.fill(text)
	if show != nil {
		show = t.filled(show)
	}
	note = t.fill(note)
	rest := strings.TrimSpace(text)
	for rest != "" {
		bubble, after, _ := strings.Cut(rest, "\n\n")
		rest = strings.TrimSpace(after)
		m := &Message{Text: strings.TrimSpace(bubble)}
		said := Event{Type: MessageSaid, Message: m}
		if rest == "" {
			m.Options, m.Sources, m.Show = options, sources, show
			said.Facts = facts
			if show != nil && len(show.Cards) > 0 {
				m.Lead = m.Text + note
				m.Text += show.written()
			}
			m.Text += note
		}
		t.emit(said)
	}
}

// filled puts values into the places of the cards.
func (t *turn) filled(s *Show) *Show {
	out := &Show{Chart: s.Chart, Cards: slices.Clone(s.Cards)}
	for i, card := range out.Cards {
		out.Cards[i] = Card{Title: t.fill(card.Title), Text: strings.TrimSpace(t.fill(card.Text))}
	}
	return out
}

// phrase gives the first text of a phrase.
func (t *turn) phrase(id string) string { return t.e.lib.Phrase(id)[0] }

// again gives the n-th text of a phrase, counted from 1, the last one when
// there are fewer.
func (t *turn) again(id string, n int) string {
	texts := t.e.lib.Phrase(id)
	return texts[min(max(n, 1), len(texts))-1]
}

// fill puts values into the {places} of a text: forms of address, what
// functions gave, slots. What a person typed is put in as it is and never
// read for places of its own. A place that nothing fills is left out.
func (t *turn) fill(text string) string {
	return t.fillDepth(text, 0)
}

func (t *turn) fillDepth(text string, depth int) string {
	if !strings.Contains(text, "{") {
		return text
	}
	form := t.e.lib.Form(t.s.Mine[slotAddress].Text())
	var b strings.Builder
	b.Grow(len(text) + 32)
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			break
		}
		j := strings.IndexByte(text[i:], '}')
		if j < 0 {
			break
		}
		b.WriteString(text[:i])
		name := text[i+1 : i+j]
		text = text[i+j+1:]
		if s, ok := form[name]; ok {
			b.WriteString(s)
			continue
		}
		if v, ok := t.given[name]; ok {
			s := strings.Join(v.texts(), "\n")
			if depth < 2 { // content texts, at most phrases in phrases
				s = t.fillDepth(s, depth+1)
			}
			b.WriteString(s)
			continue
		}
		if s, ok := t.whom(name, form); ok {
			b.WriteString(s)
			continue
		}
		value := t.display(name, t.Value(name))
		if value == "" && t.looking {
			value = "{" + name + "}"
		}
		b.WriteString(value)
	}
	b.WriteString(text)
	return b.String()
}

// whom fills the places for the person that the talk is about: {for} is who
// they are to the one who writes, {ai} and {Ai} name them as the subject of a
// sentence: "chị", or "con trai" when somebody asks for their son.
func (t *turn) whom(name string, form map[string]string) (string, bool) {
	switch {
	case name == "for":
		return t.s.For, true
	case name != "ai" && name != "Ai":
		return "", false
	case t.s.For == "":
		return form[map[string]string{"ai": "bạn", "Ai": "Bạn"}[name]], true
	case name == "ai":
		return t.s.For, true
	}
	first, size := utf8.DecodeRuneInString(t.s.For)
	return string(unicode.ToUpper(first)) + t.s.For[size:], true
}

// display gives a value as the person would say it.
func (t *turn) display(slot string, v Value) string {
	if !v.Known() {
		return ""
	}
	names := slices.Clone(v.texts())
	for i, item := range names {
		names[i] = t.e.lib.ValueName(slot, item)
	}
	return strings.Join(names, ", ")
}

// texts gives the value as one text or several.
func (v Value) texts() []string {
	if v.kind == kindList {
		return v.items()
	}
	if v.kind == kindNone {
		return nil
	}
	return []string{v.String()}
}

// cut shortens a text to n runes at a word, for a slot.
func cut(s string, n int) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)[:n]
	for i := n - 1; i > n/2; i-- {
		if unicode.IsSpace(r[i]) {
			return strings.TrimSpace(string(r[:i]))
		}
	}
	return string(r)
}
