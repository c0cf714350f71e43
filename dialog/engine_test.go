package dialog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nghe/dialog"
)

// table answers the engine from what a test writes down, without any language.
type table struct {
	commands map[string]dialog.Command
	meanings map[string]dialog.Meaning
	places   map[string][]string
	others   map[string]string
}

func (r table) Options(text string, options []dialog.Option, several bool) ([]int, dialog.Fit) {
	text = strings.ToLower(strings.TrimSpace(text))
	var picks []int
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		if n, err := strconv.Atoi(part); err == nil && n >= 1 && n <= len(options) {
			picks = append(picks, n-1)
			continue
		}
		for i, o := range options {
			if strings.ToLower(o.Label) == part {
				picks = append(picks, i)
			}
		}
	}
	if len(picks) > 0 {
		return picks, dialog.Exact
	}
	for i, o := range options {
		if strings.Contains(text, strings.ToLower(o.Label)) {
			picks = append(picks, i)
		}
	}
	if len(picks) > 0 {
		return picks, dialog.Part
	}
	return nil, dialog.None
}

func (r table) Number(text string) (int64, dialog.Fit) {
	if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
		return n, dialog.Exact
	}
	for _, w := range strings.Fields(text) {
		if n, err := strconv.ParseInt(w, 10, 64); err == nil {
			return n, dialog.Part
		}
	}
	return 0, dialog.None
}
func (r table) Money(text string) (int64, dialog.Fit)            { return r.Number(text) }
func (r table) Distance(text string) (int64, dialog.Fit)         { return r.Number(text) }
func (r table) Months(text string) (int64, dialog.Fit)           { return r.Number(text) }
func (r table) Told(string, time.Time) (int64, []string)         { return 0, nil }
func (r table) Age(text string, _ time.Time) (int64, dialog.Fit) { return r.Number(text) }
func (r table) Date(text string, _ time.Time) (string, dialog.Fit) {
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return text, dialog.Exact
	}
	return "", dialog.None
}
func (r table) Place(text string) ([]string, string, dialog.Fit) {
	for name, ids := range r.places {
		switch {
		case text == name:
			return ids, name, dialog.Exact
		case strings.Contains(text, name):
			return ids, name, dialog.Part
		}
	}
	return nil, "", dialog.None
}
func (r table) Trade(text string) ([]string, dialog.Fit) {
	ids, _, fit := r.Place(text)
	return ids, fit
}
func (r table) Phone(text string) (string, dialog.Fit) {
	if len(text) == 10 && text[0] == '0' {
		return text, dialog.Exact
	}
	return "", dialog.None
}
func (r table) Command(text string) dialog.Command { return r.commands[text] }
func (r table) Correction(text string) (string, bool) {
	return strings.CutPrefix(text, "no, ")
}
func (r table) Address(text string) string {
	if strings.HasPrefix(text, "chị ") {
		return "chị"
	}
	return ""
}
func (r table) Other(text string) string { return r.others[text] }
func (r table) Meaning(text string) dialog.Meaning {
	if m, ok := r.meanings[text]; ok {
		return m
	}
	return dialog.Meaning{Outcome: dialog.Refuse}
}

// shelf is a small library written in the test.
type shelf struct {
	release string
	flows   map[string]*dialog.Flow
	topics  map[string]*dialog.Topic
	slots   map[string]*dialog.Slot
}

func (l *shelf) ReleaseID() string             { return l.release }
func (l *shelf) Flow(id string) *dialog.Flow   { return l.flows[id] }
func (l *shelf) Topic(id string) *dialog.Topic { return l.topics[id] }
func (l *shelf) Slot(id string) *dialog.Slot   { return l.slots[id] }
func (l *shelf) Phrase(id string) []string {
	switch id {
	case "miss", "miss.answer":
		return []string{id + " 1", id + " 2"}
	case "number.range":
		return []string{"between {min} and {max}, not {number}"}
	case "answer.corrected":
		return []string{"corrected {what}: {value}"}
	case "other.begun":
		return []string{"for {for}"}
	case "flow.back-to", "silence.long":
		return []string{id + " {title}"}
	}
	return []string{id}
}
func (l *shelf) Form(address string) map[string]string {
	if address == "chị" {
		return map[string]string{"bạn": "chị", "Bạn": "Chị", "mình": "em", "Mình": "Em"}
	}
	return map[string]string{"bạn": "bạn", "Bạn": "Bạn", "mình": "mình", "Mình": "Mình"}
}
func (l *shelf) SourceNote(facts []string, _ time.Time) (string, []string) {
	return "source: " + strings.Join(facts, ", "), facts
}
func (l *shelf) ValueName(_, value string) string { return strings.ToUpper(value) }

