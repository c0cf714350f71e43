package cli_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/redis/go-redis/v9"

	"nghe/store/storetest"
)

// marks are what somebody said of themself in every way there is; no other text in
// the program has them.
var marks = []string{"Nguyễn Thị Kín", "0913579246", "thôn Khuất Nẻo", "vướng chuyện riêng", "hỏi điều lạ lùng"}

// found gives the marks that stand in a text, or in a text that writes letters
// which are not ASCII by their numbers.
func found(where, text string) (all []string) {
	for _, m := range marks {
		if strings.Contains(text, m) || strings.Contains(text, strings.Trim(fmt.Sprintf("%+q", m), `"`)) {
			all = append(all, where+": "+m)
		}
	}
	return all
}

// inFiles looks through every byte of a folder.
func inFiles(t *testing.T, dir string) (all []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found(filepath.Base(name), string(data))...)
	}
	// A question may be written down without whose it was at any moment: such words
	// are looked for by table.
	return slices.DeleteFunc(all, func(s string) bool { return strings.HasSuffix(s, marks[3]) || strings.HasSuffix(s, marks[4]) })
}

// Every column of every table, as TABLE.COLUMN.TYPE.
const (
	columnsOfPostgres = "SELECT table_name || '.' || column_name || '.' || data_type FROM information_schema.columns WHERE table_schema = 'public'"
	columnsOfSQLite   = "SELECT m.name || '.' || c.name || '.text' FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
)

// inTables looks through every column of every table.
func inTables(t *testing.T, driver, address, allColumns string) (all []string) {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	strs := func(query string) (list []string) {
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var s sql.NullString
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			list = append(list, s.String)
		}
		return list
	}
	columns := strs(allColumns)
	if len(columns) < 200 {
		t.Fatalf("only %d columns", len(columns))
	}
	for _, c := range columns {
		parts := strings.Split(c, ".")
		text := "CAST(" + parts[1] + " AS TEXT)"
		if parts[2] == "bytea" {
			text = "encode(" + parts[1] + ", 'escape')"
		}
		for _, s := range strs("SELECT " + text + " FROM " + parts[0]) {
			plain := s
			if parts[2] == "bytea" { // “\303\240” are the bytes that are not ASCII
				plain = unescape(s)
			}
			all = append(all, found(parts[0]+"."+parts[1], plain)...)
		}
	}
	return all
}

// unescape undoes what PostgreSQL's encode(…, 'escape') does.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		var n byte
		if s[i] == '\\' && i+3 < len(s) {
			if _, err := fmt.Sscanf(s[i+1:i+4], "%03o", &n); err == nil {
				b.WriteByte(n)
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// inKeys looks through everything in a Redis.
func inKeys(t *testing.T, address string) (all []string) {
	t.Helper()
	options, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	r := redis.NewClient(options)
	defer r.Close()
	ctx, n := t.Context(), 0
	for keys := r.Scan(ctx, 0, "*", 1000).Iterator(); keys.Next(ctx); n++ {
		key := keys.Val()
		var values any
		switch kind := r.Type(ctx, key).Val(); kind {
		case "string":
			values = r.Get(ctx, key).Val()
		case "hash":
			values = r.HGetAll(ctx, key).Val()
		case "list":
			values = r.LRange(ctx, key, 0, -1).Val()
		case "set":
			values = r.SMembers(ctx, key).Val()
		case "zset":
			values = r.ZRange(ctx, key, 0, -1).Val()
		default:
			t.Fatalf("%s is a %s", key, kind)
		}
		all = append(all, found(key, fmt.Sprint(key, values))...)
	}
	if n == 0 {
		t.Error("Redis is empty")
	}
	return all
}

// leftOver leaves out what is kept on purpose: a question that could not be answered,
// without names, numbers and places and without whose it was (package unanswered).
func leftOver(all []string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return s == "unanswered.text: "+marks[3] || s == "unanswered.text: "+marks[4] })
}

// Somebody leaves a wish with name, number and village, asks for a human and writes
// to them what nobody else is to know. All of it can be found. Then they have everything deleted: after five
// seconds nothing of it stands in any table, key, file or log, nor in what the
// operator or they themself may have given out; not in the bytes of the files of a
// running program either.
func TestNothingIsLeftAfterDeletion(t *testing.T) {
	for _, name := range []string{"embedded", "Redis and PostgreSQL"} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			settings := []string{"NGHE_DATA=" + data}
			look := func() []string {
				return append(inFiles(t, data), inTables(t, "sqlite", "file:"+filepath.Join(data, "nghe.db"), columnsOfSQLite)...)
			}
			if name != "embedded" {
				keys, tables := storetest.Redis(t), storetest.Postgres(t)
				settings = append(settings, "REDIS_URL="+keys, "DATABASE_URL="+tables)
				look = func() []string { return append(inKeys(t, keys), inTables(t, "pgx", tables, columnsOfPostgres)...) }
			}
			s := serve(t, settings...)
			v := newVisitor(t)
			v.get(s.url + "/chat")
			for _, text := range []string{"Đăng ký học nghề", "hàn", "Chị", "Đồng ý", "Đủ 16 tuổi", "Ba Chẽ", marks[0], marks[1], "1985", marks[2], "bỏ qua"} {
				v.say(s, text)
			}
			v.say(s, "gặp người")
			v.say(s, "tôi "+marks[3]+", "+marks[4]+", tên là "+marks[0]+", số "+marks[1])
			if places := strings.Join(look(), "\n"); !strings.Contains(places, marks[0]) || !strings.Contains(places, marks[1]) || !strings.Contains(places, marks[3]) {
				t.Fatalf("nothing to delete:\n%s", places)
			}
			v.say(s, "xoá dữ liệu của tôi")
			a := v.say(s, "Xoá hết")
			at := time.Now()
			if !strings.Contains(strings.ToLower(a.all()), "xoá") {
				t.Fatalf("%s", a.all())
			}
			if left := leftOver(look()); len(left) > 0 {
				t.Errorf("%v after it was deleted:\n%s", time.Since(at), strings.Join(left, "\n"))
			}
			if took := time.Since(at); took > 5*time.Second {
				t.Errorf("looking took %v: too long to say", took)
			}
			_, own := v.get(s.url + "/chat/data")
			_, metrics := v.get(s.url + "/metrics")
			if left := append(append(found("download", own), found("metrics", metrics)...), found("log", s.log.String()+s.out.String())...); len(left) > 0 {
				t.Errorf("%s", strings.Join(left, "\n"))
			}
			s.stop()
			if left := leftOver(look()); len(left) > 0 {
				t.Errorf("after the program ended:\n%s", strings.Join(left, "\n"))
			}
		})
	}
}
