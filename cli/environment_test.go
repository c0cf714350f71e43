package cli

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Whoever sets ten things wrong is told of ten, and not of one ten times.
func TestAllWrongSettingsAreNamedAtOnce(t *testing.T) {
	wrong := map[string]string{
		"NGHE_LISTEN": "8080", "NGHE_PUBLIC_URL": "nghe.example.vn", "NGHE_SECRET": "short", "NGHE_TRUSTED_PROXIES": "everybody", "NGHE_LINGER": "soon",
		"TELEGRAM_WEBHOOK_SECRET": "x", "TELEGRAM_API": "api", "ZALO_REFRESH_TOKEN": "x", "ZALO_MONTHLY_CAP": "much", "ZALO_BOT_SECRET": "x",
		"ZALO_APP_SECRET_FILE": "/nowhere/at/all", "REDIS_URL_FILE": "/nowhere/at/all",
	}
	var environ []string
	for name, value := range wrong {
		environ = append(environ, name+"="+value)
	}
	_, err := readEnvironment(environ)
	var all settingsError
	if !errors.As(err, &all) {
		t.Fatal(err)
	}
	for name := range wrong {
		if !slices.ContainsFunc(all, func(e error) bool { return strings.HasPrefix(e.Error(), name) }) {
			t.Errorf("%s is not named in\n%v", name, err)
		}
	}
}

// Each secret may stand in a file; one that is empty is no secret.
func TestSecretsComeFromFiles(t *testing.T) {
	dir := t.TempDir()
	full, empty := filepath.Join(dir, "full"), filepath.Join(dir, "empty")
	const word = "https://a-word-as-long-as-secrets-are"
	for file, text := range map[string]string{full: word + "\n", empty: "\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var plain, filed, none []string
	for _, v := range variables {
		switch {
		case v.secret:
			plain, filed, none = append(plain, v.name+"="+word), append(filed, v.name+"_FILE="+full), append(none, v.name+"_FILE="+empty)
		case v.name == "ZALO_APP_ID":
			plain, filed = append(plain, v.name+"=7"), append(filed, v.name+"=7")
		}
	}
	if len(plain) < 10 {
		t.Errorf("%d secrets only", len(plain))
	}
	same := func(a, b []string) {
		t.Helper()
		x, err := readEnvironment(a)
		if err != nil {
			t.Error(err)
		}
		y, err := readEnvironment(b)
		if err != nil {
			t.Error(err)
		}
		x.Warnings, y.Warnings = nil, nil // they name the variable
		if !equal(x, y) {
			t.Errorf("%+v\n%+v", x, y)
		}
	}
	same(plain, filed)
	same(nil, none)
}

func equal(a, b environment) bool {
	return a.RedisURL == b.RedisURL && a.Database == b.Database && a.Secret == b.Secret && a.Telegram == b.Telegram && a.Zalo == b.Zalo && a.ZaloBot == b.ZaloBot
}

// “nghe help serve” explains every variable that has an effect, and no other.
func TestHelpExplainsTheSettings(t *testing.T) {
	for _, v := range variables {
		if named := strings.Contains(serveCommand.help, v.name); named != v.used {
			t.Errorf("%s: has an effect: %v, is explained: %v", v.name, v.used, named)
		}
	}
}
