package draft_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/draft"
	"nghe/release"
	"nghe/understand"
)

var at = time.Date(2026, 11, 30, 9, 0, 0, 0, time.FixedZone("Asia/Ho_Chi_Minh", 7*3600))

var reader = sync.OnceValue(func() dialog.Reader { return understand.New(content.MustBuiltin()) })

var bench = &draft.Bench{
	Live:    func() (*content.Library, dialog.Reader) { return content.MustBuiltin(), reader() },
	Courses: func() *course.Catalogue { return course.NewCatalogue(nil) },
}

// edited gives what an edit of an entry alters.
func edited(t *testing.T, kind, id, from, to string) (*draft.Mind, draft.Differences) {
	t.Helper()
	k, _ := release.KindOf(kind)
	shelf := release.Shelf{Base: []fs.FS{content.Builtin()}}
	e, err := shelf.Entry(k, id)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(e.Text, from) {
		t.Fatalf("no %q in\n%s", from, e.Text)
	}
	c, err := shelf.Put(k, id, strings.ReplaceAll(e.Text, from, to))
	if err != nil {
		t.Fatal(err)
	}
	lib, problems := c.Load()
	if lib == nil {
		t.Fatal(problems)
	}
	m := bench.Draft(lib, k.Understood())
	if again := bench.Draft(lib, k.Understood()); again != m {
		t.Error("a draft is made twice")
	}
	return m, bench.Compare(m, at)
}

func TestAnswersAndTalks(t *testing.T) {
	_, d := edited(t, "topic", "course.fee", "Trường thu thêm khoản gì", "Trường có thu thêm khoản nào")
	if len(d.Answers) != 1 || d.Answers[0].ID != "course.fee" || len(d.Talks) == 0 || len(d.Sums) != 0 {
		t.Fatalf("%d answers, %d talks, %d sums", len(d.Answers), len(d.Talks), len(d.Sums))
	}
	has := func(lines []draft.Line, mark, text string) bool {
		return slices.ContainsFunc(lines, func(l draft.Line) bool { return l.Mark == mark && strings.Contains(l.Text, text) })
	}
	for _, lines := range [][]draft.Line{d.Answers[0].Lines, d.Talks[0].Lines} {
		if !has(lines, "-", "Trường thu thêm khoản gì") || !has(lines, "+", "Trường có thu thêm khoản nào") {
			t.Errorf("%q", lines)
		}
	}
	if lead := d.Talks[0].Lines[0]; lead.Mark != "" || !strings.HasPrefix(lead.Text, "Người") {
		t.Errorf("%q: it is not told to what that was said", lead)
	}
}

func TestFactIsToldWithAnswers(t *testing.T) {
	_, d := edited(t, "fact", "support.nd338.rural-training-cost", "review_by: '2027", "review_by: '2028")
	if d.Any() {
		t.Errorf("%+v", d)
	}
	_, d = edited(t, "fact", "support.nd338.rural-training-cost", "review_by: '2027", "review_by: '2026")
	if len(d.Answers) < 5 || len(d.Talks) < 5 || d.Understood != nil || !strings.Contains(fmt.Sprint(d.Answers[0]), "quá hạn rà soát") {
		t.Errorf("%d answers, %d talks", len(d.Answers), len(d.Talks))
	}
	rests := draft.Rests(content.MustBuiltin(), "support.nd338.rural-training-cost")
	if !slices.Contains(rests, "Ai được hỗ trợ học nghề") || !slices.Contains(rests, "Nghị định 338/2025") {
		t.Errorf("%q", rests)
	}
}

func TestSums(t *testing.T) {
	_, d := edited(t, "support", "nd338-2025", "amount: 200000", "amount: 200000")
	if d.Any() {
		t.Errorf("%+v", d)
	}
	_, d = edited(t, "support", "nd338-2025", "from_km: 15", "from_km: 25")
	if len(d.Sums) == 0 || len(d.Sums) > 16 || d.Understood != nil {
		t.Fatalf("%d sums", len(d.Sums))
	}
	if text := fmt.Sprint(d.Sums[0]); !strings.Contains(text, "Lao động nông thôn, khoá 90 ngày") || !strings.Contains(text, "Nghị định 338") {
		t.Errorf("%s", text)
	}
}

