package dialog

import "slices"

// Shared is what a person sent of themself by a form of the platform (Zalo) or
// one tap (Telegram), instead of typing it: as they have it there, each part
// possibly empty. It is no text of theirs, and of nobody else.
type Shared struct {
	Name    string `json:"name,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Ward    string `json:"ward,omitempty"`    // the commune-level unit
	Address string `json:"address,omitempty"` // within it: village, street
}

// The parts of Shared, as Step.Share names them.
const (
	ShareName    = "name"
	SharePhone   = "phone"
	ShareWard    = "ward"
	ShareAddress = "address"
)

// Shareable gives the part that a question of a kind may take of a form. "":
// none; a question in words may take the name or the address.
func Shareable(k Kind) []string {
	switch k {
	case AskText:
		return []string{ShareName, ShareAddress}
	case AskPhone:
		return []string{SharePhone}
	case AskPlace:
		return []string{ShareWard}
	}
	return nil
}

func (s *Shared) part(name string) string {
	switch name {
	case ShareName:
		return s.Name
	case SharePhone:
		return s.Phone
	case ShareWard:
		return s.Ward
	case ShareAddress:
		return s.Address
	}
	return ""
}

// sharing says whether the answer to a step may be sent by a form here. The
// form is about the one who writes: of nobody else.
func (t *turn) sharing(step *Step) bool {
	return step.Share != "" && t.s.For == "" && slices.Contains(t.u.Shares, step.Share)
}

func (t *turn) formOption(step *Step, at string) Option {
	return Option{Label: t.phrase("share." + step.Share), Value: byForm, Tap: at + byForm, Share: step.Share}
}

// typedForm takes the label of the form's option where any words would be an
// answer: nobody is called so.
func (t *turn) typedForm(step *Step) bool {
	if !t.sharing(step) || isDigits(t.u.Text) {
		return false
	}
	picks, fit := t.r.Options(t.u.Text, []Option{t.formOption(step, "")}, false)
	if fit != Exact || len(picks) != 1 {
		return false
	}
	t.shareForm()
	return true
}

// shareForm shows the platform's own form. The question stays open: it can be
// answered in words as before.
func (t *turn) shareForm() {
	t.s.Misses = 0
	t.emit(Event{Type: MessageSaid, Message: &Message{Text: t.fill(t.phrase("share.form")), Form: true}})
}

// shared takes what was sent by a form: the answer to the open question, and
// those to the questions that come next for certain. Whatever else is in it is
// not asked for, and not looked at.
func (t *turn) shared() {
	step := t.waiting()
	if step == nil || t.s.For != "" || step.Share == "" && step.Kind != AskPhone {
		t.shareUnasked()
		return
	}
	ahead := t.sharedAhead(step)
	if t.readShared(step) {
		return
	}
	if !ahead {
		t.shareUnasked()
		return
	}
	t.ask(step)
}

// shareUnasked says that nothing of it was taken.
func (t *turn) shareUnasked() {
	t.say(t.phrase("share.unasked"), nil)
	t.resume()
}

// readShared answers the open question.
func (t *turn) readShared(step *Step) bool {
	part := step.Share
	if part == "" && step.Kind == AskPhone {
		part = SharePhone
	}
	text := t.u.Shared.part(part)
	return text != "" && t.read(step, text, Part)
}

// sharedAhead fills what the questions after a step ask for, as far as nothing
// but questions comes between: none of them may turn out not to be asked.
func (t *turn) sharedAhead(step *Step) (filled bool) {
	flow, frame := t.flow(), *t.frame()
	for range flow.Steps {
		if step = flow.Steps[step.Next]; step == nil || !step.Kind.Asks() || step.Compute != "" {
			return filled
		}
		text := t.u.Shared.part(step.Share)
		if text == "" || step.named() || step.When != nil && !step.When(t) || !t.Value(step.Slot).IsZero() {
			continue
		}
		if v, fit := t.value(step, text); fit != None {
			t.fillSlot(step.Slot, v)
			t.remember(Frame{frame.Flow, step.ID})
			filled = true
		}
	}
	return filled
}
