package console

import (
	"context"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/daily"
	"nghe/report"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/story"
	"nghe/unanswered"
)

// Records are what the pages show and change besides staff. Package store has
// them. A change and its entries are written together.
type Records interface {
	// PutCourses keeps courses, all or none; those that are there are replaced.
	PutCourses(ctx context.Context, courses []course.Course, now time.Time, entries ...staff.Entry) error

	FindInterests(ctx context.Context, s course.Search) ([]course.Interest, error)
	CountInterests(ctx context.Context, s course.Search) (course.Tally, error)
	CountByCourse(ctx context.Context) (map[string]course.Tally, error)
	// Interests gives the wishes of a contact, the oldest first.
	Interests(ctx context.Context, c bot.Contact) ([]course.Interest, error)
	InterestsByID(ctx context.Context, ids []string) ([]course.Interest, error)
	// MoveInterests says how many were still as they were read.
	MoveInterests(ctx context.Context, moves []course.Move, at time.Time, entries ...staff.Entry) (int, error)
	PutPapers(ctx context.Context, ids []string, p course.Papers, at time.Time, entries ...staff.Entry) error
	AddInterests(ctx context.Context, all []course.Interest, entries ...staff.Entry) error
	// EditInterest says whether the wish was still as it was read.
	EditInterest(ctx context.Context, was, i course.Interest, at time.Time, e staff.Entry) (bool, error)

	// NeedSums sums up the wishes of a search; NeedsVersion is another when any wish
	// has changed.
	NeedSums(ctx context.Context, s course.Search) ([]report.Sum, error)
	NeedsVersion(ctx context.Context) (report.Version, error)
	// Figures sums up what reports tell; Difficulties are what staff wrote there.
	report.Records
	PutDifficulty(ctx context.Context, d report.Difficulty, entries ...staff.Entry) error
	Receiver(ctx context.Context) (string, error)
	PutReceiver(ctx context.Context, name string, entries ...staff.Entry) error
	// NoteReading writes an entry unless the member did the same within an hour.
	NoteReading(ctx context.Context, e staff.Entry) error
	// Invented says whether some of what is kept is made up, to try things out.
	Invented(ctx context.Context) (bool, error)
	// MarkInterests notes a milestone of wishes; Milestones are those of one.
	MarkInterests(ctx context.Context, ids []string, m course.Milestone, now time.Time, entries ...staff.Entry) error
	Milestones(ctx context.Context, id string) ([]course.Milestone, error)

	PutCampaign(ctx context.Context, c course.Campaign, now time.Time, entries ...staff.Entry) error
	SurveySums(ctx context.Context, id string) ([]report.Answer, error)
	SurveyCounts(ctx context.Context) (map[string]int, error)

	// PutStory says whether the story was still as it was read; was nil: a new one.
	PutStory(ctx context.Context, was *story.Story, s story.Story, picture []byte, entries ...staff.Entry) (bool, error)
	Stories(ctx context.Context) ([]story.Story, error)
	Story(ctx context.Context, id string) (*story.Story, error)
	StoryPicture(ctx context.Context, id, name string) ([]byte, error)

	// Sums tells what reminders did since a time, Switches which of them staff
	// switched. PutSwitch and DropBankDay say whether that changed anything.
	Sums(ctx context.Context, since time.Time) (map[string]reminder.Sum, error)
	Switches(ctx context.Context) (map[string]reminder.Switch, error)
	PutSwitch(ctx context.Context, id string, s reminder.Switch, entries ...staff.Entry) (bool, error)

	// Notices gives what the office is told and is still of use.
	Notices(ctx context.Context, now time.Time) ([]reminder.Notice, error)

	BankDays(ctx context.Context) ([]reminder.BankDay, error) // by place
	PutBankDay(ctx context.Context, b reminder.BankDay, entries ...staff.Entry) error
	DropBankDay(ctx context.Context, place string, entries ...staff.Entry) (bool, error)

	// Counts adds up what was counted.
	Counts(ctx context.Context, s daily.Search) ([]daily.Sum, error)

	// Unanswered adds up what went unanswered from a day to a day, of the most
	// frequent texts. PutMarks says of how many texts that are there it noted
	// something; the mark "" takes back what was noted.
	Unanswered(ctx context.Context, from, to daily.Day, texts int) ([]unanswered.Sum, error)
	Marks(ctx context.Context) (map[string]unanswered.Mark, error)
	PutMarks(ctx context.Context, texts []string, m unanswered.Mark, entries ...staff.Entry) (int, error)

	PutEntry(ctx context.Context, e staff.Entry) error
}
