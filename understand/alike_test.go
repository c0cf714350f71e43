package understand_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// asked are texts that ask for the same, a group a line.
const asked = `
làm lại căn cước ở đâu | em muốn làm lại cccd thì đến chỗ nào ạ | lam lai can cuoc o dau vay | mất căn cước làm lại ở đâu
giá lợn hơi hôm nay bao nhiêu | gia lon hoi hom nay the nao | lợn hơi hôm nay bao nhiêu một cân ạ
bảo hiểm y tế hộ gia đình bao nhiêu tiền | bao hiem y te ho gia dinh gia bao nhieu
cháu muốn xin vào trường nội trú | con em học trường nội trú có được không
đăng ký kết hôn cần giấy gì | dang ky ket hon can giay to gi
cây keo bị sâu phun thuốc gì | phun thuốc trừ sâu cho keo
tôm bị chết nhiều là bệnh gì | tom chet hang loat la benh gi ha ad
wifi nhà em bị hỏng | mạng wifi bị hỏng gọi ai
hàng xóm lấn đất thì kêu ai
thời tiết mai thế nào
làm giấy khai sinh cho con cần gì`

func TestAlike(t *testing.T) {
	var texts []string
	var want []int
	for line := range strings.Lines(strings.TrimSpace(asked)) {
		lead := len(texts)
		for text := range strings.SplitSeq(strings.TrimSpace(line), " | ") {
			texts, want = append(texts, text), append(want, lead)
		}
	}
	got := reader().Alike(texts)
	for i := range texts {
		if got[i] != want[i] {
			t.Errorf("%q goes with %q, not with %q", texts[i], texts[got[i]], texts[want[i]])
		}
	}
	if got := reader().Alike(nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if got := fmt.Sprint(reader().Alike([]string{"", "?", "qwrtz", "qwrtz!", "căn cước"})); got != "[0 1 2 2 4]" {
		t.Errorf("texts of nothing: %s", got)
	}
}

// The first of a group leads it, and the same texts give
// the same groups.
func TestAlikeHolds(t *testing.T) {
	r := reader()
	all := strings.FieldsFunc(asked, func(c rune) bool { return c == '|' || c == '\n' })
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(all), rapid.String()), 0, 12).Draw(t, "texts")
		got := r.Alike(texts)
		if len(got) != len(texts) || !slices.Equal(got, r.Alike(texts)) {
			t.Fatalf("%v", got)
		}
		for i, lead := range got {
			if lead > i || got[lead] != lead {
				t.Fatalf("%d is led by %d: %v", i, lead, got)
			}
		}
	})
}

func BenchmarkAlike(b *testing.B) {
	r := reader()
	all := strings.FieldsFunc(asked, func(c rune) bool { return c == '|' || c == '\n' })
	var texts []string
	for i := range 2000 {
		texts = append(texts, fmt.Sprint(all[i%len(all)], " ", all[i*7%len(all)], i))
	}
	for b.Loop() {
		r.Alike(texts)
	}
}
