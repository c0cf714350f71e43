package advice

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/viet"
)

// maxCards is how many classes are shown at a time.
const maxCards = 5

// courseQuestions in the order in which they are put.
var courseQuestions = []string{"trade", "place", "course_level", "course_from"}

// courseQuery makes a query of the slots.
func (t talk) courseQuery(s dialog.Scope) course.Query {
	q := course.Query{On: course.DayOf(s.At()), Trades: classTrades(s), Least: course.Soon}
	if places := s.Value("place").List(); len(places) > 0 {
		q.Near = t.lib.Nearest(places...)
	}
	switch s.Value("course_level").Text() {
	case "short":
		q.To = course.Elementary
	case "long":
		q.From = course.Secondary
	}
	if from := course.Day(s.Value("course_from").Text()); len(from) >= len("2006-01") && from.Valid() {
		q.After = from
	}
	return q
}

// classTrades are the trades of which somebody looks for classes: the one whose
// classes they asked for, or what they answered.
func classTrades(s dialog.Scope) []string {
	if of := s.Value("class_trade").List(); len(of) > 0 {
		return of
	}
	return s.Value("trade").List()
}

// nextCourse gives the first question that helps to choose among the classes
// that were found; "" when none does.
func (t talk) nextCourse(s dialog.Scope, found []course.Match) string {
	many := len(found) > maxCards
	for _, slot := range courseQuestions {
		if !s.Value(slot).IsZero() {
			continue
		}
		switch slot {
		case "trade":
			// Whoever says where is shown what is nearest; a trade narrows it.
			if many && len(classTrades(s)) == 0 && !s.Value("place").Known() {
				return slot
			}
		case "place":
			if len(found) > 1 {
				return slot
			}
		case "course_level":
			if many && differ(found, func(c *course.Course) bool {
				return slices.Contains([]course.Level{course.Secondary, course.College}, c.Level)
			}) {
				return slot
			}
		case "course_from":
			if many && differ(found, func(c *course.Course) string { return string(c.Start[:min(len(c.Start), len("2006-01"))]) }) {
				return slot
			}
		}
	}
	return ""
}

// differ says whether something is not the same of all that were found.
func differ[T comparable](found []course.Match, of func(*course.Course) T) bool {
	return slices.ContainsFunc(found[1:], func(m course.Match) bool { return of(m.Course) != of(found[0].Course) })
}

// courses is the function that finds classes: it says what to ask, or shows
// what there is.
func (t talk) courses(s dialog.Scope) (dialog.Values, error) {
	q := t.courseQuery(s)
	found := t.k.Find(q)
	lead := "course.found"
	if len(found) == 0 && (q.From != "" || q.To != "" || q.After != "") {
		q.From, q.To, q.After = "", "", ""
		found, lead = t.k.Find(q), "course.found-other"
	}
	if need := t.nextCourse(s, found); need != "" {
		return dialog.Values{"need": dialog.Text(need), "found": dialog.Text("")}, nil
	}
	v := dialog.Values{"need": dialog.Text(""), "found": dialog.Text("yes")}
	what := ""
	if names := t.tradeNames(q.Trades); names != "" {
		what = " " + t.say("course.of-trade", "{trade}", names)
	}
	if len(found) == 0 {
		return t.noCourse(s, v, q, what), nil
	}
	shown := found[:min(maxCards, len(found))]
	order := "course.nearest-first"
	switch {
	case q.Near != nil && found[0].Rank >= len(s.Value("place").List()):
		order = "course.elsewhere"
	case len(found) == 1:
		order = "course.only-one"
	case q.Near == nil:
		order = "course.first-first"
	case len(found) > len(shown):
		order = "course.nearest-few"
	}
	v["result"] = dialog.Text(t.say(lead, "{n}", strconv.Itoa(len(found)), "{what}", what, "{order}", t.say(order, "{shown}", strconv.Itoa(len(shown)), "{place}", t.place(s))))
	var show dialog.Show
	var offers []string
	for _, m := range shown {
		show.Cards = append(show.Cards, t.courseCard(s, m))
		offers = append(offers, "flow:course?course="+m.Course.ID)
	}
	v["cards"], v["offers"] = dialog.Showing(show), dialog.List(append(offers, t.wishOffer(q.Trades)...)...)
	return v, nil
}

