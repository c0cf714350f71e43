// Package draft tells what edited content would change, before anybody hears it:
// which answers, sums and talks are others, how questions are understood, and how
// it is to talk with it. It keeps nothing and sends nothing.
//
//	mind.go     the bot over one library: what it tells, a talk with it
//	bench.go    the minds of the moment: the live one, the last drafts
//	compare.go  two minds beside each other
//	sums.go     the cases whose sums are compared
//	lines.go    two texts, line by line
//
// It is not for whether content is right (package content) nor for keeping it
// (package release).
package draft
