package telegram

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"nghe/bot"
	"nghe/dialog"
)

// letter is hard to cut: Vietnamese in both ways of writing, marks, flags,
// families, surrogate pairs, white space.
var letter = rapid.SampledFrom([]string{"a", "ộ", "🏠", "👨‍👩‍👧", "🇻🇳", "👍🏽", " ", "\n", "\n\n", ". ", "! ", "…", "”", "x", "nghề ", "\u200d"})

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
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
