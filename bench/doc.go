// Package bench measures nghe from outside, with real servers and the fake of
// Telegram: an engine's turn, a question, a whole turn, latency at fixed rates, a
// broadcast, pages under load, a start, what a contact takes, what safety costs.
// “make bench” runs all of it in rounds and writes RESULTS.md and results.svg
// (package bench/run); package bench/sim reckons from that what more machines
// would carry (docs/capacity.md). RESULTS-issue*.md are what earlier changes
// were measured by.
//
// It has only benchmarks: nothing here fails because a machine is slow.
package bench
