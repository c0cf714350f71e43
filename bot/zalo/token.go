package zalo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Tokens keeps what a Keeper saves, in records that all processes share. All
// methods are safe for several goroutines and processes; times are passed in.
// What is saved opens the account: it belongs among the secrets.
type Tokens interface {
	// Load gives what was saved last and its version; nil and 0 when nothing was.
	Load(ctx context.Context) (saved []byte, version int64, err error)
	// Lease gives an owner, and nobody else, the right to exchange tokens until
	// now + life. The owner who has it may ask again: to lengthen it, or with a
	// life of 0 to give it back. False: another has it.
	Lease(ctx context.Context, owner string, now time.Time, life time.Duration) (bool, error)
	// Save puts something in the place of the version that was loaded. False:
	// another version is there, and nothing was written.
	Save(ctx context.Context, saved []byte, version int64) (bool, error)
}

// Keeper gives access tokens. An access token lives 25 hours and dies when the
// next is made; the refresh token that makes it works once and brings another.
// So one process at a time exchanges tokens, under a lease, and keeps the new
// pair before anybody uses it.
//
// Call Token from the clock too, every ten minutes: a refresh token that
// nobody uses dies after three months.
type Keeper struct {
	// OAuth is the base of the addresses: https://oauth.zaloapp.com.
	OAuth            string
	AppID, AppSecret string
	// Consent is the refresh token of the settings. The pair that is kept wins
	// over it, but for one that was never seen before: a new consent, which
	// wins once.
	Consent string
	Tokens  Tokens
	// Owner names this process among all.
	Owner string
	Now   func() time.Time
	Log   *slog.Logger
	// Alarm is told, once, that an administrator of the account must consent
	// again. It may be nil.
	Alarm func(error)

	once    sync.Once
	caller  caller
	gate    chan struct{} // holds one element while tokens are looked after
	pair    pair
	version int64
	unsaved bool // pair came from Zalo and is not kept yet
	rest    time.Time
	tired   time.Duration
	last    error  // of the exchange that failed, while it rests
	alarmed string // for which state the alarm was given

	mu     sync.Mutex
	hidden []string // tokens that were seen, never to be told
}

// pair is what is kept.
type pair struct {
	Access  string    `json:"access,omitempty"`
	Until   time.Time `json:"until,omitzero"` // when Access dies
	Refresh string    `json:"refresh,omitempty"`
	Made    time.Time `json:"made,omitzero"` // when both were given
	// Consents are marks of the consents of the settings that were taken,
	// Dead those of refresh tokens that Zalo refused, with these settings.
	Consents []string `json:"consents,omitempty"`
	Dead     []string `json:"dead,omitempty"`
}

// Numbers of the token road.
const (
	refreshAhead  = 3 * time.Hour // before the access token dies
	dying         = time.Minute   // nothing is begun with a token that dies so soon
	refreshLease  = time.Minute   // longer than exchangeLimit
	exchangeLimit = 20 * time.Second
	saveLimit     = 5 * time.Second
	shortestRest  = 30 * time.Second // after an exchange that failed; doubled
	longestRest   = 10 * time.Minute
	// refreshGap is between two exchanges because of a refused token: if the
	// newest is refused too, more of them would not help.
	refreshGap = time.Minute
	marksKept  = 20
)

var (
	// ErrDead says that no refresh token works: an administrator of the
	// account must consent again. It is final until then.
	ErrDead = errors.New("Zalo takes none of our refresh tokens: an administrator of the account must let the app in again, and the new token be set as ZALO_REFRESH_TOKEN")
	// errElsewhere says that another process is exchanging tokens.
	errElsewhere = errors.New("another process is exchanging the tokens")
	errResting   = errors.New("tokens could not be exchanged")
)

// start makes what the settings lack.
func (k *Keeper) start() {
	k.gate = make(chan struct{}, 1)
	k.caller = caller{http: newHTTP(), secrets: k.secrets}
}

// secrets are all that must never be told.
func (k *Keeper) secrets() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]string{k.AppSecret, k.Consent}, k.hidden...)
}

// hide notes the tokens of a pair among what is never told.
func (k *Keeper) hide(p pair) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, token := range []string{p.Access, p.Refresh} {
		if token != "" && !slices.Contains(k.hidden, token) {
			k.hidden = append(k.hidden, token)
		}
	}
	k.hidden = k.hidden[max(0, len(k.hidden)-marksKept):]
}

// Token gives an access token that works as far as we know.
func (k *Keeper) Token(ctx context.Context) (string, error) { return k.other(ctx, "") }

