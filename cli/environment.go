package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// environment is the settings that come from variables.
type environment struct {
	Listen    string
	PublicURL string // without a slash at the end; "" = as listened on
	Data      string // folder
	Content   string // folder of overrides, "" = none
	RedisURL  string // "" = with the records
	Database  string // address of PostgreSQL, "" = a file in Data
	Secret    string // "" = made and kept with the records
	Linger    time.Duration
	Proxies   []netip.Prefix
	Telegram  telegramSettings
	Zalo      zaloSettings
	ZaloBot   zaloBotSettings
	// Warnings are settings that have no effect.
	Warnings []string
}

// telegramSettings open the channel when there is a token; with a secret
// Telegram comes to us, else we ask it.
type telegramSettings struct{ Token, API, Secret string }

// zaloSettings open the official account when there is an app.
type zaloSettings struct {
	AppID, AppSecret, OASecret, RefreshToken, API, OAuth string
	MonthlyCap                                           int64 // đồng for templates; 0 = none is sent
}

// zaloBotSettings are those of the Zalo Bot Platform.
type zaloBotSettings struct{ Token, API, Secret string }

// The variables of nghe: whether the value is a secret that may also stand in
// a file, and whether this version uses it.
var variables = []struct {
	name         string
	secret, used bool
}{
	{"NGHE_LISTEN", false, true},
	{"NGHE_PUBLIC_URL", false, true},
	{"NGHE_DATA", false, true},
	{"NGHE_CONTENT", false, true},
	{"REDIS_URL", true, true},
	{"DATABASE_URL", true, true},
	{"NGHE_TRUSTED_PROXIES", false, true},
	{"NGHE_LINGER", false, true},
	{"NGHE_OPERATOR_KEY", true, false},
	{"TELEGRAM_TOKEN", true, true},
	{"TELEGRAM_API", false, true},
	{"TELEGRAM_WEBHOOK_SECRET", true, true},
	{"ZALO_APP_ID", false, true},
	{"ZALO_APP_SECRET", true, true},
	{"ZALO_OA_SECRET", true, true},
	{"ZALO_REFRESH_TOKEN", true, true},
	{"ZALO_MONTHLY_CAP", false, true},
	{"ZALO_API", false, true},
	{"ZALO_OAUTH", false, true},
	{"ZALO_BOT_TOKEN", true, true},
	{"ZALO_BOT_SECRET", true, true},
	{"ZALO_BOT_API", false, true},
	{"NGHE_SECRET", true, true},
}

// settingsError is everything that is wrong with the settings, so that who
// mends them does not have to start once for each.
type settingsError []error

func (e settingsError) Error() string { return errors.Join(e...).Error() }

