package advice

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/viet"
)

// Functions are what flows may compute; content.Functions lists what each
// gives. They are made for one library and one catalogue of courses.
func Functions(lib *content.Library, k *course.Catalogue) map[string]dialog.Func {
	t := talk{lib, k}
	return map[string]dialog.Func{
		"support": t.support, "loan": t.loan,
		"trades": t.trades, "trade": t.trade, "compare": t.compare,
		"courses": t.courses, "course": t.course, "wish": t.wish, "surveys": t.surveys, "wishes": t.wishes,
		"contacts": t.contacts, "news": t.news, "schools": t.schools,
	}
}

// talk makes cases of answers, and sentences of advice.
type talk struct {
	lib *content.Library
	k   *course.Catalogue
}

// question is one that a flow may put: its slot, and the answers that can
// change something.
type question struct {
	need    string // as the flow calls it
	slot    string
	answers []dialog.Value
}

func texts(values ...string) []dialog.Value {
	var out []dialog.Value
	for _, v := range values {
		out = append(out, dialog.Text(v))
	}
	return out
}

func lists(values ...string) []dialog.Value {
	out := []dialog.Value{dialog.List()}
	for _, v := range values {
		out = append(out, dialog.List(v))
	}
	return out
}

func numbers(values ...int64) []dialog.Value {
	var out []dialog.Value
	for _, v := range values {
		out = append(out, dialog.Number(v))
	}
	return out
}

// supportQuestions in the order in which they are put.
var supportQuestions = []question{
	{"work", "work", lists("rural", "soldier", "unemployed", "fisher")},
	{"papers", "papers", lists("disability", "ethnic", "hardship")},
	{"poverty", "poverty", texts("poor", "near-poor", "none")},
	{"area", "area", texts("yes", "no")},
	{"other", "other", lists("merit", "land-recovered", "women-jobless")},
	{"offshore", "offshore", texts("yes", "no")},
	{"woman", "woman", texts("yes", "no")},
	{"before", "before", texts("yes", "no")},
	{"cost", "cost", numbers(1000000, 5000000, 50000000)},
	{"days", "days", numbers(10, 60, 200)},
	{"distance", "distance", numbers(2, 8, 20)},
}

// valuesOf reads the slots that questions ask for, and more, once: each question
// is tried with each of its answers.
func valuesOf(s dialog.Scope, questions []question, more ...string) dialog.Values {
	v := make(dialog.Values, len(questions)+len(more))
	for _, q := range questions {
		v[q.slot] = s.Value(q.slot)
	}
	for _, slot := range more {
		v[slot] = s.Value(slot)
	}
	return v
}

// supportCase makes a case of answers on a day.
func supportCase(v dialog.Values, day string) Case {
	groups := make([]string, 0, 8)
	groups = append(groups, v["work"].List()...)
	papers := v["papers"]
	for _, g := range papers.List() {
		if g != "hardship" {
			groups = append(groups, g)
		}
	}
	if p := v["poverty"].Text(); papers.Has("hardship") && p != "" && p != "none" {
		groups = append(groups, p)
	}
	if v["area"].Text() == "yes" {
		groups = append(groups, "special-area")
	}
	groups = append(groups, v["other"].List()...)
	if v["offshore"].Text() == "yes" && v["work"].Has("fisher") {
		groups = append(groups, "fisher-offshore")
	}
	if v["woman"].Text() == "yes" {
		groups = append(groups, "women")
	}
	c := Case{On: day, Groups: &groups}
	if n, ok := v["days"].Number(); ok {
		c.Days = &n
	}
	if n, ok := v["distance"].Number(); ok {
		c.DistanceKM = ptr(float64(n))
	}
	if n, ok := v["cost"].Number(); ok {
		c.CourseCost = &n
	}
	if b := v["before"].Text(); b != "" {
		c.SupportedBefore = ptr(b == "yes")
	}
	return c
}

// supportKey is what a person wants to know: which regime to go for and what
// it gives, and which gives most should it turn out to hold.
type supportKey struct {
	best, most           string
	bestTotal, mostTotal int64
}

func keyOf(gifts []gift) supportKey {
	k := supportKey{best: best(gifts)}
	for _, g := range gifts {
		if g.regime.ID == k.best {
			k.bestTotal = g.total
		}
		if g.total > k.mostTotal {
			k.most, k.mostTotal = g.regime.ID, g.total
		}
	}
	return k
}

// sampleCourse stands for a course that is not known yet: dear, long and far,
// so that no ceiling is hidden.
var sampleCourse = map[string]dialog.Value{"cost": dialog.Number(50000000), "days": dialog.Number(60), "distance": dialog.Number(20)}

