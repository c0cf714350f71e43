package dialog

import (
	"fmt"
	"time"
)

// Look gives what one step says by itself to somebody of whom nothing is
// known, whether or not its condition holds: for those who write content. What
// its function can't say of nobody is left as it is written, {in braces}.
// Shares are those of Utterance.
func (e *Engine) Look(flow, step string, shares []string, at time.Time) ([]Message, error) {
	f := e.lib.Flow(flow)
	if f == nil {
		return nil, fmt.Errorf("flow %q does not exist", flow)
	}
	s := f.Steps[step]
	if s == nil {
		return nil, fmt.Errorf("flow %q has no step %q", flow, step)
	}
	t := e.begin(Session{Met: true, Stack: []Frame{{flow, step}}}, Utterance{At: at, Shares: shares}, nil)
	t.looking = true
	if s.Compute != "" {
		_ = t.compute(s.Compute) // a sum of what is not known: its places stay as written
	}
	switch {
	case s.Kind.Asks():
		t.ask(s)
	case s.Kind == Say || s.Kind == End:
		t.speak(s)
	}
	var said []Message
	for _, ev := range t.events {
		if ev.Type == MessageSaid {
			said = append(said, *ev.Message)
		}
	}
	return said, nil
}
