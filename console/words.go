package console

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/handoff"
	"nghe/report"
	"nghe/staff"
	"nghe/understand/questions"
	"nghe/viet"
)

// doneWords are what a page says of what was just done, by a small word in its
// address: nothing that comes from outside is shown.
var doneWords = map[string]string{
	"welcome":             "Chào mừng anh/chị. Tài khoản đã sẵn sàng.",
	"password":            "Đã đổi mật khẩu, các thiết bị khác đã được đăng xuất.",
	"codes":               "Đã bật mã xác thực 6 số. Lần đăng nhập sau sẽ hỏi mã.",
	"codes-end":           "Đã tắt mã xác thực 6 số.",
	"session-end":         "Đã đăng xuất thiết bị đó.",
	"sessions-end":        "Đã đăng xuất mọi thiết bị khác.",
	"chat-end":            "Đã bỏ liên kết chat.",
	"duty-on":             "Anh/chị đang trực. Ca chờ được mời anh/chị nhận ở trang này; cứ để trang mở.",
	"duty-off":            "Đã nghỉ trực.",
	"duty-off-given":      "Đã nghỉ trực. Các ca anh/chị giữ đã về hàng, người dân được báo.",
	"case-pass":           "Đã để ca này cho người khác.",
	"case-claim":          "Ca này của anh/chị. Bot im lặng trong lúc hai bên nói chuyện.",
	"case-note":           "Đã ghi chú. Người dân không thấy ghi chú này.",
	"case-merge":          "Đã gộp hai ca của người này làm một.",
	"case-file":           "Đã nhận tệp để gửi cho người dân. Tệp ra sao thì ghi ở dưới tên tệp.",
	"canned-keep":         "Đã lưu câu mẫu của anh/chị.",
	"canned-drop":         "Đã xoá câu mẫu.",
	"case-urgent":         "Đã lưu dấu gấp.",
	"case-transfer":       "Đã chuyển ca, người dân được báo.",
	"case-release":        "Đã trả ca về hàng, người dân được báo.",
	"case-close":          "Đã đóng ca. Bot trở lại, xin người dân đánh giá rồi hỏi tiếp câu đang dở.",
	"case-reopen":         "Đã mở lại. Ca này của anh/chị.",
	"course-add":          "Đã thêm lớp.",
	"course-edit":         "Đã lưu thay đổi của lớp.",
	"course-open":         "Lớp đã mở nhận đăng ký. Anh/chị kiểm tra hạn đăng ký và ngày khai giảng.",
	"course-cancel":       "Đã huỷ lớp. Nguyện vọng của mọi người vẫn còn, anh/chị nhớ báo cho họ biết.",
	"story":               "Đã lưu câu chuyện.",
	"story-told":          "Đã đăng. Bot kể khi có người hỏi nghề này, và trang công khai có ngay.",
	"story-draft":         "Đã đưa về nháp, không kể cho ai nữa.",
	"story-gone":          "Đã rút. Lời kể, tên và ảnh đã xoá khỏi bot, trang công khai và máy chủ.",
	"course-import":       "Đã nhập lớp từ Excel.",
	"interest-move":       "Đã chuyển tình trạng.",
	"interest-add":        "Đã ghi nguyện vọng.",
	"interest-papers":     "Đã ghi tình trạng giấy tờ.",
	"interest-mark":       "Đã ghi kết quả sau học.",
	"report-write":        "Đã lưu vào báo cáo.",
	"interest-edit":       "Đã lưu thay đổi.",
	"campaign":            "Đã lưu đợt khảo sát.",
	"interest-import":     "Đã nhập danh sách từ Excel.",
	"broadcast-same":      "Tin giống hệt, cho đúng những người này, đã được soạn trong 7 ngày qua. Đây là tin đó; không gửi lần nữa.",
	"broadcast-edit":      "Đã lưu. Ai đã duyệt bản cũ thì phải duyệt lại.",
	"broadcast-sending":   "Bắt đầu gửi. Đã tới bao nhiêu người thì hiện ở dưới.",
	"broadcast-quiet":     "Đã nhận. Bây giờ ngoài giờ được gửi, nên tin gửi từ giờ được gửi tới đây.",
	"broadcast-scheduled": "Đã hẹn. Tin tự gửi đúng giờ, anh/chị không phải làm gì thêm.",
	"broadcast-awaiting":  "Đã xin duyệt, chưa gửi cho ai. Người duyệt được báo ở trang đầu và trong chat; duyệt xong tin tự gửi.",
	"broadcast-approve":   "Đã duyệt.",
	"broadcast-pause":     "Đã tạm dừng. Những tin đang trên đường vẫn tới.",
	"broadcast-resume":    "Đang gửi tiếp.",
	"broadcast-cancel":    "Đã huỷ, không gửi thêm cho ai nữa.",
	"broadcast-try":       "Đã gửi thử vào chat của anh/chị.",
	"unanswered-seen":     "Đã ghi là đã xem.",
	"unanswered-not-ours": "Đã ghi là không thuộc việc của nghe.",
	"unanswered-again":    "Đã đưa về danh sách chưa xem.",
	"rules":               "Đã lưu quy định. Tin gửi từ bây giờ theo quy định mới.",
	"reminder-on":         "Đã bật. Từ bây giờ việc nào đến hạn thì nhắc.",
	"reminder-off":        "Đã tắt. Tin đã soạn xong vẫn gửi; muốn dừng thì vào mục Thông báo.",
	"bank-day":            "Đã lưu ngày giao dịch.",
	"bank-day-drop":       "Đã xoá. Từ bây giờ ai hỏi thì được nói là chưa rõ.",
	"content":             "Đã đăng. Bot nói theo bản này trong vài giây.",
	"content-back":        "Đã quay lại. Bot nói theo bản đó trong vài giây.",
	"member":              "Đã lưu thay đổi.",
	"member-off":          "Đã ngừng tài khoản, mọi thiết bị của người đó đã được đăng xuất.",
	"member-on":           "Đã mở lại tài khoản.",
	"member-out":          "Đã đăng xuất mọi thiết bị của người đó.",
}

