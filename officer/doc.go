// Package officer is what members of staff do from their own chat with the
// bot: a class is announced by conversation, a broadcast that waits for a
// second person's yes is approved, sending is looked at, paused and resumed.
//
//	officer.go   who writes, and what they are about (kept in records)
//	announce.go  a class: read, corrected, for whom, the very message, sent
//	audience.go  for whom, by talk: "chỉ Ba Chẽ", "cả tỉnh", "mọi nghề"
//	approve.go   the second person's yes
//	sending.go   how far it is, pause and resume
//	tell.go      what they are told unasked: reminders, a yes that is waited for
//
// The steps and their words are in content (flows announce, approve, sent);
// this package has the effects that they ask for. Only a chat that is linked to
// an account of staff gets anywhere (staff.Desk.ByChat); every change goes
// through staff.Allowed and is in the audit log, once however often a message
// comes: what is done is named by the turn.
//
// Broadcasts are made by package broadcast with the rules that hold for pages
// and terminals; reading a text is of package announce.
package officer
