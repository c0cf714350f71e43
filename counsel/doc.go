// Package counsel is what a counsellor does from their own chat with the bot:
// they go on duty, are offered cases, take them, read what is known and then
// just type; what the person says comes back here.
//
//	counsel.go   Chats.Hear: a message of somebody on duty, from reading to doing
//	word.go      what was meant: a command, a button, a word for somebody
//	desk.go      what they are about (kept in records): whom they answer
//	plan.go      what is to be done: decided once for a turn
//	act.go       and done: harmless when done again
//	answer.go    cases: list, summary, outcome, handing on
//	deliver.go   what they are shown unasked: words of people, offers, warnings
//
// # No word goes to the wrong person
//
// A plain word goes to the case that the counsellor answers (Desk.Current), and
// only as long as that is beyond doubt (Desk.Sure): they chose it themself, by a
// button, a command or by sending to it, and nothing of another case was shown
// since. Else it is held and they are asked. A message that quotes one beginning
// with "#12", and one that begins so itself, says whose it is.
//
// What is shown of another case takes the certainty away before it is shown, in
// the same guarded row by which a turn decides: whichever of the two comes
// first, the other sees it; and as long as it is on its way (Desk.Showing),
// nothing they choose is beyond doubt. What was decided is kept before it is done, so that
// a turn that is done again does the same. And handoff.Desk.Say takes words only
// from who holds the case.
//
// Where a message goes next: handoff (Say, Claim, Close, …), which relays it to
// the person; bot.Turns commits what is answered here. What is for no case goes
// to the engine as ever.
package counsel
