// Package dialog is the conversation engine: a session and an utterance go in,
// the next session and the events come out.
//
// It is for the rules of talking: which question is asked next, what counts as
// an answer to it, how a person goes back, corrects themselves, asks something
// else and returns, or starts over. A talk is described by flows (Flow, Step),
// which package content reads from files.
//
// It is not for language (what a text means is asked of a [Reader]), not for
// knowledge (texts, topics and flows come from a [Library]), not for sums
// (registered functions, [Func]) and not for anything outside the process: it
// has no clock, no chance, no I/O and no global state, and imports nothing
// else of ours. Time comes in with the utterance.
//
// The path of one utterance, file by file:
//
//	respond.go    Engine.Respond: the list of steps below
//	repair.go     sessions that slept, flows that were edited, old buttons
//	command.go    start over, back, help, skip, asking for another person
//	answer.go     is it an answer to the question that stands open?
//	told.go       what somebody says without being asked
//	digression.go or a question of its own: answer it, then ask again
//	miss.go       or not understood: growing help, nearest things, a human
//	walk.go       go on through the flow until the next question
//	render.go     texts with their places filled in
//
// Beside that path: look.go, what one step says, for those who write content.
//
// Respond gives back events. The caller (bot.Turns) saves the session, sends
// the messages and carries out the effects; an effect whose outcome must be
// spoken is asked for by the last event, and Engine.Continue goes on with it.
package dialog
