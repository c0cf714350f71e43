package store_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"nghe/broadcast"
	"nghe/course"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/store"
)

func TestReminders(t *testing.T) { onEach(t, remindersSuite) }

func remindersSuite(t *testing.T, db *store.DB) {
	ctx, v := t.Context(), newVillage(t, db)
	if clock, err := db.Clock(ctx); err != nil || time.Since(clock).Abs() > time.Minute {
		t.Errorf("the store's clock: %v %v", clock, err)
	}

	// Eight processes decide about the same reminder, some that it is to be
	// told, some that it is late: one of them has decided.
	for round := range 5 {
		name := fmt.Sprint("closes-7/na/", round)
		var mu sync.Mutex
		outcomes := map[string]int{}
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				what := "missed before"
				if n%2 == 0 {
					kept, fresh, err := db.Put(ctx, broadcast.Broadcast{ID: fmt.Sprint("b", round, n), Name: name, Author: broadcast.Clock, Text: "x", State: broadcast.Sending, At: noon, UsefulUntil: noon.Add(time.Hour), CreatedAt: noon, LeftOut: map[string]int{}}, false, noon)
					switch {
					case fresh:
						what = "told"
					case kept != nil:
						what = "told before"
					case err != broadcast.ErrMissed:
						what = fmt.Sprint(err)
					}
				} else if fresh, err := db.Miss(ctx, reminder.Missed{Name: name, Reminder: "closes-7", Due: noon, At: noon, Why: reminder.Late, People: 3}); err != nil {
					what = fmt.Sprint(err)
				} else if fresh {
					what = "missed"
				}
				mu.Lock()
				outcomes[what]++
				mu.Unlock()
			})
		}
		all.Wait()
		if outcomes["told"]+outcomes["missed"] != 1 || outcomes["told"]+outcomes["missed"]+outcomes["told before"]+outcomes["missed before"] != 8 {
			t.Errorf("%s: %v", name, outcomes)
		}
	}
	told, err := db.Told(ctx, []string{"closes-7/na/0", "closes-7/na/4", "closes-7/na/9"})
	if err != nil || !maps.Equal(told, map[string]bool{"closes-7/na/0": true, "closes-7/na/4": true}) {
		t.Errorf("told: %v %v", told, err)
	}
	sums, err := db.Sums(ctx, noon.Add(-time.Hour))
	if s := sums["closes-7"]; err != nil || s.Told+s.Late != 5 || s.LatePeople != 3*s.Late {
		t.Errorf("sums: %+v %v", sums, err)
	}

	// What staff switched counts, and is noted when it changes something.
	for i, c := range []struct{ on, won bool }{{false, true}, {false, false}, {true, true}} {
		at := noon.Add(time.Duration(i) * time.Hour)
		e := staff.NewEntry(staff.Operator, at, "reminder.switch", "reminder:closes-7", "")
		if won, err := db.PutSwitch(ctx, "closes-7", reminder.Switch{On: c.on, By: "an", At: at}, e); won != c.won || err != nil {
			t.Errorf("switch %d: %v %v", i, won, err)
		}
	}
	switches, err := db.Switches(ctx)
	if s := switches["closes-7"]; err != nil || len(switches) != 1 || !s.On || s.By != "an" || !s.At.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("%+v %v", switches, err)
	}
	if entries, err := db.Staff().Entries(ctx, staff.Query{About: "reminder:closes-7", Limit: 9}); err != nil || len(entries) != 2 {
		t.Errorf("%d entries %v", len(entries), err)
	}

	// The office is told something once, and it stands on a list until its end.
	n := reminder.Notice{Name: "report-begin/2026-11-01", Roles: []string{"administrator"}, Text: "Đến kỳ làm báo cáo.", At: noon, Until: noon.Add(time.Hour)}
	for i, want := range []string{"true false", "false false", "false true"} {
		n.Text += "!" // the first one counts
		if fresh, told, err := db.PutNotice(ctx, n); fmt.Sprint(fresh, told) != want || err != nil {
			t.Errorf("notice %d: %v %v %v", i, fresh, told, err)
		}
		if i == 1 {
			v.must(db.NoticeTold(ctx, n.Name))
		}
	}
	notices, err := db.Notices(ctx, noon)
	if err != nil || len(notices) != 1 || notices[0].Text != "Đến kỳ làm báo cáo.!" || !notices[0].Until.Equal(n.Until) || !notices[0].For("administrator", false) || notices[0].For("viewer", true) {
		t.Errorf("%+v %v", notices, err)
	}
	if notices, err := db.Notices(ctx, n.Until); err != nil || len(notices) != 0 {
		t.Errorf("%+v %v", notices, err)
	}
	v.must(db.Tidy(ctx, n.Until.AddDate(0, 0, 89)))
	if told, err := db.Told(ctx, []string{n.Name}); err != nil || !told[n.Name] {
		t.Errorf("told: %v %v", told, err)
	}

	// How classes stood: the first time open stays, a seat that came free is noted.
	for i, standing := range []string{"taken", "open", "taken", "open", "", "open"} {
		v.must(db.See(ctx, map[string]string{"na": standing, "han": "open"}, noon.Add(time.Duration(i)*time.Hour)))
	}
	seen, err := db.Seen(ctx)
	if s := seen["na"]; err != nil || s.Standing != "open" || !s.OpenAt.Equal(noon.Add(time.Hour)) || !s.FreedAt.Equal(noon.Add(3*time.Hour)) {
		t.Errorf("na was seen %+v %v", s, err)
	}
	if s := seen["han"]; !s.OpenAt.Equal(noon) || !s.FreedAt.IsZero() {
		t.Errorf("han was seen %+v", s)
	}

	// Who wishes, and their answers.
	an, binh := on("telegram"), on("telegram")
	v.wishes(an, "c1", "han", "ba-che", true)
	v.wishes(binh, "c1", "han", "ba-che", false)
	v.wishes(binh, "c2", "han", "ba-che", true)
	wishing, err := db.Wishing(ctx, []string{"c1", "c2", "c3"})
	if err != nil || len(wishing) != 2 || wishing["c1"][course.New] != 1 || wishing["c2"][course.New] != 1 {
		t.Errorf("wishing: %v %v", wishing, err)
	}
	audience := broadcast.Selection{Courses: []string{"c1"}, States: []string{"new", "enrolled"}, Topics: []string{"han"}, Course: "c1", WishOnly: true}
	v.count("who wishes c1 (Bình agreed in a wish of the same trade)", audience, 2, "")
	move := func(want bool, from []course.State, to course.State, why string) {
		t.Helper()
		if moved, err := db.MoveInterest(ctx, an, "c1", from, to, why, noon.Add(time.Hour)); moved != want || err != nil {
			t.Errorf("to %s: %v %v", to, moved, err)
		}
	}
	move(true, []course.State{course.New}, course.Enrolled, "")
	move(false, []course.State{course.New}, course.Started, "")
	owes := audience
	owes.OwesPapers = true
	v.count("papers are not known to be complete", owes, 2, "")
	if ok, err := db.PapersOf(ctx, an, "c1", course.Complete, noon); !ok || err != nil {
		t.Error(ok, err)
	}
	v.count("An's are", owes, 1, "")
	move(true, []course.State{course.Enrolled}, course.Dropped, "far")
	wishes, err := db.Interests(ctx, an)
	if err != nil || len(wishes) != 1 || wishes[0].State != course.Dropped || wishes[0].Why != "far" || wishes[0].Papers != course.Complete || !wishes[0].UpdatedAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v %v", wishes, err)
	}
	if moved, err := db.MoveInterest(ctx, on("telegram"), "c1", nil, course.Working, "", noon); moved || err != nil {
		t.Error("a stranger moved a wish of another", moved, err)
	}

	// Who waits for a class of the trade, and was not told of this one.
	waiting := on("telegram")
	v.wishes(waiting, "", "may", "dam-ha", true)
	v.wishes(on("telegram"), "c9", "may", "dam-ha", true)
	s := broadcast.Selection{Trades: []string{"may"}, Courses: []string{""}, Places: []string{"dam-ha"}, Topics: []string{"may"}, Course: "c5", Untold: "c5", WishOnly: true}
	v.count("who waits", s, 1, "")

	// News that fit.
	all, near, far, welder := on("telegram"), on("telegram"), on("telegram"), on("telegram")
	v.follows(all, "", "")
	v.follows(near, "", "ba-che")
	v.follows(far, "may", "co-to")
	v.follows(welder, "han", "")
	v.count("one class of sewing at Ba Chẽ", broadcast.Selection{Fits: []broadcast.Fit{{Trade: "may", Around: []string{"ba-che"}}}}, 2, "")
	v.count("and one of welding", broadcast.Selection{Fits: []broadcast.Fit{{Trade: "may", Around: []string{"ba-che"}}, {Trade: "han"}}}, 3, "")
	v.count("these, if they agreed to anything", broadcast.Selection{Who: []string{"p " + all.String(), "@" + waiting.String(), "@" + an.String()}}, 2, "not-agreed:1")

	wrote, err := db.Wrote(ctx, noon.Add(-time.Minute), noon.Add(time.Minute), "", 100)
	if err != nil || !slices.ContainsFunc(wrote, func(h reminder.Heard) bool { return h.Contact == waiting && h.Who == "@"+waiting.String() }) {
		t.Errorf("%+v %v", wrote, err)
	}
	if wrote, err = db.Wrote(ctx, noon.Add(time.Minute), noon.Add(time.Hour), "", 100); err != nil || len(wrote) != 0 {
		t.Errorf("nobody wrote then: %+v %v", wrote, err)
	}
}

