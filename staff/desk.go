package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"nghe/bot"
)

// Desk is where staff come in and are looked after.
type Desk struct {
	Records Records
	Now     func() time.Time
	Key     []byte // of the codes for chats; the same in every process
}

// LinkLife is how long a link may wait to be used.
const LinkLife = 7 * 24 * time.Hour

// Wrong says, in Vietnamese, what of an input can't be taken and what to do.
// Field is the name of the field it is about, "" for the whole.
type Wrong struct{ Field, Text string }

func (w *Wrong) Error() string { return w.Text }

func wrong(field, format string, args ...any) error {
	return &Wrong{field, fmt.Sprintf(format, args...)}
}

// token makes a secret to be carried in an address or a cookie, and its hash.
func token() (text string, hash []byte) {
	b := make([]byte, 24)
	rand.Read(b)
	text = base64.RawURLEncoding.EncodeToString(b)
	return text, hashOf(text)
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

func (d Desk) entry(by Member, did, about, detail string) Entry {
	return NewEntry(by, d.Now(), did, about, detail)
}

func about(m Member) string { return "staff:" + m.ID }

var (
	loginShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)
	nameSpaces = regexp.MustCompile(`\s+`)
)

const maxName = 60 // characters

// shaped checks what is told of a member and brings it into form.
func shaped(m Member) (Member, error) {
	m.Login = strings.ToLower(strings.TrimSpace(m.Login))
	m.Name = nameSpaces.ReplaceAllString(strings.TrimSpace(m.Name), " ")
	m.Scope.Org = nameSpaces.ReplaceAllString(strings.TrimSpace(m.Scope.Org), " ")
	slices.Sort(m.Scope.Places)
	m.Scope.Places = slices.Compact(m.Scope.Places)
	if m.Scope.Province {
		m.Scope.Places = nil
	}
	switch {
	case m.Name == "":
		return m, wrong("name", "Anh/chị ghi họ tên.")
	case utf8.RuneCountInString(m.Name) > maxName:
		return m, wrong("name", "Họ tên dài quá %d chữ, anh/chị ghi gọn lại.", maxName)
	case !loginShape.MatchString(m.Login):
		return m, wrong("login", "Tên đăng nhập gồm chữ thường không dấu, số, dấu chấm hoặc gạch, ít nhất 2 ký tự, ví dụ “lan.bache”.")
	case m.Login == Operator.Login:
		return m, wrong("login", "Tên “%s” dành riêng cho máy, anh/chị chọn tên khác.", m.Login)
	case !slices.Contains(Roles, m.Role):
		return m, wrong("role", "Anh/chị chọn một vai trò.")
	case !m.Scope.Province && m.Scope.Org == "" && len(m.Scope.Places) == 0:
		return m, wrong("scope", "Anh/chị chọn phạm vi: toàn tỉnh, một đơn vị, hoặc ít nhất một xã.")
	}
	return m, nil
}

// may says whether a member may manage another, as they are.
func may(by, other Member) error {
	if err := AllowedSomewhere(by, ManageStaff); err != nil {
		return err
	}
	if !other.Scope.Within(by.Scope) {
		return &Denied{"Phạm vi của cán bộ này rộng hơn phạm vi của anh/chị. Việc này cần quản trị cấp trên."}
	}
	return nil
}

// Invite adds a member and gives the token of a link by which they set a
// password. Errors: *Wrong, *Denied.
func (d Desk) Invite(ctx context.Context, by, m Member) (added Member, link string, err error) {
	if m, err = shaped(m); err != nil {
		return m, "", err
	}
	if err := may(by, m); err != nil {
		return m, "", err
	}
	m.ID, m.CreatedAt, m.UpdatedAt = ulid.Make().String(), d.Now(), d.Now()
	m.Password, m.Secret, m.Contact, m.Off = "", "", bot.Contact{}, false
	link, hash := token()
	l := Link{Hash: hash, Member: m.ID, Ends: d.Now().Add(LinkLife)}
	err = d.Records.AddMember(ctx, m, l, d.entry(by, "staff.add", about(m), fmt.Sprintf("%s (%s), %s", m.Name, m.Login, m.Role.Label())))
	return m, link, taken(m, err)
}

func taken(m Member, err error) error {
	if errors.Is(err, ErrTaken) {
		return wrong("login", "Tên đăng nhập “%s” đã có người dùng, anh/chị chọn tên khác.", m.Login)
	}
	return err
}