// newShelf has a flow with every kind of step and a second one to call.
func newShelf() *shelf {
	steps := func(list ...*dialog.Step) map[string]*dialog.Step {
		m := map[string]*dialog.Step{}
		for i, s := range list {
			if s.Next == "" && i+1 < len(list) {
				s.Next = list[i+1].ID
			}
			if s.Next == "-" {
				s.Next = ""
			}
			m[s.ID] = s
		}
		return m
	}
	value := func(name string) func(dialog.Scope) dialog.Value {
		return func(s dialog.Scope) dialog.Value { return s.Value(name) }
	}
	old := value("age")
	return &shelf{
		release: "r1",
		flows: map[string]*dialog.Flow{
			"trip": {ID: "trip", Title: "Trip", Start: "hello", Resume: "place", Moved: map[string]string{"when": "days"}, Fresh: []string{"days", "sum"}, Steps: steps(
				&dialog.Step{ID: "hello", Kind: dialog.Say, Text: "{Mình} asks {bạn}."},
				&dialog.Step{ID: "name", Kind: dialog.Call, Flow: "who"},
				&dialog.Step{ID: "place", Kind: dialog.AskPlace, Text: "where?", Slot: "place", Skippable: true, Help: []string{"help 1", "help 2"}},
				&dialog.Step{ID: "age", Kind: dialog.AskAge, Text: "how old?", Slot: "age", Min: 1, Max: 110},
				&dialog.Step{ID: "old", Kind: dialog.Branch, Branches: []dialog.To{{When: func(s dialog.Scope) bool { n, _ := old(s).Number(); return n >= 60 }, Step: "end-old"}}},
				&dialog.Step{ID: "work", Kind: dialog.Several, Text: "which?", Slot: "work", Options: []dialog.Option{{Label: "Farm", Value: "farm"}, {Label: "Sea", Value: "sea"}, {Label: "Shop", Value: "shop"}, {Label: "None", Value: "none", Only: true}}},
				&dialog.Step{ID: "secret", Kind: dialog.Choice, Text: "secret?", Slot: "secret", Options: []dialog.Option{{Label: "Yes", Value: "yes"}, {Label: "No", Value: "no"}}},
				&dialog.Step{ID: "days", Kind: dialog.AskNum, Text: "days?", Slot: "days", Min: 1, Max: 365, Facts: []string{"f1"}},
				&dialog.Step{ID: "money", Kind: dialog.AskMoney, Text: "money?", Slot: "sum", Skippable: true},
				&dialog.Step{ID: "result", Kind: dialog.End, Compute: "sum", Text: "{total} for {place}", Offers: []string{"topic.a", "flow:who"}, Next: "-"},
				&dialog.Step{ID: "end-old", Kind: dialog.End, Text: "old", Next: "-"},
			)},
			"who": {ID: "who", Title: "Who", Start: "ask", Steps: steps(
				&dialog.Step{ID: "ask", Kind: dialog.AskText, Text: "name?", Slot: "name", Next: "-"},
			)},
			"other": {ID: "other", Title: "Other", Start: "date", Steps: steps(
				&dialog.Step{ID: "date", Kind: dialog.AskDate, Text: "date?", Slot: "date"},
				&dialog.Step{ID: "phone", Kind: dialog.AskPhone, Text: "phone?", Slot: "phone", Next: "-"},
			)},
			"my-data": {ID: "my-data", Title: "Data", Start: "see", Steps: steps(
				&dialog.Step{ID: "see", Kind: dialog.End, Compute: "known", Text: "known: {known}", Next: "-"},
			)},
			"erase": {ID: "erase", Title: "Erase", Start: "do", Steps: steps(
				&dialog.Step{ID: "do", Kind: dialog.Do, Effect: "erase", Wait: true},
				&dialog.Step{ID: "done", Kind: dialog.End, Text: "erased {outcome}", Next: "-"},
			)},
			"menu": {ID: "menu", Title: "Menu", Start: "m", Steps: steps(
				&dialog.Step{ID: "m", Kind: dialog.End, Text: "menu", Offers: []string{"flow:trip", "topic.a"}, Next: "-"},
			)},
			"pick": {ID: "pick", Title: "Pick", Start: "cards", Fresh: []string{"pick"}, Steps: steps(
				&dialog.Step{ID: "cards", Kind: dialog.End, Text: "picked {pick}\n\nor one of these", Compute: "picks", Show: "seen", Facts: []string{"f1"}, Offers: []string{"*", "topic.a"}, Next: "-"},
			)},
			"trades": {ID: "trades", Title: "Trades", Start: "ask", Steps: steps(
				&dialog.Step{ID: "ask", Kind: dialog.AskTrade, Text: "which trade?", Slot: "trade", Help: []string{"help"}},
				&dialog.Step{ID: "told", Kind: dialog.End, Text: "{trade}", Next: "-"},
			)},
			"loop": {ID: "loop", Title: "Loop", Start: "a", Steps: map[string]*dialog.Step{
				"a": {ID: "a", Kind: dialog.Branch, Next: "b"},
				"b": {ID: "b", Kind: dialog.Branch, Next: "a"},
			}},
		},
		topics: map[string]*dialog.Topic{
			"topic.a":    {ID: "topic.a", Title: "Topic A", Text: "answer a\n\nmore a", Offers: []string{"flow:trip", "topic.b"}, Facts: []string{"f2"}},
			"topic.b":    {ID: "topic.b", Title: "Topic B", Text: "answer b"},
			"human.talk": {ID: "human.talk", Title: "Human", Text: "human"},
			"bot.help":   {ID: "bot.help", Title: "Help", Text: "help"},
			"notify.off": {ID: "notify.off", Title: "Off", Text: "off"},
			"danger.x":   {ID: "danger.x", Title: "Danger", Text: "call 113", Danger: true},
		},
		slots: map[string]*dialog.Slot{
			"address": {ID: "address", Label: "Address", Own: true, Profile: true},
			"place":   {ID: "place", Label: "Place", Profile: true},
			"age":     {ID: "age", Label: "Age"},
			"work":    {ID: "work", Label: "Work"},
			"secret":  {ID: "secret", Label: "Secret", Sensitive: true},
			"days":    {ID: "days", Label: "Days"},
		},
	}
}

