package faults_test

import (
	"syscall"
	"testing"
	"time"
)

// Processes are exchanged one after the other while people talk: nobody
// notices, nothing is said twice, and each ends by itself in time.
func TestRollingRestart(t *testing.T) {
	besideOthers(t)
	in := install(t, nil)
	want := answers(t, script)
	running := []*process{in.start(""), in.start("")}
	over := make(chan struct{})
	restarts := make(chan int)
	go func() {
		n := 0
		defer func() { restarts <- n }()
		for n < max(2, *kills) {
			select {
			case <-over:
				return
			case <-time.After(500 * time.Millisecond):
			}
			fresh := in.start("")
			old := running[0]
			running = append(running[1:], fresh)
			in.gone(old) // the balancer sends it nothing more
			began := time.Now()
			old.cmd.Process.Signal(syscall.SIGTERM)
			select {
			case <-old.ended:
			case <-time.After(30 * time.Second):
				t.Errorf("did not end:\n%s", old.logged())
				return
			}
			if took := time.Since(began); took > 10*time.Second || !old.cmd.ProcessState.Success() {
				t.Errorf("ended after %v with %v\n%s", took, old.cmd.ProcessState, old.logged())
			}
			n++
		}
	}()
	in.talk(*people)
	close(over)
	n := <-restarts
	if doubled := in.balance(*people, want); doubled != 0 {
		t.Errorf("%d answers came twice", doubled)
	}
	t.Logf("%d restarts during %d updates of %d people", n, *people*len(script), *people)
}
