package content_test

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/advice"
	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/content"
	"nghe/dialog"
	"nghe/transcript"
	"nghe/understand"
)

// Every conversation in transcripts goes as it is written there. Between two
// messages the session is only in the store, as bytes.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("transcripts/*/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 25 {
		t.Errorf("only %d transcripts", len(files))
	}
	zone := time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)
	shipped := brain(t, content.MustBuiltin())
	for _, file := range files {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(file), "transcripts/"), ".txt"), func(t *testing.T) {
			written, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			now := shipped
			turns := &bot.Turns{
				Brain:    func() bot.Brain { return now },
				Sessions: &bottest.Sessions{}, People: &bottest.People{},
				Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
			}
			stage := transcript.Stage{Zone: zone, Handle: turns.Handle, Content: func(name string) error {
				now = shipped
				if name != "" {
					now = brain(t, edited(t, name))
				}
				return nil
			}}
			replayed, err := stage.Replay(t.Context(), string(written))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if *update {
				if err := os.WriteFile(file, []byte(replayed), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.Split(string(written), "\n"), strings.Split(replayed, "\n")); diff != "" {
				t.Errorf("%s goes differently now (-written +now); if that is right, run “go test ./content -update”:\n%s", file, diff)
			}
		})
	}
}

func brain(t *testing.T, lib *content.Library) bot.Brain {
	t.Helper()
	return bot.Brain{Engine: dialog.New(lib, advice.Functions(lib)), Reader: understand.New(lib), Library: lib}
}

// edited gives the shipped content with overrides on top.
func edited(t *testing.T, name string) *content.Library {
	t.Helper()
	overrides, err := fs.Sub(os.DirFS("transcripts/content"), name)
	if err != nil {
		t.Fatal(err)
	}
	lib, problems := content.Load(content.Builtin(), overrides)
	if lib == nil {
		t.Fatalf("content %s: %v", name, problems)
	}
	return lib
}
