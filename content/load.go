package content

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/robfig/cron/v3"

	"nghe/dialog"
)

//go:embed *.yaml facts flows topics
var files embed.FS

// Builtin gives the content that the program was built with.
func Builtin() fs.FS { return files }

// Load reads what is built in and then each override on top of it. It gives
// all problems at once, in order of file and line; the library is nil when any
// of them is more than a warning.
func Load(builtin fs.FS, overrides ...fs.FS) (*Library, []Problem) {
	r := &reader{layers: append([]fs.FS{builtin}, overrides...), sum: sha256.New(), known: map[string]bool{}}
	raw := readAll(r)
	r.strangers()
	l := raw.library()
	l.Overrides = r.replaced
	l.release = hex.EncodeToString(r.sum.Sum(nil))[:12]
	problems := append(r.problems, raw.check(l)...)
	sortProblems(problems)
	if len(Errors(problems)) > 0 {
		return nil, problems
	}
	return l, problems
}

// builtin is the built-in library. What is built in never changes, so it is
// read once in a process, however many parts of it (or tests) ask.
var builtin = sync.OnceValues(func() (*Library, []Problem) { return Load(Builtin()) })

// MustBuiltin gives the built-in library, the same one at each call. It panics
// with all problems.
func MustBuiltin() *Library {
	l, problems := builtin()
	if l == nil {
		var b strings.Builder
		for _, p := range problems {
			fmt.Fprintln(&b, p)
		}
		panic("built-in content:\n" + b.String())
	}
	return l
}

// raw is what was read, with where it stands.
type raw struct {
	facts        []item[Fact]
	sources      []item[Source]
	places       []item[Place]
	districts    []item[FormerDistrict]
	ambiguous    []item[AmbiguousName]
	institutions []item[Institution]
	trades       []item[Trade]
	stories      []item[Story]
	topics       []item[Topic]
	dangers      []item[Topic]
	phrases      []item[Phrase]
	forms        []item[Form]
	slots        []item[Slot]
	flows        []item[FlowFile]
	supports     []item[Regime]
	loans        []item[Programme]
	traits       []item[Trait]
	questions    []item[MatchQuestion]
	exclusions   []item[Exclusion]
	inland       []item[InlandPlace]
	holidays     []item[Holiday]
	reminders    []item[Reminder]
	queues       []item[Queue]
	bodies       []item[Body]
	canned       []item[Canned]

	compiled map[string]*dialog.Flow
	problems []Problem // of compiling
}

// readAll is the table of kinds: which files, under which key, named by what.
func readAll(r *reader) *raw {
	return &raw{
		facts:        readKind(r, "facts/*.yaml", "facts", func(x *Fact) string { return x.ID }),
		sources:      readKind(r, "sources.yaml", "sources", func(x *Source) string { return x.ID }),
		places:       readKind(r, "places.yaml", "places", func(x *Place) string { return x.ID }),
		districts:    readKind(r, "places.yaml", "former_districts", func(x *FormerDistrict) string { return x.Name }),
		ambiguous:    readKind(r, "places.yaml", "ambiguous", func(x *AmbiguousName) string { return x.Name }),
		institutions: readKind(r, "institutions.yaml", "institutions", func(x *Institution) string { return x.ID }),
		trades:       readKind(r, "trades.yaml", "trades", func(x *Trade) string { return x.ID }),
		stories:      readKind(r, "stories.yaml", "stories", func(x *Story) string { return x.ID }),
		topics:       readKind(r, "topics/*.yaml", "topics", func(x *Topic) string { return x.ID }),
		dangers:      readKind(r, "dangers.yaml", "dangers", func(x *Topic) string { return x.ID }),
		phrases:      readKind(r, "phrases.yaml", "phrases", func(x *Phrase) string { return x.ID }),
		forms:        readKind(r, "phrases.yaml", "forms", func(x *Form) string { return x.ID }),
		slots:        readKind(r, "slots.yaml", "slots", func(x *Slot) string { return x.ID }),
		flows:        readKind(r, "flows/*.yaml", "", func(x *FlowFile) string { return x.ID }),
		supports:     readKind(r, "supports.yaml", "regimes", func(x *Regime) string { return x.ID }),
		loans:        readKind(r, "loans.yaml", "programmes", func(x *Programme) string { return x.ID }),
		traits:       readKind(r, "matching.yaml", "traits", func(x *Trait) string { return x.ID }),
		questions:    readKind(r, "matching.yaml", "questions", func(x *MatchQuestion) string { return x.ID }),
		exclusions:   readKind(r, "matching.yaml", "exclusions", func(x *Exclusion) string { return x.ID }),
		inland:       readKind(r, "matching.yaml", "inland", func(x *InlandPlace) string { return x.ID }),
		holidays:     readKind(r, "holidays.yaml", "holidays", func(x *Holiday) string { return x.ID }),
		reminders:    readKind(r, "reminders.yaml", "reminders", func(x *Reminder) string { return x.ID }),
		queues:       readKind(r, "queues.yaml", "queues", func(x *Queue) string { return x.ID }),
		bodies:       readKind(r, "queues.yaml", "bodies", func(x *Body) string { return x.ID }),
		canned:       readKind(r, "canned.yaml", "canned", func(x *Canned) string { return x.ID }),
	}
}

