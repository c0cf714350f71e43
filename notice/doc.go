// Package notice makes of a class what is read out over a village's loudspeaker
// (bài đọc loa) and what is pinned to its notice board (thông báo dán bảng), in
// Vietnamese, from the one record that the bot tells it from.
//
//	loud.go   sentences to be read aloud within a minute, what counts twice
//	speak.go  a written text as it is read: numbers, days, abbreviations
//	board.go  the lines of a sheet of A4
//	code.go   a link as a square code, for the camera of a telephone
//	days.go   days as they are written and as they are read
//
// It is pure: the day it is made on comes in, nothing goes out. It is not for
// pages (packages console and site draw them) and not for what the bot says
// (package advice).
package notice