var words = table{
	commands: map[string]dialog.Command{
		"back": dialog.Back, "restart": dialog.Restart, "help": dialog.Help, "skip": dialog.Skip, "human": dialog.Human,
		"stop": dialog.Stop, "my data": dialog.MyData, "erase": dialog.Erase, "for me": dialog.ForSelf, "for my son": dialog.ForOther,
		"thanks": dialog.Thanks, "hi": dialog.Greeting, "go on": dialog.Resume,
	},
	meanings: map[string]dialog.Meaning{
		"start trip":      {Outcome: dialog.Answer, Target: "flow:trip", Score: 1, Question: true},
		"start other":     {Outcome: dialog.Answer, Target: "flow:other", Score: 1, Question: true},
		"start pick":      {Outcome: dialog.Answer, Target: "flow:pick", Score: 1, Slots: dialog.Values{"pick": dialog.Text("b")}},
		"start trades":    {Outcome: dialog.Answer, Target: "flow:trades", Score: 1},
		"start loop":      {Outcome: dialog.Answer, Target: "flow:loop", Score: 1},
		"what is a?":      {Outcome: dialog.Answer, Target: "topic.a", Score: .9, Question: true},
		"what is 5 b?":    {Outcome: dialog.Answer, Target: "topic.b", Score: .9, Question: true},
		"unclear?":        {Outcome: dialog.Offer, Question: true, Score: .4, Candidates: []dialog.Candidate{{"topic.a", .4}, {"topic.b", .3}}},
		"help me!":        {Outcome: dialog.Handoff, Target: "danger.x", Score: 1},
		"weather":         {Outcome: dialog.Refuse, OffTopic: true, Question: true},
		"garbage":         {Outcome: dialog.Refuse, Score: .1, Candidates: []dialog.Candidate{{"topic.b", .1}}},
		"trip for my son": {Outcome: dialog.Answer, Target: "flow:trip", Score: 1},
	},
	places: map[string][]string{"Ba Che": {"ba-che"}, "Yen Than": {"dien-xa", "tien-yen"}, "Ha Long": {"a", "b", "c", "d", "e", "f", "g"}},
	others: map[string]string{"for my son": "my son", "trip for my son": "my son"},
}

// talk plays a conversation; the session goes through its encoding between
// turns, so that state that would be lost shows.
type talk struct {
	t       testing.TB
	lib     *shelf
	at      time.Time
	session dialog.Session
	events  []dialog.Event
	options []dialog.Option
}

func newTalk(t testing.TB) *talk {
	return &talk{t: t, lib: newShelf(), at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), session: dialog.Session{Met: true}}
}

func (k *talk) engine() *dialog.Engine {
	return dialog.New(k.lib, map[string]dialog.Func{
		"picks": func(dialog.Scope) (dialog.Values, error) {
			return dialog.Values{
				"offers": dialog.List("flow:pick?pick=a", "flow:pick?pick=b"),
				"seen":   dialog.Showing(dialog.Show{Cards: []dialog.Card{{Title: "A for {bạn}", Text: "first"}, {Title: "B"}}}),
			}, nil
		},
		"sum": func(s dialog.Scope) (dialog.Values, error) {
			n, ok := s.Value("days").Number()
			if !ok {
				return nil, fmt.Errorf("no days")
			}
			if n == 13 {
				return nil, fmt.Errorf("unlucky")
			}
			return dialog.Values{"total": dialog.Text(strconv.FormatInt(n*2, 10) + " {bạn}")}, nil
		},
	})
}

func (k *talk) say(text string) string { return k.hear(dialog.Utterance{Text: text, At: k.at}) }
func (k *talk) tap(tap string) string {
	return k.hear(dialog.Utterance{Text: "tap", Tap: tap, At: k.at})
}

func (k *talk) hear(u dialog.Utterance) string {
	k.t.Helper()
	s, events := k.engine().Respond(k.session, u, words)
	k.events = events
	if n := len(events); n > 0 && events[n-1].Wait {
		var more []dialog.Event
		s, more = k.engine().Continue(s, u, words, dialog.Values{"outcome": dialog.Text("ok")})
		k.events = append(k.events, more...)
	}
	plain, secret, _, err := s.Encode()
	if err != nil {
		k.t.Fatal(err)
	}
	if len(plain) > 1024 {
		k.t.Fatalf("session of %d bytes: %s", len(plain), plain)
	}
	if k.session, err = dialog.Decode(plain, secret); err != nil {
		k.t.Fatal(err)
	}
	k.at = k.at.Add(time.Minute)
	var said []string
	for _, e := range k.events {
		if e.Type != dialog.MessageSaid {
			continue
		}
		text := e.Message.Text
		for _, o := range e.Message.Options {
			text += " [" + o.Label + "]"
		}
		k.options = e.Message.Options
		said = append(said, text)
	}
	if len(said) == 0 {
		k.t.Fatalf("nothing was said to %q", u.Text)
	}
	return strings.Join(said, " | ")
}

// plays a list of lines "in => out".
func (k *talk) plays(lines ...string) {
	k.t.Helper()
	for _, line := range lines {
		in, want, _ := strings.Cut(line, " => ")
		var got string
		if tap, ok := strings.CutPrefix(in, "tap "); ok {
			got = k.tap(tap)
		} else {
			got = k.say(in)
		}
		if got != want {
			k.t.Fatalf("%q\n got: %s\nwant: %s", in, got, want)
		}
	}
}

func (k *talk) saw(event dialog.EventType) bool {
	for _, e := range k.events {
		if e.Type == event {
			return true
		}
	}
	return false
}

const toAge = "where? [option.skip]"

// atPlace brings a talk to the question for the place.
func atPlace(t testing.TB) *talk {
	k := newTalk(t)
	k.plays("start trip => Mình asks bạn. | name?", "An => "+toAge)
	return k
}

func TestAFlowFromBeginningToEnd(t *testing.T) {
	k := atPlace(t)
	k.plays(
		"Ba Che => how old?",
		"34 => which? [Farm] [Sea] [Shop] [None]",
		"1,3 => secret? [Yes] [No]",
		"no => days?\nsource: f1",
		"30 => money? [option.skip]",
		"skip => 60 bạn for BA-CHE [Topic A] [Who]",
	)
}

