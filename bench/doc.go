// Package bench measures what issues 4 and 6 ask for against real servers and the
// fake platform: turns on Redis beside a bare client, the webhook road of the
// whole program, the pace of sending, open cases. RESULTS-*.md tell what came out,
// where, and with which commands.
//
// It has only benchmarks: nothing here fails because a machine is slow.
package bench