func TestUnderstood(t *testing.T) {
	_, d := edited(t, "topic", "support.who", "asks:\n", "asks:\n- cháu muốn hỏi vay tiền mua con bò\n")
	if d.Understood == nil || d.Understood.Was.InScope != d.Understood.Is.InScope || d.Understood.Is.InScope < 200 {
		t.Fatalf("%+v", d.Understood)
	}
	if !d.Understood.Any() {
		t.Errorf("a way of asking that belongs elsewhere changes nothing: %+v", d.Understood)
	}
	for _, m := range slices.Concat(d.Understood.Better, d.Understood.Worse) {
		if m.Text == "" || len(m.Labels) == 0 || m.Was == m.Is {
			t.Errorf("%+v", m)
		}
	}
}

// A talk is gone through with a draft, and nothing comes of it.
func TestTalk(t *testing.T) {
	m, _ := edited(t, "phrase", "greeting", "Chào {bạn}", "Kính chào {bạn}")
	turns := m.Talk([]draft.Said{{Text: "chào"}, {Text: "ai được hỗ trợ học nghề"}}, at)
	if len(turns) != 2 || !strings.Contains(draft.Text(turns[0].Bubbles), "Kính chào") || !strings.Contains(draft.Text(turns[1].Bubbles), "Từ 2026") {
		t.Fatalf("%+v", turns)
	}
	tap := turns[1].Bubbles[len(turns[1].Bubbles)-1].Options[0]
	again := m.Talk([]draft.Said{turns[0].Said, turns[1].Said, {Text: tap.Label, Tap: tap.Tap}}, at)
	if draft.Text(again[1].Bubbles) != draft.Text(turns[1].Bubbles) || len(again[2].Bubbles) == 0 {
		t.Errorf("%+v", again)
	}
	erased := m.Talk([]draft.Said{{Text: "xoá hết dữ liệu của tôi"}, {Text: "xoá hết"}, {Text: "có"}, {Tap: "nonsense"}}, at)
	var undone []string
	for _, turn := range erased {
		undone = append(undone, turn.Undone...)
		if len(turn.Bubbles) == 0 {
			t.Errorf("%+v: silence", turn.Said)
		}
	}
	if len(undone) == 0 {
		t.Errorf("%+v", erased)
	}
}

func TestLines(t *testing.T) {
	for _, c := range []struct{ was, is, want string }{
		{"", "", ""},
		{"a\nb\nc", "a\nb\nc", " a b c"},
		{"", "a", "+a"},
		{"a\n", "", "-a"},
		{"a\nb\nc", "a\nx\nc\nd", " a-b+x c+d"},
	} {
		got := ""
		for _, l := range draft.Lines(c.was, c.is) {
			got += or(l.Mark, " ") + l.Text
		}
		if got != c.want {
			t.Errorf("%q to %q: %q, want %q", c.was, c.is, got, c.want)
		}
	}
	lines := draft.Lines("Q1\na\nQ2\nb\nc\nQ3\nd", "Q1\na\nQ2\nB\nC\nQ3\nD")
	around := draft.Around(lines, func(l string) bool { return strings.HasPrefix(l, "Q") })
	got := ""
	for _, l := range around {
		got += or(l.Mark, " ") + l.Text
	}
	if want := " Q2-b-c+B+C … Q3-d+D"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNear(t *testing.T) {
	got := ""
	for _, l := range draft.Near(draft.Lines("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\nx\n6"), 1) {
		got += or(l.Mark, " ") + l.Text
	}
	if want := " … 4-5+x 6"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := draft.Near(draft.Lines("1\n2", "1\n2"), 3); got != nil {
		t.Errorf("%q", got)
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
