// Package people knows a person: their contacts on several channels, what they
// agreed to have kept and in which words, and how all of it is taken out or
// deleted.
//
// It also keeps wishes (nguyện vọng: wishes.go), which need a consent of their
// own and no person: it does the effects that conversations ask for, and what
// is exported and deleted of somebody has their wishes in it.
//
// One person may be there on several contacts (link.go): a code that is given
// on one is typed on another. Then profile, consents and wishes are one; the
// talks stay apart.
//
// It is not for sessions: what is remembered of a talk under way lives and
// dies with the session (package bot), without consent and without a person.
// Records are kept by package store.
package people
