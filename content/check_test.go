package content_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"nghe/content"
)

func TestBuiltinIsClean(t *testing.T) {
	_, problems := content.Load(content.Builtin())
	for _, p := range problems {
		t.Error(p)
	}
}

// matches says whether a text has something like a pattern in it.
func matches(t *testing.T, pattern, text string) bool {
	t.Helper()
	return regexp.MustCompile(pattern).MatchString(text)
}

// copied gives the built-in content to be edited.
func copied(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(content.Builtin(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(content.Builtin(), path)
		files[path] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A small flow to spoil; it is in no one's way.
const flow = `id: trip
title: Đi thử
steps:
  - id: where
    choice: "{Bạn} đi đâu?"
    slot: purpose
    help: [Bấm một dòng.]
    options:
      - {value: a, label: A}
      - {value: b, label: B}
  - id: fork
    branch:
      - {when: purpose == "a", to: done}
    else: more
  - id: more
    say: Còn nữa.
  - id: done
    end: Xong.
`

func topic(body string) string {
	asks := ""
	for i := range 8 {
		asks += fmt.Sprintf("      - câu thử số %d\n", i)
	}
	return "topics:\n  - id: try.it\n    title: Thử\n    asks:\n" + asks + body
}

// reminding gives a sound reminder with one line written otherwise.
func reminding(line string) string {
	const sound = `reminders:
  - id: try
    title: Thử
    on: false
    what: starts
    days: 1
    when: "0 8 * * *"
    useful_hours: 12
    to: [enrolled]
    text: Mai học lớp “{title}”.
`
	if line == "" {
		return sound
	}
	field, _, _ := strings.Cut(line, ":")
	if re := regexp.MustCompile(`(?m)^    ` + field + `: .*$`); re.MatchString(sound) {
		return re.ReplaceAllLiteralString(sound, "    "+line)
	}
	return sound + "    " + line + "\n"
}

// Everything that can be wrong with content is caught, with the place where it
// is and what to try.
func TestCheckCatches(t *testing.T) {
	long := strings.Repeat("a", 2001)
	for _, c := range []struct {
		name string
		file string // an override
		text string
		want string // regular expression
	}{
		{"fine", "flows/trip.yaml", flow, ""},
		{"dead end", "flows/trip.yaml", strings.Replace(flow, "say: Còn nữa.", "say: Còn nữa.\n    next: more", 1), `flows/trip.yaml:\d+: .*"more" is a dead end`},
		{"unreachable step", "flows/trip.yaml", strings.Replace(flow, "else: more", "else: done", 1), `flows/trip.yaml:15: .*"?more"? .*reach`},
		{"unknown step", "flows/trip.yaml", strings.Replace(flow, "else: more", "else: nowhere", 1), `leads to the unknown step "nowhere": use`},
		{"unknown slot filled", "flows/trip.yaml", strings.Replace(flow, "slot: purpose", "slot: nosuch", 1), `fills the unknown slot "nosuch": declare it`},
		{"unknown slot in a condition", "flows/trip.yaml", strings.Replace(flow, `purpose == "a"`, `nosuch == "a"`, 1), `flows/trip.yaml:\d+: .*nosuch`},
		{"expression error", "flows/trip.yaml", strings.Replace(flow, `purpose == "a"`, `purpose == `, 1), `flows/trip.yaml:\d+: .*condition`},
		{"expression of the wrong type", "flows/trip.yaml", strings.Replace(flow, `purpose == "a"`, `purpose`, 1), `flows/trip.yaml:\d+: .*condition`},
		{"arithmetic in a condition", "flows/trip.yaml", strings.Replace(flow, `purpose == "a"`, `age + 1 > 3`, 1), `flows/trip.yaml:\d+: .*condition`},
		{"unknown function", "flows/trip.yaml", strings.Replace(flow, "say: Còn nữa.", "say: Còn nữa.\n    compute: nosuch", 1), `computes the unknown function "nosuch"`},
		{"unknown flow", "flows/trip.yaml", strings.Replace(flow, "say: Còn nữa.", "call: nosuch", 1), `calls the unknown flow "nosuch"`},
		{"unknown effect", "flows/trip.yaml", strings.Replace(flow, "say: Còn nữa.", "do: nosuch", 1), `does the unknown effect "nosuch"`},
		{"forgets an unknown slot", "flows/trip.yaml", strings.Replace(flow, "say: Còn nữa.", "forget: [nosuch]", 1), `forgets the unknown slot "nosuch"`},
		{"two kinds in a step", "flows/trip.yaml", strings.Replace(flow, "say: Còn nữa.", "say: Còn nữa.\n    end: Xong.", 1), `flows/trip.yaml:15: .*has 2 of .*: give it exactly one`},
		{"label too long", "flows/trip.yaml", strings.Replace(flow, "label: A", "label: Nhãn này dài hơn ba mươi chữ cái rồi", 1), `has \d+ characters: shorten it to 30`},
		{"a form for what no form has", "flows/trip.yaml", strings.Replace(flow, "    slot: purpose\n", "    slot: purpose\n    share: phone\n", 1), `step "where" shares "phone", which does not answer it: leave “share” out`},
		{"a form and no question", "flows/trip.yaml", strings.Replace(flow, "  - id: fork\n", "  - id: fork\n    share: name\n", 1), `step "fork" shares "name" and asks nothing`},
		{"six options", "flows/trip.yaml", strings.Replace(flow, "      - {value: a, label: A}\n", "      - {value: a, label: A}\n      - {value: c, label: C}\n      - {value: d, label: D}\n      - {value: e, label: E}\n      - {value: f, label: F}\n", 1), `shows 6 options: Zalo has 5 buttons`},
		{"value twice", "flows/trip.yaml", strings.Replace(flow, "value: b", "value: a", 1), `stands twice`},
		{"text too long", "flows/trip.yaml", strings.Replace(flow, "Còn nữa.", long, 1), `a bubble has 2001 characters: split it`},
		{"missing fallback", "flows/trip.yaml", strings.Replace(flow, "    help: [Bấm một dòng.]\n", "", 1), `flows/trip.yaml:4: .*(help|skip)`},
		{"nothing to fill a place", "flows/trip.yaml", strings.Replace(flow, "{Bạn} đi", "{nosuch} đi", 1), `nothing fills the place \{nosuch\}`},
		{"sum without a source in a flow", "flows/trip.yaml", strings.Replace(flow, "Còn nữa.", "Được 4 triệu đồng.", 1), `"4 triệu đồng?" is told without a source`},
		{"resume to nowhere", "flows/trip.yaml", strings.Replace(flow, "title: Đi thử", "title: Đi thử\nresume: nosuch", 1), `resume names the unknown step "nosuch"`},
		{"moved to nowhere", "flows/trip.yaml", strings.Replace(flow, "title: Đi thử", "title: Đi thử\nmoved: {old: nosuch}", 1), `moved leads to the unknown step "nosuch"`},
		{"moved from a step", "flows/trip.yaml", strings.Replace(flow, "title: Đi thử", "title: Đi thử\nmoved: {more: done}", 1), `moved names "more", which is a step`},
		{"unknown key", "flows/trip.yaml", strings.Replace(flow, "title:", "colour: red\ntitle:", 1), `flows/trip.yaml:2: .*colour`},
		{"wrong type", "flows/trip.yaml", strings.Replace(flow, "title: Đi thử", "title: [Đi thử]", 1), `flows/trip.yaml:2: `},
		{"not YAML", "flows/trip.yaml", "id: trip\n\tsteps", `flows/trip.yaml:\d+: `},
		{"not a map", "flows/trip.yaml", "- a\n- b\n", `flows/trip.yaml:1: it is no list of keys and values`},
		{"empty", "flows/trip.yaml", "", `flows/trip.yaml:\d+: `},
		{"a file of no kind", "flow/trip.yaml", flow, `flow/trip.yaml`},

		{"topic", "topics/mine.yaml", topic("    answer: Chào {bạn}.\n"), ""},
		{"few ways of asking", "topics/mine.yaml", strings.Replace(topic("    answer: Chào.\n"), "      - câu thử số 0\n", "", 1), `topics/mine.yaml:2: .*7 ways of asking: write at least 8`},
		{"no ways of asking", "topics/mine.yaml", "topics:\n  - {id: try.it, title: Thử, answer: Chào.}\n", `0 ways of asking`},
		{"sum without a source", "topics/mine.yaml", topic("    answer: Được 3.500.000 đồng.\n"), `"3.500.000 đồng?" is told without a source: name the facts`},
		{"percentage without a source", "topics/mine.yaml", topic("    answer: Lãi 6,24% một năm.\n"), `"6,24%" is told without a source`},
		{"a sum that no fact has", "topics/mine.yaml", topic("    answer: Được 3.500.001 đồng.\n    facts: [support.nd338.meal]\n    review_by: '2027-01-01'\n"), `is no number of the facts it names`},
		{"missing review date", "topics/mine.yaml", topic("    answer: Được 50.000 đồng.\n    facts: [support.nd338.meal]\n"), `review`},
		{"unknown fact", "topics/mine.yaml", topic("    answer: Chào.\n    facts: [nosuch]\n    review_by: '2027-01-01'\n"), `names the unknown fact "nosuch"`},
		{"unknown topic offered", "topics/mine.yaml", topic("    answer: Chào.\n    next: [nosuch]\n"), `offers the unknown topic "nosuch"`},
		{"unknown flow offered", "topics/mine.yaml", topic("    answer: Chào.\n    next: ['flow:nosuch']\n"), `offers the unknown flow "nosuch"`},
		{"unknown command offered", "topics/mine.yaml", topic("    answer: Chào.\n    next: ['do:nosuch']\n"), `offers the unknown command "nosuch"`},
		{"five offers", "topics/mine.yaml", topic("    answer: Chào.\n    next: [support.who, support.meal, support.travel, support.once, support.papers]\n"), `offers 5 things`},
		{"duplicate id", "topics/mine.yaml", topic("    answer: Chào.\n") + strings.TrimPrefix(topic("    answer: Chào.\n"), "topics:\n"), `id "try.it" stands here and at line 2`},
		{"asked as another", "topics/mine.yaml", strings.Replace(topic("    answer: Chào.\n"), "câu thử số 0", "những ai được nhà nước hỗ trợ học nghề", 1), `both asked as`},
		{"title of another", "topics/mine.yaml", strings.Replace(topic("    answer: Chào.\n"), "title: Thử", "title: Tiền đi lại", 1), `has the title of`},
		{"title too long", "topics/mine.yaml", strings.Replace(topic("    answer: Chào.\n"), "title: Thử", "title: Một nhãn dài quá ba mươi chữ cái đó", 1), `shorten it to 30`},
		{"no answer", "topics/mine.yaml", topic(""), `says nothing`},
		{"no id", "topics/mine.yaml", strings.Replace(topic("    answer: Chào.\n"), "  - id: try.it\n    title", "  - title", 1), `it has no id`},
		{"unknown institution", "topics/mine.yaml", topic("    answer: Chào.\n    institutions: [nosuch]\n"), `unknown institution "nosuch"`},
		{"unknown trade", "topics/mine.yaml", topic("    answer: Chào.\n    trades: [nosuch]\n"), `unknown trade "nosuch"`},

		{"fact without a source", "facts/mine.yaml", "facts:\n  - {id: my.fact, statement: Thử., source: nosuch, status: in-force, read_on: '2026-11-22', review_by: '2027-01-01'}\n", `unknown source "nosuch"`},
		{"fact of no status", "facts/mine.yaml", "facts:\n  - {id: my.fact, statement: Thử., source: nd-338-2025, status: perhaps, read_on: '2026-11-22', review_by: '2027-01-01'}\n", `has the status "perhaps"`},
		{"fact never to be reviewed", "facts/mine.yaml", "facts:\n  - {id: my.fact, statement: Thử., source: nd-338-2025, status: in-force, read_on: '2026-11-22'}\n", `no day in review_by`},
		{"phrase that says nothing", "phrases.yaml", "phrases:\n  - {id: greeting, texts: []}\n", `phrase "greeting" says nothing`},
		{"unknown group", "supports.yaml", "regimes:\n  - {id: mine, name: X, from: '2026-01-01', where: X, papers: X, facts: [support.nd338.meal], rows: [{groups: [[martian]], course: {max: 4000000, why: X, fact: support.nd338.rural-training-cost}}]}\n", `unknown group "martian"`},
		{"a reminder of its own", "reminders.yaml", reminding(""), ""},
		{"a bad time", "reminders.yaml", reminding(`when: "0 25 * * *"`), `reminders.yaml:2: reminder "try": "0 25 \* \* \*" is no time: five fields`},
		{"a time in words", "reminders.yaml", reminding(`when: "@daily"`), `"@daily" is no time`},
		{"no time", "reminders.yaml", reminding(`when: ""`), `reminders.yaml:2: reminder "try" has no time: write when`},
		{"days in a time that hangs on a day", "reminders.yaml", reminding(`when: "0 8 * * 1"`), `names days, which are fixed .*: leave the last three`},
		{"not on and not off", "reminders.yaml", strings.Replace(reminding(""), "    on: false\n", "", 1), `does not say whether it is on: write “on: true”`},
		{"on or off in words", "reminders.yaml", reminding("on: tắt"), `reminders.yaml:\d+: .*`},
		{"an unknown place to fill", "reminders.yaml", reminding("text: Lớp {lop} mai học."), `nothing fills the place \{lop\}: one of .*title`},
		{"a text too long", "reminders.yaml", reminding("text: " + strings.Repeat("dài ", 200)), `has \d+ characters: shorten it to 600`},
		{"no text", "reminders.yaml", reminding(`text: ""`), `reminder "try" says nothing: write its text`},
		{"a sum in a reminder", "reminders.yaml", reminding("text: Được 4 triệu đồng."), `"4 triệu đồng?" is told without a source`},
		{"never of use", "reminders.yaml", reminding("useful_hours: 0"), `does not say for how long it is useful: write useful_hours`},
		{"no days", "reminders.yaml", reminding("days: 0"), `does not say how many days: |how many days before or after: write days`},
		{"an unknown what", "reminders.yaml", reminding("what: birthday"), `has the unknown what "birthday": one of bank-day, closes`},
		{"to nobody", "reminders.yaml", reminding("to: []"), `“to” has 0 values: name some of new`},
		{"to an unknown state", "reminders.yaml", reminding("to: [happy]"), `“to” has the unknown "happy": one of new`},
		{"roles of a reminder for people", "reminders.yaml", reminding("roles: [editor]"), `“roles” has 1 values: leave it out`},
		{"an unknown answer", "reminders.yaml", reminding("answers: [yes-sir]"), `unknown answer "yes-sir"`},
		{"people of the province", "reminders.yaml", reminding("province: true"), `has province, which counts only for the office`},
		{"a template by name", "reminders.yaml", reminding("zalo_template: nhac-lop"), `"nhac-lop" is no ZBS template`},
		{"a template without its price", "reminders.yaml", reminding(`zalo_template: "12345"`), `zalo_template and zalo_price go together`},
		{"a template and its price", "reminders.yaml", reminding("zalo_template: \"12345\"\n    zalo_price: 300"), ""},
		{"an unknown field", "reminders.yaml", reminding("hour: 8"), `unknown key "hour"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			lib, problems := content.Load(content.Builtin(), fstest.MapFS{c.file: {Data: []byte(c.text)}})
			var all []string
			for _, p := range problems {
				all = append(all, p.String())
			}
			told := strings.Join(all, "\n")
			if c.want == "" {
				if lib == nil || len(problems) > 0 {
					t.Errorf("not clean: %s", told)
				}
				return
			}
			if lib != nil {
				t.Error("the content is taken all the same")
			}
			if !regexp.MustCompile(c.want).MatchString(told) {
				t.Errorf("nothing like %q in:\n%s", c.want, told)
			}
			for _, line := range all {
				if !regexp.MustCompile(`^[^:]+:\d+: .+: .+`).MatchString(line) || strings.Contains(line, "\n") {
					t.Errorf("%q is not FILE:LINE: what is wrong: what to try", line)
				}
			}
		})
	}
}

// What the program needs must be there.
func TestCheckMissesWhatTheProgramNeeds(t *testing.T) {
	for _, c := range []struct{ file, old, replacement, want string }{
		{"phrases.yaml", "  - {id: chú, self: cháu, selves: [chú]}\n", "", `phrases.yaml:0: the form of address "chú" is missing`},
		{"phrases.yaml", "  - id: greeting\n", "  - id: greetings\n", `there is no phrase "greeting"`},
		{"topics/other.yaml", "- id: human.talk\n", "- id: human.chat\n", `there is no topic "human.talk"`},
		{"flows/menu.yaml", "id: menu\n", "id: menus\n", `menu`},
	} {
		files := copied(t)
		text := string(files[c.file].Data)
		if !strings.Contains(text, c.old) {
			t.Errorf("%s has no %q", c.file, c.old)
		}
		files[c.file] = &fstest.MapFile{Data: []byte(strings.Replace(text, c.old, c.replacement, 1))}
		lib, problems := content.Load(files)
		if lib != nil || !strings.Contains(fmt.Sprint(problems), c.want) {
			t.Errorf("without %q: %v", c.old, problems)
		}
	}
}

// All problems are told at once, in the order of files and lines.
func TestAllProblemsAtOnce(t *testing.T) {
	_, problems := content.Load(content.Builtin(), fstest.MapFS{
		"flows/trip.yaml":  {Data: []byte(strings.NewReplacer("slot: purpose", "slot: nosuch", "else: more", "else: nowhere").Replace(flow))},
		"topics/mine.yaml": {Data: []byte(topic("    answer: Được 3.500.000 đồng.\n    next: [nosuch]\n"))},
	})
	if len(problems) < 4 {
		t.Errorf("only %v", problems)
	}
	for i := 1; i < len(problems); i++ {
		a, b := problems[i-1], problems[i]
		if a.File > b.File || a.File == b.File && a.Line > b.Line {
			t.Errorf("%v stands before %v", a, b)
		}
	}
}

func TestLapsedFactsAreWarnings(t *testing.T) {
	lib := content.MustBuiltin()
	if lapsed := lib.Lapsed(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)); len(lapsed) > 0 {
		t.Errorf("lapsed already: %v", lapsed)
	}
	lapsed := lib.Lapsed(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	if len(lapsed) != len(lib.Facts) {
		t.Errorf("%d of %d facts have lapsed in 2030", len(lapsed), len(lib.Facts))
	}
	for _, p := range lapsed {
		if !p.Warning || !strings.HasSuffix(p.String(), "(warning)") {
			t.Errorf("%v is no warning", p)
		}
	}
	// The person is told, too.
	note, _ := lib.SourceNote([]string{"support.nd338.meal"}, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	if !strings.Contains(note, "quá hạn rà soát") {
		t.Error(note)
	}
}
