package content

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"nghe/dialog"
)

// Limits of the strictest channel.
const (
	maxText    = 2000 // characters of a bubble (Zalo)
	maxLabel   = 30   // characters of a label
	maxButtons = 5    // options of a question (Zalo)
	minAsks    = 8
	maxNext    = 4
)

// Phrases that the program names. A library without one of them is refused.
var Phrases = strings.Fields(`value.none place.now place.split several.done.also option.skip.also intro greeting thanks help.words miss miss.answer refuse refuse.short quit reminder.unknown reminder.more news.bank said.fine said.trouble said.notyet said.left said.done said.nocert said.working said.looking said.other said.papers broadcast.class broadcast.class-place broadcast.class-deadline broadcast.class-start broadcast.details broadcast.register broadcast.decline broadcast.stop broadcast.words course.label-decline
	danger.told human.claimed human.released human.quiet human.transferred human.reopened human.closed human.closed-nobody human.closed-abuse human.back
	news.all news.trade news.near news.reminders topics.offer question.again flow.back-to flow.moved
	silence.long button.old back.none answer.corrected skip.not several.more several.done option.skip option.resume option.restart place.which place.wide trade.which trade.wide
	number.range number.least other.begun other.ended other.someone word.or error.content error.storage error.busy error.long error.newer error.empty
	media.voice media.photo media.location media.card media.other media.filed media.voice-human file.closed file.type file.size file.busy option.menu
	share.name share.phone share.form share.unasked share.sent zalo.form.title zalo.form.note zalo.skip
	channel.terminal channel.web channel.telegram channel.zalo channel.zalobot channel.again
	telegram.description telegram.short telegram.group telegram.command.menu telegram.command.trogiup telegram.command.gapnguoi telegram.command.dulieu telegram.command.dung
	export.link export.text source.read source.checked source.uncertain source.lapsed advice.level advice.ex-prisoner advice.too-young advice.not-yet
	advice.purpose advice.cut advice.too-long support.more support.result support.result-open support.result-uncertain support.result-open-uncertain support.none
	support.line support.line-open support.other support.sum support.not-added support.apply support.place-open loan.result loan.line
	loan.line-uncertain loan.max loan.max-month loan.max-open loan.term loan.none loan.none-why loan.apply loan.month loan.schedule
	loan.chart loan.chart.years loan.chart.unit loan.chart.principal loan.chart.interest
	course.found course.found-other course.of-trade course.none course.empty course.nearest-first course.elsewhere course.nearest-few course.first-first course.only-one
	course.invented course.place-unknown course.here course.km course.past course.full course.soon course.unsure course.open course.cancelled
	course.deadline course.deadline-unknown course.start course.month course.duration course.days course.fee course.fee-unknown course.free
	course.line-where course.line-when course.line-length course.line-schedule course.line-by course.line-who course.line-seats course.line-benefits
	course.line-certificate course.line-job course.line-papers course.line-how course.ages course.age-from course.age-to course.seats course.seats-open
	course.least course.field-deadline course.field-start course.field-schedule course.field-fee course.field-who course.field-papers course.ask
	course.ask-unknown course.ask-commune course.announced course.announced-in course.subject course.subject-trade course.subject-near course.subject-for course.support-for
	course.label-join course.label-for_course course.label-wish_trade course.label-wish course.label-class_trade
	school.line school.near school.none-near
	match.result match.result-school match.card match.why match.why-says match.why-tells trade.learn trade.learn-uncertain trade.areas trade.areas-all trade.day trade.needs
	trade.story trade.story-agreed trade.income trade.share compare.card`)

// ForcedTopics are topics that the engine answers with by name.
var ForcedTopics = []string{"human.talk", "bot.help", "notify.off", SomeDanger, Worry}

// What is told where somebody is surely in danger, and it is not clear in which,
// and where somebody only may be. Nobody asks for them.
const (
	SomeDanger = "danger.some"
	Worry      = "danger.maybe"
)

// forcedFlows are flows that the engine starts by name.
var forcedFlows = []string{"menu", "my-data", "erase"}

// forms of address that must be there.
var forcedForms = []string{"anh", "chị", "cô", "chú", "bác", "em", "bạn"}

// checker finds what is wrong with content that could be read.
type checker struct {
	w        *raw
	l        *Library
	problems []Problem
}

