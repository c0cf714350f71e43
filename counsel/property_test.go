package counsel_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/staff"
)

var plays = flag.Int("plays", 12, "random days of a counsellor")

// No word goes to the wrong person: over random interleavings of three people,
// a counsellor who types, quotes, switches, sends what was held, takes, closes
// and gives back, a colleague who takes cases over, and things shown at any
// moment, also between what the counsellor reads and what they type. Each word
// says for whom it is meant; it must be with them, at most once, or nowhere.
func TestNoWordGoesToTheWrongPerson(t *testing.T) {
	const steps = 100
	sent, asked := 0, 0
	for seed := range *plays {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			p := newPlay(t, rand.New(rand.NewPCG(7, uint64(seed))))
			for range steps {
				p.step()
			}
			sent, asked = sent+p.check(), asked+p.asked
		})
	}
	t.Logf("%d words arrived, %d were asked about", sent, asked)
	if sent < *plays*5 || asked < *plays*2 {
		t.Errorf("only %d words arrived and %d were asked about: it plays nothing", sent, asked)
	}
}

// play is one random day.
type play struct {
	*world
	r      *rand.Rand
	phone  bot.Contact
	lan    staff.Member
	tuan   staff.Member
	people []bot.Contact
	// cases has who asks in which case, by its title.
	cases map[string]bot.Contact
	// view is what the counsellor has read: whom they believe to answer, and
	// whether something of somebody else came after they chose.
	believes string
	clean    bool
	viewed   int64
	words    int
	asked    int
	// in are words that they typed and that were not taken yet: what is shown
	// meanwhile was not read before.
	in []bot.Incoming
	// held are the words that were asked about, with the buttons.
	held []heldWord
}

type heldWord struct {
	meant   string // title of the case
	options map[string]string
}

func newPlay(t *testing.T, r *rand.Rand) *play {
	p := &play{world: newWorld(t), r: r, people: []bot.Contact{person("mai"), person("nam"), person("hoa")}, cases: map[string]bot.Contact{}}
	p.lan, p.phone = p.joins("lan", "Lan", province)
	p.tuan, _ = p.joins("tuan", "Tuấn", province)
	p.says(p.phone, "/truc")
	for range 2 {
		p.opens1()
		p.take()
	}
	return p
}

func (p *play) step() {
	often := []func(){p.opens1, p.take, p.take, p.personSays, p.personSays, p.look, p.look, p.plain, p.plain, p.plain, p.plain, p.flush, p.flush, p.send, p.send, p.switches, p.quote}
	seldom := []func(){p.closes, p.gives, p.steals, p.personEnds}
	if p.r.IntN(15) == 0 {
		often = seldom
	}
	often[p.r.IntN(len(often))]()
	p.now = p.now.Add(time.Second)
}

// cause fails only for an error that is not a refusal.
func (p *play) mayFail(_ *handoff.Case, err error) {
	if err == nil {
		return
	}
	switch err.(type) {
	case *handoff.Refused, *handoff.Taken:
	default:
		p.t.Fatal(err)
	}
}

func (p *play) opens1() {
	who := p.people[p.r.IntN(len(p.people))]
	c := p.opens(who, "việc của "+who.ID)
	p.cases[c.Title()] = who
}

func (p *play) mine() []string {
	list, err := p.db.Cases(p.t.Context(), handoff.Query{States: []handoff.State{handoff.Claimed}, Holder: "lan", Within: province, Limit: 10})
	if err != nil {
		p.t.Fatal(err)
	}
	var titles []string
	for _, c := range list {
		titles = append(titles, c.Title())
	}
	return titles
}

// any gives a random one of a list.
func any1[T any](p *play, list []T) (one T, ok bool) {
	if len(list) == 0 {
		return one, false
	}
	return list[p.r.IntN(len(list))], true
}

// chooses is an action by which they say whom they answer: from its answer on,
// they believe that. What they typed before is taken first.
func (p *play) chooses(in bot.Incoming, title string) {
	p.flush()
	answer := strings.Join(p.hears(p.phone, in), "\n")
	p.reads() // what came before the answer
	if strings.Contains(answer, "Đang trả lời "+title) {
		p.believes, p.clean = title, true
	}
}

func (p *play) take() {
	waiting, err := p.db.Cases(p.t.Context(), handoff.Query{States: []handoff.State{handoff.Waiting}, Within: province, Limit: 10})
	if err != nil {
		p.t.Fatal(err)
	}
	if c, ok := any1(p, waiting); ok {
		p.chooses(bot.Incoming{Text: "Nhận", Tap: fmt.Sprintf("duty:take?%d", c.Number)}, c.Title())
	}
}

func (p *play) switches() {
	if title, ok := any1(p, p.mine()); ok {
		p.chooses(bot.Incoming{Text: "/ca " + title}, title)
	}
}

func (p *play) personSays() {
	who, _ := any1(p, p.people)
	p.words++
	p.hears(who, bot.Incoming{Text: fmt.Sprintf("lời %d của %s", p.words, who.ID)})
}

func (p *play) look() {
	if err := p.chats.Look(p.t.Context(), p.now); err != nil {
		p.t.Fatal(err)
	}
	if p.r.IntN(2) == 0 {
		p.reads()
	}
}

// reads is the counsellor reading what is there: of somebody else, and they may
// mean anybody by their next word.
func (p *play) reads() {
	bubbles, err := p.turns.Sessions.Bubbles(p.t.Context(), p.phone, p.viewed, p.now)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, b := range bubbles {
		p.viewed = b.Seq
		if strings.Contains(b.Turn, "counsel-") && (!strings.HasPrefix(b.Text, p.believes+" ") || p.believes == "") {
			p.clean = false
		}
	}
}

