// Package advice works out sums over facts: what support a person is entitled
// to, which loans fit them, and which trades (trade.go, by the table of weights
// in matching.yaml). It is pure: the same case on the same day over the same
// content gives the same advice.
//
// The rules of calculation are here; every sum, rate, limit, date and sentence
// comes from the content (supports.yaml and loans.yaml), each with the fact it
// rests on. The shapes are those that scripts rely on ("nghe support --json",
// "nghe loan --json").
//
// Classes and wishes (course.go) are found and told over a course.Catalogue, a
// value like the library. Library puts the names of classes beside the content.
//
// Talk (talk.go, talk_trade.go) is the bridge to a conversation: it makes a
// case of what the person answered, says which question can still change the
// outcome, and puts the outcome into the phrases of the content. The answer
// then goes on in package dialog.
package advice
