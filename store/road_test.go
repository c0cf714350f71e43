package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/course"
	"nghe/people"
	"nghe/store"
)

// road is a road over a store, with a platform that only counts.
type road struct {
	village
	*broadcast.Road
	now time.Time

	mu    sync.Mutex
	got   map[bot.Contact]int
	says  func(to bot.Contact, n int) error // n messages came before, of everybody
	total int
	// templates are those that went, with whom to.
	templates []string
}

func newRoad(t *testing.T, db *store.DB, owner string) *road {
	r := &road{village: newVillage(t, db), now: noon, got: map[bot.Contact]int{}}
	r.Road = &broadcast.Road{
		Rows: db, Pace: map[string]float64{"telegram": 0, "zalo": 0}, Owner: owner, Now: func() time.Time { return r.now },
		Send: func(_ context.Context, to bot.Contact, bubbles []bot.Bubble) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			n := r.total
			r.total++
			if r.says != nil {
				if err := r.says(to, n); err != nil {
					return err
				}
			}
			r.got[to]++
			for _, b := range bubbles {
				if b.Template != nil {
					r.templates = append(r.templates, b.Template.ID+" "+to.ID)
				}
			}
			return nil
		},
		Tell: func(_ context.Context, c bot.Contact, turn string, _ []bot.Bubble, _ time.Time) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.got[bot.Contact{Channel: c.Channel, ID: c.ID + " " + turn}] = 1
			return nil
		},
		Bubbles:  func(b *broadcast.Broadcast, _ string) []bot.Bubble { return []bot.Bubble{{Text: b.Text}} },
		Calendar: func() broadcast.Calendar { return broadcast.Calendar{Zone: time.FixedZone("ICT", 7*3600)} },
		Log:      slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	return r
}

// crowd makes people on Telegram who want to be told, and gives their contacts.
func (r *road) crowd(n int) []bot.Contact {
	r.Helper()
	var all []bot.Contact
	var persons []people.Person
	for range n {
		c := on("telegram")
		all = append(all, c)
		persons = append(persons, people.Person{ID: "p" + c.ID, Profile: []byte("{}"), Contacts: []bot.Contact{c}, UpdatedAt: noon, CreatedAt: noon, News: []people.Following{{At: noon}}})
	}
	r.must(r.db.Fill(r.Context(), persons, nil))
	return all
}

func (r *road) put(b broadcast.Broadcast) {
	r.Helper()
	_, fresh, err := r.db.Put(r.Context(), b, true, noon)
	if r.must(err); !fresh {
		r.Fatal("not fresh")
	}
}

// stands says how a broadcast stands and whether its books balance.
func (r *road) stands(id string, state broadcast.State, want string) {
	r.Helper()
	b, err := r.db.Broadcast(r.Context(), id)
	r.must(err)
	book, err := r.db.Book(r.Context(), id)
	r.must(err)
	var parts []string
	for _, x := range []struct {
		n    int
		name string
	}{{book.Queued, "queued"}, {book.Sent, "sent"}, {book.Failed, "failed"}, {book.Skipped, "skipped"}, {book.Doubtful, "doubtful"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprint(x.n, " ", x.name))
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(book.Reasons)) {
		parts = append(parts, fmt.Sprint(reason, " ", book.Reasons[reason]))
	}
	if got := strings.Join(parts, ", "); b.State != state || got != want {
		r.Errorf("%s is %s (%s): %s; want %s: %s", id, b.State, b.Why, got, state, want)
	}
	if sum := book.Queued + book.Sent + book.Failed + book.Skipped + book.Doubtful; sum != book.Planned {
		r.Errorf("%s: %+v does not add up", id, book)
	}
}

func (r *road) nobodyTwice() {
	r.Helper()
	for c, n := range r.got {
		if n > 1 {
			r.Errorf("%s got it %d times", c, n)
		}
	}
}

func TestRoad(t *testing.T) { onEach(t, roadSuite) }