// noCourse says that there is none, and offers what can be done about it.
func (t talk) noCourse(s dialog.Scope, v dialog.Values, q course.Query, what string) dialog.Values {
	v["found"] = dialog.Text("no")
	phrase := "course.none"
	if what == "" {
		phrase = "course.empty"
	}
	v["result"] = dialog.Text(t.say(phrase, "{what}", what))
	offers := append(t.surveyOffer(s), t.wishOffer(q.Trades)...)
	if len(q.Trades) > 0 && len(t.k.Find(course.Query{On: q.On, Least: course.Soon})) > 0 {
		offers = append(offers, "flow:course")
	}
	v["offers"] = dialog.List(offers...)
	return v
}

// wishOffer offers to note a wish for a trade.
func (t talk) wishOffer(trades []string) []string {
	if len(trades) == 1 {
		return []string{"flow:register?wish_trade=" + trades[0]}
	}
	return []string{"flow:register"}
}

func (t talk) tradeNames(ids []string) string {
	var names []string
	for _, id := range ids {
		if tr := t.lib.Trade(id); tr != nil {
			names = append(names, lowerFirst(tr.Label()))
		}
	}
	return strings.Join(names, ", ")
}

// courseCard tells a class in a few lines.
func (t talk) courseCard(s dialog.Scope, m course.Match) dialog.Card {
	c := m.Course
	lines := []string{t.where(s, c), t.when(c, m.Standing), t.howLong(c)}
	if c.Invented {
		lines = append(lines, t.say("course.invented"))
	}
	return dialog.Card{Title: c.Title, Text: strings.Join(course.Trimmed(lines), "\n")}
}

// where tells the place of a class and how far it is.
func (t talk) where(s dialog.Scope, c *course.Course) string {
	p := t.lib.Place(c.Place)
	if p == nil {
		if c.Venue != "" {
			return c.Venue
		}
		return t.say("course.place-unknown")
	}
	where := p.Name
	if c.Venue != "" {
		where = c.Venue + ", " + lowerFirst(p.Name)
	}
	if home := s.Value("place").List(); len(home) == 1 {
		switch km, ok := t.lib.KM(home[0], c.Place); {
		case home[0] == c.Place:
			where += " " + t.say("course.here")
		case ok:
			where += " " + t.say("course.km", "{km}", strconv.Itoa(max(km, 1)))
		}
	}
	return where
}

// when tells until when one can register and when it begins.
func (t talk) when(c *course.Course, standing course.Standing) string {
	state := map[course.Standing]string{
		course.Past: "course.past", course.Taken: "course.full", course.Soon: "course.soon", course.Unsure: "course.unsure", course.Open: "course.open",
	}[standing]
	if c.Status == course.Cancelled {
		state = "course.cancelled"
	}
	lines := []string{t.say(state, "{ask}", t.contact(c))}
	switch {
	case c.Deadline != "":
		lines = append(lines, t.say("course.deadline", "{day}", t.dayName(c.Deadline)))
	case standing == course.Open:
		lines = append(lines, t.say("course.deadline-unknown"))
	}
	if c.Start != "" {
		lines = append(lines, t.say("course.start", "{day}", t.dayName(c.Start)))
	}
	return strings.Join(lines, ", ")
}

func (t talk) dayName(d course.Day) string {
	if d.MonthOnly() {
		return t.say("course.month", "{month}", d.Time().Format("1/2006"))
	}
	return d.Time().Format("2/1/2006")
}

// howLong tells duration and fee.
func (t talk) howLong(c *course.Course) string {
	var parts []string
	if c.Duration != "" {
		parts = append(parts, t.say("course.duration", "{duration}", c.Duration))
	}
	if c.Days != nil {
		parts = append(parts, t.say("course.days", "{n}", strconv.FormatInt(*c.Days, 10)))
	}
	switch {
	case c.Fee == nil:
		parts = append(parts, t.say("course.fee-unknown"))
	case *c.Fee == 0:
		parts = append(parts, t.say("course.free"))
	default:
		parts = append(parts, t.say("course.fee", "{fee}", viet.FormatMoney(*c.Fee)))
	}
	return upperFirst(strings.Join(parts, ", "))
}

