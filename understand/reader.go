package understand

import (
	_ "embed"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"nghe/content"
	"nghe/dialog"
	"nghe/viet"
)

// Reader reads what people type. It never changes after New and serves any
// number of goroutines.
type Reader struct {
	lexicon  *viet.Lexicon
	concepts *concepts
	index    *index
	outside  int32 // the subject of what is none of our business
	commands *phraseTable
	dangers  *dangers
	distress *distress
	places   *placeNames
	trades   *tradeNames
	journeys map[string]string          // topic -> the flow that answers it better
	nears    map[string]string          // topic -> the flow that answers it for a place that is named
	about    map[string][]string        // topic -> the trades it tells of
	asks     map[string]map[string]bool // flow -> the slots it asks for
	forms    map[string]string          // word for oneself -> form of address
	labels   labels
	slashes  map[string]string // "/duyet" -> the flow that it begins
	staff    map[string]string // letters of what staff say -> the flow that it begins
}

var _ dialog.Reader = (*Reader)(nil)

//go:embed profiles.txt
var profilesText string

//go:embed outside.txt
var outsideText string

// outsideID is the subject of questions that are none of our business. It is
// never among the candidates.
const outsideID = "out.other"

// flowPrefix marks the subjects that are journeys, as dialog.Meaning.Target
// names them.
const flowPrefix = "flow:"

// New makes a reader of what there is to talk about.
func New(lib *content.Library) *Reader {
	var subjects []subject
	slashes := map[string]string{}
	for _, t := range lib.Topics {
		subjects = append(subjects, subject{id: t.ID, asks: t.Asks, title: t.Title, text: t.Answer})
	}
	staff := map[string]string{}
	for _, f := range lib.Flows {
		var asks []string
		for _, a := range f.Asks {
			switch {
			case strings.HasPrefix(a, "/"):
				slashes[viet.Fold(a)] = f.ID
			case f.Staff:
				staff[joined(viet.Words(a))] = f.ID
			default:
				asks = append(asks, a)
			}
		}
		if len(asks) > 0 {
			subjects = append(subjects, subject{id: flowPrefix + f.ID, asks: asks, title: f.Title})
		}
	}
	r, asked := newReader(subjects, vocabulary(lib))
	r.slashes, r.staff = slashes, staff
	r.commands = newPhraseTable(commandsText)
	r.dangers = newDangers(lib.Dangers, r.lexicon)
	learnt := r.learn(asked, lib.Dangers)
	defer learnt()
	r.places = newPlaceNames(lib)
	r.trades = newTradeNames(r, lib)
	r.journeys, r.nears, r.about, r.asks = map[string]string{}, map[string]string{}, map[string][]string{}, map[string]map[string]bool{}
	for _, t := range lib.Topics {
		r.journeys[t.ID], r.nears[t.ID], r.about[t.ID] = t.Journey, t.Near, t.Trades
	}
	for _, f := range lib.Flows {
		r.asks[f.ID] = map[string]bool{}
		for _, s := range f.Steps {
			r.asks[f.ID][s.Slot] = true
		}
	}
	r.forms = map[string]string{}
	for _, f := range lib.Forms {
		for _, self := range f.Selves {
			r.forms[self] = f.ID
		}
	}
	return r
}

// learn makes the index of what was asked, and at the same time what tells
// danger from all else. It is done when the function that it gives returns.
func (r *Reader) learn(asked []sample, list []*content.Topic) (wait func()) {
	var done sync.WaitGroup
	done.Go(func() { r.index.learn(asked) })
	done.Go(func() {
		distress, told := readDistress(r, list, asked)
		distress.learn(told)
		r.distress = distress
	})
	return done.Wait
}

// vocabulary is everything else that people may name: typing is mended
// towards these words.
func vocabulary(lib *content.Library) []string {
	texts := []string{commandsText, dangerText, signsText}
	for _, d := range lib.Dangers {
		texts = append(texts, d.Asks...)
	}
	for _, f := range lib.Flows {
		for _, s := range f.Steps {
			for _, o := range s.Options {
				texts = append(append(texts, o.Label), o.Also...)
			}
		}
	}
	for _, p := range lib.Places {
		texts = append(texts, p.Name)
		for _, m := range p.MergedFrom {
			texts = append(texts, m.Name, m.District)
		}
	}
	for _, t := range lib.Trades {
		texts = append(append(texts, t.Name, t.Label()), t.Aliases...)
	}
	return texts
}

func newReader(subjects []subject, texts []string) (*Reader, []sample) {
	r := &Reader{concepts: newConcepts(conceptsText)}
	subjects = append(subjects, subject{id: outsideID, asks: lines(outsideText)})
	texts = append(texts, r.concepts.texts()...)
	for _, s := range subjects {
		texts = append(texts, s.asks...)
		texts = append(texts, s.title, s.text)
	}
	r.lexicon = viet.NewLexicon(each(texts, viet.Words))
	r.outside = int32(len(subjects) - 1)
	var samples []sample
	r.index, samples = readIndex(r, subjects, readProfiles(profilesText, r.concepts))
	return r, samples
}

// each calls f for all of a list, on all processors, and gives what it gave in
// the order of the list.
func each[T, R any](list []T, f func(T) R) []R {
	out := make([]R, len(list))
	var next atomic.Int64
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(list)); i = next.Add(1) - 1 {
				out[i] = f(list[i])
			}
		})
	}
	done.Wait()
	return out
}

// words gives the words of a short text as they were probably meant.
func (r *Reader) words(text string) []viet.Word {
	return viet.Repair(viet.Clean(text, maxText), r.lexicon)
}

// means says whether a typed word may be the word of a phrase: marks that
// were typed count, marks that were left out don't.
func (r *Reader) means(typed, word viet.Word) bool {
	return typed.Fold == word.Fold && (!typed.Marked() || typed.Canon == word.Canon || !r.lexicon.Written(typed.Canon))
}

// starts says whether the typed words begin with a phrase.
func (r *Reader) starts(typed, phrase []viet.Word) bool {
	if len(phrase) == 0 || len(phrase) > len(typed) {
		return false
	}
	for i, w := range phrase {
		if !r.means(typed[i], w) {
			return false
		}
	}
	return true
}

// find gives where a phrase begins in the typed words, or -1.
func (r *Reader) find(typed, phrase []viet.Word) int {
	for i := 0; i+len(phrase) <= len(typed); i++ {
		if r.starts(typed[i:], phrase) {
			return i
		}
	}
	return -1
}

// lines gives the lines of a text that are not comments.
func lines(s string) []string {
	var list []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			list = append(list, line)
		}
	}
	return list
}

// readProfiles reads "topic = concept concept" lines.
func readProfiles(s string, c *concepts) map[string][][]int32 {
	profiles := map[string][][]int32{}
	for _, line := range lines(s) {
		topic, names, _ := strings.Cut(line, "=")
		var list []int32
		for name := range strings.FieldsSeq(names) {
			list = append(list, c.id(name))
		}
		topic = strings.TrimSpace(topic)
		profiles[topic] = append(profiles[topic], list)
	}
	return profiles
}
