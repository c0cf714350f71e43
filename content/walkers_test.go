package content_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"nghe/bot"
	"nghe/content"
	"nghe/course"
	"nghe/demo"
	"nghe/dialog"
	"nghe/understand"
)

var (
	walks    = flag.Int("walks", 1000, "random conversations to walk")
	walkSeed = flag.Uint64("walkseed", 1, "seed of the first of them; a failure names the seed that shows it alone")
)

// Limits of the strictest channel, for what is said in one bubble.
const (
	mostText    = 2000 // characters (Zalo)
	mostLabel   = 30   // characters of a label
	mostTap     = 64   // bytes of a tap (Telegram)
	mostOptions = 8    // beyond the buttons they are numbered text
	mostSession = 1024 // bytes on the wire, with what is sensitive
	halfSession = 600  // of half of them
)

// Random people walk through the shipped content: they tap, also on old
// buttons, type labels, numbers, questions, places, commands and garbage, stay
// away for days, and have the content edited under them. Whatever they do
// there is a reply within the limits of every channel, and help and starting
// over always work.
func TestRandomWalkers(t *testing.T) {
	shipped := content.MustBuiltin()
	var brains []bot.Brain
	for _, lib := range []*content.Library{shipped, edited(t, "moved"), edited(t, "removed")} {
		reader := understand.New(lib)
		// Classes come and go, too.
		brains = append(brains, brain(lib, course.NewCatalogue(demo.Courses(lib, walkersBegin)), reader), brain(lib, course.NewCatalogue(nil), reader))
	}
	w := world{
		brains: brains,
		words:  sayable(shipped),
	}
	turns := 0
	for i := range *walks {
		seed := *walkSeed + uint64(i)
		n, err := w.walk(rand.New(rand.NewPCG(seed, 0)))
		turns += n
		if err != nil {
			t.Fatalf("%v\nalone: go test ./content -run TestRandomWalkers -walks 1 -walkseed %d", err, seed)
		}
	}
	slices.Sort(w.sizes)
	half := w.sizes[len(w.sizes)/2]
	t.Logf("%d conversations, %d turns; sessions of %d bytes at the median, at most %d", *walks, turns, half, w.sizes[len(w.sizes)-1])
	if half > halfSession {
		t.Errorf("half of the sessions have more than %d bytes", half)
	}
}

var walkersBegin = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// world is what all walkers share.
type world struct {
	brains []bot.Brain // the shipped content, and edits of it
	words  []string
	sizes  []int // of sessions, after each turn
}

// walker is one random person.
type walker struct {
	*world
	rand    *rand.Rand
	brain   bot.Brain
	plain   []byte
	secret  []byte
	at      time.Time
	options []dialog.Option // of the last bubble
	old     []dialog.Option // of all before
	said    strings.Builder // what happened, for who has to mend it
}

func (w *world) walk(r *rand.Rand) (turns int, err error) {
	k := &walker{world: w, rand: r, brain: w.brains[0], at: walkersBegin}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s\npanic: %v", k.said.String(), p)
		}
	}()
	for length := 4 + r.IntN(24); turns < length; turns++ {
		k.live()
		if err := k.hear(k.next()); err != nil {
			return turns, fmt.Errorf("%s%w", k.said.String(), err)
		}
	}
	if err := k.canLeave(); err != nil {
		return turns, fmt.Errorf("%s%w", k.said.String(), err)
	}
	return turns, nil
}

// live lets time pass, and the content change.
func (k *walker) live() {
	k.at = k.at.Add(time.Duration(1+k.rand.IntN(90)) * time.Second)
	switch k.rand.IntN(40) {
	case 0:
		k.at = k.at.Add(time.Duration(k.rand.IntN(30*24)) * time.Hour)
	case 1:
		k.brain = k.brains[k.rand.IntN(len(k.brains))]
		k.said.WriteString("(the content is edited)\n")
	}
}

