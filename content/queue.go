package content

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Queue is where cases of a kind wait for a counsellor.
type Queue struct {
	ID    string `yaml:"id" json:"id" jsonschema:"stable name, small letters, digits and hyphens: cases are remembered under it"`
	Title string `yaml:"title" json:"title" jsonschema:"what people and staff call it"`
	Who   string `yaml:"who" json:"who" jsonschema:"who answers, as it goes on after “người trả lời là”"`
	Org   string `yaml:"org" json:"org,omitempty" jsonschema:"the organisation whose cases they are; staff of it see them wherever the person lives"`
	// Topics and Flows lead here: beginnings of ids.
	Topics []string `yaml:"topics" json:"topics,omitempty" jsonschema:"beginnings of ids of topics: loan."`
	Flows  []string `yaml:"flows" json:"flows,omitempty" jsonschema:"ids of journeys"`
	// Else takes what no other queue takes; Complaint takes complaints. One
	// queue each.
	Else      bool `yaml:"else" json:"else,omitempty" jsonschema:"takes what no other queue takes"`
	Complaint bool `yaml:"complaint" json:"complaint,omitempty" jsonschema:"takes complaints"`

	Hours []string `yaml:"hours" json:"hours" jsonschema:"when it is worked on: T2-T6 07:30-11:30; T2 is Monday, CN Sunday; holidays of holidays.yaml are off"`
	// Targets, counted in working hours.
	FirstAnswer int `yaml:"first_answer_minutes" json:"first_answer_minutes" jsonschema:"until somebody answers, in minutes of its hours"`
	CloseWithin int `yaml:"close_hours" json:"close_hours" jsonschema:"until it is done, in hours of its hours"`
	// Offer is how long one counsellor may take to say yes, Quiet after how long
	// without a word a claimed case goes back.
	Offer int `yaml:"offer_minutes" json:"offer_minutes" jsonschema:"how long one counsellor is asked before the next"`
	Quiet int `yaml:"quiet_minutes" json:"quiet_minutes" jsonschema:"after so many minutes of its hours without an answer a claimed case goes back"`

	shifts []Shift
}

// Body is an office in charge of what people complain of.
type Body struct {
	ID    string `yaml:"id" json:"id"`
	Name  string `yaml:"name" json:"name" jsonschema:"as it goes on after “nơi phụ trách là”"`
	About string `yaml:"about" json:"about" jsonschema:"value of slot complaint_about that it is in charge of"`
	// Days is by when it must answer, as the law has it; 0 = not known to us.
	Days int    `yaml:"days" json:"days,omitempty" jsonschema:"days within which it must answer; left out when no fact tells"`
	Fact string `yaml:"fact" json:"fact,omitempty" jsonschema:"the fact that tells the days, and why it is in charge"`
}

// Shift is a part of a day in which a queue is worked on; minutes from midnight.
type Shift struct {
	Day      time.Weekday
	From, To int
}

// Shifts give the hours of a queue, in order of the week from Sunday.
func (q *Queue) Shifts() []Shift { return q.shifts }

// Queue gives a queue, nil when there is none of the name.
func (l *Library) Queue(id string) *Queue {
	for _, q := range l.Queues {
		if q.ID == id {
			return q
		}
	}
	return nil
}

// Route gives the queue for a topic and a journey, either of them "" when not
// known: the longest beginning of a topic that fits, else the journey's, else
// the one for everything else.
func (l *Library) Route(topic, flow string) *Queue {
	var best *Queue
	longest := 0
	for _, q := range l.Queues {
		for _, t := range q.Topics {
			if strings.HasPrefix(topic, t) && len(t) > longest {
				best, longest = q, len(t)
			}
		}
	}
	if best != nil {
		return best
	}
	return l.queueThat(func(q *Queue) bool { return flow != "" && slices.Contains(q.Flows, flow) }, func(q *Queue) bool { return q.Else })
}

// ComplaintQueue gives the queue for complaints.
func (l *Library) ComplaintQueue() *Queue {
	return l.queueThat(func(q *Queue) bool { return q.Complaint }, func(q *Queue) bool { return q.Else })
}

// queueThat gives the first queue that fits the first condition, else the next.
func (l *Library) queueThat(conditions ...func(*Queue) bool) *Queue {
	for _, fits := range conditions {
		if i := slices.IndexFunc(l.Queues, fits); i >= 0 {
			return l.Queues[i]
		}
	}
	return nil
}

// Body gives the office in charge of a complaint, nil when none is named.
func (l *Library) Body(about string) *Body {
	for _, b := range l.Bodies {
		if b.About == about {
			return b
		}
	}
	return nil
}

// weekdays are the days as people here write them.
var weekdays = []string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}