// nextSupport gives the first question whose answer can change what the
// person wants to know; "" when none can.
func (t talk) nextSupport(known dialog.Values, day string) string {
	supposed := maps.Clone(known)
	for slot, v := range sampleCourse {
		if known[slot].IsZero() {
			supposed[slot] = v
		}
	}
	gifts := make([]gift, 0, len(t.lib.Regimes))
	for _, q := range supportQuestions {
		if !known[q.slot].IsZero() || q.slot == "poverty" && !known["papers"].Has("hardship") || q.slot == "offshore" && !known["work"].Has("fisher") {
			continue
		}
		var first supportKey
		for i, v := range q.answers {
			if t.hasMore(known, day, q, v) {
				return q.need
			}
			supposed[q.slot] = v
			gifts = appendGifts(gifts[:0], t.lib, supportCase(supposed, day))
			k := keyOf(gifts)
			if i == 0 {
				first = k
			} else if k != first {
				return q.need
			}
		}
		supposed[q.slot] = sampleCourse[q.slot]
	}
	return ""
}

// hasMore says that an answer matters only through a later question:
// "hardship" through which list the household is on.
func (t talk) hasMore(known dialog.Values, day string, q question, v dialog.Value) bool {
	if q.slot != "papers" || !v.Has("hardship") || !known["poverty"].IsZero() {
		return false
	}
	supposed := maps.Clone(known)
	supposed["papers"] = v
	return t.nextSupport(supposed, day) == "poverty"
}

// support is the function of the flow.
func (t talk) support(s dialog.Scope) (dialog.Values, error) {
	s = t.withCourse(s)
	known, day := valuesOf(s, supportQuestions), s.At().Format(time.DateOnly)
	if need := t.nextSupport(known, day); need != "" {
		return dialog.Values{"need": dialog.Text(need), "best": dialog.Text(""), "for_class": dialog.Text(t.courseNote(s))}, nil
	}
	c := supportCase(known, day)
	a := support(t.lib, c)
	v := dialog.Values{"need": dialog.Text(""), "best": dialog.Text(a.Best), "others": dialog.Text(""), "apply": dialog.Text(""), "for_class": dialog.Text(t.courseNote(s))}
	if a.Best == "" {
		v["result"] = t.phrase("support.none")
		return v, nil
	}
	var others []string
	for _, r := range a.Regimes {
		name := t.regime(r.ID).Name
		if r.ID != a.Best {
			others = append(others, t.say("support.other", "{regime}", name, "{sum}", t.sum(r)))
			continue
		}
		phrase := "support.result"
		if r.Total == 0 {
			phrase = "support.result-open"
		}
		if r.Status == content.Uncertain {
			phrase += "-uncertain"
		}
		v["result"] = dialog.Text(t.say(phrase, "{regime}", name, "{total}", viet.FormatMoney(r.Total), "{more}", t.more(r), "{lines}", t.lines(r), "{notes}", strings.Join(t.notes(r.ID, a), " ")))
		regime := t.regime(r.ID)
		v["apply"] = dialog.Text(t.say("support.apply", "{papers}", regime.Papers, "{where}", strings.ReplaceAll(regime.Where, "{place}", t.place(s))))
		v["facts"] = dialog.List(t.rowFacts(regime, c)...)
	}
	if len(others) > 0 {
		v["others"] = dialog.Text(strings.Join(others, "\n") + "\n" + t.lib.Phrase("support.not-added")[0])
	}
	return v, nil
}

func (t talk) regime(id string) *content.Regime {
	i := slices.IndexFunc(t.lib.Regimes, func(r *content.Regime) bool { return r.ID == id })
	return t.lib.Regimes[i]
}

// lines tells the items of a regime, one a line.
func (t talk) lines(r RegimeAdvice) string {
	var lines []string
	for _, it := range r.Items {
		if it.Amount == nil {
			lines = append(lines, t.say("support.line-open", "{why}", it.Why))
			continue
		}
		lines = append(lines, t.say("support.line", "{why}", it.Why, "{amount}", viet.FormatMoney(*it.Amount)))
	}
	return strings.Join(lines, "\n")
}

// more says that the total leaves out what is not known.
func (t talk) more(r RegimeAdvice) string {
	if slices.ContainsFunc(r.Items, func(it Item) bool { return it.Amount == nil }) {
		return t.lib.Phrase("support.more")[0]
	}
	return ""
}

// sum tells another regime in a few words.
func (t talk) sum(r RegimeAdvice) string {
	if r.Total > 0 {
		return t.say("support.sum", "{total}", viet.FormatMoney(r.Total))
	}
	return lowerFirst(r.Items[0].Why)
}

