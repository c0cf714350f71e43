package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/course"
	"nghe/dialog"
	"nghe/people"
	"nghe/staff"
	"nghe/store"
)

// village is some people in a store, to be told things.
type village struct {
	*testing.T
	db   *store.DB
	book people.Book
}

func newVillage(t *testing.T, db *store.DB) village {
	return village{t, db, people.Book{Records: db.People([]byte("key"))}}
}

func (v village) must(err error) {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
}

func on(channel string) bot.Contact { c := somebody(); c.Channel = channel; return c }

// follows has somebody agree to be told.
func (v village) follows(c bot.Contact, trade, place string, groups ...string) {
	v.Helper()
	fresh := people.Person{ID: "p " + c.String(), Profile: []byte("{}"), UpdatedAt: noon}
	v.must(v.db.Follow(v.Context(), fresh, c, people.Following{Trade: trade, Place: place, At: noon}, groups, people.Consent{Purpose: people.PurposeNews, Words: "Đồng ý?", GivenAt: noon}))
}

func (v village) lives(c bot.Contact, place string) {
	v.Helper()
	v.must(v.book.Keep(v.Context(), c, bot.Keeping{Words: "Nhớ?", Profile: dialog.Values{"place": dialog.Text(place)}, At: noon}))
}

func (v village) wishes(c bot.Contact, courseID, trade, place string, remind bool) course.Interest {
	v.Helper()
	contacts++
	w := wish(fmt.Sprint("w", contacts), c, courseID, trade, place)
	w.Remind = remind
	kept, err := v.db.PutInterest(v.Context(), w)
	v.must(err)
	return kept
}

// count says what would become of an audience.
func (v village) count(name string, s broadcast.Selection, planned int, leftOut string) {
	v.Helper()
	c, err := v.db.Count(v.Context(), s)
	v.must(err)
	if got := strings.TrimPrefix(fmt.Sprint(c.LeftOut), "map"); c.Planned != planned || got != "["+leftOut+"]" {
		v.Errorf("%s: %d planned, left out %s; want %d and [%s]", name, c.Planned, got, planned, leftOut)
	}
}

func TestAudiences(t *testing.T) { onEach(t, audiencesSuite) }