// A step looked at by itself says what it says of anybody.
func TestLook(t *testing.T) {
	k := newTalk(t)
	for where, want := range map[string]string{
		"trip/hello":  "Mình asks bạn.",
		"trip/work":   "which? [Farm Sea Shop None]",
		"trip/days":   "days?\nsource: f1",
		"trip/money":  "money? [option.skip]",
		"trip/result": "{total} for {place} [Topic A Who]",
		"trip/old":    "",
		"menu/m":      "menu [Trip Topic A]",
		"menu/n":      `flow "menu" has no step "n"`,
		"none/m":      `flow "none" does not exist`,
	} {
		flow, step, _ := strings.Cut(where, "/")
		said, err := k.engine().Look(flow, step, nil, k.at)
		var got []string
		for _, m := range said {
			got = append(got, m.Text)
			var labels []string
			for _, o := range m.Options {
				labels = append(labels, o.Label)
			}
			if labels != nil {
				got = append(got, fmt.Sprint(labels))
			}
		}
		if err != nil {
			got = append(got, err.Error())
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s looks %q, want %q", where, s, want)
		}
	}
}

func TestAnOfferedTopicIsTakenByItsNumber(t *testing.T) {
	k := newTalk(t)
	k.plays("what is a? => answer a | more a\nsource: f2 [Trip] [Topic B]", "2 => answer b", "what is a? => answer a | more a\nsource: f2 [Trip] [Topic B]", "1 => Mình asks bạn. | name?")
}

func TestAJourneyWithNothingLeftToAskStillSaysSomething(t *testing.T) {
	k := atPlace(t)
	k.session.Stack = nil
	k.session.Offers = []string{"flow:who"}
	k.plays("1 => menu [Trip] [Topic A]")
}

func TestADigressionComesBackToTheQuestion(t *testing.T) {
	k := atPlace(t)
	k.plays(
		"what is a? => answer a | more a\nsource: f2 | question.again | "+toAge,
		"Ba Che => how old?",
		// A number in a question is no answer to ours.
		"what is 5 b? => answer b | question.again | how old?",
		// Another journey, and back.
		"start other => date?",
		"2026-12-01 => phone?",
		"0912345678 => flow.back-to Trip | how old?",
		"34 => which? [Farm] [Sea] [Shop] [None]",
	)
}

func TestAJourneyUnderWayIsGoneBackToNotBegunAgain(t *testing.T) {
	k := atPlace(t)
	k.plays("start other => date?", "start trip => "+toAge)
	if len(k.session.Stack) != 1 {
		t.Fatalf("stack %v", k.session.Stack)
	}
}

func TestSeveralAreTappedOneByOne(t *testing.T) {
	k := atPlace(t)
	k.plays("Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]",
		"tap trip/work=sea => several.more [Farm] [Shop] [several.done]",
		"1 => several.more [Shop] [several.done]",
		"several.done => secret? [Yes] [No]")
	if got := k.session.Mine["work"].List(); fmt.Sprint(got) != "[sea farm]" {
		t.Fatalf("work = %v", got)
	}
	k = atPlace(t)
	k.plays("Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]", "none => secret? [Yes] [No]")
	if v := k.session.Mine["work"]; v.IsZero() || len(v.List()) != 0 {
		t.Fatalf("work = %v", v)
	}
	k = atPlace(t)
	k.plays("Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]",
		"1 => several.more [Sea] [Shop] [several.done]", "1 => several.more [Shop] [several.done]", "1 => secret? [Yes] [No]")
}

func TestAPlaceThatMayBeSeveralIsAskedBack(t *testing.T) {
	k := atPlace(t)
	k.plays("Ha Long => place.wide | "+toAge, "Yen Than => place.which [DIEN-XA] [TIEN-YEN] [option.skip]", "2 => how old?")
	if k.session.Mine["place"].Text() != "tien-yen" {
		t.Fatal(k.session.Mine)
	}
	k = atPlace(t)
	k.plays("Yen Than => place.which [DIEN-XA] [TIEN-YEN] [option.skip]", "skip => how old?")
	if fmt.Sprint(k.session.Mine["place"].List()) != "[dien-xa tien-yen]" {
		t.Fatal(k.session.Mine)
	}
	k = atPlace(t)
	k.plays("Yen Than => place.which [DIEN-XA] [TIEN-YEN] [option.skip]", "Ba Che => how old?")
}

func TestGoingBackAsksTheQuestionBefore(t *testing.T) {
	k := atPlace(t)
	k.plays("back => name?", "Binh => flow.back-to Trip | "+toAge, "Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]", "back => how old?", "back => "+toAge, "back => name?", "back => back.none | name?")
}

func TestGoingBackAfterTheEndOpensTheFlowAgain(t *testing.T) {
	k := ended(t)
	k.plays("back => money? [option.skip]", "5 => 60 bạn for BA-CHE [Topic A] [Who]")
}

func ended(t *testing.T) *talk {
	k := atPlace(t)
	k.plays("Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]", "none => secret? [Yes] [No]", "yes => days?\nsource: f1", "30 => money? [option.skip]", "7 => 60 bạn for BA-CHE [Topic A] [Who]")
	return k
}

func TestAnEarlierAnswerIsCorrected(t *testing.T) {
	k := atPlace(t)
	k.plays("Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]",
		"no, in Yen Than => corrected Place: DIEN-XA, TIEN-YEN | which? [Farm] [Sea] [Shop] [None]",
		"no, 70 => corrected Age: 70 | old")
	k = ended(t)
	k.plays("no, 40 => corrected sum: 40 | 60 bạn for BA-CHE [Topic A] [Who]")
}

func TestABareNoIsNotACorrection(t *testing.T) {
	k := atPlace(t)
	k.plays("Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]", "no, whatever => miss.answer 1 | which? [Farm] [Sea] [Shop] [None]")
}

