package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/dialog"
)

var an = bot.Contact{Channel: "web", ID: "an"}

// talk says things one after the other and gives all that was answered last.
func talk(t *testing.T, w *bottest.World, texts ...string) bot.Turn {
	t.Helper()
	var turn bot.Turn
	for i, text := range texts {
		var err error
		turn, err = w.Handle(t.Context(), bot.Incoming{
			Contact: an, Update: fmt.Sprintf("%s-%d-%s", t.Name(), i, text), Text: text, At: bottest.Start,
		})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	}
	return turn
}

func says(t *testing.T, turn bot.Turn, part string) {
	t.Helper()
	if all := strings.Join(bottest.Texts(turn.Bubbles), "\n"); !strings.Contains(all, part) {
		t.Errorf("said %q, want something with %q", all, part)
	}
}

func TestATalkGoesOnFromTurnToTurn(t *testing.T) {
	w := bottest.New(t)
	turn := talk(t, w, "colour")
	says(t, turn, "red or blue?")
	if turn.Flow != "colour" || turn.Step != "ask" {
		t.Errorf("stands at %s/%s", turn.Flow, turn.Step)
	}
	last := turn.Bubbles[len(turn.Bubbles)-1]
	if len(last.Options) != 2 || last.Options[0].Tap != "colour/ask=red" {
		t.Errorf("options %v", last.Options)
	}
	says(t, talk(t, w, "Blue"), "it is BLUE")

	kept, err := w.Sessions.Bubbles(t.Context(), an, 0, bottest.Start)
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range kept {
		if b.Seq != int64(i+1) {
			t.Errorf("bubble %d has seq %d", i, b.Seq)
		}
	}
	if kept[0].From != bot.FromPerson || kept[0].Text != "colour" {
		t.Errorf("first bubble kept is %+v", kept[0])
	}
}

func TestATapIsAnswered(t *testing.T) {
	w := bottest.New(t)
	talk(t, w, "colour")
	turn, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "tap", Text: "Red", Tap: "colour/ask=red", At: bottest.Start})
	if err != nil {
		t.Fatal(err)
	}
	says(t, turn, "it is RED")
}

func TestARepeatedMessageGivesBackWhatWasSaid(t *testing.T) {
	w := bottest.New(t)
	in := bot.Incoming{Contact: an, Update: "1", Text: "sky", At: bottest.Start}
	first, err := w.Handle(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.Handle(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if !second.Repeated || !slices.Equal(bottest.Texts(first.Bubbles), bottest.Texts(second.Bubbles)) {
		t.Errorf("first %q, then %q (repeated %v)", bottest.Texts(first.Bubbles), bottest.Texts(second.Bubbles), second.Repeated)
	}
	kept, _ := w.Sessions.Bubbles(t.Context(), an, 0, bottest.Start)
	if len(kept) != 1+len(first.Bubbles) {
		t.Errorf("%d bubbles kept", len(kept))
	}
}

// Eight messages of one person at once: none is lost, none is doubled, and
// their bubbles don't mix.
func TestMessagesOfOnePersonTakeTurns(t *testing.T) {
	w := bottest.New(t)
	var wg sync.WaitGroup
	for i := range 8 {
		for range 2 { // each delivered twice
			wg.Go(func() {
				_, err := w.Handle(t.Context(), bot.Incoming{
					Contact: an, Update: fmt.Sprint(i), Text: fmt.Sprint("text ", i), At: bottest.Start,
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	kept, _ := w.Sessions.Bubbles(t.Context(), an, 0, bottest.Start)
	heard := map[string]int{}
	for i, b := range kept {
		if b.From == bot.FromPerson {
			heard[b.Text]++
			if i+1 < len(kept) && kept[i+1].Turn != b.Turn {
				t.Errorf("after %q comes a bubble of another turn", b.Text)
			}
		}
	}
	if len(heard) != 8 {
		t.Errorf("heard %v", heard)
	}
	for text, n := range heard {
		if n != 1 {
			t.Errorf("%q was heard %d times", text, n)
		}
	}
}

func TestOneSlowPersonKeepsNobodyElseWaiting(t *testing.T) {
	w := bottest.New(t)
	slow, entered := make(chan struct{}), make(chan struct{}, 1)
	var taken atomic.Bool
	w.Sessions.Before = func(call string) error {
		if call == "save" && taken.CompareAndSwap(false, true) {
			entered <- struct{}{}
			<-slow
		}
		return nil
	}
	done := make(chan error)
	go func() {
		_, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "1", Text: "sky", At: bottest.Start})
		done <- err
	}()
	<-entered
	other := bot.Contact{Channel: "web", ID: "binh"}
	if _, err := w.Handle(t.Context(), bot.Incoming{Contact: other, Update: "1", Text: "sky", At: bottest.Start}); err != nil {
		t.Error(err)
	}
	close(slow)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestALaneThatDoesNotMoveSaysSoAfterFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bottest.New(t)
		slow := make(chan struct{})
		w.Sessions.Before = func(string) error { <-slow; return nil }
		go w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "1", Text: "sky", At: bottest.Start}) //nolint:errcheck // its answer is not looked at
		synctest.Wait()
		began := time.Now()
		turn, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "2", Text: "sky", At: bottest.Start})
		if !errors.Is(err, bot.ErrBusy) || time.Since(began) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		says(t, turn, "error.busy")
		close(slow)
	})
}

