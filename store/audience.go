package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nghe/broadcast"
)

// sqlText is a statement in the making: values become numbered places.
type sqlText struct {
	b    strings.Builder
	args []any
}

// add adds text and, after it, the place of a value.
func (q *sqlText) add(text string, value ...any) *sqlText {
	q.b.WriteString(text)
	for _, v := range value {
		q.args = append(q.args, v)
		q.b.WriteString("$" + strconv.Itoa(len(q.args)))
	}
	return q
}

func (q *sqlText) text() string { return q.b.String() }

// in adds "what IN (values)", nothing when there are none.
func in[S ~string](q *sqlText, what string, values []S) {
	if len(values) == 0 {
		return
	}
	q.add(what + " IN (")
	for i, v := range values {
		if i > 0 {
			q.add(", ")
		}
		q.add("", string(v))
	}
	q.add(")")
}

// matching adds the condition that a recipient r is of an audience.
func matching(q *sqlText, s *broadcast.Selection) {
	q.add("TRUE")
	in(q, " AND r.place", s.Places)
	in(q, " AND r.channel", s.Channels)
	if !s.SeenSince.IsZero() {
		q.add(" AND r.heard_at >= ", ms(s.SeenSince))
	}
	if len(s.Groups) > 0 {
		q.add(" AND EXISTS (SELECT 1 FROM kept_group g WHERE g.who = r.who")
		in(q, " AND g.name", s.Groups)
		q.add(")")
	}
	in(q, " AND r.who", s.Who)
	if s.Untold != "" {
		q.add(" AND NOT EXISTS (SELECT 1 FROM delivery d JOIN broadcast o ON o.number = d.broadcast WHERE d.who = r.who AND o.course = ", s.Untold).add(")")
	}
	if len(s.Fits) > 0 {
		q.add(" AND ")
		fits(q, "r.who", s)
	}
	if len(s.Trades)+len(s.States)+len(s.Courses) == 0 {
		return
	}
	// With a class, few have a wish for it: they are looked up by it.
	q.add(" AND (r.who IN (SELECT i.who FROM interest i WHERE TRUE")
	if len(s.Courses) == 0 || s.Courses[0] == "" {
		q.add(" AND i.who = r.who")
	}
	in(q, " AND i.trade", s.Trades)
	in(q, " AND i.course", s.Courses)
	if len(s.States) > 0 {
		in(q, " AND i.state", s.States)
	} else {
		q.add(" AND i.state <> 'dropped'")
	}
	if s.OwesPapers {
		q.add(" AND i.papers <> 'complete'")
	}
	q.add(")")
	if len(s.States)+len(s.Courses) == 0 {
		q.add(" OR EXISTS (SELECT 1 FROM follow f WHERE f.who = r.who")
		in(q, " AND f.trade", s.Trades)
		q.add(")")
	}
	q.add(")")
}

// fits adds the condition that somebody agreed to be told of one of some classes.
func fits(q *sqlText, who string, s *broadcast.Selection) {
	q.add("EXISTS (SELECT 1 FROM follow f WHERE f.who = " + who + " AND (FALSE")
	for _, fit := range s.Fits {
		q.add(" OR (")
		trades, places := []string{"", fit.Trade}, append([]string{""}, fit.Around...)
		if fit.Only {
			trades, places = trades[1:], places[1:]
		}
		in(q, "f.trade", trades)
		in(q, " AND f.place", places)
		q.add(")")
	}
	q.add("))")
}

// agreed adds the condition that somebody agreed to be told of it.
func agreed(q *sqlText, who string, s *broadcast.Selection) {
	switch {
	case len(s.Fits) > 0:
		fits(q, who, s)
		return
	case len(s.Who) > 0:
		q.add("(EXISTS (SELECT 1 FROM follow f WHERE f.who = " + who + ") OR EXISTS (SELECT 1 FROM interest i WHERE i.who = " + who + " AND i.remind AND i.state <> 'dropped'))")
		return
	}
	q.add("(FALSE")
	if !s.WishOnly {
		q.add(" OR EXISTS (SELECT 1 FROM follow f WHERE f.who = " + who)
		in(q, " AND f.trade", append([]string{""}, s.Topics...))
		if len(s.Around) > 0 {
			in(q, " AND f.place", append([]string{""}, s.Around...))
		}
		q.add(")")
	}
	if len(s.Topics) > 0 || s.Course != "" {
		q.add(" OR EXISTS (SELECT 1 FROM interest i WHERE i.who = " + who + " AND i.remind AND i.state <> 'dropped' AND (FALSE")
		in(q, " OR i.trade", s.Topics)
		if s.Course != "" {
			q.add(" OR i.course = ", s.Course)
		}
		q.add("))")
	}
	q.add(")")
}

// stopped adds the condition that somebody said stop.
func stopped(q *sqlText, who string, s *broadcast.Selection) {
	q.add("EXISTS (SELECT 1 FROM opted_out o WHERE o.who = " + who)
	in(q, " AND o.trade", append([]string{""}, s.Topics...))
	q.add(")")
}

