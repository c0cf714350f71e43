package broadcast

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nghe/content"
	"nghe/course"
	"nghe/staff"
)

// Audience is whom a broadcast is for: kinds are joined by "and", values within
// a kind by "or". The zero Audience is everybody who agreed to be told.
type Audience struct {
	Places    []string  `json:"places,omitempty"`    // where they live
	Near      bool      `json:"near,omitempty"`      // or in a neighbouring unit
	Trades    []string  `json:"trades,omitempty"`    // they wish to learn, or to be told of
	Groups    []string  `json:"groups,omitempty"`    // that they agreed to have kept
	Channels  []string  `json:"channels,omitempty"`  // where they can be reached
	Interest  []string  `json:"interest,omitempty"`  // how far a wish has come: course.States
	Course    string    `json:"course,omitempty"`    // they have a wish for it
	SeenSince time.Time `json:"seen_since,omitzero"` // they wrote since
	Org       string    `json:"org,omitempty"`       // they have a wish for a class of this provider

	// Of reminders. Waiting: the wish is for a trade, as long as there is no
	// class, and they were not told of Broadcast.Course by another. OwesPapers:
	// nobody noted that the papers of the wish are complete. Fits: one of these
	// classes is what they agreed to be told of. Who: these recipients, if they
	// agreed to be told anything.
	Waiting    bool     `json:"waiting,omitempty"`
	OwesPapers bool     `json:"owes_papers,omitempty"`
	Fits       []string `json:"fits,omitempty"`
	Who        []string `json:"-"`
	// Bank: they want to be told when the policy bank comes to this place.
	Bank string `json:"bank,omitempty"`
}

// tidy gives it as it is compared: in order, nothing twice.
func (a Audience) tidy() Audience {
	for _, list := range []*[]string{&a.Places, &a.Trades, &a.Groups, &a.Channels, &a.Interest} {
		s := slices.Clone(course.Trimmed(*list))
		slices.Sort(s)
		*list = slices.Compact(s)
	}
	a.Course, a.Org = strings.TrimSpace(a.Course), strings.TrimSpace(a.Org)
	return a
}

// Where is where its people are: at places, or who wish for a class; else
// anywhere.
func (a Audience) Where(lib *content.Library, courses *course.Catalogue) staff.Where {
	switch k := courses.Course(a.Course); {
	case len(a.Places) > 0:
		w := staff.Where{Places: slices.Clone(a.Places)}
		for _, id := range a.Places {
			if p := lib.Place(id); p != nil && a.Near {
				w.Places = append(append(w.Places, p.Neighbours...), p.Links...)
			}
		}
		return w
	case k != nil:
		return staff.WhereCourse(*k)
	case a.Org != "":
		return staff.Where{Org: a.Org}
	}
	return staff.Where{}
}

// Channels are where somebody can be reached without writing first.
var Channels = []string{"telegram", "web", "zalo", "zalobot"}

// check says what is unknown in it.
func (a Audience) check(lib *content.Library, courses *course.Catalogue) error {
	for _, kind := range []struct {
		field, name string
		values      []string
		known       func(string) bool
		try         string
	}{
		{"audience.places", "xã, phường", a.Places, func(s string) bool { return lib.Place(s) != nil }, "dùng mã nơi, ví dụ ba-che"},
		{"audience.trades", "nghề", a.Trades, func(s string) bool { return lib.Trade(s) != nil }, "dùng mã nghề, ví dụ han"},
		{"audience.groups", "diện", a.Groups, func(s string) bool { return slices.Contains(content.Groups, s) }, "một trong: " + strings.Join(content.Groups, ", ")},
		{"audience.channels", "kênh", a.Channels, func(s string) bool { return slices.Contains(Channels, s) }, "một trong: " + strings.Join(Channels, ", ")},
		{"audience.interest", "trạng thái nguyện vọng", a.Interest, func(s string) bool { return slices.Contains(course.States, course.State(s)) }, "một trong: new, contacted, enrolled, started, finished, working, dropped"},
	} {
		for _, v := range kind.values {
			if !kind.known(v) {
				return &Refused{kind.field, fmt.Sprintf("không có %s nào là “%s”: %s", kind.name, v, kind.try)}
			}
		}
	}
	if a.Near && len(a.Places) == 0 {
		return &Refused{"audience.near", "“và các xã giáp ranh” cần có xã: chọn xã trước"}
	}
	if a.Course != "" && courses.Course(a.Course) == nil {
		return &Refused{"audience.course", fmt.Sprintf("không có lớp nào mã “%s”", a.Course)}
	}
	if a.Org != "" && len(coursesOf(courses, a.Org)) == 0 {
		return &Refused{"audience.org", fmt.Sprintf("không có lớp nào của “%s”", a.Org)}
	}
	return nil
}

