package console

import (
	"cmp"
	"time"

	"nghe/content"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

// remindersPage is the page of what is told by the clock.
type remindersPage struct {
	Groups []reminderGroup
	Days   int  // that are counted
	May    bool // switch them
}

// reminderGroup is those that are for the same kind of people.
type reminderGroup struct {
	Title string
	Rows  []reminderRow
}

// reminderRow is one reminder and what it did.
type reminderRow struct {
	*content.Reminder
	IsOn      bool
	By        string // who switched it; "" = nobody
	At        time.Time
	When, Who string
	Text      string
	Did       []string // lines
}

// listReminders shows every reminder in words, with its switch and its count.
func (c *Console) listReminders(v *visit) error {
	const days = 30
	sums, err := c.Records.Sums(v.Context(), c.Now().AddDate(0, 0, -days))
	if err != nil {
		return err
	}
	switches, err := c.Records.Switches(v.Context())
	if err != nil {
		return err
	}
	names, err := c.namesByLogin(v)
	if err != nil {
		return err
	}
	people, office := reminderGroup{Title: "Nhắc người dân"}, reminderGroup{Title: "Nhắc cán bộ"}
	for _, r := range c.Library().Reminders {
		s := switches[r.ID]
		row := reminderRow{
			Reminder: r, IsOn: reminder.IsOn(r, switches), By: cmp.Or(names[s.By], s.By), At: s.At,
			When: whenOf(r), Who: c.whoOf(r), Text: c.sampleOf(r), Did: didOf(r, sums[r.ID]),
		}
		if r.OfOffice() {
			office.Rows = append(office.Rows, row)
		} else {
			people.Rows = append(people.Rows, row)
		}
	}
	return c.page(v, "reminders", "Lời nhắc", remindersPage{Groups: []reminderGroup{people, office}, Days: days, May: may(v.me(), staff.EditRules, staff.Where{})})
}

// switchReminder switches one on or off, as the button says: pressed twice it is
// the same.
func (c *Console) switchReminder(v *visit) error {
	if err := staff.Allowed(v.me(), staff.EditRules, staff.Where{}); err != nil {
		return err
	}
	f, err := read(v)
	if err != nil {
		return err
	}
	r := c.Library().Reminder(v.PathValue("id"))
	if r == nil || f.Get("on") == "" {
		return errMissing
	}
	on := f.Get("on") == "yes"
	did, done := "reminder.off", "reminder-off"
	if on {
		did, done = "reminder.on", "reminder-on"
	}
	switches, err := c.Records.Switches(v.Context())
	if err != nil {
		return err
	}
	if reminder.IsOn(r, switches) != on {
		s := reminder.Switch{On: on, By: v.me().Login, At: c.Now()}
		if _, err := c.Records.PutSwitch(v.Context(), r.ID, s, c.entry(v, did, "reminder:"+r.ID, r.Title)); err != nil {
			return err
		}
	}
	return sendOn(v, "/console/reminders", done)
}