func TestStartingOverKeepsWhoThePersonIs(t *testing.T) {
	k := ended(t)
	k.plays("restart => menu [Trip] [Topic A]")
	if k.session.Mine["place"].Text() != "ba-che" || k.session.Mine["age"].Known() || k.saw(dialog.SlotFilled) {
		t.Fatalf("%+v", k.session)
	}
	k.plays("start trip => Mình asks bạn. | name?", "An => how old?")
}

func TestHelpGrowsAndAHumanIsOfferedAfterTwoMisses(t *testing.T) {
	k := atPlace(t)
	k.plays(
		"help => help 1 | help.words | "+toAge,
		"garbage => miss.answer 1 | help 1 | "+toAge,
		"garbage => miss.answer 2 | help 2 | where? [option.skip] [Human]",
		"garbage => miss.answer 2 | help 2 | where? [option.skip] [Human]",
		"2 => human | question.again | "+toAge,
		"weather => refuse.short | help 1 | "+toAge,
		"unclear? => topics.offer [Topic A] [Topic B] [option.resume]",
		"3 => "+toAge,
		"unclear? => topics.offer [Topic A] [Topic B] [option.resume]",
		"Topic B => answer b | question.again | "+toAge,
		"unclear? => topics.offer [Topic A] [Topic B] [option.resume]",
		"Ba Che => how old?",
		"500 => between 1 and 110, not 500 | how old?",
		"-3 => between 1 and 110, not -3 | how old? [option.skip] [Human]",
		"skip => which? [Farm] [Sea] [Shop] [None]",
		"skip => skip.not | which? [Farm] [Sea] [Shop] [None]",
	)
}

func TestOutsideAFlow(t *testing.T) {
	k := newTalk(t)
	k.plays(
		"hi => greeting | menu [Trip] [Topic A]",
		"thanks => thanks",
		"garbage => miss 1 [Topic B]",
		"garbage => miss 2 [Topic B] [Human]",
		"weather => refuse [Human]",
		"go on => menu [Trip] [Topic A]",
		"skip => menu [Trip] [Topic A]",
		"back => back.none | menu [Trip] [Topic A]",
		"help => help",
		"human => human",
		"stop => off",
		"my data => known:",
		"nothing known => miss 1 [Help]",
	)
}

func TestCardsAreSeenAndWrittenOut(t *testing.T) {
	k := newTalk(t)
	cards := "or one of these\n1. A for bạn\nfirst\n2. B\nsource: f1 [A] [B] [Topic A]"
	k.plays("start pick => picked B | "+cards, "1 => picked A | "+cards, "B => picked B | "+cards, "tap flow:pick?pick=a => picked A | "+cards)
	m := k.events[len(k.events)-1].Message
	if m == nil {
		m = k.events[len(k.events)-2].Message
	}
	if m.Lead != "or one of these\nsource: f1" || len(m.Show.Cards) != 2 || m.Show.Cards[0].Title != "A for bạn" {
		t.Errorf("lead %q, show %+v", m.Lead, m.Show)
	}
}

// To somebody who has not met us the introduction comes before the cards: their
// options stay with them.
func TestCardsKeepTheirOptionsBesideTheIntroduction(t *testing.T) {
	k := newTalk(t)
	k.session.Met = false
	k.plays("start pick => picked B | intro | or one of these\n1. A for bạn\nfirst\n2. B\nsource: f1 [A] [B] [Topic A]")
}

// A tap comes from outside: whoever makes a link must not answer for the
// person who opens it.
func TestAnOfferFillsOnlyWhatTheFlowIsAbout(t *testing.T) {
	k := newTalk(t)
	for _, tap := range []string{"flow:pick?address=anh", "flow:other?place=x", "flow:pick?pick=", "flow:nosuch?pick=a"} {
		if said := k.tap(tap); !strings.HasPrefix(said, "button.old") {
			t.Errorf("%s says %q", tap, said)
		}
	}
	if len(k.session.Mine) > 0 {
		t.Errorf("filled %v", k.session.Mine)
	}
}

func TestATradeIsAskedLikeAPlace(t *testing.T) {
	k := newTalk(t)
	k.plays("start trades => which trade?", "nonsense => miss.answer 1 | help | which trade?", "Yen Than => trade.which [DIEN-XA] [TIEN-YEN] [option.skip]", "2 => TIEN-YEN")
}

func TestDangerIsAnsweredAndNothingElse(t *testing.T) {
	k := atPlace(t)
	k.session.Met = false
	k.plays("help me! => call 113")
	if !k.saw(dialog.DangerSeen) || k.session.Met {
		t.Fatal("danger not seen, or the bot introduced itself")
	}
	k.session.Met = true
	k.plays("Ba Che => how old?")
}

func TestTheIntroductionWaitsItsTurn(t *testing.T) {
	k := newTalk(t)
	k.session.Met = false
	k.plays("what is a? => answer a | more a\nsource: f2 | intro [Trip] [Topic B]", "what is a? => answer a | more a\nsource: f2 [Trip] [Topic B]")
	k = newTalk(t)
	k.session.Met = false
	k.plays("start trip => Mình asks bạn. | intro | name?")
}

func TestTheAddressIsLearntFromThePersonsOwnWords(t *testing.T) {
	k := newTalk(t)
	k.plays("chị is here => miss 1 [Help]", "start trip => Em asks chị. | name?")
}

func TestAskingForAnotherKeepsTheirAnswersApart(t *testing.T) {
	k := atPlace(t)
	k.plays("Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]",
		// The questions are about somebody else now: from the beginning.
		"for my son => for my son | Mình asks bạn. | name?", "Bi => where? [option.skip]", "Ba Che => how old?", "12 => which? [Farm] [Sea] [Shop] [None]",
		"1,2 => secret? [Yes] [No]", "yes => days?\nsource: f1")
	if k.session.Mine["work"].Known() || !k.session.Theirs["work"].Known() {
		t.Fatalf("%+v", k.session)
	}
	k.plays("my data => known: Age: 34\nPlace: BA-CHE | flow.back-to Trip | days?\nsource: f1", "for me => other.ended | Mình asks bạn. | which? [Farm] [Sea] [Shop] [None]")
}