// Other gives another access token than the one that was refused.
func (k *Keeper) Other(ctx context.Context, refused string) (string, error) {
	return k.other(ctx, refused)
}

func (k *Keeper) other(ctx context.Context, refused string) (string, error) {
	k.once.Do(k.start)
	select {
	case k.gate <- struct{}{}:
		defer func() { <-k.gate }()
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", errUnsent, ctx.Err())
	}
	if !k.unsaved && k.good(refused) {
		return k.pair.Access, nil
	}
	err := k.renew(ctx, refused)
	if !k.unsaved && (err == nil || k.alive(refused)) {
		return k.pair.Access, nil
	}
	return "", err
}

// good says that the pair needs nothing done.
func (k *Keeper) good(refused string) bool {
	return k.alive(refused) && k.Now().Before(k.pair.Until.Add(-refreshAhead)) && !k.isNew()
}

// alive says that the access token can be used.
func (k *Keeper) alive(refused string) bool {
	return k.pair.Access != "" && k.pair.Access != refused && k.Now().Before(k.pair.Until.Add(-dying))
}

// isNew says whether the consent of the settings is still to be taken.
func (k *Keeper) isNew() bool {
	return k.Consent != "" && !slices.Contains(k.pair.Consents, k.mark(k.Consent)) && !k.isDead(k.Consent)
}

func (k *Keeper) isDead(refresh string) bool {
	return slices.Contains(k.pair.Dead, k.mark(refresh, k.AppID, k.AppSecret))
}

// mark names a secret without telling it.
func (k *Keeper) mark(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s,", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// renew makes the pair good: it was kept by another process meanwhile, or is
// asked for under the lease.
func (k *Keeper) renew(ctx context.Context, refused string) error {
	if k.unsaved {
		if err := k.save(ctx); err != nil {
			return err
		}
	}
	if err := k.load(ctx); err != nil || k.good(refused) {
		return err
	}
	if k.Now().Before(k.rest) {
		return k.last
	}
	mine, err := k.Tokens.Lease(ctx, k.Owner, k.Now(), refreshLease)
	switch {
	case err != nil:
		return fmt.Errorf("%w: lease of the tokens: %w", errUnsent, err)
	case !mine:
		return errElsewhere
	}
	// Whatever happens to who asked: what was begun is kept.
	ctx = context.WithoutCancel(ctx)
	defer func() {
		if _, err := k.Tokens.Lease(ctx, k.Owner, k.Now(), 0); err != nil {
			k.Log.Warn("lease of the tokens is kept until it ends", "error", err)
		}
	}()
	if err := k.load(ctx); err != nil || k.good(refused) {
		return err
	}
	return k.exchange(ctx, refused)
}

// exchange asks Zalo for a new pair: by a new consent, else by the refresh
// token that is kept.
func (k *Keeper) exchange(ctx context.Context, refused string) error {
	if refused != "" && refused == k.pair.Access && k.Now().Sub(k.pair.Made) < refreshGap && !k.isNew() {
		return k.tire(errors.New("a token that was just made is refused"))
	}
	for _, refresh := range k.candidates() {
		next, err := k.ask(ctx, refresh)
		var terminal *apiError
		switch {
		case err == nil:
			k.pair, k.unsaved, k.tired, k.rest, k.alarmed = next, true, 0, time.Time{}, ""
			k.Log.Info("tokens exchanged", "until", next.Until, "new consent", refresh == k.Consent)
			return k.save(ctx)
		case !errors.As(err, &terminal):
			return k.tire(err)
		}
		k.Log.Error("a refresh token is refused", "of the settings", refresh == k.Consent, "error", err)
		k.pair.Dead = remember(k.pair.Dead, k.mark(refresh, k.AppID, k.AppSecret))
		k.unsaved = true
		if err := k.save(ctx); err != nil {
			return err
		}
	}
	return k.dead()
}

// candidates are the refresh tokens that may work, the first to try first.
func (k *Keeper) candidates() []string {
	var list []string
	if k.isNew() {
		list = append(list, k.Consent)
	}
	if kept := k.pair.Refresh; kept != "" && !k.isDead(kept) && !slices.Contains(list, kept) {
		list = append(list, kept)
	}
	return list
}

// dead tells, once, that somebody has to do something. The last access token
// may work for a while yet.
func (k *Keeper) dead() error {
	k.rest, k.last = k.Now().Add(longestRest), ErrDead
	if state := k.mark(append([]string{"alarm"}, k.pair.Dead...)...); k.alarmed != state {
		k.alarmed = state
		k.Log.Error("tokens of Zalo can't be exchanged any more", "error", ErrDead, "access until", k.pair.Until)
		if k.Alarm != nil {
			k.Alarm(ErrDead)
		}
	}
	return ErrDead
}

// tire keeps the next exchange away for a while.
func (k *Keeper) tire(err error) error {
	k.tired = min(max(2*k.tired, shortestRest), longestRest)
	k.rest = k.Now().Add(k.tired)
	k.last = fmt.Errorf("%w: %w", errResting, err)
	k.Log.Warn("tokens could not be exchanged", "again in", k.tired, "error", err)
	return k.last
}

// ask makes the call. An *apiError is final for this refresh token.
func (k *Keeper) ask(ctx context.Context, refresh string) (pair, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeLimit)
	defer cancel()
	form := url.Values{"refresh_token": {refresh}, "app_id": {k.AppID}, "grant_type": {"refresh_token"}}
	asked := k.Now()
	a, err := k.caller.do(ctx, http.MethodPost, k.OAuth+"/v4/oa/access_token", "application/x-www-form-urlencoded",
		map[string]string{"secret_key": k.AppSecret}, []byte(form.Encode()))
	if err != nil {
		return pair{}, err
	}
	var got struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Expires word   `json:"expires_in"` // seconds
		Error   int    `json:"error"`
		Name    string `json:"error_name"`
		Message string `json:"message"`
	}
	if a.status != http.StatusOK || json.Unmarshal(a.body, &got) != nil {
		return pair{}, fmt.Errorf("%w: HTTP %d", errUnreadable, a.status)
	}
	switch seconds, err := strconv.Atoi(string(got.Expires)); {
	case got.Error == -32:
		return pair{}, errors.New("too many calls")
	case got.Error != 0:
		return pair{}, &apiError{got.Error, k.caller.redact(got.Name + got.Message)}
	case got.Access == "":
		return pair{}, fmt.Errorf("%w: no token in it", errUnreadable)
	default:
		if err != nil || seconds <= 0 {
			seconds = 3600 // it is not said: better too short
		}
		next := k.pair
		next.Access, next.Until, next.Made = got.Access, asked.Add(time.Duration(seconds)*time.Second), asked
		next.Refresh = refresh // some answers have none: then the old one lives on
		if got.Refresh != "" {
			next.Refresh = got.Refresh
		}
		k.hide(next)
		if refresh == k.Consent {
			next.Consents = remember(next.Consents, k.mark(k.Consent))
		}
		return next, nil
	}
}

