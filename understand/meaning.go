package understand

import (
	"regexp"
	"slices"
	"strings"

	"nghe/content"
	"nghe/dialog"
	"nghe/viet"
)

// When to answer outright, and when to offer the nearest: set on the
// development questions so that a wrong answer told as if it were right stays
// rarer than one in twenty (see “make eval”).
const (
	answerScore  = 0.41 // the best topic at least
	answerMargin = 0.06 // ahead of the second
	offerScore   = 0.16
	// wholeQuestion is from how many words on a text is called none of our
	// business; fewer are only not understood.
	wholeQuestion = 3
	// knownShare of the words must be words that we know; a text of foreign
	// or meaningless words is not understood, whatever it resembles.
	knownShare = 0.4

	kept = 5 // candidates given

	// How likely danger must be to be taken for it, and to be asked about where
	// there is no other answer. Set by leaving sentences out in turns (see
	// docs/understanding.md): an alarm for nothing costs a kind sentence, one
	// that is missed may cost a life.
	surelyDanger = 0.9
	ratherDanger = 0.6 // and there is something to offer
	maybeDanger  = 0.3 // and there is nothing
)

// Meaning ranks what a free text may want.
func (r *Reader) Meaning(s string) dialog.Meaning {
	// What begins with a slash is that flow and nothing else.
	if flow := r.slashes[viet.Fold(strings.TrimSpace(s))]; flow != "" {
		return dialog.Meaning{Outcome: dialog.Answer, Target: flowPrefix + flow, Score: 1}
	}
	// Courtesy counts: "báo lớp mới cho em nhé" is said by who wants to be told.
	if flow := r.staff[joined(viet.Words(s))]; flow != "" {
		return dialog.Meaning{Outcome: dialog.Answer, Target: flowPrefix + flow, Score: 1}
	}
	t := r.readText(s)
	ranking := r.rank(t)
	m := dialog.Meaning{Outcome: dialog.Refuse, Question: t.question, Candidates: r.candidates(ranking)}
	danger, likely := r.inDanger(t)
	if danger != "" {
		m.Outcome, m.Target, m.Score = dialog.Handoff, danger, 1
		return m
	}
	if len(t.tokens) == 0 || len(m.Candidates) == 0 {
		return m
	}
	r.decide(&m, t, s, ranking)
	if likely >= maybeDanger && m.Outcome == dialog.Refuse || likely >= ratherDanger && m.Outcome == dialog.Offer {
		m.Worry = content.Worry
	}
	r.journey(t, s, &m)
	if m.Beside == "" && m.Outcome == dialog.Answer {
		m.Beside = r.second(s, m.Candidates[0].Topic)
	}
	return m
}

// clauses part two questions that were put in one message.
var clauses = regexp.MustCompile(`(?i)[?;,\n]+|\s(?:và|va|còn|với lại|voi lai)\s`)

// fullClause is how many words say a question of their own, at least.
const fullClause = 4

// second gives the topic of another question in a message of which one is
// answered, to be offered beside the answer; "" for one question, however long
// it is told.
func (r *Reader) second(s, answered string) string {
	parts := clauses.Split(viet.Clean(s, maxText), maxClauses)
	if len(parts) < 2 {
		return ""
	}
	found, other := false, ""
	for _, clause := range parts {
		t := r.readText(clause)
		if len(t.tokens) < fullClause || !t.question {
			continue
		}
		ranking := r.rank(t)
		best := r.index.subjects[ranking[0].subject].id
		switch {
		case slices.ContainsFunc(ranking[:3], func(x ranked) bool { return r.index.subjects[x.subject].id == answered }):
			found = true
		case other == "" && ranking[0].score >= clauseScore && ranking[0].subject != r.outside && !strings.HasPrefix(best, flowPrefix):
			other = best
		}
	}
	if !found {
		return ""
	}
	return other
}

// clauseScore is how well a clause must fit a topic, 0 to 1, to be a question of
// its own.
const clauseScore = 0.5

// maxClauses bounds the work on one message.
const maxClauses = 5

// candidates gives the best topics.
func (r *Reader) candidates(ranking []ranked) []dialog.Candidate {
	list := make([]dialog.Candidate, 0, kept)
	for _, x := range ranking {
		id := r.index.subjects[x.subject].id
		if len(list) < kept && x.subject != r.outside && !strings.HasPrefix(id, flowPrefix) {
			list = append(list, dialog.Candidate{Topic: id, Score: round(x.score)})
		}
	}
	return list
}

// inDanger gives the danger that a message surely tells of, "" for none, and how
// likely it is that it tells of any.
func (r *Reader) inDanger(t text) (string, float32) {
	if id := r.danger(t); id != "" {
		return id, 1
	}
	id, likely := r.distress.likely(r, t.tokens)
	if likely < surelyDanger {
		id = ""
	}
	return id, likely
}

// decide says whether to answer outright, to offer the nearest, or to refuse.
func (r *Reader) decide(m *dialog.Meaning, t text, s string, ranking []ranked) {
	outside := ranking[slices.IndexFunc(ranking, func(x ranked) bool { return x.subject == r.outside })].score
	best := ranking[0]
	if best.subject == r.outside {
		best = ranking[1]
	}
	m.Score = round(best.score)
	switch {
	case r.known(s) < knownShare:
		m.Score = 0 // what it resembles means nothing
	case outside > surelyOutside(len(t.tokens))*best.score:
		m.OffTopic = len(t.tokens) >= wholeQuestion
	case telling(t.tokens) < 2: // "vay": which of the twenty?
		m.Outcome = dialog.Offer
	case best.score >= answerScore && best.score >= r.next(ranking, best)+margin(t.tokens):
		m.Outcome, m.Target = dialog.Answer, r.index.subjects[best.subject].id
	case best.score >= offerScore:
		m.Outcome = dialog.Offer
	}
}

// margin is how far the best must be ahead of the second: "giấy tờ" alone may
// be for three things.
func margin(tokens []token) float32 {
	if len(tokens) <= 2 {
		return 2 * answerMargin
	}
	return answerMargin
}

// surelyOutside is how many times likelier it must be that a text is none of our
// business before it is refused; until then the nearest are offered. A long
// story is full of other things, whatever it asks.
func surelyOutside(words int) float32 {
	if words > shortText {
		return 2.2
	}
	return 1.2
}

// next gives the score of the best of the others. A journey and the topic
// that it works out are no rivals.
func (r *Reader) next(ranking []ranked, best ranked) float32 {
	for _, x := range ranking {
		if x.subject != best.subject {
			return x.score
		}
	}
	return 0
}

// known gives which share of the words as they were typed are words, or
// abbreviations, that we know. Mending makes something of anything.
func (r *Reader) known(s string) float64 {
	typed := viet.Words(viet.Clean(s, maxText))
	n := 0
	for _, w := range typed {
		if r.lexicon.Has(w.Fold) || hasDigit(w) || viet.Abbreviation(w) || w.Marked() && viet.Syllable(w.Canon) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(typed)))
}

// telling gives how many words say what is wanted.
func telling(tokens []token) int {
	n := 0
	for _, t := range tokens {
		if !fillers.has(t.Word) {
			n++
		}
	}
	return n
}

// round keeps three places: more would say nothing.
func round(x float32) float64 { return float64(int(x*1000+0.5)) / 1000 }