// The bank's days are told to those who agreed to them, of that place, and to
// nobody else; who follows all news still has theirs.
func TestBankDays(t *testing.T) { onEach(t, bankDaysSuite) }

func bankDaysSuite(t *testing.T, db *store.DB) {
	ctx, v := t.Context(), newVillage(t, db)
	day := reminder.BankDay{Place: "ba-che", Day: 12, Hours: "từ 8 giờ", Where: "trụ sở UBND xã", By: "hoa", At: noon}
	v.must(db.PutBankDay(ctx, day, staff.NewEntry(staff.Operator, noon, "office.edit", "bank-day:ba-che", "")))
	day.Day = 15
	v.must(db.PutBankDay(ctx, day))
	days, err := db.BankDays(ctx)
	if err != nil || len(days) != 1 || days[0].Day != 15 || days[0].Where != day.Where || !days[0].At.Equal(noon) {
		t.Errorf("%+v %v", days, err)
	}
	an, binh, chi := on("telegram"), on("telegram"), on("telegram")
	v.follows(an, broadcast.FollowBank, "ba-che")
	v.follows(binh, broadcast.FollowBank, "dam-ha")
	v.follows(chi, "", "")
	at := broadcast.Selection{Fits: []broadcast.Fit{{Trade: broadcast.FollowBank, Only: true, Around: []string{"ba-che"}}}}
	v.count("the bank comes to Ba Chẽ", at, 1, "")
	v.follows(an, "", "")
	v.count("and An follows all news too", at, 1, "")
	v.count("news of all kinds", broadcast.Selection{}, 2, "not-agreed:1")
	_, err = db.Unfollow(ctx, an, "", "news", noon.UnixMilli())
	v.must(err)
	v.count("An stopped", at, 0, "")
	if dropped, err := db.DropBankDay(ctx, "tien-yen", staff.NewEntry(staff.Operator, noon, "office.drop", "bank-day:ba-che", "nothing was there")); dropped || err != nil {
		t.Error(dropped, err)
	}
	if dropped, err := db.DropBankDay(ctx, "ba-che", staff.NewEntry(staff.Operator, noon, "office.drop", "bank-day:ba-che", "")); !dropped || err != nil {
		t.Error(dropped, err)
	}
}
