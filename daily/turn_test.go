package daily_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nghe/advice"
	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/content"
	"nghe/course"
	"nghe/daily"
	"nghe/dialog"
	"nghe/understand"
)

var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

// shipped answers with the content that we ship.
var shipped = sync.OnceValue(func() bot.Brain {
	lib, courses := content.MustBuiltin(), course.NewCatalogue(nil)
	whole := advice.WithCourses(lib, courses)
	return bot.Brain{Engine: dialog.New(whole, advice.Functions(lib, courses)), Reader: understand.New(lib), Library: whole}
})

// told writes counts as a test expects them: “kind what/step place: n”.
func told(c daily.Counts) map[string]int64 {
	out := map[string]int64{}
	for k, n := range c {
		name := fmt.Sprint(k.Day, " ", k.Kind)
		for _, x := range []string{k.What, k.Step, k.Place} {
			if x != "" {
				name += " " + x
			}
		}
		out[name] += n
	}
	return out
}

// A small world, counted by hand: two people, two days, one journey left, one
// answered after a miss, one message that came twice.
func TestASmallWorldCountedByHand(t *testing.T) {
	w := bottest.New(t)
	counts := daily.Counts{}
	w.Kept = func(k bot.Kept) { counts.Turn(k, zone) }
	lan, hoa := bot.Contact{Channel: "web", ID: "lan"}, bot.Contact{Channel: "web", ID: "hoa"}
	monday := time.Date(2026, 11, 23, 23, 50, 0, 0, zone)
	say := func(c bot.Contact, update, text, tap string, at time.Time) {
		t.Helper()
		if _, err := w.Handle(t.Context(), bot.Incoming{Contact: c, Update: update, Text: text, Tap: tap, At: at.UTC()}); err != nil {
			t.Fatal(err)
		}
	}
	say(lan, "1", "sky", "", monday)                        // a topic, with its fact
	say(lan, "2", "colour", "", monday)                     // a journey: to its question
	say(lan, "3", "gibberish", "", monday)                  // not understood there
	say(lan, "3", "gibberish", "", monday)                  // delivered again
	say(lan, "4", "sky", "", monday)                        // something else, and back to the question
	say(lan, "5", "1", "", monday)                          // answered; the journey ends
	say(hoa, "1", "remember", "", monday)                   // to the question of consent
	say(hoa, "2", "2", "", monday.Add(11*time.Minute))      // after midnight: answered
	say(hoa, "3", "secret", "", monday.Add(12*time.Minute)) // to a question, and never again
	say(lan, "6", "crash", "", monday.Add(13*time.Minute))  // our fault: taken, and nothing else
	if diff := cmp.Diff(map[string]int64{
		"2026-11-23 turn": 6, "2026-11-23 conversation": 2,
		"2026-11-23 topic topic.sky": 2, "2026-11-23 fact fact.sky": 2,
		"2026-11-23 flow-started colour": 1, "2026-11-23 step-came colour ask": 1, "2026-11-23 missed": 1, "2026-11-23 step-missed colour ask": 1,
		"2026-11-23 step-answered colour ask": 1, "2026-11-23 flow-ended colour": 1,
		"2026-11-23 flow-started remember": 1, "2026-11-23 step-came remember ask": 1,
		"2026-11-24 turn": 3, "2026-11-24 conversation": 1,
		"2026-11-24 step-answered remember ask": 1, "2026-11-24 effect keep-profile": 1, "2026-11-24 flow-ended remember": 1,
		"2026-11-24 flow-started secret": 1, "2026-11-24 step-came secret ask": 1,
	}, told(counts)); diff != "" {
		t.Error(diff)
	}
	for k := range counts {
		if flow := strings.HasPrefix(string(k.Kind), "flow-") || strings.HasPrefix(string(k.Kind), "step-"); (k.Version == "bottest") != flow || k.Channel != "web" {
			t.Errorf("%+v", k)
		}
		if strings.Contains(fmt.Sprintf("%+v", k), "lan") || strings.Contains(fmt.Sprintf("%+v", k), "hoa") {
			t.Errorf("a count tells of somebody: %+v", k)
		}
	}
}

