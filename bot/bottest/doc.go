// Package bottest is a small world to test channels and turns in: a library
// of a few steps (Library), a reader that knows labels and numbers (Reader),
// sessions and people in memory (Sessions, People) that can be made to fail,
// and Turns over all of them (World). ChannelSuite is what every channel that
// pushes has to pass, over a fake of its platform in one of the folders below.
//
// It is not for testing content or language, and its sessions are no model for
// package store: that has its own suite on real databases.
package bottest