// readShifts reads "T2-T6 07:30-11:30".
func readShifts(text string) ([]Shift, error) {
	days, hours, ok := strings.Cut(text, " ")
	begin, end, ok2 := strings.Cut(strings.TrimSpace(hours), "-")
	if !ok || !ok2 {
		return nil, fmt.Errorf("%q are no hours", text)
	}
	first, last, several := strings.Cut(days, "-")
	if !several {
		last = first
	}
	from, to := slices.Index(weekdays, first), slices.Index(weekdays, last)
	if from < 0 || to < 0 || to < from {
		return nil, fmt.Errorf("%q are no days of a week that begins with CN", days)
	}
	opens, err := minuteOf(begin)
	if err != nil {
		return nil, err
	}
	closes, err := minuteOf(end)
	if err != nil {
		return nil, err
	}
	if closes <= opens {
		return nil, fmt.Errorf("%q ends before it begins", text)
	}
	var shifts []Shift
	for d := from; d <= to; d++ {
		shifts = append(shifts, Shift{time.Weekday(d), opens, closes})
	}
	return shifts, nil
}

// minuteOf reads "07:30"; "24:00" is the end of a day.
func minuteOf(text string) (int, error) {
	h, m, ok := strings.Cut(text, ":")
	hour, err := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || err != nil || err2 != nil || len(m) != 2 || hour < 0 || minute < 0 || minute > 59 || hour*60+minute > 24*60 {
		return 0, fmt.Errorf("%q is no time of day", text)
	}
	return hour*60 + minute, nil
}

// plan reads the hours of a queue; what can't be read is told by check.
func (q *Queue) plan() {
	for _, text := range q.Hours {
		shifts, _ := readShifts(text)
		q.shifts = append(q.shifts, shifts...)
	}
	slices.SortFunc(q.shifts, func(a, b Shift) int {
		return (int(a.Day)*24*60 + a.From) - (int(b.Day)*24*60 + b.From)
	})
}

func (c *checker) checkQueues() {
	elses, complaints := 0, 0
	for _, it := range c.w.queues {
		q, add := &it.value, at(c, it)
		name := fmt.Sprintf("queue %q", q.ID)
		if q.Else {
			elses++
		}
		if q.Complaint {
			complaints++
		}
		if strings.Trim(q.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(q.ID) > 30 {
			add(name+" has an id that can't be kept", "use at most 30 small letters, digits and hyphens")
		}
		c.label(add, name, q.Title)
		if strings.TrimSpace(q.Who) == "" {
			add(name+" does not say who answers", "write who, for example “cán bộ tư vấn của tỉnh”")
		}
		c.queueTimes(add, name, q)
		for _, t := range q.Topics {
			if !slices.ContainsFunc(c.w.topics, func(x item[Topic]) bool { return strings.HasPrefix(x.value.ID, t) }) &&
				!slices.ContainsFunc(c.w.dangers, func(x item[Topic]) bool { return strings.HasPrefix(x.value.ID, t) }) {
				add(fmt.Sprintf("%s: no topic begins with %q", name, t), "name the beginning of a topic's id, such as loan.")
			}
		}
		for _, f := range q.Flows {
			if c.l.flows[f] == nil {
				add(fmt.Sprintf("%s has the unknown flow %q", name, f), "name a journey of flows/")
			}
		}
	}
	if len(c.w.queues) > 0 && (elses != 1 || complaints != 1) {
		at(c, c.w.queues[0])(fmt.Sprintf("%d queues take everything else, %d take complaints", elses, complaints), "one queue has “else: true”, one “complaint: true”")
	}
	for _, it := range c.w.bodies {
		b, add := &it.value, at(c, it)
		name := fmt.Sprintf("body %q", b.ID)
		if b.Name == "" || b.About == "" {
			add(name+" has no name or nothing it is in charge of", "write name and about")
		}
		if b.Fact != "" && c.l.facts[b.Fact] == nil {
			add(fmt.Sprintf("%s rests on the unknown fact %q", name, b.Fact), "name a fact of facts/")
		}
		if b.Days != 0 && b.Fact == "" {
			add(name+" names days without a fact", "name the fact that tells them, or leave the days out: unknown is said to be unknown")
		}
	}
}

func (c *checker) queueTimes(add func(string, string), name string, q *Queue) {
	if len(q.Hours) == 0 {
		add(name+" has no hours", "write hours, for example [\"T2-T6 07:30-11:30\"]")
	}
	for _, text := range q.Hours {
		if _, err := readShifts(text); err != nil {
			add(fmt.Sprintf("%s: %v", name, err), "write them as T2-T6 07:30-11:30, T7 08:00-12:00 or CN 08:00-11:00")
		}
	}
	for i := 1; i < len(q.shifts); i++ {
		if a, b := q.shifts[i-1], q.shifts[i]; a.Day == b.Day && b.From < a.To {
			add(name+" has hours that overlap on "+weekdays[a.Day], "write each hour of a day once")
			break
		}
	}
	for field, n := range map[string]int{"first_answer_minutes": q.FirstAnswer, "close_hours": q.CloseWithin, "offer_minutes": q.Offer, "quiet_minutes": q.Quiet} {
		if n < 1 || n > 10_000 {
			add(fmt.Sprintf("%s: %s is %d", name, field, n), "write a number from 1 to 10000")
		}
	}
}