// notes of the best regime, without those of others.
func (t talk) notes(id string, a SupportAdvice) []string {
	other := map[string]bool{}
	for _, r := range t.lib.Regimes {
		if r.ID != id {
			other[r.Note], other[r.Spent], other[r.SpentElsewhere] = true, true, true
			for _, row := range r.Rows {
				other[row.Note] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(a.Notes), func(n string) bool { return other[n] })
}

// rowFacts are the facts of the row that counts, the regime's own after them.
func (t talk) rowFacts(r *content.Regime, c Case) []string {
	row := bestRow(r, c)
	facts := []string{row.Course.Fact}
	for _, f := range r.Facts {
		if !slices.Contains(facts, f) {
			facts = append(facts, f)
		}
	}
	return facts
}

// loanQuestions in the order in which they are put.
var loanQuestions = []question{
	{"age", "age", numbers(14, 30)},
	{"household", "household", texts("poor", "near-poor", "newly-escaped-poor", "average-income")},
	{"special", "special", lists("disability", "ethnic", "ex-prisoner")},
	{"area", "area", texts("yes", "no")},
	{"rural", "rural", texts("yes", "no")},
}

func loanCase(v dialog.Values, day string) LoanCase {
	c := LoanCase{On: day, Purpose: v["purpose"].Text(), Groups: &[]string{}}
	add := func(g string) { *c.Groups = append(*c.Groups, g) }
	if h := v["household"].Text(); h != "" {
		add(h)
	}
	for _, g := range v["special"].List() {
		add(g)
	}
	if v["area"].Text() == "yes" {
		add("special-area")
	}
	if v["rural"].Text() == "yes" || v["work"].Has("rural") {
		add("rural")
	}
	if n, ok := v["age"].Number(); ok {
		c.Age = &n
	}
	if n, ok := v["amount"].Number(); ok {
		c.Amount = &n
	}
	if n, ok := v["months"].Number(); ok {
		c.Months = &n
	}
	return c
}

// nextLoan gives the first question whose answer can change which programmes
// fit, in which order and at what rate.
func (t talk) nextLoan(known dialog.Values, at time.Time) string {
	supposed, day := maps.Clone(known), at.Format(time.DateOnly)
	for _, q := range loanQuestions {
		if !known[q.slot].IsZero() || q.slot == "rural" && known["work"].Has("rural") {
			continue
		}
		var first []ProgrammeAdvice
		for i, v := range q.answers {
			supposed[q.slot] = v
			list := Loan(t.lib, loanCase(supposed, day), at).Programmes
			for j := range list {
				list[j].Note, list[j].Schedule = "", nil
			}
			if i == 0 {
				first = list
			} else if !reflect.DeepEqual(list, first) {
				return q.need
			}
		}
		supposed[q.slot] = dialog.Value{}
	}
	return ""
}

// loan is the function of the flow.
func (t talk) loan(s dialog.Scope) (dialog.Values, error) {
	known := valuesOf(s, loanQuestions, "work", "purpose", "amount", "months")
	if need := t.nextLoan(known, s.At()); need != "" {
		return dialog.Values{"need": dialog.Text(need)}, nil
	}
	a := Loan(t.lib, loanCase(known, s.At().Format(time.DateOnly)), s.At())
	v := dialog.Values{"need": dialog.Text(""), "schedule": dialog.Text(""), "schedule_possible": dialog.Text("no"), "apply": dialog.Text("")}
	if len(a.Programmes) == 0 {
		why := t.lib.Phrase("loan.none-why")[0]
		if len(a.Not) > 0 && s.Value("age").Known() && t.tooYoung(s) {
			why = a.Not[0].Why
		}
		v["result"] = dialog.Text(t.say("loan.none", "{why}", why))
		return v, nil
	}
	var lines, told []string
	for i, p := range a.Programmes[:min(3, len(a.Programmes))] {
		lines, told = append(lines, t.programme(i+1, p)), append(told, p.ID)
	}
	first := a.Programmes[0]
	v["result"] = dialog.Text(t.say("loan.result", "{lines}", strings.Join(lines, "\n"), "{note}", first.Note))
	v["apply"] = dialog.Text(t.say("loan.apply", "{name}", first.Name, "{papers}", joinLower(first.Papers), "{where}", first.Where))
	v["facts"], v["advised"] = dialog.List(t.programmeFacts(first.ID)...), dialog.List(told...)
	if t.repaid(first.ID) {
		v["schedule_possible"] = dialog.Text("yes")
	}
	if len(first.Schedule) > 0 {
		v["schedule"] = dialog.Text(t.schedule(first))
		v["schedule_chart"] = dialog.Showing(dialog.Show{Chart: t.scheduleChart(first)})
	}
	return v, nil
}

func (t talk) tooYoung(s dialog.Scope) bool {
	n, ok := s.Value("age").Number()
	return ok && n < minAge
}

func (t talk) byID(id string) *content.Programme {
	i := slices.IndexFunc(t.lib.Programmes, func(p *content.Programme) bool { return p.ID == id })
	return t.lib.Programmes[i]
}

func (t talk) repaid(id string) bool             { return t.byID(id).Grace == "" }
func (t talk) programmeFacts(id string) []string { return t.byID(id).Facts }

// programme tells one programme in a line.
func (t talk) programme(n int, p ProgrammeAdvice) string {
	most := t.lib.Phrase("loan.max-open")[0]
	switch {
	case p.Max != nil:
		most = t.say("loan.max", "{max}", viet.FormatMoney(*p.Max))
	case p.MaxPerMonth != nil:
		most = t.say("loan.max-month", "{max}", viet.FormatMoney(*p.MaxPerMonth))
	}
	term := ""
	if p.MaxMonths != nil {
		term = t.say("loan.term", "{months}", strconv.FormatInt(*p.MaxMonths, 10))
	}
	phrase := "loan.line"
	if p.Status == content.Uncertain {
		phrase = "loan.line-uncertain"
	}
	return t.say(phrase, "{n}", strconv.Itoa(n), "{name}", p.Name, "{max}", most, "{rate}", viet.FormatDecimal(p.Rate), "{term}", term)
}

// allMonths is up to how many months every month is told; longer schedules
// are told by the half year.
const allMonths = 12

func (t talk) schedule(p ProgrammeAdvice) string {
	var lines []string
	var interest int64
	last := p.Schedule[len(p.Schedule)-1]
	for _, m := range p.Schedule {
		interest += m.Interest
		if len(p.Schedule) <= allMonths || m.Month == 1 || m.Month%6 == 0 || m == last {
			lines = append(lines, t.say("loan.month", "{month}", strconv.FormatInt(m.Month, 10), "{sum}", viet.FormatMoney(m.Principal+m.Interest),
				"{principal}", viet.FormatNumber(m.Principal), "{interest}", viet.FormatNumber(m.Interest), "{left}", viet.FormatNumber(m.Left)))
		}
	}
	principal := last.Left
	for _, m := range p.Schedule {
		principal += m.Principal
	}
	return t.say("loan.schedule", "{amount}", viet.FormatMoney(principal), "{months}", strconv.FormatInt(last.Month, 10), "{name}", p.Name,
		"{rate}", viet.FormatDecimal(p.Rate), "{lines}", strings.Join(lines, "\n"), "{total}", viet.FormatMoney(interest))
}

// monthBars is up to how many months each month has a bar; longer schedules
// have one a year.
const monthBars = 60

func (t talk) scheduleChart(p ProgrammeAdvice) *dialog.Chart {
	text := func(id string) string { return t.lib.Phrase(id)[0] }
	c := &dialog.Chart{Title: text("loan.chart"), Unit: text("loan.chart.unit"), Parts: []string{text("loan.chart.principal"), text("loan.chart.interest")}}
	span := int64(1)
	if len(p.Schedule) > monthBars {
		c.Title, span = text("loan.chart.years"), 12
	}
	for _, m := range p.Schedule {
		if (m.Month-1)%span == 0 {
			c.Bars = append(c.Bars, dialog.Bar{Label: strconv.FormatInt((m.Month-1)/span+1, 10), Parts: []int64{0, 0}})
		}
		last := c.Bars[len(c.Bars)-1].Parts
		last[0] += m.Principal
		last[1] += m.Interest
	}
	return c
}

func (t talk) phrase(id string) dialog.Value { return dialog.Text(t.lib.Phrase(id)[0]) }

func (t talk) say(phrase string, pairs ...string) string {
	return strings.TrimSpace(content.Fill(t.lib.Phrase(phrase)[0], pairs...))
}

// place is where the person lives, as it stands in a sentence.
func (t talk) place(s dialog.Scope) string { return t.unitNames(s.Value("place")) }

// unitNames names units as they stand in a sentence.
func (t talk) unitNames(v dialog.Value) string {
	// A whole former district is called as it was.
	if units := v.List(); len(units) > 1 {
		for _, d := range t.lib.FormerDistricts {
			if slices.Equal(d.Units, units) {
				return t.say("place.former", "{name}", lowerFirst(d.Name))
			}
		}
	}
	var names []string
	for _, id := range v.List() {
		if p := t.lib.Place(id); p != nil {
			names = append(names, lowerFirst(p.Name))
		}
	}
	if len(names) == 0 {
		return t.lib.Phrase("support.place-open")[0]
	}
	return strings.Join(names, " "+t.lib.Phrase("word.or")[0]+" ")
}

func lowerFirst(s string) string {
	for i, r := range s {
		if i == 0 {
			return string(unicode.ToLower(r)) + s[len(string(r)):]
		}
	}
	return s
}

// joinLower lists things within a sentence.
func joinLower(list []string) string {
	lower := make([]string, len(list))
	for i, s := range list {
		lower[i] = lowerFirst(s)
	}
	return strings.Join(lower, "; ")
}
