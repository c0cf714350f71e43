// Package fakezalo is a Zalo Official Account to test against: OpenAPI v3 and
// OAuth v4 as one http.Handler, the people who write to the account, and the
// webhooks that tell the bot of it. Where Zalo's papers are silent it is
// stricter than Zalo: a field, a header or a path that it doesn't know is a
// complaint, and tests want no complaints.
//
// It holds to what is known of the service:
//
//	oauth.go    access tokens of 25 hours, refresh tokens that work once, errors
//	            of another shape, all with HTTP 200
//	message.go  consultation messages, templates by user id, their checks and limits
//	windows.go  who may be written to when: 48 hours free, 7 days, quota, night
//	events.go   what people and the office's staff do, as events
//	webhook.go  events on their way: signed, repeated, out of order, retried
//	faults.go   everything that may go wrong, on request
//	control.go  the same controls over HTTP, for the program fakezalo
//
// Nothing in it reads a clock but Run: Settings.Now gives the time. It is not for
// anybody's real data.
package fakezalo
