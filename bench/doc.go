// Package bench measures what issue 4 asks for against real servers and the
// fake platform: turns on Redis beside a bare client, the webhook road of the
// whole program, the pace of sending. RESULTS-issue4.md tells what came out,
// where, and with which commands.
//
// It has only benchmarks: nothing here fails because a machine is slow.
package bench
