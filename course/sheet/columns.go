package sheet

import (
	"strings"

	"nghe/content"
	"nghe/course"
	"nghe/viet"
)

// column is one column of the sheet.
type column struct {
	header   string
	also     []string // other headers that mean it
	required bool
	note     string // how to fill it in
	example  string // in the example row
	width    float64
	choices  func(*content.Library) []string // drop-down; nil: none
	cell
}

// cell takes a part of a course from text, and writes it as one would type it.
type cell struct {
	// read puts the text of a cell into the course. It gives what is wrong
	// with the text and how to write it, "" when nothing is.
	read func(r *row, text string) string
	// write gives what read takes; "" for what is unknown.
	write func(lib *content.Library, c *course.Course) string
}

// The columns, in the order of the template. What most announcements have
// comes first.
var columns = []*column{
	{header: "Mã lớp", also: []string{"mã"}, width: 16, example: exampleCode + " - dòng này không nhập",
		note: "Mã của lớp, mỗi lớp một mã. Nhập lại dòng có cùng mã là sửa lớp đó, không thêm lớp mới. Bỏ trống thì lớp được nhận ra bằng tên lớp, nơi học và ngày khai giảng.",
		cell: codeCell},
	{header: "Tên lớp", also: []string{"tên khoá", "tên khóa học"}, width: 32, example: "Lớp nấu ăn cho chị em xã Ba Chẽ",
		note: "Tên như trong thông báo. Bỏ trống thì lấy tên nghề.",
		cell: text(maxTitle, func(c *course.Course) *string { return &c.Title })},
	{header: "Nghề", also: []string{"tên nghề", "nghề đào tạo"}, required: true, width: 30, example: "Kỹ thuật chế biến món ăn (nấu ăn)",
		note: "Chọn trong danh sách, hoặc gõ tên thường gọi (“nấu ăn”, “hàn”).",
		choices: func(lib *content.Library) []string {
			return names(lib.Trades, func(t *content.Trade) string { return t.Name })
		},
		cell: tradeCell},
	{header: "Tình trạng", also: []string{"trạng thái"}, required: true, width: 16, example: "Đang nhận",
		note:    "Sắp mở, Đang nhận, Đủ người, Đang học, Đã xong, Đã huỷ hoặc Chưa rõ. Lớp đã quá hạn không bao giờ được báo là đang nhận, dù cột này ghi gì.",
		choices: func(*content.Library) []string { return labels(statusWords) },
		cell:    choice(statusWords, func(c *course.Course) *course.Status { return &c.Status })},
	{header: "Trình độ", also: []string{"cấp độ"}, width: 16, example: "Sơ cấp",
		note:    "Tập huấn, Dưới 3 tháng, Sơ cấp, Trung cấp hoặc Cao đẳng.",
		choices: func(*content.Library) []string { return labels(levelWords) },
		cell:    choice(levelWords, func(c *course.Course) *course.Level { return &c.Level })},
	{header: "Xã, phường", also: []string{"xã", "phường", "xã phường đặc khu", "nơi học"}, width: 24, example: "Xã Ba Chẽ",
		note: "Xã, phường, đặc khu nơi mở lớp. Tên cũ cũng được; tên cũ nay thuộc nhiều nơi thì ghi tên mới.",
		choices: func(lib *content.Library) []string {
			return names(lib.Places, func(p *content.Place) string { return p.Name })
		},
		cell: placeCell},
	{header: "Địa điểm học", also: []string{"địa điểm"}, width: 28, example: "Nhà văn hoá thôn Nam Hả Trong",
		note: "Nhà văn hoá thôn, trường, trung tâm: nơi đến học.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.Venue })},
	{header: "Hạn đăng ký", also: []string{"hạn nộp hồ sơ", "hạn cuối"}, width: 14, example: "15/12/2026",
		note: "Ngày cuối còn nhận đăng ký, ghi ngày/tháng/năm (15/12/2026), hoặc chỉ tháng (12/2026).",
		cell: day(func(c *course.Course) *course.Day { return &c.Deadline })},
	{header: "Khai giảng", also: []string{"ngày khai giảng"}, width: 14, example: "20/12/2026",
		note: "Ngày hoặc tháng khai giảng. Chưa chốt ngày thì chỉ ghi tháng.",
		cell: day(func(c *course.Course) *course.Day { return &c.Start })},
	{header: "Bế giảng", also: []string{"ngày bế giảng", "kết thúc"}, width: 14, example: "3/2027",
		note: "Ngày hoặc tháng học xong.",
		cell: day(func(c *course.Course) *course.Day { return &c.End })},
	{header: "Thời gian học", also: []string{"thời lượng"}, width: 16, example: "3 tháng",
		note: "Như trong thông báo: “2 tháng”, “ít nhất 3 tháng”.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.Duration })},
	{header: "Số ngày học", also: []string{"số ngày có mặt"}, width: 12, example: "60",
		note: "Số ngày có mặt ở lớp. Tiền ăn tính theo số này.",
		cell: number(1, 1500, func(c *course.Course) **int64 { return &c.Days })},
	{header: "Số giờ học", also: []string{"số giờ"}, width: 12,
		note: "Tổng số giờ.",
		cell: number(1, 10000, func(c *course.Course) **int64 { return &c.Hours })},
	{header: "Lịch học", width: 24, example: "Sáng thứ 2 đến thứ 6, nghỉ mùa gặt",
		note: "Buổi nào, ngày nào trong tuần, mùa nào.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.Schedule })},
	{header: "Dạy tại thôn", width: 12, example: "Có",
		note:    "Có nếu thầy cô về dạy tại thôn, bản, khu.",
		choices: func(*content.Library) []string { return labels(yesWords) },
		cell:    villageCell},
	{header: "Đơn vị dạy", also: []string{"cơ sở đào tạo", "đơn vị mở lớp"}, width: 28, example: "(tên trường hoặc trung tâm)",
		note: "Trường, trung tâm, doanh nghiệp dạy lớp này.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.Provider })},
	{header: "Đơn vị phối hợp", width: 24, example: "UBND xã; Hội Phụ nữ xã",
		note: "Nhiều đơn vị thì cách nhau bằng dấu chấm phẩy.",
		cell: list(func(c *course.Course) *[]string { return &c.Partners })},
	{header: "Chương trình", also: []string{"nguồn kinh phí"}, width: 24,
		note: "Lớp mở theo chương trình, nguồn tiền nào.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.Program })},
	{header: "Học phí", width: 14, example: "0",
		note: "Số tiền cả khoá: “2.500.000”, “2 triệu rưỡi”; miễn phí thì ghi 0.",
		cell: money(func(c *course.Course) **int64 { return &c.Fee })},
	{header: "Ghi chú học phí", width: 24,
		note: "Ví dụ: đã gồm nguyên liệu.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.FeeNote })},
	{header: "Quyền lợi", width: 28, example: "Tiền ăn; chứng chỉ",
		note: "Người học được gì, cách nhau bằng dấu chấm phẩy. Chỉ ghi điều thông báo có nêu.",
		cell: list(func(c *course.Course) *[]string { return &c.Benefits })},
	{header: "Đối tượng", width: 28, example: "Lao động nông thôn; phụ nữ",
		note: "Lớp dành cho ai, cách nhau bằng dấu chấm phẩy. Ai học cũng được thì bỏ trống.",
		cell: list(func(c *course.Course) *[]string { return &c.Who })},
	{header: "Tuổi từ", width: 8, example: "18", note: "Tuổi nhỏ nhất.",
		cell: number(10, 100, func(c *course.Course) **int64 { return &c.MinAge })},
	{header: "Tuổi đến", width: 8, note: "Tuổi lớn nhất.",
		cell: number(10, 100, func(c *course.Course) **int64 { return &c.MaxAge })},
	{header: "Học vấn", width: 18, example: "Biết đọc, biết viết", note: "Cần học hết lớp mấy.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.Schooling })},
	{header: "Sức khoẻ", width: 18, note: "Yêu cầu về sức khoẻ.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.Health })},
	{header: "Chỉ tiêu", also: []string{"số chỗ", "sĩ số"}, width: 10, example: "35", note: "Nhận bao nhiêu người.",
		cell: number(1, 10000, func(c *course.Course) **int64 { return &c.Quota })},
	{header: "Đã đăng ký", width: 10, example: "12", note: "Đã có bao nhiêu người đăng ký.",
		cell: number(0, 10000, func(c *course.Course) **int64 { return &c.Registered })},
	{header: "Đủ người thì mở", also: []string{"số người tối thiểu"}, width: 12, note: "Cần ít nhất bao nhiêu người mới mở lớp.",
		cell: number(1, 10000, func(c *course.Course) **int64 { return &c.Least })},
	{header: "Giấy tờ", also: []string{"hồ sơ"}, width: 28, example: "Đơn đăng ký; căn cước", note: "Cần mang giấy tờ gì, cách nhau bằng dấu chấm phẩy.",
		cell: list(func(c *course.Course) *[]string { return &c.Papers })},
	{header: "Cách đăng ký", width: 28, example: "Ghi tên với trưởng thôn", note: "Đăng ký ở đâu, bằng cách nào.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.HowTo })},
	{header: "Người liên hệ", width: 20, note: "Tên người để hỏi.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.ContactName })},
	{header: "Điện thoại", also: []string{"số điện thoại", "sđt"}, width: 16, note: "Số để hỏi. Nhiều số thì cách nhau bằng dấu chấm phẩy.",
		cell: phonesCell},
	{header: "Nơi hỏi", also: []string{"nơi liên hệ"}, width: 24, example: "Bộ phận một cửa của xã", note: "Đến đâu để hỏi.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.ContactPlace })},
	{header: "Giờ hỏi", also: []string{"giờ liên hệ"}, width: 16, note: "Hỏi vào giờ nào.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.ContactHours })},
	{header: "Chứng chỉ", width: 20, example: "Chứng chỉ sơ cấp", note: "Học xong được cấp gì.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.Certificate })},
	{header: "Việc làm sau học", width: 24, note: "Có nơi nhận làm không, như thông báo nêu.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.JobAfter })},
	{header: "Nguồn", also: []string{"link", "đường dẫn"}, width: 24, note: "Địa chỉ trang hoặc số công văn có thông báo.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.SourceURL })},
	{header: "Ngày thông báo", width: 14, note: "Ngày ra thông báo.",
		cell: day(func(c *course.Course) *course.Day { return &c.SourceDate })},
	{header: "Ngày kiểm tra", width: 14, note: "Ngày gần nhất có người hỏi lại xem lớp còn đúng như vậy. Lớp không có hạn, không có ngày khai giảng thì chỉ được báo trong 60 ngày từ ngày này.",
		cell: day(func(c *course.Course) *course.Day { return &c.CheckedOn })},
	{header: "Người kiểm tra", width: 18, note: "Ai đã hỏi lại.",
		cell: text(maxLine, func(c *course.Course) *string { return &c.CheckedBy })},
}

// ignored are columns that officers' own tables have and that say nothing here.
var ignored = []string{"stt", "tt", "số tt", "số thứ tự", "ghi chú"}

// exampleCode begins the code of rows that are not read.
const exampleCode = "VÍ DỤ"

// word is a value with how officers write it; the first is the label.
type word[T any] struct {
	value T
	words []string
}

var statusWords = []word[course.Status]{
	{course.Planned, []string{"Sắp mở", "dự kiến", "chuẩn bị mở"}},
	{course.Enrolling, []string{"Đang nhận", "đang tuyển", "đang tuyển sinh", "đang mở", "còn nhận"}},
	{course.Full, []string{"Đủ người", "đã đủ", "hết chỗ", "đủ chỉ tiêu"}},
	{course.Running, []string{"Đang học", "đã khai giảng", "đang dạy"}},
	{course.Finished, []string{"Đã xong", "đã kết thúc", "đã bế giảng", "xong"}},
	{course.Cancelled, []string{"Đã huỷ", "huỷ", "không mở", "hoãn"}},
	{course.Unknown, []string{"Chưa rõ", "không rõ"}},
}

var levelWords = []word[course.Level]{
	{course.Briefing, []string{"Tập huấn", "bồi dưỡng"}},
	{course.Short, []string{"Dưới 3 tháng", "thường xuyên", "ngắn hạn", "đào tạo thường xuyên"}},
	{course.Elementary, []string{"Sơ cấp", "sơ cấp nghề"}},
	{course.Secondary, []string{"Trung cấp", "trung cấp nghề"}},
	{course.College, []string{"Cao đẳng", "cao đẳng nghề"}},
}

var yesWords = []word[bool]{
	{true, []string{"Có", "x", "tại thôn"}},
	{false, []string{"Không", "không tại thôn"}},
}

// labelOf is how a value is written; "" for one that has no label.
func labelOf[T comparable](words []word[T], value T) string {
	for _, w := range words {
		if w.value == value {
			return w.words[0]
		}
	}
	return ""
}

func labels[T any](words []word[T]) []string {
	var out []string
	for _, w := range words {
		out = append(out, w.words[0])
	}
	return out
}

func names[T any](list []T, name func(T) string) []string {
	var out []string
	for _, x := range list {
		out = append(out, name(x))
	}
	return out
}

// key is what a header or a word is known by, however it is typed.
func key(s string) string {
	var words []string
	for _, w := range viet.Words(s) {
		words = append(words, w.Fold)
	}
	return strings.Join(words, " ")
}

// byHeader finds a column by the key of its header.
var byHeader = func() map[string]*column {
	m := map[string]*column{}
	for _, c := range columns {
		for _, h := range append([]string{c.header}, c.also...) {
			if m[key(h)] != nil {
				panic("two columns are called " + h)
			}
			m[key(h)] = c
		}
	}
	for _, h := range ignored {
		m[key(h)] = &column{}
	}
	return m
}()
