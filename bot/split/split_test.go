package split

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"nghe/dialog"
)

func TestCutsWhereAReaderWould(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  []string
	}{
		{"", 10, nil},
		{" \n ", 10, nil},
		{"ngắn", 10, []string{"ngắn"}},
		{"một đoạn.\n\nhai. ba bốn", 18, []string{"một đoạn.", "hai. ba bốn"}},
		{"dòng một\ndòng hai dài", 16, []string{"dòng một", "dòng hai dài"}},
		{"Câu một. Câu hai dài hơn.", 18, []string{"Câu một.", "Câu hai dài hơn."}},
		{"Câu một. Câu hai", 8, []string{"Câu một.", "Câu hai"}},
		{"không dấu chấm nào", 8, []string{"không", "dấu chấm", "nào"}},
		{"2.500.000 đồng", 10, []string{"2.500.000", "đồng"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"a🇻🇳🇻🇳", 4, []string{"a🇻🇳", "🇻🇳"}},
		{"👍🏽👍🏽", 3, []string{"👍🏽", "👍🏽"}},
		{"👩‍🌾👩‍🌾", 4, []string{"👩‍🌾", "👩‍🌾"}},
		{norm.NFD.String("nghề"), 4, []string{"nghề"}},
		{"a\xffb", 10, []string{"ab"}},
	} {
		if diff := cmp.Diff(c.want, Text(c.text, c.limit, Runes)); diff != "" {
			t.Errorf("%q at %d:\n%s", c.text, c.limit, diff)
		}
	}
	if got := Text("👍👍👍", 4, UTF16); len(got) != 2 || got[0] != "👍👍" {
		t.Errorf("%q", got)
	}
	if got := Text("👍a", 1, UTF16); len(got) != 2 {
		t.Errorf("a letter larger than the limit: %q", got)
	}
}

// Whatever the text: every part fits and is worth sending, and nothing but
// white space is lost.
func TestPartsFitAndLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.String(),
			rapid.StringOfN(rapid.RuneFrom([]rune("ab ế.\n!…👍\u0301\u200d")), 0, 200, -1),
		).Draw(t, "text")
		limit := rapid.IntRange(2, 60).Draw(t, "limit")
		unit, size := Runes, utf8.RuneCountInString
		if rapid.Bool().Draw(t, "utf16") {
			unit, size = UTF16, func(s string) int { return len(utf16.Encode([]rune(s))) }
		}
		parts := Text(text, limit, unit)
		for _, part := range parts {
			if size(part) > limit || part == "" || part != strings.TrimSpace(part) {
				t.Fatalf("%q in %q", part, parts)
			}
		}
		if got, want := solid(strings.Join(parts, "")), solid(norm.NFC.String(strings.ToValidUTF8(text, ""))); got != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}

func solid(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestNumbered(t *testing.T) {
	got := Numbered([]dialog.Option{{Label: "Hàn"}, {Label: "May"}}, 6)
	if got != "6. Hàn\n7. May" {
		t.Errorf("%q", got)
	}
}

// No letter that fits a part is torn, whatever it is made of.
func TestLettersStayWhole(t *testing.T) {
	letters := rapid.SampledFrom([]string{"a", "ộ", "x\u0323\u0302", "🏠", "👨‍👩‍👧", "🇻🇳", "👍🏽", " ", "\n\n", ". ", "nghề "})
	rapid.Check(t, func(t *rapid.T) {
		text := norm.NFC.String(strings.Join(rapid.SliceOfN(letters, 0, 200).Draw(t, "text"), ""))
		limit := rapid.IntRange(12, 60).Draw(t, "limit")
		joined := strings.Join(Text(text, limit, UTF16), "\x00")
		for g := uniseg.NewGraphemes(text); g.Next(); {
			l := strings.TrimSpace(g.Str())
			if len(utf16.Encode([]rune(l))) <= 12 && strings.Count(joined, l) < strings.Count(solid(text), l) && l != "" {
				t.Fatalf("%q is torn in %q", l, joined)
			}
		}
	})
}
