package handoff_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/handoff"
	"nghe/store"
	"nghe/store/storetest"
)

var claims = flag.Int("claims", 100, "cases that two processes claim at the same instant")

// claimant makes the test program one of the two that claim: "postgres URL" or
// "sqlite FOLDER".
const claimant = "NGHE_TEST_CLAIMANT"

func TestMain(m *testing.M) {
	if records := os.Getenv(claimant); records != "" {
		if err := claimAsTold(records, os.Getenv(claimant+"_LOGIN")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	storetest.Main(m)
}

func openRecords(ctx context.Context, records string) (*store.DB, error) {
	kind, where, _ := strings.Cut(records, " ")
	if kind == "postgres" {
		return store.OpenPostgres(ctx, where, monday)
	}
	return store.Open(ctx, where, monday)
}

// claimAsTold claims each case whose id is read, and says what came of it.
func claimAsTold(records, login string) error {
	ctx := context.Background()
	db, err := openRecords(ctx, records)
	if err != nil {
		return err
	}
	defer db.Close()
	desk := &handoff.Desk{Records: db, Sessions: db.Sessions(), Library: content.MustBuiltin, Zone: time.UTC}
	fmt.Println("ready")
	ids := bufio.NewScanner(os.Stdin)
	for ids.Scan() {
		_, err := desk.Claim(ctx, ids.Text(), counsellor(login, login), monday)
		var taken *handoff.Taken
		switch {
		case err == nil:
			fmt.Println("won", login)
		case errors.As(err, &taken):
			fmt.Println("lost", taken.Holder)
		default:
			return err
		}
	}
	return ids.Err()
}

// Two processes claim each case at the same instant: one wins, the other is
// told who.
func TestClaimsOfTwoProcesses(t *testing.T) {
	for kind, where := range map[string]func() string{"sqlite": t.TempDir, "postgres": func() string { return storetest.Postgres(t) }} {
		t.Run(kind, func(t *testing.T) { claimByTwo(t, kind+" "+where()) })
	}
}

func claimByTwo(t *testing.T, records string) {
	ctx := t.Context()
	db, err := openRecords(ctx, records)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	two := [2]*other{run(t, records, "hoa"), run(t, records, "binh")}
	wins := map[string]int{}
	for i := range *claims {
		who := web(i)
		c, _, err := db.OpenCase(ctx, handoff.Case{
			ID: fmt.Sprint("case", i), State: handoff.Waiting, Queue: "training", Contact: who, Turn: "1", OpenedAt: monday, WaitingAt: monday,
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range two {
			fmt.Fprintln(p.in, c.ID)
		}
		winner, loser := "", ""
		for _, p := range two {
			switch what, name, _ := strings.Cut(p.line(t), " "); what {
			case "won":
				if winner != "" {
					t.Fatalf("%s: %s and %s won", c.Title(), winner, name)
				}
				winner = name
			case "lost":
				loser = name
			}
		}
		now, err := db.Case(ctx, c.ID)
		if err != nil || winner == "" || loser != winner || now.Holder != winner {
			t.Fatalf("%s: %q won, the other was told %q, the records have %+v, %v", c.Title(), winner, loser, now, err)
		}
		if l, err := db.Sessions().Load(ctx, who, "", monday); err != nil || l.Hold.Kind != bot.HoldClaimed || l.Hold.Epoch != now.Epoch {
			t.Fatalf("%s: the session has %+v, %v", c.Title(), l.Hold, err)
		}
		wins[winner]++
	}
	t.Logf("%d cases: %v", *claims, wins)
}

// other is the test program run as a claimant.
type other struct {
	in  io.Writer
	out *bufio.Scanner
}

func run(t *testing.T, records, login string) *other {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), claimant+"="+records, claimant+"_LOGIN="+login)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil && t.Context().Err() == nil {
			t.Errorf("%s: %v", login, err)
		}
	})
	o := &other{in, bufio.NewScanner(out)}
	if o.line(t) != "ready" {
		t.Fatalf("%s is not ready", login)
	}
	return o
}

func (o *other) line(t *testing.T) string {
	t.Helper()
	if !o.out.Scan() {
		t.Fatalf("a process ended: %v", o.out.Err())
	}
	return o.out.Text()
}
