// Package faults tries to break the promises of docs/architecture.md from
// outside: the real program in several processes, real Redis and PostgreSQL, a
// platform that repeats and reorders, and crashes at named points and at any
// moment. At the end the books must balance: every message answered, in order,
// no recorded effect doubled, and what may have been sent twice listed.
//
// It has only tests. “make faults” runs them at length; in “make test” they
// are short. What a failure needs to be seen again is its seed.
package faults