// mediaWords are what a person may send besides text.
var mediaWords = map[string]string{bot.MediaVoice: "Bản ghi âm", bot.MediaPhoto: "Ảnh", bot.MediaLocation: "Vị trí", bot.MediaCard: "Số điện thoại của ai đó", bot.MediaOther: "Tệp hoặc hình"}

// roleFor are what roles are for.
var roleFor = map[staff.Role]string{
	staff.Administrator: "Làm được mọi việc trong phạm vi, thêm và bớt cán bộ.",
	staff.Editor:        "Sửa nội dung và lớp học; không xem thông tin của người dân.",
	staff.Officer:       "Đăng lớp, ghi nguyện vọng, soạn và duyệt thông báo.",
	staff.Counsellor:    "Nhận ca tư vấn, xem và ghi nguyện vọng.",
	staff.Viewer:        "Xem số liệu và báo cáo; không xem thông tin của người dân.",
}

// didWords are how the books call what was done.
var didWords = map[string]string{
	"staff.first": "Lập quản trị đầu tiên", "staff.add": "Thêm cán bộ", "staff.change": "Sửa cán bộ", "staff.link": "Tạo liên kết đặt mật khẩu",
	"staff.password": "Đặt mật khẩu", "staff.codes": "Mã xác thực", "staff.chat": "Liên kết chat", "session.end": "Đăng xuất thiết bị",
	"refused": "Bị từ chối", "duty.on": "Bắt đầu trực", "duty.off": "Nghỉ trực", "case.read": "Đọc ca", "case.claim": "Nhận ca", "case.say": "Trả lời người dân", "case.note": "Ghi chú ca", "case.urgent": "Dấu gấp", "case.transfer": "Chuyển ca",
	"case.release": "Trả ca", "case.takeback": "Ca về hàng", "case.close": "Đóng ca", "case.reopen": "Mở lại ca",
	"course.add": "Thêm lớp", "course.edit": "Sửa lớp", "course.open": "Mở nhận đăng ký", "course.cancel": "Huỷ lớp",
	"story.add": "Thêm câu chuyện", "story.edit": "Sửa câu chuyện", "story.publish": "Đăng câu chuyện", "story.draft": "Đưa câu chuyện về nháp", "story.withdraw": "Rút câu chuyện",
	"interest.read": "Đọc nguyện vọng", "interest.list": "Xem danh sách nguyện vọng", "interest.add": "Ghi nguyện vọng", "interest.edit": "Sửa nguyện vọng", "interest.move": "Chuyển tình trạng", "interest.papers": "Ghi giấy tờ", "interest.mark": "Ghi kết quả sau học", "report.read": "Xem báo cáo", "report.write": "Ghi vào báo cáo", "interest.import": "Nhập nguyện vọng", "interest.export": "Xuất danh sách",
	"broadcast.new": "Soạn thông báo", "broadcast.edit": "Sửa thông báo", "broadcast.send": "Gửi thông báo", "broadcast.approve": "Duyệt thông báo", "broadcast.pause": "Tạm dừng", "broadcast.resume": "Gửi tiếp",
	"broadcast.cancel": "Huỷ thông báo", "broadcast.people": "Xem người nhận", "broadcast.export": "Xuất người nhận", "broadcast.calls": "Danh sách cần gọi",
	"campaign.add": "Mở đợt khảo sát", "campaign.edit": "Sửa đợt khảo sát",
	"rules.edit": "Sửa quy định gửi tin", "reminder.on": "Bật lời nhắc", "reminder.off": "Tắt lời nhắc", "office.edit": "Ghi ngày giao dịch", "office.drop": "Xoá ngày giao dịch",
	"content.edit": "Sửa nội dung", "content.restore": "Quay lại nội dung cũ",
	"unanswered.mark": "Xem câu chưa trả lời được",
	"signin":          "Đăng nhập", "signout": "Đăng xuất",
}

