package telegram

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"nghe/bot"
	"nghe/dialog"
)

func TestSplitCutsWhereItHurtsLeast(t *testing.T) {
	for _, c := range []struct {
		name, text string
		limit      int
		want       []string
	}{
		{"short", "  xin chào ", 20, []string{"xin chào"}},
		{"nothing", " \n ", 20, nil},
		{"paragraphs", "một hai ba.\n\nbốn năm\nsáu bảy", 20, []string{"một hai ba.", "bốn năm\nsáu bảy"}},
		{"lines", "một hai ba bốn\nnăm sáu bảy", 20, []string{"một hai ba bốn", "năm sáu bảy"}},
		{"sentences", "Một hai ba. Bốn năm sáu bảy", 20, []string{"Một hai ba.", "Bốn năm sáu bảy"}},
		{"sentences in quotes", "“Một hai ba.” Bốn năm sáu", 20, []string{"“Một hai ba.”", "Bốn năm sáu"}},
		{"a number is no end", "tối đa 4.000.000 đồng cho", 20, []string{"tối đa 4.000.000", "đồng cho"}},
		{"words", "một hai ba bốn năm sáu", 12, []string{"một hai ba", "bốn năm sáu"}},
		{"letters", "mộtmộtmộtmộtmột", 6, []string{"mộtmột", "mộtmột", "một"}},
		{"a house counts two", "🏠🏠🏠🏠🏠", 5, []string{"🏠🏠", "🏠🏠", "🏠"}},
		{"a family is one letter", "ab👨‍👩‍👧", 9, []string{"ab", "👨‍👩‍👧"}},
		{"composed marks stay", "xxxa\u0323\u0302b", 5, []string{"xxx", "a\u0323\u0302b"}},
		{"a paragraph too early is not waited for", "a.\n\nbốn năm sáu bảy tám", 20, []string{"a.\n\nbốn năm sáu bảy", "tám"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := split(c.text, c.limit); !slices.Equal(got, c.want) {
				t.Errorf("split gives %q, want %q", got, c.want)
			}
		})
	}
}

// letter is hard to cut: Vietnamese in both ways of writing, marks, flags,
// families, surrogate pairs, white space.
var letter = rapid.SampledFrom([]string{"a", "ộ", "o\u0323\u0302", "🏠", "👨‍👩‍👧", "🇻🇳", "👍🏽", " ", "\n", "\n\n", ". ", "! ", "…", "”", "x", "nghề ", "e\u0301\u0323", "\u200d"})

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// Whatever is split: nothing is lost or moved, each part fits, no letter is
// torn.
func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(letter, 0, 200).Draw(r, "text"), "")
		limit := rapid.IntRange(12, 100).Draw(r, "limit")
		parts := split(text, limit)
		if got := bare(strings.Join(parts, "")); got != bare(text) {
			r.Fatalf("%q became %q", text, parts)
		}
		rest := text
		for _, p := range parts {
			if n := units(p); n == 0 || n > limit || p != strings.TrimSpace(p) || !utf8.ValidString(p) {
				r.Fatalf("part %q of %d units, limit %d", p, n, limit)
			}
			rest = strings.TrimLeftFunc(rest, unicode.IsSpace)[len(p):]
		}
		if torn := tornLetters(text, parts); torn != "" {
			r.Fatalf("%q is torn: %q", torn, parts)
		}
	})
}

// tornLetters finds a letter of the text of which no part has the whole. Only
// letters that fit are asked for.
func tornLetters(text string, parts []string) string {
	joined := strings.Join(parts, "\x00")
	for g := uniseg.NewGraphemes(text); g.Next(); {
		if l := strings.TrimSpace(g.Str()); l != "" && units(l) <= 12 && !strings.Contains(joined, l) {
			return l
		}
	}
	return ""
}

