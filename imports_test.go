package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Imports run one way. Each folder may import these of ours, and, where it
// says so, nothing of the kind from outside.
var mayImport = map[string]struct {
	ours   []string
	never  []string // beginnings of paths from outside
	reason string
}{
	"dialog":                       {nil, []string{"net", "os", "database", "github.com/redis", "time/tzdata", "math/rand", "log"}, "the engine is pure: no I/O, no chance, no language"},
	"viet":                         {nil, []string{"net", "os", "database", "github.com/redis", "log"}, "the language knows only letters"},
	"daily":                        {[]string{"bot", "dialog"}, []string{"net", "os", "database", "github.com/redis"}, "counting knows turns, and no store"},
	"unanswered":                   {[]string{"bot", "daily", "dialog", "viet"}, []string{"net", "os", "database", "github.com/redis"}, "what was not answered knows turns, and no store"},
	"content":                      {[]string{"dialog", "viet"}, []string{"net", "database", "github.com/redis"}, "content is files"},
	"understand":                   {[]string{"content", "dialog", "viet"}, []string{"net", "os", "database", "github.com/redis", "log"}, "reading a text touches nothing"},
	"advice":                       {[]string{"content", "course", "dialog", "viet"}, []string{"net", "os", "database", "github.com/redis", "log"}, "sums are pure"},
	"announce":                     {[]string{"content", "course", "dialog", "viet"}, []string{"net", "os", "database", "github.com/redis", "log"}, "a text in, a draft out; no store"},
	"crash":                        {nil, nil, "a crash knows nothing"},
	"broadcast":                    {[]string{"bot", "content", "course", "crash", "dialog", "staff"}, []string{"net", "database", "github.com/redis"}, "rules and the road to many know neither platforms nor stores"},
	"bot":                          {[]string{"crash", "dialog", "viet"}, []string{"net/http", "database", "github.com/redis"}, "turns know neither platforms nor stores"},
	"bot/bottest":                  {[]string{"bot", "dialog"}, nil, "fakes of what bot declares"},
	"bot/bottest/bell":             {nil, nil, "waiting knows no platform"},
	"bot/bottest/cmd/fakezalo":     {[]string{"bot/bottest/terminal", "bot/bottest/zalo"}, nil, "a fake to try by hand"},
	"bot/bottest/cmd/fakezalobot":  {[]string{"bot/bottest/terminal", "bot/bottest/zalobot"}, nil, "a fake to try by hand"},
	"bot/bottest/terminal":         {nil, nil, "knows no platform"},
	"bot/bottest/zalo":             {[]string{"bot", "bot/bottest/bell", "bot/zalo"}, nil, "a fake knows its platform, and the interfaces whose suites it holds"},
	"bot/bottest/zalobot":          {[]string{"bot/bottest/bell"}, nil, "a fake knows its platform"},
	"bot/split":                    {[]string{"dialog"}, []string{"net", "os", "database", "github.com/redis", "log"}, "cutting texts is pure"},
	"bot/zalo":                     {[]string{"bot", "bot/split", "dialog"}, []string{"database", "github.com/redis"}, "a channel knows turns and its platform"},
	"bot/zalobot":                  {[]string{"bot", "bot/split", "crash", "dialog"}, []string{"database", "github.com/redis"}, "a channel knows turns and its platform"},
	"bot/bottest/telegram":         {[]string{"bot/bottest/bell"}, []string{"database", "github.com/redis", "github.com/go-telegram-bot-api"}, "a platform knows nothing of its bots"},
	"bot/bottest/cmd/faketelegram": {[]string{"bot/bottest/telegram"}, nil, "a platform to try by hand"},
	"bot/telegram":                 {[]string{"bot", "bot/split", "crash", "dialog"}, []string{"database", "github.com/redis"}, "a channel knows turns and its platform"},
	"bot/webchat":                  {[]string{"bot", "dialog"}, []string{"database", "github.com/redis"}, "a channel knows turns and its platform"},
	"console":                      {[]string{"bot", "broadcast", "content", "course", "course/sheet", "daily", "dialog", "draft", "handoff", "notice", "release", "report", "report/sheet", "scheduler/reminder", "staff", "story", "unanswered", "understand/questions", "viet"}, []string{"database", "github.com/redis"}, "pages know no store and no platform"},
	"content/eval":                 {nil, nil, "questions need nobody"},
	"content/transcripts":          {[]string{"course"}, []string{"net", "os", "database", "github.com/redis", "log"}, "talks are files"},
	"release":                      {[]string{"content", "staff"}, []string{"net", "os", "database", "github.com/redis", "log"}, "editing knows neither stores nor pages"},
	"draft":                        {[]string{"advice", "bot", "content", "content/eval", "content/transcripts", "course", "dialog", "transcript", "understand", "understand/questions", "viet"}, []string{"net", "os", "database", "github.com/redis", "log"}, "what a change alters is computed; it knows neither stores nor pages"},
	"course":                       {nil, []string{"net", "os", "database", "github.com", "log"}, "what a class is needs nobody"},
	"course/sheet":                 {[]string{"content", "course", "dialog", "viet"}, []string{"net", "os", "database", "github.com/redis", "log"}, "a table in, courses out; no store"},
	"deploy":                       {nil, nil, "files for operators, and the test that holds them to the program"},
	"demo":                         {[]string{"bot", "content", "course", "daily", "dialog", "handoff", "people", "unanswered"}, []string{"net", "os", "database", "github.com/redis"}, "inventing needs no store"},
	"bot/webchat/webtest":          {nil, []string{"database", "github.com/redis"}, "a browser for tests knows no page"},
	"meter":                        {nil, []string{"database", "github.com/redis"}, "numbers and names, nothing of ours"},
	"handoff":                      {[]string{"bot", "content", "dialog", "staff", "viet"}, []string{"net", "os", "database", "github.com/redis"}, "the contract between bot and counsellors knows neither platforms nor stores"},
	"counsel":                      {[]string{"bot", "dialog", "handoff", "staff", "viet"}, []string{"net", "os", "database", "github.com/redis"}, "what counsellors do from their chat knows neither platforms nor stores"},
	"notice":                       {[]string{"content", "course", "viet"}, []string{"net", "os", "database", "github.com/redis", "log"}, "a class in, a text out; no page"},
	"officer":                      {[]string{"announce", "bot", "broadcast", "content", "course", "course/sheet", "dialog", "scheduler/reminder", "staff", "viet"}, []string{"net", "os", "database", "github.com/redis"}, "what staff do from their chat knows neither platforms nor stores"},
	"people":                       {[]string{"bot", "course", "dialog"}, []string{"net", "database", "github.com/redis"}, "people know no store"},
	"report":                       {[]string{"content", "course", "daily", "handoff", "viet"}, []string{"net", "os", "database", "github.com", "log"}, "sums in, tables out; no store and no page"},
	"report/sheet":                 {[]string{"report"}, []string{"net", "os", "database", "github.com/redis", "log"}, "tables in, a workbook out"},
	"scheduler":                    {nil, []string{"net", "database", "github.com/redis"}, "the clock knows no store"},
	"site":                         {[]string{"content", "course", "notice", "viet"}, []string{"database", "github.com/redis"}, "pages for the public know what may be told, no store and nobody"},
	"staff":                        {[]string{"bot", "course", "dialog"}, []string{"net", "os", "database", "github.com/redis"}, "who may do what knows no store and no page"},
	"scheduler/reminder":           {[]string{"bot", "broadcast", "content", "course", "dialog"}, []string{"net", "os", "database", "github.com/redis"}, "what is due is computed; it knows neither platforms nor stores"},
	"story":                        {[]string{"content", "course", "staff"}, []string{"net", "os", "database", "github.com/redis", "log"}, "what somebody agreed to have told; no store and no page"},
	"store":                        {[]string{"bot", "broadcast", "course", "daily", "dialog", "handoff", "people", "release", "report", "scheduler/reminder", "staff", "story", "unanswered"}, []string{"net/http"}, "a store knows the types it keeps"},
	"store/storetest":              {nil, nil, "servers for tests"},
	"transcript":                   {[]string{"bot", "dialog"}, []string{"net", "database", "github.com/redis"}, "a talk as text"},
	"understand/eval":              {[]string{"content", "understand", "understand/questions"}, nil, "a program for developers"},
	"understand/questions":         {[]string{"dialog"}, nil, "scoring knows only what a Reader gives"},
	"cli":                          {[]string{"advice", "announce", "bot", "bot/telegram", "bot/webchat", "bot/zalo", "bot/zalobot", "broadcast", "console", "content", "counsel", "course", "course/sheet", "daily", "demo", "dialog", "draft", "handoff", "meter", "officer", "people", "release", "report", "report/sheet", "scheduler", "scheduler/reminder", "site", "staff", "store", "story", "transcript", "unanswered", "understand", "viet"}, nil, "the command line wires all"},
	"bench":                        {nil, nil, "measures it from outside"},
	"bench/echo":                   {nil, nil, "the least that a bot can be"},
	"bench/run":                    {nil, nil, "runs benchmarks and tells what came out"},
	"bench/sim":                    {nil, []string{"net", "os", "database", "github.com/redis", "log"}, "a simulation is pure"},
	"faults":                       {nil, nil, "tries to break it from outside"},
	".":                            {[]string{"cli", "crash"}, nil, "main starts the command line"},
}

