// Package course is what is known of classes, and of who wishes to join one.
//
// A Course is an announcement as real ones are: almost everything may be
// unknown, and then says so. Its Standing on a day is what may be told of it:
// an old announcement, or one whose deadline is over, is never open. An
// Interest (nguyện vọng) is somebody's wish for a class, or for a trade at a
// place as long as there is no class. A Campaign (khảo sát) asks people of some
// communes for their wishes for some days.
//
// Conversations read courses from a Catalogue: a snapshot that never changes
// and is exchanged whole when the records do. The package is pure: it knows no
// store, no clock, no Vietnamese. Records are kept by package store, tables
// are read by course/sheet, what is said about classes stands in package
// advice.
package course