// Library is all content at one moment. It never changes; its methods are
// safe for use by several goroutines, and what they give must not be changed.
type Library struct {
	Facts           []*Fact
	Sources         []*Source
	Places          []*Place
	FormerDistricts []FormerDistrict
	Ambiguous       []AmbiguousName
	Institutions    []*Institution
	Trades          []*Trade
	Stories         []*Story
	Topics          []*Topic
	Dangers         []*Topic
	Flows           []*FlowFile
	Slots           []*Slot
	Regimes         []*Regime
	Programmes      []*Programme
	Forms           []Form
	Matching        Matching
	Holidays        []*Holiday
	Reminders       []*Reminder
	Queues          []*Queue
	Bodies          []*Body
	Canned          []*Canned
	// Overrides are the built-in items that other files stand in for.
	Overrides []Override

	release    string
	facts      map[string]*Fact
	sources    map[string]*Source
	places     map[string]*Place
	trades     map[string]*Trade
	topics     map[string]*dialog.Topic
	phrases    map[string][]string
	forms      map[string]map[string]string
	slots      map[string]*dialog.Slot
	flows      map[string]*dialog.Flow
	valueNames map[string]string
	slotKinds  map[string]dialog.Kind

	placeAt map[string]int // in Places
	km      [][]float64    // between Places
	nearest map[string][]string
}

// pointers gives the values of items.
func pointers[T any](items []item[T]) []*T {
	out := make([]*T, len(items))
	for i := range items {
		out[i] = &items[i].value
	}
	return out
}

func (w *raw) library() *Library {
	l := &Library{
		Facts: pointers(w.facts), Sources: pointers(w.sources), Places: pointers(w.places), Institutions: pointers(w.institutions), Trades: pointers(w.trades),
		Stories: pointers(w.stories), Topics: pointers(w.topics), Dangers: pointers(w.dangers), Flows: pointers(w.flows),
		Slots: pointers(w.slots), Regimes: pointers(w.supports), Programmes: pointers(w.loans), Holidays: pointers(w.holidays), Reminders: pointers(w.reminders), Queues: pointers(w.queues), Bodies: pointers(w.bodies), Canned: pointers(w.canned),
		facts: map[string]*Fact{}, sources: map[string]*Source{}, places: map[string]*Place{}, trades: map[string]*Trade{}, topics: map[string]*dialog.Topic{},
		phrases: map[string][]string{}, forms: map[string]map[string]string{}, slots: map[string]*dialog.Slot{},
		valueNames: map[string]string{}, slotKinds: map[string]dialog.Kind{},
	}
	for _, f := range w.districts {
		l.FormerDistricts = append(l.FormerDistricts, f.value)
	}
	for _, a := range w.ambiguous {
		l.Ambiguous = append(l.Ambiguous, a.value)
	}
	for _, s := range l.Sources {
		l.sources[s.ID] = s
	}
	for _, f := range l.Facts {
		l.facts[f.ID] = f
		if s := l.sources[f.Source]; s != nil {
			f.cite = s.Document
		}
		if f.Article != "" {
			f.cite += ", " + f.Article
		}
	}
	for _, p := range l.Places {
		l.places[p.ID] = p
	}
	for _, t := range l.Trades {
		l.trades[t.ID] = t
	}
	l.measure()
	for _, t := range l.Topics {
		l.topics[t.ID] = t.forDialog(false)
	}
	for _, t := range l.Dangers {
		l.topics[t.ID] = t.forDialog(true)
	}
	for _, p := range w.phrases {
		l.phrases[p.value.ID] = p.value.Texts
	}
	for _, f := range w.forms {
		l.Forms = append(l.Forms, f.value)
		l.forms[f.value.ID] = f.value.fill()
	}
	for _, s := range l.Slots {
		l.slots[s.ID] = &dialog.Slot{ID: s.ID, Label: s.Label, Sensitive: s.Sensitive, Profile: s.Profile, Own: s.Own}
	}
	l.Matching = Matching{pointers(w.traits), pointers(w.questions), pointers(w.exclusions), map[string]bool{}}
	for _, p := range w.inland {
		l.Matching.Inland[p.value.ID] = true
	}
	for _, r := range l.Reminders {
		// What can't be read is told by check, and then there is no library.
		r.schedule, _ = cron.ParseStandard(r.When)
	}
	for _, q := range l.Queues {
		q.plan()
	}
	w.compile(l)
	l.flows = w.compiled
	return l
}

func (t *Topic) forDialog(danger bool) *dialog.Topic {
	return &dialog.Topic{ID: t.ID, Title: t.Title, Text: t.Answer, Offers: t.Next, Facts: t.Facts, Danger: danger, Place: t.Place, Effect: t.Effect, Begins: t.Begins}
}

// fill is what the places {bạn}, {Bạn}, {mình} and {Mình} stand for.
func (f Form) fill() map[string]string {
	return map[string]string{"bạn": f.ID, "Bạn": capital(f.ID), "mình": f.Self, "Mình": capital(f.Self)}
}

func capital(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}