// talk is somebody who talks with the shipped content.
type talk struct {
	session dialog.Session
	counts  daily.Counts
	taps    []string // of the options that were shown last
	at      time.Time
}

func (p *talk) say(text, tap string) bot.Kept {
	brain := shipped()
	in := bot.Incoming{Contact: bot.Contact{Channel: "zalo", ID: "x"}, Text: text, Tap: tap, At: p.at}
	u := dialog.Utterance{Text: text, Tap: tap, At: p.at}
	after, events := brain.Engine.Respond(p.session, u, brain.Reader)
	all := events
	for len(events) > 0 && events[len(events)-1].Wait {
		after, events = brain.Engine.Continue(after, u, brain.Reader, dialog.Values{})
		all = append(all, events...)
	}
	k := bot.Kept{In: in, Brain: brain, Before: p.session, After: after, Events: all}
	p.session = after
	p.at = p.at.Add(time.Minute)
	for _, ev := range all {
		if ev.Message != nil {
			p.taps = nil
			for _, o := range ev.Message.Options {
				p.taps = append(p.taps, o.Tap)
			}
		}
	}
	p.counts.Turn(k, zone)
	return k
}

func newTalk() *talk {
	return &talk{counts: daily.Counts{}, at: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)}
}

// What came to a question did one of the things that are counted, or stands there
// still; and so with journeys. Whatever somebody types or taps.
func TestNobodyIsLostBetweenTheCounts(t *testing.T) {
	words := []string{
		"tính tiền hỗ trợ học nghề", "vay làm ăn", "tìm gói vay hợp với tôi", "tôi nên học nghề gì", "có lớp nào không", "chị", "1", "2", "1,2", "3", "bỏ qua", "quay lại", "không, em ở Tiên Yên",
		"bắt đầu lại", "thoát", "dừng", "Ba Chẽ", "35 tuổi", "50 triệu", "36 tháng", "asdf qwer", "học phí có phải trả không", "giá vàng hôm nay", "đồng ý", "hỏi cho con trai", "hỏi cho tôi",
		"xoá dữ liệu của tôi", "gặp người", "cảm ơn", "không hiểu", "tiếp tục", "chồng đánh em", "menu", "0912345678", "nghề nấu ăn", "thông tin của tôi", "không",
	}
	rapid.Check(t, func(t *rapid.T) {
		p := newTalk()
		for range rapid.IntRange(1, 25).Draw(t, "turns") {
			if n := len(p.taps); n > 0 && rapid.Bool().Draw(t, "taps") {
				p.say("", p.taps[rapid.IntRange(0, n-1).Draw(t, "option")])
			} else {
				p.say(rapid.SampledFrom(words).Draw(t, "text"), "")
			}
		}
		steps, flows, open := map[dialog.Frame]int64{}, map[string]int64{}, map[dialog.Frame]bool{}
		for k, n := range p.counts {
			f := dialog.Frame{Flow: k.What, Step: k.Step}
			switch k.Kind {
			case daily.StepsCame:
				steps[f] += n
			case daily.StepsAnswered, daily.StepsSkipped, daily.StepsPassed, daily.StepsLeft:
				steps[f] -= n
			case daily.FlowsStarted:
				flows[f.Flow] += n
			case daily.FlowsEnded, daily.FlowsLeft:
				flows[f.Flow] -= n
			}
		}
		for _, f := range p.session.Stack {
			flows[f.Flow]--
			if shipped().Engine.Open(p.session, f) {
				open[f] = true
			}
		}
		for f := range open {
			steps[f]--
		}
		for f, n := range steps {
			if n != 0 {
				t.Fatalf("%v: %d more came than is known of, session %+v\n%v", f, n, p.session.Stack, told(p.counts))
			}
		}
		for f, n := range flows {
			if n != 0 {
				t.Fatalf("%s: %d more were begun than is known of, session %+v\n%v", f, n, p.session.Stack, told(p.counts))
			}
		}
		if p.counts[daily.Key{Day: 20261124, Kind: daily.Conversations, Channel: "zalo"}] > 1 {
			t.Fatalf("one person, several conversations: %v", told(p.counts))
		}
	})
}