// course is the function that tells one class in full.
func (t talk) course(s dialog.Scope) (dialog.Values, error) {
	c := t.k.Course(s.Value("course").Text())
	if c == nil {
		return dialog.Values{"standing": dialog.Text("gone"), "result": dialog.Text(""), "offers": dialog.List("flow:course")}, nil
	}
	standing := c.Standing(course.DayOf(s.At()))
	v := dialog.Values{"standing": dialog.Text(standingNames[standing])}
	var bubbles []string
	for _, lines := range [][]string{t.courseHead(s, c, standing), t.courseTerms(c), t.courseAsk(c, standing)} {
		if lines = course.Trimmed(lines); len(lines) > 0 {
			bubbles = append(bubbles, strings.Join(lines, "\n"))
		}
	}
	v["result"] = dialog.Text(strings.Join(bubbles, "\n\n"))
	var offers []string
	if standing == course.Past {
		offers = []string{"flow:register?wish_trade=" + c.Trade}
	} else {
		offers = append([]string{"flow:register?join=" + c.ID}, supportOffer(c)...)
		offers = append(offers, "flow:loan")
	}
	v["offers"] = dialog.List(append(offers, "flow:course", "human.talk")...)
	return v, nil
}

// supportOffer offers to work out the support for a class: the regimes here are
// for short classes only.
func supportOffer(c *course.Course) []string {
	if c.Level == course.Secondary || c.Level == course.College {
		return nil
	}
	return []string{"flow:support?for_course=" + c.ID}
}

// standingNames are what flows call them.
var standingNames = map[course.Standing]string{
	course.Past: "past", course.Taken: "full", course.Soon: "soon", course.Unsure: "unsure", course.Open: "open",
}

func (t talk) courseHead(s dialog.Scope, c *course.Course, standing course.Standing) []string {
	lines := []string{c.Title}
	if c.Invented {
		lines = append(lines, t.say("course.invented"))
	}
	return append(lines, t.labelled("where", t.where(s, c)), t.labelled("when", t.when(c, standing)),
		t.labelled("length", t.howLong(c)), t.labelled("schedule", c.Schedule))
}

// courseTerms tells whom the class is for and what one gets.
func (t talk) courseTerms(c *course.Course) []string {
	who := strings.Join(c.Who, ", ")
	switch {
	case c.MinAge != nil && c.MaxAge != nil:
		who = together(who, t.say("course.ages", "{min}", strconv.FormatInt(*c.MinAge, 10), "{max}", strconv.FormatInt(*c.MaxAge, 10)))
	case c.MinAge != nil:
		who = together(who, t.say("course.age-from", "{min}", strconv.FormatInt(*c.MinAge, 10)))
	case c.MaxAge != nil:
		who = together(who, t.say("course.age-to", "{max}", strconv.FormatInt(*c.MaxAge, 10)))
	}
	who = together(together(who, c.Schooling), c.Health)
	seats := ""
	switch {
	case c.Quota != nil && c.Registered != nil:
		seats = t.say("course.seats", "{n}", strconv.FormatInt(*c.Quota, 10), "{taken}", strconv.FormatInt(*c.Registered, 10))
	case c.Quota != nil:
		seats = t.say("course.seats-open", "{n}", strconv.FormatInt(*c.Quota, 10))
	}
	if c.Least != nil {
		seats = together(seats, t.say("course.least", "{n}", strconv.FormatInt(*c.Least, 10)))
	}
	by := together(c.Provider, strings.Join(c.Partners, ", "))
	return []string{t.labelled("by", together(by, c.Program)), t.labelled("who", who), t.labelled("seats", seats),
		t.labelled("benefits", together(strings.Join(c.Benefits, ", "), c.FeeNote)), t.labelled("certificate", c.Certificate), t.labelled("job", c.JobAfter)}
}

// courseAsk tells how to register, what nobody knows yet, and whom to ask.
func (t talk) courseAsk(c *course.Course, standing course.Standing) []string {
	var unknown []string
	for _, x := range []struct {
		name  string
		known bool
	}{
		{"deadline", c.Deadline != ""}, {"start", c.Start != ""}, {"schedule", c.Schedule != ""}, {"fee", c.Fee != nil}, {"who", len(c.Who) > 0}, {"papers", len(c.Papers) > 0},
	} {
		if !x.known {
			unknown = append(unknown, t.say("course.field-"+x.name))
		}
	}
	lines := []string{t.labelled("papers", strings.Join(c.Papers, ", ")), t.labelled("how", c.HowTo)}
	if standing == course.Past {
		return append(lines, t.announced(c))
	}
	ask := t.say("course.ask", "{ask}", t.contact(c))
	if len(unknown) > 0 {
		ask = t.say("course.ask-unknown", "{list}", strings.Join(unknown, ", "), "{ask}", t.contact(c))
	}
	return append(lines, ask, t.announced(c))
}

