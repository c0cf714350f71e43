// Package story is good examples (điển hình) as staff write them down: who did
// what, as they would have it told, with a picture and with the consent that
// allows it.
//
//	story.go    a Story, how it goes from draft to published to withdrawn
//	check.go    what is wrong with one, in Vietnamese
//	picture.go  a picture made anew, smaller, with nothing in it but what is seen
//
// Nobody is named until the consent says that the name may be told (Told leaves
// it out). Who withdraws is gone everywhere: Withdraw leaves that there was a
// story, and when it was allowed and taken back.
//
// It is pure. Stories are kept by package store and told by package advice and
// by the public pages (package site), beside those of content/stories.yaml:
// content.Library.WithStories.
package story
