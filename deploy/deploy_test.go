package deploy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/cli"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documents gives the YAML documents of a file.
func documents(t *testing.T, name string) (all []map[string]any) {
	t.Helper()
	in := yaml.NewDecoder(strings.NewReader(read(t, name)))
	for {
		var d map[string]any
		switch err := in.Decode(&d); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, d)
	}
}

// at gives what stands in a tree at a path of keys; a number is a place in a list.
func at(tree any, path ...any) any {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, _ := tree.(map[string]any)
			tree = m[s]
		case int:
			l, _ := tree.([]any)
			if s >= len(l) {
				return nil
			}
			tree = l[s]
		}
	}
	return tree
}

// run runs a command of nghe and gives what it prints.
func run(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	var b bytes.Buffer
	code = cli.Run(t.Context(), &cli.Process{Args: args, Stdin: strings.NewReader(""), Stdout: &b, Stderr: &b, Now: time.Now})
	return code, b.String()
}

// watched is what a process prints, and a bell for each time.
type watched struct {
	mu   sync.Mutex
	text bytes.Buffer
	bell chan struct{}
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.bell <- struct{}{}:
	default:
	}
	return w.text.Write(p)
}

func (w *watched) await(t *testing.T, part string) string {
	t.Helper()
	limit := time.After(60 * time.Second)
	for {
		w.mu.Lock()
		text := w.text.String()
		w.mu.Unlock()
		if strings.Contains(text, part) {
			return text
		}
		select {
		case <-w.bell:
		case <-limit:
			t.Fatalf("no %q in\n%s", part, text)
		}
	}
}

// measured gives the names of all that GET /metrics gives after somebody was
// answered on a platform.
func measured(t *testing.T) map[string]bool {
	t.Helper()
	platform, api := faketelegram.Start(t, faketelegram.Settings{})
	ctx, cancel := context.WithCancel(t.Context())
	log := &watched{bell: make(chan struct{}, 1)}
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Run(ctx, &cli.Process{
			Environ: []string{"NGHE_LISTEN=127.0.0.1:0", "NGHE_DATA=" + t.TempDir(), "TELEGRAM_TOKEN=" + faketelegram.Token, "TELEGRAM_API=" + api},
			Stdin:   strings.NewReader(""), Stdout: io.Discard, Stderr: log, Now: time.Now,
		})
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("nghe ended with %d", code)
		}
	})
	_, rest, _ := strings.Cut(log.await(t, "msg=ready"), "listen=")
	address := strings.Fields(rest)[0]
	platform.Person(1001, "An").Says("học nấu ăn được hỗ trợ bao nhiêu")
	log.await(t, `msg="part sent"`)
	names := map[string]bool{}
	// The answer is counted a moment after that line.
	for limit := time.Now().Add(30 * time.Second); !names["nghe_answers_total"] && time.Now().Before(limit); {
		response, err := http.Get("http://" + address + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(page)) {
			names[metric.FindString(line)] = true
		}
	}
	return names
}

var metric = regexp.MustCompile(`\b(nghe|process|go)_[a-z_]+\b`)

// Every metric that an alert or a panel asks for is one that the program gives,
// and everything it gives of its own is looked at somewhere.
func TestMetricsAreThere(t *testing.T) {
	names := measured(t)
	asked := map[string]bool{}
	for _, file := range []string{"prometheus/alerts.yml", "grafana/nghe.json"} {
		found := metric.FindAllString(read(t, file), -1)
		if len(found) < 10 {
			t.Errorf("%s asks for %d metrics only", file, len(found))
		}
		for _, name := range found {
			asked[name] = true
			if !names[name] {
				t.Errorf("%s asks for %s, which the program does not give", file, name)
			}
		}
	}
	for name := range names {
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_count"), "_sum"), "_bucket")
		if strings.HasPrefix(name, "nghe_") && !asked[name] && !asked[base+"_bucket"] {
			t.Errorf("nobody looks at %s", name)
		}
	}
}