func roadSuite(t *testing.T, db *store.DB) {
	r := newRoad(t, db, "a")
	ctx := t.Context()
	crowd := r.crowd(30)

	t.Run("everybody is told once", func(t *testing.T) {
		b := letter("all", broadcast.Scheduled)
		b.At = noon.Add(time.Minute)
		r.put(b)
		r.Once(ctx)
		r.stands("all", broadcast.Scheduled, "7 queued") // as counted
		r.now = noon.Add(time.Minute)
		r.Once(ctx)
		r.stands("all", broadcast.Done, "30 sent")
		r.nobodyTwice()
		if len(r.got) != 30 {
			t.Errorf("%d were told", len(r.got))
		}
		if b, _ := db.Broadcast(ctx, "all"); b.Planned != 30 || b.StartedAt.IsZero() || b.DoneAt.IsZero() {
			t.Errorf("%+v", b)
		}
	})
	t.Run("who says stop in the middle is told no more", func(t *testing.T) {
		r.put(letter("stop", broadcast.Sending))
		r.says = func(bot.Contact, int) error { return broadcastPaused(r, "stop") }
		r.Pace["telegram"] = 8 // claims are of 4: the first pauses it
		r.Once(ctx)
		r.says, r.Pace["telegram"] = nil, 0
		r.stands("stop", broadcast.Paused, "26 queued, 4 sent")
		queued, err := db.Rows(ctx, "stop", "", 3, broadcast.Queued)
		r.must(err)
		for _, row := range queued {
			_, err := db.Unfollow(ctx, row.Contact, "", people.PurposeNews, r.now.UnixMilli())
			r.must(err)
		}
		_, err = db.Change(ctx, "stop", broadcast.Resume, broadcast.Sending, "lan", "", r.now)
		r.must(err)
		r.now = r.now.Add(10 * time.Minute)
		r.Once(ctx)
		r.stands("stop", broadcast.Done, "27 sent, 3 skipped, opted-out 3")
		for _, row := range queued {
			r.follows(row.Contact, "", "")
		}
	})
	t.Run("three a week", func(t *testing.T) {
		r.put(letter("third", broadcast.Sending))
		r.Once(ctx)
		r.stands("third", broadcast.Done, "30 sent")
		r.put(letter("fourth", broadcast.Sending))
		r.Once(ctx)
		r.stands("fourth", broadcast.Done, "3 sent, 27 skipped, cap 27")
		urgent := letter("urgent", broadcast.Sending)
		urgent.Urgent = true
		r.put(urgent)
		r.Once(ctx)
		r.stands("urgent", broadcast.Done, "30 sent")
		r.now = noon.Add(8 * 24 * time.Hour)
	})
	next := func(id string) broadcast.Broadcast {
		r.now = r.now.Add(8 * 24 * time.Hour)
		b := letter(id, broadcast.Sending)
		b.UsefulUntil = r.now.Add(24 * time.Hour)
		return b
	}
	t.Run("what was claimed at a crash is in doubt, and nothing else", func(t *testing.T) {
		b := next("crash")
		r.put(b)
		for more := true; more; {
			var err error
			more, err = db.Plan(ctx, "crash", 7, r.now)
			r.must(err)
		}
		fresh, err := db.Broadcast(ctx, "crash")
		r.must(err)
		claimed, _, more, err := db.Claim(ctx, fresh, broadcast.Claiming{Channel: "telegram", Owner: "dead", Limit: 4, Now: r.now, Lease: time.Minute},
			func(broadcast.Facts) broadcast.Verdict { return broadcast.Verdict{Do: broadcast.Send} })
		if err != nil || len(claimed) != 4 || !more {
			t.Fatal(claimed, more, err)
		}
		clear(r.got)
		r.Once(ctx)
		r.stands("crash", broadcast.Sending, "4 queued, 26 sent")
		r.now = r.now.Add(time.Minute)
		r.Once(ctx)
		r.stands("crash", broadcast.Done, "26 sent, 4 doubtful, crash 4")
		for _, c := range claimed {
			if r.got[c.Contact] != 0 {
				t.Errorf("%s was in doubt and sent", c.Contact)
			}
		}
		if _, _, err := db.Mark(ctx, "crash", "dead", []broadcast.Outcome{{Who: claimed[0].Who, State: broadcast.Sent}}, r.now); err != nil {
			t.Error(err)
		}
		r.stands("crash", broadcast.Done, "26 sent, 4 doubtful, crash 4") // too late to say
	})
	t.Run("cancelled", func(t *testing.T) {
		r.put(next("cancel"))
		r.says = func(_ bot.Contact, n int) error {
			_, err := db.Change(ctx, "cancel", broadcast.Cancel, broadcast.Cancelled, "lan", "", r.now)
			return err
		}
		for more := true; more; {
			var err error
			more, err = db.Plan(ctx, "cancel", 100, r.now)
			r.must(err)
		}
		r.Pace["telegram"] = 8 // claims are of 4
		r.Once(ctx)
		r.says = nil
		r.stands("cancel", broadcast.Cancelled, "4 sent, 26 skipped, cancelled 26")
		r.Pace["telegram"] = 0
	})
	t.Run("what platforms say", func(t *testing.T) {
		r.put(next("told"))
		fail := map[int]error{}
		for i, e := range []*bot.SendError{
			{Next: bot.Never, Reason: "refused"}, {Next: bot.Gone, Reason: "blocked"}, {Next: bot.Doubtful, Reason: "timeout"}, {Next: bot.Again, Reason: "rate", After: time.Hour},
			{Next: bot.Gone, Reason: "window"},
		} {
			fail[i] = e
		}
		fail[5] = fmt.Errorf("%w: the program ends", bot.ErrNotBegun)
		fail[6] = fmt.Errorf("nobody knows")
		r.total = 0
		r.says = func(_ bot.Contact, n int) error { return fail[n] }
		clear(r.got)
		r.Once(ctx)
		r.says = nil
		r.stands("told", broadcast.Sending, "3 queued, 23 sent, 2 failed, 2 doubtful, blocked 1, refused 1, timeout 1, unknown 1")
		r.now = r.now.Add(time.Hour)
		r.Once(ctx)
		r.stands("told", broadcast.Sending, "1 queued, 25 sent, 2 failed, 2 doubtful, blocked 1, refused 1, timeout 1, unknown 1")
		waiting, err := db.Rows(ctx, "told", "", 100, broadcast.Queued)
		if err != nil || len(waiting) != 1 || waiting[0].Waits != "window" {
			t.Fatalf("%+v %v", waiting, err)
		}
		r.must(db.Heard(ctx, map[bot.Contact]time.Time{waiting[0].Contact: r.now}))
		r.Once(ctx)
		r.stands("told", broadcast.Done, "26 sent, 2 failed, 2 doubtful, blocked 1, refused 1, timeout 1, unknown 1")
		r.nobodyTwice()
	})
	t.Run("too many errors stop it", func(t *testing.T) {
		r.put(next("errors"))
		r.says = func(bot.Contact, int) error { return &bot.SendError{Next: bot.Never, Reason: "refused"} }
		r.Pace["telegram"] = 50
		r.Once(ctx)
		r.says = nil
		r.stands("errors", broadcast.Paused, "5 queued, 25 failed, refused 25")
		if b, _ := db.Broadcast(ctx, "errors"); !strings.Contains(b.Why, "refused") {
			t.Errorf("why %q", b.Why)
		}
		_, err := db.Change(ctx, "errors", broadcast.Resume, broadcast.Sending, "lan", "", r.now)
		r.must(err)
		r.Once(ctx)
		r.stands("errors", broadcast.Done, "5 sent, 25 failed, refused 25")
		r.Pace["telegram"] = 0
	})
	t.Run("a refused channel stops it, and loses nothing", func(t *testing.T) {
		r.put(next("halt"))
		r.says = func(bot.Contact, int) error { return &bot.SendError{Next: bot.Halt, Reason: "token"} }
		r.Once(ctx)
		r.says = nil
		r.stands("halt", broadcast.Paused, "30 queued")
	})
	t.Run("quiet hours, and too late", func(t *testing.T) {
		b := next("quiet")
		r.put(b)
		r.now = r.now.Add(10 * time.Hour) // 22:00 there
		r.Once(ctx)
		r.stands("quiet", broadcast.Sending, "30 queued")
		r.now = b.UsefulUntil
		r.Once(ctx)
		r.stands("quiet", broadcast.Done, "30 skipped, late 30")
	})
	t.Run("who deletes all leaves the books balanced", func(t *testing.T) {
		r.put(next("gone"))
		for more := true; more; {
			var err error
			more, err = db.Plan(ctx, "gone", 100, r.now)
			r.must(err)
		}
		r.must(r.book.Delete(ctx, crowd[0], r.now))
		r.Once(ctx)
		r.stands("gone", broadcast.Done, "29 sent, 1 skipped, deleted 1")
		r.stands("all", broadcast.Done, "30 sent")
		rows, err := db.Rows(ctx, "all", "", 100)
		r.must(err)
		for _, row := range rows {
			if row.Contact.ID == crowd[0].ID || strings.Contains(row.Who, crowd[0].ID) {
				t.Errorf("still there: %+v", row)
			}
		}
	})
	t.Run("more than were counted wait for a second yes", func(t *testing.T) {
		rules := broadcast.DefaultRules()
		rules.ApproveAbove = 20
		if won, err := db.EditRules(ctx, broadcast.DefaultRules(), rules); !won || err != nil {
			t.Fatal(won, err)
		}
		r.put(next("grown"))
		r.Once(ctx)
		r.stands("grown", broadcast.Awaiting, "29 queued")
		won, err := db.Approve(ctx, "grown", "hgrown", "hoa", broadcast.Sending, r.now)
		if !won || err != nil {
			t.Fatal(won, err)
		}
		r.Once(ctx)
		r.stands("grown", broadcast.Done, "29 sent")
	})
}

