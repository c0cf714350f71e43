package cli

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"nghe/store"
)

var versionCommand = command{
	name: "version", about: "print the version",
	run: func(_ context.Context, p *Process, args []string) error {
		if _, err := parse(flags("version"), args, 0); err != nil {
			return err
		}
		fmt.Fprintf(p.Stdout, "nghe %s %s, tables at step %d\n", buildVersion(), runtime.Version(), store.Step())
		return nil
	},
}

// version is given by who builds without a repository at hand:
// -ldflags "-X nghe/cli.version=1.2.0".
var version string

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
