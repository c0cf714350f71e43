package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
	"nghe/people"
	"nghe/store"
)

// linking is what the tests of linking need.
type linking struct {
	t     *testing.T
	db    *store.DB
	book  people.Book
	links people.Links
	turns int
}

func newLinking(t *testing.T, db *store.DB) *linking {
	book := people.Book{Records: db.People([]byte("key"))}
	return &linking{t: t, db: db, book: book, links: people.Links{Book: book, Records: db, Key: []byte("key")}}
}

// keep keeps a profile; no two are kept at the same moment.
func (l *linking) keep(c bot.Contact, place string) {
	l.t.Helper()
	l.turns++
	if err := l.book.Keep(l.t.Context(), c, bot.Keeping{Words: "Cho nghe nhớ " + place + "?", Profile: dialog.Values{"place": dialog.Text(place)}, At: noon.Add(time.Duration(l.turns) * time.Millisecond)}); err != nil {
		l.t.Fatal(err)
	}
}

// do does an effect twice in the same turn, which must give the same.
func (l *linking) do(effect string, c bot.Contact, at time.Time, slots dialog.Values) dialog.Values {
	l.t.Helper()
	l.turns++
	a := bot.Asked{Contact: c, Turn: fmt.Sprint("turn-", l.turns), At: at, Slots: slots,
		Words: func(context.Context, string, string) (string, error) { return "Nối hai nơi?", nil }}
	var first dialog.Values
	for i := range 2 {
		v, err := l.links.Effects()[effect](l.t.Context(), a)
		if err != nil {
			l.t.Fatalf("%s: %v", effect, err)
		}
		if i == 0 {
			first = v
		} else if fmt.Sprint(v) != fmt.Sprint(first) {
			l.t.Errorf("%s gave %v, then %v", effect, first, v)
		}
	}
	return first
}

func (l *linking) code(c bot.Contact, at time.Time) string {
	l.t.Helper()
	code := l.do(people.EffectCode, c, at, nil)["link_given"].Text()
	if len(code) != len("482 913") {
		l.t.Fatalf("code %q", code)
	}
	return code
}

func (l *linking) link(c bot.Contact, code string, at time.Time) dialog.Values {
	l.t.Helper()
	return l.do(people.EffectLink, c, at, dialog.Values{"link_sure": dialog.Text("yes"), "link_code": dialog.Text(code)})
}

func (l *linking) expect(v dialog.Values, outcome string) {
	l.t.Helper()
	if got := v["linked"].Text(); got != outcome {
		l.t.Errorf("%s, want %s", got, outcome)
	}
}

func (l *linking) place(c bot.Contact, want string) {
	l.t.Helper()
	v, err := l.book.Profile(l.t.Context(), c)
	if err != nil || v["place"].Text() != want {
		l.t.Errorf("%s lives in %q, %v, want %q", c, v["place"].Text(), err, want)
	}
}

func (l *linking) wish(id string, c bot.Contact, trade string) string {
	l.t.Helper()
	kept, err := l.db.PutInterest(l.t.Context(), course.Interest{ID: id, Channel: c.Channel, Contact: c.ID, Trade: trade, Consent: "ghi?", CreatedAt: noon, UpdatedAt: noon})
	if err != nil {
		l.t.Fatal(err)
	}
	return kept.ID
}

func (l *linking) wishes(c bot.Contact, want string) {
	l.t.Helper()
	all, err := l.db.Interests(l.t.Context(), c)
	if err != nil {
		l.t.Fatal(err)
	}
	var ids []string
	for _, i := range all {
		ids = append(ids, i.ID)
	}
	if got := strings.Join(ids, " "); got != want {
		l.t.Errorf("%s has the wishes %q, want %q", c, got, want)
	}
}

var (
	onZalo = bot.Contact{Channel: "zalo", ID: "an"}
	onTele = bot.Contact{Channel: "telegram", ID: "an"}
	onWeb  = bot.Contact{Channel: "web", ID: "an"}
)

