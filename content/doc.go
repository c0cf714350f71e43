// Package content is what nghe knows, as files: flows, phrases, topics
// (questions with their answers), dangers, the rules of support and of loans,
// facts with their sources, places, institutions, trades with the table by which
// they are matched with people, and stories.
//
// Load reads all of it at once, strictly, into a Library that never changes;
// every mistake is a Problem that names the file, the line, what is wrong and
// what to try. A Holder swaps libraries whole: a folder of overrides is read
// again when it changes, and refused with its problems when it is not sound;
// so are files that are laid on top of all (package release makes them).
//
// It is for what is told and on what it rests. It is not for understanding
// what somebody typed (package understand), for sums (package advice) or for
// the course of a talk (package dialog, whose Library this implements).
//
// How a kind of file is made: a Go type with yaml tags (its comments are the
// manual, its JSON Schema is what Schema gives), a line in the table of kinds
// in load.go, and a check in check.go.
//
// What a message needs next: dialog asks a Library for flows, topics and
// phrases; understand makes its index of the topics' ways of asking.
package content
