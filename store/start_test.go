package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"nghe/bot"
	"nghe/store"
	"nghe/store/storetest"
)

// count gives the number of rows through a connection of its own.
func count(t testing.TB, db *store.DB, table string) int {
	t.Helper()
	var n int
	if err := store.Reader(db).QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDataSurvivesReopening(t *testing.T) {
	dir := t.TempDir()
	var secret []byte
	c := somebody()
	for i := range 3 {
		db, err := store.Open(t.Context(), dir, noon)
		if err != nil {
			t.Fatal(err)
		}
		made, err := db.Setting(t.Context(), store.SettingSecret, 32)
		if err != nil || len(made) != 32 || i > 0 && !bytes.Equal(made, secret) {
			t.Fatalf("secret %x after %x, %v", made, secret, err)
		}
		secret = made
		if _, err := db.Sessions().Save(t.Context(), turn(c, int64(i), string(rune('a'+i)), "x")); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, store.File))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
}

func TestStartErrorsSayWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, store.File), []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := t.TempDir()
	db, err := store.Open(t.Context(), newer, noon)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	raw, err := sql.Open("sqlite", filepath.Join(newer, store.File))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec("INSERT INTO migration (number, at) VALUES (9999, 0)"); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, store.File), 0o700); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{
		file:         "can't be made",
		"/proc/nghe": "can't be made: no such file or directory: give a folder that nghe may write to",
		damaged:      "is damaged or no database of nghe: restore a backup",
		newer:        "written by a newer nghe: run that version",
		folder:       "can't be opened for writing: is a directory",
	} {
		_, err := store.Open(t.Context(), dir, noon)
		var start *store.StartError
		if !errors.As(err, &start) || start.Setting != "NGHE_DATA" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", dir, err, want)
		}
	}
}

func TestRedisStartErrors(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	evicting := storetest.Redis(t, "--maxmemory-policy", "allkeys-lru")
	guarded := storetest.Redis(t, "--requirepass", "s3cret")
	for address, want := range map[string]string{
		"redis://127.0.0.1:1/": "Redis can't be reached: connection refused: start it, or unset REDIS_URL",
		evicting:               "may throw sessions away (maxmemory-policy allkeys-lru): set maxmemory-policy noeviction",
		guarded:                "NOAUTH",
		strings.Replace(guarded, "//", "//:wrong@", 1): "WRONGPASS",
		"nonsense":                "is no Redis address: give redis://host:6379/0",
		"redis://":                "names no host",
		"redis://h/x":             "its database is no number",
		"redis-sentinel://h1,h2/": "names no master",
		"redis://a b/":            "is no address",
	} {
		_, err := store.OpenRedis(t.Context(), address, quiet)
		var start *store.StartError
		if !errors.As(err, &start) || start.Setting != "REDIS_URL" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "wrong@")) {
			t.Errorf("the password is shown: %v", err)
		}
	}
	if _, err := store.OpenRedis(t.Context(), strings.Replace(guarded, "//", "//:s3cret@", 1), quiet); err != nil {
		t.Errorf("with the password: %v", err)
	}
}

func TestRedisWarnsWithoutALog(t *testing.T) {
	for setting, warned := range map[string]bool{"no": true, "yes": false} {
		var out bytes.Buffer
		r, err := store.OpenRedis(t.Context(), storetest.Redis(t, "--appendonly", setting), slog.New(slog.NewTextHandler(&out, nil)))
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		if strings.Contains(out.String(), "appendonly yes") != warned {
			t.Errorf("appendonly %s: %q", setting, out.String())
		}
	}
}

