package course

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"time"
)

// Course is a class as it was announced. A zero field is unknown, and written
// as null in JSON.
type Course struct {
	// ID is made of Code, or of the content when there is none; at most
	// MaxID bytes of small letters, digits and hyphens: it goes into buttons.
	ID    string `json:"id"`
	Code  string `json:"code"`  // as its organiser calls it ("Mã lớp")
	Title string `json:"title"` // as announced
	Trade string `json:"trade"` // id in content/trades.yaml
	Level Level  `json:"level"`

	Status Status `json:"status"`
	Place  string `json:"place"` // id in content/places.yaml
	Venue  string `json:"venue"` // village hall, school, …
	// AtVillage says that the teachers come to the village.
	AtVillage *bool `json:"at_village"`

	Provider string   `json:"provider"` // who teaches
	Partners []string `json:"partners"` // who else organises it
	Program  string   `json:"program"`  // who pays: a programme, a company, oneself

	Start    Day `json:"start"`
	End      Day `json:"end"`
	Deadline Day `json:"deadline"` // last day to register
	// Duration is told as announced ("2 tháng", "ít nhất 3 tháng"); Days are
	// days of attendance, which meals are paid for. None is computed from
	// another.
	Duration string `json:"duration"`
	Days     *int64 `json:"days"`
	Hours    *int64 `json:"hours"`
	Schedule string `json:"schedule"`

	Fee      *int64   `json:"fee"` // đồng; 0 = free
	FeeNote  string   `json:"fee_note"`
	Benefits []string `json:"benefits"` // as announced

	Who       []string `json:"who"` // whom it is for, as announced
	MinAge    *int64   `json:"min_age"`
	MaxAge    *int64   `json:"max_age"`
	Schooling string   `json:"schooling"`
	Health    string   `json:"health"`

	Quota      *int64 `json:"quota"`      // seats
	Registered *int64 `json:"registered"` // as the organiser says
	Least      *int64 `json:"least"`      // opens when so many have registered

	Papers       []string `json:"papers"`
	HowTo        string   `json:"how_to_register"`
	ContactName  string   `json:"contact_name"`
	ContactPhone string   `json:"contact_phone"`
	ContactPlace string   `json:"contact_place"`
	ContactHours string   `json:"contact_hours"`

	Certificate string `json:"certificate"`
	JobAfter    string `json:"job_after"`

	SourceURL  string `json:"source_url"`
	SourceDate Day    `json:"source_date"`
	CheckedOn  Day    `json:"checked_on"`
	CheckedBy  string `json:"checked_by"`

	// Invented courses are for trying things out; people are told so.
	Invented  bool      `json:"invented"`
	UpdatedAt time.Time `json:"updated_at"` // of the record
}

// MaxID is how long an ID may be: a button holds 64 bytes of everything.
const MaxID = 40

// MarshalJSON writes every field by its name, null where it is unknown.
func (c Course) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(`"` + v.Type().Field(i).Tag.Get("json") + `":`)
		value := v.Field(i).Interface()
		if v.Field(i).IsZero() && v.Field(i).Kind() != reflect.Bool {
			value = nil
		}
		if err := enc.Encode(value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Contact names who can be asked about the class; "" when nobody is known.
func (c *Course) Contact() string {
	return strings.Join(Trimmed([]string{c.ContactName, c.ContactPhone, c.ContactPlace, c.ContactHours}), ", ")
}

// Level is how far a class leads.
type Level string

// The levels, lowest first.
const (
	Briefing   Level = "tap-huan"     // a few days
	Short      Level = "duoi-3-thang" // under three months
	Elementary Level = "so-cap"
	Secondary  Level = "trung-cap"
	College    Level = "cao-dang"
)

// Levels are all of them, lowest first.
var Levels = []Level{Briefing, Short, Elementary, Secondary, College}

// order is the level's place in Levels, -1 when it is unknown.
func (l Level) order() int {
	for i, x := range Levels {
		if x == l {
			return i
		}
	}
	return -1
}

// Status is how the organiser says a class stands.
type Status string

// The statuses.
const (
	Unknown   Status = "unknown"
	Planned   Status = "planned"
	Enrolling Status = "enrolling"
	Full      Status = "full"
	Running   Status = "running"
	Finished  Status = "finished"
	Cancelled Status = "cancelled"
)

// Statuses are all of them, in the order in which a class goes through them.
var Statuses = []Status{Planned, Enrolling, Full, Running, Finished, Cancelled, Unknown}

// Day is a day ("2026-11-20") or only a month ("2026-11"); "" is not known.
// Days are of the province (Asia/Ho_Chi_Minh).
type Day string

// DayOf gives the day of a time, in the time's own zone.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// Valid says whether it is a day or a month that exists, or unknown.
func (d Day) Valid() bool {
	if d == "" {
		return true
	}
	layout := time.DateOnly
	if d.MonthOnly() {
		layout = "2006-01"
	}
	_, err := time.Parse(layout, string(d))
	return err == nil
}

// MonthOnly says that only the month is known.
func (d Day) MonthOnly() bool { return len(d) == len("2006-01") }

// over says that the day, or the whole month, is past on a day.
func (d Day) over(on Day) bool { return d != "" && string(on[:min(len(on), len(d))]) > string(d) }

// Time gives the (first) day as a time, UTC; the zero time when it is unknown.
func (d Day) Time() time.Time {
	if d == "" {
		return time.Time{}
	}
	s := string(d)
	if d.MonthOnly() {
		s += "-01"
	}
	t, _ := time.Parse(time.DateOnly, s)
	return t
}

// Trimmed gives a list without what is empty.
func Trimmed(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
