package faults_test

import (
	"context"
	"testing"
	"time"

	"nghe/store/storetest"
)

// server is a store that goes away and comes again.
type server interface {
	Stop()
	Start()
}

// Redis or PostgreSQL is stopped for a while under load, twice: nothing that
// was confirmed is lost once it is back, and the talks go on by themselves.
func TestOutages(t *testing.T) {
	besideOthers(t)
	want := answers(t, script)
	for _, c := range []struct {
		name string
		gone func(*installation, *storetest.PostgresServer) server
	}{
		{"Redis", func(in *installation, _ *storetest.PostgresServer) server { return in.redis }},
		{"PostgreSQL", func(_ *installation, p *storetest.PostgresServer) server { return p }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			database, postgres := storetest.StartPostgres(t)
			in := installOn(t, database, nil)
			in.start("")
			in.start("")
			over := make(chan struct{})
			go func() { in.talk(*people); close(over) }()
			// In the middle of a sum, and about when people agree to be kept.
			for _, turn := range []int{3, 11} {
				ctx, cancel := context.WithTimeout(t.Context(), patience(turn, 4*time.Minute))
				err := in.platform.Wait(ctx, func() bool { return len(once(in.platform.said(0))) > turn })
				cancel()
				if err != nil {
					t.Errorf("nobody came to turn %d", turn)
					break
				}
				gone := c.gone(in, postgres)
				gone.Stop()
				select {
				case <-over:
					t.Error("all was said without the store")
				case <-time.After(*outage):
				}
				gone.Start()
			}
			<-over
			doubled := in.balance(*people, want)
			t.Logf("%s stopped twice for %v during %d updates of %d people; %d answers came twice, each listed", c.name, *outage, *people*len(script), *people, doubled)
		})
	}
}