func TestOneInstallationOnly(t *testing.T) {
	r := openRedis(t, storetest.Redis(t))
	for range 2 {
		if err := r.Same(t.Context(), []byte{1, 2, 3}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Same(t.Context(), []byte{4}); err == nil || !strings.Contains(err.Error(), "belong to other records") {
		t.Error(err)
	}
}

// Redis itself lets everything end: what nobody asks for must not stay.
func TestRedisKeepsLives(t *testing.T) {
	address := storetest.Redis(t)
	s, c := openRedis(t, address), bot.Contact{Channel: "telegram", ID: "7"}
	commit := turn(c, 0, "1", "x")
	commit.Sensitive, commit.SensitiveEnds, commit.Effects, commit.Send = []byte("x"), noon.Add(24*time.Hour), []byte("[]"), true
	if _, err := s.Accept(t.Context(), bot.Incoming{Contact: c, Update: "2"}, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save(t.Context(), commit); err != nil {
		t.Fatal(err)
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	tag, _, _ := strings.Cut(client.Keys(t.Context(), "*:s").Val()[0], "telegram")
	day, more := 24*time.Hour, time.Hour // see redis_save.lua
	for key, want := range map[string]time.Duration{
		"telegram:7:s": 90*day + more, "telegram:7:x": day, "telegram:7:e": 90 * day, "telegram:7:n": 2*day + more,
		"telegram:7:b": 7*day + more, "telegram:7:o": 2 * day, "telegram:7:i": 7 * day,
	} {
		key = tag + key
		if left := client.PTTL(t.Context(), key).Val(); left > want+time.Second || left < want-time.Minute {
			t.Errorf("%s lives %v more, want %v", key, left, want)
		}
	}
	// All keys of a contact stand in one shard, the lists of who is due too.
	keys := client.Keys(t.Context(), tag+"*").Val()
	if len(keys) != 9 || client.DBSize(t.Context()).Val() != 9 {
		t.Errorf("keys: %q", keys)
	}
	// A turn that comes when less is left than is promised renews the lives; then
	// an old bubble goes too, though the list lives on.
	for _, key := range []string{"s", "n", "b"} {
		client.PExpire(t.Context(), tag+"telegram:7:"+key, day)
	}
	next := turn(c, 1, "2", "y")
	next.At = noon.Add(8 * day)
	next.Bubbles[0].At = next.At
	if _, err := s.Save(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	if n := client.LLen(t.Context(), tag+"telegram:7:b").Val(); n != 1 {
		t.Errorf("%d bubbles", n)
	}
	for key, promised := range map[string]time.Duration{"s": 90 * day, "n": 2 * day, "b": 7 * day} {
		if left := client.PTTL(t.Context(), tag+"telegram:7:"+key).Val(); left < promised {
			t.Errorf("%s lives %v more after a new turn, want %v", key, left, promised)
		}
	}
	// A mark that outlived its time no longer stands in the way.
	again := turn(c, 2, "1", "z")
	again.At = noon.Add(8 * day)
	if _, err := s.Save(t.Context(), again); err != nil {
		t.Errorf("the mark of a week ago: %v", err)
	}
}

// A Redis that is there but does not answer is given up on soon.
func TestRedisThatHangs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	began := time.Now()
	_, err = store.OpenRedis(t.Context(), "redis://"+l.Addr().String()+"/", slog.New(slog.DiscardHandler))
	if err == nil || time.Since(began) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

func TestUnavailable(t *testing.T) {
	db := openDB(t)
	s := db.Sessions()
	db.Close()
	c := somebody()
	calls := map[string]error{}
	_, calls["load"] = s.Load(t.Context(), c, "1", noon)
	_, calls["save"] = s.Save(t.Context(), turn(c, 0, "1"))
	calls["applied"] = s.Applied(t.Context(), c, 1)
	_, calls["bubbles"] = s.Bubbles(t.Context(), c, 0, noon)
	_, calls["pending"] = s.Pending(t.Context(), 1)
	calls["ping"] = s.Ping(t.Context())
	calls["tidy"] = db.Tidy(t.Context(), noon)
	_, calls["setting"] = db.Setting(t.Context(), "x", 1)
	for call, err := range calls {
		if !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s: %v", call, err)
		}
	}
}

func TestRedisUnavailable(t *testing.T) {
	r := openRedis(t, storetest.Redis(t))
	r.Close()
	c := somebody()
	calls := map[string]error{}
	_, calls["load"] = r.Load(t.Context(), c, "1", noon)
	_, calls["save"] = r.Save(t.Context(), turn(c, 0, "1"))
	calls["applied"] = r.Applied(t.Context(), c, 1)
	_, calls["bubbles"] = r.Bubbles(t.Context(), c, 0, noon)
	_, calls["pending"] = r.Pending(context.Background(), 1)
	calls["ping"] = r.Ping(t.Context())
	for call, err := range calls {
		if !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s: %v", call, err)
		}
	}
}

// The driver must take $N as a number, not as a name in order: an UPDATE with
// $2 before $1 would else change the wrong row and say nothing.
func TestParametersAreNumbered(t *testing.T) {
	var a, b string
	if err := store.Reader(openDB(t)).QueryRow("SELECT $2, $1", "one", "two").Scan(&a, &b); err != nil || a != "two" || b != "one" {
		t.Errorf("%s %s %v", a, b, err)
	}
}

// Three processes that start at the same time on an empty database make its
// tables once.
func TestSeveralStartAtATime(t *testing.T) {
	address := storetest.Postgres(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			db, err := store.OpenPostgres(t.Context(), address, noon)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := db.Ping(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestPostgresErrorsSayWhatToDo(t *testing.T) {
	address := storetest.Postgres(t)
	for url, want := range map[string]string{
		"postgres://secret-word@127.0.0.1:1/x": "can't be reached",
		"redis://secret-word@h":                "is no address of a PostgreSQL database",
		"::secret-word":                        "is no address of a PostgreSQL database",
		address[:strings.LastIndex(address, "/")] + "/secret-word?sslmode=disable": "there is no such database",
	} {
		_, err := store.OpenPostgres(t.Context(), url, noon)
		var start *store.StartError
		if !errors.As(err, &start) || start.Setting != "DATABASE_URL" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret-word") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// A program of before an upgrade leaves the records alone, in PostgreSQL too, and
// says what to do.
func TestAnOlderProgramRefusesNewerTables(t *testing.T) {
	address := storetest.Postgres(t)
	db, err := store.OpenPostgres(t.Context(), address, noon)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := store.Reader(db).Exec("INSERT INTO migration (number, at) VALUES (9999, 0)"); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() error{
		"open": func() error { _, err := store.OpenPostgres(t.Context(), address, noon); return err },
		"try":  func() error { _, err := store.TryUpgradePostgres(t.Context(), address, noon); return err },
	} {
		err := open()
		if want := "DATABASE_URL: the data was written by a newer nghe: run that version, or restore a backup made before it"; err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A dry run does every step on what is there and leaves nothing of it.
func TestTryUpgrade(t *testing.T) {
	folder := t.TempDir()
	if _, err := store.TryUpgrade(t.Context(), folder, noon); err == nil || !strings.Contains(err.Error(), "NGHE_DATA") {
		t.Errorf("without records: %v", err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	// Records from before the first step: an empty file.
	if err := os.WriteFile(filepath.Join(folder, store.File), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	postgres := storetest.Postgres(t)
	for name, kept := range map[string]struct {
		try  func() (store.Upgrade, error)
		open func() (*store.DB, error)
	}{
		"SQLite": {
			func() (store.Upgrade, error) { return store.TryUpgrade(t.Context(), folder, noon) },
			func() (*store.DB, error) { return store.Open(t.Context(), folder, noon) },
		},
		"PostgreSQL": {
			func() (store.Upgrade, error) { return store.TryUpgradePostgres(t.Context(), postgres, noon) },
			func() (*store.DB, error) { return store.OpenPostgres(t.Context(), postgres, noon) },
		},
	} {
		for range 2 { // the second finds what the first left: nothing
			up, err := kept.try()
			if err != nil || up.From != 0 || up.To != store.Step() || len(up.Steps) != store.Step() || up.Took <= 0 {
				t.Errorf("%s: tried: %+v %v", name, up, err)
			}
		}
		db, err := kept.open()
		if err != nil {
			t.Fatal(err)
		}
		if up := db.Upgraded(); up.From != 0 || len(up.Steps) != store.Step() {
			t.Errorf("%s: done: %+v", name, up)
		}
		db.Close()
		if up, err := kept.try(); err != nil || up.From != store.Step() || len(up.Steps) != 0 {
			t.Errorf("%s: tried afterwards: %+v %v", name, up, err)
		}
	}
}

// When the last backup was made is known to the records it was made of.
func TestLastBackup(t *testing.T) {
	db := openDB(t)
	if at, err := db.LastBackup(t.Context()); err != nil || !at.IsZero() {
		t.Errorf("before: %v %v", at, err)
	}
	if err := db.Backup(t.Context(), filepath.Join(t.TempDir(), "backup"), noon); err != nil {
		t.Fatal(err)
	}
	if at, err := db.LastBackup(t.Context()); err != nil || !at.Equal(noon) {
		t.Errorf("after: %v %v", at, err)
	}
	if free, err := db.Free(); err != nil || free == 0 {
		t.Errorf("free: %d %v", free, err)
	}
}
