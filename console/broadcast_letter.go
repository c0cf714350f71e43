package console

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/staff"
)

// Said is a broadcast as somebody gets it on a channel.
type Said struct {
	Channel string
	Text    string
	Buttons []string
	// Also are other channels on which it is the same.
	Also []string
}

// letterForm is the page on which an announcement is written.
type letterForm struct {
	Form
	ID       string // of the one that is edited; "" = a new one
	Courses  []course.Course
	Orgs     []string
	Groups   []option
	Channels []string
	Urgent   bool // may be asked for
	Reach    *reach
}

// reach is whom a letter would be told to, read back.
type reach struct {
	Sentence string
	Planned  int
	Samples  []broadcast.Sample
	LeftOut  []reason
	Out      int // of these together
	Takes    string
	Remarks  []string
	Approval string
	Wrong    string // it can't be told at all
}

// reason is a number of people and why.
type reason struct {
	Why string
	N   int
}

// reasonWords are why somebody is not told.
var reasonWords = map[string]string{
	broadcast.NotAgreed: "chưa đồng ý nhận tin", broadcast.OptedOut: "đã nhắn DỪNG", broadcast.Unreachable: "không có kênh nào nhắn được",
	broadcast.ByWindow: "lâu không nhắn, Zalo chưa cho gửi", broadcast.TooLate: "quá hạn có ích của tin", broadcast.Capped: "đã nhận đủ tin trong tuần", broadcast.ByCancel: "tin bị huỷ",
	broadcast.Declined: "đã nói không quan tâm lớp này", broadcast.Deleted: "đã xoá dữ liệu", broadcast.SamePerson: "đã nhận ở kênh khác", broadcast.Crash: "máy dừng giữa chừng, không rõ đã tới chưa",
	"blocked": "đã chặn bot", "refused": "kênh từ chối", "page": "chờ mở trang web",
}

func reasons(of map[string]int) (all []reason, sum int) {
	for why, n := range of {
		if n > 0 {
			all = append(all, reason{or(reasonWords[why], why), n})
			sum += n
		}
	}
	slices.SortFunc(all, func(a, b reason) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return strings.Compare(a.Why, b.Why)
	})
	return all, sum
}

// The choices of when somebody was last heard.
var seenChoices = []option{{"", "Lúc nào cũng được"}, {"30", "Trong 30 ngày qua"}, {"90", "Trong 3 tháng qua"}, {"365", "Trong một năm qua"}}

const atLayout = "2006-01-02T15:04"

// letter reads the form.
func (c *Console) letter(f *Form) broadcast.Letter {
	l := broadcast.Letter{
		Text: strings.ReplaceAll(f.Get("text"), "\r\n", "\n"), Course: f.Get("course"), Urgent: f.Get("urgent") != "", Again: f.Get("again") != "",
		Audience: broadcast.Audience{
			Places: f.Values["place"], Near: f.Get("near") != "" && len(f.Values["place"]) > 0, Trades: f.Values["trade"], Groups: f.Values["group"], Channels: f.Values["channel"],
			Interest: f.Values["interest"], Course: f.Get("wished"), Org: f.Get("org"),
		},
	}
	if days := map[string]int{"30": 30, "90": 90, "365": 365}[f.Get("seen")]; days > 0 {
		now := c.Now().In(c.Zone)
		l.Audience.SeenSince = time.Date(now.Year(), now.Month(), now.Day()-days, 0, 0, 0, 0, c.Zone)
	}
	if at := f.Get("at"); f.Get("when") == "later" {
		t, err := time.ParseInLocation(atLayout, at, c.Zone)
		if err != nil {
			f.note("at", "Anh/chị chọn ngày giờ gửi, hoặc chọn “Gửi ngay”.")
		} else if t.Before(c.Now()) {
			f.note("at", "Giờ này đã qua. Anh/chị chọn giờ khác, hoặc chọn “Gửi ngay”.")
		}
		l.At = t
	}
	return l
}

// letterOf gives the letter that a broadcast was made of.
func letterOf(b *broadcast.Broadcast) broadcast.Letter {
	return broadcast.Letter{Text: b.Text, Course: b.Course, Audience: b.Audience, Topics: b.Topics, Purpose: b.Purpose, At: b.At, UsefulUntil: b.UsefulUntil, Urgent: b.Urgent}
}

