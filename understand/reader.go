package understand

import (
	_ "embed"
	"strings"

	"nghe/viet"
)

// Reader reads what people type. It never changes after New and serves any
// number of goroutines.
type Reader struct {
	lexicon  *viet.Lexicon
	spelled  map[string]bool // words as they are written properly
	concepts *concepts
	index    *index
	outside  int32 // the subject of what is none of our business
}

//go:embed profiles.txt
var profilesText string

//go:embed outside.txt
var outsideText string

// outsideID is the subject of questions that are none of our business. It is
// never among the candidates.
const outsideID = "out.other"

func newReader(subjects []subject, texts []string) *Reader {
	r := &Reader{concepts: newConcepts(conceptsText), spelled: map[string]bool{}}
	subjects = append(subjects, subject{id: outsideID, asks: lines(outsideText)})
	texts = append(texts, r.concepts.texts()...)
	for _, s := range subjects {
		texts = append(texts, s.asks...)
		texts = append(texts, s.title, s.text)
	}
	r.lexicon = viet.NewLexicon(texts)
	for _, t := range texts {
		for _, w := range viet.Words(t) {
			r.spelled[w.Canon] = true
		}
	}
	r.index = buildIndex(r, subjects, readProfiles(profilesText, r.concepts))
	r.outside = int32(len(subjects) - 1)
	return r
}

// lines gives the lines of a text that are not comments.
func lines(s string) []string {
	var list []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			list = append(list, line)
		}
	}
	return list
}

// readProfiles reads "topic = concept concept" lines.
func readProfiles(s string, c *concepts) map[string][][]int32 {
	profiles := map[string][][]int32{}
	for _, line := range lines(s) {
		topic, names, _ := strings.Cut(line, "=")
		var list []int32
		for name := range strings.FieldsSeq(names) {
			list = append(list, c.id(name))
		}
		topic = strings.TrimSpace(topic)
		profiles[topic] = append(profiles[topic], list)
	}
	return profiles
}
