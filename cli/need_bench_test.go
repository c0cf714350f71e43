package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/cli"
	"nghe/store/storetest"
)

// provincePages are the pages that a province is looked at with. What is written when
// it is asked for, with everything counted anew, costs seconds: it is asked for less
// often.
var provincePages = []struct {
	path    string
	changes bool // with the wishes
	exact   bool
}{
	{"", false, false}, {"needs", true, false}, {"needs?place=ba-che", true, false}, {"needs?trade=han", true, false}, {"needs/map", true, false}, {"needs/export.xlsx", true, false},
	{"campaigns", false, false}, {"report", true, false}, {"report?place=ba-che", true, false}, {"results", true, false},
	{"funnels", false, false}, {"funnels?flow=support&with=period", false, false}, {"unanswered", false, false}, {"unanswered?days=90", false, false},
	{"facts", false, false}, {"content", false, false}, {"stories", false, false},
	{"report/export.xlsx", false, true}, {"results/export.xlsx", false, true},
}

// mostExact is how often those are asked for at most.
const mostExact = 5

// BenchmarkNeedPages asks the whole program for the pages of the province, with
// 200,000 people, 5,000 classes, 50,000 cases and 1,000,000 turns counted: each once
// after a start (in the order of provincePages, as somebody does who comes to work),
// then as things stand, and each time after a wish was added. One operation is one
// request; p99 says how slow the slowest of a hundred is. Run it with -benchtime 100x.
func BenchmarkNeedPages(b *testing.B) {
	for name, settings := range map[string][]string{"sqlite": nil, "postgres": {"DATABASE_URL=" + storetest.Postgres(b)}} {
		b.Run(name, func(b *testing.B) {
			settings = append(settings, "NGHE_DATA="+b.TempDir())
			out := newOutput()
			if code := cli.Run(b.Context(), &cli.Process{Args: []string{"demo", "--people", "200000", "--courses", "5000", "--cases", "50000", "--turns", "1000000"}, Environ: settings, Stdout: out, Stderr: out, Now: time.Now}); code != 0 {
				b.Fatal(out)
			}
			p := province{served: serve(b, settings...)}
			p.out.await(b, "/console/invitation/")
			jar, err := cookiejar.New(nil)
			if err != nil {
				b.Fatal(err)
			}
			p.admin = &http.Client{Jar: jar}
			p.post(b, firstLink.FindString(p.out.String()), url.Values{"name": {"An"}, "login": {"an"}, "password": {clerkPassword}, "again": {clerkPassword}})
			today := time.Now().Format(time.DateOnly)
			p.post(b, p.url+"/console/campaigns", url.Values{"title": {"Khảo sát"}, "from": {today}, "to": {today}, "place": {"ba-che"}})

			p.stop()
			p.served = serve(b, settings...)
			for _, page := range provincePages {
				took, _ := p.get(b, page.path)
				b.Run(pageName(page.path)+"/first", func(b *testing.B) {
					for range b.N { // it was asked once
					}
					report(b, []time.Duration{took})
				})
			}
			for making := true; making; { // each waits half a second for it
				_, page := p.get(b, "report")
				_, other := p.get(b, "results")
				making = bytes.Contains(page, []byte("<h1>Đang tính")) || bytes.Contains(other, []byte("<h1>Đang tính"))
			}
			for _, page := range provincePages {
				for _, changed := range []bool{false, true} {
					if changed && !page.changes {
						continue
					}
					b.Run(fmt.Sprintf("%s/changed=%t", pageName(page.path), changed), func(b *testing.B) {
						var all []time.Duration
						for i := range b.N {
							if page.exact && i == mostExact {
								break
							}
							if changed {
								p.post(b, p.url+"/console/interests", url.Values{"ho-ten": {"An"}, "xa-phuong": {"Xã Ba Chẽ"}, "nghe": {"Thợ hàn"}, "da-dong-y": {"Có"}})
							}
							took, _ := p.get(b, page.path)
							all = append(all, took)
						}
						report(b, all)
					})
				}
			}
			p.stop()
		})
	}
}

func pageName(path string) string {
	if path == "" {
		return "home"
	}
	return strings.NewReplacer("/", "-", "?", "-", "&", "-").Replace(path)
}

// report tells how long requests took.
func report(b *testing.B, all []time.Duration) {
	slices.Sort(all)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}

// province is the running program and who looks.
type province struct {
	*served
	admin *http.Client
}

func (p *province) get(b *testing.B, page string) (took time.Duration, body []byte) {
	return timed(b, func() (*http.Response, error) { return p.admin.Get(p.url + "/console/" + page) })
}

func (p *province) post(b *testing.B, address string, form url.Values) {
	timed(b, func() (*http.Response, error) { return p.admin.PostForm(address, form) })
}

// timed does a request that must succeed.
func timed(b *testing.B, do func() (*http.Response, error)) (took time.Duration, body []byte) {
	b.Helper()
	began := time.Now()
	answer, err := do()
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err = io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		b.Fatal(answer.Status, err)
	}
	return time.Since(began), body
}
