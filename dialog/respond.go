package dialog

// Engine answers. It holds nothing that changes: one engine serves all
// talks at once, and another takes its place when the content changes.
type Engine struct {
	lib   Library
	funcs map[string]Func
}

// New makes an engine of the content and of the functions its flows name.
func New(lib Library, funcs map[string]Func) *Engine {
	return &Engine{lib: lib, funcs: funcs}
}

// Respond takes what the person said and gives the session as it is
// afterwards with everything that happened. It always says something.
//
// When the last event is EffectAsked, the talk waits for its outcome: carry
// it out and call Continue with the session given.
func (e *Engine) Respond(s Session, u Utterance, r Reader) (Session, []Event) {
	return s, nil
}

// Continue goes on after an effect with what it gave.
func (e *Engine) Continue(s Session, u Utterance, outcome Values) (Session, []Event) {
	return s, nil
}

// Profile gives the slots of the one who writes that may be kept beyond the
// session with their consent.
func (e *Engine) Profile(s Session) Values { return nil }

// Remember gives a new session that knows what was kept.
func (e *Engine) Remember(kept Values) Session { return Session{} }
