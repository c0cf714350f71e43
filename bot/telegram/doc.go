// Package telegram is the channel of the Telegram Bot API: what people write
// to the bot there becomes bot.Incoming, and what is said to them is sent.
//
// It is not for what is answered (bot.Turns) nor for when a message goes
// (bot's outbox). It uses go-telegram-bot-api for types and for the form of a
// call and nothing else of it: its loops confirm updates that nobody has
// worked on, its webhook checks no secret, its errors hold the token, and it
// knows no context.
//
// The way of an update, file by file:
//
//	setup.go    once at the start: who we are, commands, descriptions, webhook
//	poll.go     getUpdates; only what was committed is confirmed
//	webhook.go  POST /telegram; secret, then turn, then 200
//	decode.go   an update to what it means; the commands; deep links
//	receive.go  the turn; who blocked us; groups
//	errand.go   small calls beside the turn: the pressed button, "typing"
//
// and of an answer:
//
//	render.go   bubbles to messages: joined, split, with buttons
//	            (package split: at paragraphs, sentences, words)
//	send.go     one message; what a failure means
//	client.go   one call: context, time limits, secrets taken out of errors
//
// An edit replaces the last message of its person as long as nobody has
// answered that: both were polled together, or the message was held (its lane
// was busy, a store was away) and comes again with the edit. receive.go,
// replaceEdited. After the turn's commit an edit changes nothing, also when the
// answer still waits to be sent: what was decided stays decided, and the person
// says it again in a new message. By webhook Telegram keeps an edit back until
// its message was acknowledged, which is after the commit: there an edit always
// comes after the answer.
//
// Texts are plain: no parse mode that somebody's words could break.
//
// A link t.me/NAME?start=FLOW begins a flow, t.me/NAME?start=FLOW_SLOT_VALUE
// one about something ("course_course_01J…").
package telegram
