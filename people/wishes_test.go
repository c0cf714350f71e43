package people_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
	"nghe/people"
)

var noon = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)

// records are wishes in memory; the real ones have a suite of their own.
type records struct {
	kept []course.Interest
	err  error
}

func (r *records) PutInterest(_ context.Context, i course.Interest) (course.Interest, error) {
	if r.err != nil {
		return course.Interest{}, r.err
	}
	for _, k := range r.kept {
		if k.ID == i.ID || k.Contact == i.Contact && k.Whom == i.Whom && k.Course == i.Course && (k.Course != "" || k.Trade == i.Trade && k.Place == i.Place) {
			return k, nil
		}
	}
	r.kept = append(r.kept, i)
	return i, nil
}

func (r *records) AnswerSurvey(ctx context.Context, i course.Interest) error {
	_, err := r.PutInterest(ctx, i)
	return err
}

func (r *records) Interests(_ context.Context, c bot.Contact) ([]course.Interest, error) {
	return slices.DeleteFunc(slices.Clone(r.kept), func(i course.Interest) bool { return i.Contact != c.ID }), r.err
}

func (r *records) DropInterest(_ context.Context, _ bot.Contact, id string) (bool, error) {
	before := len(r.kept)
	r.kept = slices.DeleteFunc(r.kept, func(i course.Interest) bool { return i.ID == id })
	return len(r.kept) < before, nil
}

var classes = course.NewCatalogue([]course.Course{
	{ID: "open", Trade: "nau-an", Status: course.Enrolling, Deadline: "2026-12-01"},
	{ID: "over", Trade: "nau-an", Status: course.Enrolling, Deadline: "2026-11-01"},
	{ID: "full", Trade: "nau-an", Status: course.Full, Start: "2026-12-01"},
})

func wishes(r *records) people.Wishes {
	return people.Wishes{Records: r, Courses: func() *course.Catalogue { return classes }}
}

// asked is somebody who agreed, with other slots besides.
func asked(turn string, slots dialog.Values) bot.Asked {
	a := bot.Asked{Contact: bot.Contact{Channel: "web", ID: "an"}, Turn: turn, At: noon, Slots: dialog.Values{"interest_ok": dialog.Text("yes")},
		Words: func(_ context.Context, flow, step string) (string, error) { return flow + "/" + step, nil }}
	for name, v := range slots {
		a.Slots[name] = v
	}
	return a
}