func TestAConflictIsDecidedAnew(t *testing.T) {
	w := bottest.New(t)
	other := bottest.World{Turns: &bot.Turns{Brain: w.Brain, Sessions: w.Sessions, People: w.People, Log: w.Log}}
	w.Sessions.Before = func(call string) error {
		if call != "save" {
			return nil
		}
		w.Sessions.Before = nil // another process is faster, once
		_, err := other.Handle(t.Context(), bot.Incoming{Contact: an, Update: "other", Text: "colour", At: bottest.Start})
		return err
	}
	says(t, talk(t, w, "Blue"), "it is BLUE") // answers the question the other process asked
}

func TestAConflictThatNeverEndsIsAnError(t *testing.T) {
	w := bottest.New(t)
	saves := 0
	w.Sessions.Before = func(call string) error {
		if call == "save" {
			saves++
			return bot.ErrConflict
		}
		return nil
	}
	turn, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "1", Text: "sky", At: bottest.Start})
	if !errors.Is(err, bot.ErrConflict) || saves < 2 || saves > 10 {
		t.Errorf("%v after %d saves", err, saves)
	}
	says(t, turn, "error.storage")
}

func TestAStoreThatFailsIsToldKindly(t *testing.T) {
	for _, call := range []string{"load", "save"} {
		t.Run(call, func(t *testing.T) {
			w := bottest.New(t)
			w.Sessions.Before = func(c string) error {
				if c == call {
					return errors.New("disk is full")
				}
				return nil
			}
			in := bot.Incoming{Contact: an, Update: "1", Text: "colour", At: bottest.Start}
			turn, err := w.Handle(t.Context(), in)
			if err == nil {
				t.Fatal("no error")
			}
			says(t, turn, "error.storage")
			if turn.Bubbles[0].Seq != 0 {
				t.Error("a sentence that was not kept has a number")
			}
			w.Sessions.Before = nil
			turn, err = w.Handle(t.Context(), in) // delivered again
			if err != nil || turn.Repeated {
				t.Fatalf("again: %v, repeated %v", err, turn.Repeated)
			}
			says(t, turn, "red or blue?")
		})
	}
}

func TestAPanicIsAKindSentenceAndTheTalkGoesOn(t *testing.T) {
	w := bottest.New(t)
	talk(t, w, "colour")
	says(t, talk(t, w, "crash"), "error.content friend")
	says(t, talk(t, w, "Red"), "it is RED")
}

func TestAPanicOfTheStoreIsAKindSentenceToo(t *testing.T) {
	w := bottest.New(t)
	w.Sessions.Before = func(string) error { panic("store") }
	turn, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "1", Text: "sky", At: bottest.Start})
	if err == nil {
		t.Error("no error")
	}
	says(t, turn, "error.content")
	w.Sessions.Before = nil
	says(t, talk(t, w, "sky"), "the sky is blue") // the lane is free again
}

func TestConsentKeepsTheProfileUnderTheWordsThatWereRead(t *testing.T) {
	w := bottest.New(t)
	talk(t, w, "colour", "Blue", "remember", "Yes")
	k, ok := w.People.Kept(an)
	if !ok || k.Words != "may I remember it, friend?" || k.Profile["colour"].Text() != "blue" || !k.At.Equal(bottest.Start) {
		t.Errorf("kept %v %+v", ok, k)
	}
	// A new session begins with what was kept.
	fresh := bottest.New(t)
	fresh.Turns.People = w.People
	talk(t, fresh, "sky")
	data, err := fresh.Export(t.Context(), an, bottest.Start)
	if err != nil || data.Answers["Colour"] != "BLUE" {
		t.Errorf("remembered %v %v", data.Answers, err)
	}
	talk(t, w, "withdraw")
	if _, ok := w.People.Kept(an); ok {
		t.Error("still kept after withdrawal")
	}
}

