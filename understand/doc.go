// Package understand says what a text means: which option, command, place,
// number or topic. Its Reader is what the engine (package dialog) asks.
//
// It reads words through package viet and knows what there is to mean from
// package content; a Reader is built once of a content library and never
// changes. It is not for answers: those are content, and what to do next is
// the engine's business.
//
// A free text goes this way (Reader.Meaning):
//
//	text.go      split in sentences, mended, weighed: the question counts
//	             more than the story around it
//	danger.go    a person in danger? then nothing else matters
//	terms.go     the words, pairs of words and concepts (concepts.txt) in it
//	rank.go      every topic scored in four views: a linear model (model.go),
//	             the nearest way of asking, BM25, and letters (grams.go)
//	meaning.go   answer, offer the nearest, or say that it is not ours
//
// The words of the reader stand in tables that a Vietnamese speaker can
// extend: commands.txt, concepts.txt, profiles.txt, outside.txt, danger.txt.
// Ways of asking stand with the topics, in content.
//
// How well it does is measured by understand/eval (“make eval”), on questions
// that none of the tables was copied from.
package understand
