package cli_test

import (
	"fmt"
	"net/url"
	"testing"

	"nghe/bot/webchat/webtest"
)

// What docs/huong-dan-quan-tri.md shows: the pages that the province is looked at
// with, on a phone and on a wide window.
func TestTheProvincesGuide(t *testing.T) {
	k := openConsoleOn(t, invent(t, 3000, "--courses", "60", "--cases", "40", "--turns", "4000"), 360, 740)
	for _, page := range []struct{ path, heading, name, from string }{
		{"/console/needs?least=5", "Nhu cầu học nghề", "nhu-cau", "#open"},
		{"/console/needs/map", "Bản đồ nhu cầu", "ban-do", ".mapbox"},
		{"/console/report", "Báo cáo năm", "bao-cao", ".report"},
		{"/console/unanswered", "Câu chưa trả lời được", "cau-chua-tra-loi", ".asked"},
		{"/console/facts", "Số liệu và nguồn", "so-lieu", "main"},
		{"/console/stories/new", "Thêm câu chuyện", "dien-hinh", "main"},
	} {
		for making := true; making; { // the page asks again by itself
			k.visit(page.path)
			making = webtest.Evaluate[bool](k.Tab, `document.querySelector("h1").textContent == "Đang tính"`)
		}
		if h := webtest.Evaluate[string](k.Tab, `document.querySelector("h1").textContent`); h == "" || page.name != "bao-cao" && h != page.heading {
			t.Errorf("%s: %s", page.path, h)
		}
		k.picture(page.name, page.from)
		k.Size(1280, 900)
		k.look("province-" + page.name)
		k.Size(360, 740)
	}
	if code := webtest.Evaluate[int](k.Tab, fmt.Sprintf(`fetch(%q).then(r => r.status)`, "/console/report/export.xlsx?"+url.Values{"year": {""}}.Encode())); code != 200 {
		t.Errorf("the workbook: %d", code)
	}
}
