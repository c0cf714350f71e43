package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"nghe/crash"
	"nghe/dialog"
)

// Turns answers messages. All fields but Zone, Shares, DataLink, Heard, Kept, Took, Cases, Duty and Said must be set before
// the first message; one Turns serves all channels.
type Turns struct {
	Brain    func() Brain
	Sessions Sessions
	People   People
	Log      *slog.Logger
	// Effects are those that other rooms do, by the name that flows use.
	Effects map[string]Effect
	// Zone is where people's days begin and end; nil: the time is taken as it
	// comes. In the evening of Greenwich it is tomorrow here.
	Zone *time.Location
	// Pushed says whether what is said on a channel is sent by a Sender; nil:
	// on none, the channels come for it.
	Pushed func(channel string) bool
	// Shares gives what a contact can send by a form of their platform, as
	// dialog.Utterance has it; nil: nobody can.
	Shares func(Contact) []string
	// DataLink gives where a contact can download their data; "" says that
	// it is told in the chat. Nil: always in the chat.
	DataLink func(Contact) string
	// Heard is called after a message was answered and that was kept.
	Heard func(Incoming)
	// Kept is called once for each turn that was kept, after the guarded write:
	// a repeated turn, and one that another process was faster with, is not told
	// again. It must be quick.
	Kept func(Kept)
	// Took is told of each message how it went, and how long it took with its
	// wait in the lane: for who operates the program. It must be quick.
	Took func(in Incoming, outcome Outcome, took time.Duration)
	// Cases is where humans take talks in hand; nil: nobody does.
	Cases Cases
	// Duty hears what a counsellor writes who is on duty in their own chat, and
	// what may be the command to go on duty; it gives what is said to them. It may be asked again for the same turn. Not
	// mine: it is a talk with the bot. Nil: nobody is on duty in a chat.
	Duty func(ctx context.Context, in Incoming) (said []dialog.Message, mine bool, err error)
	// Said is called after bubbles of a contact were kept, to wake open pages
	// and the sender.
	Said func(Contact)

	lanes lanes
}

const (
	laneWait  = 5 * time.Second  // for earlier messages of the same person; then the platform shall deliver again
	turnLimit = 15 * time.Second // for the turn itself, far above what a store on its knees needs
	maxTries  = 5                // of a turn that other processes overtake
)

// Outcome is how a message went.
type Outcome string

// The outcomes. Busy and Failed say that the platform shall deliver it again.
const (
	Done     Outcome = "done"
	Repeated Outcome = "repeated"
	Busy     Outcome = "busy"
	Failed   Outcome = "failed"
)

// outcome names how a turn went.
func outcome(turn Turn, err error) Outcome {
	switch {
	case errors.Is(err, ErrBusy):
		return Busy
	case err != nil:
		return Failed
	case turn.Repeated:
		return Repeated
	}
	return Done
}

// ErrBusy says that earlier messages of the contact are still being answered.
// The same Incoming may be handled again later.
var ErrBusy = errors.New("earlier messages are still being answered")

// Turn is what came of one Incoming.
type Turn struct {
	ID      string
	Bubbles []Bubble // what is said to the person, with Seq when kept
	// Events, Flow and Step tell how the engine came to it and where the talk
	// stands. A turn given back a second time has none.
	Events     []dialog.Event
	Flow, Step string
	Repeated   bool
	Erased     bool // everything said before this turn was forgotten
}

// Handle answers one message. With an error the turn was not kept and holds
// one kind sentence to show; the same Incoming may be handled again.
func (t *Turns) Handle(ctx context.Context, in Incoming) (turn Turn, err error) {
	began := time.Now()
	defer func() {
		if t.Took != nil {
			t.Took(in, outcome(turn, err), time.Since(began))
		}
	}()
	brain := t.Brain()
	in = in.tidy()
	in.At = t.local(in.At)
	log := t.Log.With("contact", in.Contact.String(), "turn", in.Turn())
	defer func() {
		if p := recover(); p != nil {
			log.Error("turn panicked", "panic", p, "stack", string(debug.Stack()))
			turn, err = sorry(brain, in, PhraseTurn), fmt.Errorf("panic in turn: %v", p)
		}
	}()

	waiting, cancel := context.WithTimeout(ctx, laneWait)
	defer cancel()
	leave, err := t.lanes.enter(waiting, in.Contact)
	if err != nil {
		log.Warn("turn put off", "error", err)
		return sorry(brain, in, PhraseBusy), ErrBusy
	}
	defer leave()

	// What was begun is finished, even when the person's connection breaks.
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), turnLimit)
	defer cancel()
	for range maxTries {
		turn, err = t.once(ctx, brain, in, log)
		if !errors.Is(err, ErrConflict) {
			break
		}
	}
	if errors.Is(err, dialog.ErrNewer) {
		log.Warn("turn left to a newer program")
		return sorry(brain, in, PhraseNewer), err
	}
	if err != nil {
		log.Error("turn failed", "error", err)
		return sorry(brain, in, PhraseStorage), err
	}
	log.Info("turn done", "flow", turn.Flow, "step", turn.Step, "bubbles", len(turn.Bubbles), "repeated", turn.Repeated)
	return turn, nil
}

// local gives a time as the clocks of the people show it.
func (t *Turns) local(at time.Time) time.Time {
	if t.Zone == nil {
		return at
	}
	return at.In(t.Zone)
}

