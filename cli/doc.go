// Package cli is the command line: one file a command, all commands in the
// table of cli.go. A command reads its flags, builds the parts it needs in
// order and stops them in reverse.
//
// It is not for what the parts do: a command that grows logic has found
// something that belongs in a package of its own.
//
// Exit codes: 0 done, 1 could not be done, 2 asked for wrongly. Every failure
// is one line on standard error that says what is wrong and what to do.
package cli
