package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nghe/cli"
)

// A backup is made while the program goes on, put back into an empty folder and
// into the one it came from: all that was said is there again, whoever deleted
// themself meanwhile is not, and nothing is sent before the operator says so.
func TestBackupAndRestore(t *testing.T) {
	data := t.TempDir()
	s := serve(t, "NGHE_DATA="+data)
	stays, leaves := newVisitor(t), newVisitor(t)
	for _, v := range []*visitor{stays, leaves} {
		v.say(s, "tính tiền hỗ trợ học nghề")
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	if out := command(t, data, "backup", file); !strings.Contains(out, "holds everything") {
		t.Error(out)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	leaves.say(s, "xoá dữ liệu")
	leaves.say(s, "có, xoá hết")
	if said := wrong(t, data, "restore", file); !strings.Contains(said, "stop nghe first") {
		t.Errorf("restored under a running program: %s", said)
	}
	s.stop()

	told := func(dir string, v *visitor, old *served) string {
		t.Helper()
		again := serve(t, "NGHE_DATA="+dir)
		defer again.stop()
		v.at(old, again)
		_, body := v.get(again.url + "/chat/data")
		return body
	}
	empty := filepath.Join(t.TempDir(), "new")
	command(t, empty, "restore", file)
	if body := told(empty, stays, s); !strings.Contains(body, "tính tiền hỗ trợ học nghề") {
		t.Errorf("in the empty folder: %s", body)
	}

	out := command(t, data, "restore", file)
	for _, want := range []string{"deleted again", "remove it when you are sure", "nothing is sent"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if body := told(data, stays, s); !strings.Contains(body, "tính tiền hỗ trợ học nghề") {
		t.Errorf("who stayed: %s", body)
	}
	if body := told(data, leaves, s); strings.Contains(body, "tính tiền hỗ trợ học nghề") {
		t.Errorf("who left is back: %s", body)
	}
	if out := command(t, data, "restore", "--go"); !strings.Contains(out, "sent again") {
		t.Error(out)
	}
	if out := command(t, data, "restore", "--go"); !strings.Contains(out, "nothing was held") {
		t.Error(out)
	}
}

// What is no backup changes nothing.
func TestBadBackups(t *testing.T) {
	data := t.TempDir()
	command(t, data, "demo", "--people", "5")
	before, err := os.ReadFile(filepath.Join(data, "nghe.db"))
	if err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	hollow := filepath.Join(t.TempDir(), "hollow")
	if err := os.WriteFile(hollow, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"restore " + text: "damaged or no backup", "restore " + hollow: "damaged or no backup", "restore " + text + ".gone": "no such file",
		"restore": "say from which file", "backup": "say into which file", "backup " + text: "exists",
	} {
		if said := wrong(t, data, strings.Fields(args)...); !strings.Contains(said, want) {
			t.Errorf("nghe %s: %s", args, said)
		}
	}
	if after, err := os.ReadFile(filepath.Join(data, "nghe.db")); err != nil || string(after) != string(before) {
		t.Errorf("the data changed: %v", err)
	}
	if _, err := os.Stat(filepath.Join(data, "restoring")); err == nil {
		t.Error("what was begun is left")
	}
}

// wrong runs a command that must fail, and gives what it says.
func wrong(t *testing.T, data string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(context.WithoutCancel(t.Context()), &cli.Process{
		Args: args, Environ: []string{"NGHE_DATA=" + data}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now,
	})
	if code == 0 {
		t.Errorf("%v went well: %s", args, &out)
	}
	return errs.String()
}