// once goes the way of a message from the session to the bubbles.
func (t *Turns) once(ctx context.Context, brain Brain, in Incoming, log *slog.Logger) (Turn, error) {
	loaded, err := t.load(ctx, in, log)
	if err != nil {
		return Turn{}, err
	}
	if loaded.Seen {
		return Turn{ID: in.Turn(), Bubbles: fromBot(loaded.Replies), Repeated: true}, t.keepFile(ctx, in, false)
	}
	in.before = loaded.LastSeq
	crash.Point("turn.loaded")
	if lost, err := t.found(ctx, loaded, in); lost || err != nil {
		return Turn{}, cmp.Or(err, ErrConflict)
	}
	session, err := t.recall(ctx, brain, in.Contact, loaded, log)
	if err != nil {
		return Turn{}, err
	}
	d, err := t.answer(ctx, brain, session, loaded.Hold, in, log)
	if err != nil {
		return Turn{}, err
	}
	if !d.frank {
		// What was asked, answered and repeated lives no longer than the answer.
		for _, s := range []dialog.Session{session, d.session} {
			d.endBy(brain.Engine.PrivateUntil(s, in.At))
		}
	}
	filed := d.file(loaded.Hold, in)
	crash.Point("turn.decided")
	kept, err := t.commit(ctx, in, loaded, d)
	if err != nil {
		return Turn{}, err
	}
	crash.Point("turn.committed")
	if t.Kept != nil {
		t.Kept(Kept{In: in, Brain: brain, Before: session, After: d.session, Events: d.events, Human: d.frank, Erased: d.erase})
	}
	t.applyAfter(ctx, in.Contact, loaded.Version+1, d.effects, log)
	crash.Point("turn.applied")
	if err := t.keepFile(ctx, in, filed); err != nil {
		return Turn{}, err
	}
	if t.Heard != nil {
		t.Heard(in)
	}
	if t.Said != nil {
		t.Said(in.Contact)
	}
	turn := Turn{ID: in.Turn(), Bubbles: fromBot(kept), Events: d.events, Erased: d.erase}
	if n := len(d.session.Stack); n > 0 {
		turn.Flow, turn.Step = d.session.Stack[n-1].Flow, d.session.Stack[n-1].Step
	}
	return turn, nil
}

// load reads what the turn needs. Effects that an earlier turn left are
// applied before anything else is decided.
func (t *Turns) load(ctx context.Context, in Incoming, log *slog.Logger) (Loaded, error) {
	loaded, err := t.Sessions.Load(ctx, in.Contact, in.Turn(), in.At)
	if err != nil {
		return Loaded{}, fmt.Errorf("load session: %w", err)
	}
	if len(loaded.Effects) == 0 {
		return loaded, nil
	}
	log.Info("effects of an earlier turn are applied")
	if err := t.apply(ctx, in.Contact, loaded.Version, loaded.Effects, log); err != nil {
		return Loaded{}, err
	}
	return loaded, nil
}

// recall gives the session: as it was left, or a new one that knows what the
// person once agreed to have kept.
func (t *Turns) recall(ctx context.Context, brain Brain, c Contact, loaded Loaded, log *slog.Logger) (dialog.Session, error) {
	if len(loaded.Session) == 0 {
		profile, err := t.People.Profile(ctx, c)
		if err != nil {
			return dialog.Session{}, fmt.Errorf("read profile: %w", err)
		}
		return brain.Engine.Remember(profile), nil
	}
	session, err := dialog.Decode(loaded.Session, loaded.Sensitive)
	if errors.Is(err, dialog.ErrNewer) {
		return dialog.Session{}, err // another process of a newer version will answer
	}
	if err != nil {
		// Better to ask again than never to answer this person again.
		log.Error("session can't be read: begun anew", "error", err)
		return dialog.Session{}, nil
	}
	return session, nil
}

// commit writes the turn.
func (t *Turns) commit(ctx context.Context, in Incoming, loaded Loaded, d decision) ([]Bubble, error) {
	plain, sensitive, ends, err := d.session.Encode()
	if err != nil {
		return nil, err
	}
	effects, err := encodeEffects(d.effects)
	if err != nil {
		return nil, err
	}
	kept, err := t.Sessions.Save(ctx, Commit{
		Contact: in.Contact, Turn: in.Turn(), Base: loaded.Version, Epoch: loaded.Hold.Epoch,
		Session: plain, Sensitive: sensitive, SensitiveEnds: ends,
		Bubbles: d.bubbles, Effects: effects, Erase: d.erase, At: in.At,
		Send: d.speaks() && t.Pushed != nil && t.Pushed(in.Contact.Channel),
	})
	if err != nil {
		return nil, fmt.Errorf("save turn: %w", err)
	}
	return kept, nil
}

// speaks says whether there is anything to send. While a human has the talk there
// mostly is not: a delivery of nothing would use up the pace of the chat.
func (d *decision) speaks() bool {
	return slices.ContainsFunc(d.bubbles, func(b Bubble) bool { return b.From != FromPerson })
}

// sorry is a turn that was not kept: one kind sentence.
func sorry(brain Brain, in Incoming, phrase string) Turn {
	return Turn{ID: in.Turn(), Bubbles: []Bubble{{
		From: FromBot, Text: brain.Phrase(phrase, ""), At: in.At, Turn: in.Turn(),
	}}}
}

func fromBot(bubbles []Bubble) []Bubble {
	var said []Bubble
	for _, b := range bubbles {
		if b.From == FromBot {
			said = append(said, b)
		}
	}
	return said
}