func (w *raw) check(l *Library) []Problem {
	c := &checker{w: w, l: l, problems: w.problems}
	c.checkFacts()
	c.checkPlaces()
	c.checkTopics()
	c.checkPhrases()
	c.checkAdvice()
	c.checkHolidays()
	c.checkReminders()
	c.checkQueues()
	c.checkCanned()
	c.checkMatching()
	for _, it := range w.flows {
		c.checkFlow(it)
	}
	return c.problems
}

func (c *checker) add(file string, line int, what, try string) {
	c.problems = append(c.problems, Problem{File: file, Line: line, What: what, Try: try})
}

func at[T any](c *checker, it item[T]) func(what, try string) {
	return func(what, try string) { c.add(it.file, it.line, what, try) }
}

func (c *checker) checkFacts() {
	for _, it := range c.w.facts {
		f, add := &it.value, at(c, it)
		if c.l.sources[f.Source] == nil {
			add(fmt.Sprintf("fact %q names the unknown source %q", f.ID, f.Source), "add it to sources.yaml")
		}
		if !slices.Contains([]string{InForce, Replaced, Uncertain}, f.Status) {
			add(fmt.Sprintf("fact %q has the status %q", f.ID, f.Status), "use in-force, replaced or uncertain")
		}
		if f.Statement == "" {
			add(fmt.Sprintf("fact %q says nothing", f.ID), "write its statement")
		}
		for _, d := range []struct{ name, day string }{{"read_on", f.ReadOn}, {"review_by", f.ReviewBy}} {
			if !isDay(d.day) {
				add(fmt.Sprintf("fact %q has no day in %s", f.ID, d.name), "write it as 2027-02-28")
			}
		}
		if f.CheckedOn != "" && !isDay(f.CheckedOn) {
			add(fmt.Sprintf("fact %q has no day in checked_on", f.ID), "write it as 2027-02-28, or leave it out until somebody compared the original")
		}
	}
}