// What a journey tells is counted: its facts, the programmes it names, and the
// commune of who agreed.
func TestALoanIsCounted(t *testing.T) {
	p := newTalk()
	p.session.Mine = dialog.Values{"consent": dialog.Text("yes"), "place": dialog.Text("ba-che"), "address": dialog.Text("chị"), "age": dialog.Number(35)}
	p.say("tìm gói vay hợp với tôi", "")
	p.say("2", "")
	for range 12 {
		p.say("bỏ qua", "")
	}
	got := map[daily.Kind]int64{}
	for k, n := range p.counts {
		got[k.Kind] += n
		if placed := k.Kind == daily.Conversations || k.Kind == daily.FlowsStarted || k.Kind == daily.FlowsEnded || k.Kind == daily.Programmes || k.Kind == daily.Effects; placed != (k.Place == "ba-che") {
			t.Errorf("%+v", k)
		}
	}
	if got[daily.Programmes] == 0 || got[daily.Programmes] > 3 || got[daily.FactsTold] == 0 || got[daily.FlowsEnded] == 0 || got[daily.StepsSkipped] == 0 {
		t.Errorf("%v", told(p.counts))
	}
	// Who did not agree is counted without their commune.
	p = newTalk()
	p.session.Mine = dialog.Values{"place": dialog.Text("ba-che")}
	p.say("tìm gói vay hợp với tôi", "")
	for k := range p.counts {
		if k.Place != "" {
			t.Errorf("%+v", k)
		}
	}
}

// What a human has in hand is a turn, and nothing more is told of it.
func TestAHumanIsCountedApart(t *testing.T) {
	k := newTalk().say("vay làm ăn", "")
	k.Human, k.Before, k.Events = true, k.After, nil
	counts := daily.Counts{}
	counts.Turn(k, zone)
	if diff := cmp.Diff(map[string]int64{"2026-11-24 turn": 1, "2026-11-24 turn-human": 1}, told(counts)); diff != "" {
		t.Error(diff)
	}
}

// records keeps counts in memory, and fails when told to.
type records struct {
	mu     sync.Mutex
	counts daily.Counts
	fails  error
}

func (r *records) AddCounts(_ context.Context, c daily.Counts) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fails != nil {
		return r.fails
	}
	for k, n := range c {
		r.counts[k] += n
	}
	return nil
}