func TestSensitiveAnswersEndAfterADay(t *testing.T) {
	k := ended(t)
	if !strings.Contains(k.say("my data"), "Secret: YES") {
		t.Fatal("the secret is not known at first")
	}
	plain, secret, ends, _ := k.session.Encode()
	if strings.Contains(string(plain), "yes") || len(secret) == 0 || ends.Sub(k.at) > 24*time.Hour {
		t.Fatalf("plain %s, secret %s until %s", plain, secret, ends)
	}
	k.at = k.at.Add(24 * time.Hour)
	if got := k.say("my data"); strings.Contains(got, "Secret") {
		t.Fatal(got)
	}
}

// What was chosen so far of a sensitive question tells as much as its answer.
func TestChoicesOfASensitiveQuestionAreSensitive(t *testing.T) {
	k := newTalk(t)
	k.lib.slots["work"].Sensitive = true
	for _, text := range []string{"start trip", "An", "Ba Che", "34", "1"} {
		k.say(text)
	}
	plain, secret, ends, err := k.session.Encode()
	if err != nil || strings.Contains(string(plain), "farm") || !strings.Contains(string(secret), "farm") || !ends.Equal(k.at.Add(24*time.Hour-time.Minute)) {
		t.Errorf("plain %s, secret %s until %v, %v", plain, secret, ends, err)
	}
	k.plays("Sea => several.more [Shop] [several.done]", "several.done => secret? [Yes] [No]")
	if got := k.session.Mine["work"]; got.Known() {
		t.Errorf("work is plain: %v", got)
	}
	if said := k.say("my data"); !strings.Contains(said, "Work: FARM, SEA") {
		t.Errorf("says %q", said)
	}
}

func TestErasingForgetsEverything(t *testing.T) {
	k := ended(t)
	k.plays("erase => erased ok", "my data => known:")
	if k.session.Mine != nil || k.session.Back != nil {
		t.Fatalf("%+v", k.session)
	}
}

func TestAWeekOfSilence(t *testing.T) {
	k := atPlace(t)
	k.at = k.at.Add(21 * 24 * time.Hour)
	k.plays("Ba Che => silence.long Trip | how old?")
}

func TestAFlowEditedUnderThePerson(t *testing.T) {
	edit := func(f func(*dialog.Flow)) *talk {
		k := atPlace(t)
		k.plays("Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]", "none => secret? [Yes] [No]", "yes => days?\nsource: f1")
		k.lib = newShelf()
		k.lib.release = "r2"
		f(k.lib.flows["trip"])
		return k
	}
	rename := func(f *dialog.Flow, to string) {
		step := *f.Steps["days"]
		step.ID = to
		delete(f.Steps, "days")
		f.Steps[to] = &step
		f.Steps["secret"].Next = to
	}
	k := edit(func(f *dialog.Flow) {
		rename(f, "length")
		f.Moved = map[string]string{"days": "duration", "duration": "length"}
	})
	k.plays("30 => money? [option.skip]")

	k = edit(func(f *dialog.Flow) { rename(f, "length") })
	k.plays("30 => flow.moved | days?\nsource: f1") // the resume step and all after it are answered
	if !k.saw(dialog.FlowMoved) {
		t.Fatal("no event")
	}

	k = edit(func(f *dialog.Flow) { rename(f, "length"); f.Resume = "" })
	k.plays("30 => flow.moved | miss 1 [Help]")

	k = edit(func(f *dialog.Flow) {})
	delete(k.lib.flows, "trip")
	k.plays("what is a? => flow.moved | answer a | more a\nsource: f2 [Topic B]")
}

func TestOldButtons(t *testing.T) {
	k := ended(t)
	k.plays(
		"tap trip/secret=no => corrected Secret: NO | 60 bạn for BA-CHE [Topic A] [Who]",
		"tap trip/gone=1 => button.old | menu [Trip] [Topic A]",
		"tap gone/secret=no => button.old | menu [Trip] [Topic A]",
		"tap gone.topic => button.old | menu [Trip] [Topic A]",
		"tap other/date=? => button.old | menu [Trip] [Topic A]",
		"tap topic.b => answer b",
		"tap flow:trip => Mình asks bạn. | days?\nsource: f1",
		"tap do:restart => menu [Trip] [Topic A]",
	)
	k = atPlace(t)
	k.plays("tap trip/place=? => how old?", "tap trip/age=nonsense => button.old | how old?", "tap trip/when=1 => button.old | how old?")
}

func TestBrokenContentIsAKindSentenceAndAnEvent(t *testing.T) {
	k := newTalk(t)
	k.plays("start loop => error.content [option.restart] [Human]")
	if !k.saw(dialog.ContentFailed) || len(k.session.Stack) != 0 {
		t.Fatalf("%+v", k.session)
	}
	k = atPlace(t)
	k.plays("Ba Che => how old?", "34 => which? [Farm] [Sea] [Shop] [None]", "none => secret? [Yes] [No]", "yes => days?\nsource: f1", "13 => money? [option.skip]", "1 => error.content [option.restart] [Human]")
	k.lib.flows["trip"].Steps["hello"].Next = "nowhere"
	k.plays("start trip => Mình asks bạn. | error.content [option.restart] [Human]")
	k.lib.flows["trip"].Steps["name"].Flow = "nowhere"
	k.lib.flows["trip"].Steps["hello"].Next = "name"
	k.plays("start trip => Mình asks bạn. | error.content [option.restart] [Human]", "tap flow:trip => Mình asks bạn. | error.content [option.restart] [Human]")
	k.lib.flows["trip"].Steps["hello"].Compute = "unregistered"
	k.plays("start trip => error.content [option.restart] [Human]")
}

