// Package scheduler does what is due by the clock: tidying away what has
// outlived its time, tokens, and every minute a look at what is to be told
// (package reminder).
//
// A tick of cron only says "look what is due": what is to be done must be
// found in the records, so that a tick that was missed (a restart, a sleeping
// laptop) costs nothing and one that comes twice does no harm.
package scheduler