// broadcastPaused pauses a broadcast from within a send.
func broadcastPaused(r *road, id string) error {
	_, err := r.db.Change(r.Context(), id, broadcast.Pause, broadcast.Paused, "lan", "", r.now)
	return err
}

// One person on two channels is told once, where they wrote last; on the web
// when the page is open; on Zalo when they have written lately.
func TestRoadToChannels(t *testing.T) { onEach(t, roadChannelsSuite) }

func roadChannelsSuite(t *testing.T, db *store.DB) {
	r := newRoad(t, db, "a")
	ctx := t.Context()
	page, zalo, both := on("web"), on("zalo"), on("web")
	r.follows(page, "", "")
	r.follows(zalo, "", "")
	r.follows(both, "", "")
	phone := on("telegram")
	p, err := r.book.Records.Find(ctx, both)
	r.must(err)
	_, err = db.PutCode(ctx, []byte("x"), p.ID, noon, noon.Add(time.Hour))
	r.must(err)
	_, err = db.Link(ctx, people.Linking{Contact: phone, Turn: "1", Code: []byte("x"), At: noon})
	r.must(err)
	r.must(db.Heard(ctx, map[bot.Contact]time.Time{both: noon.Add(time.Second), zalo: noon}))

	r.now = noon.Add(48 * time.Hour)
	b := letter("b", broadcast.Sending)
	b.UsefulUntil = noon.Add(7 * 24 * time.Hour)
	b.Course = "c"
	r.put(b)
	r.Once(ctx)
	r.stands("b", broadcast.Sending, "3 queued")
	book, err := db.Book(ctx, "b")
	if err != nil || book.Waiting["page"] != 2 || book.Waiting["window"] != 1 {
		t.Errorf("%+v %v", book, err)
	}
	for range 2 {
		r.Opened(ctx, page)
	}
	if r.got[bot.Contact{Channel: "web", ID: page.ID + " broadcast-b"}] != 1 {
		t.Errorf("not shown: %v", r.got)
	}
	r.stands("b", broadcast.Sending, "2 queued, 1 sent")

	// They write on the other channel, and hear it there.
	r.now = r.now.Add(time.Hour)
	r.Heard(bot.Incoming{Contact: phone, At: r.now})
	r.Heard(bot.Incoming{Contact: zalo, At: r.now})
	r.Once(ctx)
	r.stands("b", broadcast.Done, "3 sent")
	if r.got[phone] != 1 || r.got[zalo] != 1 {
		t.Errorf("%v", r.got)
	}
	r.Opened(ctx, both)
	r.stands("b", broadcast.Done, "3 sent")

	// What they do with the class is counted, once.
	for range 2 {
		r.Heard(bot.Incoming{Contact: phone, At: r.now, Tap: "flow:course?course=c"})
		r.Heard(bot.Incoming{Contact: zalo, At: r.now, Tap: "flow:register?join=other"})
		r.Once(ctx)
		r.must(db.Registered(ctx, both, "c", r.now)) // the same person
		r.must(db.Declined(ctx, zalo, "c", r.now))
		r.must(db.Declined(ctx, on("zalo"), "c", r.now)) // was not told
	}
	book, err = db.Book(ctx, "b")
	if err != nil || book.Tapped != 1 || book.Registered != 1 || book.Declined != 1 {
		t.Errorf("%+v %v", book, err)
	}
	again := b
	again.ID, again.Hash, again.Text = "again", "again", "Sắp hết hạn"
	r.put(again)
	r.Once(ctx)
	r.stands("again", broadcast.Sending, "1 queued, 1 sent, 1 skipped, declined 1")
}

