package course_test

import (
	"testing"

	"nghe/course"
)

func TestSeats(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	for name, c := range map[string]struct {
		course course.Course
		tally  course.Tally
		want   course.Seats
		open   bool
	}{
		"nothing is known":           {course.Course{}, nil, course.Seats{Quota: -1, Told: -1, Free: -1, Missing: -1}, false},
		"some wishes":                {course.Course{Quota: n(30)}, course.Tally{"new": 3, "contacted": 2, "dropped": 9}, course.Seats{Quota: 30, Told: -1, Wishes: 5, Free: 25, Missing: -1}, false},
		"the organiser counts more":  {course.Course{Quota: n(30), Registered: n(12)}, course.Tally{"new": 3, "enrolled": 4}, course.Seats{Quota: 30, Told: 12, Wishes: 7, Free: 15, Missing: -1}, false},
		"we count more":              {course.Course{Quota: n(30), Registered: n(2)}, course.Tally{"enrolled": 4}, course.Seats{Quota: 30, Told: 2, Wishes: 4, Free: 26, Missing: -1}, false},
		"some wait":                  {course.Course{Quota: n(3), Registered: n(1)}, course.Tally{"new": 4}, course.Seats{Quota: 3, Told: 1, Wishes: 4, Waiting: 2, Missing: -1}, false},
		"more are in than seats":     {course.Course{Quota: n(3)}, course.Tally{"started": 5, "new": 1}, course.Seats{Quota: 3, Told: -1, Wishes: 6, Waiting: 1, Missing: -1}, false},
		"two are missing":            {course.Course{Status: course.Planned, Least: n(5)}, course.Tally{"new": 2, "contacted": 1, "dropped": 4}, course.Seats{Quota: -1, Told: -1, Wishes: 3, Free: -1, Missing: 2}, false},
		"enough to open":             {course.Course{Status: course.Planned, Least: n(3)}, course.Tally{"new": 4}, course.Seats{Quota: -1, Told: -1, Wishes: 4, Free: -1}, true},
		"enough, but it enrols":      {course.Course{Status: course.Enrolling, Least: n(3)}, course.Tally{"new": 4}, course.Seats{Quota: -1, Told: -1, Wishes: 4, Free: -1}, false},
		"the organiser alone enough": {course.Course{Status: course.Planned, Least: n(3), Registered: n(3)}, nil, course.Seats{Quota: -1, Told: 3, Free: -1}, true},
	} {
		if got := c.course.Seats(c.tally); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if got := c.course.MayOpen(c.tally); got != c.open {
			t.Errorf("%s: may open: %v", name, got)
		}
	}
}
