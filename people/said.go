package people

import (
	"context"
	"fmt"
	"strings"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
)

// SaidRecords moves wishes by what people say themselves. Package store has it;
// every method is harmless when called again.
type SaidRecords interface {
	Interests(ctx context.Context, c bot.Contact) ([]course.Interest, error)
	// MoveInterest leads wishes of a contact's person for a class from one of
	// some states to another.
	MoveInterest(ctx context.Context, c bot.Contact, courseID string, from []course.State, to course.State, why string, at time.Time) (bool, error)
	// PapersOf notes how the papers of a wish stand.
	PapersOf(ctx context.Context, c bot.Contact, courseID string, p course.Papers, at time.Time) (bool, error)
}

// Said does for conversations what follows from an answer to a reminder: the
// slot said holds "COURSE.answer".
type Said struct{ Records SaidRecords }

// The effects, by the names that flows use.
const (
	EffectSaid    = "said"
	EffectSaidWhy = "said-why" // why somebody left
	slotSaid      = "said"
	slotLeftWhy   = "left_why"
)

// move is what an answer means for a wish.
type move struct {
	from []course.State
	to   course.State // "" = it stays
}

var (
	before  = []course.State{course.New, course.Contacted, course.Enrolled}
	learned = append(append([]course.State{}, before...), course.Started)
)

// moves are the answers: "said.…" in the phrases are their labels. Nobody is
// moved back: who has work and says “xong” has work.
var moves = map[string]move{
	"fine":    {before, course.Started},
	"trouble": {before, course.Started},
	"notyet":  {},
	"left":    {append(learned, course.Done), course.Dropped},
	"done":    {learned, course.Done},
	"nocert":  {learned, course.Done},
	"working": {append(learned, course.Done), course.Working},
	"looking": {learned, course.Done},
	"other":   {learned, course.Done},
	"papers":  {},
}

// Answers are all that can be said to a reminder.
func Answers() []string {
	all := make([]string, 0, len(moves))
	for a := range moves {
		all = append(all, a)
	}
	return all
}

// Effects are what flows may ask for.
func (s Said) Effects() map[string]bot.Effect {
	return map[string]bot.Effect{EffectSaid: s.said, EffectSaidWhy: s.why}
}

// said gives the answer back; "gone" when there is no wish that it is about,
// "dropped" when it was dropped before.
func (s Said) said(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	outcome := func(s string) (dialog.Values, error) { return dialog.Values{"said_now": dialog.Text(s)}, nil }
	id, answer, _ := strings.Cut(a.Slots[slotSaid].Text(), ".")
	m, ok := moves[answer]
	if !ok {
		return outcome("gone")
	}
	wishes, err := s.Records.Interests(ctx, a.Contact)
	if err != nil {
		return nil, fmt.Errorf("read wishes: %w", err)
	}
	there, all := 0, true // all of them were dropped
	for _, w := range wishes {
		if w.Course != "" && w.Course == id {
			there++
			all = all && w.State == course.Dropped
		}
	}
	switch {
	case there == 0:
		return outcome("gone")
	case all && answer != "left":
		return outcome("dropped")
	case answer == "papers":
		_, err = s.Records.PapersOf(ctx, a.Contact, id, course.Complete, a.At)
	case m.to != "":
		_, err = s.Records.MoveInterest(ctx, a.Contact, id, m.from, m.to, "", a.At)
	}
	if err != nil {
		return nil, fmt.Errorf("note an answer: %w", err)
	}
	return outcome(answer)
}

// why notes why somebody left.
func (s Said) why(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	id, _, _ := strings.Cut(a.Slots[slotSaid].Text(), ".")
	why := a.Slots[slotLeftWhy].Text()
	if id == "" || why == "" {
		return nil, nil
	}
	if _, err := s.Records.MoveInterest(ctx, a.Contact, id, []course.State{course.Dropped}, course.Dropped, why, a.At); err != nil {
		return nil, fmt.Errorf("note why somebody left: %w", err)
	}
	return nil, nil
}
