package officer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nghe/announce"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/course/sheet"
	"nghe/dialog"
	"nghe/staff"
	"nghe/viet"
)

// begin says whether there is a draft to go on with.
func (o Office) begin(j *job) (dialog.Values, error) {
	d := j.desk.Draft
	values := dialog.Values{"draft_open": yesNo(d != nil)}
	if d != nil {
		title := d.Course.Title
		if title == "" {
			title = "chưa có tên"
		}
		values["draft_title"] = dialog.Text(title)
	}
	return values, nil
}

// anew drops the draft.
func (o Office) anew(j *job) (dialog.Values, error) {
	*j.desk = Desk{Shown: j.desk.Shown, ShownHash: j.desk.ShownHash}
	return dialog.Values{}, nil
}

// What is to be done next with a draft, as the flow compares it; besides these
// the fields of announce.Needed.
const (
	nextNothing = "nothing" // the text says nothing of a class
	nextOutside = "outside" // it is not this officer's to announce
	nextOver    = "over"    // its last day is past
	nextDays    = "days"    // it ends before it begins
	nextSame    = "same"    // it may be one that is there
	nextCheck   = "check"   // all is there: is it right?
	unread      = "unread"  // the words say nothing about it
	understood  = "taken"   //
)

// read takes an announcement, or what is said about the draft.
func (o Office) read(j *job) (dialog.Values, error) {
	w := o.world(j)
	if j.desk.Draft == nil {
		d := announce.Read(j.text, w)
		if d.Empty() {
			return dialog.Values{"draft_next": dialog.Text(nextNothing)}, nil
		}
		j.desk.Draft, j.desk.Audience, j.desk.Same, j.desk.Other = &d, nil, "", false
		return o.next(j, understood), nil
	}
	heard := understood
	was := j.desk.Draft.Course
	if strings.TrimSpace(j.text) != "" {
		if changed := j.desk.Draft.Correct(j.text, w); len(changed) == 0 {
			heard = unread
		}
	}
	if c := j.desk.Draft.Course; c.Trade != was.Trade || c.Place != was.Place {
		j.desk.Audience = nil // it was for those of another trade or place
		if c.Trade != "" && c.Place != "" {
			j.desk.Same, j.desk.Other = "", false
		}
	}
	return o.next(j, heard), nil
}

// unclear leaves open what was asked.
func (o Office) unclear(j *job) (dialog.Values, error) {
	if d := j.desk.Draft; d != nil && d.Asked != "" && d.Asked != announce.Trade {
		d.Leave(d.Asked)
	}
	return o.next(j, understood), nil
}

// next tells the draft as it is, and what to do now.
func (o Office) next(j *job, heard string) dialog.Values {
	d, w := j.desk.Draft, o.world(j)
	values := dialog.Values{"draft_heard": dialog.Text(heard)}
	to := func(next string) dialog.Values {
		values["draft_next"] = dialog.Text(next)
		return values
	}
	if d == nil {
		return to(nextNothing)
	}
	shown := *d
	if k := o.Courses().Course(j.desk.Same); k != nil {
		shown.Course = d.Over(*k)
	}
	values["draft_lines"] = dialog.Text(plain(strings.Join(shown.Lines(w), "\n")))
	d.Asked = ""
	if missing := d.Missing(); len(missing) > 0 {
		d.Asked = missing[0]
		var maybe []string
		for _, id := range d.Maybe[d.Asked] {
			maybe = append(maybe, "“"+w.Library.ValueName(string(d.Asked), id)+"”")
		}
		values["draft_maybe"] = dialog.Text("")
		if maybe != nil {
			values["draft_maybe"] = dialog.Text("Có thể là " + strings.Join(maybe, " hoặc ") + ".")
		}
		return to(string(missing[0]))
	}
	if err := staff.Allowed(j.by, staff.EditCourses, staff.WhereCourse(d.Course)); err != nil {
		values["officer_why"] = dialog.Text(plain(err.Error()))
		return to(nextOutside)
	}
	switch like := d.Like(o.Courses(), course.DayOf(j.now)); {
	case d.Past(j.now):
		return to(nextOver)
	case d.Backwards():
		return to(nextDays)
	case like != nil && j.desk.Same == "" && !j.desk.Other:
		known := announce.Draft{Course: *like}
		values["same_lines"] = dialog.Text(plain(strings.Join(known.Lines(w), "\n")))
		return to(nextSame)
	}
	return to(nextCheck)
}

