package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"nghe/bot"
	"nghe/dialog"
	"nghe/people"
	"nghe/staff"
	"nghe/store"
)

func TestStaff(t *testing.T) { onEach(t, staffSuite) }

// office is a desk with a clock that the test turns; by itself it goes on a
// millisecond each time somebody looks at it.
type office struct {
	staff.Desk
	t     *testing.T
	now   time.Time
	looks atomic.Int64
}

func newOffice(t *testing.T, db *store.DB) *office {
	o := &office{t: t, now: noon}
	o.Desk = staff.Desk{Records: db.Staff(), Now: func() time.Time { return o.now.Add(time.Duration(o.looks.Add(1)) * time.Millisecond) }, Key: []byte("key")}
	return o
}

const secret = "hàu suối rừng hồi"

var laptop = staff.From{Address: "10.0.0.1", Agent: "laptop"}

// begin makes the first administrator.
func (o *office) begin() staff.Member {
	o.t.Helper()
	link, err := o.FirstLink(o.t.Context())
	if err != nil || link == "" {
		o.t.Fatalf("first link %q, %v", link, err)
	}
	m, err := o.Accept(o.t.Context(), link, " Trần  Văn An ", "An", secret, secret)
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

// officer invites an officer of Ba Chẽ, who sets a password.
func (o *office) officer(by staff.Member, login string) staff.Member {
	o.t.Helper()
	m, link, err := o.Invite(o.t.Context(), by, staff.Member{Name: "Lò Thị Mẩy", Login: login, Role: staff.Officer, Scope: staff.Scope{Places: []string{"ba-che"}}})
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.Accept(o.t.Context(), link, "", "", secret, secret); err != nil {
		o.t.Fatal(err)
	}
	return m
}

func (o *office) signIn(login, password, code string, from staff.From) (*staff.Session, error) {
	o.t.Helper()
	token, err := o.SignIn(o.t.Context(), login, password, from)
	if need, ok := err.(staff.NeedsCode); ok && code != "" {
		token, err = o.SignInCode(o.t.Context(), need.Ticket, code, from)
	}
	if err != nil {
		return nil, err
	}
	s, err := o.Session(o.t.Context(), token)
	if err != nil || s == nil {
		o.t.Fatalf("session %v, %v", s, err)
	}
	return s, nil
}

// wrongly says whether it is an error for the person, about a field.
func wrongly(err error, field string) bool {
	var w *staff.Wrong
	return errors.As(err, &w) && w.Field == field && strings.HasSuffix(w.Text, ".")
}

func denied(err error) bool {
	var d *staff.Denied
	return errors.As(err, &d)
}

func staffSuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	o := newOffice(t, db)

	// Each start prints a link; with the first that is used all have ended.
	other, err := o.FirstLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	admin := o.begin()
	if admin.Login != "an" || admin.Name != "Trần Văn An" || !admin.Scope.Province {
		t.Errorf("first administrator %+v", admin)
	}
	if _, err := o.Accept(ctx, other, "Người khác", "khac", secret, secret); !errors.Is(err, staff.ErrGone) {
		t.Errorf("another first link: %v", err)
	}
	if link, err := o.FirstLink(ctx); link != "" || err != nil {
		t.Errorf("a first link when there is an administrator: %q, %v", link, err)
	}

	// An invitation is used once, in its time.
	m, link, err := o.Invite(ctx, admin, staff.Member{Name: "Lò Thị Mẩy", Login: "may.bache", Role: staff.Officer, Scope: staff.Scope{Places: []string{"ky-thuong", "ba-che", "ba-che"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.Invite(ctx, admin, staff.Member{Name: "Người khác", Login: "MAY.bache", Role: staff.Viewer, Scope: staff.Scope{Province: true}}); !wrongly(err, "login") {
		t.Errorf("a login that is taken: %v", err)
	}
	if _, err := o.signIn("may.bache", secret, "", laptop); !wrongly(err, "login") {
		t.Errorf("signed in before there was a password: %v", err)
	}
	if _, err := o.Accept(ctx, link, "", "", "ngắn", "ngắn"); !wrongly(err, "password") {
		t.Errorf("a short password: %v", err)
	}
	if _, err := o.Accept(ctx, link, "", "", secret, secret+"x"); !wrongly(err, "again") {
		t.Errorf("two passwords: %v", err)
	}
	o.now = noon.Add(staff.LinkLife)
	if _, err := o.Accept(ctx, link, "", "", secret, secret); !errors.Is(err, staff.ErrGone) {
		t.Errorf("a link that has ended: %v", err)
	}
	o.now = noon
	var wg sync.WaitGroup
	won := make(chan bool, 4)
	for range cap(won) {
		wg.Go(func() { _, err := o.Accept(ctx, link, "", "", secret, secret); won <- err == nil })
	}
	wg.Wait()
	close(won)
	n := 0
	for w := range won {
		if w {
			n++
		}
	}
	if n != 1 {
		t.Errorf("a link was used %d times", n)
	}
	s, err := o.signIn(" MAY.bache", secret, "", laptop)
	if err != nil || s.Member.ID != m.ID || !slices.Equal(s.Member.Scope.Places, []string{"ba-che", "ky-thuong"}) || s.Agent != "laptop" {
		t.Fatalf("%+v, %v", s, err)
	}

	t.Run("sessions", func(t *testing.T) { staffSessions(t, o, *s) })
	t.Run("limits", func(t *testing.T) { staffLimits(t, o, admin) })
	t.Run("codes", func(t *testing.T) { staffCodes(t, o, admin) })
	t.Run("management", func(t *testing.T) { staffManagement(t, o, admin) })
	t.Run("chat", func(t *testing.T) { staffChat(t, o, db, admin) })

	entries, err := db.Staff().Entries(ctx, staff.Query{Limit: 1000})
	if err != nil || entries[len(entries)-1].Did != "staff.first" {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	for _, e := range entries {
		if e.Did == "" || e.About == "" || e.Member == "" || e.Detail == "" || e.At.Before(noon) {
			t.Errorf("entry %+v", e)
		}
	}
	mine, err := db.Staff().Entries(ctx, staff.Query{Member: m.ID, Did: "session.", About: "staff:" + m.ID, Before: entries[0].ID, Limit: 1})
	if err != nil || len(mine) != 1 || mine[0].Member != m.ID || mine[0].Did != "session.end" {
		t.Errorf("%+v, %v", mine, err)
	}
}

func staffSessions(t *testing.T, o *office, s staff.Session) {
	ctx := t.Context()
	phone, err := o.signIn(s.Member.Login, secret, "", staff.From{Address: "10.0.0.2", Agent: "phone"})
	if err != nil {
		t.Fatal(err)
	}
	count := func(want int) {
		t.Helper()
		all, err := o.Records.Sessions(ctx, s.Member.ID, o.now)
		if err != nil || len(all) != want {
			t.Errorf("%d sessions, %v, want %d", len(all), err, want)
		}
	}
	count(2)
	// Nobody ends a session that is not theirs.
	if err := o.EndSession(ctx, staff.Session{Member: staff.Member{ID: "x", Name: "x"}}, phone.ID); err != nil {
		t.Error(err)
	}
	count(2)
	if err := o.EndSession(ctx, s, phone.ID); err != nil {
		t.Error(err)
	}
	count(1)
	if _, err := o.signIn(s.Member.Login, secret, "", laptop); err != nil {
		t.Error(err)
	}
	if err := o.EndOthers(ctx, s); err != nil {
		t.Error(err)
	}
	count(1)

	// It ends by itself, later when it is used, but not for ever.
	token, err := o.SignIn(ctx, s.Member.Login, secret, laptop)
	if err != nil {
		t.Fatal(err)
	}
	began := o.now
	defer func() { o.now = began }()
	days := 0
	for ; days < 100; days++ {
		if x, err := o.Session(ctx, token); err != nil || x == nil {
			break
		}
		o.now = o.now.AddDate(0, 0, 1)
	}
	if days != 30 {
		t.Errorf("a session that is used daily ended after %d days", days)
	}
	o.now = began
	if token, err = o.SignIn(ctx, s.Member.Login, secret, laptop); err != nil {
		t.Fatal(err)
	}
	o.now = o.now.AddDate(0, 0, 3)
	if x, err := o.Session(ctx, token); err != nil || x != nil {
		t.Errorf("a session that nobody used for 3 days: %v, %v", x, err)
	}
	o.now = began

	// With another password the other sessions end.
	s2, err := o.signIn(s.Member.Login, secret, "", laptop)
	if err != nil {
		t.Fatal(err)
	}
	const next = "mưa to gió lớn"
	if err := o.ChangePassword(ctx, *s2, "sai rồi sai rồi", next, next); !wrongly(err, "old") {
		t.Errorf("a wrong old password: %v", err)
	}
	if err := o.ChangePassword(ctx, *s2, secret, next, next); err != nil {
		t.Error(err)
	}
	count(1)
	if _, err := o.signIn(s.Member.Login, secret, "", laptop); !wrongly(err, "login") {
		t.Errorf("the old password: %v", err)
	}
	if s2, err = o.signIn(s.Member.Login, next, "", laptop); err != nil {
		t.Error(err)
	} else if err := o.SignOut(ctx, *s2); err != nil {
		t.Error(err)
	}
	count(1)
	for _, forged := range []string{"", "x", token + "x"} {
		if x, err := o.Session(ctx, forged); x != nil || err != nil {
			t.Errorf("token %q: %v, %v", forged, x, err)
		}
	}
}

func staffLimits(t *testing.T, o *office, admin staff.Member) {
	began := o.now
	defer func() { o.now = began }()
	thief := staff.From{Address: "203.0.113.7"}
	for i := range 5 {
		if _, err := o.signIn("an", fmt.Sprint("đoán bừa ", i), "", thief); !wrongly(err, "login") {
			t.Errorf("wrong password %d: %v", i, err)
		}
	}
	if _, err := o.signIn("an", secret, "", thief); !wrongly(err, "") {
		t.Errorf("after five wrong tries: %v", err)
	}
	if _, err := o.signIn("an", secret, "", laptop); err != nil {
		t.Errorf("the owner, elsewhere: %v", err)
	}
	if _, err := o.signIn("ai-do", "gì cũng được", "", thief); !wrongly(err, "login") {
		t.Errorf("an unknown login: %v", err)
	}
	for i := range 36 {
		_, _ = o.SignIn(t.Context(), fmt.Sprint("nguoi-", i), "x", thief)
	}
	if _, err := o.signIn("nguoi-99", secret, "", thief); !wrongly(err, "") {
		t.Errorf("after many logins of one address: %v", err)
	}
	o.now = o.now.Add(staff.TriesTime)
	if _, err := o.signIn("an", secret, "", thief); err != nil {
		t.Errorf("a quarter of an hour later: %v", err)
	}
}

func staffCodes(t *testing.T, o *office, admin staff.Member) {
	ctx := t.Context()
	began := o.now
	defer func() { o.now = began }()
	m := o.officer(admin, "codes")
	key, err := staff.NewSecret(m.Login)
	if err != nil {
		t.Fatal(err)
	}
	now := func(after time.Duration) string {
		code, err := totp.GenerateCode(key.Secret(), o.now.Add(after))
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	if err := o.BeginCodes(ctx, m, key.Secret(), "000000"); !wrongly(err, "code") {
		t.Errorf("a wrong first code: %v", err)
	}
	if _, err := o.signIn("codes", secret, "", laptop); err != nil {
		t.Errorf("codes are not in use yet: %v", err)
	}
	first := now(0)
	if err := o.BeginCodes(ctx, m, key.Secret(), first[:3]+" "+first[3:]); err != nil {
		t.Fatal(err)
	}
	_, err = o.signIn("codes", secret, "", laptop)
	if _, ok := err.(staff.NeedsCode); !ok {
		t.Errorf("without a code: %v", err)
	}
	if _, err := o.signIn("codes", secret, first, laptop); !wrongly(err, "code") {
		t.Errorf("a code that was used: %v", err)
	}
	o.now = o.now.Add(30 * time.Second)
	if _, err := o.signIn("codes", secret, now(-5*time.Minute), laptop); !wrongly(err, "code") {
		t.Errorf("a code of five minutes ago: %v", err)
	}
	s, err := o.signIn("codes", secret, now(0), laptop)
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.SignIn(ctx, "codes", secret, laptop)
	need, _ := err.(staff.NeedsCode)
	o.now = o.now.Add(30 * time.Second)
	parts := strings.Split(need.Ticket, ".")
	for _, forged := range []string{"", "x", admin.ID + "." + parts[1] + "." + parts[2], parts[0] + "." + parts[1] + "0." + parts[2]} {
		if _, err := o.SignInCode(ctx, forged, now(0), laptop); !errors.Is(err, staff.ErrGone) {
			t.Errorf("ticket %q: %v", forged, err)
		}
	}
	for range 5 {
		if _, err := o.SignInCode(ctx, need.Ticket, "000000", laptop); !wrongly(err, "code") {
			t.Errorf("a wrong code: %v", err)
		}
	}
	if _, err := o.SignInCode(ctx, need.Ticket, now(0), laptop); !wrongly(err, "") {
		t.Errorf("after five wrong codes: %v", err)
	}
	o.now = o.now.Add(5 * time.Minute)
	if _, err := o.SignInCode(ctx, need.Ticket, now(0), laptop); !errors.Is(err, staff.ErrGone) {
		t.Errorf("a ticket after its time: %v", err)
	}
	if err := o.EndCodes(ctx, s.Member, "không phải"); !wrongly(err, "old") {
		t.Errorf("ended without the password: %v", err)
	}
	if err := o.EndCodes(ctx, s.Member, secret); err != nil {
		t.Error(err)
	}
	if _, err := o.signIn("codes", secret, "", laptop); err != nil {
		t.Errorf("codes are not in use any more: %v", err)
	}
}

func staffManagement(t *testing.T, o *office, admin staff.Member) {
	ctx := t.Context()
	// The last one who can manage the others can't go.
	last := admin
	last.Off = true
	if err := o.Change(ctx, admin, last); !wrongly(err, "role") {
		t.Errorf("the last administrator goes: %v", err)
	}
	last.Off, last.Role = false, staff.Officer
	if err := o.Change(ctx, admin, last); !wrongly(err, "role") {
		t.Errorf("the last administrator becomes an officer: %v", err)
	}

	m := o.officer(admin, "managed")
	s, err := o.signIn("managed", secret, "", laptop)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Change(ctx, s.Member, m); !denied(err) {
		t.Errorf("an officer changes themself: %v", err)
	}
	if _, _, err := o.Invite(ctx, s.Member, staff.Member{Name: "B", Login: "bb", Role: staff.Viewer, Scope: m.Scope}); !denied(err) {
		t.Errorf("an officer invites: %v", err)
	}
	local := staff.Member{ID: "local", Name: "Quản trị xã", Role: staff.Administrator, Scope: staff.Scope{Places: []string{"ba-che"}}}
	if _, err := o.NewLink(ctx, local, admin.ID); !denied(err) {
		t.Errorf("an administrator of a commune opens the account of the province: %v", err)
	}
	wider := m
	wider.Scope = staff.Scope{Province: true}
	if err := o.Change(ctx, local, wider); !denied(err) {
		t.Errorf("an administrator of a commune gives away the province: %v", err)
	}
	if _, err := o.NewLink(ctx, local, m.ID); err != nil {
		t.Errorf("an administrator helps their own officer: %v", err)
	}
	// Who is off is out at once.
	m.Off = true
	if err := o.Change(ctx, admin, m); err != nil {
		t.Fatal(err)
	}
	if all, err := o.Records.Sessions(ctx, m.ID, o.now); len(all) != 0 || err != nil {
		t.Errorf("sessions of who is off: %v, %v", all, err)
	}
	if _, err := o.signIn("managed", secret, "", laptop); !wrongly(err, "login") {
		t.Errorf("who is off signs in: %v", err)
	}
	if _, err := o.NewLink(ctx, admin, m.ID); !wrongly(err, "") {
		t.Errorf("a link for who is off: %v", err)
	}
	m.Off, m.Name = false, "Tên mới"
	if err := o.Change(ctx, admin, m); err != nil {
		t.Error(err)
	}
	entries, err := o.Records.Entries(ctx, staff.Query{About: "staff:" + m.ID, Limit: 1})
	if err != nil || len(entries) != 1 || entries[0].Detail != "tên: Lò Thị Mẩy → Tên mới; mở lại" || entries[0].Name != admin.Name {
		t.Errorf("%+v, %v", entries, err)
	}
	if err := o.Change(ctx, admin, staff.Member{ID: "nobody"}); !errors.Is(err, staff.ErrGone) {
		t.Errorf("nobody changes: %v", err)
	}
	for field, bad := range map[string]staff.Member{
		"name": {Login: "x1", Role: staff.Viewer, Scope: m.Scope}, "login": {Name: "X", Login: "có dấu", Role: staff.Viewer, Scope: m.Scope},
		"role": {Name: "X", Login: "x1", Role: "king", Scope: m.Scope}, "scope": {Name: "X", Login: "x1", Role: staff.Viewer},
	} {
		if _, _, err := o.Invite(ctx, admin, bad); !wrongly(err, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func staffChat(t *testing.T, o *office, db *store.DB, admin staff.Member) {
	ctx := t.Context()
	m, c := o.officer(admin, "chats"), somebody()
	turn := 0
	send := func(c bot.Contact, code string, at time.Time) string {
		t.Helper()
		turn++
		v, err := o.Effects()[staff.EffectLink](ctx, bot.Asked{Contact: c, Turn: fmt.Sprint("staff ", turn), At: at.Add(time.Duration(o.looks.Load()) * time.Millisecond), Slots: dialog.Values{"staff_code": dialog.Text(code)}})
		if err != nil {
			t.Fatal(err)
		}
		if v["staff_linked"].Text() == staff.Linked && v["staff_name"].Text() != m.Name {
			t.Errorf("linked to %q", v["staff_name"].Text())
		}
		return v["staff_linked"].Text()
	}
	code, err := o.ChatCode(ctx, m)
	if err != nil || len(code) != len("1234 5678") {
		t.Fatalf("code %q, %v", code, err)
	}
	if got := send(c, code, o.now.Add(staff.CodeLife+time.Minute)); got != staff.WrongCode {
		t.Errorf("after its time: %s", got)
	}
	if got := send(c, "mã "+code+" ạ", o.now); got != staff.Linked {
		t.Errorf("in its time: %s", got)
	}
	if got := send(somebody(), code, o.now); got != staff.WrongCode {
		t.Errorf("once more: %s", got)
	}
	who := func(c bot.Contact) string {
		t.Helper()
		m, err := o.ByChat(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		if m == nil {
			return ""
		}
		return m.ID
	}
	if who(c) != m.ID || who(somebody()) != "" || who(bot.Contact{}) != "" {
		t.Errorf("chats of %q, %q, %q", who(c), who(somebody()), who(bot.Contact{}))
	}
	guesser := somebody()
	for range staff.WrongTries {
		send(guesser, "1", o.now)
	}
	if code, err = o.ChatCode(ctx, m); err != nil {
		t.Fatal(err)
	}
	if got := send(guesser, code, o.now); got != staff.TooManyCodes {
		t.Errorf("after many wrong ones: %s", got)
	}
	if err := o.Unlink(ctx, m); err != nil || who(c) != "" {
		t.Errorf("unlinked: %v, still %q", err, who(c))
	}
	// Who has themself erased in the chat is not known there as staff either.
	if got := send(c, code, o.now); got != staff.Linked || who(c) != m.ID {
		t.Errorf("linked anew: %s", got)
	}
	if err := (people.Book{Records: db.People([]byte("key"))}).Delete(context.WithoutCancel(ctx), c, o.now); err != nil || who(c) != "" {
		t.Errorf("erased: %v, still %q", err, who(c))
	}
}
