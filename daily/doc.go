// Package daily counts what happens, by day, apart from the people it happens
// with: who deletes everything is gone, and the sums stay right.
//
// It is for what the province sees: how many talked, what they asked, where in
// a journey they stop. It is not for what somebody said (package unanswered keeps
// what could not be answered), not for wishes and cases (they have records of
// their own) and not for who did what.
//
// A turn goes this way:
//
//	turn.go    what a kept turn counts: from the session before, the session
//	           after, and the events between (Counts.Turn); pure
//	tally.go   kept in the process, and added to the records once a second (Tally)
//	count.go   the kinds of counts, and how they are asked for (Search)
//	funnel.go  a journey, question by question (FunnelOf); pure
//
// Counting costs a turn no round trip and, once its counts are known, no
// allocation. What is counted is written within a second, and at shutdown; a
// crash loses what the last second counted, and a write that came through although
// the answer to it was lost is added twice. Several processes add up: each adds
// to the same rows.
package daily
