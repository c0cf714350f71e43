package console

import (
	"nghe/broadcast"
	"nghe/course"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

// home is the first page.
type home struct {
	Closing   []courseRow // enrolment closes within a week
	Ready     []courseRow // enough have registered to open
	New       int         // wishes that nobody has seen to
	Waiting   int         // wishes for which there is no seat
	MaySee    bool
	MayEdit   bool
	MayInvite bool
	Todo      []reminder.Notice
	Empty     bool                  // there is no class at all
	Yes       []broadcast.Broadcast // wait for this member's yes
	Going     []broadcast.Broadcast // are being sent, or are stopped
}

// showHome shows what waits today, of what one works for.
func (c *Console) showHome(v *visit) error {
	p := home{MaySee: staff.AllowedSomewhere(v.me(), staff.SeeInterests) == nil, MayEdit: staff.AllowedSomewhere(v.me(), staff.EditCourses) == nil,
		MayInvite: staff.AllowedSomewhere(v.me(), staff.ManageStaff) == nil}
	all, err := c.rows(v)
	if err != nil {
		return err
	}
	week := course.DayOf(c.Now().In(c.Zone).AddDate(0, 0, 7))
	for _, r := range all {
		if !v.me().Scope.Holds(staff.WhereCourse(r.Course)) {
			continue
		}
		if r.Standing != course.Past && r.Deadline != "" && !r.Deadline.MonthOnly() && r.Deadline <= week {
			p.Closing = append(p.Closing, r)
		}
		if r.Ready && p.MayEdit {
			p.Ready = append(p.Ready, r)
		}
		if r.Standing != course.Past {
			p.Waiting += r.Seats.Waiting
		}
	}
	p.Empty = len(all) == 0
	notices, err := c.Records.Notices(v.Context(), c.Now())
	if err != nil {
		return err
	}
	for _, n := range notices {
		if n.For(string(v.me().Role), v.me().Scope.Province) {
			p.Todo = append(p.Todo, n)
		}
	}
	if p.MaySee {
		tally, err := c.Records.CountInterests(v.Context(), course.Search{Within: c.within(v.me())})
		if err != nil {
			return err
		}
		p.New = tally[course.New]
	}
	if staff.AllowedSomewhere(v.me(), staff.SeeBroadcasts) == nil {
		const most = 20
		some, err := c.Broadcasts.Records.Broadcasts(v.Context(), most, broadcast.Awaiting, broadcast.Sending, broadcast.Paused)
		if err != nil {
			return err
		}
		for _, b := range some {
			switch {
			case b.State != broadcast.Awaiting:
				p.Going = append(p.Going, b)
			case b.Author != v.me().Login && c.mayBroadcast(v.me(), staff.ApproveBroadcast, &b) == nil:
				p.Yes = append(p.Yes, b)
			}
		}
	}
	return c.page(v, "home", "Hôm nay", p)
}
