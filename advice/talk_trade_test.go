package advice_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"nghe/advice"
	"nghe/content"
	"nghe/dialog"
)

// values are the answers of a persona as the quiz keeps them.
func (p persona) values() dialog.Values {
	v := dialog.Values{}
	for _, q := range lib.Matching.Questions {
		if answers, ok := p.Answers[q.ID]; ok && q.Slot != "" {
			v[q.Slot] = dialog.List(answers...)
		}
	}
	if p.Age != nil {
		v["age"] = dialog.Number(*p.Age)
	}
	if p.Place != "" {
		v["place"] = dialog.Text(p.Place)
	}
	return v
}

// What a card says of the person is what they answered, and what it says of
// the trade is so of the trade; and not all cards say the same.
func TestWhyIsTrueAndOfThePersonsOwnAnswers(t *testing.T) {
	for _, p := range personas(t) {
		v := compute(t, "trades", scope{values: p.values(), at: today})
		if v["outcome"].Text() != "cards" {
			t.Errorf("%s: %v", p.Who, v["outcome"])
			continue
		}
		cards := v["cards"].Show().Cards
		offers := v["offers"].List()
		if len(cards) < 3 || len(cards) > 5 || len(offers) != len(cards)+1 {
			t.Errorf("%s: %d cards, offers %v", p.Who, len(cards), offers)
		}
		lines := map[string]int{}
		for i, card := range cards {
			id := strings.TrimPrefix(offers[i], "flow:trade?trade=")
			x := lib.Trade(id)
			if x == nil || card.Title != x.Label() {
				t.Errorf("%s: card %q has the offer %q", p.Who, card.Title, offers[i])
				continue
			}
			why, _, _ := strings.Cut(card.Text, "\n")
			lines[why]++
			for _, piece := range pieces(why) {
				if !told(p, x, piece) {
					t.Errorf("%s: %s: where does %q come from? %s", p.Who, id, piece, why)
				}
			}
			if n := utf8.RuneCountInString(card.Text); n > 300 {
				t.Errorf("%s: %s has %d characters", p.Who, id, n)
			}
			if !strings.Contains(card.Text, "Thường học ") {
				t.Errorf("%s: %s does not say how long one usually learns: %s", p.Who, id, card.Text)
			}
		}
		for line, n := range lines {
			if n > 3 || n == len(cards) {
				t.Errorf("%s: %d cards say %q", p.Who, n, line)
			}
		}
	}
}

var (
	says  = regexp.MustCompile(`\{Ai\} ([^;.]*)`)
	tells = regexp.MustCompile(`(?:nghề này|Nghề này) (.*)\.$`)
)

// pieces takes a why line apart into what the table gave.
func pieces(why string) []string {
	var all []string
	for _, pattern := range []*regexp.Regexp{says, tells} {
		if m := pattern.FindStringSubmatch(why); m != nil {
			all = append(all, m[1])
		}
	}
	return all
}

// told says whether a piece is put together of what the table says of the
// answers of a person and of the traits of a trade.
func told(p persona, x *content.Trade, piece string) bool {
	var known []string
	for _, m := range advice.Rank(lib, p.wish()) {
		if m.Trade == x {
			for _, r := range m.Reasons {
				if r.Points > 0 {
					known = append(known, r.Says, r.Tells)
				}
			}
		}
	}
	slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
	for _, k := range known {
		if k != "" {
			piece = strings.Replace(piece, k, "", 1)
		}
	}
	return strings.Trim(piece, ", ") == ""
}

// Groups that were told in another talk count; how one is addressed tells a
// woman, of the one who writes only.
func TestWhatWasSaidElsewhereCounts(t *testing.T) {
	base := dialog.Values{"wish_like": dialog.List("machines"), "wish_where": dialog.Text("workshop"), "wish_hours": dialog.Text("away"), "age": dialog.Number(24), "place": dialog.Text("mao-khe")}
	named := func(more dialog.Values, other bool) []string {
		v := dialog.Values{}
		for k, x := range base {
			v[k] = x
		}
		for k, x := range more {
			v[k] = x
		}
		return compute(t, "trades", scope{values: v, at: today, other: other})["offers"].List()
	}
	const mine = "flow:trade?trade=tho-lo"
	if !slices.Contains(named(nil, false), mine) {
		t.Fatalf("the mine is not named at all: %v", named(nil, false))
	}
	if slices.Contains(named(dialog.Values{"address": dialog.Text("chị")}, false), mine) {
		t.Error("a woman is sent down the mine, where only men are hired")
	}
	if !slices.Contains(named(dialog.Values{"address": dialog.Text("chị")}, true), mine) {
		t.Error("a mother asks for her son, and is taken for him")
	}
	if slices.Contains(named(dialog.Values{"age": dialog.Number(36)}, false), mine) {
		t.Error("somebody of 36 is sent down the mine")
	}
}

