package people_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/people"
)

// linked is one person and what linking asks of records; the real ones have a
// suite in package store.
type linked struct {
	people.Records
	taken int // how many codes are somebody else's
	put   []string
	tried []people.Linking
	err   error
}

func (l *linked) Find(context.Context, bot.Contact) (*people.Person, error) {
	return &people.Person{ID: "p", Profile: []byte(`{}`)}, l.err
}

func (l *linked) PutCode(_ context.Context, code []byte, _ string, now, ends time.Time) (bool, error) {
	l.put = append(l.put, string(code))
	return len(l.put) > l.taken && ends.Sub(now) == people.CodeLife, nil
}

func (l *linked) Link(_ context.Context, t people.Linking) (string, error) {
	l.tried = append(l.tried, t)
	return people.Linked, nil
}

func (l *linked) Unlink(context.Context, bot.Contact, string, time.Time) (string, error) {
	return people.Apart, l.err
}

func (l *linked) do(effect string, a bot.Asked) (dialog.Values, error) {
	links := people.Links{Book: people.Book{Records: l}, Records: l, Key: []byte("key")}
	return links.Effects()[effect](context.Background(), a)
}

func TestACodeThatIsTakenIsNotGiven(t *testing.T) {
	free, taken := &linked{}, &linked{taken: 2}
	first, err := free.do(people.EffectCode, asked("1", nil))
	if err != nil {
		t.Fatal(err)
	}
	next, err := taken.do(people.EffectCode, asked("1", nil))
	if err != nil || len(taken.put) != 3 || taken.put[0] != free.put[0] || next["link_given"].Text() == first["link_given"].Text() {
		t.Errorf("%v, then %v, %v", first, next, err)
	}
	full := &linked{taken: 100}
	if v, err := full.do(people.EffectCode, asked("1", nil)); err == nil {
		t.Errorf("with every code taken: %v", v)
	}
	other, err := free.do(people.EffectCode, asked("2", nil))
	if err != nil || other["link_given"].Text() == first["link_given"].Text() {
		t.Errorf("two turns give the code %v, %v", other, err)
	}
}

func TestLinkNeedsAYesAndSixteenYears(t *testing.T) {
	for _, c := range []struct {
		sure, adult, want string
	}{
		{"yes", "yes", people.Linked}, {"yes", "", people.Linked},
		{"no", "yes", people.NotLinked}, {"", "yes", people.NotLinked}, {"yes", "no", people.TooYoung},
	} {
		l := &linked{}
		v, err := l.do(people.EffectLink, asked("1", dialog.Values{"link_sure": dialog.Text(c.sure), "adult": dialog.Text(c.adult), "link_code": dialog.Text("mã 482 913 ạ")}))
		if err != nil || v["linked"].Text() != c.want || len(l.tried) != map[bool]int{true: 1}[c.want == people.Linked] {
			t.Errorf("%+v: %v %v, tried %v", c, v, err, l.tried)
		}
		if len(l.tried) == 1 && l.tried[0].Words != "link/sure" {
			t.Errorf("words %q", l.tried[0].Words)
		}
	}
	away := &linked{err: errors.New("away")}
	for _, effect := range []string{people.EffectContacts, people.EffectCode, people.EffectUnlink} {
		if _, err := away.do(effect, asked("1", nil)); !errors.Is(err, away.err) {
			t.Errorf("%s with a store that is away: %v", effect, err)
		}
	}
}