// stateWords are how the states of a wish are called.
var stateWords = map[course.State]string{
	course.New: "Mới", course.Contacted: "Đã liên lạc", course.Enrolled: "Đã vào lớp", course.Started: "Đang học",
	course.Done: "Học xong", course.Working: "Đã có việc", course.Dropped: "Thôi",
}

// paperWords are how the papers of a wish stand.
var paperWords = map[course.Papers]string{"": "chưa rõ", course.Owed: "còn thiếu giấy tờ", course.Complete: "đã nộp đủ giấy tờ"}

// sourceWords are how wishes came in.
var sourceWords = map[course.Source]string{course.FromTalk: "qua chat", course.FromSurvey: "khảo sát qua chat", course.FromPaper: "phiếu giấy", course.FromDemo: "ví dụ, không có thật"}

// ableWords are when somebody could begin to learn.
var ableWords = map[course.Able]string{"": "chưa rõ", course.AbleNow: "trong ba tháng tới", course.AbleLater: "sau ba tháng nữa"}

// standingWords are how classes stand, with the colour of the word.
var standingWords = map[course.Standing]struct{ Label, Colour string }{
	course.Past: {"đã qua", ""}, course.Taken: {"đủ người", "straw"}, course.Soon: {"sắp mở", ""}, course.Unsure: {"chưa rõ hạn", "straw"}, course.Open: {"đang nhận", "leaf"},
}

// deliveryWords are how the states of one person's message are called.
var deliveryWords = map[broadcast.DeliveryState]string{
	broadcast.Queued: "chờ gửi", broadcast.Claimed: "đang gửi", broadcast.Sent: "đã gửi", broadcast.Failed: "gửi hỏng", broadcast.Skipped: "bỏ qua", broadcast.Doubtful: "không rõ",
}

// eventWords are what was done with an announcement.
var eventWords = map[broadcast.Change]string{
	"new": "soạn", broadcast.Edit: "sửa", broadcast.Approve: "duyệt", broadcast.Begin: "bắt đầu gửi", broadcast.Pause: "tạm dừng", broadcast.Resume: "gửi tiếp",
	broadcast.Cancel: "huỷ", broadcast.Finish: "gửi xong", broadcast.Hold: "dừng lại chờ duyệt",
}

