package broadcast

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"nghe/bot"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/staff"
)

// Desk is where broadcasts are made and steered: from the console, a terminal,
// a chat or the clock, with the same rules. Who may do what, and how far their
// people reach, is said by the caller (package staff).
type Desk struct {
	Records Records
	Library func() *content.Library
	Courses func() *course.Catalogue
	Zone    *time.Location
}

// Letter is what somebody wants told. Text or Course is needed.
type Letter struct {
	Text     string   `json:"text"`
	Course   string   `json:"course"`
	Audience Audience `json:"audience"`
	// Topics are trades that it tells of; left out they are the course's, else
	// the audience's.
	Topics  []string `json:"topics"`
	Purpose Purpose  `json:"purpose"` // "" is PurposeNews
	// At is when it begins; zero is at once.
	At          time.Time       `json:"at"`
	UsefulUntil time.Time       `json:"useful_until"` // zero: the class's last day, else two weeks
	Urgent      bool            `json:"urgent"`
	Again       bool            `json:"again"` // though the same was told in the last days
	Draft       bool            `json:"draft"` // only kept, to be gone on with
	Name        string          `json:"-"`     // see Broadcast.Name
	Options     []dialog.Option `json:"-"`     // see Broadcast.Options
	Template    *bot.Template   `json:"-"`     // see Broadcast.Template
}

// By is who does something.
type By struct {
	Name string // login, Operator or Clock
	// Outside says that the letter goes beyond whom they usually tell.
	Outside bool
	// Urgent says that they may pass quiet hours and caps.
	Urgent bool
	// Note makes the line of the audit log for what is done with a broadcast, as
	// it is then; nil: nothing is noted.
	Note func(*Broadcast) staff.Entry
}

func (by By) entries(b *Broadcast) []staff.Entry {
	if by.Note == nil {
		return nil
	}
	return []staff.Entry{by.Note(b)}
}

// Made is what became of a letter.
type Made struct {
	Broadcast
	// Duplicate says that it is the broadcast of somebody, or something, before.
	Duplicate bool
	// Approval says why a second person must say yes; "" when nobody must.
	Approval string
	// Remarks are what the text could do better, in Vietnamese.
	Remarks []string
}

// New makes a broadcast. The error is a *Refused when something in the letter
// is not possible.
func (d *Desk) New(ctx context.Context, l Letter, by By, now time.Time) (Made, error) {
	b, rules, err := d.write(ctx, l, by, now)
	if err != nil {
		return Made{}, err
	}
	b.ID, b.CreatedAt = ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String(), now
	why := rules.needsApproval(&b)
	b.State = next(&b, why, now)
	if l.Draft {
		b.State = Draft
	}
	kept, fresh, err := d.Records.Put(ctx, b, l.Again, now, by.entries(&b)...)
	if err != nil {
		return Made{}, fmt.Errorf("keep broadcast: %w", err)
	}
	made := Made{Broadcast: *kept, Duplicate: !fresh, Remarks: Remarks(kept.Text)}
	if fresh {
		made.Approval = why
	}
	return made, nil
}

// Preview is what New would make of a letter, with nothing kept.
func (d *Desk) Preview(ctx context.Context, l Letter, by By, now time.Time) (made Made, counted Counted, sample []Sample, err error) {
	b, rules, err := d.write(ctx, l, by, now)
	if err != nil {
		return Made{}, Counted{}, nil, err
	}
	if counted, err = d.Records.Count(ctx, b.Selection); err != nil {
		return Made{}, Counted{}, nil, err
	}
	sample, err = d.Records.Sample(ctx, b.Selection, 3)
	return Made{Broadcast: b, Approval: rules.needsApproval(&b), Remarks: Remarks(b.Text)}, counted, sample, err
}

// write makes a broadcast of a letter, with its audience counted.
func (d *Desk) write(ctx context.Context, l Letter, by By, now time.Time) (Broadcast, Rules, error) {
	lib, courses := d.Library(), d.Courses()
	rules, err := d.Records.Rules(ctx)
	if err != nil {
		return Broadcast{}, rules, fmt.Errorf("read rules: %w", err)
	}
	b := Broadcast{
		Name: l.Name, Author: by.Name, Text: strings.TrimSpace(l.Text), Course: strings.TrimSpace(l.Course), Audience: l.Audience.tidy(), Purpose: l.Purpose,
		At: l.At, Urgent: l.Urgent, UsefulUntil: l.UsefulUntil, Topics: course.Trimmed(l.Topics), Outside: by.Outside, Options: l.Options, Template: l.Template,
	}
	if b.Purpose == "" {
		b.Purpose = PurposeNews
	}
	if b.At.IsZero() || b.At.Before(now) {
		b.At = now
	}
	if err := d.check(&b, by, lib, courses, now); err != nil {
		return b, rules, err
	}
	c := courses.Course(b.Course)
	switch {
	case len(b.Topics) > 0:
	case c != nil && c.Trade != "":
		b.Topics = []string{c.Trade}
	case b.Audience.Course != "":
		b.Topics = []string{courses.Course(b.Audience.Course).Trade}
	default:
		b.Topics = slices.Clone(b.Audience.Trades)
	}
	if b.UsefulUntil.IsZero() {
		b.UsefulUntil = d.useful(c, b.At)
	}
	if !b.UsefulUntil.After(b.At) {
		return b, rules, &Refused{"useful_until", "lúc bắt đầu gửi đã quá hạn có ích của tin: đổi giờ gửi hoặc hạn"}
	}
	b.Hash, b.Selection = b.hash(), b.selection(lib, courses)
	counted, err := d.Records.Count(ctx, b.Selection)
	if err != nil {
		return b, rules, fmt.Errorf("count audience: %w", err)
	}
	b.Planned, b.LeftOut = counted.Planned, counted.LeftOut
	return b, rules, nil
}

