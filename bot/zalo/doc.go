// Package zalo is the Zalo Official Account: OpenAPI v3 out, webhooks in,
// OAuth v4 for the tokens.
//
// It is not for what is answered (bot.Turns), not for when something is sent
// and sent again (bot.Sender), and it keeps nothing itself: what must outlive
// the process goes to small interfaces declared here.
//
// In:
//
//	webhook.go  POST /zalo: signature, age, one event; 200 within 2 seconds
//	mac.go      the signature over the raw body, in the variants that were seen
//	decode.go   an event: words, a tap, media, who follows, an echo, a withdrawal
//
// Out:
//
//	render.go   bubbles as messages: 2000 characters, 5 buttons, the rest
//	            numbered; the form for contact details
//	send.go     consultation messages, requests for contact details, images,
//	            templates by user id; every error code with what to do next
//	client.go   one call: headers, deadline, what a failure means; redaction
//	token.go    access tokens that live 25 hours, refresh tokens that work once
//
// A message goes on in Webhook.Accept, which keeps it before Zalo gets its 200
// (Zalo does not deliver again what was answered late); what is said to it
// comes back by bot.Sender. The time of everything is that of the settings.
//
// To run it an office needs a verified account with a paid tier, an app with
// the events switched on, "Webhook Retry" on and "filter" off. Two secrets are
// not the same: the app's secret key is for tokens, the secret key on the
// app's Webhook page signs the events.
//
// A person may be written to for 7 days after their last word, free of charge
// for 48 hours; after that only a template goes.
package zalo
