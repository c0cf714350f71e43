package faults_test

import (
	"context"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	fakezalo "nghe/bot/bottest/zalo"
	"nghe/crash"
	"nghe/store/storetest"
)

// zaloScript registers a wish besides: an effect whose outcome is spoken.
var zaloScript = slices.Concat(script[:len(script)-1], []string{
	"ghi nguyện vọng học nghề", "nấu ăn", "đồng ý", "Lý Thị Mẩy", "0912345678", "sinh 85", "thôn 1", "không cần", "thông tin của tôi",
})

// installZalo has people on the fake Zalo, whose events come over eight
// connections.
func installZalo(t *testing.T, how fakezalo.Delivery) *installation {
	t.Helper()
	in := newInstallation(t, storetest.Postgres(t))
	how.Prefix = true
	account := fakezalo.New(fakezalo.Settings{
		Now: time.Now, Webhook: "http://nghe.example.vn/zalo", Reach: in, Retries: slices.Repeat([]time.Duration{time.Second}, 120),
	})
	account.Deliveries(how)
	api := httptest.NewServer(account)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { account.Run(ctx, 8); close(ended) }()
	t.Cleanup(func() {
		stop()
		<-ended
		api.CloseClientConnections()
		api.Close()
		for _, c := range account.Complaints() {
			t.Errorf("zalo: %s", c)
		}
		if account.Unsubscribed() {
			t.Error("zalo gave up")
		}
	})
	in.platform, in.script = onZalo{account}, zaloScript
	in.environ = append(in.environ, "ZALO_APP_ID="+account.AppID, "ZALO_APP_SECRET="+account.AppSecret, "ZALO_OA_SECRET="+account.OASecret,
		"ZALO_REFRESH_TOKEN="+account.Consent(), "ZALO_API="+api.URL, "ZALO_OAUTH="+api.URL)
	return in
}

// onZalo is people on the fake Zalo.
type onZalo struct{ *fakezalo.Server }

func (p onZalo) says(person int, text string) { p.Say(strconv.Itoa(1000+person), text) }

func (p onZalo) said(person int) (texts []string) {
	for _, m := range p.SentTo(strconv.Itoa(1000 + person)) {
		texts = append(texts, m.Text)
	}
	return texts
}

// settled looks at the books. Nothing is doubled on Zalo: its echo tells of
// every message that arrived.
func (in *installation) settled(n int, want []string) {
	in.t.Helper()
	if doubled := in.balance(n, want); doubled != 0 {
		in.t.Errorf("%d answers came twice", doubled)
	}
	if got := in.count("SELECT count(*) FROM interest"); got != n {
		in.t.Errorf("%d wishes are kept, %d were said", got, n)
	}
}

// Every event comes one to five times, mixed, over eight connections, to two
// processes: what is said is what one clean run says.
func TestZaloEventsRepeatedAndMixed(t *testing.T) {
	besideOthers(t)
	want := answers(t, zaloScript)
	in := installZalo(t, fakezalo.Delivery{Repeat: 4, Vary: rand.New(rand.NewPCG(*seed, 4)), Shuffle: rand.New(rand.NewPCG(*seed, 5))})
	in.start("")
	in.start("")
	began := time.Now()
	in.talk(*people)
	in.settled(*people, want)
	t.Logf("%d events of %d people, each delivered 1 to 5 times, in %v", *people*len(zaloScript), *people, time.Since(began).Round(time.Millisecond))
}

// A process that ends between any two steps of the road loses nothing that was
// accepted and doubles nothing.
func TestCrashPointsOnZalo(t *testing.T) {
	t.Parallel()
	want := answers(t, zaloScript)
	for _, point := range crash.Points {
		if !onZaloRoad(point) {
			continue
		}
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			eachHit(t, func(t *testing.T, hit int) {
				how, n, times := fakezalo.Delivery{RetryAnswers: true}, 3, 2+3*hit
				switch point {
				case "accept.kept":
					// The message is in the inbox, Zalo was told nothing and
					// does not send it again: only the inbox has it.
					how, n, times = fakezalo.Delivery{}, 1, 2+hit
				case "effect.requested": // a few times in a talk
					n, times = 10, 1+hit
				}
				in := installZalo(t, how)
				in.crashes(point, times, n)
				if point == "accept.kept" {
					in.balance(n, want) // an echo to the process that ended does not come again either
					return
				}
				in.settled(n, want)
			})
		})
	}
}

// onZaloRoad says whether a point lies on the road of Zalo's webhook.
func onZaloRoad(point string) bool {
	if ofBroadcasts(point) {
		return false
	}
	switch point {
	case "poll.received", "poll.handled": // of polling
		return false
	case "send.noted": // of answers of several messages, which this talk has none of
		return false
	}
	return true
}

// A process may be killed at any moment.
func TestKillsOnZalo(t *testing.T) {
	besideOthers(t)
	want := answers(t, zaloScript)
	in := installZalo(t, fakezalo.Delivery{RetryAnswers: true, Repeat: 1, Vary: rand.New(rand.NewPCG(*seed, 6))})
	n := in.killed(*people)
	in.settled(*people, want)
	t.Logf("%d kills during %d events of %d people", n, *people*len(zaloScript), *people)
}