// readEnvironment reads the variables. The error is a settingsError; each of its
// parts names a variable.
func readEnvironment(environ []string) (environment, error) {
	var wrong settingsError
	check := func(err error) {
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	set := map[string]string{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		set[name] = value
	}
	var e environment
	values := map[string]string{}
	known := map[string]bool{}
	for _, v := range variables {
		known[v.name] = true
		value := set[v.name]
		if v.secret {
			known[v.name+"_FILE"] = true
			var err error
			value, err = secretValue(v.name, value, set[v.name+"_FILE"])
			check(err)
		}
		values[v.name] = strings.TrimSpace(value)
		if value != "" && !v.used {
			e.Warnings = append(e.Warnings, v.name+" is set, but this version does not have what it is for yet")
		}
	}
	for name := range set {
		if strings.HasPrefix(name, "NGHE_") && !known[name] {
			e.Warnings = append(e.Warnings, name+" is not a variable of nghe: see “nghe help serve”")
		}
	}
	slices.Sort(e.Warnings)

	e.Listen = or(values["NGHE_LISTEN"], "127.0.0.1:8080")
	if _, _, err := net.SplitHostPort(e.Listen); err != nil {
		check(fmt.Errorf("NGHE_LISTEN %q is no address: give host:port, for example 127.0.0.1:8080", e.Listen))
	}
	e.PublicURL = strings.TrimRight(values["NGHE_PUBLIC_URL"], "/")
	if e.PublicURL != "" && !isAddress(e.PublicURL) {
		check(fmt.Errorf("NGHE_PUBLIC_URL %q is no address: give, for example, https://nghe.example.vn", e.PublicURL))
	}
	e.Data = or(values["NGHE_DATA"], "./data")
	e.Content = values["NGHE_CONTENT"]
	e.RedisURL, e.Database = values["REDIS_URL"], values["DATABASE_URL"]
	e.Secret = values["NGHE_SECRET"]
	if e.Secret != "" && len(e.Secret) < 16 {
		check(errors.New("NGHE_SECRET is shorter than 16 characters: give a long random one, or unset it to have one made"))
	}
	var err error
	if e.Linger, err = time.ParseDuration(or(values["NGHE_LINGER"], "0s")); err != nil || e.Linger < 0 || e.Linger > time.Minute {
		check(fmt.Errorf("NGHE_LINGER %q is no time: give at most a minute, for example 4s", values["NGHE_LINGER"]))
	}
	e.readChannels(values, check)
	e.Proxies, err = readProxies(values["NGHE_TRUSTED_PROXIES"])
	check(err)
	if len(wrong) > 0 {
		return e, wrong
	}
	return e, nil
}

// isAddress says whether a text is the address of a web server.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// readChannels reads the settings of the channels. What belongs together must
// be there together.
func (e *environment) readChannels(values map[string]string, check func(error)) {
	e.Telegram = telegramSettings{Token: values["TELEGRAM_TOKEN"], API: values["TELEGRAM_API"], Secret: values["TELEGRAM_WEBHOOK_SECRET"]}
	e.Zalo = zaloSettings{
		AppID: values["ZALO_APP_ID"], AppSecret: values["ZALO_APP_SECRET"], OASecret: values["ZALO_OA_SECRET"], RefreshToken: values["ZALO_REFRESH_TOKEN"],
		API: or(values["ZALO_API"], "https://openapi.zalo.me"), OAuth: or(values["ZALO_OAUTH"], "https://oauth.zaloapp.com"),
	}
	e.ZaloBot = zaloBotSettings{Token: values["ZALO_BOT_TOKEN"], API: or(values["ZALO_BOT_API"], "https://bot-api.zaloplatforms.com"), Secret: values["ZALO_BOT_SECRET"]}
	for _, needs := range []struct{ has, wants string }{
		{"TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_TOKEN"}, {"ZALO_BOT_SECRET", "ZALO_BOT_TOKEN"},
		{"ZALO_APP_ID", "ZALO_APP_SECRET"}, {"ZALO_APP_ID", "ZALO_OA_SECRET"},
		{"ZALO_APP_SECRET", "ZALO_APP_ID"}, {"ZALO_OA_SECRET", "ZALO_APP_ID"}, {"ZALO_REFRESH_TOKEN", "ZALO_APP_ID"}, {"ZALO_MONTHLY_CAP", "ZALO_APP_ID"},
	} {
		if values[needs.has] != "" && values[needs.wants] == "" {
			check(fmt.Errorf("%s is set and %s is not: set both, or neither", needs.has, needs.wants))
		}
	}
	var err error
	e.Zalo.MonthlyCap, err = readDong("ZALO_MONTHLY_CAP", values["ZALO_MONTHLY_CAP"])
	check(err)
	for _, name := range []string{"TELEGRAM_API", "ZALO_API", "ZALO_OAUTH", "ZALO_BOT_API"} {
		if values[name] != "" && !isAddress(values[name]) {
			// What stands there may be the token, put in the wrong place.
			check(fmt.Errorf("%s is no address: give the beginning of the platform's addresses, as https://host", name))
		}
	}
}

// mostDong is more than any office pays by a setting: a slip of the finger
// stops here.
const mostDong = 1_000_000_000

// readDong reads a sum; nothing is 0.
func readDong(name, value string) (int64, error) {
	if value == "" {
		return 0, nil
	}
	dong, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil || dong < 0:
		return 0, fmt.Errorf("%s %q is no sum: give đồng in digits alone, for example 200000; 0 spends nothing", name, value)
	case dong > mostDong:
		return 0, fmt.Errorf("%s %q is more than %d đồng: give what may be spent in one month", name, value, mostDong)
	}
	return dong, nil
}

func secretValue(name, value, file string) (string, error) {
	if file == "" {
		return value, nil
	}
	if value != "" {
		return "", fmt.Errorf("%s and %s_FILE are both set: unset one of them", name, name)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%s_FILE can't be read: %w: give the name of a file that nghe may read", name, withoutPath(err))
	}
	return strings.TrimSpace(string(content)), nil
}

// withoutPath takes the name of a file out of an error: it may be the secret
// itself, put in the wrong place.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// readProxies reads addresses and networks, divided by commas or spaces.
func readProxies(list string) ([]netip.Prefix, error) {
	var proxies []netip.Prefix
	for _, item := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if a, err := netip.ParseAddr(item); err == nil {
			proxies = append(proxies, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(item)
		if err != nil {
			return nil, fmt.Errorf("NGHE_TRUSTED_PROXIES: %q is no address: give addresses like 10.0.0.2 or 10.0.0.0/24", item)
		}
		proxies = append(proxies, p)
	}
	return proxies, nil
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
