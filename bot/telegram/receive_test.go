package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nghe/bot"
	faketelegram "nghe/bot/bottest/telegram"
	"nghe/dialog"
)

var errStore = errors.New("store is away")

func TestPollingConfirmsOnlyWhatWasTaken(t *testing.T) {
	w := newWorld(t, false, nil)
	var mu sync.Mutex
	broken := true
	w.turns.handle = func(_ context.Context, in bot.Incoming) (bot.Turn, error) {
		mu.Lock()
		defer mu.Unlock()
		if broken && in.Text == "hai" {
			return bot.Turn{}, errStore
		}
		return bot.Turn{}, nil
	}
	a, b := w.Person(5, "An"), w.Person(6, "Bình")
	a.Says("một")
	a.Says("hai")
	a.Says("ba")
	b.Says("bốn")
	w.run(t)
	// "hai" fails: it and what follows are not confirmed, others are answered.
	w.wake(t, time.Second, time.Second)
	w.until(t, "a second poll", func() bool { return len(w.Calls("getUpdates")) >= 2 })
	w.wake(t, 2*time.Second, 2*time.Second) // and longer
	if got := w.turns.texts(); !slices.Contains(got, "bốn") || slices.Contains(got, "ba") || w.Waiting() != 3 {
		t.Errorf("took %q, %d wait", got, w.Waiting())
	}
	mu.Lock()
	broken = false
	mu.Unlock()
	w.until(t, "all polled again", func() bool { return len(w.Calls("getUpdates")) >= 3 })
	w.wakeIfNeeded()
	w.until(t, "all confirmed", w.taken)
	got := w.turns.texts()
	if i := slices.Index(got, "bốn"); len(got) != 4 || !slices.Equal(slices.Delete(got, i, i+1), []string{"một", "hai", "ba"}) {
		t.Errorf("took %q", w.turns.texts())
	}
}

// wakeIfNeeded lets a pause end that began before things were mended.
func (w *world) wakeIfNeeded() { w.clock.Pass(4 * time.Second) }

// Numbers of updates may begin lower after a quiet week: an offset kept from
// before would confirm what nobody has seen.
func TestAnOffsetIsSentOnce(t *testing.T) {
	w := newWorld(t, false, nil)
	a := w.Person(5, "An")
	a.Says("một")
	w.run(t)
	w.until(t, "taken", w.taken)
	w.until(t, "held", w.Polled)
	w.wake(t, 50*time.Second, 50*time.Second)
	w.until(t, "polled anew", func() bool { return len(w.Calls("getUpdates")) >= 2 && w.Polled() })
	w.Skip(1000)
	a.Says("hai")
	w.until(t, "both taken", func() bool { return len(w.turns.texts()) == 2 && w.taken() })
	var offsets []string
	for _, c := range w.Calls("getUpdates") {
		offsets = append(offsets, c.Params["offset"])
	}
	if !slices.Equal(offsets[:3], []string{"", "700000002", ""}) {
		t.Errorf("offsets %q", offsets)
	}
}

func TestPollingObeysWhatItIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		fault faketelegram.Fault
		wait  time.Duration
		alarm string
	}{
		"429":      {faketelegram.TooMany(33), 33 * time.Second, ""},
		"409":      {faketelegram.Refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"), 15 * time.Second, "conflict"},
		"502":      {faketelegram.BadGateway, time.Second, ""},
		"cut":      {faketelegram.Dropped, time.Second, ""},
		"odd JSON": {faketelegram.Fault{Code: 200, Body: `{"ok":true,"result":{}}`}, time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, false, nil)
			w.Fail("getUpdates", c.fault)
			w.run(t)
			w.wake(t, c.wait, c.wait)
			w.Person(5, "An").Says("một")
			w.until(t, "taken afterwards", w.taken)
			if c.alarm != "" {
				if got := <-w.alarm; got != c.alarm {
					t.Errorf("alarm %q", got)
				}
			}
		})
	}
}