// broadcastColours are the colours of states.
var broadcastColours = map[broadcast.State]string{broadcast.Awaiting: "straw", broadcast.Sending: "leaf", broadcast.Done: "leaf", broadcast.Paused: "straw", broadcast.Cancelled: "brick"}

// channelWords are how channels are called.
var channelWords = map[string]string{"telegram": "Telegram", "zalo": "Zalo", "zalobot": "Zalo bot", "web": "trang web", "terminal": "máy"}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// functions are what templates may call.
func (c *Console) functions() template.FuncMap {
	return template.FuncMap{
		"asset":        func(name string) string { return c.assets[name].path },
		"role":         staff.Role.Label,
		"roleFor":      func(r staff.Role) string { return roleFor[r] },
		"roles":        func() []staff.Role { return staff.Roles },
		"did":          func(did string) string { return or(didWords[did], did) },
		"channel":      func(name string) string { return or(channelWords[name], name) },
		"state":        func(s course.State) string { return stateWords[s] },
		"states":       func() []course.State { return course.States },
		"level":        report.LevelName,
		"able":         func(a course.Able) string { return ableWords[a] },
		"step":         func(s course.Step) string { return report.StepNames[s] },
		"marks":        func() []course.Step { return course.Marks },
		"written":      written,
		"cell":         cellText,
		"hidden":       report.Hidden,
		"survey":       c.surveyTitle,
		"papers":       func(p course.Papers) string { return paperWords[p] },
		"source":       func(s course.Source) string { return sourceWords[s] },
		"standing":     func(s course.Standing) string { return standingWords[s].Label },
		"colour":       func(s course.Standing) string { return standingWords[s].Colour },
		"standings":    func() any { return standingNames },
		"place":        c.placeName,
		"places":       c.placesByName,
		"trade":        c.tradeName,
		"trades":       func() []*content.Trade { return c.Library().Trades },
		"title":        c.courseTitle,
		"date":         date,
		"told":         func(s broadcast.State) string { return broadcast.StateNames[s] },
		"toldColour":   func(s broadcast.State) string { return broadcastColours[s] },
		"delivery":     func(s broadcast.DeliveryState) string { return deliveryWords[s] },
		"why":          func(s string) string { return or(reasonWords[s], s) },
		"event":        func(s broadcast.Change) string { return or(eventWords[s], string(s)) },
		"seen":         func() []option { return seenChoices },
		"brief":        brief,
		"scope":        c.scope,
		"when":         c.when,
		"day":          c.day,
		"number":       func(n any) string { return viet.FormatNumber(asInt(n)) },
		"isNumber":     func(x any) bool { _, ok := x.(int); return ok },
		"inventedMark": func() string { return report.InventedMark },
		"add":          func(a, b int) int { return a + b },
		"device":       device,
		"share":        share,
		"side":         func(i int) string { return []string{"bên một", "bên hai"}[i] },
		"text":         textField,
		"join":         strings.Join,
		"dict":         dict,
		"outcomes":     func() []handoff.Outcome { return handoff.Outcomes },
		"nofile":       handoff.NoFile,
		"kind":         func(id string) string { return kindWords[id].One },
		"status":       func(s string) string { return or(statusWords[s], s) },
		"sure":         func(s string) string { return or(confidenceWords[s], s) },
		"vday":         vietDay,
		"percent": func(c questions.Count, n int) string {
			return strings.Replace(fmt.Sprintf("%.1f%%", c.Percent(n)), ".", ",", 1)
		},
		"media": func(kind string) string { return or(mediaWords[kind], mediaWords[bot.MediaOther]) },
	}
}

func asInt(n any) int64 {
	switch n := n.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	}
	panic(fmt.Sprintf("%T is no number", n))
}

// cellText is what a page shows of a value of a table that is no number.
func cellText(v any) any {
	if day, ok := v.(time.Time); ok {
		return day.Format("02/01/2006")
	}
	return v
}