func (c *checker) checkHolidays() {
	for _, it := range c.w.holidays {
		h, add := &it.value, at(c, it)
		given := 0
		for _, day := range []struct{ text, layout string }{{h.Date, time.DateOnly}, {h.Day, "01-02"}, {h.Lunar, "01-02"}} {
			if day.text == "" {
				continue
			}
			given++
			if _, err := time.Parse(day.layout, day.text); err != nil {
				add(fmt.Sprintf("holiday %q: %q is no day", h.ID, day.text), "write day and lunar as 04-30, date as 2027-02-05")
			}
		}
		if given != 1 {
			add(fmt.Sprintf("holiday %q has %d of day, lunar, date", h.ID, given), "give it exactly one")
		}
		if h.Before < 0 || h.After < 0 || h.Before+h.After > 30 {
			add(fmt.Sprintf("holiday %q is quiet for too long", h.ID), "before and after are days, together at most 30")
		}
	}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func (c *checker) checkPlaces() {
	known := func(add func(string, string), who string, ids []string) {
		for _, id := range ids {
			if c.l.places[id] == nil && id != "toan-tinh" {
				add(fmt.Sprintf("%s names the unknown place %q", who, id), "use an id of places.yaml")
			}
		}
	}
	for _, it := range c.w.places {
		known(at(c, it), it.value.ID, it.value.Neighbours)
		known(at(c, it), it.value.ID, it.value.Links)
	}
	for _, it := range c.w.districts {
		known(at(c, it), it.value.Name, it.value.Units)
	}
	for _, it := range c.w.ambiguous {
		known(at(c, it), it.value.Name, it.value.Units)
	}
	for _, it := range c.w.trades {
		known(at(c, it), it.value.ID, it.value.Areas)
	}
	for _, it := range c.w.institutions {
		known(at(c, it), it.value.ID, it.value.Serves)
	}
	trades := map[string]bool{"": true}
	for _, t := range c.l.Trades {
		trades[t.ID] = true
	}
	for _, it := range c.w.stories {
		if it.value.Place != "" {
			known(at(c, it), it.value.ID, []string{it.value.Place})
		}
		if !trades[it.value.Trade] {
			at(c, it)(fmt.Sprintf("story %q names the unknown trade %q", it.value.ID, it.value.Trade), "use an id of trades.yaml")
		}
	}
}

func (c *checker) checkTopics() {
	titles := map[string]string{}
	asks := map[string]string{}
	for _, it := range append(slices.Clone(c.w.topics), c.w.dangers...) {
		t, add := &it.value, at(c, it)
		name := "topic " + t.ID
		if t.ID != SomeDanger && t.ID != Worry && len(t.Asks) < minAsks {
			add(fmt.Sprintf("%s has %d ways of asking", name, len(t.Asks)), fmt.Sprintf("write at least %d, in different styles", minAsks))
		}
		for _, a := range t.Asks {
			if other := asks[a]; other != "" && other != t.ID {
				add(fmt.Sprintf("%s and %s are both asked as %q", name, other, a), "keep it in one of them")
			}
			asks[a] = t.ID
		}
		if other := titles[t.Title]; other != "" {
			add(fmt.Sprintf("%s has the title of %s", name, other), "give them different titles: they are buttons")
		}
		titles[t.Title] = t.ID
		c.label(add, name, t.Title)
		c.text(add, name, t.Answer, t.Facts)
		c.references(add, name, t.Facts, t.Next)
		if len(t.Next) > maxNext {
			add(fmt.Sprintf("%s offers %d things", name, len(t.Next)), "offer at most 4")
		}
		if len(t.Facts) > 0 && !isDay(t.ReviewBy) {
			add(name+" rests on facts and has no review date", "write review_by, for example 2027-02-28")
		}
		if _, ok := Effects[t.Effect]; t.Effect != "" && !ok {
			add(fmt.Sprintf("%s does the unknown effect %q", name, t.Effect), "one of "+strings.Join(slices.Sorted(maps.Keys(Effects)), ", "))
		}
		for _, flow := range []string{t.Journey, t.Near, t.Begins} {
			if flow != "" && c.l.flows[flow] == nil {
				add(fmt.Sprintf("%s leads to the unknown flow %q", name, flow), "use the id of a file in flows")
			}
		}
		for _, id := range t.Institutions {
			if !slices.ContainsFunc(c.l.Institutions, func(i *Institution) bool { return i.ID == id }) {
				add(fmt.Sprintf("%s names the unknown institution %q", name, id), "use an id of institutions.yaml")
			}
		}
		for _, id := range t.Trades {
			if !slices.ContainsFunc(c.l.Trades, func(x *Trade) bool { return x.ID == id }) {
				add(fmt.Sprintf("%s names the unknown trade %q", name, id), "use an id of trades.yaml")
			}
		}
	}
	for _, id := range ForcedTopics {
		if c.l.topics[id] == nil {
			c.add("topics", 0, fmt.Sprintf("there is no topic %q", id), "the engine answers with it: write it")
		}
	}
	for _, id := range forcedFlows {
		if c.l.flows[id] == nil {
			c.add("flows", 0, fmt.Sprintf("there is no flow %q", id), "the engine starts it by name: write it")
		}
	}
}

// references checks facts and what is offered.
func (c *checker) references(add func(string, string), name string, facts, offers []string) {
	for _, id := range facts {
		if id != dialog.ComputedFacts && c.l.facts[id] == nil {
			add(fmt.Sprintf("%s names the unknown fact %q", name, id), "use an id of facts/*.yaml")
		}
	}
	for _, id := range offers {
		if id == dialog.ComputedOffers {
			continue
		}
		if offer, ok := strings.CutPrefix(id, "flow:"); ok {
			c.offersFlow(add, name, offer)
			continue
		}
		if command, ok := strings.CutPrefix(id, "do:"); ok {
			if c.l.phrases["option."+command] == nil {
				add(fmt.Sprintf("%s offers the unknown command %q", name, command), "use do:restart or do:resume")
			}
			continue
		}
		if c.l.topics[id] == nil {
			add(fmt.Sprintf("%s offers the unknown topic %q", name, id), "use the id of a topic")
		}
	}
}

// offersFlow checks an offer of a flow: "id", or "id?slot=value".
func (c *checker) offersFlow(add func(string, string), name, offer string) {
	id, with, valued := strings.Cut(offer, "?")
	flow := c.l.flows[id]
	if flow == nil {
		add(fmt.Sprintf("%s offers the unknown flow %q", name, id), "use the id of a file in flows")
		return
	}
	slot, value, _ := strings.Cut(with, "=")
	switch {
	case !valued:
	case !slices.Contains(flow.Fresh, slot):
		add(fmt.Sprintf("%s offers flow %q with the slot %q, which is not fresh there", name, id, slot), "a flow can only be offered with a slot that it lists under fresh")
	case c.l.ValueName(slot, value) == value:
		add(fmt.Sprintf("%s offers flow %q with the unknown %s %q", name, id, slot, value), "use a value of that slot")
	}
}

func (c *checker) label(add func(string, string), name, label string) {
	switch n := utf8.RuneCountInString(label); {
	case n == 0:
		add(name+" has no label", "write one of at most 30 characters")
	case n > maxLabel:
		add(fmt.Sprintf("%s: the label %q has %d characters", name, label, n), "shorten it to 30 (buttons on Zalo and Telegram)")
	}
}

// text checks what is read by people: its length, its places to fill, and
// that every sum and rate in it is one of the facts.
func (c *checker) text(add func(string, string), name, text string, facts []string) {
	if strings.TrimSpace(text) == "" {
		add(name+" says nothing", "write its text")
	}
	for bubble := range strings.SplitSeq(text, "\n\n") {
		if n := utf8.RuneCountInString(bubble); n > maxText {
			add(fmt.Sprintf("%s: a bubble has %d characters", name, n), "split it by blank lines; Zalo takes 2000")
		}
	}
	for _, place := range places.FindAllStringSubmatch(text, -1) {
		if !c.fillable(place[1]) {
			add(fmt.Sprintf("%s: nothing fills the place {%s}", name, place[1]), "use {bạn}, {mình}, a slot or a computed value")
		}
	}
	if slices.Contains(facts, dialog.ComputedFacts) {
		return
	}
	for _, a := range amounts(text) {
		switch {
		case len(facts) == 0:
			add(fmt.Sprintf("%s: %q is told without a source", name, a.text), "name the facts it rests on under “facts”")
		case !c.stated(a, facts):
			add(fmt.Sprintf("%s: %q is no number of the facts it names", name, a.text), "correct it, or name the fact that has it")
		}
	}
}

var places = regexp.MustCompile(`\{([^{}]*)\}`)

// phraseValues are places that the program fills in phrases.
var phraseValues = strings.Fields(`title picked number min max what value for source day regime total lines notes why amount sum papers where n name rate term
	month label now more principal interest left months note link text place
	order shown trade km fee duration list ask title whom taken length day
	why learn areas says tells what needs caution who contact queue
	teaches schools`)

func (c *checker) fillable(name string) bool {
	if slices.Contains([]string{"bạn", "Bạn", "mình", "Mình", "ai", "Ai"}, name) || c.l.slots[name] != nil {
		return true
	}
	for _, given := range []map[string][]string{Functions, Effects} {
		for _, names := range given {
			if slices.Contains(names, name) {
				return true
			}
		}
	}
	return slices.Contains(phraseValues, name)
}

// amount is a sum or a rate in a text.
type amount struct {
	text    string
	value   float64
	percent bool
}

var (
	amountPattern = regexp.MustCompile(`(\d[\d.,]*)\s*(tỷ đồng|tỷ|triệu đồng|triệu|nghìn đồng|nghìn|đồng|%)`)
	quoted        = regexp.MustCompile(`“[^”]*”`)
)

// amounts finds sums and rates. What stands in quotation marks is an example
// of how to answer and no claim.
func amounts(text string) []amount {
	var list []amount
	for _, m := range amountPattern.FindAllStringSubmatch(quoted.ReplaceAllString(text, ""), -1) {
		digits := strings.TrimRight(m[1], ".,")
		if strings.Count(digits, ".") > 0 && !strings.Contains(digits, ",") && groupsOfThree(digits) {
			digits = strings.ReplaceAll(digits, ".", "")
		}
		v, err := strconv.ParseFloat(strings.ReplaceAll(digits, ",", "."), 64)
		if err != nil {
			continue
		}
		switch strings.TrimSuffix(m[2], " đồng") {
		case "tỷ":
			v *= 1e9
		case "triệu":
			v *= 1e6
		case "nghìn":
			v *= 1e3
		}
		list = append(list, amount{m[0], v, m[2] == "%"})
	}
	return list
}

func groupsOfThree(s string) bool {
	parts := strings.Split(s, ".")
	return !slices.ContainsFunc(parts[1:], func(p string) bool { return len(p) != 3 })
}

// stated says whether an amount is one of the numbers of the facts.
func (c *checker) stated(a amount, facts []string) bool {
	for _, id := range facts {
		f := c.l.facts[id]
		if f == nil {
			continue
		}
		for _, n := range f.Numbers {
			for part := range strings.SplitSeq(n.Value, "-") { // "18-25"
				v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(part), ",", "."), 64)
				if err != nil {
					continue
				}
				switch {
				case a.percent != strings.Contains(n.Unit, "%"):
					continue
				case strings.HasPrefix(n.Unit, "tỷ"):
					v *= 1e9
				case strings.HasPrefix(n.Unit, "triệu"):
					v *= 1e6
				}
				if math.Abs(v-a.value) < 1e-6*math.Max(1, v) {
					return true
				}
			}
		}
		if slices.ContainsFunc(amounts(f.Statement+" "+f.How), func(b amount) bool { return b.percent == a.percent && b.value == a.value }) {
			return true
		}
	}
	return false
}