// counting adds the statement that counts an audience by what becomes of it:
// a channel on which people are told, or a reason, and how many.
func counting(q *sqlText, s *broadcast.Selection, where func()) {
	q.add("SELECT what, channel, count(*) FROM (SELECT CASE WHEN r.channel = '' THEN CASE WHEN r.why = '' THEN 'unreachable' ELSE r.why END WHEN ")
	stopped(q, "r.who", s)
	q.add(" THEN 'opted-out' WHEN NOT ")
	agreed(q, "r.who", s)
	q.add(" THEN 'not-agreed' ELSE '' END AS what, r.channel AS channel FROM recipient r WHERE ")
	matching(q, s)
	where()
	q.add(") AS told GROUP BY what, channel")
}

func counted(ctx context.Context, from querier, q *sqlText) (broadcast.Counted, error) {
	c := broadcast.Counted{ByChannel: map[string]int{}, LeftOut: map[string]int{}}
	_, err := list(ctx, from, func(rows *sql.Rows) (none struct{}, err error) {
		var what, channel string
		var n int
		if err := rows.Scan(&what, &channel, &n); err != nil {
			return none, err
		}
		if what != "" {
			c.LeftOut[what] += n
			return none, nil
		}
		c.Planned += n
		c.ByChannel[channel] += n
		return none, nil
	}, q.text(), q.args...)
	if err != nil {
		return c, fmt.Errorf("count audience: %w", err)
	}
	return c, nil
}

// Count counts an audience.
func (db *DB) Count(ctx context.Context, s broadcast.Selection) (broadcast.Counted, error) {
	var q sqlText
	counting(&q, &s, func() {})
	return counted(ctx, db.read, &q)
}

// told adds the condition that a recipient of the audience gets a row.
func told(q *sqlText, s *broadcast.Selection) {
	matching(q, s)
	q.add(" AND r.channel <> '' AND NOT ")
	stopped(q, "r.who", s)
	q.add(" AND ")
	agreed(q, "r.who", s)
}

// Sample gives some people of an audience.
func (db *DB) Sample(ctx context.Context, s broadcast.Selection, n int) ([]broadcast.Sample, error) {
	var q sqlText
	q.add(`SELECT coalesce((SELECT i.name FROM interest i WHERE i.who = r.who AND i.name <> '' AND i.whom = '' ORDER BY i.created_at DESC, i.id LIMIT 1), ''), r.place, r.channel
		FROM recipient r WHERE `)
	told(&q, &s)
	q.add(" LIMIT ", n)
	return list(ctx, db.read, func(rows *sql.Rows) (s broadcast.Sample, err error) {
		err = rows.Scan(&s.Name, &s.Place, &s.Channel)
		s.Name = masked(s.Name)
		return s, err
	}, q.text(), q.args...)
}

// Calls gives those who are to be called instead of written to.
func (db *DB) Calls(ctx context.Context, id string) ([]broadcast.Call, error) {
	b, err := db.Broadcast(ctx, id)
	if err != nil || b == nil {
		return nil, err
	}
	scan := func(rows *sql.Rows) (c broadcast.Call, err error) {
		return c, rows.Scan(&c.Place, &c.Village, &c.Name, &c.Phone, &c.Course, &c.Trade, &c.Consent, &c.Why)
	}
	const columns = "SELECT i.place, i.village, i.name, i.phone, i.course, i.trade, i.consent, "
	var q sqlText
	// Who agreed, in a wish, to be told of this, left a number, and can't be
	// written to; of several such wishes the latest.
	q.add(columns+`CASE WHEN d.state = 'queued' THEN d.waits ELSE d.reason END FROM delivery d JOIN interest i ON i.who = d.who
		WHERE d.broadcast = (SELECT number FROM broadcast WHERE id = `, id).add(`) AND i.phone <> '' AND i.remind
		AND (d.state = 'queued' AND d.waits = 'window' OR d.state = 'skipped' AND d.reason IN ('window', 'unreachable') OR d.state IN ('skipped', 'failed') AND EXISTS (SELECT 1 FROM unreachable u WHERE u.channel = d.channel AND u.contact = d.contact))
		AND NOT EXISTS (SELECT 1 FROM interest l WHERE l.who = i.who AND l.phone <> '' AND l.remind AND (l.created_at > i.created_at OR l.created_at = i.created_at AND l.id > i.id))`)
	calls, err := list(ctx, db.read, scan, q.text(), q.args...)
	if err != nil {
		return nil, err
	}
	// Who came with paper and has nothing that can be written to.
	s := &b.Selection
	var p sqlText
	p.add(columns + "'paper' FROM interest i WHERE i.channel = '' AND i.phone <> '' AND i.remind")
	if len(s.States) > 0 {
		in(&p, " AND i.state", s.States)
	} else {
		p.add(" AND i.state <> 'dropped'")
	}
	in(&p, " AND i.place", s.Places)
	in(&p, " AND i.trade", s.Trades)
	in(&p, " AND i.course", s.Courses)
	if len(s.Groups)+len(s.Channels) > 0 || len(s.Topics) == 0 && s.Course == "" {
		p.add(" AND FALSE") // nothing of the kind is known of them, or they did not agree to it
	}
	p.add(" AND (FALSE")
	in(&p, " OR i.trade", s.Topics)
	if s.Course != "" {
		p.add(" OR i.course = ", s.Course)
	}
	p.add(")")
	paper, err := list(ctx, db.read, scan, p.text(), p.args...)
	if err != nil {
		return nil, err
	}
	return sortedCalls(append(calls, paper...)), nil
}

func sortedCalls(all []broadcast.Call) []broadcast.Call {
	slices.SortFunc(all, func(a, b broadcast.Call) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Village, b.Village), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Phone, b.Phone))
	})
	return all
}
