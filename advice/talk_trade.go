package advice

import (
	"cmp"
	"slices"
	"strings"

	"nghe/content"
	"nghe/dialog"
)

// wishSlots is where flows keep the answers to questions of the table.
func (t talk) wishSlots() map[string]string {
	slots := map[string]string{}
	for _, q := range t.lib.Matching.Questions {
		if q.Slot != "" && q.ID != "age" {
			slots[q.ID] = q.Slot
		}
	}
	return slots
}

// lifeWish makes a wish of what the person answered, here and in other talks.
func (t talk) lifeWish(s dialog.Scope) Wish {
	w := Wish{Answers: content.Answers{}, Place: s.Value("place").Text()}
	for question, slot := range t.wishSlots() {
		if v := s.Value(slot); v.Known() {
			w.Answers[question] = v.List()
		}
	}
	if n, ok := s.Value("age").Number(); ok {
		w.Age = &n
	}
	if groups := wishGroups(s); len(groups) > 0 {
		w.Answers["group"] = groups
	}
	return w
}

// wishGroups are the groups that the person told in another talk. How somebody
// wants to be addressed says whether they are a woman, of the one who writes.
func wishGroups(s dialog.Scope) []string {
	var groups []string
	for _, slot := range []string{"work", "papers", "other", "special"} {
		for _, g := range s.Value(slot).List() {
			if g == "hardship" {
				g = "poor"
			}
			groups = append(groups, g)
		}
	}
	address := s.Value("address").Text()
	if s.Value("woman").Text() == "yes" || s.About() == "self" && (address == "chị" || address == "cô") {
		groups = append(groups, "women")
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// answered says that the quiz was gone through before.
func answered(s dialog.Scope) dialog.Value {
	for _, slot := range []string{"wish_like", "wish_where", "wish_hours", "wish_school"} {
		if s.Value(slot).IsZero() {
			return dialog.Text("")
		}
	}
	return dialog.Text("yes")
}

// youngest is from what age on a trade can be learnt.
const youngest = 15

// trades is the function of the quiz.
func (t talk) trades(s dialog.Scope) (dialog.Values, error) {
	w := t.lifeWish(s)
	v := dialog.Values{"answered": answered(s), "result": dialog.Text(""), "offers": dialog.List()}
	list := Trades(t.lib, w)
	switch {
	case w.Age != nil && *w.Age < youngest:
		v["outcome"] = dialog.Text("young")
		return v, nil
	case len(list) == 0 && !w.enough():
		v["outcome"] = dialog.Text("few")
		return v, nil
	case len(list) == 0:
		v["outcome"] = dialog.Text("none")
		return v, nil
	}
	v["outcome"] = dialog.Text("cards")
	var show dialog.Show
	var offers []string
	told := map[string]int{}
	for _, m := range list {
		show.Cards = append(show.Cards, t.card(m, w, told))
		offers = append(offers, "flow:trade?trade="+m.Trade.ID)
	}
	result := "match.result"
	next := "flow:compare"
	if school := leaver(w); school != "" {
		result, next = "match.result-school", school
	}
	v["result"], v["cards"], v["offers"] = t.phrase(result), dialog.Showing(show), dialog.List(append(offers, next)...)
	return v, nil
}

// leaver gives the topic that tells somebody just out of school of the schools
// that take them, "" for all others.
func leaver(w Wish) string {
	const after9, after12 = 18, 21 // years at which one is still expected there
	switch {
	case w.Age == nil:
	case *w.Age <= after12 && slices.Contains(w.Answers["school"], "grade12"):
		return "school.after12"
	case *w.Age <= after9:
		return "school.after9"
	}
	return ""
}

// card tells a trade in a few lines, with why it fits.
func (t talk) card(m TradeMatch, w Wish, told map[string]int) dialog.Card {
	caution := ""
	if slices.Contains(m.Trade.Traits, unproven) {
		caution = m.Trade.Caution
	}
	return dialog.Card{Title: m.Trade.Label(), Text: t.say("match.card", "{why}", t.why(m, told), "{learn}", t.learn(m.Trade), "{areas}", t.areas(m.Trade, w.Place), "{caution}", caution)}
}

// unproven is the trait of trades for which nobody of the province is known to
// hire: whoever hears of one hears that, too.
const unproven = "unproven"

const (
	mostSays  = 2 // things the person said that are told back
	mostTells = 2 // things told of the trade
)

// why says in one line why a trade fits, from what weighed most: what the
// person said of themself, and what that means for the trade. What the cards
// before it told counts less the more often they did: five cards with the
// same words would say nothing.
func (t talk) why(m TradeMatch, told map[string]int) string {
	reasons := slices.Clone(m.Reasons)
	const worn = 3 // points that a text loses each time it is told
	worth := func(r content.Reason) int { return r.Points - worn*told[cmp.Or(r.Says, r.Tells)] }
	slices.SortStableFunc(reasons, func(a, b content.Reason) int { return cmp.Compare(worth(b), worth(a)) })
	var says, tells []string
	used := map[string]bool{}
	for _, r := range reasons {
		if r.Points <= 0 || used[r.Question] {
			continue
		}
		switch {
		case r.Says != "" && len(says) < mostSays:
			says, used[r.Question] = append(says, r.Says), true
		case r.Tells != "" && len(tells) < mostTells:
			tells, used[r.Question] = append(tells, r.Tells), true
		}
	}
	for _, text := range slices.Concat(says, tells) {
		told[text]++
	}
	phrase := "match.why"
	switch {
	case len(tells) == 0:
		phrase = "match.why-says"
	case len(says) == 0:
		phrase = "match.why-tells"
	}
	return t.say(phrase, "{says}", strings.Join(says, ", "), "{tells}", strings.Join(tells, ", "))
}

func (t talk) learn(x *content.Trade) string {
	return t.say("trade.learn", "{duration}", x.Duration)
}

// mostAreas is how many places are named: the nearest.
const mostAreas = 3

// areas says where a trade is practised, what is near the person first.
func (t talk) areas(x *content.Trade, place string) string {
	if slices.Contains(x.Areas, allProvince) {
		return t.lib.Phrase("trade.areas-all")[0]
	}
	areas := slices.Clone(x.Areas)
	if p := t.lib.Place(place); p != nil {
		slices.SortStableFunc(areas, func(a, b string) int { return cmp.Compare(far(p, a), far(p, b)) })
	}
	var names []string
	for _, id := range areas[:min(mostAreas, len(areas))] {
		names = append(names, t.lib.Place(id).Short())
	}
	return t.say("trade.areas", "{areas}", strings.Join(names, ", "))
}

// far is 0 for the place itself, 1 for those beside it, 2 for all others.
func far(p *content.Place, id string) int {
	switch {
	case p.ID == id:
		return 0
	case slices.Contains(p.Neighbours, id), slices.Contains(p.Links, id):
		return 1
	}
	return 2
}

// trade is the function that tells one trade.
func (t talk) trade(s dialog.Scope) (dialog.Values, error) {
	v := dialog.Values{"day": dialog.Text(""), "needs": dialog.Text(""), "story": dialog.Text(""), "income": dialog.Text(""), "share": dialog.Text(""), "offers": dialog.List()}
	x := t.lib.Trade(s.Value("trade").Text())
	if x == nil {
		return v, nil
	}
	place := s.Value("place").Text()
	v["offers"] = dialog.List("flow:course?class_trade=" + x.ID)
	v["day"] = dialog.Text(t.say("trade.day", "{name}", x.Name, "{what}", lowerFirst(x.WhatYouDo)))
	v["needs"] = dialog.Text(t.say("trade.needs", "{learn}", t.learnSurely(x), "{needs}", t.needs(x), "{areas}", t.areas(x, place), "{caution}", x.Caution))
	if story := t.story(x.ID, place); story != nil {
		phrase := "trade.story"
		if story.Agreed {
			phrase = "trade.story-agreed"
		}
		v["story"] = dialog.Text(t.say(phrase, "{who}", story.Who, "{text}", story.Text))
	}
	if x.Income != "" {
		v["income"] = dialog.Text(t.say("trade.income", "{text}", x.Income))
	}
	v["share"] = dialog.Text(t.say("trade.share", "{name}", x.Name, "{what}", x.WhatYouDo, "{learn}", t.learn(x), "{areas}", t.areas(x, "")))
	return v, nil
}

// learnSurely tells how long it takes, and when nobody vouches for it, that too.
func (t talk) learnSurely(x *content.Trade) string {
	if x.Basis == "uncertain" {
		return t.say("trade.learn-uncertain", "{duration}", x.Duration)
	}
	return t.learn(x)
}

func (t talk) needs(x *content.Trade) string {
	return strings.Join(slices.DeleteFunc([]string{x.Schooling, x.Conditions}, func(s string) bool { return s == "" }), "; ")
}

// story gives somebody who took up the trade, near the person if there is one; of
// several those who agreed to have it told stand before what newspapers tell
// (content.Library.WithStories).
func (t talk) story(trade, place string) *content.Story {
	p := t.lib.Place(place)
	var found *content.Story
	for _, story := range t.lib.Stories {
		if story.Trade == trade && (found == nil || p != nil && far(p, story.Place) < far(p, found.Place)) {
			found = story
		}
	}
	return found
}

// compare is the function that sets two trades side by side.
func (t talk) compare(s dialog.Scope) (dialog.Values, error) {
	v := dialog.Values{"same": dialog.Text(""), "offers": dialog.List()}
	a, b := t.lib.Trade(s.Value("trade").Text()), t.lib.Trade(s.Value("trade2").Text())
	if a == nil || b == nil {
		return v, nil
	}
	if a == b {
		v["same"] = dialog.Text("yes")
		return v, nil
	}
	var show dialog.Show
	var offers []string
	for _, x := range []*content.Trade{a, b} {
		show.Cards = append(show.Cards, dialog.Card{Title: x.Label(), Text: t.say("compare.card",
			"{what}", x.WhatYouDo, "{learn}", t.learn(x), "{needs}", t.needs(x), "{areas}", t.areas(x, s.Value("place").Text()))})
		offers = append(offers, "flow:trade?trade="+x.ID)
	}
	v["sides"], v["offers"] = dialog.Showing(show), dialog.List(offers...)
	return v, nil
}
