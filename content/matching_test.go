package content_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"nghe/content"
)

// Everything that can be wrong with the table of weights is caught.
func TestCheckOfMatching(t *testing.T) {
	for _, c := range []struct{ name, file, old, replacement, want string }{
		{"unknown trait of a trade", "trades.yaml", "traits: [in-workshop, at-home,", "traits: [in-space, at-home,", `trade "may-cong-nghiep" has the unknown trait "in-space": use`},
		{"label of a trade", "trades.yaml", "short: May công nghiệp", "short: May công nghiệp ở nhà máy hay tại nhà", `shorten it to 30`},
		{"ages upside down", "trades.yaml", "to_age: 40", "to_age: 12", `is for nobody's age: put from_age`},
		{"letters of no type", "trades.yaml", "riasec: RC", "riasec: RX", `has the riasec letters "RX"`},
		{"unknown trait weighed", "matching.yaml", "{trait: on-the-road, points:", "{trait: in-space, points:", `weighs the unknown trait "in-space"`},
		{"trait that changes nothing", "matching.yaml", "traits:\n", "traits:\n  - {id: in-space, about: far}\n", `trait "in-space" changes nothing: give it`},
		{"trait without a word", "matching.yaml", "about: can be done at one's own home", "about: ''", `trait "at-home" says nothing`},
		{"too many points", "matching.yaml", "{trait: needs-9, points: ", "{trait: needs-9, points: 9", `points: give -12 to 12, not 0`},
		{"question without a limit", "matching.yaml", "slot: wish_like\n    most: ", "slot: wish_like\n    most: 9", `counts 9\d at most: write most from 1 to 12`},
		{"question without a reason", "matching.yaml", "why: A wage and one's own business are two different lives.", "why: ''", `question way has no reason`},
		{"weight without a reason", "matching.yaml", "why: the work is steering", "why: ''", `has no reason for driving`},
		{"answer that weighs nothing", "matching.yaml", "      - value: driving\n", "      - value: dancing\n      - value: driving\n", `the answer "dancing" weighs nothing`},
		{"answer that nobody can give", "matching.yaml", "      - value: driving\n", "      - value: dancing\n", `no flow lets anybody answer "dancing"`},
		{"option that the table does not know", "flows/trade-quiz.yaml", "{value: driving,", "{value: dancing,", `the table does not know the answer "dancing"`},
		{"unknown slot", "matching.yaml", "slot: wish_way", "slot: nosuch", `question way names the unknown slot "nosuch"`},
		{"exclusion of nothing", "matching.yaml", "traits: [clean-record], why", "traits: [], why", `exclusion "record" is incomplete`},
		{"exclusion on an unknown answer", "matching.yaml", "if: [health=legs]", "if: [health=wings]", `unknown condition "health=wings"`},
		{"exclusion of an unknown trait", "matching.yaml", "traits: [clean-record], why", "traits: [clean-record, in-space], why", `exclusion "record" names the unknown trait "in-space"`},
		{"place inland that is none", "matching.yaml", "  - id: an-sinh\n", "  - id: nosuch\n", `inland names the unknown place "nosuch"`},
		{"trade out of reach", "trades.yaml", "traits: [in-workshop, craft, wage, own-boss, seated, two-hands, no-reading]", "traits: [unproven]", `trade "gom-su" is out of reach`},
		{"journey to nowhere", "topics/career.yaml", "journey: trade-quiz", "journey: nosuch", `leads to the unknown flow "nosuch"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := copied(t)
			text := string(files[c.file].Data)
			if !strings.Contains(text, c.old) {
				t.Fatalf("%s has no %q", c.file, c.old)
			}
			files[c.file] = &fstest.MapFile{Data: []byte(strings.Replace(text, c.old, c.replacement, 1))}
			lib, problems := content.Load(files)
			if lib != nil || !slices.ContainsFunc(problems, func(p content.Problem) bool { return matches(t, c.want, p.String()) }) {
				t.Errorf("nothing like %q in:\n%s", c.want, strings.ReplaceAll(fmt.Sprint(problems), "content.Problem", "\n"))
			}
		})
	}
}

// A question counts at most what it says, both ways; exclusions come before.
func TestPoints(t *testing.T) {
	m := content.Matching{
		Questions: []*content.MatchQuestion{
			{ID: "like", Most: 3, Answers: []content.MatchAnswer{
				{Value: "a", Weights: []content.Weight{{Trait: "x", Points: 2}, {Trait: "y", Points: 2}}},
				{Value: "b", Weights: []content.Weight{{Trait: "z", Points: -8}}},
			}},
			{ID: "age", Most: 2, Answers: []content.MatchAnswer{{Value: "18-35", Weights: []content.Weight{{Trait: "x", Points: 1}}}}},
		},
		Exclusions: []*content.Exclusion{
			{ID: "no-a", If: []string{"like", "like!=a"}, Traits: []string{"x"}},
		},
	}
	all := map[string]bool{"x": true, "y": true, "z": true}
	for _, c := range []struct {
		answers content.Answers
		want    int
	}{
		{nil, 0},
		{content.Answers{"like": {"a"}}, 3},
		{content.Answers{"like": {"b"}}, -3},
		{content.Answers{"like": {"a", "b"}, "age": {"18-35"}}, -2},
		{content.Answers{"nosuch": {"a"}}, 0},
	} {
		if got, reasons := m.Points(all, c.answers); got != c.want || c.want == 0 && len(reasons) > 0 {
			t.Errorf("%v: %d points, want %d (%v)", c.answers, got, c.want, reasons)
		}
	}
	for answers, want := range map[string]bool{"": false, "a": false, "b": true} {
		a := content.Answers{}
		if answers != "" {
			a["like"] = []string{answers}
		}
		if got := m.Excluded(all, a) != nil; got != want {
			t.Errorf("%v is excluded: %v", a, got)
		}
	}
	q := m.Questions[1]
	for value, want := range map[string]string{"18": "18-35", "35": "18-35", "36": "", "18-35": "18-35", "x": ""} {
		if got := q.Answer(value); got != want {
			t.Errorf("%s years is %q, want %q", value, got, want)
		}
	}
}
