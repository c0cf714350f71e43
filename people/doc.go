// Package people knows a person: their contacts on several channels, what they
// agreed to have kept and in which words, and how all of it is taken out or
// deleted.
//
// It is not for sessions: what is remembered of a talk under way lives and
// dies with the session (package bot), without consent and without a person.
// Records are kept by package store.
package people
