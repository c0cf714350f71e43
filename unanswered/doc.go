// Package unanswered keeps what people asked and nghe could not answer, so that
// those who write the content see what is missing.
//
// It is not for who asked: what is kept has nobody's name to it, and is scrubbed
// of what could tell (Scrub). It is not for people in danger: their sentences are
// not kept here, nor is what was typed where a name, a number or something
// sensitive was asked for. It is kept for 180 days (Life).
//
// A text goes this way:
//
//	turn.go    is it to be kept, and why? (Log.Turn)
//	scrub.go   telephone numbers, ID numbers, e-mail out of it; names and addresses
//	           in scrub_words.go
//	log.go     written once a second; an offer of topics ripens for an hour first,
//	           and is dropped when one of them is taken
//	group.go   put together by likeness, with the trend (Groups); pure
//
// The next station is the console's page, and from there whoever makes a way of
// asking of it.
package unanswered
