package announce_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"nghe/announce"
	"nghe/content"
	"nghe/course"
	"nghe/understand"
)

var (
	library = content.MustBuiltin()
	zone    = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)
	world   = announce.World{Library: library, Reader: understand.New(library), Now: time.Date(2026, 11, 24, 9, 0, 0, 0, zone)}
)

// Announcements as they go round, with marks and without, in lines and in one
// sentence.
func TestRead(t *testing.T) {
	for _, c := range []struct{ name, text, lines string }{
		{"sentences", "Hội Phụ nữ xã Ba Chẽ mở lớp sơ cấp nghề nấu ăn, 35 người, học 3 tháng tại nhà văn hoá thôn Nam Hả. Khai giảng 20/12/2026, hạn đăng ký đến hết ngày 15/12/2026. Miễn học phí, hỗ trợ tiền ăn. Liên hệ: chị Nguyễn Thị Lan, Hội Phụ nữ xã, SĐT 0912.345.678",
			"Lớp: Lớp sơ cấp nghề nấu ăn | Nghề: Nấu ăn | Xã, phường: Xã Ba Chẽ | Địa điểm: nhà văn hoá thôn Nam Hả | Hạn đăng ký: 15/12/2026 | Khai giảng: 20/12/2026 | Thời gian học: 3 tháng | Số người: 35 | Học phí: miễn phí | Quyền lợi: hỗ trợ tiền ăn | Liên hệ: chị Nguyễn Thị Lan, Hội Phụ nữ xã, 0912345678"},
		{"without marks or stops", "mo lop han o ba che 30 nguoi hoc 2 thang khai giang 5/1 han 30/12 lien he anh Tuan 0987654321",
			"Lớp: Lớp hàn | Nghề: Thợ hàn | Xã, phường: Xã Ba Chẽ | Hạn đăng ký: 30/12/2026 | Khai giảng: 5/1/2027 | Thời gian học: 2 tháng | Số người: 30 | Liên hệ: anh Tuan, 0987654321"},
		{"a form in lines", "THÔNG BÁO TUYỂN SINH\nNghề đào tạo: Điện dân dụng\nĐịa điểm: Nhà văn hoá thôn 3, xã Tiên Yên\nThời gian học: từ 10/1/2027 đến 10/4/2027\nSố lượng: 35 học viên\nĐối tượng: lao động nông thôn, hộ nghèo, từ 18 đến 55 tuổi\nHồ sơ gồm: đơn đăng ký, bản sao căn cước\nHạn nộp hồ sơ: 31/12/2026\nHọc phí: 2.500.000đ\nMọi chi tiết xin liên hệ Trung tâm GDNN-GDTX Tiên Yên, ĐT: 0203 3876 543",
			"Lớp: Lớp điện dân dụng | Nghề: Điện dân dụng, điện nước | Xã, phường: Xã Tiên Yên | Địa điểm: Nhà văn hoá thôn 3, xã Tiên Yên | Hạn đăng ký: 31/12/2026 | Khai giảng: 10/1/2027 | Bế giảng: 10/4/2027 | Số người: 35 | Học phí: 2.500.000 đồng | Đối tượng: lao động nông thôn, hộ nghèo | Tuổi: 18 đến 55 | Giấy tờ: đơn đăng ký, bản sao căn cước | Liên hệ: Trung tâm GDNN-GDTX Tiên Yên, 02033876543"},
		{"a month, a name", "Lớp sửa xe máy ở Đầm Hà, khai giảng tháng 1/2027, ai muốn học gặp anh Hùng công đoàn xã",
			"Lớp: Lớp sửa xe máy | Nghề: Sửa xe máy, xe điện | Xã, phường: Xã Đầm Hà | Hạn đăng ký: chưa rõ | Khai giảng: tháng 1/2027 | Liên hệ: anh Hùng công đoàn xã"},
		{"a college that opens a class is not its level", "Trường Cao đẳng nghề mở lớp lái xe tải, 40 chỗ, học phí 15 triệu",
			"Lớp: Lớp lái xe tải | Nghề: Lái xe tải | Xã, phường: chưa rõ | Hạn đăng ký: chưa rõ | Số người: 40 | Học phí: 15.000.000 đồng | Liên hệ: chưa rõ | Đơn vị dạy: Trường Cao đẳng nghề"},
		{"signs in the place of lines", "👉 Lớp trồng nấm ✅ Địa điểm: xã Quảng La ✅ Thời gian: 20 ngày ✅ Hạn: 5/12 ✅ LH: 0977 111 222",
			"Lớp: Lớp trồng nấm | Nghề: Trồng nấm | Xã, phường: Xã Quảng La | Hạn đăng ký: 5/12/2026 | Thời gian học: 20 ngày | Liên hệ: 0977111222"},
		{"a deadline that is over", "Lớp nấu ăn ở Ba Chẽ, hạn 20/11, liên hệ UBND xã",
			"Lớp: Lớp nấu ăn | Nghề: Nấu ăn | Xã, phường: Xã Ba Chẽ | Hạn đăng ký: 20/11/2026 (đã qua!) | Liên hệ: UBND xã"},
		{"no such day", "Lớp nấu ăn ở Ba Chẽ, hạn 31/11/2026",
			"Lớp: Lớp nấu ăn | Nghề: Nấu ăn | Xã, phường: Xã Ba Chẽ | Hạn đăng ký: chưa rõ | Liên hệ: chưa rõ"},
		{"something else", "Hôm nay trời đẹp", "Nghề: chưa rõ | Xã, phường: chưa rõ | Hạn đăng ký: chưa rõ | Liên hệ: chưa rõ"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := announce.Read(c.text, world)
			if diff := cmp.Diff(strings.Split(c.lines, " | "), d.Lines(world)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if got, want := d.Empty(), c.name == "something else"; got != want {
				t.Errorf("empty: %v", got)
			}
		})
	}
}

