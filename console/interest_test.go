package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"nghe/course"
	"nghe/staff"
)

func (w *world) wish(id string) course.Interest {
	w.t.Helper()
	all, err := w.db.InterestsByID(w.t.Context(), []string{id})
	if err != nil || len(all) != 1 {
		w.t.Fatalf("%s: %v %v", id, all, err)
	}
	return all[0]
}

// Staff note who brought the papers, one by one or many at once, for people of
// theirs only; what was so before is not noted again.
func TestPapersAreMarked(t *testing.T) {
	w := peopled(t)
	may := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}})
	mark := func(papers string, more ...string) string {
		form := url.Values{"papers": {papers}, "id": more}
		return form.Encode()
	}
	post := func(form string, want int) string {
		t.Helper()
		answer, text := w.ask("POST", "/console/interests/papers", may, form)
		if answer.StatusCode != want {
			t.Errorf("%s: %d, want %d", form, answer.StatusCode, want)
		}
		return text
	}
	post(mark("complete", "w0", "w2"), http.StatusForbidden) // w2 is of Tiên Yên
	post(mark("lost", "w0"), http.StatusBadRequest)
	if text := post(mark("complete"), http.StatusUnprocessableEntity); !strings.Contains(text, "đánh dấu ít nhất một người") {
		t.Errorf("%.500s", text)
	}
	if text := post(mark("complete", "w1"), http.StatusUnprocessableEntity); !strings.Contains(text, "chưa chọn lớp nào") {
		t.Errorf("%.500s", text)
	}
	if got := w.wish("w0").Papers; got != "" {
		t.Errorf("what was refused is noted: %q", got)
	}
	for range 2 { // the second time nothing is different
		post(mark("complete", "w0", "w1", "w3"), http.StatusSeeOther)
	}
	for id, want := range map[string]course.Papers{"w0": course.Complete, "w1": "", "w2": "", "w3": course.Complete} {
		if got := w.wish(id).Papers; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{Did: "interest.papers", Limit: 9})
	if err != nil || len(entries) != 2 || entries[0].Detail != "chưa rõ → đã nộp đủ giấy tờ" {
		t.Errorf("%+v, %v", entries, err)
	}
	if _, text := w.ask("GET", "/console/interests", may, ""); strings.Count(text, "đã nộp đủ giấy tờ, ") != 2 {
		t.Error("the list does not tell who brought papers")
	}
	answer, _ := w.ask("POST", "/console/interests/papers", may, mark("owed", "w0")+"&back=yes")
	if to := answer.Header.Get("Location"); !strings.HasPrefix(to, "/console/interests/w0") || w.wish("w0").Papers != course.Owed {
		t.Errorf("%q %q", to, w.wish("w0").Papers)
	}
	if _, text := w.ask("GET", "/console/interests/w0", may, ""); !strings.Contains(text, "còn thiếu giấy tờ") || !strings.Contains(text, "Ghi giấy tờ") {
		t.Error("the page of the wish does not tell, or its history does not")
	}
}

// Place and trade of a wish are changed on its page, what was agreed to stays,
// the history tells from what to what; nobody moves it to where they may not
// see it, and the trade of a wish for a class is that of the class.
func TestPlaceAndTradeOfAWish(t *testing.T) {
	w := peopled(t)
	may := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che", "ky-thuong"}})
	name := func(id string) string { return library().Place(id).Name }
	form := func(place, trade string) string {
		return url.Values{"ho-ten": {"Người số 1"}, "dien-thoai": {"0912345678"}, "xa-phuong": {place}, "nghe": {trade}}.Encode()
	}
	cook, weld := library().Trade("nau-an"), library().Trade("han")
	for _, bad := range []struct{ place, trade, says string }{
		{name("tien-yen"), weld.Name, ""},
		{"", weld.Name, "chưa ghi"},
		{"Nơi không có", weld.Name, "Nơi không có"},
		{name("ba-che"), "", "chọn nghề"},
	} {
		if answer, text := w.ask("POST", "/console/interests/w1", may, form(bad.place, bad.trade)); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, bad.says) {
			t.Errorf("%+v: %d", bad, answer.StatusCode)
		}
	}
	if i := w.wish("w1"); i.Place != "ba-che" || i.Trade != "han" {
		t.Errorf("what was refused is kept: %+v", i)
	}
	if answer, text := w.ask("POST", "/console/interests/w1", may, form(name("ky-thuong"), cook.Name)); answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %.800s", answer.StatusCode, text)
	}
	if i := w.wish("w1"); i.Place != "ky-thuong" || i.Trade != "nau-an" || i.Consent != "giấy" || i.Source != course.FromPaper || i.State != course.New {
		t.Errorf("%+v", i)
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{About: "interest:w1", Limit: 9})
	if err != nil || len(entries) != 1 || entries[0].Detail != "nơi ở: "+name("ba-che")+" → "+name("ky-thuong")+"; nghề: "+weld.Label()+" → "+cook.Label() {
		t.Errorf("%+v, %v", entries, err)
	}

	if _, text := w.ask("GET", "/console/interests/w0", may, ""); strings.Contains(text, `name="nghe"`) || !strings.Contains(text, `name="xa-phuong"`) {
		t.Error("a wish for a class offers another trade, or no place")
	}
	if answer, _ := w.ask("POST", "/console/interests/w0", may, form(name("ba-che"), cook.Name)); answer.StatusCode != http.StatusSeeOther || w.wish("w0").Trade != "han" {
		t.Errorf("the trade of a class is changed by a form made by hand: %+v", w.wish("w0"))
	}

	// Somebody who wrote two wishes keeps two.
	two := []course.Interest{w.wish("w1"), w.wish("w1")}
	for i := range two {
		two[i].ID, two[i].Trade, two[i].Channel, two[i].Contact = []string{"t0", "t1"}[i], []string{"han", "nau-an"}[i], "telegram", "7"
	}
	if err := w.db.AddInterests(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	if answer, text := w.ask("POST", "/console/interests/t0", may, form(name("ky-thuong"), cook.Name)); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "nguyện vọng khác cùng nghề") {
		t.Errorf("%d", answer.StatusCode)
	}
}