func do(t *testing.T, r *records, effect string, a bot.Asked) dialog.Values {
	t.Helper()
	v, err := wishes(r).Effects()[effect](t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestRegister(t *testing.T) {
	for _, c := range []struct {
		why   string
		slots dialog.Values
		other string
		want  string
	}{
		{"an open class", dialog.Values{"join": dialog.Text("open")}, "", people.Noted},
		{"the waiting list", dialog.Values{"join": dialog.Text("full")}, "", people.Noted},
		{"closed meanwhile", dialog.Values{"join": dialog.Text("over")}, "", people.Closed},
		{"closed meanwhile, though a trade is known", dialog.Values{"join": dialog.Text("over"), "trade": dialog.Text("han")}, "", people.Closed},
		{"gone meanwhile", dialog.Values{"join": dialog.Text("gone"), "trade": dialog.Text("han")}, "", people.Closed},
		{"a trade that was offered", dialog.Values{"wish_trade": dialog.Text("han")}, "", people.Noted},
		{"a trade that was asked for", dialog.Values{"trade": dialog.Text("han")}, "", people.Noted},
		{"nothing at all", nil, "", people.Closed},
		{"no consent", dialog.Values{"interest_ok": dialog.Text("no"), "join": dialog.Text("open")}, "", people.NotAgreed},
		{"consent left open", dialog.Values{"interest_ok": dialog.Skipped(), "join": dialog.Text("open")}, "", people.NotAgreed},
		{"a child who says so", dialog.Values{"join": dialog.Text("open"), "adult": dialog.Text("no")}, "", people.TooYoung},
		{"a child by the year", dialog.Values{"join": dialog.Text("open"), "adult": dialog.Text("yes"), "person_birth": dialog.Text("2013-05-01")}, "", people.TooYoung},
		{"a grown-up", dialog.Values{"join": dialog.Text("open"), "person_birth": dialog.Text("1985")}, "", people.Noted},
		{"an adult for a child", dialog.Values{"join": dialog.Text("open"), "person_birth": dialog.Text("2013")}, "con trai", people.Noted},
	} {
		r := &records{}
		a := asked("1", c.slots)
		a.For = c.other
		for range 2 { // the same turn, decided again
			if got := do(t, r, people.EffectRegister, a)["registered"].Text(); got != c.want {
				t.Errorf("%s: %s, want %s", c.why, got, c.want)
			}
		}
		if kept := len(r.kept); kept != map[bool]int{true: 1, false: 0}[c.want == people.Noted] {
			t.Errorf("%s: %d wishes are kept", c.why, kept)
		}
	}
}

func TestRegisterKeepsWhatWasGiven(t *testing.T) {
	r := &records{}
	a := asked("1", dialog.Values{"join": dialog.Text("open"), "person_name": dialog.Text("An"), "person_phone": dialog.Skipped(), "person_birth": dialog.Text("1985"), "place": dialog.Text("ba-che"), "remind": dialog.Text("yes")})
	do(t, r, people.EffectRegister, a)
	i := r.kept[0]
	if i.Name != "An" || i.Phone != "" || i.BirthYear != 1985 || !i.Remind || i.Place != "ba-che" || i.Trade != "nau-an" || i.State != course.New ||
		i.Source != course.FromTalk || i.Consent != "register/consent" || !i.CreatedAt.Equal(noon) || len(i.ID) != 26 {
		t.Errorf("%+v", i)
	}
	if got := do(t, r, people.EffectRegister, asked("2", dialog.Values{"join": dialog.Text("open")}))["registered"].Text(); got != people.Already {
		t.Errorf("the second time: %s", got)
	}
	r.err = errors.New("away")
	if _, err := wishes(r).Effects()[people.EffectRegister](t.Context(), a); !errors.Is(err, r.err) {
		t.Errorf("a store that is away: %v", err)
	}
}

func TestWishesAreListedAndDropped(t *testing.T) {
	r := &records{}
	for i, slots := range []dialog.Values{{"join": dialog.Text("open")}, {"trade": dialog.Text("han"), "place": dialog.Text("ba-che")}} {
		do(t, r, people.EffectRegister, asked(fmt.Sprint(i), slots))
	}
	first, second := r.kept[0].ID, r.kept[1].ID
	list := do(t, r, people.EffectWishes, asked("3", nil))["wish_list"].List()
	if want := []string{first + "|open|nau-an||", second + "||han|ba-che|"}; !slices.Equal(list, want) {
		t.Errorf("%q, want %q", list, want)
	}
	drop := asked("4", dialog.Values{"wish": dialog.Text("1-" + first)})
	if gone := do(t, r, people.EffectDrop, drop)["wish_list"].List(); len(gone) != 1 || gone[0] != list[0] {
		t.Errorf("dropped %q", gone)
	}
	// Decided again, nothing else goes.
	if gone := do(t, r, people.EffectDrop, drop)["wish_list"].List(); len(gone) != 0 || len(r.kept) != 1 {
		t.Errorf("dropped %q, left %v", gone, r.kept)
	}
	// Nobody drops what is not theirs.
	stranger := asked("5", dialog.Values{"wish": dialog.Text("1-" + second)})
	stranger.Contact.ID = "binh"
	if gone := do(t, r, people.EffectDrop, stranger)["wish_list"].List(); len(gone) != 0 || len(r.kept) != 1 {
		t.Errorf("a stranger dropped %q", gone)
	}
}

func (r *records) MoveInterest(_ context.Context, c bot.Contact, courseID string, from []course.State, to course.State, why string, at time.Time) (moved bool, err error) {
	for i := range r.kept {
		if k := &r.kept[i]; k.Contact == c.ID && k.Course == courseID && slices.Contains(from, k.State) {
			k.State, k.Why, moved = to, why, true
		}
	}
	return moved, r.err
}

func (r *records) PapersOf(_ context.Context, c bot.Contact, courseID string, p course.Papers, at time.Time) (bool, error) {
	for i := range r.kept {
		if k := &r.kept[i]; k.Contact == c.ID && k.Course == courseID {
			k.Papers = p
		}
	}
	return true, r.err
}

// Answers to reminders move a wish onwards, never back, and only one's own.
func TestAnswersMoveWishes(t *testing.T) {
	for _, c := range []struct {
		from   course.State
		answer string
		want   course.State
	}{
		{course.Enrolled, "fine", course.Started},
		{course.New, "trouble", course.Started}, // nobody noted that they were enrolled
		{course.Working, "fine", course.Working},
		{course.Enrolled, "notyet", course.Enrolled},
		{course.Started, "done", course.Done},
		{course.Working, "done", course.Working},
		{course.Dropped, "done", course.Dropped},
		{course.Enrolled, "nocert", course.Done},
		{course.Done, "working", course.Working},
		{course.Started, "looking", course.Done},
		{course.Done, "other", course.Done},
		{course.Started, "left", course.Dropped},
		{course.Working, "left", course.Working},
	} {
		r := &records{kept: []course.Interest{{Contact: "an", Course: "na-01", State: c.from}, {Contact: "binh", Course: "na-01", State: c.from}, {Contact: "an", Course: "na-02", State: c.from}}}
		effects := people.Said{Records: r}.Effects()
		a := asked("1", dialog.Values{"said": dialog.Text("na-01." + c.answer)})
		for range 2 { // decided again
			v, err := effects[people.EffectSaid](t.Context(), a)
			want := c.answer
			if c.from == course.Dropped {
				want = "dropped"
			}
			if err != nil || v["said_now"].Text() != want {
				t.Fatalf("%s: %v %v", c.answer, v, err)
			}
		}
		if got := r.kept[0].State; got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.from, c.answer, got, c.want)
		}
		if r.kept[1].State != c.from || r.kept[2].State != c.from {
			t.Errorf("%s: other wishes moved: %+v", c.answer, r.kept)
		}
	}

	r := &records{kept: []course.Interest{{Contact: "an", Course: "na-01", State: course.Enrolled}}}
	said := people.Said{Records: r}.Effects()
	say := func(effect string, slots dialog.Values) string {
		t.Helper()
		v, err := said[effect](t.Context(), asked("2", slots))
		if err != nil {
			t.Fatal(err)
		}
		return v["said_now"].Text()
	}
	if got := say(people.EffectSaid, dialog.Values{"said": dialog.Text("na-01.papers")}); got != "papers" || r.kept[0].Papers != course.Complete || r.kept[0].State != course.Enrolled {
		t.Errorf("papers: %s %+v", got, r.kept[0])
	}
	for _, slot := range []string{"", "na-01", "na-01.sings", "na-09.fine", ".fine"} {
		if got := say(people.EffectSaid, dialog.Values{"said": dialog.Text(slot)}); got != "gone" {
			t.Errorf("%q: %s", slot, got)
		}
	}
	say(people.EffectSaid, dialog.Values{"said": dialog.Text("na-01.left")})
	say(people.EffectSaidWhy, dialog.Values{"said": dialog.Text("na-01.left"), "left_why": dialog.Text("far")})
	if r.kept[0].State != course.Dropped || r.kept[0].Why != "far" {
		t.Errorf("%+v", r.kept[0])
	}
	r.err = errors.New("away")
	if _, err := said[people.EffectSaid](t.Context(), asked("3", dialog.Values{"said": dialog.Text("na-01.fine")})); !errors.Is(err, r.err) {
		t.Errorf("a store that is away: %v", err)
	}
}
