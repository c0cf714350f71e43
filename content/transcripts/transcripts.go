// Package transcripts is the talks that the tests of the content hold, in the
// program: who edits content in the console is shown which of them go otherwise
// then. How a talk is written down, package transcript says.
package transcripts

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v4"

	"nghe/course"
)

//go:embed */*.txt courses/*.yaml
var files embed.FS

// Transcript is one talk.
type Transcript struct {
	Name string // "happy_path/chao-hoi"
	Text string
}

// All gives every talk, by name.
func All() []Transcript {
	names, err := fs.Glob(files, "*/*.txt")
	if err != nil {
		panic(err) // the pattern is ours
	}
	all := make([]Transcript, len(names))
	for i, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err) // it is built in
		}
		all[i] = Transcript{strings.TrimSuffix(name, path.Ext(name)), string(text)}
	}
	return all
}

// Courses gives the classes and surveys that talks name, none for "". The names
// of their fields are those of “nghe course list --json”.
func Courses(name string) (*course.Catalogue, error) {
	if name == "" {
		return course.NewCatalogue(nil), nil
	}
	b, err := files.ReadFile("courses/" + name + ".yaml")
	if err != nil {
		return nil, err
	}
	var file struct{ Courses, Campaigns []map[string]any }
	if err := yaml.Load(b, &file); err != nil {
		return nil, fmt.Errorf("courses %s: %w", name, err)
	}
	var courses []course.Course
	var campaigns []course.Campaign
	for _, kind := range []struct {
		from []map[string]any
		into any
	}{{file.Courses, &courses}, {file.Campaigns, &campaigns}} {
		if b, err = json.Marshal(kind.from); err != nil {
			return nil, fmt.Errorf("courses %s: %w", name, err)
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(kind.into); err != nil {
			return nil, fmt.Errorf("courses %s: %w", name, err)
		}
	}
	return course.NewCatalogue(courses).WithCampaigns(campaigns), nil
}
