package release

import "strings"

// Kind is a kind of entries that may be edited.
type Kind struct {
	ID      string // its name in addresses and books
	pattern string // of the files that have it
	key     string // of the list in them
}

// Kinds are all of them. What is not here (flows, places, trades) needs more
// than words: it is edited as files.
var Kinds = []Kind{
	{"topic", "topics/*.yaml", "topics"},
	{"danger", "dangers.yaml", "dangers"},
	{"phrase", "phrases.yaml", "phrases"},
	{"fact", "facts/*.yaml", "facts"},
	{"source", "sources.yaml", "sources"},
	{"support", "supports.yaml", "regimes"},
	{"loan", "loans.yaml", "programmes"},
	{"reminder", "reminders.yaml", "reminders"},
	{"canned", "canned.yaml", "canned"},
}

// KindOf gives a kind by its name; false when there is none.
func KindOf(id string) (Kind, bool) {
	for _, k := range Kinds {
		if k.ID == id {
			return k, true
		}
	}
	return Kind{}, false
}

// Understood says whether entries of the kind change how people are
// understood, not only what they are told.
func (k Kind) Understood() bool { return k.ID == "topic" || k.ID == "danger" }

// home is the file for a new entry, among those that are there: of a topic the
// one that is named as its id begins.
func (k Kind) home(id string, files []string) string {
	group, _, _ := strings.Cut(id, ".")
	named := strings.Replace(k.pattern, "*", group, 1)
	for _, f := range files {
		if f == named {
			return f
		}
	}
	return strings.Replace(k.pattern, "*", "other", 1)
}
