// Package release is how what nghe says is changed while it runs: one entry at
// a time, by people, with a reason, and back again.
//
// What is edited is a few files of overrides, as package content reads them on
// top of what is built in: an entry of the same id stands in the place of the
// one beneath, and says (“replaces”) which state of it it was made from. So an
// upgrade brings new texts for everything that nobody touched, and an entry that
// was changed on both sides is told, not lost.
//
//	kind.go     which kinds of entries may be edited, and in which files they are
//	shelf.go    the layers: entries found in them, one put, one taken away
//	splice.go   an entry cut out of the lines of a file and put back; comments
//	            and order of everything else stay
//	entry.go    what an editor wrote: what is refused before anything reads it
//	files.go    edited files as a file system
//	desk.go     publish, roll back; two who edit at once
//
// The files are kept in one of two places (Desk.Folder): a folder of content
// that can be written to, else the records. Either way each change is a Release
// in the records, numbered one after the other: the newest text of a file is the
// one that is live, and going back is a change like any other.
//
// It is not for whether content is right (package content checks), nor for what
// a change alters (package draft), nor for pages (package console).
package release