// Whoever is woken finds what to do, under the name of the alert.
func TestAlertsSayWhatToDo(t *testing.T) {
	guide := read(t, "../docs/van-hanh.md")
	told := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^### (Nghe\w+)\n\n\S.{40,}`).FindAllStringSubmatch(guide, -1) {
		told[m[1]] = true
	}
	alerts := 0
	for _, group := range at(documents(t, "prometheus/alerts.yml")[0], "groups").([]any) {
		for _, rule := range at(group, "rules").([]any) {
			name, _ := at(rule, "alert").(string)
			alerts++
			if !told[name] {
				t.Errorf("docs/van-hanh.md does not say what to do when %s", name)
			}
			delete(told, name)
			if at(rule, "expr") == nil || at(rule, "labels", "severity") == nil || at(rule, "annotations", "summary") == nil {
				t.Errorf("%s lacks something", name)
			}
			if want := "docs/van-hanh.md#" + strings.ToLower(name); at(rule, "annotations", "runbook") != want {
				t.Errorf("%s leads to %v, not %s", name, at(rule, "annotations", "runbook"), want)
			}
		}
	}
	if alerts < 15 {
		t.Errorf("%d alerts only", alerts)
	}
	for name := range told {
		t.Errorf("docs/van-hanh.md speaks of %s, and there is no such alert", name)
	}
}

// settings are all variables of nghe: what “nghe help serve” names.
func settings(t *testing.T) map[string]bool {
	t.Helper()
	_, help := run(t, "help", "serve")
	known := map[string]bool{}
	for _, name := range variable.FindAllString(help, -1) {
		known[name], known[name+"_FILE"] = true, true
	}
	if !known["NGHE_LISTEN"] || !known["REDIS_URL_FILE"] || len(known) < 30 {
		t.Fatalf("settings: %v", known)
	}
	return known
}

var variable = regexp.MustCompile(`\b(NGHE|REDIS|DATABASE|TELEGRAM|ZALO)(_[A-Z]+)+\b`)

// Every variable that is set somewhere is one that nghe knows, and each secret of
// nghe can be given everywhere as a file.
func TestSettingsAreKnown(t *testing.T) {
	known := settings(t)
	for _, file := range []string{
		"compose.yaml",
		"systemd/nghe@.service",
		"systemd/nghe-backup.service",
		"systemd/nghe.env",
		"kubernetes/nghe.yaml",
		filepath.Join("..", "Dockerfile"),
	} {
		text := read(t, file)
		for _, name := range variable.FindAllString(text, -1) {
			if !known[name] {
				t.Errorf("%s sets %s, which nghe does not know", file, name)
			}
		}
		if slices.Contains([]string{"compose.yaml", "systemd/nghe.env", "kubernetes/nghe.yaml"}, file) {
			for _, secret := range []string{
				"REDIS_URL", "DATABASE_URL", "NGHE_SECRET", "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "ZALO_APP_SECRET", "ZALO_OA_SECRET", "ZALO_REFRESH_TOKEN", "ZALO_BOT_TOKEN", "ZALO_BOT_SECRET",
			} {
				if !strings.Contains(text, secret+"_FILE") || regexp.MustCompile(`\b`+secret+`\b[:=]`).MatchString(text) {
					t.Errorf("%s does not give %s as a file", file, secret)
				}
			}
		}
	}
}

// A command that is started somewhere is one that nghe has.
func TestCommandsAreKnown(t *testing.T) {
	for file, command := range map[string]string{
		"compose.yaml": `\["CMD", "/nghe", "(\w+)"`, "systemd/nghe@.service": `ExecStart=/usr/local/bin/nghe (\w+)`, "systemd/nghe-backup.service": `/usr/local/bin/nghe (\w+)`,
	} {
		found := regexp.MustCompile(command).FindAllStringSubmatch(read(t, file), -1)
		if len(found) == 0 {
			t.Errorf("%s starts nothing", file)
		}
		for _, m := range found {
			if code, out := run(t, "help", m[1]); code != 0 {
				t.Errorf("%s starts nghe %s: %s", file, m[1], out)
			}
		}
	}
}