// maxText is the most characters of a text, so that it stays one message with
// its buttons on every channel.
const maxText = 1500

func (d *Desk) check(b *Broadcast, by By, lib *content.Library, courses *course.Catalogue, now time.Time) error {
	switch n := utf8.RuneCountInString(b.Text); {
	case b.Text == "" && b.Course == "":
		return &Refused{"text", "cần có nội dung hoặc một lớp học"}
	case n > maxText:
		return &Refused{"text", fmt.Sprintf("nội dung dài %d ký tự, nhiều nhất %d: rút gọn lại", n, maxText)}
	case !utf8.ValidString(b.Text) || strings.ContainsFunc(b.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return &Refused{"text", "có ký tự lạ không gửi được: gõ lại nội dung"}
	case b.Purpose != PurposeNews && b.Purpose != PurposeWish:
		return &Refused{"purpose", fmt.Sprintf("“%s” không phải mục đích gửi tin", b.Purpose)}
	case b.Urgent && !by.Urgent:
		return &Refused{"urgent", "chỉ quản trị viên được gửi tin gấp"}
	case b.At.Sub(now) > 366*24*time.Hour:
		return &Refused{"at", "hẹn gửi trong vòng một năm"}
	}
	if b.Course != "" {
		c := courses.Course(b.Course)
		if c == nil {
			return &Refused{"course", fmt.Sprintf("không có lớp nào mã “%s”: xem bằng “nghe course list”", b.Course)}
		}
		if b.Author != Clock && c.Standing(course.DayOf(now.In(d.Zone))) == course.Past {
			return &Refused{"course", "lớp này đã hết hạn hoặc đã thôi: sửa lớp trước khi báo"}
		}
	}
	for _, t := range b.Topics {
		if lib.Trade(t) == nil {
			return &Refused{"topics", fmt.Sprintf("không có nghề nào là “%s”", t)}
		}
	}
	return b.Audience.check(lib, courses)
}

// useful gives until when it is worth telling of a class, or of anything.
func (d *Desk) useful(c *course.Course, at time.Time) time.Time {
	calendar := Calendar{Zone: d.Zone}
	until := at.Add(usefulDays * 24 * time.Hour)
	if c == nil {
		return until
	}
	for _, day := range []course.Day{c.Deadline, c.Start} {
		if day != "" && !day.MonthOnly() {
			return calendar.endOf(day.Time())
		}
	}
	return until
}

// next gives the state of a broadcast that is ready.
func next(b *Broadcast, approval string, now time.Time) State {
	switch {
	case approval != "":
		return Awaiting
	case b.At.After(now):
		return Scheduled
	}
	return Sending
}

// Edit puts another letter in the place of one that was not begun. A yes that
// was given is void.
func (d *Desk) Edit(ctx context.Context, id string, l Letter, by By, now time.Time) (Made, error) {
	was, err := d.find(ctx, id)
	if err != nil {
		return Made{}, err
	}
	b, rules, err := d.write(ctx, l, by, now)
	if err != nil {
		return Made{}, err
	}
	b.ID, b.CreatedAt, b.Name = was.ID, was.CreatedAt, was.Name
	why := rules.needsApproval(&b)
	if b.State = next(&b, why, now); l.Draft {
		b.State = Draft
	}
	won, err := d.Records.Replace(ctx, b, was.Hash, by.Name, now, by.entries(&b)...)
	switch {
	case err != nil:
		return Made{}, fmt.Errorf("keep edited broadcast: %w", err)
	case !won:
		return Made{}, &Refused{Why: "tin đã gửi, đã huỷ hoặc vừa được người khác sửa: xem lại rồi sửa"}
	}
	return Made{Broadcast: b, Approval: why, Remarks: Remarks(b.Text)}, nil
}

// Approve says yes to a broadcast as it is. A draft that needs nobody's yes is
// released by it.
func (d *Desk) Approve(ctx context.Context, id string, by By, now time.Time) (*Broadcast, error) {
	b, err := d.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(From(Approve), b.State) {
		return nil, wrongState(b, "duyệt")
	}
	rules, err := d.Records.Rules(ctx)
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	if rules.needsApproval(b) != "" {
		if err := mayApprove(b, by.Name); err != nil {
			return nil, err
		}
	}
	if !b.UsefulUntil.After(now) {
		return nil, &Refused{Why: "tin đã quá hạn có ích, không gửi nữa: sửa lại hoặc huỷ"}
	}
	won, err := d.Records.Approve(ctx, b.ID, b.Hash, by.Name, next(b, "", now), now, by.entries(b)...)
	switch {
	case err != nil:
		return nil, fmt.Errorf("approve broadcast: %w", err)
	case !won:
		return nil, &Refused{Why: "tin vừa được sửa: xem lại bản mới rồi duyệt"}
	}
	return d.find(ctx, id)
}

// Pause, Resume and Cancel may be asked for at any moment. What was claimed
// just before is still finished.
func (d *Desk) Pause(ctx context.Context, id string, by By, why string, now time.Time) (*Broadcast, error) {
	return d.change(ctx, id, Pause, "tạm dừng", by, why, now)
}

func (d *Desk) Resume(ctx context.Context, id string, by By, now time.Time) (*Broadcast, error) {
	return d.change(ctx, id, Resume, "gửi tiếp", by, "", now)
}

func (d *Desk) Cancel(ctx context.Context, id string, by By, why string, now time.Time) (*Broadcast, error) {
	b, err := d.change(ctx, id, Cancel, "huỷ", by, why, now)
	for more := err == nil; more && err == nil; {
		// What is left when this process ends the road drops.
		more, err = d.Records.Drop(ctx, id, now)
	}
	return b, err
}

func (d *Desk) change(ctx context.Context, id string, c Change, name string, by By, why string, now time.Time) (*Broadcast, error) {
	b, err := d.find(ctx, id)
	if err != nil {
		return nil, err
	}
	to := map[Change]State{Pause: Paused, Cancel: Cancelled, Resume: next(b, "", now)}[c]
	if b.State == to && c != Resume {
		return b, nil // somebody else did it
	}
	won, err := d.Records.Change(ctx, id, c, to, by.Name, why, now, by.entries(b)...)
	if err != nil {
		return nil, fmt.Errorf("%s broadcast: %w", c, err)
	}
	after, err := d.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if !won {
		return nil, wrongState(after, name)
	}
	return after, nil
}

func (d *Desk) find(ctx context.Context, id string) (*Broadcast, error) {
	b, err := d.Records.Broadcast(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read broadcast: %w", err)
	}
	if b == nil {
		return nil, &Refused{Why: fmt.Sprintf("không có tin nào mã “%s”", id)}
	}
	return b, nil
}

// StateNames are how staff call states.
var StateNames = map[State]string{
	Draft: "nháp", Awaiting: "chờ duyệt", Scheduled: "đã hẹn", Sending: "đang gửi", Paused: "tạm dừng", Done: "đã xong", Cancelled: "đã huỷ",
}

func wrongState(b *Broadcast, what string) error {
	return &Refused{Why: fmt.Sprintf("tin %s %s nên không %s được", b.ID, StateNames[b.State], what)}
}

// Duration gives how long sending takes at the paces of the channels, messages
// a second (0 = no limit), side by side.
func (c Counted) Duration(perSecond map[string]float64) time.Duration {
	var longest time.Duration
	for channel, n := range c.ByChannel {
		if pace := perSecond[channel]; pace > 0 {
			longest = max(longest, time.Duration(float64(n)/pace*float64(time.Second)))
		}
	}
	return longest.Round(time.Second)
}

// Lengths that are easily read on a phone.
const (
	easyText     = 300 // characters
	easySentence = 30  // syllables
)

// Remarks says what a text could do better.
func Remarks(text string) []string {
	var all []string
	if n := utf8.RuneCountInString(text); n > easyText {
		all = append(all, fmt.Sprintf("dài %d ký tự: dưới %d thì dễ đọc trên điện thoại hơn", n, easyText))
	}
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?\n", r) }) {
		if n := len(strings.Fields(sentence)); n > easySentence {
			all = append(all, fmt.Sprintf("có câu dài %d tiếng (“%s…”): tách thành câu ngắn", n, strings.Join(strings.Fields(sentence)[:5], " ")))
		}
	}
	for _, word := range strings.Fields(text) {
		if letters := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); utf8.RuneCountInString(letters) > 4 && letters == strings.ToUpper(letters) {
			all = append(all, fmt.Sprintf("chữ hoa cả từ (“%s”) khó đọc và như quát: viết thường", letters))
			break
		}
	}
	return all
}
