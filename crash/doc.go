// Package crash lets a process end at a named point, for the tests that show
// that a crash between any two steps loses nothing and doubles nothing.
//
// It does so only in a binary built with the tag crashpoints; in any other,
// Point is nothing. It is not for errors and not for shutting down.
//
// Its clock can also be set wrong there (Now), for those that show what a wrong
// clock does.
//
// Points are named after the road and the step that was just finished:
// "turn.loaded", "turn.committed", "send.sent". Points lists them.
package crash

// Points are all names, in the order of the roads.
var Points = [...]string{
	"accept.kept",      // an inbox row is there, the platform has no answer yet
	"turn.loaded",      // the session was read, effects left behind are applied
	"turn.decided",     // the engine has answered, effects that are spoken are done
	"turn.committed",   // the guarded write happened
	"turn.applied",     // the remaining effects are applied, nobody was woken
	"send.taken",       // a delivery has its lease
	"send.paced",       // its turn at the platform's pace has come
	"send.sent",        // the platform has taken a part, nothing of it is noted
	"send.noted",       // a part is noted, others follow
	"send.done",        // the delivery is forgotten
	"poll.received",    // a batch of updates came, none was handled
	"poll.handled",     // they are handled, not yet confirmed
	"bulk.begun",       // a broadcast whose time came is being sent
	"bulk.planned",     // some of its rows are written
	"bulk.claimed",     // rows are claimed, none is sent
	"bulk.paced",       // the turn of one at the platform's pace has come
	"bulk.sent",        // the platform has taken one, nothing of it is noted
	"bulk.marked",      // a batch is marked
	"bulk.dropped",     // rows of what is cancelled or too late are ended
	"bulk.finished",    // no row was left: the broadcast is done
	"page.claimed",     // a row of the web chat is claimed, its page is open
	"page.told",        // it stands in the talk, the row is not marked
	"effect.requested", // an effect that is spoken is about to be done
}
