// Package announce makes a class of what an officer forwards or types, and of
// what they say about it afterwards.
//
// Read takes a whole announcement, Draft.Correct a few words ("hạn 30/12", "30
// người", "không phải, nghề hàn"). Both go the same way:
//
//	pieces.go  a text cut where another thing begins: at a line, a sentence,
//	           the name of a field ("Hạn đăng ký")
//	read.go    each piece read as the field it names, or as what it looks like
//	           ("30 người", "3 tháng", a telephone number)
//	day.go     days and months as they are typed
//	draft.go   what is known so far, from which words, and what is missing
//	say.go     the draft as a list, and as the message that people will get
//
// Nothing is guessed: a field that no words name stays open, a name that may
// mean several trades or places is asked about, a day that does not exist is
// not taken. It is pure: no store, no clock; names of trades and places are
// read by a Reader (package understand). Files with many classes are read by
// course/sheet.
package announce
