package console

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/staff"
)

// casePage is the page of one case: what is known first, then the talk, then
// the person.
type casePage struct {
	caseRow
	Form
	Queue   string // its title
	Body    string // in charge, of a complaint
	Left    string // where the talk was left, in words
	Talk    []said
	Last    int // number of the last message
	Who     identity
	Window  window
	May     bool // take it
	Hand    string
	Key     string // of what is sent next
	Put     string // stands in the reply
	To      []option
	CanOpen bool // again
	CanSend bool // files
	Twins   []handoff.Case
}

// Whose hand a case is in, seen by who looks.
const (
	handNobody = "nobody"
	handMine   = "mine"
	handOther  = "other"
	handClosed = "closed"
)

func handOf(k *handoff.Case, m staff.Member) string {
	switch {
	case !k.Open():
		return handClosed
	case k.State == handoff.Waiting:
		return handNobody
	case k.Holder == m.Login:
		return handMine
	}
	return handOther
}

// said is one message as it is shown.
type said struct {
	handoff.Message
	Whose string // who spoke, in words
	Hint  string // what became of it
	Mine  bool   // it names who looks
}

// Coming says whether there will be something to open with it.
func (s said) Coming() bool { return s.Media != nil && s.Media.Ref != "" && s.File == nil }

// Shows says as what a browser shows what came with it: "image", "audio", …
func (s said) Shows() string {
	shows, _, _ := strings.Cut(s.File.Type, "/")
	return shows
}

// identity is who the person is, as far as who looks may know.
type identity struct {
	Name   string // or the mask
	Called string // in an answer; "" when it is not known
	Masked bool
	Phone  string
	Facts  []fact
	Wishes []course.Interest
}

func casePath(id string) string { return "/console/cases/" + url.PathEscape(id) }

// showCase shows a case; that it was read is noted.
func (c *Console) showCase(v *visit) error {
	return c.casePage(v, Form{}, c.page)
}

// casePage shows the case of the path with a form that was refused, or an empty
// one.
func (c *Console) casePage(v *visit, f Form, show func(*visit, string, string, any) error) error {
	if v.FormValue("part") == "hand" {
		return c.handPart(v)
	}
	k, messages, err := c.Cases.Read(v.Context(), v.PathValue("id"), v.me(), c.Now())
	if err != nil {
		return missingCase(err)
	}
	c.seen(v)
	p, err := c.caseOf(v, k)
	if err != nil {
		return err
	}
	p.Form = f
	p.Put = f.Get("text")
	if f.Values == nil {
		if p.Put, err = c.putText(v, k, p.Who.Called, v.FormValue("put")); err != nil {
			return err
		}
	}
	c.fillTalk(v, p, messages)
	return show(v, "case", "Ca "+k.Title(), p)
}

// handPart shows anew whose a case is, for a page that is open.
func (c *Console) handPart(v *visit) error {
	k, err := c.Cases.Show(v.Context(), v.PathValue("id"), v.me(), c.Now())
	if err != nil {
		return missingCase(err)
	}
	p, err := c.caseOf(v, k)
	if err != nil {
		return err
	}
	return c.part(v, "case", "hand", p)
}

// missingCase makes the page of what is not there of a case that is not.
func missingCase(err error) error {
	if errors.Is(err, handoff.ErrNone) {
		return errMissing
	}
	return err
}

// caseOf gathers what a page tells of a case, but for the talk.
func (c *Console) caseOf(v *visit, k *handoff.Case) (*casePage, error) {
	now := c.Now()
	p := &casePage{
		caseRow: c.caseRow(v, *k, now), Queue: c.Cases.QueueOf(k).Title, Hand: handOf(k, v.me()), Key: rand.Text(), May: mayTakeCase(v.me(), k),
		CanOpen: !k.Open() && k.Contact != (bot.Contact{}) && now.Sub(k.ClosedAt) <= handoff.ReopenFor, Window: c.windowOf(k, now),
	}
	for _, b := range c.Library().Bodies {
		if b.ID == k.Body {
			p.Body = b.Name
		}
	}
	var err error
	if p.Who, err = c.identityOf(v, k); err != nil {
		return nil, err
	}
	if p.May && k.Open() {
		if p.To, err = c.transferTo(v, k); err != nil {
			return nil, err
		}
		p.Twins, err = c.Cases.Twins(v.Context(), k, v.me())
	}
	p.CanSend = p.Hand == handMine && c.Cases.Carries != nil && c.Cases.Carries(k.Contact)
	return p, err
}

func (c *Console) fillTalk(v *visit, p *casePage, messages []handoff.Message) {
	for _, m := range messages {
		p.Talk = append(p.Talk, c.saidOf(v, &p.Case, m))
		p.Last = max(p.Last, m.N)
	}
}

// identityOf tells who the person is: masked until the case is in the hand of
// who looks. What they agreed to have kept is
// shown, as it may decide the answer.
func (c *Console) identityOf(v *visit, k *handoff.Case) (identity, error) {
	who := identity{Name: k.Mask(), Masked: true}
	if k.Contact == (bot.Contact{}) {
		return who, nil
	}
	if c.Profile != nil {
		profile, err := c.Profile(v.Context(), k.Contact)
		if err != nil {
			return who, err
		}
		who.Facts = c.profileFacts(profile)
	}
	if k.Holder != v.me().Login {
		return who, nil
	}
	who.Masked = false
	wishes, err := c.Records.Interests(v.Context(), k.Contact)
	if err != nil {
		return who, err
	}
	for _, w := range slices.Backward(wishes) {
		if who.Wishes = append(who.Wishes, w); w.Whom != "" {
			continue // somebody else's name and number
		}
		if who.Called == "" && w.Name != "" {
			who.Name, who.Called = w.Name, w.Name
		}
		if who.Phone == "" {
			who.Phone = w.Phone
		}
	}
	return who, nil
}