func coursesOf(courses *course.Catalogue, provider string) (ids []string) {
	for _, c := range courses.All() {
		if c.Provider == provider {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Selection is an audience as the records are asked for it, with what a
// recipient must have agreed to.
type Selection struct {
	Places    []string  `json:"places,omitempty"` // neighbours are in it
	Trades    []string  `json:"trades,omitempty"`
	Groups    []string  `json:"groups,omitempty"`
	Channels  []string  `json:"channels,omitempty"`
	States    []string  `json:"states,omitempty"`  // of a wish
	Courses   []string  `json:"courses,omitempty"` // of a wish
	SeenSince time.Time `json:"seen_since,omitzero"`

	// Topics are the trades it tells of; none: it is for those who agreed to
	// all news.
	Topics []string `json:"topics,omitempty"`
	// Course is the class it tells of, where there is one: who asked to be
	// reminded of it has agreed.
	Course string `json:"course,omitempty"`
	// Around are the places whose people hear of it who want only what is near
	// them; none: everybody does.
	Around []string `json:"around,omitempty"`
	// WishOnly leaves out who agreed to news only: a reminder about one's own
	// wish.
	WishOnly bool `json:"wish_only,omitempty"`

	// Untold leaves out who has a row of another broadcast about a class.
	Untold     string   `json:"untold,omitempty"`
	OwesPapers bool     `json:"owes_papers,omitempty"` // of a wish
	Fits       []Fit    `json:"fits,omitempty"`        // one of them is what they agreed to
	Who        []string `json:"who,omitempty"`         // these, if they agreed to anything
}

// FollowBank is what those agreed to who want to be told of bank days, in the
// place of a trade: people.BankDays.
const FollowBank = "bank-day"

// Fit is what somebody must have agreed to be told of.
type Fit struct {
	Trade  string   `json:"trade"`
	Only   bool     `json:"only,omitempty"`   // of just this, not of everything; at one of the places
	Around []string `json:"around,omitempty"` // near one of these, or anywhere; none: the class is nobody knows where
}

// selection resolves an audience.
func (b *Broadcast) selection(lib *content.Library, courses *course.Catalogue) Selection {
	a := b.Audience
	s := Selection{
		Places: around(lib, a.Places, a.Near), Trades: a.Trades, Groups: a.Groups, Channels: a.Channels, States: a.Interest, SeenSince: a.SeenSince,
		Topics: b.Topics, Course: cmp.Or(b.Course, a.Course), WishOnly: b.Purpose == PurposeWish,
	}
	switch {
	case a.Course != "":
		s.Courses = []string{a.Course}
	case a.Org != "":
		s.Courses = coursesOf(courses, a.Org)
	}
	if c := courses.Course(b.Course); c != nil && lib.Place(c.Place) != nil {
		s.Around = around(lib, []string{c.Place}, true)
	}
	if a.Waiting {
		s.Courses, s.Untold = []string{""}, b.Course
	}
	s.OwesPapers, s.Who = a.OwesPapers, a.Who
	if a.Bank != "" {
		s.Fits = []Fit{{Trade: FollowBank, Only: true, Around: []string{a.Bank}}}
	}
	for _, id := range a.Fits {
		if c := courses.Course(id); c != nil {
			s.Fits = append(s.Fits, Fit{Trade: c.Trade, Around: around(lib, course.Trimmed([]string{c.Place}), true)})
		}
	}
	return s
}

// around gives places, with those next to them where asked for, in order.
func around(lib *content.Library, places []string, near bool) []string {
	all := slices.Clone(places)
	for _, id := range places {
		if p := lib.Place(id); p != nil && near {
			all = append(all, p.Neighbours...)
			all = append(all, p.Links...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Sentence reads an audience back as officers say it.
func (a Audience) Sentence(lib *content.Library, courses *course.Catalogue, zone *time.Location) string {
	a = a.tidy()
	var parts []string
	names := func(ids []string, name func(string) string) string {
		all := make([]string, len(ids))
		for i, id := range ids {
			all[i] = name(id)
		}
		if n := len(all); n > 1 {
			return strings.Join(all[:n-1], ", ") + " hoặc " + all[n-1]
		}
		return strings.Join(all, "")
	}
	if len(a.Places) > 0 {
		at := make([]string, len(a.Places))
		for i, id := range a.Places {
			at[i] = id
			if p := lib.Place(id); p != nil {
				at[i] = p.Short()
			}
		}
		where := "ở " + strings.Join(at, ", ")
		if a.Near {
			where += " và các xã, phường giáp ranh"
		}
		parts = append(parts, where)
	}
	title := func(id string) string {
		if c := courses.Course(id); c != nil {
			return "“" + c.Title + "”"
		}
		return id
	}
	state := func(id string) string { return stateNames[course.State(id)] }
	switch {
	case len(a.Trades) > 0 && len(a.Interest) == 0:
		parts = append(parts, "quan tâm nghề "+names(a.Trades, func(id string) string { return tradeName(lib, id) }))
	case len(a.Trades) > 0:
		parts = append(parts, "có nguyện vọng học nghề "+names(a.Trades, func(id string) string { return tradeName(lib, id) })+" ("+names(a.Interest, state)+")")
	case len(a.Interest) > 0:
		parts = append(parts, "có nguyện vọng ("+names(a.Interest, state)+")")
	}
	if a.Course != "" {
		parts = append(parts, "đã ghi nguyện vọng vào lớp "+title(a.Course))
	}
	if a.Org != "" {
		parts = append(parts, "đã ghi nguyện vọng vào lớp của "+a.Org)
	}
	if len(a.Groups) > 0 {
		parts = append(parts, "thuộc diện "+names(a.Groups, func(id string) string { return groupName(lib, id) }))
	}
	if len(a.Channels) > 0 {
		parts = append(parts, "nhận tin qua "+names(a.Channels, func(id string) string { return lib.Phrase("channel." + id)[0] }))
	}
	if !a.SeenSince.IsZero() {
		parts = append(parts, "có nhắn từ ngày "+a.SeenSince.In(zone).Format("2/1/2006"))
	}
	if len(parts) == 0 {
		return "tất cả những người đã đồng ý nhận tin"
	}
	return "những người " + strings.Join(append(parts, "đã đồng ý nhận tin"), ", ")
}

func tradeName(lib *content.Library, id string) string {
	t := lib.Trade(id)
	if t == nil {
		return id
	}
	first, size := utf8.DecodeRuneInString(t.Label())
	return string(unicode.ToLower(first)) + t.Label()[size:]
}

// groupName is how the conversation calls a group; ids that it never asks for
// stay as they are.
func groupName(lib *content.Library, id string) string {
	for _, slot := range []string{"news_groups", "papers", "other", "work", "poverty"} {
		if name := lib.ValueName(slot, id); name != id {
			return "“" + name + "”"
		}
	}
	return id
}

var stateNames = map[course.State]string{
	course.New: "mới ghi", course.Contacted: "đã liên lạc", course.Enrolled: "đã vào lớp", course.Started: "đang học",
	course.Done: "đã học xong", course.Working: "đã có việc", course.Dropped: "đã thôi",
}
