package bot

// Hold says who has the talk with a contact in hand. It stands beside the
// session; Epoch only grows, and a turn that was decided under another one is
// not written: so nothing that the bot meant to say comes after a human began.
type Hold struct {
	Epoch int64
	Kind  string // one of the Hold words; "" = the bot alone
	Case  string // the case, "" without one
}

// Who has a talk in hand.
const (
	HoldWaiting = "waiting" // the bot answers, and what is said is filed with the case
	HoldClaimed = "claimed" // a human answers, the bot is silent
	HoldDuty    = "duty"    // the contact is a counsellor's own chat, and they are on duty
)
