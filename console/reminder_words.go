package console

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/viet"
)

// weekdays are how the days of a week are called, as cron counts them.
var weekdays = []string{"chủ nhật", "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"}

// clockOf tells a time of a schedule: “lúc 8:00”, “lúc 9:00 thứ hai hằng tuần”. Of
// one that is not so simple it gives the expression itself.
func clockOf(cron string) string {
	f := strings.Fields(cron)
	minute, err1 := strconv.Atoi(f[0])
	hour, err2 := strconv.Atoi(f[1])
	if every, ok := strings.CutPrefix(f[0], "*/"); ok {
		if from, to, ok := strings.Cut(f[1], "-"); ok {
			return fmt.Sprintf("xem %s phút một lần, từ %s đến %s giờ", every, from, to)
		}
	}
	if err1 != nil || err2 != nil || f[2] != "*" || f[3] != "*" {
		return "theo lịch " + cron
	}
	at := fmt.Sprintf("lúc %d:%02d", hour, minute)
	if f[4] == "*" {
		return at
	}
	if day, err := strconv.Atoi(f[4]); err == nil && day < len(weekdays) {
		return at + " " + weekdays[day] + " hằng tuần"
	}
	return "theo lịch " + cron
}

// whenOf tells when a reminder is due.
func whenOf(r *content.Reminder) string {
	at, n := clockOf(r.When), fmt.Sprintf("%d ngày", r.Days)
	if r.Months > 0 {
		n = fmt.Sprintf("%d tháng", r.Months)
	}
	switch r.What {
	case content.ByClosing, content.ByPapers:
		return "Trước hạn đăng ký " + n + ", " + at
	case content.ByStart:
		return "Trước khai giảng " + n + ", " + at
	case content.ByStarted:
		return "Sau khai giảng " + n + ", " + at
	case content.ByEnd:
		return "Sau bế giảng " + n + ", " + at
	case content.ByFreed:
		return "Khi lớp đã đủ người nay có chỗ trống, " + at
	case content.ByOpening:
		return "Khi lớp bắt đầu nhận đăng ký, " + at
	case content.ByBankDay:
		return "Trước ngày giao dịch ở xã " + n + ", " + at
	case content.ByUnfinished:
		return "Ngày hôm sau, " + at
	case content.ByYear:
		if day, err := time.Parse("01-02", r.Day); err == nil {
			return day.Format("Ngày 2/1 hằng năm") + ", " + at
		}
	case content.ByFacts:
		return sentenceStart(at) + ", khi có dữ kiện sắp đến ngày đối chiếu"
	}
	return sentenceStart(at)
}

// sentenceStart makes a beginning of a sentence.
func sentenceStart(s string) string { return strings.TrimSuffix(sentence(s), ".") }

// whoOf tells for whom a reminder is.
func (c *Console) whoOf(r *content.Reminder) string {
	var states []string
	for _, s := range r.To {
		states = append(states, "“"+stateWords[course.State(s)]+"”")
	}
	wishing := "Người ghi nguyện vọng vào lớp và muốn được nhắc, đang ở tình trạng " + strings.Join(states, ", ")
	switch r.What {
	case content.ByPapers:
		return wishing + ", chưa nộp đủ giấy tờ"
	case content.ByOpening:
		return "Người chờ lớp của nghề đó, ở xã mở lớp hoặc xã giáp ranh, đang ở tình trạng " + strings.Join(states, ", ")
	case content.ByBankDay:
		return "Người đã đồng ý được nhắc ngày giao dịch ở xã đó"
	case content.ByWeek:
		return "Người đã đồng ý nhận tin lớp mới, chỉ những lớp hợp điều họ chọn"
	case content.ByUnfinished:
		return "Người nói dở chuyện với bot từ hôm trước; mỗi chuyện nhắc một lần"
	}
	if r.OfOffice() {
		var roles []string
		for _, role := range r.Roles {
			roles = append(roles, staff.Role(role).Label())
		}
		return strings.Join(roles, ", ") + ": hiện ở trang Hôm nay, và nhắn vào chat đã gắn"
	}
	return wishing
}

// didOf tells what a reminder did and did not do, a line each.
func didOf(r *content.Reminder, did reminder.Sum) (lines []string) {
	number := func(n int) string { return viet.FormatNumber(int64(n)) }
	switch {
	case did.Told > 0 && r.OfOffice():
		lines = append(lines, "nhắc "+number(did.Told)+" lần")
	case did.Told > 0:
		line := fmt.Sprintf("nhắc %s lần cho %s lượt người: đã gửi %s", number(did.Told), number(did.Planned), number(did.Messages[string(broadcast.Sent)]))
		for _, s := range deliveryStates {
			n := did.Messages[string(s)]
			if s == broadcast.Queued {
				n += did.Messages[string(broadcast.Claimed)]
			}
			if n > 0 && s != broadcast.Sent {
				line += ", " + deliveryWords[s] + " " + number(n)
			}
		}
		lines = append(lines, line)
	}
	if skips, _ := reasons(did.Reasons); skips != nil {
		var all []string
		for _, s := range skips {
			all = append(all, number(s.N)+" "+s.Why)
		}
		lines = append(lines, "không tới: "+strings.Join(all, ", "))
	}
	if did.Nobody > 0 {
		lines = append(lines, number(did.Nobody)+" lần đến hạn mà không có ai để nhắc")
		if r.OfOffice() {
			lines[len(lines)-1] = number(did.Nobody) + " lần đến hạn mà không có gì phải nhắc"
		}
	}
	if did.Late > 0 {
		line := number(did.Late) + " lần bỏ vì quá giờ có ích"
		if did.LatePeople > 0 {
			line += ", lẽ ra nhắc " + number(did.LatePeople) + " người"
		}
		lines = append(lines, line)
	}
	if lines == nil {
		lines = []string{"chưa có việc nào đến hạn"}
	}
	return lines
}

// sampleOf gives the text of a reminder with names in the places that are filled
// in.
func (c *Console) sampleOf(r *content.Reminder) string {
	pairs := []string{
		"{title}", "(tên lớp)", "{trade}", "(nghề)", "{place}", "(xã)", "{venue}", "(nơi học)", "{start}", "(ngày khai giảng)", "{end}", "(ngày bế giảng)", "{deadline}", "(hạn đăng ký)",
		"{schedule}", "(giờ học)", "{papers}", "(giấy tờ)", "{contact}", "(nơi hỏi)", "{day}", "(ngày)", "{where}", "(nơi giao dịch)", "{hours}", "(giờ)", "{n}", "(số)", "{list}", "(danh sách)", "{year}", "(năm)",
	}
	for name, word := range c.Library().Form("") {
		pairs = append(pairs, "{"+name+"}", word)
	}
	return strings.TrimSpace(content.Fill(r.Text, pairs...))
}
