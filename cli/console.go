package cli

import (
	"context"
	"time"

	"nghe/course"
	"nghe/staff"
	"nghe/store"
)

// deskRecords are what the pages of the console show and change.
type deskRecords struct {
	*store.DB
	staff staff.Records
}

// PutCourses keeps courses; a page has no use for the counts.
func (r deskRecords) PutCourses(ctx context.Context, courses []course.Course, now time.Time, entries ...staff.Entry) error {
	_, err := r.DB.PutCourses(ctx, courses, now, entries...)
	return err
}

// PutEntry notes something that changes nothing else.
func (r deskRecords) PutEntry(ctx context.Context, e staff.Entry) error {
	return r.staff.PutEntry(ctx, e)
}
