// Package webchat is the chat in a browser: one light page, messages in by
// POST, replies out by server events.
//
// It is not for what is answered (bot.Turns) and knows nothing of a person but
// a random id in a signed cookie. Nothing that anybody typed is ever read as
// markup: the page puts texts into the document as text only, and its policy
// allows nothing from another host. All words of the page are phrases web.* of
// the content.
//
// One file an action, all routes in routes.go:
//
//	page_show.go      GET /, GET /chat             the page
//	                  GET /nghe/ID, GET /lop/ID, GET /khao-sat/ID
//	                                               the page, which then asks for a trade, a class or a survey, once
//	asset_show.go     GET /chat/assets/NAME        its files; assets.go joins, names and compresses them
//	manifest_show.go  GET /manifest.webmanifest    how a phone keeps the page among its apps
//	worker_show.go    GET /sw.js                   what lets the page open without a line
//	message_send.go   POST /chat/messages          one message; answers with the bubbles of its turn
//	events_stream.go  GET /chat/events             what is kept, then every bubble as it is said
//	file_send.go      POST /chat/files/ID          a picture, a voice or a file for who has the talk in hand
//	file_show.go      GET /chat/files/NAME         one's own, and what a counsellor sent
//	data_download.go  GET /chat/data               everything kept about the person
//
// The folder page holds the page itself. Its scripts are sent as one:
//
//	kept.js    what this device keeps: bubbles, waiting messages, wishes
//	page.js    small things that all of the page uses
//	bubble.js  how one bubble looks: text, cards; passing it on
//	chart.js   the picture of a schedule
//	talk.js    the turns on the page, each shown once and in order
//	line.js    sending, listening, and what happens when the line breaks
//	file.js    handing over a picture, a voice or a file
//	voice.js   reading aloud and writing down what is said
//	start.js   what happens when, and how the page begins
//
// A message goes on in bot.Turns.Handle; when its bubbles are kept, Wake
// makes the open pages of the person show them. A message that finds no line
// waits on the device and is sent with the same id until it was taken; a
// stream begins with what is kept, so that what was erased vanishes from every
// page.
//
// The icons icon-*.png are mark.svg on a ground without corners, drawn once by
// a browser in 192 and 512 pixels and reduced to 16 shades.
package webchat
