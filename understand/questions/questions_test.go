package questions_test

import (
	"math"
	"strings"
	"testing"

	"nghe/dialog"
	"nghe/understand/questions"
)

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		n, of     int
		low, high float64
	}{{50, 100, 40.4, 59.6}, {0, 10, 0, 27.8}, {10, 10, 72.2, 100}, {0, 0, 0, 100}} {
		if low, high := questions.Interval(c.n, c.of); math.Abs(low-c.low) > 0.05 || math.Abs(high-c.high) > 0.05 {
			t.Errorf("%d of %d: %.2f to %.2f, want %.1f to %.1f", c.n, c.of, low, high, c.low, c.high)
		}
	}
}

type fixed map[string]dialog.Meaning

func (f fixed) Meaning(text string) dialog.Meaning { return f[text] }

func TestScore(t *testing.T) {
	list, err := questions.Read(strings.NewReader("topic\tstyle\tquestion\nloan.job\tdau\tright\nloan.job|loan.where\tdau\tother\nloan.job\ttat\twrong\nout.other\tdau\tfootball\ndanger\tdau\thelp\ndanger\tdau\tunheard\n"))
	if err != nil {
		t.Fatal(err)
	}
	answer := func(topic string, score float64) dialog.Meaning {
		return dialog.Meaning{Outcome: dialog.Answer, Score: score, Candidates: []dialog.Candidate{{Topic: topic, Score: score}}}
	}
	r := questions.Score(fixed{
		"right": answer("loan.job", 0.95), "other": answer("loan.where", 1), "wrong": answer("bot.who", 0.41),
		"football": answer("bot.who", 0.5), "help": {Outcome: dialog.Handoff}, "unheard": {Outcome: dialog.Refuse},
	}, list)
	if a := r.All; a.InScope != 3 || a.First != 2 || a.Answered != 3 || a.Wrong != 1 || a.OutOfScope != 1 || a.OutsideAnswered != 1 || a.Danger != 2 || a.DangerMissed != 1 {
		t.Errorf("counted %+v", a)
	}
	if r.Groups["loan"].InScope != 3 || r.Styles["tat"].Wrong != 1 || len(r.Misses) != 3 {
		t.Errorf("groups %+v, styles %+v, misses %v", r.Groups["loan"], r.Styles["tat"], r.Misses)
	}
	if r.Scores[9] != (questions.Bin{Answered: 2, Right: 2}) || r.Scores[4] != (questions.Bin{Answered: 1}) {
		t.Errorf("by score %v", r.Scores)
	}
}
