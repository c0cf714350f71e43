// Package faketelegram is a Telegram Bot API to test against: an http.Handler
// that does what the real server does with the methods we use, and refuses
// more than it does.
//
// It is for tests of bot/telegram and for trying the bot without an account
// (bot/bottest/cmd/faketelegram). It is no model of the rest of Telegram: no
// groups with members, no channels, no inline mode, no parse modes (we send
// none, so they are refused), no uploads, no payments.
//
// How it is kept honest:
//
//   - table.txt names every method with all its parameters and every type with
//     the fields that occur; table_test.go compares it with the machine-readable
//     Bot API where that lies beside the project.
//   - check.go holds every request against it: names, types, required fields,
//     limits. A name that the real server would silently ignore is answered 400
//     and noted in Problems, which fails the test.
//   - Its own answers and updates are held against the same table.
//
// The files, in the order of a message's way:
//
//	people.go   what people do: say, tap, share, block
//	queue.go    updates waiting; what is confirmed, what expires
//	poll.go     getUpdates: held, 409 to the first of two
//	webhook.go  delivery: secret, one in flight a lane, redelivery
//	serve.go    a request: token, faults, table, pace, method
//	methods.go  what each method does
//	pace.go     refusals with retry_after
//
// Time is a Clock that tests set; waiting is never sleeping.
package faketelegram
