package broadcast

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/course"
	"nghe/staff"
)

var (
	zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)
	lib  = content.MustBuiltin()
	noon = time.Date(2026, 11, 24, 12, 0, 0, 0, zone)
)

// Known first days of lunar years in Viet Nam; in 1985, 2007 and 2030 they are
// not China's. Giỗ Tổ is the tenth of the third month; 2023 and 2025 have leap
// months.
func TestLunarDays(t *testing.T) {
	for want, of := range map[string][3]int{
		"1985-01-21": {1985, 1, 1}, "2007-02-17": {2007, 1, 1}, "2023-01-22": {2023, 1, 1}, "2024-02-10": {2024, 1, 1}, "2025-01-29": {2025, 1, 1},
		"2026-02-17": {2026, 1, 1}, "2027-02-06": {2027, 1, 1}, "2028-01-26": {2028, 1, 1}, "2030-02-02": {2030, 1, 1},
		"2023-04-29": {2023, 3, 10}, "2024-04-18": {2024, 3, 10}, "2025-04-07": {2025, 3, 10}, "2026-04-26": {2026, 3, 10},
	} {
		if got := lunarDay(of[0], of[1], of[2]).Format(time.DateOnly); got != want {
			t.Errorf("%v of the lunar calendar is %s, want %s", of, got, want)
		}
	}
}

func TestQuiet(t *testing.T) {
	c := Calendar{Zone: zone, Holidays: lib.Holidays}
	const layout = "2006-01-02 15:04"
	for at, until := range map[string]string{
		"2026-11-24 07:00": "", "2026-11-24 12:00": "", "2026-11-24 20:29": "",
		"2026-11-24 06:59": "2026-11-24 07:00", "2026-11-24 20:30": "2026-11-25 07:00", "2026-11-24 23:59": "2026-11-25 07:00",
		"2026-12-31 21:00": "2027-01-02 07:00", // New Year
		"2027-02-03 12:00": "",                 // three days before Tết
		"2027-02-04 12:00": "2027-02-11 07:00", // from two days before to the fifth
		"2027-02-10 06:00": "2027-02-11 07:00",
		"2027-04-29 21:00": "2027-05-02 07:00", // two holidays in a row
		"2026-09-02 09:00": "2026-09-03 07:00",
	} {
		when, err := time.ParseInLocation(layout, at, zone)
		if err != nil {
			t.Fatal(err)
		}
		end, quiet := c.Quiet(DefaultRules(), when.UTC())
		got := ""
		if quiet {
			got = end.In(zone).Format(layout)
		}
		if got != until {
			t.Errorf("at %s quiet until %q, want %q", at, got, until)
		}
	}
	once := Calendar{Zone: zone, Holidays: []*content.Holiday{{Date: "2026-11-24"}}}
	if _, quiet := once.Quiet(DefaultRules(), noon); !quiet {
		t.Error("a day of its own is not quiet")
	}
	if _, quiet := once.Quiet(DefaultRules(), noon.AddDate(1, 0, 0)); quiet {
		t.Error("a day of its own comes again")
	}
}

