// Package staff knows who works with nghe: members, what each may do and
// where, how they come in, and what they changed.
//
//	role.go      roles, scope, and Allowed: the one table of what may be done
//	member.go    a member, and the records that keep them
//	desk.go      members come, change and go: each change with its entry
//	signin.go    passwords, one-time codes, wrong tries
//	session.go   who is signed in where; ending it
//	password.go  argon2id, a few at a time
//	chat.go      a member's own chat with the bot, linked by a code
//	entry.go     what was changed, by whom
//
// Whatever changes something on behalf of a member asks Allowed, be it a page,
// the command line (as Operator) or a chat. Records are kept by package store,
// which writes a change and its entry together or not at all.
//
// It is not for the people whom nghe serves: those are in package people.
package staff