// formOf writes a letter as the form has it.
func (c *Console) formOf(l broadcast.Letter) Form {
	v := map[string][]string{
		"text": {l.Text}, "course": {l.Course}, "place": l.Audience.Places, "trade": l.Audience.Trades, "group": l.Audience.Groups, "channel": l.Audience.Channels,
		"interest": l.Audience.Interest, "wished": {l.Audience.Course}, "org": {l.Audience.Org}, "when": {"now"},
	}
	if l.Audience.Near {
		v["near"] = []string{"yes"}
	}
	if l.Urgent {
		v["urgent"] = []string{"yes"}
	}
	if l.At.After(c.Now()) {
		v["when"], v["at"] = []string{"later"}, []string{l.At.In(c.Zone).Format(atLayout)}
	}
	return Form{Values: v}
}

// by is who does something with an audience, as it is noted. Beyond their scope
// a second person must say yes.
func (c *Console) by(v *visit, a broadcast.Audience, did string, detail func(*broadcast.Broadcast) string) broadcast.By {
	w := a.Where(c.Library(), c.Courses())
	by := broadcast.By{Name: v.me().Login, Outside: !v.me().Scope.Holds(w), Urgent: may(v.me(), staff.UrgentBroadcast, w)}
	if did != "" {
		by.Note = func(b *broadcast.Broadcast) staff.Entry { return c.entry(v, did, "broadcast:"+b.ID, detail(b)) }
	}
	return by
}

// refuseLetter notes what is not possible in a letter.
func refuseLetter(f *Form, err error) bool {
	return f.refuseSent(err, "text", "course", "at", "urgent")
}

// sentence makes a sentence of what goes on in one.
func sentence(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:]) + "."
}

// reach tells whom a letter would reach, with nothing kept.
func (c *Console) reach(v *visit, f Form) (*reach, error) {
	l := c.letter(&Form{Values: f.Values})
	if l.Text == "" && l.Course == "" {
		l.Text = "…" // whom it is for can be seen before it is written
	}
	made, counted, samples, err := c.Broadcasts.Preview(v.Context(), l, c.by(v, l.Audience, "", nil), c.Now())
	var refused *broadcast.Refused
	if errors.As(err, &refused) {
		return &reach{Wrong: sentence(refused.Why)}, nil
	}
	if err != nil {
		return nil, err
	}
	r := &reach{
		Sentence: made.Audience.Sentence(c.Library(), c.Courses(), c.Zone), Planned: counted.Planned, Samples: samples, Approval: made.Approval,
		Takes: c.takes(counted),
	}
	if f.Get("text") != "" {
		r.Remarks = made.Remarks
	}
	r.LeftOut, r.Out = reasons(counted.LeftOut)
	return r, nil
}

// takes tells how long sending takes.
func (c *Console) takes(counted broadcast.Counted) string {
	var pace map[string]float64
	if c.Pace != nil {
		pace = c.Pace()
	}
	d := counted.Duration(pace)
	if n := counted.ByChannel["web"]; n > 0 && n == counted.Planned {
		return "Ai mở trang web lúc nào thì nhận lúc đó."
	}
	return "Gửi mất khoảng " + lasting(d) + "."
}

// lasting tells a time in words.
func lasting(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "chưa đến một phút"
	case d < time.Hour:
		return viettime(math.Round(d.Minutes()), "phút")
	case d < 24*time.Hour:
		return viettime(d.Hours(), "giờ")
	}
	days := d.Hours() / 24
	if days >= 3 {
		days = math.Floor(days)
	}
	return viettime(days, "ngày")
}

// groupName is how a conversation calls a group of people.
func (c *Console) groupName(id string) string {
	for _, slot := range []string{"news_groups", "papers", "other", "work", "poverty"} {
		if name := c.Library().ValueName(slot, id); name != id {
			return name
		}
	}
	return ""
}

// letterForm arranges what may be chosen.
func (c *Console) letterForm(v *visit, f Form, id string) letterForm {
	p := letterForm{Form: f, ID: id, Channels: broadcast.Channels, Urgent: staff.AllowedSomewhere(v.me(), staff.UrgentBroadcast) == nil}
	seen := map[string]bool{}
	for _, k := range c.Courses().All() {
		if k.Standing(c.today()) != course.Past || k.ID == f.Get("course") || k.ID == f.Get("wished") {
			p.Courses = append(p.Courses, k)
		}
		if k.Provider != "" && !seen[k.Provider] {
			seen[k.Provider] = true
			p.Orgs = append(p.Orgs, k.Provider)
		}
	}
	slices.Sort(p.Orgs)
	for _, id := range content.Groups {
		if name := c.groupName(id); name != "" {
			p.Groups = append(p.Groups, option{id, name})
		}
	}
	return p
}