func audiencesSuite(t *testing.T, db *store.DB) {
	v := newVillage(t, db)
	all, welder, near, reminded, silent, talker := on("telegram"), on("telegram"), on("zalo"), on("web"), on("web"), on("terminal")
	v.follows(all, "", "")
	v.lives(all, "ba-che")
	v.follows(welder, "han", "", "women", "poor")
	v.wishes(welder, "", "han", "dam-ha", true)
	v.follows(near, "", "tien-yen")
	v.wishes(reminded, "c", "may", "ba-che", true) // and no person
	v.wishes(silent, "c", "may", "ba-che", false)
	v.lives(talker, "ba-che")
	v.follows(talker, "", "")

	v.count("news of all kinds", broadcast.Selection{}, 2, "not-agreed:3 unreachable:1")
	v.count("welding", broadcast.Selection{Topics: []string{"han"}}, 3, "not-agreed:2 unreachable:1")
	v.count("welding in Đầm Hà", broadcast.Selection{Topics: []string{"han"}, Around: []string{"dam-ha", "tien-yen"}}, 3, "not-agreed:2 unreachable:1")
	v.count("welding far away", broadcast.Selection{Topics: []string{"han"}, Around: []string{"co-to"}}, 2, "not-agreed:3 unreachable:1")
	v.count("the class that one is reminded of", broadcast.Selection{Topics: []string{"may"}, Course: "c"}, 3, "not-agreed:2 unreachable:1")
	v.count("another class of the trade", broadcast.Selection{Topics: []string{"may"}, Course: "d"}, 3, "not-agreed:2 unreachable:1")
	v.count("about one's own wish", broadcast.Selection{Topics: []string{"may"}, Course: "c", WishOnly: true}, 1, "not-agreed:4 unreachable:1")
	v.count("people of Ba Chẽ", broadcast.Selection{Places: []string{"ba-che"}}, 1, "not-agreed:2 unreachable:1")
	v.count("of two places", broadcast.Selection{Places: []string{"ba-che", "tien-yen"}}, 2, "not-agreed:2 unreachable:1")
	v.count("who wish to weld", broadcast.Selection{Trades: []string{"han"}, Topics: []string{"han"}}, 1, "")
	v.count("who wish to sew", broadcast.Selection{Trades: []string{"may"}, Topics: []string{"may"}}, 1, "not-agreed:1")
	v.count("women", broadcast.Selection{Groups: []string{"women", "soldier"}, Topics: []string{"han"}}, 1, "")
	v.count("on Telegram", broadcast.Selection{Channels: []string{"telegram"}, Topics: []string{"han"}}, 2, "")
	v.count("with a new wish for c", broadcast.Selection{States: []string{"new"}, Courses: []string{"c"}, Topics: []string{"may"}}, 1, "not-agreed:1")
	v.count("with a dropped wish", broadcast.Selection{States: []string{"dropped"}}, 0, "")
	v.count("seen lately", broadcast.Selection{SeenSince: noon.Add(time.Hour)}, 0, "")

	// Stop: one trade, then everything.
	had, err := db.Unfollow(t.Context(), welder, "han", people.PurposeNews, noon.UnixMilli())
	if !had || err != nil {
		t.Error(had, err)
	}
	v.count("welding, without who stopped it", broadcast.Selection{Topics: []string{"han"}}, 2, "not-agreed:2 opted-out:1 unreachable:1")
	for range 2 {
		_, err = db.Unfollow(t.Context(), all, "", people.PurposeNews, noon.UnixMilli())
		v.must(err)
	}
	v.count("news, without who stopped all", broadcast.Selection{}, 1, "not-agreed:3 opted-out:1 unreachable:1")
	_, err = db.Unfollow(t.Context(), reminded, "", people.PurposeNews, noon.UnixMilli())
	v.must(err)
	v.count("a reminder, after stop", broadcast.Selection{Topics: []string{"may"}, Course: "c", WishOnly: true}, 0, "not-agreed:3 opted-out:2 unreachable:1")
	if had, err := db.Unfollow(t.Context(), on("web"), "", people.PurposeNews, noon.UnixMilli()); had || err != nil {
		t.Error("somebody unknown had something", had, err)
	}
	if n := count(t, db, "opted_out"); n != 3 {
		t.Errorf("%d opted out are noted", n)
	}
	// And on again.
	v.follows(all, "", "")
	v.count("news again", broadcast.Selection{}, 2, "not-agreed:2 opted-out:1 unreachable:1")
	news, _, err := db.Following(t.Context(), all)
	if err != nil || len(news) != 1 {
		t.Errorf("%v %v", news, err)
	}

	// Who shut us out is left out, until they write.
	v.must(db.Unreachable(t.Context(), near, "blocked", noon))
	v.count("news, one blocked", broadcast.Selection{}, 1, "blocked:1 not-agreed:2 opted-out:1 unreachable:1")
	v.must(db.Heard(t.Context(), map[bot.Contact]time.Time{near: noon.Add(time.Hour)}))
	v.count("they wrote", broadcast.Selection{}, 2, "not-agreed:2 opted-out:1 unreachable:1")
	v.count("seen lately", broadcast.Selection{SeenSince: noon.Add(time.Hour)}, 1, "")

	samples, err := db.Sample(t.Context(), broadcast.Selection{}, 3)
	if err != nil || len(samples) != 2 {
		t.Errorf("%+v %v", samples, err)
	}
}

// One person is told once, on the channel where they wrote last and where they
// can be reached; whatever becomes of persons and contacts.
func TestRecipients(t *testing.T) { onEach(t, recipientsSuite) }

