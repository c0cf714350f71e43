// Package viet is the Vietnamese language as people really type it: with and
// without diacritics, in Unicode composed or not, in chat abbreviations, with
// what Telex and VNI leave behind, with glued words and common confusions.
//
// It is for letters, words, numbers, money, days, ages and distances. It is
// not for meaning: what a sentence wants is the business of package
// understand, which reads through this package. It imports nothing else of
// ours, knows no clock (the time comes in where "mai" needs it) and keeps no
// state.
//
// Every table has an example beside each rule; the examples are its tests.
package viet
