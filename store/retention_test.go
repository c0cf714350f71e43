package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/store"
)

// stays are the tables whose rows no time ends, and what ends them instead. Those
// of a person end with a word of that person: TestNothingIsLeftAfterDeletion.
var stays = map[string]string{
	"person": "until they withdraw or delete", "contact": "the same", "consent": "the same", "recipient": "the same", "follow": "the same", "kept_group": "the same", "opted_out": "the same",
	"interest": "the same", "interest_step": "as long as the wish", "delivery": "without a name after a deletion", "unreachable": "until they write", "deletion": "keyed hashes, for restore",
	"handoff": "180 days after it closed nothing of the person: TestCases", "handoff_file": "30 days after the case closed: TestFilesAndMergesOfCases",
	"unanswered": "180 days: TestUnanswered", "unanswered_offer": "an hour: TestOffersWait", "unanswered_mark": "with its text",
	"course": "no person", "course_seen": "no person", "campaign": "no person", "difficulty": "no person", "bank_day": "no person", "broadcast": "no person", "broadcast_event": "staff", "reminder_switch": "staff", "reminder_missed": "no person",
	"story": "until it is withdrawn", "story_picture": "with its story", "content_file": "no person", "content_release": "staff", "change": "a number", "daily": "counts", "spent": "sums", "setting": "of the installation", "token": "of the installation", "migration": "of the installation",
	"staff": "who works with it", "audit": "what staff did", "duty": "until they sign off", "counsel_chat": "staff", "own_canned": "staff", "staff_chat": "staff, a week at most", "staff_done": "staff, 30 days: with the next",
}

// ends are the tables whose rows a job ends, by which column.
var ends = map[string]string{
	"session": "ends", "seen": "ends", "bubble": "ends", "outbox": "at", "inbox": "at", "lease": "until", "media": "ends", "echo": "at", "trouble": "at", "link_code": "ends", "link_outcome": "at",
	"notice": "until", "staff_link": "ends", "staff_session": "ends", "staff_code": "ends", "staff_try": "at", "handoff_message": "ends", "handoff_hold": "epoch",
}

// TestEveryKindHasALife: every table stands above, and of those that a job ends
// nothing old is left by it. A table that is new fails.
func TestEveryKindHasALife(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// Rows that stand for nothing: what they point at is not there.
	if _, err := store.Writer(db).Exec("PRAGMA foreign_keys = OFF"); err != nil {
		t.Fatal(err)
	}
	names := columnsOf(t, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	for _, table := range names {
		column, ended := ends[table]
		if _, kept := stays[table]; ended == kept {
			t.Errorf("%s: say how long its rows are kept, once", table)
		}
		if !ended {
			continue
		}
		var into, values []string
		for _, c := range columnsOf(t, db, "SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || pk || ' ' || coalesce(dflt_value, 'none') FROM pragma_table_info('"+table+"')") {
			f := strings.Fields(c)
			value := "'x'"
			switch {
			case f[0] == column:
				value = "1"
			case table == "handoff_hold" && f[0] == "kind":
				value = "''"
			case table == "handoff_hold" && f[0] == "told":
				value = "TRUE"
			case f[2] == "0" && f[3] == "0" || f[4] != "none":
				continue
			case f[1] == "BLOB" || f[1] == "BYTEA":
				value = "x'01'"
			case f[1] != "TEXT":
				value = "1"
			}
			into, values = append(into, f[0]), append(values, value)
		}
		if _, err := store.Writer(db).Exec(fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(into, ", "), strings.Join(values, ", "))); err != nil {
			t.Errorf("%s: %v", table, err)
		}
	}
	if err := db.Tidy(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	for table := range ends {
		if !slices.Contains(names, table) {
			t.Errorf("there is no table %s", table)
		} else if n := count(t, db, table); n > 0 {
			t.Errorf("%s: %d old rows are left", table, n)
		}
	}
	for table := range stays {
		if !slices.Contains(names, table) {
			t.Errorf("there is no table %s", table)
		}
	}
}

// columnsOf gives the only column of a query.
func columnsOf(t *testing.T, db *store.DB, query string) (all []string) {
	t.Helper()
	rows, err := store.Reader(db).Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
