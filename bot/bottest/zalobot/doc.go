// Package fakezalobot is a bot of the Zalo Bot Platform to test against: its
// methods as one http.Handler, the people who write to it, and both ways of
// hearing of them, held polls and a webhook. Where the papers are silent it is
// stricter than Zalo: a method or a parameter that it doesn't know is a
// complaint, and tests want no complaints.
//
//	methods.go  what the bot may call, with the answers that were measured
//	updates.go  what people do; how a poll or the webhook tells of it
//	control.go  the controls over HTTP, for the program fakezalobot
//
// Nothing in it reads a clock: Settings.Now gives the time, Settings.After the
// end of a held poll.
package fakezalobot
