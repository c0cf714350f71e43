package staff

import (
	"fmt"
	"slices"

	"nghe/course"
)

// Role says what somebody does here.
type Role string

// The roles.
const (
	Administrator Role = "administrator"
	Editor        Role = "editor" // of the content
	Officer       Role = "officer"
	Counsellor    Role = "counsellor"
	Viewer        Role = "viewer" // sees counts, no people
)

// Roles are all of them, the widest first.
var Roles = []Role{Administrator, Editor, Officer, Counsellor, Viewer}

// Label is how a role is called.
func (r Role) Label() string {
	return map[Role]string{Administrator: "Quản trị", Editor: "Biên tập nội dung", Officer: "Cán bộ", Counsellor: "Tư vấn viên", Viewer: "Người xem"}[r]
}

// Scope is for whom somebody works: the whole province, an organisation (its
// classes, wherever they are), or communes.
type Scope struct {
	Province bool     `json:"province,omitempty"`
	Org      string   `json:"org,omitempty"`
	Places   []string `json:"places,omitempty"` // ids of content/places.yaml
}

// Where is what an action is about: places, and the organisation whose it is.
// Without places it is about the whole province.
type Where struct {
	Places []string
	Org    string
}

// Holds says whether all of it lies in the scope.
func (s Scope) Holds(w Where) bool {
	switch {
	case s.Province:
		return true
	case s.Org != "" && s.Org == w.Org:
		return true
	case len(w.Places) == 0:
		return false
	}
	for _, p := range w.Places {
		if !slices.Contains(s.Places, p) {
			return false
		}
	}
	return true
}

// Within says whether a scope lies in another.
func (s Scope) Within(outer Scope) bool {
	if outer.Province {
		return true
	}
	if s.Province || s.Org != "" && s.Org != outer.Org {
		return false
	}
	for _, p := range s.Places {
		if !slices.Contains(outer.Places, p) {
			return false
		}
	}
	return s.Org != "" || len(s.Places) > 0
}

// Action is something that a member wants to do.
type Action string

// The actions. What is seen of a class is known to everybody in the province;
// whoever sees a wish sees a name and a telephone number.
const (
	SeeCourses       Action = "course.see"
	EditCourses      Action = "course.edit" // make, change, cancel, import
	SeeInterests     Action = "interest.see"
	EditInterests    Action = "interest.edit"
	ExportInterests  Action = "interest.export" // to a school
	SeeBroadcasts    Action = "broadcast.see"   // counts, no names
	NewBroadcast     Action = "broadcast.new"
	ApproveBroadcast Action = "broadcast.approve"
	StopBroadcast    Action = "broadcast.stop"   // pause, resume, cancel
	UrgentBroadcast  Action = "broadcast.urgent" // passes quiet hours and weekly caps
	SeeRecipients    Action = "broadcast.people" // one by one, call lists
	SeeRules         Action = "rules.see"        // of all that is told unasked, and reminders
	EditRules        Action = "rules.edit"
	EditContent      Action = "content.edit"
	EditOfficeDays   Action = "office.edit" // transaction days of the policy bank
	SeeCases         Action = "case.see"
	TakeCases        Action = "case.take"
	SeeReports       Action = "report.see"
	WriteReports     Action = "report.write"   // difficulties; for the province also who gets them
	SeeFigures       Action = "figures.see"    // counts of all talks, no names
	SeeUnanswered    Action = "unanswered.see" // what people asked, scrubbed
	EditCampaigns    Action = "campaign.edit"  // surveys of what people would learn
	EditStories      Action = "story.edit"     // good examples: see, write, publish, withdraw
	ManageStaff      Action = "staff.manage"
	SeeAudit         Action = "audit.see"
)

// rule is one row of the table.
type rule struct {
	action Action
	roles  []Role
	scoped bool   // only in the member's scope
	own    bool   // or where it is their own, wherever that is
	what   string // as it goes on after “không được”
}