func TestWhatAPersonTypesIsNeverReadAsAPlaceToFill(t *testing.T) {
	k := newTalk(t)
	k.plays("start trip => Mình asks bạn. | name?", "{bạn} {total} => "+toAge)
	if got := k.session.Mine["name"].Text(); got != "(bạn) (total)" {
		t.Fatal(got)
	}
}

func TestASessionStaysSmallAfterAThousandTurns(t *testing.T) {
	k := newTalk(t)
	k.session.Mine = dialog.Values{}
	for i := range 400 { // slots that content would never have
		k.session.Mine["slot"+strconv.Itoa(i)] = dialog.Text(strings.Repeat("x", 50))
	}
	lines := []string{"start trip", strings.Repeat("ấ", 5000), "Yen Than", "1", "34", "1", "2", "3", "no", "what is a?", "start other", "garbage", "2026-01-02", "back", "30", "my data", "for my son", "start trip", "skip", "restart", "0912345678", "erase"}
	for i := range 1000 {
		k.say(lines[i*7%len(lines)]) // hear checks the size
	}
	if k.session.Turns != 1000 {
		t.Fatal(k.session.Turns)
	}
}

func TestANewerSessionIsNotTouched(t *testing.T) {
	if _, err := dialog.Decode([]byte(`{"v":999}`), nil); !errors.Is(err, dialog.ErrNewer) {
		t.Fatal(err)
	}
	for _, bad := range []string{"{", "[]", `{"m":{"a":{}}}`} {
		if _, err := dialog.Decode([]byte(bad), nil); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
	if _, err := dialog.Decode([]byte(`{"v":1}`), []byte("{")); err == nil {
		t.Error("a broken sensitive part was read")
	}
}

func TestProfileIsWhatMayBeKept(t *testing.T) {
	k := ended(t)
	kept := k.engine().Profile(k.session)
	if len(kept) != 1 || kept["place"].Text() != "ba-che" {
		t.Fatal(kept)
	}
	if s := k.engine().Remember(kept); s.Mine["place"].Text() != "ba-che" || s.Met {
		t.Fatalf("%+v", s)
	}
}

func TestValues(t *testing.T) {
	for _, v := range []dialog.Value{{}, dialog.Number(-5), dialog.Text("a"), dialog.List(), dialog.List("a", "b"), dialog.Skipped()} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var w dialog.Value
		if err := json.Unmarshal(b, &w); err != nil || !w.Equal(v) {
			t.Errorf("%s came back as %v (%v)", b, w, err)
		}
	}
	if dialog.Skipped().Known() || dialog.Skipped().Any() != nil || !dialog.Skipped().IsSkipped() || dialog.Skipped().Text() != "" {
		t.Error("a skipped value looks known")
	}
	if !dialog.Text("a").Has("a") || !dialog.List("a", "b").Has("b") || dialog.Number(1).Has("1") || dialog.Text("").Has("") {
		t.Error("Has")
	}
	if dialog.Number(3).Any() != int64(3) || dialog.Text("x").Any() != "x" || len(dialog.List("a").Any().([]string)) != 1 || (dialog.Value{}).Any() != nil {
		t.Error("Any")
	}
}

// BenchmarkTurn is the figure of the architecture: decode, respond, encode,
// over nine messages with misses.
func BenchmarkTurn(b *testing.B) {
	k := newTalk(b)
	engine := k.engine()
	script := []string{"start trip", "An", "garbage", "Ba Che", "what is a?", "34", "1,3", "no", "30"}
	b.ReportAllocs()
	var plain, secret []byte
	for i := 0; b.Loop(); i++ {
		if i%len(script) == 0 {
			plain, secret = nil, nil
		}
		s, err := dialog.Decode(plain, secret)
		if err != nil {
			b.Fatal(err)
		}
		s, events := engine.Respond(s, dialog.Utterance{Text: script[i%len(script)], At: k.at}, words)
		if len(events) == 0 {
			b.Fatal("silence")
		}
		if plain, secret, _, err = s.Encode(); err != nil {
			b.Fatal(err)
		}
	}
}

// A turn may allocate 80 times, of somebody who has answered all before 95 times:
// the lines are no answers then, and what is said instead is longer. How long the
// talk is adds nothing, and the machine's mood doesn't change that.
func TestATurnAllocatesLittle(t *testing.T) {
	lines := []string{"start trip", "An", "garbage", "Ba Che", "what is a?", "34", "1,3", "no", "30"}
	for age, most := range map[int]float64{1: 80, 100: 95, 1000: 95} {
		k := newTalk(t)
		for k.session.Turns < age-1 {
			k.say(lines[k.session.Turns%len(lines)])
		}
		engine, begin := k.engine(), k.session
		for len(begin.Stack) > 0 {
			k.say("restart")
			begin = k.session
		}
		n := testing.AllocsPerRun(20, func() {
			s := begin
			for _, text := range lines {
				plain, secret, _, err := s.Encode()
				if err != nil {
					t.Fatal(err)
				}
				if s, err = dialog.Decode(plain, secret); err != nil {
					t.Fatal(err)
				}
				var events []dialog.Event
				if s, events = engine.Respond(s, dialog.Utterance{Text: text, At: k.at}, words); len(events) == 0 {
					t.Fatal("silence")
				}
			}
		}) / float64(len(lines))
		if raced {
			most *= 1.5 // pools forget on purpose
		}
		t.Logf("%.0f allocations a turn after %d turns", n, age)
		if n > most {
			t.Errorf("%.0f allocations a turn after %d turns, at most %.0f", n, age, most)
		}
	}
}

