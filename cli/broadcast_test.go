package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"nghe/cli"
)

// show is what “broadcast show --json” prints.
type show struct {
	ID, State, Why                                   string
	DuplicateOf                                      string `json:"duplicate_of"`
	Planned, Queued, Sent, Failed, Skipped, Doubtful int
	Tapped, Registered, Declined                     int
	Reasons                                          map[string]int
	LeftOut                                          map[string]int `json:"left_out"`
	ApprovedBy                                       string         `json:"approved_by"`
}

// broadcasting runs “nghe broadcast” beside whatever runs on the data.
func broadcasting(t *testing.T, data string, args ...string) show {
	t.Helper()
	out := command(t, data, append([]string{"broadcast"}, args...)...)
	var s show
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return s
}

// taps taps a button.
func (v *visitor) taps(s *served, label, tap string) said {
	v.t.Helper()
	v.n++
	body, err := json.Marshal(map[string]string{"id": fmt.Sprintf("message-%04d", v.n), "text": label, "tap": tap})
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := v.client.Post(s.url+"/chat/messages", "application/json", bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	var a said
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil || r.StatusCode != http.StatusOK {
		v.t.Fatal(r.Status, err)
	}
	return a
}

// opens opens the page and gives all bubbles that it shows at first.
func (v *visitor) opens(s *served) (all []string) {
	v.t.Helper()
	r, err := v.client.Get(s.url + "/chat/events")
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	lines.Buffer(nil, 1<<20)
	event := ""
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			event = name
		}
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		switch {
		case ok && event == "shown":
			return all
		case ok && event == "bubble":
			var b struct{ Text string }
			if err := json.Unmarshal([]byte(data), &b); err != nil {
				v.t.Fatal(err)
			}
			all = append(all, b.Text)
		}
	}
	v.t.Fatal("the stream ended", lines.Err())
	return nil
}

// A person on the web chat agrees to news, is shown an announcement when they
// open the page, looks at the class, and stops.
func TestBroadcastOnTheWebChat(t *testing.T) {
	data := t.TempDir()
	command(t, data, "demo", "--people", "300")
	courses := open(t, data)
	s := serve(t, "NGHE_DATA="+data)
	v := newVisitor(t)
	for _, text := range []string{"nhận tin lớp mới", "mọi nghề", "cả tỉnh", "bỏ qua", "đồng ý", "đủ 16 tuổi"} {
		v.say(s, text)
	}
	// Urgent, because the test may run at night.
	letter := fmt.Sprintf(`{"course":%q,"urgent":true}`, courses)
	made := broadcasting(t, data, "new", "--json", letter)
	if made.State != "awaiting-approval" || made.Planned < 200 || made.LeftOut["not-agreed"] == 0 {
		t.Errorf("%+v", made)
	}
	if again := broadcasting(t, data, "new", "--json", letter, "--yes"); again.DuplicateOf != made.ID || again.State != "awaiting-approval" {
		t.Errorf("%+v", again)
	}
	other := fmt.Sprintf(`{"course":%q,"urgent":true,"again":true}`, courses)
	approved := broadcasting(t, data, "new", "--json", other, "--yes")
	if approved.State != "sending" || approved.ID == made.ID {
		t.Errorf("%+v", approved)
	}
	broadcasting(t, data, "cancel", made.ID)
	if gone := broadcasting(t, data, "show", made.ID, "--json"); gone.State != "cancelled" || gone.Skipped != gone.Planned || gone.Reasons["cancelled"] != gone.Planned {
		t.Errorf("%+v", gone)
	}
	var shown []string
	await(t, func() bool {
		shown = v.opens(s)
		return strings.Contains(strings.Join(shown, "\n"), "Lớp ví dụ, không có thật")
	})
	if n := strings.Count(strings.Join(v.opens(s), "\n"), "Có lớp mới: "); n != 1 {
		t.Errorf("shown %d times: %q", n, shown)
	}
	after := broadcasting(t, data, "show", approved.ID, "--json")
	if after.Sent != 1 || after.Sent+after.Queued != after.Planned || after.ApprovedBy != "operator" {
		t.Errorf("%+v", after)
	}
	v.taps(s, "Xem chi tiết", "flow:course?course="+courses)
	if said := v.taps(s, "Không quan tâm", "flow:decline?decline="+courses).all(); !strings.Contains(said, "không nhắc lớp này nữa") {
		t.Error(said)
	}
	v.taps(s, "Thôi cả nghề này", "decline/more=no")
	await(t, func() bool {
		after := broadcasting(t, data, "show", approved.ID, "--json")
		return after.Tapped == 1 && after.Declined == 1
	})
	paused := broadcasting(t, data, "pause", approved.ID)
	if paused.State != "paused" {
		t.Errorf("%+v", paused)
	}
	if resumed := broadcasting(t, data, "resume", approved.ID); resumed.State != "sending" {
		t.Errorf("%+v", resumed)
	}
	if said := v.say(s, "dừng").all(); !strings.Contains(said, "không tự nhắn trước") {
		t.Error(said)
	}
}

// open gives a class of a store on which one can register.
func open(t *testing.T, data string) string {
	t.Helper()
	out := command(t, data, "course", "list", "--json")
	var all []struct {
		ID, Status, Deadline string
	}
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Status == "enrolling" && c.Deadline != "" {
			return c.ID
		}
	}
	t.Fatal("no class is open")
	return ""
}

// await looks again and again until something is so.
func await(t *testing.T, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); {
		if time.Now().After(deadline) {
			t.Fatal("it did not come to it")
		}
	}
}

func TestBroadcastArguments(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		told string
	}{
		{[]string{}, 2, "say new, show"},
		{[]string{"shout"}, 2, "none of new"},
		{[]string{"new"}, 2, "--json with an object is missing"},
		{[]string{"new", "--json", "{"}, 2, "--json"},
		{[]string{"new", "--json", `{"texts":"x"}`}, 2, "texts"},
		{[]string{"new", "--json", `{}`}, 1, "cần có nội dung"},
		{[]string{"new", "--json", `{"text":"x","audience":{"places":["nope"]}}`}, 1, "nope"},
		{[]string{"show"}, 2, "say which"},
		{[]string{"show", "nope", "--json"}, 1, "nope"},
		{[]string{"pause", "nope"}, 1, "nope"},
		{[]string{"cancel", "x", "--yes"}, 2, "--yes"},
		{[]string{"list", "x"}, 2, "unexpected"},
	} {
		var errs bytes.Buffer
		code := cli.Run(t.Context(), &cli.Process{
			Args: append([]string{"broadcast"}, c.args...), Environ: []string{"NGHE_DATA=" + data}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &errs, Now: time.Now,
		})
		errOut := errs.String()
		if code != c.code || !strings.Contains(errOut, c.told) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v: %d %q", c.args, code, errOut)
		}
	}
	if out := command(t, data, "broadcast", "list", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("%q", out)
	}
}