func TestEraseForgetsAllThatWasSaid(t *testing.T) {
	w := bottest.New(t)
	talk(t, w, "colour", "Blue", "remember", "Yes", "secret", "a stone in the field")
	says(t, talk(t, w, "erase"), "all gone")
	if _, ok := w.People.Kept(an); ok {
		t.Error("profile is still kept")
	}
	data, err := w.Export(t.Context(), an, bottest.Start)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := json.Marshal(data)
	for _, word := range []string{"stone", "BLUE", "blue"} {
		if strings.Contains(string(raw), word) {
			t.Errorf("%q is still in %s", word, raw)
		}
	}
}

// Who is one person on two channels is erased on both, whichever they say it
// on; a failure in between loses nothing of it.
func TestEraseIsOfThePerson(t *testing.T) {
	w := bottest.New(t)
	other := bot.Contact{Channel: "zalo", ID: "an"}
	w.People.Linked = map[bot.Contact][]bot.Contact{an: {other}}
	say := func(text string) error {
		_, err := w.Handle(t.Context(), bot.Incoming{Contact: other, Update: text, Text: text, At: bottest.Start})
		return err
	}
	for _, text := range []string{"colour", "Blue"} {
		if err := say(text); err != nil {
			t.Fatal(err)
		}
	}
	away := errors.New("away")
	w.People.Before = func(string) error { return away }
	erase := bot.Incoming{Contact: an, Update: "erase", Text: "erase", At: bottest.Start}
	if _, err := w.Handle(t.Context(), erase); !errors.Is(err, away) {
		t.Fatalf("erased without the records: %v", err)
	}
	// They go on there before it is delivered again.
	if err := say("secret"); err != nil {
		t.Fatal(err)
	}
	w.People.Before = nil
	turn, err := w.Handle(t.Context(), erase)
	if err != nil {
		t.Fatal(err)
	}
	says(t, turn, "all gone")
	if known, err := w.Knows(t.Context(), other, bottest.Start); known || err != nil {
		t.Errorf("the other channel is still known: %v %v", known, err)
	}

	if err := say("red"); err != nil {
		t.Fatal(err)
	}
	if err := w.Forget(t.Context(), an, bottest.Start); err != nil {
		t.Fatal(err)
	}
	if known, err := w.Knows(t.Context(), other, bottest.Start); known || err != nil {
		t.Errorf("forgotten, and still known on the other channel: %v %v", known, err)
	}
}

// The question, the answer as it was typed and what repeats it end with the
// sensitive answer; what was said before stays.
func TestWhatTellsASecretEndsWithIt(t *testing.T) {
	w := bottest.New(t)
	before := talk(t, w, "colour")
	asked := talk(t, w, "secret")
	talk(t, w, "xyzzy", "topic.sky")
	all, err := w.Sessions.Bubbles(t.Context(), an, 0, bottest.Start)
	if err != nil {
		t.Fatal(err)
	}
	day := bottest.Start.Add(24 * time.Hour)
	secret := false
	for _, b := range all {
		secret = secret || b.Turn == asked.ID
		switch {
		case secret && b.Ends().After(day):
			t.Errorf("%q is kept until %v", b.Text, b.Ends())
		case b.Turn == before.ID && !b.Ends().Equal(b.At.Add(bot.BubbleLife)):
			t.Errorf("%q is kept only until %v", b.Text, b.Ends())
		}
	}
	if !secret || !slices.ContainsFunc(all, func(b bot.Bubble) bool { return b.Text == "xyzzy" }) {
		t.Errorf("%q", bottest.Texts(all))
	}
}

func TestExportTellsOrLinks(t *testing.T) {
	w := bottest.New(t)
	talk(t, w, "colour", "Blue", "secret", "stone")
	says(t, talk(t, w, "export"), "your data: Colour: BLUE\nSecret: STONE")
	w.DataLink = func(c bot.Contact) string { return "http://localhost/data" }
	turn, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "link", Text: "export", At: bottest.Start})
	if err != nil {
		t.Fatal(err)
	}
	says(t, turn, "your data: http://localhost/data")
}

func TestAnUnknownEffectDoesNotStopTheTalk(t *testing.T) {
	w := bottest.New(t)
	says(t, talk(t, w, "unknown-effect"), "tea is made")
	pending, _ := w.Sessions.Pending(t.Context(), 10)
	if len(pending) != 0 {
		t.Error("it stays pending")
	}
}

