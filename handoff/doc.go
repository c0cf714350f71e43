// Package handoff is the contract between the bot and the counsellors: a case
// is a talk that a human is asked to take.
//
// The way of a case, from top to bottom:
//
//  1. A flow asks for a human (effects.go). Desk.Open makes the case once for
//     its turn, in the queue that the content says (content/queues.yaml), with a
//     summary of what is known and the last things said. open.go, summary.go
//  2. Waiting: the bot answers as ever, and bot.Turns files what both say.
//     Desk.File, talk.go
//  3. A counsellor claims it: one wins, the other is told who. From then on
//     the bot is silent. claim.go
//  4. Desk.Say keeps a counsellor's words and relays them into the talk, at
//     least once and in order; what became of them stands on the message. talk.go
//  5. It is transferred, given back, taken back from who went quiet, or closed;
//     the person may end it too. claim.go, close.go
//  6. Closed: one turn thanks, asks for a rating and puts the very question
//     again that was left. close.go
//
// What is no words (media.go, file.go) is got of its platform after it was said,
// looked at, kept by the message, and only then relayed or shown; what a person
// hands over on a page of ours comes with its message (handed.go). What the office
// writes in a platform's own app is a case that the office holds: office.go. Two
// open cases of one person become one: merge.go.
//
// Beside it: canned.go (answers ready to be sent), hours.go (working hours and
// targets), tick.go (what the clock does), hold.go (who has whose talk in hand,
// in records and sessions), own.go (what a person takes along of their own cases).
//
// # How the bot is kept silent
//
// Each change of a case that changes who speaks raises the epoch of its
// contact's hold in the same transaction of the records (table handoff_hold).
// Then the hold is set beside the session (bot.Sessions.Hold), and only then is
// the counsellor told that the case is theirs. A turn that was decided under an
// earlier epoch is not written: it is decided anew and finds the hold. A process
// that ends between the two steps leaves the hold untold: Desk.Sweep sets it.
//
// # Who may
//
// All that a member of staff does or reads goes through Desk with the member,
// is asked of staff.Allowed where the case is, and is noted in the audit log in
// the same transaction.
//
// This package knows neither stores ([Records]) nor platforms (bot) nor pages.
package handoff