// Each field says which words it was read from.
func TestFrom(t *testing.T) {
	d := announce.Read("Mở lớp hàn ở Ba Chẽ. Hạn đăng ký: 30/12/2026. Liên hệ chị Lan 0912345678.", world)
	want := map[announce.Field]string{
		announce.Trade: "Mở lớp hàn ở Ba Chẽ", announce.Place: "Mở lớp hàn ở Ba Chẽ", announce.Deadline: "Hạn đăng ký: 30/12/2026",
		announce.Contact: "Liên hệ chị Lan 0912345678", announce.Phone: "Liên hệ chị Lan 0912345678",
	}
	if diff := cmp.Diff(want, d.From); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestCorrect(t *testing.T) {
	const begin = "Lớp nấu ăn ở Tiên Yên, 35 người, hạn 15/12/2026, liên hệ chị Lan 0912345678"
	for _, c := range []struct {
		text, line string
		asked      announce.Field
	}{
		{"hạn 30/12", "Hạn đăng ký: 30/12/2026", ""},
		{"han 30/12", "Hạn đăng ký: 30/12/2026", ""},
		{"30 người", "Số người: 30", ""},
		{"30 nguoi thoi", "Số người: 30", ""},
		{"ở Ba Chẽ", "Xã, phường: Xã Ba Chẽ", ""},
		{"không phải, nghề hàn", "Nghề: Thợ hàn", ""},
		{"nghề hàn", "Lớp: Lớp hàn", ""},
		{"hàn", "Nghề: Thợ hàn", ""},
		{"Ba Chẽ", "Xã, phường: Xã Ba Chẽ", ""},
		{"khai giảng 5/1", "Khai giảng: 5/1/2027", ""},
		{"học phí 500 nghìn", "Học phí: 500.000 đồng", ""},
		{"miễn phí", "Học phí: miễn phí", ""},
		{"không thu học phí", "Học phí: miễn phí", ""},
		{"liên hệ anh Tuấn 0987654321", "Liên hệ: anh Tuấn, 0987654321", ""},
		{"sửa số điện thoại 0987 654 321", "Liên hệ: chị Lan, 0987654321", ""},
		{"từ 18 đến 45 tuổi", "Tuổi: 18 đến 45", ""},
		{"học 2 tháng", "Thời gian học: 2 tháng", ""},
		{"tên lớp: Lớp nấu cỗ cho chị em", "Lớp: Lớp nấu cỗ cho chị em", ""},
		{"hạn chưa rõ", "Hạn đăng ký: chưa rõ", ""},
		{"nhắn thêm: nhớ mang tạp dề", "Nhắn thêm: nhớ mang tạp dề", ""},
		{"30/12", "Hạn đăng ký: 30/12/2026", announce.Deadline},
		{"chưa rõ", "Hạn đăng ký: chưa rõ", announce.Deadline},
		{"chị Hoa 0977111222", "Liên hệ: chị Hoa, 0977111222", announce.Contact},
		{"0977111222", "Liên hệ: chị Lan, 0977111222", announce.Contact},
		{"UBND xã", "Liên hệ: chị Lan, UBND xã, 0912345678", announce.Contact},
	} {
		t.Run(c.text, func(t *testing.T) {
			d := announce.Read(begin, world)
			d.Asked = c.asked
			if changed := d.Correct(c.text, world); len(changed) == 0 {
				t.Errorf("nothing changed")
			}
			if lines := d.Lines(world); !strings.Contains("|"+strings.Join(lines, "|")+"|", "|"+c.line+"|") {
				t.Errorf("no %q in:\n%s", c.line, strings.Join(lines, "\n"))
			}
		})
	}
	for _, text := range []string{"ơ kìa", "???", "đẹp trời quá", ""} {
		d := announce.Read(begin, world)
		before := strings.Join(d.Lines(world), "\n")
		if changed := d.Correct(text, world); len(changed) > 0 || strings.Join(d.Lines(world), "\n") != before {
			t.Errorf("%q changed %v", text, changed)
		}
	}
}

// A name that may mean several is not guessed, and any part of the right one
// answers.
func TestSeveral(t *testing.T) {
	d := announce.Read("Mở lớp chăn nuôi ở Ba Chẽ, hạn 30/12", world)
	if d.Course.Trade != "" || len(d.Maybe[announce.Trade]) < 2 {
		t.Fatalf("trade %q, maybe %v", d.Course.Trade, d.Maybe)
	}
	if m := d.Missing(); len(m) == 0 || m[0] != announce.Trade {
		t.Errorf("missing %v", m)
	}
	d.Asked = announce.Trade
	d.Correct("trâu bò", world)
	if d.Course.Trade != "chan-nuoi-gia-suc" || len(d.Maybe[announce.Trade]) > 0 {
		t.Errorf("trade %q, maybe %v", d.Course.Trade, d.Maybe)
	}
}

func TestLike(t *testing.T) {
	today := course.DayOf(world.Now)
	known := course.NewCatalogue([]course.Course{{ID: "na-01", Title: "Lớp nấu ăn", Trade: "nau-an", Place: "ba-che", Status: course.Enrolling, Start: "2026-12-20", Deadline: "2026-12-15", CheckedOn: today}})
	for text, want := range map[string]string{
		"Lớp nấu ăn ở Ba Chẽ hạn 15/12":                "na-01",
		"Lớp nấu ăn ở Ba Chẽ, liên hệ chị Lan":         "na-01",
		"Lớp nấu ăn ở Ba Chẽ khai giảng tháng 12/2026": "na-01",
		"Lớp nấu ăn ở Ba Chẽ khai giảng 5/3/2027":      "",
		"Lớp nấu ăn ở Tiên Yên hạn 15/12":              "",
		"Lớp hàn ở Ba Chẽ hạn 15/12":                   "",
	} {
		d := announce.Read(text, world)
		got := ""
		if k := d.Like(known, today); k != nil {
			got = k.ID
		}
		if got != want {
			t.Errorf("%s: like %q, want %q", text, got, want)
		}
	}
}

// Whatever bytes come, nothing breaks: what is kept is text that can be shown,
// bounded, with days that exist, and it survives being kept.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"Lớp hàn ở Ba Chẽ, hạn 30/12", "han: 99/99/9999 \xff\xfe", "Hạn:\u202e15/12", "{place} ở {trade}", "thang thang 12 nam", "học 3 tháng 0912", strings.Repeat("lớp hàn ", 900), "İİİ Ⱥ hạn 3/3"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, text, correction string) {
		d := announce.Read(text, world)
		check(t, &d)
		d.Correct(correction, world)
		check(t, &d)
		for _, field := range announce.Needed {
			d.Asked = field
			d.Correct(correction, world)
		}
		check(t, &d)
	})
}

func check(t *testing.T, d *announce.Draft) {
	t.Helper()
	told := strings.Join(d.Lines(world), "\n") + announce.Message(d.Course, d.Note, library)
	if !utf8.ValidString(told) || strings.ContainsAny(told, "{}\x00") {
		t.Errorf("can't be shown: %q", told)
	}
	c := d.Course
	for _, day := range []course.Day{c.Start, c.End, c.Deadline} {
		if !day.Valid() {
			t.Errorf("day %q", day)
		}
	}
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back announce.Draft
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if len(b) > 64<<10 {
		t.Errorf("%d bytes to keep", len(b))
	}
	if diff := cmp.Diff(d.Lines(world), back.Lines(world)); diff != "" {
		t.Errorf("kept otherwise:\n%s", diff)
	}
}
