package bot

import "nghe/dialog"

// Kept is what a turn did, once it is kept: for who counts. Nothing of it may be
// changed.
type Kept struct {
	In            Incoming
	Brain         Brain
	Before, After dialog.Session
	Events        []dialog.Event
	// Human says that it was said to a human, who has the talk in hand; the bot's
	// sessions and events tell nothing of it.
	Human  bool
	Erased bool // everything said before was forgotten
}
