package console

import (
	"regexp"
	"strings"

	"nghe/content"
	"nghe/release"
)

// kindWords are how kinds of entries are called: many, and one.
var kindWords = map[string]struct{ All, One string }{
	"topic":    {"Câu hỏi", "Câu hỏi"},
	"danger":   {"Nguy hiểm", "Câu nguy hiểm"},
	"phrase":   {"Câu nói", "Câu nói"},
	"fact":     {"Số liệu", "Số liệu"},
	"source":   {"Văn bản", "Văn bản"},
	"support":  {"Mức hỗ trợ", "Mức hỗ trợ"},
	"loan":     {"Vay vốn", "Chương trình vay"},
	"reminder": {"Lời nhắc", "Lời nhắc"},
	"canned":   {"Câu mẫu", "Câu mẫu"},
}

// beginnings are how new entries begin, of kinds that may have more than there
// are; {id} is filled in.
var beginnings = map[string]string{
	"topic":  "id: {id}\ntitle: \nasks: # ít nhất 8 cách hỏi, nhiều kiểu: có dấu, không dấu, viết tắt\nanswer: |\n  \nfacts: []\nnext:\n- support.who\n",
	"fact":   "id: {id}\nstatement: \nnumbers:\n- what: \n  value: ''\n  unit: đồng\nsource: \narticle: \nstatus: in-force\nconfidence: medium\nevidence:\n- https://\nread_on: ''\nreview_by: ''\n",
	"source": "id: {id}\ndocument: \nissued_by: \ndate_issued: ''\neffective_from: ''\n",
	"canned": "id: {id}\ntitle: \ntext: \"Chào {name}, \"\n",
}

// statusWords are how facts stand.
var statusWords = map[string]string{content.InForce: "đang áp dụng", content.Replaced: "đã thay thế", content.Uncertain: "chưa chắc"}

// confidenceWords are how sure a fact is.
var confidenceWords = map[string]string{"high": "hai nơi nói giống nhau", "medium": "đọc ở một nơi", "low": "theo trí nhớ"}

// problemWords are what the check says, for who edits. $1, $2 are what it
// quotes. What is not here is told as the check tells it.
var problemWords = func() (all []problemWord) {
	for _, w := range [][2]string{
		{`^unknown key "(.*)"`, `Không có khoá “$1”. Xem các mục khác viết thế nào.`},
		{`names the unknown source "(.*)"`, `Chưa có văn bản “$1”. Thêm ở mục Văn bản trước.`},
		{`has the status "(.*)"`, `status “$1” không dùng được: ghi in-force (đang áp dụng), replaced (đã thay thế) hoặc uncertain (chưa chắc).`},
		{`has no day in (\S+)`, `$1 phải là ngày, viết như 2027-02-28.`},
		{`has (\d+) ways of asking`, `Mới có $1 cách hỏi. Viết ít nhất 8, nhiều kiểu khác nhau.`},
		{`(\S+) and (?:topic )?(\S+) are both asked as "(.*)"`, `Hai câu hỏi $1 và $2 cùng có cách hỏi “$3”. Chỉ để ở một nơi.`},
		{`has the title of (?:topic )?(\S+)`, `title trùng với $1. Đặt tên khác, vì tên là nút bấm.`},
		{`offers (\d+) things`, `next có $1 mục. Nhiều nhất 4.`},
		{`rests on facts and has no review date`, `Có dẫn số liệu thì phải có review_by: ngày phải xem lại, viết như 2027-02-28.`},
		{`leads to the unknown flow "(.*)"`, `Không có hành trình “$1”.`},
		{`names the unknown institution "(.*)"`, `Không có cơ sở “$1”.`},
		{`names the unknown trade "(.*)"`, `Không có nghề “$1”.`},
		{`names the unknown fact "(.*)"`, `Không có số liệu “$1”. Tìm id ở mục Số liệu.`},
		{`offers the unknown (?:topic|command|flow) "(.*)"`, `next dẫn tới “$1”, nhưng không có mục đó.`},
		{`does the unknown effect "(.*)"`, `Không có việc “$1”.`},
		{`^there is no (?:topic|phrase|flow) "(.*)"`, `Bot phải có mục “$1”, không bỏ được.`},
		{`has no label$`, `Thiếu tên (title).`},
		{`the label "(.*)" has (\d+) characters`, `“$1” dài $2 chữ. Nút bấm trên Zalo và Telegram nhiều nhất 30.`},
		{`a bubble has (\d+) characters`, `Một đoạn dài $1 chữ. Ngắt bằng dòng trống; Zalo nhận nhiều nhất 2000.`},
		{`nothing fills the place (\{.*\})`, `Không có gì điền vào $1. Dùng {bạn}, {mình} hoặc chỗ mà mục khác cùng loại dùng.`},
		{`"(.*)" is told without a source`, `Nói “$1” mà không dẫn số liệu nào. Ghi id của số liệu ở “facts”.`},
		{`"(.*)" is no number of the facts it names`, `“$1” không phải số của các số liệu đã dẫn. Sửa số, hoặc dẫn đúng số liệu.`},
		{`has no title$`, `Thiếu title: vài chữ để tìm.`},
		{`is for the unknown queue "(.*)"`, `Không có hàng “$1”.`},
		{`has (\d+) characters$`, `Dài $1 chữ, nhiều quá.`},
		{`says nothing$`, `Chưa có lời nào.`},
		{`"(.*)" is no time$`, `“$1” không phải giờ: viết như “0 8 * * *” (8 giờ mỗi ngày).`},
		{`the built-in "(.*)" changed since this copy was made`, `Bản cài đặt mới đã đổi “$1” sau khi mục này được sửa. So lại hai bản rồi lưu.`},
	} {
		all = append(all, problemWord{regexp.MustCompile(w[0]), w[1]})
	}
	return all
}()

type problemWord struct {
	pattern *regexp.Regexp
	words   string
}

// problemText tells a problem of the check to who edits.
func problemText(p content.Problem) string {
	for _, w := range problemWords {
		if at := w.pattern.FindStringSubmatchIndex(p.What); at != nil {
			return string(w.pattern.ExpandString(nil, w.words, p.What, at))
		}
	}
	return p.What + ": " + p.Try
}

var entryName = regexp.MustCompile(`(?m)^(?:title|statement|document|name|texts):[ \t]*\[?["']?(.+?)["']?\]?$`)

// nameOf gives what an entry is called, by the first line that says it.
func nameOf(e release.Entry) string {
	if m := entryName.FindStringSubmatch(e.Text); m != nil && len(m[1]) > 2 {
		return brief(m[1])
	}
	if _, rest, ok := strings.Cut(e.Text, "\n- "); ok && e.Kind.ID == "phrase" {
		line, _, _ := strings.Cut(rest, "\n")
		return brief(strings.Trim(line, `"' `))
	}
	return e.ID
}