// next is what the person does.
func (k *walker) next() dialog.Utterance {
	u := dialog.Utterance{At: k.at}
	switch n := k.rand.IntN(20); {
	case n < 8 && len(k.options) > 0:
		o := k.options[k.rand.IntN(len(k.options))]
		u.Text, u.Tap = o.Label, o.Tap
	case n < 9 && len(k.old) > 0:
		o := k.old[k.rand.IntN(len(k.old))]
		u.Text, u.Tap = o.Label, o.Tap
	case n < 11 && len(k.options) > 0:
		u.Text = k.options[k.rand.IntN(len(k.options))].Label
	case n < 14:
		u.Text = strconv.Itoa(k.rand.IntN(9))
	case n < 18:
		u.Text = k.words[k.rand.IntN(len(k.words))]
		if k.rand.IntN(3) == 0 {
			u.Text += " " + k.words[k.rand.IntN(len(k.words))]
		}
	case n < 19:
		u.Text = strconv.FormatInt(k.rand.Int64N(1<<40)>>k.rand.IntN(40), 10) + []string{"", " triệu", " ngày", "km", " tuổi", "/11/1990"}[k.rand.IntN(6)]
	default:
		u.Text, u.Tap = k.garbage()
	}
	return u
}

// garbage is what no person means.
func (k *walker) garbage() (text, tap string) {
	letters := []rune("aăâbcđ eêghik lmnoôơpqrstuưvxy0123456789{}[]<>&%$#\n\t\u202e\u0301😂👍🏽漢字")
	r := make([]rune, 1+k.rand.IntN(40))
	for i := range r {
		r[i] = letters[k.rand.IntN(len(letters))]
	}
	text = string(r)
	if k.rand.IntN(3) == 0 {
		tap = []string{"support/work=", "=", "flow:", "flow:nosuch", "flow:support?consent=yes", "do:", "do:nothing", "a/b=c", text}[k.rand.IntN(9)]
	}
	return text, tap
}

// hear has the engine answer and looks at what it says.
func (k *walker) hear(u dialog.Utterance) error {
	fmt.Fprintf(&k.said, "> %q tap %q\n", u.Text, u.Tap)
	s, err := dialog.Decode(k.plain, k.secret)
	if err != nil {
		return err
	}
	s, events := k.brain.Engine.Respond(s, u, k.brain.Reader)
	for range 4 {
		n := len(events)
		if n == 0 || !events[n-1].Wait {
			break
		}
		outcome := dialog.Values{}
		for _, name := range content.Effects[events[n-1].Effect] {
			outcome[name] = dialog.Text("yes")
		}
		var more []dialog.Event
		s, more = k.brain.Engine.Continue(s, u, k.brain.Reader, outcome)
		events = append(events[:n-1:n-1], more...)
	}
	var ends time.Time
	if k.plain, k.secret, ends, err = s.Encode(); err != nil {
		return err
	}
	if k.secret != nil && !ends.After(k.at) {
		return fmt.Errorf("sensitive answers that ended at %v are kept at %v", ends, k.at)
	}
	k.sizes = append(k.sizes, len(k.plain)+len(k.secret))
	if len(k.plain)+len(k.secret) > mostSession {
		return fmt.Errorf("the session has %d bytes: %s %s", len(k.plain)+len(k.secret), k.plain, k.secret)
	}
	return k.check(events)
}

// unfilled finds places that nothing filled.
var unfilled = regexp.MustCompile(`\{[\pL_]+\}`)