// contact names who can be asked about a class.
func (t talk) contact(c *course.Course) string {
	return cmp.Or(c.Contact(), t.say("course.ask-commune"))
}

// announced tells from when the announcement is, and from where.
func (t talk) announced(c *course.Course) string {
	seen := max(c.CheckedOn, c.SourceDate)
	if seen == "" {
		return ""
	}
	if c.SourceURL == "" {
		return t.say("course.announced", "{day}", t.dayName(seen))
	}
	return t.say("course.announced-in", "{day}", t.dayName(seen), "{source}", c.SourceURL)
}

// labelled begins a line with what it is about; "" without anything to tell.
func (t talk) labelled(what, text string) string {
	if text == "" {
		return ""
	}
	return t.say("course.line-"+what, "{text}", text)
}

func together(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

func upperFirst(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}

// wish is the function that says what somebody is about to register for.
func (t talk) wish(s dialog.Scope) (dialog.Values, error) {
	trades := slices.Concat(s.Value("wish_trade").List(), classTrades(s))
	aim := t.k.Aim(s.Value("join").Text(), trades, course.DayOf(s.At()))
	v := dialog.Values{"standing": dialog.Text("none"), "subject": dialog.Text(""), "contact": dialog.Text(t.say("course.ask-commune")), "note": dialog.Text(""), "offers": dialog.List("flow:course")}
	switch c := aim.Course; {
	case c != nil:
		v["standing"] = dialog.Text(standingNames[aim.Standing])
		v["subject"] = dialog.Text(t.say("course.subject", "{title}", c.Title))
		v["contact"] = dialog.Text(t.contact(c))
		if c.Invented {
			v["note"] = dialog.Text(t.say("course.invented"))
		}
		v["offers"] = dialog.List("flow:register?wish_trade="+c.Trade, "flow:course")
		if aim.Standing != course.Past {
			v["offers"] = dialog.List(append(supportOffer(c), "flow:loan", "flow:wishes")...)
		}
	case s.Value("join").Known():
		v["standing"] = dialog.Text("gone")
	case aim.Trade != "":
		v["subject"] = dialog.Text(t.subject(aim.Trade, s.Value("place").List()))
		v["offers"] = dialog.List("flow:support", "flow:loan", "flow:wishes")
	}
	v["offers"] = dialog.List(append(v["offers"].List(), t.surveyOffer(s)...)...)
	return v, nil
}

// subject names a trade, and a place where it is known.
func (t talk) subject(trade string, places []string) string {
	name := t.tradeNames([]string{trade})
	var near []string
	for _, id := range places {
		if p := t.lib.Place(id); p != nil {
			near = append(near, lowerFirst(p.Name))
		}
	}
	if len(near) == 0 {
		return t.say("course.subject-trade", "{trade}", name)
	}
	return t.say("course.subject-near", "{trade}", name, "{place}", strings.Join(near, " "+t.say("word.or")+" "))
}

// maxWishes is how many wishes are told at a time; nobody has more in earnest.
const maxWishes = 6

// wishes is the function that tells the wishes which an effect gave
// ("id|course|trade|place|whom" each): a line each, and the first by itself for
// who has dropped it.
func (t talk) wishes(s dialog.Scope) (dialog.Values, error) {
	v := dialog.Values{"wishes": dialog.Text(""), "dropped": dialog.Text(""), "offers": dialog.List()}
	var lines, offers []string
	for i, item := range s.Value("wish_list").List() {
		parts := strings.Split(item, "|")
		if len(parts) != 5 || i == maxWishes {
			break
		}
		id, courseID, trade, place, whom := parts[0], parts[1], parts[2], parts[3], parts[4]
		var places []string
		if place != "" {
			places = []string{place}
		}
		what := t.subject(trade, places)
		if c := t.k.Course(courseID); c != nil {
			what = t.say("course.subject", "{title}", c.Title)
		}
		if whom != "" {
			what = t.say("course.subject-for", "{what}", what, "{whom}", whom)
		}
		if i == 0 {
			v["dropped"] = dialog.Text(what)
		}
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, upperFirst(what)))
		offers = append(offers, fmt.Sprintf("flow:drop-wish?wish=%d-%s", i+1, id))
	}
	if len(lines) > 0 {
		v["wishes"], v["offers"] = dialog.Text(strings.Join(lines, "\n")), dialog.List(offers...)
	}
	return v, nil
}