// Two processes send at once, while others pause, resume, link and delete:
// nobody is told twice and the books balance.
func TestTwoRoads(t *testing.T) { onEach(t, twoRoadsSuite) }

func twoRoadsSuite(t *testing.T, db *store.DB) {
	a := newRoad(t, db, "a")
	crowd := a.crowd(400)
	b := newRoad(t, db, "b")
	b.Send = a.Send // one platform
	large := letter("b", broadcast.Sending)
	large.ApprovedBy = "hoa"
	a.put(large)
	for _, r := range []*road{a, b} {
		r.Pace["telegram"] = 20 // claims are of 10
	}
	ctx := t.Context()
	var wg sync.WaitGroup
	for _, r := range []*road{a, b} {
		wg.Go(func() {
			for passes := 0; ; passes++ {
				r.Once(ctx)
				x, err := db.Broadcast(ctx, "b")
				if err != nil || x.State == broadcast.Done {
					return
				}
				if passes > 2000 {
					book, err := db.Book(ctx, "b")
					t.Errorf("has no end: %s, %+v %v", x.State, book, err)
					return
				}
			}
		})
	}
	wg.Go(func() {
		for range 20 {
			for _, c := range []struct {
				do broadcast.Change
				to broadcast.State
			}{{broadcast.Pause, broadcast.Paused}, {broadcast.Resume, broadcast.Sending}} {
				if _, err := db.Change(ctx, "b", c.do, c.to, "lan", "", noon); err != nil {
					t.Error(err)
				}
			}
		}
	})
	wg.Go(func() {
		for _, c := range crowd[:20] {
			if err := a.book.Delete(ctx, c, noon); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	book, err := db.Book(ctx, "b")
	if err != nil || book.Queued != 0 || book.Sent+book.Skipped+book.Doubtful != book.Planned || book.Reasons["deleted"] != book.Skipped+book.Doubtful {
		t.Errorf("%+v %v", book, err)
	}
	a.nobodyTwice()
}

// The calls list has who can't be written to, with phone and village.
func TestCalls(t *testing.T) { onEach(t, callsSuite) }

func callsSuite(t *testing.T, db *store.DB) {
	r := newRoad(t, db, "a")
	ctx := t.Context()
	zalo, telegram := on("zalo"), on("telegram")
	r.wishes(zalo, "", "han", "ba-che", true)
	r.wishes(telegram, "", "han", "ba-che", true)
	for i, remind := range []bool{true, false} {
		_, err := db.PutInterest(ctx, course.Interest{ID: fmt.Sprint("paper", i), Trade: "han", Place: "dam-ha", Name: "Bà Tư", Phone: "0900000000", Village: "Thôn 2", Remind: remind,
			State: course.New, Source: course.FromPaper, Consent: "trên giấy", CreatedAt: noon, UpdatedAt: noon})
		r.must(err)
	}
	b := letter("b", broadcast.Sending)
	b.Selection.Topics = []string{"han"}
	b.UsefulUntil = noon.Add(10 * 24 * time.Hour)
	r.put(b)
	r.now = noon.Add(72 * time.Hour)
	r.Once(ctx)
	r.stands("b", broadcast.Sending, "1 queued, 1 sent")
	calls, err := db.Calls(ctx, "b")
	if err != nil || len(calls) != 2 || calls[0].Why != "window" || calls[0].Place != "ba-che" || calls[1].Why != "paper" || calls[1].Village != "Thôn 2" || calls[1].Consent != "trên giấy" {
		t.Errorf("%+v %v", calls, err)
	}
}

// Who can't be written to freely any more is told by the template that a
// reminder names, as long as there is money; then they wait for their own word.
func TestTemplates(t *testing.T) { onEach(t, templatesSuite) }

func templatesSuite(t *testing.T, db *store.DB) {
	r := newRoad(t, db, "a")
	ctx := t.Context()
	silent, poor, talking := on("zalo"), on("zalo"), on("zalo")
	for _, c := range []bot.Contact{silent, poor, talking} {
		r.wishes(c, "", "han", "ba-che", true)
	}
	r.says = func(to bot.Contact, _ int) error {
		if to == poor {
			return &bot.SendError{Next: bot.Never, Reason: broadcast.ByBudget}
		}
		return nil
	}
	b := letter("b", broadcast.Sending)
	b.Selection.Topics = []string{"han"}
	b.Template = &bot.Template{ID: "777", Dong: 300}
	b.UsefulUntil = noon.Add(30 * 24 * time.Hour)
	r.put(b)
	r.now = noon.Add(20 * 24 * time.Hour)
	r.must(db.Heard(ctx, map[bot.Contact]time.Time{talking: r.now.Add(-time.Hour)}))
	r.Once(ctx)
	r.stands("b", broadcast.Sending, "1 queued, 2 sent")
	if want := []string{"777 " + silent.ID}; !slices.Equal(r.templates, want) {
		t.Errorf("%v, want %v", r.templates, want)
	}
	r.says = nil
	r.now = r.now.Add(time.Hour)
	r.must(db.Heard(ctx, map[bot.Contact]time.Time{poor: r.now}))
	r.Once(ctx)
	r.stands("b", broadcast.Done, "3 sent")
	if len(r.templates) != 1 {
		t.Errorf("%v", r.templates)
	}
	r.nobodyTwice()
}

// A clock that is wrong sends nothing and drops nothing, and one that jumps
// between two looks has no say until it is looked at again.
func TestRoadByAWrongClock(t *testing.T) { onEach(t, wrongClockSuite) }

func wrongClockSuite(t *testing.T, db *store.DB) {
	r := newRoad(t, db, "a")
	r.crowd(3)
	right := false
	r.Ready = func(context.Context) (time.Time, bool) {
		r.now = noon.AddDate(1, 0, 0) // it jumps right after it was looked at
		return noon, right
	}
	b := letter("clock", broadcast.Sending)
	b.UsefulUntil = noon.Add(time.Hour)
	r.put(b)
	r.Once(t.Context())
	r.stands("clock", broadcast.Sending, "7 queued") // as counted: not even planned
	right = true
	r.Once(t.Context())
	r.stands("clock", broadcast.Done, "3 sent")
	r.nobodyTwice()
}