// Counting adds at most two allocations to a turn: none once its counts are known.
func TestCountingCostsNothing(t *testing.T) {
	p := newTalk()
	var turns []bot.Kept
	for _, text := range []string{"tien an dc bao nhieu", "tính tiền hỗ trợ học nghề", "chị", "1", "xin chào asdf", "bỏ qua", "học phí có phải trả không", "bắt đầu lại"} {
		turns = append(turns, p.say(text, ""))
	}
	r := &records{counts: daily.Counts{}}
	tally := &daily.Tally{Records: r, Zone: zone}
	for _, k := range turns {
		tally.Turn(k)
		if n := testing.AllocsPerRun(100, func() { tally.Turn(k) }); n > 2 {
			t.Errorf("counting %q: %v allocations", k.In.Text, n)
		}
	}
	// Also across a write: the maps are used again.
	for range 3 {
		for _, k := range turns {
			tally.Turn(k)
		}
		if err := tally.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(50, func() {
		for _, k := range turns {
			tally.Turn(k)
		}
		if err := tally.Write(t.Context()); err != nil {
			t.Error(err)
		}
	}); n > 2*float64(len(turns)) {
		t.Errorf("%v allocations for %d turns and a write", n, len(turns))
	}
}

// What can't be written is written later; many turns at a time and writes between
// them lose nothing.
func TestTally(t *testing.T) {
	k := newTalk().say("vay làm ăn", "")
	r := &records{counts: daily.Counts{}, fails: errors.New("no records")}
	tallies := []*daily.Tally{{Records: r, Zone: zone}, {Records: r, Zone: zone}} // two processes
	tallies[0].Turn(k)
	if err := tallies[0].Write(t.Context()); err == nil {
		t.Error("a write that failed is no error")
	}
	tallies[0].Turn(k)
	r.fails = nil
	const workers, each = 8, 50
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			for range each {
				tallies[i%2].Turn(k)
				if err := tallies[i%2].Write(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, tally := range tallies {
		if err := tally.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.counts[daily.Key{Day: 20261124, Kind: daily.Turns, Channel: "zalo"}]; n != workers*each+2 {
		t.Errorf("%d turns, want %d", n, workers*each+2)
	}
}

// At shutdown what is left is written.
func TestEverySecondWritesAtTheEnd(t *testing.T) {
	k := newTalk().say("vay làm ăn", "")
	r := &records{counts: daily.Counts{}}
	tally := &daily.Tally{Records: r, Zone: zone}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	tally.Turn(k)
	daily.EverySecond(ctx, "counts", tally.Write, slog.New(slog.DiscardHandler))
	if len(r.counts) == 0 {
		t.Error("nothing was written")
	}
}

func TestDays(t *testing.T) {
	d := daily.DayOf(time.Date(2026, 2, 27, 23, 0, 0, 0, zone))
	if d != 20260227 || d.Add(2) != 20260301 || d.Add(-58) != 20251231 || d.Days(20260301) != 3 || d.Days(d) != 1 || d.Days(20260101) != 0 || d.String() != "2026-02-27" {
		t.Errorf("%d %d %d", d, d.Add(2), d.Add(-58))
	}
	if got, ok := daily.ParseDay("2026-11-30"); !ok || got != 20261130 {
		t.Errorf("%d, %v", got, ok)
	}
	if _, ok := daily.ParseDay("30/11/2026"); ok {
		t.Error("another way of writing a day was read")
	}
	if at := d.Time(zone); daily.DayOf(at) != d || at.Hour() != 0 {
		t.Errorf("%v", at)
	}
}

// A funnel counted by hand.
func TestFunnelOf(t *testing.T) {
	sum := func(kind daily.Kind, step string, n int64) daily.Sum {
		return daily.Sum{Key: daily.Key{Kind: kind, What: "loan", Step: step}, N: n}
	}
	got := daily.FunnelOf("loan", []string{"purpose", "age", "never"}, []daily.Sum{
		sum(daily.FlowsStarted, "", 10), sum(daily.FlowsEnded, "", 5), sum(daily.FlowsLeft, "", 2),
		sum(daily.StepsCame, "age", 8), sum(daily.StepsAnswered, "age", 4), sum(daily.StepsSkipped, "age", 1), sum(daily.StepsPassed, "age", 1), sum(daily.StepsLeft, "age", 1),
		sum(daily.StepsCame, "purpose", 9), sum(daily.StepsAnswered, "purpose", 10), sum(daily.StepsMissed, "purpose", 3), // answered after midnight
		sum(daily.StepsCame, "gone", 2),
		{Key: daily.Key{Kind: daily.StepsCame, What: "support", Step: "age"}, N: 100},
	})
	want := daily.Funnel{Flow: "loan", Started: 10, Ended: 5, Left: 2, Steps: []daily.FunnelStep{
		{ID: "purpose", Came: 9, Answered: 10, Missed: 3},
		{ID: "age", Came: 8, Answered: 4, Skipped: 1, Passed: 1, Left: 1, Silent: 1},
		{ID: "never"},
		{ID: "gone", Came: 2, Silent: 2},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Steps[1].Stopped() != 2 {
		t.Errorf("%d stopped", got.Steps[1].Stopped())
	}
}
