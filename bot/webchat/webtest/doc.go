// Package webtest is a real browser for tests of pages, and what must hold of
// every page whatever it says: nothing to scroll sideways, text that can be
// read, targets that can be hit, no fault that axe-core knows.
//
// It is not for what a page says or does: that is in the tests that use it.
// Chromium must be installed; without it the tests fail and say so.
//
//	browser.go  Open: a browser with nothing in it; what it can be told to be
//	checks.go   Check: what must hold of every page
//	small.go    Shot, Small: a sharp picture in a small file
//	wire.go     Wire: the line between the browser and a server, to be cut
package webtest