// Change changes name, role, scope, and whether somebody is off.
func (d Desk) Change(ctx context.Context, by, m Member) error {
	was, err := d.Records.Member(ctx, m.ID)
	switch {
	case err != nil:
		return err
	case was == nil:
		return ErrGone
	}
	m.Login = was.Login
	if m, err = shaped(m); err != nil {
		return err
	}
	if err := may(by, *was); err != nil {
		return err
	}
	if err := may(by, m); err != nil {
		return err
	}
	m.UpdatedAt = d.Now()
	err = d.Records.ChangeMember(ctx, m, d.entry(by, "staff.change", about(m), changes(*was, m)))
	if errors.Is(err, ErrLast) {
		return wrong("role", "Đây là quản trị toàn tỉnh cuối cùng. Anh/chị giao quyền quản trị cho một người khác trước đã.")
	}
	return err
}

// changes tells what is different.
func changes(was, is Member) string {
	var all []string
	if was.Name != is.Name {
		all = append(all, fmt.Sprintf("tên: %s → %s", was.Name, is.Name))
	}
	if was.Role != is.Role {
		all = append(all, fmt.Sprintf("vai trò: %s → %s", was.Role.Label(), is.Role.Label()))
	}
	if a, b := was.Scope.String(), is.Scope.String(); a != b {
		all = append(all, fmt.Sprintf("phạm vi: %s → %s", a, b))
	}
	if was.Off != is.Off {
		all = append(all, map[bool]string{true: "ngừng", false: "mở lại"}[is.Off])
	}
	if all == nil {
		return "không đổi gì"
	}
	return strings.Join(all, "; ")
}

// String writes a scope with ids, for the books.
func (s Scope) String() string {
	var parts []string
	if s.Province {
		parts = append(parts, "toàn tỉnh")
	}
	if s.Org != "" {
		parts = append(parts, s.Org)
	}
	return strings.Join(append(parts, s.Places...), ", ")
}

// NewLink gives a member a new link to set a password, in the place of those
// before.
func (d Desk) NewLink(ctx context.Context, by Member, id string) (link string, err error) {
	m, err := d.Records.Member(ctx, id)
	switch {
	case err != nil:
		return "", err
	case m == nil:
		return "", ErrGone
	case m.Off:
		return "", wrong("", "Tài khoản này đang ngừng. Anh/chị mở lại trước rồi mới tạo liên kết.")
	}
	if err := may(by, *m); err != nil {
		return "", err
	}
	link, hash := token()
	e := d.entry(by, "staff.link", about(*m), "tạo liên kết đặt mật khẩu cho "+m.Name)
	return link, d.Records.PutLink(ctx, Link{Hash: hash, Member: m.ID, Ends: d.Now().Add(LinkLife)}, &e)
}

// FirstLink gives a link that creates the first administrator, "" when there
// is one.
func (d Desk) FirstLink(ctx context.Context) (link string, err error) {
	begun, err := d.Records.Begun(ctx)
	if begun || err != nil {
		return "", err
	}
	link, hash := token()
	return link, d.Records.PutLink(ctx, Link{Hash: hash, Ends: d.Now().Add(LinkLife)}, nil)
}

// Invitation is what an open link is for.
type Invitation struct {
	First  bool
	Member Member // zero for the first administrator
}

// Invitation gives what a link is for; ErrGone when it opens nothing.
func (d Desk) Invitation(ctx context.Context, link string) (Invitation, error) {
	l, err := d.Records.Link(ctx, hashOf(link), d.Now())
	switch {
	case err != nil:
		return Invitation{}, err
	case l == nil:
		return Invitation{}, ErrGone
	case l.Member == "":
		return Invitation{First: true}, nil
	}
	m, err := d.Records.Member(ctx, l.Member)
	switch {
	case err != nil:
		return Invitation{}, err
	case m == nil || m.Off:
		return Invitation{}, ErrGone
	}
	return Invitation{Member: *m}, nil
}

// Accept uses a link up: the password is set, and for the first administrator
// name and login, too.
func (d Desk) Accept(ctx context.Context, link, name, login, password, again string) (Member, error) {
	i, err := d.Invitation(ctx, link)
	if err != nil {
		return Member{}, err
	}
	m, did := i.Member, "staff.password"
	if i.First {
		m = Member{ID: ulid.Make().String(), Name: name, Login: login, Role: Administrator, Scope: Scope{Province: true}, CreatedAt: d.Now()}
		if m, err = shaped(m); err != nil {
			return m, err
		}
		did = "staff.first"
	}
	if err := newPassword(password, again, m); err != nil {
		return m, err
	}
	if m.Password, err = hash(ctx, password); err != nil {
		return m, err
	}
	m.Secret, m.UpdatedAt = "", d.Now()
	err = d.Records.UseLink(ctx, hashOf(link), m, d.entry(m, did, about(m), "đặt mật khẩu bằng liên kết một lần"))
	return m, taken(m, err)
}

func newPassword(password, again string, m Member) error {
	if text := CheckPassword(password, m.Login, m.Name); text != "" {
		return wrong("password", "%s", text)
	}
	if password != again {
		return wrong("again", "Hai lần gõ mật khẩu chưa giống nhau, anh/chị gõ lại.")
	}
	return nil
}