func TestSchoolLeaversAreLedToSchools(t *testing.T) {
	for _, c := range []struct {
		age    int64
		school string
		want   string
	}{{15, "grade9", "school.after9"}, {17, "below9", "school.after9"}, {18, "grade12", "school.after12"}, {20, "grade12", "school.after12"}, {30, "grade12", "flow:compare"}, {19, "grade9", "flow:compare"}} {
		v := full("trades")
		v["age"], v["wish_school"] = dialog.Number(c.age), dialog.Text(c.school)
		offers := compute(t, "trades", scope{values: v, at: today})["offers"].List()
		if got := offers[len(offers)-1]; got != c.want {
			t.Errorf("%d years, %s: %s, want %s", c.age, c.school, got, c.want)
		}
	}
	for age, want := range map[int64]string{14: "young", 15: "cards"} {
		v := full("trades")
		v["age"] = dialog.Number(age)
		if got := compute(t, "trades", scope{values: v, at: today})["outcome"].Text(); got != want {
			t.Errorf("%d years: %s", age, got)
		}
	}
	if got := compute(t, "trades", scope{values: dialog.Values{"age": dialog.Number(30)}, at: today})["outcome"].Text(); got != "few" {
		t.Errorf("nothing said: %s", got)
	}
}

// Every trade can be told: short, with nothing left to fill, how long one
// learns only as what is usual, incomes with who said it.
func TestEveryTradeIsTold(t *testing.T) {
	for _, x := range lib.Trades {
		v := compute(t, "trade", scope{values: dialog.Values{"trade": dialog.Text(x.ID), "place": dialog.Text("mao-khe")}, at: today})
		for name, text := range map[string]string{"day": v["day"].Text(), "needs": v["needs"].Text(), "story": v["story"].Text(), "income": v["income"].Text(), "share": v["share"].Text()} {
			if n := utf8.RuneCountInString(text); n > 450 || n == 0 && (name == "day" || name == "needs" || name == "share") {
				t.Errorf("%s: %s has %d characters", x.ID, name, n)
			}
			if strings.Contains(strings.ReplaceAll(text, "{mình}", ""), "{m") || regexp.MustCompile(`\{[a-z]+\}`).MatchString(text) || strings.Contains(text, "..") || strings.Contains(text, "  ") {
				t.Errorf("%s: %s is not made well: %q", x.ID, name, text)
			}
			if strings.Contains(text, x.Note) && x.Note != "" {
				t.Errorf("%s: %s tells what is only for editors: %s", x.ID, name, text)
			}
		}
		if !strings.Contains(v["needs"].Text(), "Thường học ") {
			t.Errorf("%s: %s", x.ID, v["needs"].Text())
		}
		if x.Income != "" && !regexp.MustCompile(`(báo|trang) .+\(`).MatchString(v["income"].Text()) {
			t.Errorf("%s: who says so? %s", x.ID, v["income"].Text())
		}
	}
	if v := compute(t, "trade", scope{values: dialog.Values{"trade": dialog.Text("nau-an"), "place": dialog.Text("mao-khe")}, at: today}); !strings.Contains(v["story"].Text(), "Mạo Khê") {
		t.Errorf("the story near by is not told: %s", v["story"].Text())
	}
}

func TestTwoTradesAreCompared(t *testing.T) {
	v := compute(t, "compare", scope{values: full("compare"), at: today})
	show := v["sides"].Show()
	if show == nil || len(show.Cards) != 2 || v["same"].Text() != "" || len(v["offers"].List()) != 2 {
		t.Fatalf("%v", v)
	}
	for _, card := range show.Cards {
		if strings.Contains(card.Text, "{") || strings.Count(card.Text, "\n") != 3 {
			t.Errorf("%q", card.Text)
		}
	}
	v = compute(t, "compare", scope{values: dialog.Values{"trade": dialog.Text("han"), "trade2": dialog.Text("han")}, at: today})
	if v["same"].Text() != "yes" {
		t.Errorf("a trade compared with itself: %v", v)
	}
}

// What somebody agreed to have told stands before what newspapers tell, and is
// told as that; what is nearer is told before it.
func TestStoriesThatStaffWroteDown(t *testing.T) {
	mine := &content.Story{ID: "a", Who: "một chị ở Cô Tô", Place: "co-to", Trade: "nau-an", Kind: "training", Text: "Chị mở quán.", Agreed: true}
	with := lib.WithStories([]*content.Story{mine})
	tell := func(l *content.Library, place string) string {
		v, err := advice.Functions(l, classes)["trade"](scope{values: dialog.Values{"trade": dialog.Text("nau-an"), "place": dialog.Text(place)}, at: today})
		if err != nil {
			t.Fatal(err)
		}
		return v["story"].Text()
	}
	for place, want := range map[string]string{"": "đã đồng ý cho kể: có một chị ở Cô Tô", "co-to": "một chị ở Cô Tô", "mao-khe": "Báo kể: có một em ở Mạo Khê"} {
		if got := tell(with, place); !strings.Contains(got, want) {
			t.Errorf("at %q: %s", place, got)
		}
	}
	if got := tell(lib, "co-to"); strings.Contains(got, "Cô Tô") {
		t.Errorf("the library itself was changed: %s", got)
	}
}