func recipientsSuite(t *testing.T, db *store.DB) {
	v := newVillage(t, db)
	ctx := t.Context()
	recipients := func(want ...string) {
		t.Helper()
		rows, err := store.Reader(db).Query("SELECT channel || ' ' || place FROM recipient ORDER BY 1")
		v.must(err)
		defer rows.Close()
		var got []string
		for rows.Next() {
			var s string
			v.must(rows.Scan(&s))
			got = append(got, s)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("recipients %q, want %q", got, want)
		}
	}
	web, phone := on("web"), on("telegram")
	w := v.wishes(web, "", "may", "ba-che", true)
	recipients("web ba-che")
	gone, err := db.DropInterest(ctx, web, w.ID)
	if !gone || err != nil {
		t.Error(gone, err)
	}
	recipients()
	v.wishes(web, "", "may", "ba-che", true)
	v.lives(web, "dam-ha") // becomes a person
	recipients("web dam-ha")
	v.wishes(phone, "", "han", "ba-che", true)
	recipients("telegram ba-che", "web dam-ha")

	// Linked, they are one.
	p, err := v.book.Records.Find(ctx, web)
	v.must(err)
	_, err = db.PutCode(ctx, []byte("code"), p.ID, noon, noon.Add(time.Hour))
	v.must(err)
	if outcome, err := db.Link(ctx, people.Linking{Contact: phone, Turn: "1", Code: []byte("code"), Words: "?", At: noon.Add(time.Minute)}); outcome != people.Linked || err != nil {
		t.Fatal(outcome, err)
	}
	recipients("telegram dam-ha")
	v.must(db.Heard(ctx, map[bot.Contact]time.Time{web: noon.Add(time.Hour)}))
	recipients("web dam-ha")
	v.must(db.Heard(ctx, map[bot.Contact]time.Time{web: noon, phone: noon})) // old news
	recipients("web dam-ha")
	v.must(db.Unreachable(ctx, web, "blocked", noon.Add(2*time.Hour)))
	recipients("telegram dam-ha")
	v.must(db.Reachable(ctx, web))
	recipients("web dam-ha")
	if _, err := db.Unlink(ctx, web, "2", noon); err != nil {
		t.Fatal(err)
	}
	recipients("telegram dam-ha")
	v.must(v.book.Delete(ctx, phone, noon))
	recipients()
	for _, table := range []string{"recipient", "follow", "kept_group", "opted_out", "interest"} {
		if n := count(t, db, table); n != 0 {
			t.Errorf("%d rows left in %s", n, table)
		}
	}
}

func letter(id string, state broadcast.State) broadcast.Broadcast {
	return broadcast.Broadcast{ID: id, Author: "lan", Text: "Có lớp", Hash: "h" + id, At: noon, UsefulUntil: noon.Add(24 * time.Hour), State: state, CreatedAt: noon, Planned: 7, LeftOut: map[string]int{"opted-out": 1}}
}

func TestBroadcasts(t *testing.T) { onEach(t, broadcastsSuite) }

