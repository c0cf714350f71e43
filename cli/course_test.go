package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"nghe/cli"
)

// command runs a command beside others on the same data and gives what it
// prints.
func command(t testing.TB, data string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(context.WithoutCancel(t.Context()), &cli.Process{
		Args: args, Environ: []string{"NGHE_DATA=" + data}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now,
	})
	if code != 0 {
		t.Fatalf("%v: exit code %d\n%s%s", args, code, &out, &errs)
	}
	return out.String()
}

// workbook writes a file to import.
func workbook(t testing.TB, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(t.TempDir(), "lop.xlsx")
	if err := f.SaveAs(name); err != nil {
		t.Fatal(err)
	}
	return name
}

// An import beside a running program is told to people a moment later, and a
// wish for what was imported is in the records, with the words of its consent;
// it goes with the person.
func TestImportedCoursesAreTold(t *testing.T) {
	data := t.TempDir()
	s := serve(t, "NGHE_DATA="+data)
	v := newVisitor(t)
	v.get(s.url + "/chat")
	v.say(s, "bắt đầu lại")
	if a := v.say(s, "Tìm lớp học nghề"); !strings.Contains(a.all(), "chưa có lớp nào") {
		t.Fatalf("classes out of nowhere: %s", a.all())
	}

	deadline := time.Now().AddDate(0, 1, 0).Format("2/1/2006")
	command(t, data, "course", "import", workbook(t, []any{"Mã lớp", "Tên lớp", "Nghề", "Tình trạng", "Hạn đăng ký"}, []any{"H-1", "Lớp hàn mới", "Thợ hàn", "Đang nhận", deadline}))
	s.log.await(t, "courses reloaded")

	v.say(s, "bắt đầu lại")
	if a := v.say(s, "Tìm lớp học nghề"); !strings.Contains(a.all(), "Lớp hàn mới") || !strings.Contains(a.all(), deadline) {
		t.Fatalf("imported, and not told: %s", a.all())
	}
	for _, text := range []string{"1", "Đăng ký lớp này", "Chị", "Đồng ý", "Đủ 16 tuổi", "Nguyễn Thị An", "0912345678", "1985", "bỏ qua"} {
		v.say(s, text)
	}
	if a := v.say(s, "Có, nhắc nhé"); !strings.Contains(a.all(), "ghi rồi") {
		t.Fatalf("not registered: %s", a.all())
	}
	if _, kept := v.get(s.url + "/chat/data"); !strings.Contains(kept, `"course":"h-1"`) && !strings.Contains(kept, `"course": "h-1"`) || !strings.Contains(kept, "Nguyễn Thị An") || !strings.Contains(kept, "sẽ xem được") {
		t.Errorf("what they can download lacks the wish: %s", kept)
	}
	for _, text := range []string{"xoá dữ liệu của tôi", "Xoá hết"} {
		v.say(s, text)
	}
	if _, kept := v.get(s.url + "/chat/data"); strings.Contains(kept, "h-1") || strings.Contains(kept, "0912345678") {
		t.Errorf("deleted, and still there: %s", kept)
	}
}

// 5,000 rows are imported while somebody waits.
func BenchmarkImport(b *testing.B) {
	rows := [][]any{{"Mã lớp", "Tên lớp", "Nghề", "Tình trạng", "Xã, phường", "Hạn đăng ký", "Học phí"}}
	for i := range 5000 {
		rows = append(rows, []any{fmt.Sprint("L", i), "Lớp", "Thợ hàn", "Đang nhận", "Ba Chẽ", "20/12/2026", "2 triệu rưỡi"})
	}
	name := workbook(b, rows...)
	for b.Loop() {
		command(b, b.TempDir(), "course", "import", name)
	}
}