// A crash after the commit and before the effects: they are applied once, by
// the next turn or by the sweep at the start.
func TestACrashBetweenCommitAndEffectsLosesNothing(t *testing.T) {
	crashed := errors.New("crash")
	for _, by := range []string{"next turn", "sweep"} {
		t.Run(by, func(t *testing.T) {
			w := bottest.New(t)
			talk(t, w, "colour", "Blue", "remember")
			w.People.Before = func(string) error { return crashed }
			talk(t, w, "Yes")
			if calls := w.People.Calls(); len(calls) != 0 {
				t.Fatalf("calls %v before the crash is over", calls)
			}
			w.People.Before = nil
			if by == "sweep" {
				if err := w.Sweep(t.Context(), bottest.Start); err != nil {
					t.Fatal(err)
				}
			} else {
				talk(t, w, "sky")
			}
			talk(t, w, "sky", "sky")
			if calls := w.People.Calls(); !slices.Equal(calls, []string{"keep web:an"}) {
				t.Errorf("calls %v", calls)
			}
			if pending, _ := w.Sessions.Pending(t.Context(), 10); len(pending) != 0 {
				t.Errorf("still pending: %v", pending)
			}
		})
	}
}

func TestEffectsThatStillFailPutTheTurnOff(t *testing.T) {
	w := bottest.New(t)
	talk(t, w, "colour", "Blue", "remember")
	w.People.Before = func(string) error { return errors.New("records are away") }
	talk(t, w, "Yes")
	_, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "after", Text: "sky", At: bottest.Start})
	if err == nil {
		t.Error("the next turn was decided before the effects of the last one")
	}
}

func TestALongTextIsCutAndTheReasonToldKindly(t *testing.T) {
	w := bottest.New(t)
	turn := talk(t, w, strings.Repeat("ạ", 64<<10))
	if turn.Bubbles[0].Text != "error.long friend" {
		t.Errorf("first said %q", turn.Bubbles[0].Text)
	}
	kept, _ := w.Sessions.Bubbles(t.Context(), an, 0, bottest.Start)
	if n := len([]rune(kept[0].Text)); n != 4000 {
		t.Errorf("%d runes kept", n)
	}
}

func TestASessionThatCannotBeReadBeginsAnew(t *testing.T) {
	w := bottest.New(t)
	_, err := w.Sessions.Save(t.Context(), bot.Commit{Contact: an, Turn: "x", Session: []byte("{broken"), At: bottest.Start})
	if err != nil {
		t.Fatal(err)
	}
	says(t, talk(t, w, "colour"), "red or blue?")
}

func TestASessionOfANewerProgramIsNotTouched(t *testing.T) {
	w := bottest.New(t)
	newer := []byte(`{"v":999}`)
	if _, err := w.Sessions.Save(t.Context(), bot.Commit{Contact: an, Turn: "x", Session: newer, At: bottest.Start}); err != nil {
		t.Fatal(err)
	}
	_, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "1", Text: "sky", At: bottest.Start})
	if !errors.Is(err, dialog.ErrNewer) {
		t.Errorf("error %v", err)
	}
	loaded, _ := w.Sessions.Load(t.Context(), an, "", bottest.Start)
	if string(loaded.Session) != string(newer) {
		t.Errorf("session is now %s", loaded.Session)
	}
}

// Whatever a person sends, they get an answer, and what is kept can be read.
func TestAnyBytesAreAnswered(t *testing.T) {
	odd := []string{"\x00", "\xff\xfe", "\xed\xa0\x80", "\u202eabc", "🏠", "<script>alert(1)</script>", "{colour}", "**b**", "-1", "99999999999999999999", " "}
	w := bottest.New(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.String()), 0, 20).Draw(r, "text"), "")
		turn, err := w.Handle(context.Background(), bot.Incoming{
			Contact: an, Update: fmt.Sprint(n), Text: text, Tap: rapid.String().Draw(r, "tap"), At: bottest.Start,
		})
		if err != nil || len(turn.Bubbles) == 0 {
			r.Fatalf("%d bubbles, %v", len(turn.Bubbles), err)
		}
		kept, _ := w.Sessions.Bubbles(context.Background(), an, 0, bottest.Start)
		for _, b := range kept {
			if strings.ContainsFunc(b.Text, func(c rune) bool { return c < ' ' && c != '\n' || c == '\u202e' || c == '\ufffd' }) {
				r.Fatalf("kept %q", b.Text)
			}
		}
	})
}