func broadcastsSuite(t *testing.T, db *store.DB) {
	ctx, v := t.Context(), newVillage(t, db)
	entry := func(did, id string) staff.Entry {
		return staff.NewEntry(staff.Operator, noon, did, "broadcast:"+id, "")
	}
	put := func(b broadcast.Broadcast, again bool, at time.Time, want string) {
		t.Helper()
		kept, fresh, err := db.Put(ctx, b, again, at, entry("new", b.ID))
		if err != nil || kept.ID != want || fresh != (want == b.ID) {
			t.Errorf("kept %+v, fresh %v, %v; want %s", kept, fresh, err, want)
		}
	}
	put(letter("a", broadcast.Awaiting), false, noon, "a")
	same := letter("b", broadcast.Awaiting)
	same.Hash = "ha"
	put(same, false, noon.Add(broadcast.SameFor-time.Second), "a")
	same.ID = "c"
	put(same, true, noon, "c")
	same.ID, same.CreatedAt = "d", noon.Add(broadcast.SameFor+time.Second)
	put(same, false, same.CreatedAt, "d")
	named := letter("e", broadcast.Scheduled)
	named.Name = "closes c 2026-11-24"
	put(named, false, noon, "e")
	named.ID, named.Hash = "f", "other"
	put(named, true, noon, "e")

	b, err := db.Broadcast(ctx, "a")
	if err != nil || b.State != broadcast.Awaiting || b.Planned != 7 || b.LeftOut["opted-out"] != 1 || !b.At.Equal(noon) || b.Text != "Có lớp" || !b.StartedAt.IsZero() {
		t.Errorf("%+v %v", b, err)
	}
	if b, err := db.Broadcast(ctx, "nope"); b != nil || err != nil {
		t.Error(b, err)
	}
	book, err := db.Book(ctx, "a")
	if err != nil || book.Planned != 7 || book.Queued != 7 {
		t.Errorf("%+v %v", book, err)
	}

	won := func(name string, want bool) func(bool, error) {
		return func(got bool, err error) {
			t.Helper()
			if got != want || err != nil {
				t.Errorf("%s: %v %v", name, got, err)
			}
		}
	}
	won("approve another text", false)(db.Approve(ctx, "a", "old", "hoa", broadcast.Sending, noon, entry("approve", "a")))
	won("approve", true)(db.Approve(ctx, "a", "ha", "hoa", broadcast.Scheduled, noon, entry("approve", "a")))
	won("approve twice", false)(db.Approve(ctx, "a", "ha", "mai", broadcast.Scheduled, noon, entry("approve", "a")))
	edited := letter("a", broadcast.Awaiting)
	edited.Text, edited.Hash = "Có lớp mới", "new"
	won("edit", true)(db.Replace(ctx, edited, "ha", "lan", noon, entry("edit", "a")))
	won("edit what was edited", false)(db.Replace(ctx, edited, "ha", "lan", noon, entry("edit", "a")))
	if b, _ := db.Broadcast(ctx, "a"); b.Text != "Có lớp mới" || b.ApprovedBy != "" || b.State != broadcast.Awaiting {
		t.Errorf("%+v", b)
	}
	won("resume what runs", false)(db.Change(ctx, "a", broadcast.Resume, broadcast.Sending, "lan", "", noon, entry("resume", "a")))
	won("pause", true)(db.Change(ctx, "e", broadcast.Pause, broadcast.Paused, "lan", "nghỉ trưa", noon, entry("pause", "e")))
	won("pause twice", false)(db.Change(ctx, "e", broadcast.Pause, broadcast.Paused, "lan", "", noon, entry("pause", "e")))
	won("resume", true)(db.Change(ctx, "e", broadcast.Resume, broadcast.Scheduled, "lan", "", noon, entry("resume", "e")))
	won("cancel", true)(db.Change(ctx, "e", broadcast.Cancel, broadcast.Cancelled, "lan", "sai ngày", noon, entry("cancel", "e")))
	won("cancel twice", false)(db.Change(ctx, "e", broadcast.Cancel, broadcast.Cancelled, "lan", "", noon, entry("cancel", "e")))
	// Of what changed something, and of nothing else, there is an entry.
	for id, want := range map[string]string{"a": "edit approve new", "b": "", "e": "cancel resume pause new", "f": ""} {
		entries, err := db.Staff().Entries(ctx, staff.Query{About: "broadcast:" + id, Limit: 20})
		v.must(err)
		var did []string
		for _, e := range entries {
			did = append(did, e.Did)
		}
		if got := sorted(did); got != sorted(strings.Fields(want)) {
			t.Errorf("%s: entries %s, want %s", id, got, want)
		}
	}
	book, err = db.Book(ctx, "e")
	if err != nil || book.Planned != 7 || book.Skipped != 7 || book.Reasons["cancelled"] != 7 {
		t.Errorf("%+v %v", book, err)
	}
	history, err := db.History(ctx, "e")
	v.must(err)
	var told []string
	for _, e := range history {
		told = append(told, fmt.Sprint(e.By, " ", e.What, " ", e.Why))
	}
	if got := strings.Join(told, ", "); got != "lan new , lan pause nghỉ trưa, lan resume , lan cancel sai ngày" {
		t.Error(got)
	}
	all, err := db.Broadcasts(ctx, 2)
	if err != nil || len(all) != 2 || all[0].ID != "e" || all[1].ID != "d" {
		t.Errorf("%+v %v", all, err)
	}
	if all, err := db.Broadcasts(ctx, 10, broadcast.Cancelled); err != nil || len(all) != 1 || all[0].ID != "e" {
		t.Errorf("%+v %v", all, err)
	}

	rules, err := db.Rules(ctx)
	if err != nil || rules != broadcast.DefaultRules() {
		t.Errorf("%+v %v", rules, err)
	}
	rules.PerWeek, rules.DayEnds = 5, 21*60
	five := func(was broadcast.Rules) bool {
		won, err := db.EditRules(ctx, was, rules, staff.NewEntry(staff.Operator, noon, "rules.edit", "rules", "5 tin"))
		v.must(err)
		return won
	}
	if !five(broadcast.DefaultRules()) {
		t.Error("not kept")
	}
	// Who read them before that does not win, and nothing is noted.
	if five(broadcast.DefaultRules()) {
		t.Error("what somebody else had changed was overwritten")
	}
	before := rules
	rules.ZaloPaid = true
	if !five(before) {
		t.Error("not kept the second time")
	}
	if again, err := db.Rules(ctx); again != rules || err != nil {
		t.Errorf("%+v %v", again, err)
	}
	rules.PerWeek = 0
	var refused *broadcast.Refused
	if _, err := db.EditRules(ctx, before, rules, staff.NewEntry(staff.Operator, noon, "rules.edit", "rules", "0 tin")); !errors.As(err, &refused) {
		t.Error(err)
	}
	if entries, err := db.Staff().Entries(ctx, staff.Query{Did: "rules.", Limit: 9}); err != nil || len(entries) != 2 || entries[0].Detail != "5 tin" {
		t.Errorf("%+v %v", entries, err)
	}
}

// sorted tells words in the order of the alphabet: entries of one moment have no
// other.
func sorted(words []string) string { return strings.Join(slices.Sorted(slices.Values(words)), " ") }
