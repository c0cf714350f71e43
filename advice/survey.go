package advice

import (
	"nghe/course"
	"nghe/dialog"
)

// surveys is the function that offers the survey of where somebody lives.
func (t talk) surveys(s dialog.Scope) (dialog.Values, error) {
	return dialog.Values{"offers": dialog.List(t.surveyOffer(s)...)}, nil
}

// surveyOffer offers the survey that asks where somebody lives; not once more to
// who answered it in this talk.
func (t talk) surveyOffer(s dialog.Scope) []string {
	for _, place := range s.Value("place").List() {
		if c := t.k.Asking(place, course.DayOf(s.At())); c != nil && (s.Value("survey").Text() != c.ID || s.Value("interest_ok").Text() != "yes") {
			return []string{"flow:survey?survey=" + c.ID}
		}
	}
	return nil
}