// dict gives a template several values by name.
func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// textField makes the field of a form from pairs of names and values.
func textField(f Form, name, label string, pairs ...any) field {
	out := field{Form: f, Name: name, Label: label, Kind: "text"}
	for i := 0; i+1 < len(pairs); i += 2 {
		v := pairs[i+1]
		switch pairs[i].(string) {
		case "hint":
			out.Hint = v.(string)
		case "value":
			out.Value = fmt.Sprint(v)
		case "kind":
			out.Kind = v.(string)
		case "complete":
			out.Complete = v.(string)
		case "mode":
			out.Mode = v.(string)
		case "required":
			out.Required = v.(bool)
		case "lines":
			out.Lines = v.(int)
		case "max":
			out.MaxLength = v.(int)
		case "options":
			out.Options = v.([]option)
		case "nobody":
			out.ChooseNobody = v.(string)
		default:
			panic("a field has no " + pairs[i].(string))
		}
	}
	return out
}

// scope tells for whom somebody works.
func (c *Console) scope(s staff.Scope) string {
	var parts []string
	if s.Province {
		parts = append(parts, "Toàn tỉnh")
	}
	if s.Org != "" {
		parts = append(parts, s.Org)
	}
	const named = 3
	for i, id := range s.Places {
		if i == named && len(s.Places) > named+1 {
			parts = append(parts, fmt.Sprintf("và %d nơi nữa", len(s.Places)-named))
			break
		}
		parts = append(parts, c.placeName(id))
	}
	return strings.Join(parts, ", ")
}

func (c *Console) placeName(id string) string {
	if p := c.Library().Place(id); p != nil {
		return p.Name
	}
	return id
}

// surveyTitle is how a survey is called.
func (c *Console) surveyTitle(id string) string {
	if k := c.Courses().Campaign(id); k != nil {
		return k.Title
	}
	return id
}

func (c *Console) tradeName(id string) string {
	if t := c.Library().Trade(id); t != nil {
		return t.Label()
	}
	return id
}

func (c *Console) courseTitle(id string) string {
	if k := c.Courses().Course(id); k != nil {
		return k.Title
	}
	return id
}

// date tells a day or a month as it is written.
func date(d course.Day) string {
	switch {
	case d == "" || !d.Valid():
		return "chưa rõ"
	case d.MonthOnly():
		return "tháng " + d.Time().Format("1/2006")
	}
	return d.Time().Format("02/01/2006")
}

// vietDay writes 2027-02-28 as 28/02/2027, and what is no day as it is.
func vietDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return or(day, "chưa rõ")
	}
	return t.Format("02/01/2006")
}

// placesByName are all communes in the order in which people look for them.
func (c *Console) placesByName() []*content.Place {
	all := slices.Clone(c.Library().Places)
	slices.SortFunc(all, func(a, b *content.Place) int { return strings.Compare(viet.Fold(a.Short()), viet.Fold(b.Short())) })
	return all
}

// when tells a time of the province: “09:30, 24/11/2026”.
func (c *Console) when(t time.Time) string { return t.In(c.Zone).Format("15:04, 02/01/2006") }

// day tells a day of the province.
func (c *Console) day(t time.Time) string { return t.In(c.Zone).Format("02/01/2006") }

// device tells what a browser calls itself, in words: “Chrome trên Android”.
func device(agent string) string {
	find := func(list [][2]string) string {
		for _, x := range list {
			if strings.Contains(agent, x[0]) {
				return x[1]
			}
		}
		return ""
	}
	browser := find([][2]string{{"Edg/", "Edge"}, {"coc_coc", "Cốc Cốc"}, {"Firefox/", "Firefox"}, {"SamsungBrowser", "Samsung Internet"}, {"Zalo", "Zalo"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}})
	system := find([][2]string{{"Android", "điện thoại Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "máy Windows"}, {"Mac OS", "máy Mac"}, {"Linux", "máy Linux"}})
	switch {
	case browser == "" && system == "":
		return "Thiết bị lạ"
	case browser == "":
		return strings.ToUpper(system[:1]) + system[1:]
	case system == "":
		return browser
	}
	return browser + " trên " + system
}
