//go:build race

package dialog_test

// raced says whether the race detector looks on.
const raced = true
