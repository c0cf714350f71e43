// Package bot is everything heard and everything said: what a channel
// received becomes a turn of the conversation, is kept, and is answered.
//
// It is not for how a conversation goes (package dialog), not for what is
// known or how it is worded (package content), not for where things are kept
// (package store), and not for any one platform (the folders below: webchat).
//
// The way of one message, from top to bottom:
//
//  1. A channel decodes what came in to an [Incoming]. webchat/message_send.go
//  2. The contact's lane is entered: one message of a person at a time, in
//     order; different people in parallel. lane.go, lanes.enter
//  3. The session is loaded. Effects that an earlier turn left are applied
//     first. A turn that was done before turns off here: what was said then
//     is given back. turns.go, Turns.load
//  4. The engine answers. A panic turns off here: the person gets a kind
//     sentence, the log the cause. decide.go, Turns.decide
//  5. Effects whose outcome must be spoken are carried out now, and the
//     engine goes on with it. effects.go, Turns.carryOut
//  6. One guarded write: session, seen-mark, bubbles, remaining effects. When
//     another process was faster, all begins again at 3. turns.go, Turns.commit
//  7. The remaining effects are applied. A crash before or during it loses
//     nothing: step 3 of the next turn or [Turns.Sweep] finishes it. effects.go,
//     Turns.apply. A file that came whole is kept with its case. cases.go,
//     Turns.keepFile
//  8. The bubbles are given back to the channel. The web chat shows them; on
//     channels that push they stand in the outbox since step 6, and a Sender
//     takes them from there: in order, at the platform's pace, at least once.
//     sender.go, pace.go (who waits), slots.go (what the platform allows)
//
// A platform that does not deliver again is answered before the turn: its
// message is kept in the inbox first, and step 6 forgets it. inbox.go
//
// Handle is safe to call again with the same Incoming: a turn's id is channel
// and update id, and the guarded write happens once.
package bot