func TestDecide(t *testing.T) {
	telegram, zalo := bot.Contact{Channel: "telegram", ID: "1"}, bot.Contact{Channel: "zalo", ID: "2"}
	good := Facts{Contact: telegram, Known: true, Agreed: true, Reach: telegram}
	with := func(change func(*Facts)) Facts { f := good; change(&f); return f }
	onZalo := func(silent time.Duration) Facts {
		return with(func(f *Facts) { f.Contact, f.Reach, f.HeardAt = zalo, zalo, noon.Add(-silent) })
	}
	paid := DefaultRules()
	paid.ZaloPaid = true
	for name, c := range map[string]struct {
		rules Rules
		b     Broadcast
		f     Facts
		want  Verdict
	}{
		"told":                           {DefaultRules(), Broadcast{}, good, Verdict{Send, ""}},
		"nothing is known of them":       {DefaultRules(), Broadcast{}, with(func(f *Facts) { f.Known = false }), Verdict{Skip, OptedOut}},
		"they took it back":              {DefaultRules(), Broadcast{}, with(func(f *Facts) { f.Agreed = false }), Verdict{Skip, OptedOut}},
		"they said stop":                 {DefaultRules(), Broadcast{Urgent: true}, with(func(f *Facts) { f.OptedOut = true }), Verdict{Skip, OptedOut}},
		"not this class":                 {DefaultRules(), Broadcast{}, with(func(f *Facts) { f.Declined = true }), Verdict{Skip, Declined}},
		"blocked":                        {DefaultRules(), Broadcast{}, with(func(f *Facts) { f.Reach, f.Blocked = bot.Contact{}, "blocked" }), Verdict{Skip, "blocked"}},
		"nowhere":                        {DefaultRules(), Broadcast{}, with(func(f *Facts) { f.Reach = bot.Contact{} }), Verdict{Skip, Unreachable}},
		"two this week":                  {DefaultRules(), Broadcast{}, with(func(f *Facts) { f.Told = 2 }), Verdict{Send, ""}},
		"three this week":                {DefaultRules(), Broadcast{}, with(func(f *Facts) { f.Told = 3 }), Verdict{Skip, Capped}},
		"urgent passes the cap":          {DefaultRules(), Broadcast{Urgent: true}, with(func(f *Facts) { f.Told = 30 }), Verdict{Send, ""}},
		"they write elsewhere now":       {DefaultRules(), Broadcast{}, with(func(f *Facts) { f.Reach = zalo }), Verdict{Move, ""}},
		"Zalo within 48 hours":           {DefaultRules(), Broadcast{}, onZalo(47 * time.Hour), Verdict{Send, ""}},
		"Zalo after 48 hours":            {DefaultRules(), Broadcast{}, onZalo(48 * time.Hour), Verdict{Wait, ByWindow}},
		"Zalo after 48 hours, paid":      {paid, Broadcast{}, onZalo(48 * time.Hour), Verdict{Send, ""}},
		"Zalo after 7 days, paid":        {paid, Broadcast{Urgent: true}, onZalo(7 * 24 * time.Hour), Verdict{Wait, ByWindow}},
		"Zalo after 7 days, template":    {paid, Broadcast{Template: &bot.Template{ID: "1"}}, onZalo(7 * 24 * time.Hour), Verdict{SendTemplate, ""}},
		"Zalo in time needs no template": {DefaultRules(), Broadcast{Template: &bot.Template{ID: "1"}}, onZalo(time.Hour), Verdict{Send, ""}},
		"Zalo, never heard of":           {paid, Broadcast{}, with(func(f *Facts) { f.Contact, f.Reach = zalo, zalo }), Verdict{Wait, ByWindow}},
		"Telegram after a year is fine":  {DefaultRules(), Broadcast{}, with(func(f *Facts) { f.HeardAt = noon.AddDate(-1, 0, 0) }), Verdict{Send, ""}},
	} {
		if got := c.rules.Decide(&c.b, c.f, noon); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestSentence(t *testing.T) {
	courses := course.NewCatalogue([]course.Course{{ID: "c", Title: "Lớp hàn", Provider: "Trung tâm A"}})
	for want, a := range map[string]Audience{
		"tất cả những người đã đồng ý nhận tin":                                                                            {},
		"những người ở Ba Chẽ, Kỳ Thượng, quan tâm nghề thợ hàn, đã đồng ý nhận tin":                                       {Places: []string{"ky-thuong", "ba-che"}, Trades: []string{"han"}},
		"những người ở Ba Chẽ và các xã, phường giáp ranh, có nguyện vọng học nghề thợ hàn (mới ghi), đã đồng ý nhận tin":  {Places: []string{"ba-che"}, Near: true, Trades: []string{"han"}, Interest: []string{"new"}},
		"những người đã ghi nguyện vọng vào lớp “Lớp hàn”, thuộc diện “Phụ nữ”, nhận tin qua Telegram, đã đồng ý nhận tin": {Course: "c", Groups: []string{"women"}, Channels: []string{"telegram"}},
		"những người đã ghi nguyện vọng vào lớp của Trung tâm A, có nhắn từ ngày 1/11/2026, đã đồng ý nhận tin":            {Org: "Trung tâm A", SeenSince: time.Date(2026, 11, 1, 0, 0, 0, 0, zone)},
	} {
		if got := a.Sentence(lib, courses, zone); got != want {
			t.Errorf("%+v\n got %s\nwant %s", a, got, want)
		}
	}
}

// kept is records in memory: what the desk decides, not what SQL finds.
type kept struct {
	Records
	counted Counted
	all     map[string]*Broadcast
	entries []staff.Entry
}

func (k *kept) Rules(context.Context) (Rules, error)              { return DefaultRules(), nil }
func (k *kept) Count(context.Context, Selection) (Counted, error) { return k.counted, nil }
func (k *kept) Broadcast(_ context.Context, id string) (*Broadcast, error) {
	if b := k.all[id]; b != nil {
		c := *b
		return &c, nil
	}
	return nil, nil
}

func (k *kept) Put(_ context.Context, b Broadcast, _ bool, _ time.Time, entries ...staff.Entry) (*Broadcast, bool, error) {
	k.entries = append(k.entries, entries...)
	k.all[b.ID] = &b
	return &b, true, nil
}

func (k *kept) Replace(_ context.Context, b Broadcast, was, _ string, _ time.Time, entries ...staff.Entry) (bool, error) {
	if k.all[b.ID].Hash != was {
		return false, nil
	}
	k.all[b.ID], k.entries = &b, append(k.entries, entries...)
	return true, nil
}

func (k *kept) Approve(_ context.Context, id, hash, by string, to State, now time.Time, entries ...staff.Entry) (bool, error) {
	b := k.all[id]
	if b.Hash != hash {
		return false, nil
	}
	b.State, b.ApprovedBy, b.ApprovedAt = to, by, now
	k.entries = append(k.entries, entries...)
	return true, nil
}

func desk(planned int) (*Desk, *kept) {
	k := &kept{counted: Counted{Planned: planned}, all: map[string]*Broadcast{}}
	courses := course.NewCatalogue([]course.Course{
		{ID: "c", Title: "Lớp hàn", Trade: "han", Place: "ba-che", Status: course.Enrolling, Deadline: "2026-12-05"},
		{ID: "past", Title: "Lớp cũ", Trade: "han", Deadline: "2026-11-01"},
	})
	return &Desk{Records: k, Library: func() *content.Library { return lib }, Courses: func() *course.Catalogue { return courses }, Zone: zone}, k
}

func TestWhatNeedsASecondYes(t *testing.T) {
	officer := By{Name: "lan"}
	for name, c := range map[string]struct {
		planned int
		by      By
		at      time.Time
		want    State
	}{
		"few":                {200, officer, time.Time{}, Sending},
		"few, later":         {200, officer, noon.Add(time.Hour), Scheduled},
		"many":               {201, officer, time.Time{}, Awaiting},
		"few beyond a scope": {1, By{Name: "lan", Outside: true}, time.Time{}, Awaiting},
		"the clock":          {5000, By{Name: Clock}, time.Time{}, Sending},
	} {
		d, _ := desk(c.planned)
		made, err := d.New(t.Context(), Letter{Text: "Có lớp mới", At: c.at}, c.by, noon)
		if err != nil || made.State != c.want || (made.Approval != "") != (c.want == Awaiting) {
			t.Errorf("%s: %s (%s) %v, want %s", name, made.State, made.Approval, err, c.want)
		}
	}

	d, k := desk(500)
	made, err := d.New(t.Context(), Letter{Text: "Có lớp mới"}, officer, noon)
	if err != nil {
		t.Fatal(err)
	}
	var refused *Refused
	if _, err := d.Approve(t.Context(), made.ID, officer, noon); !errors.As(err, &refused) {
		t.Errorf("the author said yes to their own: %v", err)
	}
	b, err := d.Approve(t.Context(), made.ID, By{Name: "hoa"}, noon)
	if err != nil || b.State != Sending || b.ApprovedBy != "hoa" {
		t.Errorf("%+v %v", b, err)
	}
	// An edit voids it, whoever makes it.
	k.all[made.ID].State = Scheduled
	edited, err := d.Edit(t.Context(), made.ID, Letter{Text: "Có lớp mới, đổi ngày"}, By{Name: "hoa"}, noon)
	if err != nil || edited.State != Awaiting || k.all[made.ID].ApprovedBy != "" {
		t.Errorf("%+v %v", edited, err)
	}
	// What was edited meanwhile is not approved as it was.
	k.all[made.ID].Hash = "other"
	if won, _ := k.Approve(t.Context(), made.ID, edited.Hash, "hoa", Sending, noon); won {
		t.Error("approved another text")
	}
}

func TestLetters(t *testing.T) {
	d, _ := desk(3)
	made, err := d.New(t.Context(), Letter{Course: "c", Audience: Audience{Places: []string{"ky-thuong", "ba-che", "ba-che"}}}, By{Name: "lan"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(made.Topics) != "[han]" || made.Selection.Course != "c" || fmt.Sprint(made.Audience.Places) != "[ba-che ky-thuong]" {
		t.Errorf("%+v", made.Broadcast)
	}
	if len(made.Selection.Around) != 1+len(lib.Place("ba-che").Neighbours) {
		t.Errorf("around %v", made.Selection.Around)
	}
	if want := time.Date(2026, 12, 5, 23, 59, 59, 0, zone); !made.UsefulUntil.Equal(want) {
		t.Errorf("useful until %v, want %v", made.UsefulUntil, want)
	}
	again, err := d.New(t.Context(), Letter{Course: "c", Audience: Audience{Places: []string{"ba-che", "ky-thuong"}}}, By{Name: "hoa"}, noon.Add(time.Hour))
	if err != nil || again.Hash != made.Hash {
		t.Errorf("the same for the same has another hash: %v", err)
	}
	for why, l := range map[string]Letter{
		"cần có nội dung":     {},
		"không có lớp nào":    {Course: "nope"},
		"đã hết hạn":          {Course: "past"},
		"không có xã, phường": {Text: "x", Audience: Audience{Places: []string{"atlantis"}}},
		"không có nghề nào":   {Text: "x", Audience: Audience{Trades: []string{"nope"}}},
		"không có diện nào":   {Text: "x", Audience: Audience{Groups: []string{"nope"}}},
		"không có kênh nào":   {Text: "x", Audience: Audience{Channels: []string{"fax"}}},
		"trạng thái":          {Text: "x", Audience: Audience{Interest: []string{"nope"}}},
		"quản trị viên":       {Text: "x", Urgent: true},
		"dài 2000 ký tự":      {Text: strings.Repeat("ă", 2000)},
		"quá hạn có ích":      {Text: "x", UsefulUntil: noon.Add(-time.Hour)},
		"ký tự lạ":            {Text: "x\x00"},
	} {
		var refused *Refused
		if _, err := d.New(t.Context(), l, By{Name: "lan"}, noon); !errors.As(err, &refused) || !strings.Contains(err.Error(), why) {
			t.Errorf("%+v: %v, want %q", l, err, why)
		}
	}
}

func TestRemarks(t *testing.T) {
	if got := Remarks("Xã mở lớp nấu ăn ngày 5/12. Bà con đăng ký với trưởng thôn nhé."); got != nil {
		t.Errorf("%q", got)
	}
	if got := Remarks("KHẨN " + strings.Repeat("lớp nấu ăn ", 40)); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

func TestTooMany(t *testing.T) {
	for _, c := range []struct {
		errors, tries int
		want          bool
	}{{19, 19, false}, {20, 20, true}, {20, 100, true}, {20, 101, false}, {2000, 10001, false}, {2001, 10001, true}} {
		if got := TooMany(c.errors, c.tries); got != c.want {
			t.Errorf("%d errors of %d: %v", c.errors, c.tries, got)
		}
	}
}

func TestDuration(t *testing.T) {
	c := Counted{ByChannel: map[string]int{"telegram": 3000, "web": 5000, "zalo": 60}}
	if got := c.Duration(map[string]float64{"telegram": 30, "zalo": 60}); got != 100*time.Second {
		t.Error(got)
	}
}

// What is noted names the broadcast as it is then, and is handed to the records
// with the change.
func TestWhatIsNoted(t *testing.T) {
	d, k := desk(500)
	by := func(login, did string) By {
		return By{Name: login, Note: func(b *Broadcast) staff.Entry {
			return staff.Entry{Did: did, About: b.ID, Detail: string(b.State) + " " + b.Text}
		}}
	}
	made, err := d.New(t.Context(), Letter{Text: "Có lớp"}, by("lan", "new"), noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Edit(t.Context(), made.ID, Letter{Text: "Có lớp mới"}, by("lan", "edit"), noon); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Approve(t.Context(), made.ID, by("lan", "approve"), noon); err == nil {
		t.Error("who wrote it approves it")
	}
	if _, err := d.Approve(t.Context(), made.ID, by("hoa", "approve"), noon); err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range k.entries {
		if e.About != made.ID {
			t.Errorf("%+v", e)
		}
		told = append(told, e.Did+" "+e.Detail)
	}
	if got := strings.Join(told, ", "); got != "new awaiting-approval Có lớp, edit awaiting-approval Có lớp mới, approve awaiting-approval Có lớp mới" {
		t.Error(got)
	}
}