func TestRenderJoinsUpToTheButtons(t *testing.T) {
	c := &Channel{}
	yes, no := dialog.Option{Label: "Có", Tap: "f/a=yes"}, dialog.Option{Label: "Không", Tap: "f/a=no"}
	got := c.Render([]bot.Bubble{
		{Text: "một"}, {Text: "hai", Options: []dialog.Option{yes, {Label: "hidden", Tap: "x", Hidden: true}}}, {Text: " "}, {Text: "ba"},
		{Text: "bốn", Options: []dialog.Option{no, {Label: "lạ", Tap: strings.Repeat("x", 65)}, {Label: "không chạm được"}}},
	})
	want := []bot.Part{
		{Text: "một\n\nhai", Options: []dialog.Option{yes}},
		{Text: "ba\n\nbốn\n\n2. lạ\n3. không chạm được", Options: []dialog.Option{no}},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("rendered %v\nwant %v", got, want)
	}
}

// Render is pure, keeps every word and every option in order, and makes
// nothing that Telegram refuses.
func TestRenderFits(t *testing.T) {
	c := &Channel{}
	rapid.Check(t, func(r *rapid.T) {
		var bubbles []bot.Bubble
		var words, taps []string
		for i := range rapid.IntRange(0, 5).Draw(r, "bubbles") {
			b := bot.Bubble{Text: strings.Repeat(strings.Join(rapid.SliceOfN(letter, 1, 30).Draw(r, "text"), "")+"z ", rapid.IntRange(1, 300).Draw(r, "times"))}
			for j := range rapid.IntRange(0, 4).Draw(r, "options") {
				b.Options = append(b.Options, dialog.Option{Label: fmt.Sprint("chọn ", j), Tap: fmt.Sprintf("f%d/%d=x", i, j)})
				taps = append(taps, b.Options[j].Tap)
			}
			words = append(words, bare(b.Text))
			bubbles = append(bubbles, b)
		}
		parts := c.Render(bubbles)
		var said, buttons []string
		for i, p := range parts {
			if n := units(p.Text); n == 0 || n > 4096 {
				r.Fatalf("part %d has %d units", i, n)
			}
			said = append(said, bare(p.Text))
			for _, row := range keyboard(p.Options).InlineKeyboard {
				for _, b := range row {
					buttons = append(buttons, *b.CallbackData)
				}
			}
		}
		if strings.Join(said, "") != strings.Join(words, "") || !slices.Equal(buttons, taps) {
			r.Fatalf("words or buttons differ: %q %q", buttons, taps)
		}
		if again := c.Render(bubbles); fmt.Sprint(parts) != fmt.Sprint(again) {
			r.Fatal("rendered otherwise the second time")
		}
	})
}

func TestGroupsGoSlower(t *testing.T) {
	c := &Channel{}
	if c.Gap(five) != time.Second || c.Gap(bot.Contact{ID: "-7"}) < 3*time.Second {
		t.Errorf("gaps %v and %v", c.Gap(five), c.Gap(bot.Contact{ID: "-7"}))
	}
	if can := c.Can(); can.TextUnit != "utf16" || can.TextLimit != 4096 || !can.JoinsBubbles || can.PerSecond != 30 || can.PerChatSecond != 1 || can.Window != 0 {
		t.Errorf("can %+v", can)
	}
}

func TestShortLabelsShareARow(t *testing.T) {
	labels := func(names ...string) (o []dialog.Option) {
		for _, n := range names {
			o = append(o, dialog.Option{Label: n, Tap: n})
		}
		return o
	}
	for want, options := range map[int][]dialog.Option{
		0: nil, 2: labels("Có", "Không"), 3: labels("Lớp 9", "Lớp 12", "Khác", "Bỏ qua", "Chưa"), 4: labels("Lớp 9", "Lớp 12", "Đã học xong cấp ba rồi", "Bỏ qua"),
	} {
		if k := keyboard(options); len(k.InlineKeyboard) != want || k.InlineKeyboard == nil {
			t.Errorf("%d rows, want %d: %v", len(k.InlineKeyboard), want, k)
		}
	}
}