func TestImportsRunOneWay(t *testing.T) {
	seen := map[string]bool{}
	eachFolder(t, func(dir string, files []string) {
		rule, ok := mayImport[dir]
		if !ok {
			t.Errorf("folder %s is not in the table of imports: add it with its reason", dir)
			return
		}
		seen[dir] = true
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range f.Imports {
				imported, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				if own, ok := strings.CutPrefix(imported, "nghe/"); ok {
					if !slices.Contains(rule.ours, own) {
						t.Errorf("%s imports %s: %s", file, imported, rule.reason)
					}
					continue
				}
				for _, never := range rule.never {
					if imported == never || strings.HasPrefix(imported, never+"/") {
						t.Errorf("%s imports %s: %s", file, imported, rule.reason)
					}
				}
			}
		}
	})
	for dir := range mayImport {
		if !seen[dir] {
			t.Errorf("folder %s is in the table of imports and not there", dir)
		}
	}
}

// Every folder says in its doc.go, or in its only file, what it is for.
func TestEveryFolderIsExplained(t *testing.T) {
	eachFolder(t, func(dir string, files []string) {
		explained := slices.ContainsFunc(files, func(file string) bool {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
			return err == nil && f.Doc != nil && len(f.Doc.Text()) > 40
		})
		if !explained {
			t.Errorf("folder %s does not say what it is for: write a doc.go", dir)
		}
	})
}

