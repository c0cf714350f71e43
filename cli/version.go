package cli

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

var versionCommand = command{
	name: "version", about: "print the version",
	run: func(_ context.Context, p *Process, args []string) error {
		if _, err := parse(flags("version"), args, 0); err != nil {
			return err
		}
		fmt.Fprintf(p.Stdout, "nghe %s %s\n", buildVersion(), runtime.Version())
		return nil
	},
}

// buildVersion gives the tag or the commit that the program was built from.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	if version == "" || version == "(devel)" {
		version = "devel"
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				version = s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return version
}