func TestLink(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		l := newLinking(t, db)
		if v := l.do(people.EffectCode, onZalo, noon, nil); v["link_given"].Text() != "" {
			t.Errorf("a code for nobody: %v", v)
		}
		l.keep(onZalo, "ba-che")
		l.wish("a", onZalo, "han")
		l.wish("b", onWeb, "han") // the same wish
		l.wish("c", onWeb, "may")

		old := l.code(onZalo, noon)
		code := l.code(onZalo, noon)
		l.expect(l.link(onZalo, code, noon), people.Same)
		l.expect(l.link(onWeb, old, noon), people.Wrong) // there is a newer one
		l.expect(l.link(onWeb, code, noon.Add(people.CodeLife)), people.Expired)
		v := l.link(onWeb, strings.ReplaceAll(code, " ", ""), noon)
		l.expect(v, people.Linked)
		if v["place"].Text() != "ba-che" || strings.Join(v["contact_list"].List(), " ") != "web zalo" {
			t.Errorf("after linking: %v", v)
		}
		l.expect(l.link(onTele, code, noon), people.Wrong) // once
		l.place(onWeb, "ba-che")
		l.wishes(onZalo, "a c")
		l.wishes(onWeb, "a c")
		if kept := l.wish("d", onWeb, "han"); kept != "a" {
			t.Errorf("a wish that is there on the other channel is kept again as %s", kept)
		}
		l.expect(l.link(onWeb, l.code(onZalo, noon), noon), people.Before)

		// Another person with a contact more becomes one with them whole.
		third := bot.Contact{Channel: "zalobot", ID: "an"}
		l.keep(onTele, "tien-yen")
		l.expect(l.link(third, l.code(onTele, noon), noon), people.Linked)
		l.wish("e", onTele, "nau-an")
		l.expect(l.link(onTele, l.code(onWeb, noon), noon), people.Merged)
		for _, c := range []bot.Contact{onZalo, onWeb, onTele, third} {
			l.place(c, "ba-che")
			l.wishes(c, "a c e")
		}
		p, err := l.book.Records.Find(t.Context(), third)
		if err != nil || len(p.Contacts) != 4 {
			t.Fatalf("%+v %v", p, err)
		}
		said := fmt.Sprint(p.Consents)
		for _, words := range []string{"Cho nghe nhớ ba-che?", "Cho nghe nhớ tien-yen?", "Nối hai nơi?"} {
			if !strings.Contains(said, words) {
				t.Errorf("the consent %q is gone: %s", words, said)
			}
		}
		if n := count(t, db, "person"); n != 1 {
			t.Errorf("%d people", n)
		}
	})
}

func TestUnlink(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		l := newLinking(t, db)
		l.keep(onZalo, "ba-che")
		unlink := func(want string) {
			t.Helper()
			if got := l.do(people.EffectUnlink, onWeb, noon, nil)["unlinked"].Text(); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		unlink(people.Alone)
		l.expect(l.link(onWeb, l.code(onZalo, noon), noon), people.Linked)
		l.wish("w", onWeb, "han")
		unlink(people.Apart)
		unlink(people.Alone)
		l.place(onWeb, "")
		l.wishes(onWeb, "")
		if v := l.do(people.EffectContacts, onWeb, noon, nil); v["remembered"].Text() != "no" || len(v["contact_list"].List()) != 1 {
			t.Errorf("%v", v)
		}
		l.place(onZalo, "ba-che")
		l.wishes(onZalo, "w")
	})
}

// A code has a million forms: who guesses is stopped long before.
func TestWrongCodesAreCounted(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		l := newLinking(t, db)
		l.keep(onZalo, "ba-che")
		code := l.code(onZalo, noon)
		for i := range people.WrongTries {
			l.expect(l.link(onWeb, fmt.Sprint(i), noon), people.Wrong)
		}
		l.expect(l.link(onWeb, code, noon.Add(time.Minute)), people.TooMany)
		l.expect(l.link(onTele, code, noon.Add(time.Minute)), people.Linked) // others may

		later := noon.Add(people.WrongTime + time.Minute)
		if err := db.Tidy(t.Context(), later); err != nil {
			t.Fatal(err)
		}
		l.expect(l.link(onWeb, l.code(onZalo, later), later), people.Linked)
	})
}

// Of several who type a code at the same time one is linked.
func TestACodeIsGoodOnce(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		l := newLinking(t, db)
		l.keep(onZalo, "ba-che")
		code := l.code(onZalo, noon)
		var wg sync.WaitGroup
		outcomes := make(chan string, 8)
		for i := range cap(outcomes) {
			wg.Go(func() {
				v, err := l.links.Effects()[people.EffectLink](t.Context(), bot.Asked{
					Contact: bot.Contact{Channel: "web", ID: fmt.Sprint(i)}, Turn: "1", At: noon,
					Slots: dialog.Values{"link_sure": dialog.Text("yes"), "link_code": dialog.Text(code)},
					Words: func(context.Context, string, string) (string, error) { return "Nối?", nil },
				})
				if err != nil {
					t.Error(err)
				}
				outcomes <- v["linked"].Text()
			})
		}
		wg.Wait()
		close(outcomes)
		got := map[string]int{}
		for o := range outcomes {
			got[o]++
		}
		if got[people.Linked] != 1 || got[people.Wrong] != 7 {
			t.Errorf("%v", got)
		}
	})
}

// What is deleted on one contact is deleted on all.
func TestDeletionIsOfThePerson(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		l := newLinking(t, db)
		l.keep(onZalo, "ba-che")
		l.expect(l.link(onWeb, l.code(onZalo, noon), noon), people.Linked)
		l.wish("z", onZalo, "han")
		l.wish("w", onWeb, "may")
		l.code(onZalo, noon)
		if others, err := l.book.Others(t.Context(), onWeb); err != nil || len(others) != 1 || others[0] != onZalo {
			t.Errorf("%v %v", others, err)
		}
		if err := l.book.Delete(t.Context(), onWeb, noon); err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int{"person": 0, "contact": 0, "consent": 0, "interest": 0, "link_code": 0, "link_outcome": 0, "deletion": 2} {
			if n := count(t, db, table); n != want {
				t.Errorf("%s has %d rows, want %d", table, n, want)
			}
		}
	})
}
