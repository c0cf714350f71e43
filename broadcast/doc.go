// Package broadcast tells something to many: announcements of officers, and
// reminders, which are broadcasts of their own.
//
// The way of a broadcast, from top to bottom:
//
//  1. Somebody writes it: a text, perhaps a class, an audience. Desk.New checks
//     it, resolves the audience to a [Selection] (what the records are asked
//     for), counts who would be told and who not and why, and keeps it. desk.go
//  2. A second person says yes where the rules want one. approval.go
//  3. At its time a [Road] of any process writes a row for each recipient,
//     in pieces, by the database itself. road_plan.go
//  4. The road claims a few rows, looks at the rules once more ([Decide]: the
//     person may have said stop a moment ago), sends them at the platform's pace
//     behind all answers, and marks what became of each. road_send.go, rules.go
//  5. When no row is left it is done. Pause, resume and cancel at any moment:
//     what is claimed is finished, nothing else begins. state.go
//
// A recipient is a person, told once though they have two channels: on the one
// they wrote on last. Who only left a wish and is no person is their contact.
// Nobody is told anything without having agreed: to news, of all trades or of
// some, everywhere or near a place; or to be reminded, in a wish, of that class
// and its trade.
//
// Sending is at most once: what was claimed and not marked when a process ended
// is in doubt, is listed as that, and is never sent again. It is the other way
// round with answers (package bot).
//
// The web chat is no channel that pushes: a row waits until the page is open
// and is shown there (Road.Opened). On Zalo one may only write for a while
// after the person's last word: after that they are told by a template that
// costs, where the broadcast has one and money is left; else a row waits for
// their next word (Heard), until it is of no more use, and the person stands on
// the list of those to call.
//
// This package holds rules and the road. What is kept is in package store
// ([Records]), who may do what is said by its callers, and how a platform is
// spoken to by package bot.
package broadcast