// same says that the draft is the class that is there already: what it tells
// goes over what was known.
func (o Office) same(j *job) (dialog.Values, error) {
	if d := j.desk.Draft; d != nil {
		if like := d.Like(o.Courses(), course.DayOf(j.now)); like != nil {
			j.desk.Same, j.desk.Other = like.ID, false
		}
	}
	return o.next(j, understood), nil
}

// other says that it is another class.
func (o Office) other(j *job) (dialog.Values, error) {
	j.desk.Same, j.desk.Other = "", true
	return o.next(j, understood), nil
}

// class makes the class of the draft, and says whether it was there before.
func (o Office) class(j *job) (c course.Course, was *course.Course) {
	c = j.desk.Draft.Course
	courses := o.Courses()
	if k := courses.Course(j.desk.Same); k != nil {
		c, was = j.desk.Draft.Over(*k), k
	} else {
		c.ID = sheet.Identity(&c)
		for n := 2; j.desk.Other && courses.Course(c.ID) != nil; n++ {
			c.ID = fmt.Sprintf("%.36s-%d", sheet.Identity(&c), n)
		}
		c.SourceDate = course.DayOf(j.now)
	}
	c.CheckedOn, c.CheckedBy = course.DayOf(j.now), j.by.Name
	return c, was
}

// letter makes what is sent, to whom, by whom.
func (o Office) letter(j *job, c course.Course) (broadcast.Letter, broadcast.By) {
	a := o.defaultAudience(j)
	if j.desk.Audience != nil {
		a = *j.desk.Audience
	}
	by := j.as("broadcast.new", func(b *broadcast.Broadcast) string {
		return fmt.Sprintf("báo lớp “%s” cho %d người, từ chat", c.Title, b.Planned)
	})
	by.Outside = !j.by.Scope.Holds(o.where(a))
	return broadcast.Letter{Text: announce.Message(c, j.desk.Draft.Note, o.Library()), Course: c.ID, Audience: a}, by
}

// with is the desk of broadcasts when a class is known that is not in the
// records yet.
func (o Office) with(c course.Course) *broadcast.Desk {
	desk := *o.Broadcasts
	all := append(slices.Clone(o.Courses().All()), c)
	desk.Courses = func() *course.Catalogue { return course.NewCatalogue(all) }
	return &desk
}

// allowed says whether the officer may announce the class. Beyond the people of
// their scope a second person must say yes (letter).
func (o Office) allowed(j *job, c course.Course) error {
	return staff.Allowed(j.by, staff.EditCourses, staff.WhereCourse(c))
}

// audience settles for whom it is, by default or by what is said about it, and
// counts them.
func (o Office) audience(j *job) (dialog.Values, error) {
	if j.desk.Draft == nil {
		return dialog.Values{"who": dialog.Text(nextNothing)}, nil
	}
	heard := understood
	if j.desk.Audience == nil {
		a := o.defaultAudience(j)
		j.desk.Audience = &a
	} else if strings.TrimSpace(j.text) != "" {
		a, ok := o.changed(j, *j.desk.Audience)
		if !ok {
			heard = unread
		}
		j.desk.Audience = &a
	}
	c, _ := o.class(j)
	l, by := o.letter(j, c)
	if err := o.allowed(j, c); err != nil {
		return nil, err
	}
	desk := o.with(c)
	made, counted, sample, err := desk.Preview(j.ctx, l, by, j.now)
	if err != nil {
		why, other := refused(err)
		return dialog.Values{"who": dialog.Text("refused"), "officer_why": dialog.Text(why)}, other
	}
	values := dialog.Values{
		"who": dialog.Text(heard), "who_sentence": dialog.Text(plain(l.Audience.Sentence(o.Library(), desk.Courses(), o.Zone))),
		"who_count": dialog.Text(viet.FormatNumber(int64(made.Planned))), "who_left": dialog.Text(leftOut(counted.LeftOut)), "who_some": dialog.Text(some(o.Library(), sample)),
		"who_approval": dialog.Text(""), "who_nobody": yesNo(made.Planned == 0),
	}
	if made.Approval != "" {
		values["who_approval"] = dialog.Text("Tin này " + made.Approval + ".")
	}
	return values, nil
}

