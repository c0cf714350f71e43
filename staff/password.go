package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// cost is what a hash takes: OWASP's argon2id with 19 MiB, 25 to 50 ms here.
type cost struct {
	memory uint32 // KiB
	time   uint32
	lanes  uint8
}

var present = cost{memory: 19 * 1024, time: 2, lanes: 1}

// hashing holds a place for each hash that is made at a time: with 19 MiB
// each, a crowd at the door must not fill a small machine.
var hashing = make(chan struct{}, 2)

const (
	saltBytes = 16
	hashBytes = 32
)

// hash makes the hash of a password.
func hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	sum, err := derive(ctx, password, salt, present)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, present.memory, present.time, present.lanes, enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

func derive(ctx context.Context, password string, salt []byte, c cost) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.time, c.memory, c.lanes, hashBytes), nil
}

// matches says whether a hash is of the password, and whether it should be
// made anew because what it costs has changed.
func matches(ctx context.Context, hashed, password string) (ok, old bool, err error) {
	parts := strings.Split(hashed, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, false, errors.New("a password is kept in a form that is not known")
	}
	var version int
	var c cost
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, false, fmt.Errorf("argon2 version %q is not known", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.lanes); err != nil {
		return false, false, fmt.Errorf("cost %q: %w", parts[3], err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, false, err
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, false, err
	}
	got, err := derive(ctx, password, salt, c)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, c != present, nil
}

// nobody is a hash that costs what others cost, so that an unknown login takes
// as long as a known one.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Bounds of a password, in characters.
const (
	minPassword = 10
	maxPassword = 200
)

// CheckPassword says in Vietnamese what is wrong with a new password, "" when
// nothing is. Long and one's own is what counts; signs and digits do not.
func CheckPassword(password, login, name string) string {
	n := utf8.RuneCountInString(password)
	folded := strings.ToLower(norm.NFC.String(password))
	distinct := map[rune]bool{}
	for _, r := range folded {
		distinct[r] = true
	}
	switch {
	case n < minPassword:
		return fmt.Sprintf("Mật khẩu cần ít nhất %d ký tự. Dễ nhớ nhất là ghép bốn, năm từ không liên quan nhau.", minPassword)
	case n > maxPassword:
		return fmt.Sprintf("Mật khẩu dài quá %d ký tự, anh/chị chọn câu ngắn hơn.", maxPassword)
	case len(distinct) < 5:
		return "Mật khẩu lặp đi lặp lại vài ký tự nên dễ đoán. Anh/chị ghép vài từ khác nhau."
	case login != "" && strings.Contains(folded, login), name != "" && strings.Contains(folded, strings.ToLower(norm.NFC.String(name))):
		return "Mật khẩu có chứa tên của anh/chị nên dễ đoán. Anh/chị chọn câu khác."
	case strings.Contains("01234567890123456789 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm", folded), strings.Contains(folded, "matkhau"), strings.Contains(folded, "password"), strings.Contains(folded, "12345678"):
		return "Mật khẩu này nhiều người dùng nên dễ đoán. Anh/chị ghép vài từ của riêng mình."
	}
	return ""
}
