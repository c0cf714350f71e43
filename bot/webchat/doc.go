// Package webchat is the chat in a browser: one light page, messages in by
// POST, replies out by server events.
//
// It is not for what is answered (bot.Turns) and knows nothing of a person but
// a random id in a signed cookie. Nothing that anybody typed is ever read as
// markup: the page puts texts into the document as text only, and its policy
// allows nothing from another host.
//
// One file an action, all routes in routes.go:
//
//	page_show.go      GET /, GET /chat           the page, page.html with style.css and chat.js
//	message_send.go   POST /chat/messages        one message; answers with the bubbles of its turn
//	events_stream.go  GET /chat/events           every bubble from a number on, as it is said
//	data_download.go  GET /chat/data             everything kept about the person
//
// A message goes on in bot.Turns.Handle; when its bubbles are kept, Wake
// makes the open pages of the person show them.
package webchat
