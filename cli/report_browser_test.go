package cli_test

import (
	"strings"
	"testing"

	"nghe/bot/webchat/webtest"
)

// The yearly report and the results, on a phone, on a laptop and in print; what
// became of somebody after the course is noted at their wish and counts.
func TestReportsInABrowser(t *testing.T) {
	k := openConsoleOn(t, invent(t, 3000), 360, 800)
	days := "?from=" + daysAgo(120) + "&to=" + daysAgo(-1)
	pages := map[string]string{"report": "/console/report" + days, "results": "/console/results" + days, "report-of-place": "/console/report?place=ba-che"}
	for _, path := range pages { // the first time the page waits for its figures
		k.visit(path)
		k.Await(`document.querySelector("section.report") !== null`)
	}
	k.walk(pages)
	k.visit("/console/report" + days)
	k.fill("words", "Thiếu giáo viên dạy nghề nuôi hàu ở đảo.\nĐường tới lớp ở vùng cao khó đi.")
	k.Press(`[action^="/console/report/difficulty"] .act`)
	k.says("Đã lưu vào báo cáo.", "Thiếu giáo viên dạy nghề nuôi hàu ở đảo.", "Toàn tỉnh")
	k.visit("/console/interests?state=finished")
	k.visit(webtest.Evaluate[string](k.Tab, `document.querySelector(".pick a").getAttribute("href")`))
	k.choose("mark", "Có việc sau 6 tháng")
	k.look("interest-after")
	k.Press(`[action="/console/interests/mark"] button`)
	k.says("Đã ghi kết quả sau học.", "Có việc sau 6 tháng, ")
	// Other days: figures of these are kept for a moment.
	k.visit("/console/results?from=" + daysAgo(119) + "&to=" + daysAgo(-1))
	if text := webtest.Evaluate[string](k.Tab, `[...document.querySelectorAll("section.report")].find(s => s.textContent.includes("khi được hỏi lại")).querySelector("tbody tr").textContent`); !strings.HasPrefix(text, "Có việc") || !strings.HasSuffix(text, "1") {
		t.Errorf("after six months: %q", text)
	}
	k.Size(794, 4200)
	k.Print()
	for name, path := range map[string]string{"report": "/console/report" + days, "results": "/console/results" + days} {
		k.visit(path)
		k.Picture("console-" + name + "-print")
		if wide := webtest.Evaluate[int](k.Tab, "document.documentElement.scrollWidth"); wide > 794 {
			t.Errorf("%s is %d px wide in print", name, wide)
		}
	}
}
