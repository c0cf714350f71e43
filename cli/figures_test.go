package cli_test

import (
	"testing"
	"time"

	"nghe/bot/webchat/webtest"
)

// The province looks at its figures, on a phone and on a laptop: what people went
// through, compared with before and under other content, and what they asked in
// vain.
func TestTheProvinceSees(t *testing.T) {
	k := openConsoleOn(t, invent(t, 20), 360, 740)
	for _, width := range []int64{360, 1280} {
		k.Size(width, 2600)
		k.visit("/console/funnels?flow=loan")
		k.heading("Phễu trò chuyện")
		k.says("Tìm gói vay hợp với mình", "lượt bắt đầu", "không có thật", "Im lặng")
		k.look("funnel")
		k.visit("/console/funnels?flow=loan&with=time")
		k.says("So từ ngày", "bên hai")
		k.look("funnel-time")
		k.visit("/console/funnels?flow=support&with=content&from=" + daysAgo(59))
		k.says("bản ban-vi-du")
		k.look("funnel-content")
		k.visit("/console/funnels?flow=loan&from=2026-13-01")
		k.says("Ngày chưa đúng")
		k.look("funnel-wrong")
		k.visit("/console/unanswered")
		k.heading("Câu chưa trả lời được")
		k.says("làm lại", "cách gõ khác", "Chủ đề gần nhất", "không có thật")
		k.look("unanswered")
	}
	k.Dark(true)
	k.visit("/console/funnels?flow=loan")
	k.look("funnel-dark")
	k.Dark(false)

	// A mark is kept, and the group leaves the list.
	k.visit("/console/unanswered")
	lead := webtest.Evaluate[string](k.Tab, `document.querySelector(".asked h2").textContent`)
	k.Press(`.asked [value="not-ours"]`)
	k.says("Đã ghi là không thuộc việc của nghe.")
	if webtest.Evaluate[string](k.Tab, `document.querySelector(".asked h2").textContent`) == lead {
		t.Errorf("%s is still on top", lead)
	}
	k.visit("/console/unanswered?show=not-ours")
	k.says(lead, "Trần Văn An")
	k.look("unanswered-marked")
	k.Press(`.asked [value=""]`)
	k.says("Chưa có câu nào")

	// No page links to one that is not there.
	for _, path := range []string{"/console/funnels", "/console/unanswered"} {
		k.visit(path)
		for _, to := range webtest.Evaluate[[]string](k.Tab, `[...new Set([...document.querySelectorAll("main a")].map(a => a.getAttribute("href")))]`) {
			if status := webtest.Evaluate[int](k.Tab, `fetch(new URL("`+to+`", location)).then(r => r.status)`); status != 200 {
				t.Errorf("%s links to %s: %d", path, to, status)
			}
		}
	}
}

func daysAgo(n int) string { return time.Now().AddDate(0, 0, -n).Format(time.DateOnly) }