// forCourse is a scope in which a class that the person chose answers what it
// can: days and cost. What they said themselves counts more.
type forCourse struct {
	dialog.Scope
	c *course.Course
}

func (f forCourse) Value(name string) dialog.Value {
	v := f.Scope.Value(name)
	switch {
	case !v.IsZero():
	case name == "days" && f.c.Days != nil:
		return dialog.Number(*f.c.Days)
	case name == "cost" && f.c.Fee != nil:
		return dialog.Number(*f.c.Fee)
	}
	return v
}

// withCourse lets the class of the slot for_course answer.
func (t talk) withCourse(s dialog.Scope) dialog.Scope {
	if c := t.k.Course(s.Value("for_course").Text()); c != nil {
		return forCourse{s, c}
	}
	return s
}

// courseNote says for which class support is worked out, and what of it.
func (t talk) courseNote(s dialog.Scope) string {
	c := t.k.Course(s.Value("for_course").Text())
	if c == nil {
		return ""
	}
	return t.say("course.support-for", "{title}", c.Title, "{length}", lowerFirst(t.howLong(c)))
}

// Library is the content with the names of classes in it: where something is
// offered by the id of a class, people read what it is.
type Library struct {
	*content.Library
	courses *course.Catalogue
}

// WithCourses puts a catalogue beside the content.
func WithCourses(lib *content.Library, k *course.Catalogue) Library { return Library{lib, k} }

// ValueName gives what people call a value of a slot.
func (l Library) ValueName(slot, value string) string {
	switch slot {
	case "course":
		if c := l.courses.Course(value); c != nil {
			return l.courseLabel(c)
		}
		return value
	case "survey":
		if l.courses.Campaign(value) != nil {
			return l.Phrase("course.label-survey")[0]
		}
		return value
	case "join", "for_course", "decline":
		if l.courses.Course(value) != nil {
			return l.Phrase("course.label-" + slot)[0]
		}
		return value
	case "said":
		if id, answer, ok := strings.Cut(value, "."); ok && l.courses.Course(id) != nil {
			if label := l.Phrase("said." + answer)[0]; label != "said."+answer {
				return label
			}
		}
		return value
	case "wish_trade", "class_trade":
		if l.Trade(value) != nil {
			return l.Phrase("course.label-" + slot)[0]
		}
		return value
	case "wish":
		if n, id, ok := strings.Cut(value, "-"); ok && len(n) == 1 && n[0] >= '1' && n[0] <= '0'+maxWishes && len(id) == wishIDLength {
			return strings.ReplaceAll(l.Phrase("course.label-wish")[0], "{n}", n)
		}
		return value
	}
	return l.Library.ValueName(slot, value)
}

const wishIDLength = 26

// maxLabel is how many characters a button holds.
const maxLabel = 30

// courseLabel names a class in a few words: its trade, its place, and its day
// as long as there is room.
func (l Library) courseLabel(c *course.Course) string {
	label := c.Title
	if t := l.Trade(c.Trade); t != nil {
		label = t.Label()
	}
	place := ""
	if p := l.Place(c.Place); p != nil {
		place = ", " + p.Short()
	}
	if room := maxLabel - utf8.RuneCountInString(place); utf8.RuneCountInString(label) > room {
		r := []rune(label)[:room-1]
		label = strings.TrimRight(string(r), " ,") + "…"
	}
	label += place
	day := c.Deadline
	if day == "" {
		day = c.Start
	}
	if day != "" {
		layout := " 2/1"
		if day.MonthOnly() {
			layout = " 1/2006"
		}
		if with := label + day.Time().Format(layout); utf8.RuneCountInString(with) <= maxLabel {
			return with
		}
	}
	return label
}