// The table of what may be done. There is no other place that says so.
var rules = []rule{
	{SeeCourses, Roles, false, false, "xem lớp học"},
	{EditCourses, []Role{Administrator, Editor, Officer}, true, false, "thêm hoặc sửa lớp học"},
	{SeeInterests, []Role{Administrator, Officer, Counsellor}, true, false, "xem nguyện vọng của người dân"},
	{EditInterests, []Role{Administrator, Officer, Counsellor}, true, false, "ghi hoặc sửa nguyện vọng"},
	{ExportInterests, []Role{Administrator, Officer}, true, false, "xuất danh sách người đăng ký"},
	{SeeBroadcasts, []Role{Administrator, Editor, Officer, Viewer}, false, false, "xem thông báo"},
	{NewBroadcast, []Role{Administrator, Officer}, true, true, "soạn thông báo"},
	{ApproveBroadcast, []Role{Administrator, Officer}, true, false, "duyệt thông báo"},
	{StopBroadcast, []Role{Administrator, Officer}, true, true, "dừng, gửi tiếp hoặc huỷ thông báo"},
	{UrgentBroadcast, []Role{Administrator}, true, false, "gửi thông báo khẩn"},
	{SeeRecipients, []Role{Administrator, Officer}, true, false, "xem từng người nhận"},
	{SeeRules, []Role{Administrator, Editor, Officer}, false, false, "xem quy định gửi tin và lời nhắc"},
	{EditRules, []Role{Administrator}, true, false, "sửa quy định gửi tin và lời nhắc của tỉnh"},
	{EditContent, []Role{Administrator, Editor}, false, false, "sửa nội dung"},
	{EditOfficeDays, []Role{Administrator, Editor, Officer}, true, false, "sửa ngày giao dịch"},
	{SeeCases, []Role{Administrator, Counsellor}, true, false, "xem ca tư vấn"},
	{TakeCases, []Role{Administrator, Counsellor}, true, false, "nhận ca tư vấn"},
	{SeeReports, []Role{Administrator, Editor, Officer, Viewer}, true, false, "xem báo cáo"},
	{WriteReports, []Role{Administrator, Officer}, true, false, "ghi vào báo cáo"},
	{SeeFigures, []Role{Administrator, Editor, Officer, Viewer}, false, false, "xem số liệu trò chuyện"},
	{SeeUnanswered, []Role{Administrator, Editor}, false, false, "xem câu chưa trả lời được"},
	{EditCampaigns, []Role{Administrator, Officer}, true, false, "mở hoặc sửa đợt khảo sát"},
	{EditStories, []Role{Administrator, Editor, Officer}, true, false, "xem hoặc sửa điển hình"},
	{ManageStaff, []Role{Administrator}, true, false, "quản lý cán bộ"},
	{SeeAudit, []Role{Administrator}, true, false, "xem nhật ký"},
}

// Actions are all there are, in the order of the table.
func Actions() []Action {
	all := make([]Action, len(rules))
	for i, r := range rules {
		all[i] = r.action
	}
	return all
}

// Denied says, in a line of Vietnamese, why somebody may not and what they
// can do.
type Denied struct{ Why string }

func (d *Denied) Error() string { return d.Why }

// Allowed says whether a member may do something there: nil, or a *Denied.
func Allowed(m Member, a Action, w Where) error {
	r, err := permit(m, a)
	if err != nil {
		return err
	}
	if r.scoped && !m.Scope.Holds(w) {
		return &Denied{fmt.Sprintf("Việc này nằm ngoài phạm vi được giao cho anh/chị, nên không được %s ở đó. Cần thì nhờ quản trị mở rộng phạm vi, hoặc nhờ cán bộ phụ trách nơi đó.", r.what)}
	}
	return nil
}

// AllowedOf is Allowed for something that somebody wrote, by their login.
func AllowedOf(m Member, a Action, author string, w Where) error {
	r, err := permit(m, a)
	if err != nil || r.own && author == m.Login {
		return err
	}
	return Allowed(m, a, w)
}

// WhereCourse is where a class is, and whose.
func WhereCourse(c course.Course) Where {
	w := Where{Org: c.Provider}
	if c.Place != "" {
		w.Places = []string{c.Place}
	}
	return w
}

// AllowedSomewhere says whether a member may do something at all: nil, or a
// *Denied. What lies where is asked of Allowed.
func AllowedSomewhere(m Member, a Action) error {
	_, err := permit(m, a)
	return err
}

func permit(m Member, a Action) (rule, error) {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.action == a })
	if i < 0 {
		panic("no rule for action " + string(a))
	}
	r := rules[i]
	switch {
	case m.Off:
		return r, &Denied{"Tài khoản này đã ngừng. Anh/chị nhờ quản trị mở lại nếu còn cần dùng."}
	case !slices.Contains(r.roles, m.Role):
		return r, &Denied{fmt.Sprintf("Vai trò của anh/chị không được %s. Cần thì nhờ quản trị đổi vai trò.", r.what)}
	}
	return r, nil
}
