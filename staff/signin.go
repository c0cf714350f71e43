package staff

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// TriesTime is for how long a try counts.
const TriesTime = 15 * time.Minute

// Wrong tries are counted by login and address, by login alone (many
// addresses, one victim) and by address alone (one address, many victims; an
// office may stand behind one).
const (
	triesBoth      = 5
	triesLogin     = 30
	triesAddress   = 40
	tooManyTries   = "Đã gõ sai nhiều lần quá. Anh/chị chờ 15 phút rồi thử lại; quên mật khẩu thì nhờ quản trị tạo liên kết mới."
	wrongSignIn    = "Tên đăng nhập hoặc mật khẩu chưa đúng. Anh/chị gõ lại; quên mật khẩu thì nhờ quản trị tạo liên kết mới."
	wrongOneTime   = "Mã 6 số chưa đúng hoặc đã dùng. Anh/chị mở ứng dụng xác thực, gõ mã đang hiện."
	issuer         = "nghe"
	codePeriod     = 30 // seconds, RFC 6238
	codesAccepted  = 1  // steps before and after: clocks of phones differ
	oneTimeLetters = otp.DigitsSix
)

// From tells from where somebody signs in.
type From struct{ Address, Agent string }

// NeedsCode says that the password was right and a one-time code is wanted. The
// ticket says so to SignInCode, for a few minutes.
type NeedsCode struct{ Ticket string }

func (NeedsCode) Error() string {
	return "Tài khoản này dùng thêm mã 6 số. Anh/chị mở ứng dụng xác thực, gõ mã đang hiện."
}

// SignIn gives the token of a new session. Errors: *Wrong; NeedsCode.
func (d Desk) SignIn(ctx context.Context, login, password string, from From) (token string, err error) {
	login = strings.ToLower(strings.TrimSpace(login))
	if !loginShape.MatchString(login) || len(password) > 4*maxPassword {
		return "", wrong("login", wrongSignIn)
	}
	keys := []string{"both:" + login + " " + from.Address, "login:" + login, "address:" + from.Address}
	try, err := d.try(ctx, keys, triesBoth, triesLogin, triesAddress)
	if err != nil {
		return "", err
	}
	m, err := d.Records.MemberByLogin(ctx, login)
	if err != nil {
		return "", err
	}
	hashed := nobody
	if m != nil && !m.Off && m.Password != "" {
		hashed = m.Password
	}
	ok, old, err := matches(ctx, hashed, password)
	switch {
	case err != nil:
		return "", err
	case !ok || hashed == nobody:
		return "", wrong("login", wrongSignIn)
	}
	if old {
		if fresh, err := hash(ctx, password); err == nil {
			if err := d.Records.Rehash(ctx, m.ID, m.Password, fresh); err != nil {
				return "", err
			}
		}
	}
	if err := d.Records.ForgetTries(ctx, try, keys[0]); err != nil {
		return "", err
	}
	if m.Secret != "" {
		ends := strconv.FormatInt(d.Now().Add(ticketLife).Unix(), 10)
		return "", NeedsCode{strings.Join([]string{m.ID, ends, d.ticket(*m, ends)}, ".")}
	}
	return d.open(ctx, *m, from)
}

// ticketLife is for looking up a one-time code.
const ticketLife = 5 * time.Minute