func (k *walker) check(events []dialog.Event) error {
	bubbles := 0
	k.old = append(k.old, k.options...)
	k.options = nil
	for _, ev := range events {
		if ev.Type == dialog.ContentFailed {
			return fmt.Errorf("content failed: %s", ev.Error)
		}
		if ev.Type != dialog.MessageSaid {
			continue
		}
		bubbles++
		m := ev.Message
		fmt.Fprintf(&k.said, "  %q %v\n", m.Text, labels(m.Options))
		switch {
		case strings.TrimSpace(m.Text) == "":
			return fmt.Errorf("an empty bubble")
		case utf8.RuneCountInString(m.Text) > mostText:
			return fmt.Errorf("a bubble of %d characters", utf8.RuneCountInString(m.Text))
		case unfilled.MatchString(m.Text):
			return fmt.Errorf("the place %s was not filled", unfilled.FindString(m.Text))
		case len(m.Options) > mostOptions:
			return fmt.Errorf("%d options", len(m.Options))
		case m.Show != nil && len(m.Show.Cards) > 0 && len(m.Options) < len(m.Show.Cards):
			return fmt.Errorf("%d cards and only %d options", len(m.Show.Cards), len(m.Options))
		}
		for _, o := range m.Options {
			if n := utf8.RuneCountInString(o.Label); n == 0 || n > mostLabel || o.Tap == "" || len(o.Tap) > mostTap {
				return fmt.Errorf("option %q with the tap %q", o.Label, o.Tap)
			}
		}
		k.options = m.Options
	}
	if bubbles == 0 {
		return fmt.Errorf("no reply")
	}
	return nil
}

func labels(options []dialog.Option) []string {
	var list []string
	for _, o := range options {
		list = append(list, o.Label)
	}
	return list
}

// canLeave sees that help and starting over work wherever the person is.
func (k *walker) canLeave() error {
	if err := k.hear(dialog.Utterance{Text: "trợ giúp", At: k.at}); err != nil {
		return err
	}
	if err := k.hear(dialog.Utterance{Text: "bắt đầu lại", At: k.at}); err != nil {
		return err
	}
	if len(k.options) < 3 {
		return fmt.Errorf("starting over offers only %v", labels(k.options))
	}
	return nil
}

// sayable is what people may type: every way of asking and every name in the
// content, and the commands.
func sayable(lib *content.Library) []string {
	words := strings.Split("quay lại|bỏ qua|menu|trợ giúp|gặp người|dừng|thông tin của tôi|xoá dữ liệu|hỏi cho con trai tôi|hỏi cho tôi|cảm ơn|chào em|tiếp tục|không, em ở Tiên Yên|nhầm, 45 ngày|có|không|1,3|hết rồi", "|")
	for _, t := range lib.Topics {
		words = append(words, t.Asks...)
	}
	for _, t := range lib.Dangers {
		words = append(words, t.Asks[:min(1, len(t.Asks))]...)
	}
	for _, f := range lib.Flows {
		words = append(words, f.Asks...)
		for _, s := range f.Steps {
			for _, o := range s.Options {
				words = append(words, o.Also...)
			}
		}
	}
	for _, p := range lib.Places {
		words = append(words, p.Name)
		for _, m := range p.MergedFrom {
			words = append(words, m.Name)
		}
	}
	for _, t := range lib.Trades {
		words = append(words, t.Name)
		words = append(words, t.Aliases...)
	}
	return words
}

// The walkers see what they are sent to see: were they blind, every
// conversation would pass.
func TestWalkersSeeWhatIsWrong(t *testing.T) {
	said := func(m dialog.Message) []dialog.Event { return []dialog.Event{{Type: dialog.MessageSaid, Message: &m}} }
	for name, events := range map[string][]dialog.Event{
		"silence":       nil,
		"an empty text": said(dialog.Message{Text: " "}),
		"a long text":   said(dialog.Message{Text: strings.Repeat("ơ", mostText+1)}),
		"a place":       said(dialog.Message{Text: "Chào {bạn}"}),
		"a long label":  said(dialog.Message{Text: "x", Options: []dialog.Option{{Label: strings.Repeat("ơ", mostLabel+1), Tap: "a"}}}),
		"a long tap":    said(dialog.Message{Text: "x", Options: []dialog.Option{{Label: "a", Tap: strings.Repeat("a", mostTap+1)}}}),
		"many options":  said(dialog.Message{Text: "x", Options: make([]dialog.Option, mostOptions+1)}),
		"a failure":     {{Type: dialog.ContentFailed}},
	} {
		if err := new(walker).check(events); err == nil {
			t.Errorf("%s is not seen", name)
		}
	}
	if err := new(walker).check(said(dialog.Message{Text: "Chào bạn"})); err != nil {
		t.Error(err)
	}
}
