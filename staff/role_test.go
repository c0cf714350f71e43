package staff_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"nghe/staff"
)

// What each role may do, in the order of staff.Roles: administrator, editor,
// officer, counsellor, viewer. A capital letter is held to the scope.
var table = map[staff.Action]string{
	staff.SeeCourses:       "a e o c v",
	staff.EditCourses:      "A E O - -",
	staff.SeeInterests:     "A - O C -",
	staff.EditInterests:    "A - O C -",
	staff.ExportInterests:  "A - O - -",
	staff.SeeBroadcasts:    "a e o - v",
	staff.NewBroadcast:     "A - O - -",
	staff.ApproveBroadcast: "A - O - -",
	staff.StopBroadcast:    "A - O - -",
	staff.UrgentBroadcast:  "A - - - -",
	staff.SeeRecipients:    "A - O - -",
	staff.SeeRules:         "a e o - -",
	staff.EditRules:        "A - - - -",
	staff.EditContent:      "a e - - -",
	staff.EditOfficeDays:   "A E O - -",
	staff.SeeCases:         "A - - C -",
	staff.TakeCases:        "A - - C -",
	staff.SeeReports:       "A E O - V",
	staff.WriteReports:     "A - O - -",
	staff.SeeFigures:       "a e o - v",
	staff.SeeUnanswered:    "a e - - -",
	staff.EditCampaigns:    "A - O - -",
	staff.EditStories:      "A E O - -",
	staff.ManageStaff:      "A - - - -",
	staff.SeeAudit:         "A - - - -",
}

// Whether a scope holds where something is: here, in a neighbour, in both, of
// the own organisation, of another one, everywhere.
var scopes = []struct {
	name  string
	scope staff.Scope
	holds string
}{
	{"province", staff.Scope{Province: true}, "yyyyyy"},
	{"commune", staff.Scope{Places: []string{"ba-che"}}, "y-----"},
	{"two communes", staff.Scope{Places: []string{"ba-che", "ky-thuong"}}, "yyy---"},
	{"school", staff.Scope{Org: "Trường A"}, "---y--"},
	{"school and commune", staff.Scope{Org: "Trường A", Places: []string{"ba-che"}}, "y--y--"},
	{"nothing", staff.Scope{}, "------"},
}

var wheres = []staff.Where{
	{Places: []string{"ba-che"}}, {Places: []string{"ky-thuong"}}, {Places: []string{"ba-che", "ky-thuong"}},
	{Places: []string{"tien-yen"}, Org: "Trường A"}, {Places: []string{"tien-yen"}, Org: "Trường B"}, {},
}

func TestRoleActionScope(t *testing.T) {
	actions := staff.Actions()
	if len(actions) != len(table) {
		t.Errorf("%d actions, %d in the table of this test", len(actions), len(table))
	}
	for _, action := range actions {
		letters := strings.Fields(table[action])
		for r, role := range staff.Roles {
			for _, s := range scopes {
				for w, where := range wheres {
					m := staff.Member{Role: role, Scope: s.scope}
					want := letters[r] != "-" && (letters[r] == strings.ToLower(letters[r]) || s.holds[w] == 'y')
					err := staff.Allowed(m, action, where)
					if (err == nil) != want {
						t.Errorf("%s of %s %s at %+v: %v, want allowed %v", role, s.name, action, where, err, want)
					}
					var denied *staff.Denied
					if err != nil && (!errors.As(err, &denied) || !strings.Contains(denied.Why, "quản trị")) {
						t.Errorf("%s %s: %v says neither why nor who can help", role, action, err)
					}
					m.Off = true
					if staff.Allowed(m, action, where) == nil {
						t.Errorf("%s who is off may %s", role, action)
					}
				}
			}
			if err := staff.AllowedSomewhere(staff.Member{Role: role}, action); (err == nil) != (letters[r] != "-") {
				t.Errorf("%s %s somewhere: %v", role, action, err)
			}
		}
	}
	if err := staff.Allowed(staff.Member{Role: "king", Scope: staff.Scope{Province: true}}, staff.SeeCourses, staff.Where{}); err == nil {
		t.Error("a role that is none may see courses")
	}
	for _, action := range actions {
		if err := staff.Allowed(staff.Operator, action, staff.Where{}); err != nil {
			t.Errorf("the operator: %s: %v", action, err)
		}
	}
}

func TestScopeWithin(t *testing.T) {
	// Which scope lies in which, as rows of scopes in columns of scopes.
	want := []string{"y-----", "yyy-y-", "y-y---", "y--yy-", "y---y-", "y-----"}
	for i, inner := range scopes {
		for j, outer := range scopes {
			if got := inner.scope.Within(outer.scope); got != (want[i][j] == 'y') {
				t.Errorf("%s within %s: %v", inner.name, outer.name, got)
			}
		}
	}
}

func TestPasswordsThatAreRefused(t *testing.T) {
	for _, bad := range []string{"", "ngan qua", "aaaaaaaaaaaa", "abababababab", "1234567890", "qwertyuiop", "matkhau123456", "lan.bache2026", "xin chào Nguyễn Thị Lan", strings.Repeat("dài ", 60)} {
		if staff.CheckPassword(bad, "lan.bache", "Nguyễn Thị Lan") == "" {
			t.Errorf("%q is taken", bad)
		}
	}
	for _, good := range []string{"hàu suối rừng hồi", "correct horse battery", "Mưa-to-gió-lớn-7"} {
		if what := staff.CheckPassword(good, "lan.bache", "Nguyễn Thị Lan"); what != "" {
			t.Errorf("%q is refused: %s", good, what)
		}
	}
	if got := fmt.Sprint(staff.Scope{Org: "Trường A", Places: []string{"b", "c"}}); got != "Trường A, b, c" {
		t.Error(got)
	}
}

// What somebody wrote they may change and stop wherever its people are; a
// second person's yes they can't give themselves by that.
func TestWhatIsOnesOwn(t *testing.T) {
	officer := staff.Member{Login: "lan", Role: staff.Officer, Scope: staff.Scope{Places: []string{"ba-che"}}}
	viewer := officer
	viewer.Role = staff.Viewer
	for _, c := range []struct {
		who    staff.Member
		action staff.Action
		author string
		place  string
		may    bool
	}{
		{officer, staff.StopBroadcast, "lan", "tien-yen", true},
		{officer, staff.NewBroadcast, "lan", "tien-yen", true},
		{officer, staff.StopBroadcast, "hoa", "tien-yen", false},
		{officer, staff.StopBroadcast, "hoa", "ba-che", true},
		{officer, staff.ApproveBroadcast, "lan", "tien-yen", false},
		{officer, staff.SeeRecipients, "lan", "tien-yen", false},
		{viewer, staff.StopBroadcast, "lan", "ba-che", false},
	} {
		err := staff.AllowedOf(c.who, c.action, c.author, staff.Where{Places: []string{c.place}})
		if (err == nil) != c.may {
			t.Errorf("%s, %s of %s at %s: %v", c.who.Role, c.action, c.author, c.place, err)
		}
	}
}