// profileFacts tells what a person agreed to have kept.
func (c *Console) profileFacts(profile dialog.Values) []fact {
	var facts []fact
	for _, s := range c.Library().Slots {
		value := profile[s.ID]
		if s.Label == "" || s.Sensitive || !value.Known() {
			continue
		}
		items := value.List()
		if items == nil {
			items = []string{value.String()}
		}
		text := ""
		for i, item := range items {
			if i > 0 {
				text += ", "
			}
			text += c.Library().ValueName(s.ID, item)
		}
		facts = append(facts, fact{s.Label, text})
	}
	return facts
}

// saidOf makes a message to be shown.
func (c *Console) saidOf(v *visit, k *handoff.Case, m handoff.Message) said {
	s := said{Message: m, Whose: map[handoff.From]string{
		handoff.FromPerson: "Người dân", handoff.FromBot: "Bot", handoff.FromCounsellor: m.Name, handoff.FromNote: "Ghi chú của " + m.Name, handoff.FromSystem: "nghe",
	}[m.From]}
	if m.From == handoff.FromNote {
		s.Mine = mentions(m.Text, v.me().Login)
	}
	switch m.State {
	case handoff.Queued:
		s.Hint = "đang gửi"
	case handoff.Sent:
		if s.Hint = "đã gửi"; m.Why == handoff.Twice {
			s.Hint = "đã gửi, có thể tới hai lần"
		}
	case handoff.Doubtful:
		s.Hint = "chưa chắc đã tới, anh/chị hỏi lại người dân"
	case handoff.Failed:
		s.Hint = "không gửi được: " + or(failedWords[m.Why], or(reasonWords[m.Why], handoff.NoFile(m.Why)))
	}
	return s
}

// failedWords are why a counsellor's word did not go, and what can be done.
var failedWords = map[string]string{
	"erased": "người dân đã xoá dữ liệu của mình", "late": "chờ quá lâu, anh/chị gửi lại nếu còn cần",
	"window": "đã quá hạn Zalo cho nhắn, chờ người dân nhắn lại hoặc gọi điện", "blocked": "người dân đã chặn kênh này, chỉ còn cách gọi điện",
	"rate": "kênh đang quá tải, anh/chị gửi lại sau ít phút", "quota": "hết lượt nhắn của kênh, anh/chị gọi điện",
}

// showTalk gives what was said after a message, for a page that is open.
func (c *Console) showTalk(v *visit) error {
	after, _ := strconv.Atoi(v.FormValue("after"))
	k, messages, err := c.Cases.ReadOn(v.Context(), v.PathValue("id"), after, v.me(), c.Now())
	if err != nil {
		return missingCase(err)
	}
	p := &casePage{caseRow: caseRow{Case: *k}}
	c.fillTalk(v, p, messages)
	return c.part(v, "case", "messages", p)
}

// transferTo gives to whom a case may go.
func (c *Console) transferTo(v *visit, k *handoff.Case) ([]option, error) {
	var to []option
	for _, q := range c.Library().Queues {
		if q.ID != k.Queue {
			to = append(to, option{"queue " + q.ID, "Hàng: " + q.Title})
		}
	}
	all, err := c.Desk.Records.Members(v.Context())
	if err != nil {
		return nil, err
	}
	orgs := []string{}
	for _, m := range all {
		if m.Off || staff.AllowedSomewhere(m, staff.TakeCases) != nil {
			continue
		}
		if m.Scope.Org != "" && m.Scope.Org != k.Org && !slices.Contains(orgs, m.Scope.Org) {
			orgs = append(orgs, m.Scope.Org)
		}
		if m.Login != k.Holder && mayTakeCase(m, k) {
			to = append(to, option{"member " + m.Login, "Người: " + m.Name})
		}
	}
	slices.Sort(orgs)
	for _, o := range orgs {
		to = append(to, option{"org " + o, "Đơn vị: " + o})
	}
	return to, nil
}

// doCase does something with the case of the path and shows it again; what is
// refused stands above what was typed. A page that goes on by itself is told in
// a line.
func (c *Console) doCase(v *visit, done string, do func(f *Form, now time.Time) error) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	err = do(&f, c.Now())
	text, refused := refusedCase(err)
	switch {
	case errors.Is(err, handoff.ErrNone):
		return errMissing
	case refused:
		f.note("", text)
	case err != nil:
		return err
	}
	alone := v.Header.Get("X-Part") != ""
	switch {
	case f.Bad() && alone:
		http.Error(v.w, f.first(), http.StatusUnprocessableEntity)
		return nil
	case f.Bad():
		return c.casePage(v, f, c.again)
	case alone:
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return sendOn(v, casePath(v.PathValue("id")), done)
}

// refusedCase says why something can't be done with a case.
func refusedCase(err error) (string, bool) {
	var r *handoff.Refused
	var t *handoff.Taken
	switch {
	case errors.As(err, &r):
		return r.Why, true
	case errors.As(err, &t):
		return t.Error(), true
	}
	return "", false
}

// first gives one thing that is wrong.
func (f Form) first() string {
	for _, text := range f.Wrong {
		return text
	}
	return ""
}
