package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// licences are of every module that the program or its tests are built of, as its
// LICENSE file says. A new module is looked at before it is added here.
const licences = "docs/licences.tsv"

// What is built in is known, with its licence, and is what go.mod pins.
func TestModulesHaveLicences(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(licences)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for line := range strings.Lines(string(list)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
			known[f[0]+" "+f[1]] = f[2]
		} else {
			t.Errorf("not three columns: %q", line)
		}
	}
	pinned := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\t([^\s]+) (v[^\s]+)`).FindAllStringSubmatch(string(mod), -1) {
		pinned[m[1]] = m[2]
		if licence := known[m[1]+" "+m[2]]; !regexp.MustCompile(`^(MIT|ISC|MPL-2\.0|Apache-2\.0|BSD-[23]-Clause)( AND (MIT|ISC|Apache-2\.0|BSD-[23]-Clause))*$`).MatchString(licence) {
			t.Errorf("%s %s has the licence %q in %s: read its LICENSE, then write it there", m[1], m[2], licence, licences)
		}
		delete(known, m[1]+" "+m[2])
	}
	if len(pinned) < 20 || len(known) > 0 {
		t.Errorf("%d modules are pinned; listed and not pinned: %v", len(pinned), known)
	}

	exe := filepath.Join(t.TempDir(), "nghe")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", exe, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), exe, "version", "--sbom").Output()
	if err != nil {
		t.Fatal(err)
	}
	var sbom struct {
		BOMFormat  string
		Components []struct{ Name, Version, PURL string }
	}
	if err := json.Unmarshal(out, &sbom); err != nil || sbom.BOMFormat != "CycloneDX" || len(sbom.Components) < 20 {
		t.Fatalf("%v: %s", err, out)
	}
	for _, c := range sbom.Components {
		if c.Name != "go" && (pinned[c.Name] != c.Version || c.PURL == "") {
			t.Errorf("%s %s is built in; go.mod has %q", c.Name, c.Version, pinned[c.Name])
		}
	}
}
