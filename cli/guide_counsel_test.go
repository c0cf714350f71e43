package cli_test

import (
	"testing"

	"nghe/bot/webchat/webtest"
)

// A counsellor does what docs/huong-dan-tu-van-vien.md says, on a phone: on duty,
// a case that is offered, the summary, an answer with a piece put in, a note, the
// outcome; and who answers for them looks at how all stands.
func TestACounsellorsDay(t *testing.T) {
	data, link := caseData(t)
	k := openConsoleOn(t, data, 360, 740)
	hang := k.invited(k.url+"/console/invitation/"+link, 360, 740)
	hang.picture("ca-trang-dau", "main")
	hang.visit("/console/cases")
	if webtest.Evaluate[bool](hang.Tab, `document.querySelector(".duty [name=on]").value == "no"`) {
		hang.Press(".duty button")
	}
	hang.says("Anh/chị chưa trực")
	hang.Press(".duty button")
	hang.says("Anh/chị đang trực đến", "mời anh/chị nhận")
	hang.picture("ca-danh-sach", "main")

	// The urgent one is first; what is known stands above the talk.
	hang.Press(".row.case")
	hang.says("Ca #1", "gấp", "Tóm tắt", "Nhận ca")
	hang.picture("ca-cho", "main")
	hang.Press("#take button")
	hang.says("Ca này của anh/chị")
	hang.Await(caseLive)
	hang.Click("#attach summary")
	hang.Await(`document.querySelectorAll("#found [data-text]").length > 0`)
	hang.picture("ca-chen", "#answer")
	webtest.Evaluate[bool](hang.Tab, `(document.querySelector("#found [data-text]").click(), document.querySelector("#attach").open = false, true)`)
	hang.Await(`document.querySelector("#text").value != ""`)
	hang.Click("#reply .act")
	hang.Await(`[...document.querySelectorAll("#talk .counsellor")].at(-1)?.innerText.includes("đã gửi")`)
	hang.picture("ca-tra-loi", `[aria-labelledby="talk-title"]`)
	hang.fill("note", "Đã báo công an xã. @an theo dõi giúp.")
	hang.Click(`form[action$="/note"] button`)
	hang.sees("Đã báo công an xã")
	hang.Click(`details:has([name=outcome]) summary`)
	hang.Click(`form[action$="/close"] [value=referred]`)
	hang.fill("remark", "Công an xã Kỳ Thượng")
	hang.picture("ca-dong", `details:has([name=outcome])`)
	hang.Press(`form[action$="/close"] button`)
	hang.says("Đã đóng ca", "Đã chuyển nơi khác", "Mở lại ca")

	k.visit("/console/cases/overview")
	k.says("Tình hình chung", "Từng tư vấn viên")
	k.picture("ca-tinh-hinh", "main")
	pictured(t)
}
