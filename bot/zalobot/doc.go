// Package zalobot is a bot of the Zalo Bot Platform: anybody makes one in five
// minutes, without a verified account, for trials and for staff.
//
// It is not for the people of a province: the platform's plan lets about 50
// people talk to a bot and a bot send 3000 messages a month. For those there is
// package zalo. There are no buttons, no pictures of ours and no windows here:
// options are numbered lines, and a number is typed.
//
//	webhook.go  POST /zalobot, checked by its secret; and how it is registered
//	poll.go     long polling, without a public address
//	decode.go   an update, in the shapes that were written about and seen
//	render.go   a turn as one message of 2000 characters: they are counted
//	send.go     one message, and what an error means
//	client.go   one call; the token is in the address, so no address is told
//
// Both ways in hand a message to Accept, which keeps it before anything else:
// the platform gives it once or again and again, as it likes.
package zalobot