// reasons are why somebody of an audience is not told, as staff say it.
var reasons = map[string]string{
	broadcast.NotAgreed: "chưa đồng ý nhận tin", broadcast.OptedOut: "đã dừng nhận tin", broadcast.Unreachable: "không có kênh nào nhắn được",
	broadcast.ByWindow: "lâu chưa nhắn nên Zalo không cho gửi", broadcast.TooLate: "quá hạn", broadcast.Capped: "đã nhận đủ tin trong tuần", broadcast.ByCancel: "tin đã huỷ",
	broadcast.Declined: "đã nói không hợp lớp này", broadcast.Deleted: "đã xoá dữ liệu", broadcast.SamePerson: "trùng người, đã nhận ở kênh khác", broadcast.Crash: "gửi dở khi máy dừng", "blocked": "đã chặn bot",
}

func leftOut(m map[string]int) string {
	var all []string
	for _, r := range slices.Sorted(maps.Keys(m)) {
		name := reasons[r]
		if name == "" {
			name = plain(r)
		}
		if m[r] > 0 {
			all = append(all, fmt.Sprintf("%s người %s", viet.FormatNumber(int64(m[r])), name))
		}
	}
	if all == nil {
		return "Không ai bị bỏ ra."
	}
	return "Không gửi cho: " + strings.Join(all, ", ") + "."
}

// some names a few people, masked, so that one sees whether they are the right
// ones.
func some(lib *content.Library, sample []broadcast.Sample) string {
	var all []string
	for _, s := range sample {
		name := s.Name
		if name == "" {
			continue
		}
		if p := lib.Place(s.Place); p != nil {
			name += ", " + p.Name
		}
		all = append(all, name)
	}
	if all == nil {
		return ""
	}
	return plain(" Ví dụ: " + strings.Join(all, "; ") + ".")
}

// preview gives the very message.
func (o Office) preview(j *job) (dialog.Values, error) {
	if j.desk.Draft == nil {
		return dialog.Values{"who": dialog.Text(nextNothing)}, nil
	}
	c, _ := o.class(j)
	l, by := o.letter(j, c)
	if err := o.allowed(j, c); err != nil {
		return nil, err
	}
	made, _, _, err := o.with(c).Preview(j.ctx, l, by, j.now)
	if err != nil {
		why, other := refused(err)
		return dialog.Values{"who": dialog.Text("refused"), "officer_why": dialog.Text(why)}, other
	}
	j.desk.Message = l.Text
	values := dialog.Values{
		"who": dialog.Text(understood), "message": dialog.Text(plain(l.Text)), "who_count": dialog.Text(viet.FormatNumber(int64(made.Planned))), "message_when": dialog.Text(""),
	}
	until, quiet, err := o.quiet(j.ctx, j.now)
	if err != nil {
		return nil, err
	}
	if quiet {
		values["message_when"] = dialog.Text(" Bây giờ là giờ nghỉ hoặc ngày nghỉ, nên tin hẹn gửi từ " + clock(until) + ".")
	}
	return values, nil
}

