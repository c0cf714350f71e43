// Package eval is the questions by which understanding is measured, in the
// program: who edits ways of asking in the console sees what “make eval” would
// say. The questions of the test set are not in it: nobody may look at them while
// changing what they measure.
package eval

import _ "embed"

// Dev is the set to develop with, as package understand/questions reads it.
//
//go:embed questions.dev.tsv
var Dev string