// remember adds a mark to the newest ones.
func remember(marks []string, mark string) []string {
	marks = append(slices.Clone(marks), mark)
	return marks[max(0, len(marks)-marksKept):]
}

// load reads what is kept.
func (k *Keeper) load(ctx context.Context) error {
	saved, version, err := k.Tokens.Load(ctx)
	if err != nil {
		return fmt.Errorf("%w: read tokens: %w", errUnsent, err)
	}
	var p pair
	if len(saved) > 0 {
		if err := json.Unmarshal(saved, &p); err != nil {
			// Not the cause: it may quote what it can't read.
			return fmt.Errorf("%w: those that are kept can't be read", errResting)
		}
	}
	k.hide(p)
	k.pair, k.version = p, version
	return nil
}

// save keeps the pair. Nobody may use it before.
func (k *Keeper) save(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveLimit)
	defer cancel()
	raw, err := json.Marshal(k.pair)
	if err != nil {
		return err
	}
	err = k.put(ctx, raw)
	if err != nil {
		k.Log.Error("new tokens are not kept yet: if the program ends now, an administrator must consent again", "error", err)
		return fmt.Errorf("%w: keep tokens: %w", errUnsent, err)
	}
	k.unsaved = false
	return k.load(ctx)
}

// put writes the pair. When another process wrote meanwhile, it can only have
// used the refresh token that made ours: if it was refused, ours is the one
// that works; if it has a newer pair, that one is.
func (k *Keeper) put(ctx context.Context, raw []byte) error {
	version := k.version
	for range 3 {
		ok, err := k.Tokens.Save(ctx, raw, version)
		if err != nil || ok {
			return err
		}
		var saved []byte
		if saved, version, err = k.Tokens.Load(ctx); err != nil {
			return err
		}
		var theirs pair
		if json.Unmarshal(saved, &theirs) == nil && theirs.Made.After(k.pair.Made) {
			return nil
		}
	}
	return errors.New("other processes write all the time")
}