// quiet says whether nobody may be written to now, and until when.
func (o Office) quiet(ctx context.Context, now time.Time) (until time.Time, quiet bool, err error) {
	rules, err := o.Broadcasts.Records.Rules(ctx)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read rules: %w", err)
	}
	until, quiet = broadcast.Calendar{Zone: o.Zone, Holidays: o.Library().Holidays}.Quiet(rules, now)
	return until, quiet, nil
}

func clock(t time.Time) string { return t.Format("15:04") + " ngày " + t.Format("2/1/2006") }

// send keeps the class and makes the broadcast: what was shown, and once.
func (o Office) send(j *job) (dialog.Values, error) {
	result := func(r string) dialog.Values { return dialog.Values{"sent": dialog.Text(r)} }
	if j.desk.Draft == nil {
		return result(nextNothing), nil
	}
	c, was := o.class(j)
	l, by := o.letter(j, c)
	if err := o.allowed(j, c); err != nil {
		return nil, err
	}
	if l.Text != j.desk.Message {
		return result("changed"), nil // since it was shown
	}
	until, quiet, err := o.quiet(j.ctx, j.now)
	if err != nil {
		return nil, err
	}
	if quiet {
		l.At = until
	}
	// It is looked at as a whole before the first of it is kept.
	desk := o.with(c)
	if _, _, _, err := desk.Preview(j.ctx, l, by, j.now); err != nil {
		why, other := refused(err)
		return dialog.Values{"sent": dialog.Text("refused"), "officer_why": dialog.Text(why)}, other
	}
	did, detail := "course.add", c.Title
	if was != nil {
		did, detail = "course.edit", c.Title+" (sửa từ chat)"
	}
	if err := o.Records.AnnounceCourse(j.ctx, j.turn+" course", c, j.entry(did, "course:"+c.ID, detail)); err != nil {
		return nil, fmt.Errorf("keep class: %w", err)
	}
	if err := o.Learn(j.ctx); err != nil {
		return nil, fmt.Errorf("take up class: %w", err)
	}
	// A message that comes twice, or a turn that is decided again, names the
	// same broadcast; the same told by another officer is asked for first.
	if twin, err := o.twin(j, l); err != nil || twin != nil {
		if err != nil {
			return nil, err
		}
		o.forget(j, twin)
		return told(twin, "duplicate"), nil
	}
	l.Name, l.Again = "chat "+j.turn, true
	made, err := desk.New(j.ctx, l, by, j.now)
	if err != nil {
		why, other := refused(err)
		return dialog.Values{"sent": dialog.Text("refused"), "officer_why": dialog.Text(why)}, other
	}
	b := made.Broadcast
	o.forget(j, &b)
	switch b.State {
	case broadcast.Awaiting:
		v := told(&b, "awaiting")
		v["officer_why"] = dialog.Text(made.Approval)
		return v, nil
	case broadcast.Scheduled:
		v := told(&b, "scheduled")
		v["message_when"] = dialog.Text(clock(b.At.In(o.Zone)))
		return v, nil
	}
	return told(&b, "sending"), nil
}

// twin gives a broadcast of the same text and class that somebody else made in
// the last days.
func (o Office) twin(j *job, l broadcast.Letter) (*broadcast.Broadcast, error) {
	all, err := o.Broadcasts.Records.Broadcasts(j.ctx, lookBack)
	if err != nil {
		return nil, fmt.Errorf("read broadcasts: %w", err)
	}
	for i := range all {
		b := &all[i]
		if b.Name != "chat "+j.turn && b.Course == l.Course && b.Text == l.Text && b.State != broadcast.Cancelled && j.now.Sub(b.CreatedAt) < broadcast.SameFor {
			return b, nil
		}
	}
	return nil, nil
}

// forget ends the draft that became a broadcast.
func (o Office) forget(j *job, b *broadcast.Broadcast) {
	*j.desk = Desk{Shown: b.ID, ShownHash: b.Hash}
}

func told(b *broadcast.Broadcast, result string) dialog.Values {
	return dialog.Values{"sent": dialog.Text(result), "who_count": dialog.Text(viet.FormatNumber(int64(b.Planned)))}
}