func (c *checker) checkPhrases() {
	for _, it := range c.w.phrases {
		add := at(c, it)
		if len(it.value.Texts) == 0 {
			add(fmt.Sprintf("phrase %q says nothing", it.value.ID), "write at least one text")
		}
		for _, text := range it.value.Texts {
			c.text(add, "phrase "+it.value.ID, text, nil)
			if strings.HasPrefix(it.value.ID, "option.") || it.value.ID == "several.done" {
				c.label(add, "phrase "+it.value.ID, text)
			}
		}
	}
	for _, id := range Phrases {
		if c.l.phrases[id] == nil {
			c.add("phrases.yaml", 0, fmt.Sprintf("there is no phrase %q", id), "the program says it: write it")
		}
	}
	for _, id := range forcedForms {
		if c.l.forms[id] == nil {
			c.add("phrases.yaml", 0, fmt.Sprintf("the form of address %q is missing", id), "add it under “forms”")
		}
	}
}

// checkAdvice looks at the rules of support and loans.
func (c *checker) checkAdvice() {
	groups := func(add func(string, string), name string, all [][]string) {
		for _, combination := range all {
			for _, g := range combination {
				if !slices.Contains(Groups, g) {
					add(fmt.Sprintf("%s names the unknown group %q", name, g), "one of "+strings.Join(Groups, ", "))
				}
			}
		}
	}
	for _, it := range c.w.supports {
		r, add := &it.value, at(c, it)
		name := "regime " + r.ID
		c.references(add, name, r.Facts, nil)
		if !isDay(r.From) || r.UncertainFrom != "" && !isDay(r.UncertainFrom) {
			add(name+" has no day from which it holds", "write from as 2026-01-01")
		}
		for _, text := range []string{r.Note, r.Spent, r.SpentElsewhere, r.Papers, r.Where} {
			if text != "" {
				c.text(add, name, text, r.Facts)
			}
		}
		for _, row := range r.Rows {
			groups(add, name, row.Groups)
			c.why(add, name, row.Course.Why, row.Course.Fact, r.Facts)
			if row.Meal != nil {
				c.why(add, name, row.Meal.Why, row.Meal.Fact, r.Facts)
			}
			for _, j := range row.Travel {
				c.why(add, name, j.Why, j.Fact, r.Facts)
			}
			if row.Note != "" {
				c.text(add, name, row.Note, append([]string{row.Course.Fact, "reference.base-salary"}, r.Facts...))
			}
		}
	}
	for _, it := range c.w.loans {
		p, add := &it.value, at(c, it)
		name := "programme " + p.ID
		c.references(add, name, p.Facts, nil)
		groups(add, name, append(slices.Clone(p.Groups), p.Maybe...))
		if len(p.Rates) == 0 || len(p.Facts) == 0 {
			add(name+" has no rate or no fact", "write both: nobody may be told a loan without them")
		}
		for _, r := range p.Rates {
			groups(add, name, r.ReducedFor)
		}
		for _, text := range []string{p.Note, p.WhyNot, p.Grace, p.Where, p.MaybeNote} {
			if text != "" {
				c.text(add, name, text, p.Facts)
			}
		}
	}
}

func (c *checker) why(add func(string, string), name, why, fact string, more []string) {
	facts := append([]string{fact}, more...)
	c.references(add, name, facts[:1], nil)
	c.text(add, name, why, facts)
}