// A topic about places says first what became of the place that was named.
func TestAPlaceThatIsNoMoreIsToldFirst(t *testing.T) {
	k := newTalk(t)
	k.lib.topics["topic.a"].Place = true
	meaning := dialog.Meaning{Outcome: dialog.Answer, Target: "topic.a", Score: .9, Question: true}
	for text, want := range map[string]string{
		"where is Ba Che?":   "place.now",
		"where is Yen Than?": "place.split",
		"where is nothing?":  "answer a",
		"where is Ha Long?":  "answer a", // too many to name
	} {
		words := words
		words.meanings = map[string]dialog.Meaning{text: meaning}
		_, events := k.engine().Respond(k.session, dialog.Utterance{Text: text, At: k.at}, words)
		i := slices.IndexFunc(events, func(ev dialog.Event) bool { return ev.Message != nil })
		if said := events[i].Message.Text; !strings.HasPrefix(said, want) {
			t.Errorf("%s: %q", text, said)
		}
	}
}

// Answers are those of the person that the talk is about, and how the writer
// is addressed.
func TestAnswersAreOfWhomTheTalkIsAbout(t *testing.T) {
	k := newTalk(t)
	for _, text := range []string{"start trip", "An", "Ba Che", "34", "1,3", "no"} {
		k.say(text)
	}
	mine := k.engine().Answers(k.session)
	if mine["place"].Text() != "ba-che" || mine["secret"].Text() != "no" || len(mine["work"].List()) != 2 {
		t.Errorf("%v", mine)
	}
	k.say("for my son")
	for _, text := range []string{"Binh", "Yen Than"} {
		k.say(text)
	}
	theirs := k.engine().Answers(k.session)
	if theirs["name"].Text() != "Binh" || theirs["place"].Known() || theirs["secret"].Known() {
		t.Errorf("of the son: %v", theirs)
	}
}

// What is said while a sensitive answer is kept or asked for may tell it: it
// ends when that does.
func TestWhatMayTellASensitiveAnswerEndsWithIt(t *testing.T) {
	k := newTalk(t)
	if until := k.engine().PrivateUntil(k.session, k.at); !until.IsZero() {
		t.Errorf("nothing is sensitive, and ends at %v", until)
	}
	for _, text := range []string{"start trip", "An", "Ba Che", "34", "1,3"} {
		k.say(text)
	}
	if until := k.engine().PrivateUntil(k.session, k.at); !until.Equal(k.at.Add(24 * time.Hour)) {
		t.Errorf("the question ends at %v, asked at %v", until, k.at)
	}
	answered := k.at
	k.say("no")
	k.say("30")
	if until := k.engine().PrivateUntil(k.session, k.at); !until.Equal(answered.Add(24 * time.Hour)) {
		t.Errorf("the answer of %v ends at %v", answered, until)
	}
}

// Every kind of answer can be taken back.
func TestEveryKindOfAnswerIsCorrected(t *testing.T) {
	k := newTalk(t)
	for _, text := range []string{"start trip", "An", "Ba Che", "34", "1,3", "no", "30"} {
		k.say(text)
	}
	for text, want := range map[string]string{
		"no, Yen Than":   "corrected Place: DIEN-XA, TIEN-YEN",
		"no, Farm, Sea":  "corrected Work: FARM, SEA",
		"no, Yes":        "corrected Secret: YES",
		"no, something?": "miss",
	} {
		if said := k.say(text); !strings.Contains(said, want) {
			t.Errorf("%s: %q", text, said)
		}
	}
}

// A session that would be too large gives up what can be missed most easily.
func TestASessionShedsWhatCanBeMissed(t *testing.T) {
	long := strings.Repeat("x", 60)
	s := dialog.Session{Mine: dialog.Values{"place": dialog.Text("ba-che")}, Theirs: dialog.Values{}}
	for i := range 20 {
		s.Back = append(s.Back, dialog.Frame{Flow: "trip", Step: fmt.Sprint(i)})
		s.Offers = append(s.Offers, "topic."+long)
		s.Theirs[fmt.Sprint("their", i)] = dialog.Text(long)
		s.Mine[fmt.Sprint("mine", i)] = dialog.Text(long)
	}
	plain, _, _, err := s.Encode()
	if err != nil || len(plain) > 1024 {
		t.Fatalf("%d bytes, %v", len(plain), err)
	}
	kept, err := dialog.Decode(plain, nil)
	if err != nil || len(kept.Back)+len(kept.Offers)+len(kept.Theirs) != 0 || kept.Mine["place"].Text() != "ba-che" {
		t.Errorf("%+v %v", kept, err)
	}
}

// What an effect gives under the name of a profile slot is known from then on,
// of the one who writes; what it gives under other names lasts as long as the
// turn.
func TestAnEffectMayTellTheProfile(t *testing.T) {
	k := newTalk(t)
	k.lib.flows["join"] = &dialog.Flow{ID: "join", Title: "Join", Start: "do", Steps: map[string]*dialog.Step{
		"do":   {ID: "do", Kind: dialog.Do, Effect: "join", Wait: true, Next: "done"},
		"done": {ID: "done", Kind: dialog.End, Text: "joined {outcome}"},
	}}
	u := dialog.Utterance{Text: "tap", Tap: "flow:join", At: k.at}
	s, events := k.engine().Respond(k.session, u, words)
	if !events[len(events)-1].Wait {
		t.Fatalf("nothing is waited for: %v", events)
	}
	s, events = k.engine().Continue(s, u, words, dialog.Values{"outcome": dialog.Text("ok"), "place": dialog.Text("ba-che"), "age": dialog.Number(30)})
	if s.Mine["place"].Text() != "ba-che" || s.Mine["age"].Known() || s.Mine["outcome"].Known() {
		t.Errorf("the session knows %v", s.Mine)
	}
	if !slices.ContainsFunc(events, func(e dialog.Event) bool { return e.Type == dialog.SlotFilled && e.Slot == "place" }) {
		t.Errorf("not told: %v", events)
	}
}