func TestARevokedTokenStopsTheChannel(t *testing.T) {
	w := newWorld(t, false, nil)
	ended := make(chan error)
	go func() { ended <- w.Run(t.Context()) }()
	w.until(t, "polling", w.Polled)
	w.Revoke()
	w.Person(5, "An").Says("một") // ends the held poll
	if err := <-ended; !refused(err) {
		t.Errorf("ended with %v", err)
	}
	if got := <-w.alarm; got != "token" {
		t.Errorf("alarm %q", got)
	}
	if err := w.Run(t.Context()); !refused(err) { // and again from the start
		t.Errorf("ended with %v", err)
	}
}

func TestPollingStopsAtOnce(t *testing.T) {
	w := newWorld(t, false, nil)
	stop := w.run(t)
	w.until(t, "polling", w.Polled)
	if err := stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestAnEditOfTheLastUnansweredMessageReplacesIt(t *testing.T) {
	w := newWorld(t, false, nil)
	a, b := w.Person(5, "An"), w.Person(6, "Bình")
	first := a.Says("hoc ngê")
	a.Edits(first, "hoc nghe gi")
	earlier := b.Says("một")
	b.Says("hai")
	b.Edits(earlier, "ba") // something came after it
	w.run(t)
	w.until(t, "taken", w.taken)
	got := w.turns.texts()
	if slices.Sort(got); !slices.Equal(got, []string{"hai", "hoc nghe gi", "một"}) {
		t.Errorf("took %q", got)
	}
	a.Edits(first, "khác") // answered already
	w.until(t, "taken", w.taken)
	if len(w.turns.texts()) != 3 {
		t.Errorf("took %q", w.turns.texts())
	}
}

// A message that could not be taken, because its person's lane was held or the
// store was away, has not been answered: an edit made meanwhile replaces it.
func TestAnEditReplacesAMessageThatIsStillHeld(t *testing.T) {
	w := newWorld(t, false, nil)
	held := make(chan struct{})
	w.turns.handle = func(context.Context, bot.Incoming) (bot.Turn, error) {
		select {
		case <-held:
			return bot.Turn{}, nil
		default:
			return bot.Turn{}, bot.ErrBusy
		}
	}
	w.run(t)
	a := w.Person(5, "An")
	first := a.Says("hoc ngê")
	w.await(t, time.Second, time.Second) // it was refused and will come again
	a.Edits(first, "hoc nghe gi")
	close(held)
	w.wake(t, time.Second, time.Second)
	w.until(t, "taken", w.taken)
	if got := w.turns.texts(); !slices.Equal(got, []string{"hoc nghe gi"}) {
		t.Errorf("took %q", got)
	}
}

// By webhook an edit comes only once its message was acknowledged, and so was
// answered: it changes nothing, and what was written first was not lost.
func TestAnEditAfterTheAnswerChangesNothing(t *testing.T) {
	w := newWorld(t, true, nil)
	refused := false
	w.turns.handle = func(context.Context, bot.Incoming) (bot.Turn, error) {
		if !refused {
			refused = true
			return bot.Turn{}, bot.ErrBusy
		}
		return bot.Turn{}, nil
	}
	w.run(t)
	w.until(t, "registered", func() bool { a, _ := w.Server.Webhook(); return a != "" })
	a := w.Person(5, "An")
	first := a.Says("hoc ngê")
	a.Edits(first, "hoc nghe gi")
	w.wake(t, 2*time.Second, 2*time.Second)
	w.until(t, "taken", w.taken)
	if got := w.turns.texts(); !slices.Equal(got, []string{"hoc ngê"}) {
		t.Errorf("took %q", got)
	}
}

func TestAWrongUpdateIsPassedOver(t *testing.T) {
	for _, webhook := range []bool{false, true} {
		t.Run(fmt.Sprint("webhook ", webhook), func(t *testing.T) {
			w := newWorld(t, webhook, nil)
			w.run(t)
			w.Inject("c5", map[string]any{"message": "not an object"})
			w.Inject("c5", map[string]any{"brand_new": map[string]any{"x": 1}})
			w.Person(5, "An").Says("một")
			w.until(t, "taken", w.taken)
			if got := w.turns.texts(); !slices.Equal(got, []string{"một"}) {
				t.Errorf("took %q", got)
			}
		})
	}
}

func TestTheWebhookAsksForTheSecretFirst(t *testing.T) {
	w := newWorld(t, true, nil)
	h := w.Channel.Webhook()
	post := func(header, method, body string) int {
		r := httptest.NewRequest(method, "/telegram", strings.NewReader(body))
		if header != "" {
			r.Header.Set(SecretHeader, header)
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Body.Len() > 0 {
			t.Errorf("answered %q: Telegram might take it for a call", rec.Body)
		}
		return rec.Code
	}
	good := `{"update_id":7,"message":{"message_id":1,"from":{"id":5,"is_bot":false,"first_name":"An"},"chat":{"id":5,"type":"private"},"date":1,"text":"x"}}`
	for name, c := range map[string]struct {
		header, method, body string
		want                 int
	}{
		"none":             {"", "POST", good, 401},
		"wrong":            {"x", "POST", good, 401},
		"the beginning":    {secret[:5], "POST", good, 401},
		"more":             {secret + "x", "POST", good, 401},
		"wrong, no body":   {"x", "POST", "", 401},
		"read":             {secret, "GET", "", 405},
		"good":             {secret, "POST", good, 200},
		"no JSON":          {secret, "POST", "<x>", 200},
		"nothing":          {secret, "POST", "{}", 200},
		"larger than ever": {secret, "POST", `{"x":"` + strings.Repeat("x", 2<<20) + `"}`, 200},
	} {
		if got := post(c.header, c.method, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if got := w.turns.texts(); !slices.Equal(got, []string{"x"}) {
		t.Errorf("took %q", got)
	}
}

func TestAWebhookWithoutASecretIsNoWebhook(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it was made")
		}
	}()
	w := newWorld(t, false, nil)
	w.Channel.Webhook()
}

func TestAnUpdateThatFailsComesAgainSoon(t *testing.T) {
	w := newWorld(t, true, nil)
	failing := true
	w.turns.handle = func(context.Context, bot.Incoming) (bot.Turn, error) {
		if failing {
			failing = false
			return bot.Turn{}, bot.ErrBusy
		}
		return bot.Turn{}, nil
	}
	w.run(t)
	w.until(t, "registered", func() bool { a, _ := w.Server.Webhook(); return a != "" })
	w.Person(5, "An").Says("một")
	w.wake(t, 2*time.Second, 2*time.Second) // as our Retry-After says
	w.until(t, "taken", w.taken)
	if got := w.turns.texts(); !slices.Equal(got, []string{"một"}) {
		t.Errorf("took %q", got)
	}
}

func TestAPanicIsNoEndOfTheChannel(t *testing.T) {
	w := newWorld(t, true, nil)
	w.turns.handle = func(context.Context, bot.Incoming) (bot.Turn, error) { panic("no") }
	r := httptest.NewRequest(http.MethodPost, "/telegram", strings.NewReader(`{"update_id":7,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"text":"x"}}`))
	r.Header.Set(SecretHeader, secret)
	rec := httptest.NewRecorder()
	w.Channel.Webhook().ServeHTTP(rec, r)
	if rec.Code != 503 || rec.Header().Get("Retry-After") != "2" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
}

func TestBlockingAndUnblockingIsNoted(t *testing.T) {
	for _, webhook := range []bool{false, true} {
		t.Run(fmt.Sprint("webhook ", webhook), func(t *testing.T) {
			failures := 1
			w := newWorld(t, webhook, func(_ *faketelegram.Settings, s *Settings) {
				note := s.Reach
				s.Reach = func(ctx context.Context, c bot.Contact, can bool, at time.Time) error {
					if failures--; failures >= 0 {
						return errStore
					}
					return note(ctx, c, can, at)
				}
			})
			w.run(t)
			a := w.Person(5, "An")
			a.Blocks()
			a.Unblocks()
			w.wake(t, time.Second, 2*time.Second)
			w.until(t, "taken", w.taken)
			if !slices.Equal(w.reach, []string{"telegram:5 false", "telegram:5 true"}) {
				t.Errorf("noted %q", w.reach)
			}
		})
	}
}

func TestGroupsAreLeftPolitely(t *testing.T) {
	w := newWorld(t, false, nil)
	w.Group(-7, "Lớp may")
	w.Person(5, "An").Invites(-7)
	w.run(t)
	w.until(t, "left", func() bool { return !w.InGroup(-7) && w.taken() })
	w.Drain()
	if got := w.Said(-7); len(got) == 0 || got[0] != "(telegram.group @nghe_thu_bot)" || len(w.turns.texts()) != 0 {
		t.Errorf("said %q, handled %q", got, w.turns.texts())
	}
}

func TestATapIsAnsweredEarlyAndMarkedAfterwards(t *testing.T) {
	w := newWorld(t, false, nil)
	var paced atomic.Int32
	w.Channel.Pace = func(ctx context.Context, c bot.Contact, do func(context.Context) error) error {
		paced.Add(1)
		return do(ctx)
	}
	a := w.Person(5, "An")
	a.Says("/start")
	w.run(t)
	w.until(t, "taken", w.taken)
	w.ask(t, "Chọn gì?", dialog.Option{Label: "Đỏ", Tap: "colour/ask=red"}, dialog.Option{Label: "Xanh", Tap: "colour/ask=blue"})
	during := make(chan struct{})
	w.turns.handle = func(context.Context, bot.Incoming) (bot.Turn, error) { <-during; return bot.Turn{}, nil }
	q := a.Taps("Đỏ")
	w.until(t, "answered while the turn goes on", func() bool { _, ok := w.Answered(q); return ok })
	if got := w.Said(5); got[0] != "Chọn gì?" {
		t.Errorf("marked before the turn was kept: %q", got)
	}
	close(during)
	w.wake(t, markAfter, markAfter)
	w.until(t, "marked", func() bool { return w.Said(5)[0] == "Chọn gì?\n✓ Đỏ" })
	if m := w.Messages(5)[1]; len(m.Buttons()) != 0 {
		t.Errorf("buttons left: %v", m.Buttons())
	}
	w.ask(t, "Xem gì?", dialog.Option{Label: "Nghề may", Tap: "flow:trade?trade=may"}, dialog.Option{Label: "Lớp học", Tap: "flow:course"})
	for i, label := range []string{"Nghề may", "Lớp học"} {
		if a.Taps(label) == "" {
			t.Fatalf("no button %q", label)
		}
		w.wake(t, markAfter, markAfter)
		w.until(t, "marked", func() bool { return w.taken() && strings.HasPrefix(w.Messages(5)[2].Buttons()[i], "✓ ") })
	}
	if m := w.Messages(5)[2]; !slices.Equal(m.Buttons(), []string{"✓ Nghề may", "✓ Lớp học"}) {
		t.Errorf("buttons %v", m.Buttons())
	}
	heard := w.turns.all()
	if last := heard[len(heard)-2]; last.Text != "Nghề may" || last.Tap != "flow:trade?trade=may" || paced.Load() != 3 {
		t.Errorf("heard %+v, paced %d", last, paced.Load())
	}
	a.Presses(3, "colour/ask=red") // of a message that is gone
	w.until(t, "taken", w.taken)
	if got := w.turns.all()[len(heard)]; got.Tap != "colour/ask=red" || got.Text != "" {
		t.Errorf("heard %+v", got)
	}
}

func TestAButtonPressedTwiceByImpatienceCountsOnce(t *testing.T) {
	for _, webhook := range []bool{false, true} {
		t.Run(fmt.Sprint("webhook ", webhook), func(t *testing.T) {
			w := newWorld(t, webhook, nil)
			a := w.Person(5, "An")
			a.Says("/start")
			w.run(t)
			w.until(t, "taken", w.taken)
			w.ask(t, "Xem gì?", dialog.Option{Label: "Nghề may", Tap: "flow:trade"}, dialog.Option{Label: "Lớp học", Tap: "flow:course"})
			press := func(label string) {
				q := a.Taps(label)
				w.until(t, "taken", func() bool { _, ok := w.Answered(q); return ok && w.taken() })
			}
			press("Nghề may")
			press("Nghề may")
			w.await(t, markAfter, markAfter)
			w.clock.Pass(9 * time.Second)
			w.until(t, "marked", func() bool { return w.Messages(5)[1].Buttons()[0] == "✓ Nghề may" })
			press("✓ Nghề may")
			w.clock.Pass(time.Second)
			press("✓ Nghề may")
			press("Lớp học") // another is no repetition
			if got := w.turns.texts(); !slices.Equal(got, []string{"/start", "Nghề may", "Nghề may", "Lớp học"}) {
				t.Errorf("took %q", got)
			}
		})
	}
}

func TestALongQuestionOnlyLosesItsButtons(t *testing.T) {
	m := &message{Text: strings.Repeat("x", 4090)}
	m.Keyboard = &inlineKeyboard{}
	method, params := markOf(heard{pressed: m, in: bot.Incoming{Tap: "a/b=c", Text: "có, đúng vậy"}})
	if method != "editMessageReplyMarkup" || params["reply_markup"] != `{"inline_keyboard":[]}` {
		t.Errorf("%s %v", method, params)
	}
}

func TestTypingIsShownOnSlowTurnsOnly(t *testing.T) {
	w := newWorld(t, true, nil)
	w.run(t)
	w.until(t, "registered", func() bool { a, _ := w.Server.Webhook(); return a != "" })
	a := w.Person(5, "An")
	a.Says("nhanh")
	w.until(t, "taken", w.taken)
	slow := make(chan struct{})
	w.turns.handle = func(context.Context, bot.Incoming) (bot.Turn, error) { <-slow; return bot.Turn{}, nil }
	a.Says("chậm")
	w.wake(t, 1500*time.Millisecond, 1500*time.Millisecond)
	w.wake(t, 4*time.Second, 4*time.Second)
	w.until(t, "typing twice", func() bool { return len(w.Calls("sendChatAction")) == 2 })
	close(slow)
	w.until(t, "taken", w.taken)
	w.Drain()
	if n := len(w.Calls("sendChatAction")); n != 2 {
		t.Errorf("typing %d times", n)
	}
}

// What an update means does not depend on how it came.
func TestEverythingAPersonSendsIsHeard(t *testing.T) {
	for _, webhook := range []bool{false, true} {
		t.Run(fmt.Sprint("webhook ", webhook), func(t *testing.T) {
			var shown []string // in the order of the turns
			w := newWorld(t, webhook, func(_ *faketelegram.Settings, s *Settings) {
				s.Shown = func(_ context.Context, in bot.Incoming) error {
					shown = append(shown, in.Media.Ref)
					return nil
				}
			})
			a := w.Person(5, "An")
			a.Starts("trade-quiz")
			a.Says("hoc nghe gi")
			a.Speaks()
			a.Shows("", "album")
			a.Shows("giấy này là gì", "")
			a.Sticks()
			a.SharesNumber("84912345678")
			a.PassesOn("84987654321", "Bình", 6)
			a.SharesPlace(21.2, 107.2)
			w.run(t)
			w.until(t, "taken", w.taken)
			var got []string
			for _, in := range w.turns.all() {
				s := in.Text + "|" + in.Tap
				if in.Shared != nil {
					s += "|shared " + in.Shared.Phone
				}
				if in.Media != nil {
					s += "|" + in.Media.Kind + " " + in.Media.Ref
				}
				got = append(got, s)
			}
			want := []string{"/start trade-quiz|flow:trade-quiz", "hoc nghe gi|", "||voice AgACvoice-5", "||photo AgAClarge-5",
				"giấy này là gì||photo AgAClarge-5", "||other AgACsticker-5", "||shared +84912345678", "||card ", "||location "}
			if !slices.Equal(got, want) {
				t.Errorf("heard %q\nwant  %q", got, want)
			}
			if !slices.Equal(shown, []string{"AgACvoice-5", "AgAClarge-5", "AgAClarge-5", "AgACsticker-5"}) {
				t.Errorf("shown %q", shown)
			}
		})
	}
}
