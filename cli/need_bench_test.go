package cli_test

import (
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

// BenchmarkNeedPages asks the whole program for the pages of needs and of reports,
// with 200,000 people, 5,000 classes and 50,000 cases: as they stand, and each time after a wish was added,
// when the database sums up anew. One operation is one request; p99 says how
// slow the slowest of a hundred is. Run it with -benchtime 100x.
func BenchmarkNeedPages(b *testing.B) {
	for name, settings := range map[string][]string{"sqlite": nil, "postgres": {"DATABASE_URL=" + storetest.Postgres(b)}} {
		b.Run(name, func(b *testing.B) {
			settings = append(settings, "NGHE_DATA="+b.TempDir())
			out := newOutput()
			if code := cli.Run(b.Context(), &cli.Process{Args: []string{"demo", "--people", "200000", "--courses", "5000", "--cases", "50000"}, Environ: settings, Stdout: out, Stderr: out, Now: time.Now}); code != 0 {
				b.Fatal(out)
			}
			s := serve(b, settings...)
			s.out.await(b, "/console/invitation/")
			jar, err := cookiejar.New(nil)
			if err != nil {
				b.Fatal(err)
			}
			admin := &http.Client{Jar: jar}
			ask := func(do func() (*http.Response, error)) time.Duration {
				began := time.Now()
				answer, err := do()
				if err != nil {
					b.Fatal(err)
				}
				defer answer.Body.Close()
				if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
					b.Fatal(answer.Status, err)
				}
				return time.Since(began)
			}
			post := func(path string, form url.Values) {
				ask(func() (*http.Response, error) { return admin.PostForm(path, form) })
			}
			post(firstLink.FindString(s.out.String()), url.Values{"name": {"An"}, "login": {"an"}, "password": {clerkPassword}, "again": {clerkPassword}})
			today := time.Now().Format(time.DateOnly)
			post(s.url+"/console/campaigns", url.Values{"title": {"Khảo sát"}, "from": {today}, "to": {today}, "place": {"ba-che"}})
			paper := url.Values{"ho-ten": {"An"}, "xa-phuong": {"Xã Ba Chẽ"}, "nghe": {"Thợ hàn"}, "da-dong-y": {"Có"}}
			for _, page := range []string{"needs", "needs?place=ba-che", "needs?trade=han", "needs/map", "needs/export.xlsx", "campaigns", "report", "report?place=ba-che", "report/export.xlsx", "results"} {
				for _, changed := range []bool{false, true} {
					b.Run(fmt.Sprintf("%s/changed=%t", strings.NewReplacer("/", "-", "?", "-").Replace(page), changed), func(b *testing.B) {
						var took []time.Duration
						for range b.N {
							if changed {
								post(s.url+"/console/interests", paper)
							}
							took = append(took, ask(func() (*http.Response, error) { return admin.Get(s.url + "/console/" + page) }))
						}
						slices.Sort(took)
						b.ReportMetric(0, "ns/op")
						b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
						b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
					})
				}
			}
		})
	}
}
