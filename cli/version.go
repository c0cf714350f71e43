package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"nghe/store"
)

var versionCommand = command{
	name: "version", synopsis: "[--sbom]", about: "print the version",
	help: `
--sbom prints of what the program is built, as CycloneDX in JSON.`,
	run: func(_ context.Context, p *Process, args []string) error {
		f := flags("version")
		sbom := f.Bool("sbom", false, "")
		if _, err := parse(f, args, 0); err != nil {
			return err
		}
		if *sbom {
			return writeSBOM(p.Stdout)
		}
		fmt.Fprintf(p.Stdout, "nghe %s %s, tables at step %d\n", buildVersion(), runtime.Version(), store.Step())
		return nil
	},
}

// version is given by who builds without a repository at hand:
// -ldflags "-X nghe/cli.version=1.2.0".
var version string

// component is one of those that the program is built of, as CycloneDX 1.5 has it.
type component struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl,omitempty"`
}

// writeSBOM tells of which modules this very program was built: they stand in it,
// so that the list can't be of another one.
func writeSBOM(w io.Writer) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("the program does not know of what it was built: build it with go build")
	}
	parts := []component{{Type: "platform", Name: "go", Version: info.GoVersion}}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		parts = append(parts, component{"library", m.Path, m.Version, "pkg:golang/" + m.Path + "@" + m.Version})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
		"metadata":   map[string]any{"component": component{Type: "application", Name: "nghe", Version: buildVersion()}},
		"components": parts,
	})
}

// buildVersion gives the tag or the commit that the program was built from.
func buildVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	tag := info.Main.Version
	if tag == "" || tag == "(devel)" {
		tag = "devel"
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				tag = s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return tag
}