// What runs beside others may do no more than it must, and says how it is.
func TestCompose(t *testing.T) {
	compose := documents(t, "compose.yaml")[0]
	services := at(compose, "services").(map[string]any)
	secrets := at(compose, "secrets").(map[string]any)
	for _, name := range []string{"nghe-1", "nghe-2", "caddy", "redis", "postgres"} {
		s := services[name]
		if at(s, "read_only") != true || at(s, "cap_drop", 0) != "ALL" || at(s, "security_opt", 0) != "no-new-privileges:true" || at(s, "healthcheck", "test") == nil || at(s, "restart") != "unless-stopped" {
			t.Errorf("%s: %v", name, s)
		}
		image, _ := at(s, "image").(string)
		if _, tag, ok := strings.Cut(image, ":"); !ok || tag == "latest" {
			t.Errorf("%s: which %s?", name, image)
		}
		if user, _ := at(s, "user").(string); name != "caddy" && (user == "" || strings.HasPrefix(user, "0") || user == "root") {
			t.Errorf("%s runs as %q", name, user)
		}
		used, _ := at(s, "secrets").([]any)
		for _, secret := range used {
			if secrets[secret.(string)] == nil {
				t.Errorf("%s uses the secret %v, which is not there", name, secret)
			}
		}
		// Every file that a setting points to is given.
		environment, _ := at(s, "environment").(map[string]any)
		for key, value := range environment {
			if file, ok := strings.CutPrefix(value.(string), "/run/secrets/"); ok && !slices.Contains(used, any(file)) {
				t.Errorf("%s: %s is a file that it is not given", name, key)
			}
		}
	}
	redis, _ := json.Marshal(at(services["redis"], "command"))
	for _, want := range []string{`"--appendonly","yes"`, `"--appendfsync","everysec"`, `"--maxmemory-policy","noeviction"`} {
		if !strings.Contains(string(redis), want) {
			t.Errorf("redis: no %s in %s", want, redis)
		}
	}
	// secrets.sh makes every file that compose reads.
	made := read(t, "secrets.sh")
	for name := range secrets {
		if !regexp.MustCompile(`\b` + name + `\b`).MatchString(made) {
			t.Errorf("secrets.sh does not make %s", name)
		}
	}
}

// The pods of a cluster may go at any time, all but one.
func TestKubernetes(t *testing.T) {
	kinds := map[string]map[string]any{}
	for _, d := range documents(t, "kubernetes/nghe.yaml") {
		kind, _ := d["kind"].(string)
		if d["apiVersion"] == nil || at(d, "metadata", "name") == nil || kinds[kind] != nil {
			t.Errorf("a document: %v", d)
		}
		kinds[kind] = d
	}
	for _, kind := range []string{"Deployment", "Service", "PodDisruptionBudget", "ConfigMap", "Ingress"} {
		if kinds[kind] == nil {
			t.Fatalf("no %s", kind)
		}
	}
	pod := at(kinds["Deployment"], "spec", "template", "spec")
	c := at(pod, "containers", 0)
	for path, ok := range map[string]bool{
		"runAsNonRoot":   at(pod, "securityContext", "runAsNonRoot") == true,
		"root read-only": at(c, "securityContext", "readOnlyRootFilesystem") == true,
		"no escalation":  at(c, "securityContext", "allowPrivilegeEscalation") == false,
		"capabilities":   at(c, "securityContext", "capabilities", "drop", 0) == "ALL",
		"seccomp":        at(pod, "securityContext", "seccompProfile", "type") == "RuntimeDefault",
		"readiness":      at(c, "readinessProbe", "httpGet", "path") == "/readyz",
		"liveness":       at(c, "livenessProbe", "httpGet", "path") == "/healthz",
		"startup":        at(c, "startupProbe", "httpGet", "path") == "/readyz",
		"replicas":       at(kinds["Deployment"], "spec", "replicas") == 2,
		"budget":         at(kinds["PodDisruptionBudget"], "spec", "minAvailable") == 1,
	} {
		if !ok {
			t.Errorf("not as it must be: %s", path)
		}
	}
	for _, v := range at(pod, "volumes").([]any) {
		if at(v, "secret") == nil && (at(v, "emptyDir") == nil || at(v, "name") != "tmp") {
			t.Errorf("a pod keeps something: %v", v)
		}
	}
	label := at(kinds["Deployment"], "spec", "template", "metadata", "labels", "app")
	for name, selected := range map[string]any{
		"deployment": at(kinds["Deployment"], "spec", "selector", "matchLabels", "app"), "service": at(kinds["Service"], "spec", "selector", "app"),
		"budget": at(kinds["PodDisruptionBudget"], "spec", "selector", "matchLabels", "app"),
	} {
		if selected != label {
			t.Errorf("%s selects %v, pods are %v", name, selected, label)
		}
	}
}

// The dashboard is one that Grafana can read: each panel asks something and
// stands in a place of its own.
func TestDashboard(t *testing.T) {
	var d struct {
		Title, UID string
		Panels     []struct {
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "grafana/nghe.json")), &d); err != nil {
		t.Fatal(err)
	}
	if d.UID == "" || len(d.Panels) < 12 {
		t.Errorf("%q has %d panels", d.Title, len(d.Panels))
	}
	taken := map[[2]int]string{}
	for _, p := range d.Panels {
		if p.Title == "" || len(p.Targets) == 0 || p.Targets[0].Expr == "" || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %+v", p)
		}
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				cell := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if other := taken[cell]; other != "" {
					t.Fatalf("%q and %q stand in one place", p.Title, other)
				}
				taken[cell] = p.Title
			}
		}
	}
}