// meaning is for whom the next word is, as the counsellor sees it.
func (p *play) meaning() (string, bool) {
	p.reads()
	if p.clean && p.believes != "" {
		return p.believes, true
	}
	return any1(p, p.mine())
}

func (p *play) word(title string) string {
	p.words++
	return fmt.Sprintf("chữ %d cho %s.", p.words, p.cases[title].ID)
}

// plain types a word; it is on its way for a while.
func (p *play) plain() {
	if title, ok := p.meaning(); ok {
		p.in = append(p.in, bot.Incoming{Text: p.word(title)})
		if p.r.IntN(2) == 0 {
			p.flush()
		}
	}
}

// flush takes what was typed.
func (p *play) flush() {
	for _, in := range p.in {
		p.takes(in)
	}
	p.in = nil
}

func (p *play) takes(in bot.Incoming) {
	p.said++
	p.now = p.now.Add(time.Second)
	in.Contact, in.Update, in.At = p.phone, fmt.Sprint(p.said), p.now
	turn, err := p.turns.Handle(p.t.Context(), in)
	if err != nil {
		p.t.Fatal(err)
	}
	p.answered[turn.ID] = true
	for _, b := range turn.Bubbles {
		if !strings.Contains(b.Text, "gửi cho ai?") {
			continue
		}
		p.asked++
		h := heldWord{options: map[string]string{}}
		for title, who := range p.cases {
			if strings.Contains(in.Text, " cho "+who.ID+".") && slices.ContainsFunc(b.Options, labelled("Gửi cho "+title)) {
				h.meant = title
			}
		}
		for _, o := range b.Options {
			h.options[o.Label] = o.Tap
		}
		p.held = append(p.held, h)
	}
	// A platform may deliver it again.
	if p.r.IntN(5) == 0 {
		if _, err := p.turns.Handle(p.t.Context(), in); err != nil {
			p.t.Fatal(err)
		}
	}
}

// send answers for whom a word is that was held; an old question sometimes too.
func (p *play) send() {
	h, ok := any1(p, p.held)
	if !ok || h.meant == "" {
		return
	}
	label := "Gửi cho " + h.meant
	p.chooses(bot.Incoming{Text: label, Tap: h.options[label]}, h.meant)
}

// quote answers a message, or names the case: whatever was shown meanwhile.
func (p *play) quote() {
	title, ok := any1(p, p.mine())
	if !ok {
		return
	}
	in := bot.Incoming{Text: p.word(title), Quote: title + " lời gì đó"}
	if p.r.IntN(2) == 0 {
		in = bot.Incoming{Text: title + " " + in.Text}
	}
	p.in = append(p.in, in)
	p.clean = p.clean && title == p.believes
}

func (p *play) closes() {
	if title, ok := any1(p, p.mine()); ok {
		p.flush()
		p.hears(p.phone, bot.Incoming{Text: "/xong " + title + " answered"})
		p.leaves(title)
	}
}

func (p *play) gives() {
	if title, ok := any1(p, p.mine()); ok {
		p.flush()
		p.hears(p.phone, bot.Incoming{Text: "/tra " + title})
		p.leaves(title)
	}
}

func (p *play) leaves(title string) {
	if p.clean = false; p.believes == title {
		p.believes = ""
	}
}

// steals is a case going into another hand at a desk: the phone learns it later.
func (p *play) steals() {
	if title, ok := any1(p, p.mine()); ok {
		p.mayFail(p.desk.Transfer(p.t.Context(), title, p.lan, handoff.Transfer{Member: &p.tuan}, "nhờ", p.now))
	}
}

func (p *play) personEnds() {
	who, _ := any1(p, p.people)
	if p.r.IntN(3) == 0 {
		if _, err := p.desk.End(p.t.Context(), who, p.now); err != nil {
			p.t.Fatal(err)
		}
	}
}

// check looks into what the people have, and says how many words arrived.
func (p *play) check() (n int) {
	p.flush()
	for _, who := range p.people {
		seen := map[string]bool{}
		for title, asker := range p.cases {
			if asker != who {
				continue
			}
			c, err := p.db.Case(p.t.Context(), title)
			if err != nil {
				p.t.Fatal(err)
			}
			said, err := p.db.Messages(p.t.Context(), c.ID, 0, 1000, p.now)
			if err != nil {
				p.t.Fatal(err)
			}
			for _, m := range said {
				if m.From != handoff.FromCounsellor {
					continue
				}
				n++
				if !strings.HasSuffix(m.Text, " cho "+who.ID+".") {
					p.t.Errorf("%s was told %q", who.ID, m.Text)
				}
				if seen[m.Text] {
					p.t.Errorf("%s was told %q twice", who.ID, m.Text)
				}
				seen[m.Text] = true
			}
		}
		bubbles, err := p.turns.Sessions.Bubbles(p.t.Context(), who, 0, p.now)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, text := range bottest.Texts(bubbles) {
			if strings.HasPrefix(text, "Lan: ") && !seen[strings.TrimPrefix(text, "Lan: ")] {
				p.t.Errorf("%s reads %q, which is not in their case", who.ID, text)
			}
		}
	}
	return n
}

func labelled(label string) func(dialog.Option) bool {
	return func(o dialog.Option) bool { return o.Label == label }
}