func TestWhatIsNotTextIsKeptByReferenceAndAnsweredKindly(t *testing.T) {
	w := bottest.New(t)
	talk(t, w, "colour")
	for kind, phrase := range map[string]string{
		bot.MediaVoice: "media.voice", bot.MediaPhoto: "media.photo", bot.MediaLocation: "media.location", bot.MediaCard: "media.card", "hologram": "media.other",
	} {
		turn, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: kind, Media: &bot.Media{Kind: kind, Ref: "file-" + kind}, At: bottest.Start})
		if err != nil {
			t.Fatal(err)
		}
		if len(turn.Bubbles) != 1 || turn.Bubbles[0].Text != phrase+" friend" || turn.Bubbles[0].Options[0].Tap != "flow:menu" {
			t.Errorf("%s: said %+v", kind, turn.Bubbles)
		}
		kept, _ := w.Sessions.Bubbles(t.Context(), an, 0, bottest.Start)
		if heard := kept[len(kept)-2]; heard.Media == nil || heard.Media.Ref != "file-"+kind || heard.From != bot.FromPerson {
			t.Errorf("%s: kept %+v", kind, heard)
		}
	}
	says(t, talk(t, w, "Blue"), "it is BLUE") // the question still stands
}

func TestAnAlbumIsAnsweredOnceAndACaptionIsAText(t *testing.T) {
	w := bottest.New(t)
	said := 0
	for i := range 3 {
		turn, err := w.Handle(t.Context(), bot.Incoming{
			Contact: an, Update: fmt.Sprint(i), Media: &bot.Media{Kind: bot.MediaPhoto, Ref: fmt.Sprint(i), Group: "g"}, At: bottest.Start,
		})
		if err != nil {
			t.Fatal(err)
		}
		said += len(turn.Bubbles)
	}
	if said != 1 {
		t.Errorf("an album of three was answered %d times", said)
	}
	turn, err := w.Handle(t.Context(), bot.Incoming{Contact: an, Update: "caption", Text: "sky", Media: &bot.Media{Kind: bot.MediaPhoto, Ref: "x"}, At: bottest.Start})
	if err != nil {
		t.Fatal(err)
	}
	says(t, turn, "the sky is blue")
}

// filing is Cases that only take what is said.
type filing struct{ bot.Cases }

func (filing) File(context.Context, bot.Contact, string, string, []bot.Bubble) error { return nil }

// While a human has the talk nothing is sent, so nothing uses up the pace of the
// chat: what the human says next need not wait for it.
func TestWhatSaysNothingIsNotSent(t *testing.T) {
	w := bottest.New(t)
	w.Pushed = func(string) bool { return true }
	if err := w.Sessions.Hold(t.Context(), an, bot.Hold{Epoch: 1, Kind: bot.HoldClaimed, Case: "c"}, bottest.Start); err != nil {
		t.Fatal(err)
	}
	w.Cases = filing{}
	if turn := talk(t, w, "sky"); len(turn.Bubbles) != 0 {
		t.Fatalf("%+v", turn.Bubbles)
	}
	if d, err := w.Sessions.Take(t.Context(), an, "me", bottest.Start); d != nil || err != nil {
		t.Errorf("%+v %v", d, err)
	}
	if err := w.Relay(t.Context(), an, "case-1", []bot.Bubble{{From: bot.FromCounsellor, Text: "Hoa: chào"}}, bottest.Start); err != nil {
		t.Fatal(err)
	}
	if d, err := w.Sessions.Take(t.Context(), an, "me", bottest.Start); d == nil || len(d.Bubbles) != 1 || err != nil {
		t.Errorf("%+v %v", d, err)
	}
}

// What day it is goes by the clocks of the people, wherever the machine stands:
// 17:30 of Greenwich is half past midnight in the province.
func TestDaysBeginWhereThePeopleAre(t *testing.T) {
	w := bottest.New(t)
	w.Zone = time.FixedZone("", 7*3600)
	var at []time.Time
	w.Effects = map[string]bot.Effect{"make-tea": func(_ context.Context, a bot.Asked) (dialog.Values, error) {
		at = append(at, a.At)
		return nil, nil
	}}
	in := bot.Incoming{Contact: an, Update: "1", Text: "unknown-effect", At: time.Date(2026, 11, 30, 17, 30, 0, 0, time.UTC)}
	if _, err := w.Handle(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if len(at) != 1 || at[0].Format(time.DateTime) != "2026-12-01 00:30:00" {
		t.Errorf("the effect was asked for at %v", at)
	}
}