// ticket signs that somebody knew a member's password. With another password
// or secret it is worth nothing.
func (d Desk) ticket(m Member, ends string) string {
	h := hmac.New(sha256.New, d.Key)
	fmt.Fprintf(h, "staff ticket\x00%s\x00%s\x00%s\x00%s", m.ID, ends, m.Password, m.Secret)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// SignInCode gives the token of a new session to who has a ticket and a code.
// Errors: *Wrong, ErrGone when the ticket is worth nothing (any more).
func (d Desk) SignInCode(ctx context.Context, ticket, code string, from From) (token string, err error) {
	parts := strings.Split(ticket, ".")
	if len(parts) != 3 {
		return "", ErrGone
	}
	ends, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || d.Now().Unix() >= ends {
		return "", ErrGone
	}
	m, err := d.Records.Member(ctx, parts[0])
	switch {
	case err != nil:
		return "", err
	case m == nil || m.Off || m.Secret == "" || !hmac.Equal([]byte(d.ticket(*m, parts[1])), []byte(parts[2])):
		return "", ErrGone
	}
	key := "code:" + m.ID
	try, err := d.try(ctx, []string{key}, triesBoth)
	if err != nil {
		return "", err
	}
	if err := d.useCode(ctx, m.ID, m.Secret, code); err != nil {
		return "", err
	}
	if err := d.Records.ForgetTries(ctx, try, key); err != nil {
		return "", err
	}
	return d.open(ctx, *m, from)
}

// try notes a try under each key and refuses it when there are more than so
// many. It is noted before it is looked at, and forgotten when it was right: of
// a thousand tries at the same moment few are looked at.
func (d Desk) try(ctx context.Context, keys []string, most ...int) (id string, err error) {
	id = ulid.Make().String()
	if err := d.Records.NoteTries(ctx, id, d.Now(), keys...); err != nil {
		return "", err
	}
	for i, key := range keys {
		n, err := d.Records.Tries(ctx, key, d.Now().Add(-TriesTime))
		if err != nil {
			return "", err
		}
		if n > most[i] {
			return "", wrong("", tooManyTries)
		}
	}
	return id, nil
}

// useCode takes a one-time code, once.
func (d Desk) useCode(ctx context.Context, member, secret, code string) error {
	step, ok := stepOf(secret, code, d.Now())
	if ok {
		var err error
		if ok, err = d.Records.UseStep(ctx, member, step); err != nil {
			return err
		}
	}
	if !ok {
		return wrong("code", wrongOneTime)
	}
	return nil
}

// stepOf gives the step of time that a code is of.
func stepOf(secret, code string, now time.Time) (int64, bool) {
	code = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
	for skew := -codesAccepted; skew <= codesAccepted; skew++ {
		at := now.Add(time.Duration(skew) * codePeriod * time.Second)
		ok, err := totp.ValidateCustom(code, secret, at, totp.ValidateOpts{Period: codePeriod, Digits: oneTimeLetters, Algorithm: otp.AlgorithmSHA1})
		if err == nil && ok {
			return at.Unix() / codePeriod, true
		}
	}
	return 0, false
}

// NewSecret makes a secret of one-time codes, not yet in use.
func NewSecret(login string) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: login})
}

// SecretKey gives the key of a secret that NewSecret made.
func SecretKey(login, secret string) (*otp.Key, error) {
	return otp.NewKeyFromURL("otpauth://totp/" + issuer + ":" + login + "?secret=" + secret + "&issuer=" + issuer + "&period=30&digits=6&algorithm=SHA1")
}

// BeginCodes takes one-time codes into use: the first code shows that the
// app has the secret.
func (d Desk) BeginCodes(ctx context.Context, m Member, secret, code string) error {
	step, ok := stepOf(secret, code, d.Now())
	if !ok {
		return wrong("code", wrongOneTime)
	}
	if err := d.Records.SetSecret(ctx, m.ID, secret, d.entry(m, "staff.codes", about(m), "bật mã xác thực 6 số")); err != nil {
		return err
	}
	_, err := d.Records.UseStep(ctx, m.ID, step)
	return err
}

// EndCodes ends the use of one-time codes; the password says that it is they.
func (d Desk) EndCodes(ctx context.Context, m Member, password string) error {
	if err := d.prove(ctx, m, password); err != nil {
		return err
	}
	return d.Records.SetSecret(ctx, m.ID, "", d.entry(m, "staff.codes", about(m), "tắt mã xác thực 6 số"))
}

// prove asks for the password again. Wrong ones count as at the door.
func (d Desk) prove(ctx context.Context, m Member, password string) error {
	key := "prove:" + m.ID
	try, err := d.try(ctx, []string{key}, triesBoth)
	if err != nil {
		return err
	}
	ok, _, err := matches(ctx, m.Password, password)
	switch {
	case err != nil:
		return err
	case !ok:
		return wrong("old", "Mật khẩu đang dùng chưa đúng, anh/chị gõ lại.")
	}
	return d.Records.ForgetTries(ctx, try, key)
}

// ChangePassword sets another password and ends all other sessions.
func (d Desk) ChangePassword(ctx context.Context, s Session, old, password, again string) error {
	m := s.Member
	if err := newPassword(password, again, m); err != nil {
		return err
	}
	if err := d.prove(ctx, m, old); err != nil {
		return err
	}
	hashed, err := hash(ctx, password)
	if err != nil {
		return err
	}
	return d.Records.SetPassword(ctx, m.ID, hashed, s.Hash, d.entry(m, "staff.password", about(m), "đổi mật khẩu"))
}