// eachFolder calls do for each folder with Go files.
func eachFolder(t *testing.T, do func(dir string, files []string)) {
	t.Helper()
	folders := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "data") {
			return filepath.SkipDir
		}
		if path.Ext(name) == ".go" {
			dir := filepath.ToSlash(filepath.Dir(name))
			folders[dir] = append(folders[dir], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, files := range folders {
		do(dir, files)
	}
}

// The image holds one static binary, run by nobody in particular.
func TestDockerfile(t *testing.T) {
	b, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, last, ok := strings.Cut(string(b), "\nFROM scratch\n")
	if !ok {
		t.Fatal("the last stage is not empty to begin with")
	}
	for _, want := range []string{"USER 65532:65532\n", "ENTRYPOINT [\"/nghe\"]\n", "VOLUME /data\n", "ca-certificates.crt"} {
		if !strings.Contains(last, want) {
			t.Errorf("the image has no %q", want)
		}
	}
	if !strings.Contains(string(b), "CGO_ENABLED=0 go build") {
		t.Error("the binary is not static")
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, version, _ := strings.Cut(string(mod), "\ngo ")
	if parts := strings.Split(version, "."); !strings.Contains(string(b), "FROM golang:"+parts[0]+"."+parts[1]) {
		t.Errorf("the image is not built with the Go of go.mod, %s", parts)
	}
}
