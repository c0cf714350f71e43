package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v4"
)

// item is one thing of a file with where it stands.
type item[T any] struct {
	value T
	file  string
	line  int
	node  *yaml.Node
	hash  string // of its text, to know whether what it replaces has changed
}

// problem makes a problem at the item.
func (it item[T]) problem(what, try string) Problem {
	return Problem{File: it.file, Line: it.line, What: what, Try: try}
}

func (it item[T]) place() Problem { return it.problem("", "") }

// reader reads the files of all layers: what is built in first, then the
// overrides, in which an item replaces the one of the same id.
type reader struct {
	layers   []fs.FS
	problems []Problem
	sum      hash.Hash
	replaced []Override
	known    map[string]bool // files that some kind has read
}

// Override is an item that stands in the place of a built-in one.
type Override struct {
	Kind, ID, File string
	Line           int
	// Stale says that the built-in item is not the one it was made from.
	Stale bool
}

func (r *reader) report(p Problem) { r.problems = append(r.problems, p) }

// readKind reads the items of one kind: the sequences under key in all files
// that match the pattern, or, with no key, each file as one item.
func readKind[T any](r *reader, pattern, key string, id func(*T) string) []item[T] {
	var out []item[T]
	index := map[string]int{}
	for n, layer := range r.layers {
		names, _ := fs.Glob(layer, pattern)
		here := map[string]int{} // in this layer, by line
		for _, name := range names {
			r.known[fmt.Sprint(n, name)] = true
			root, ok := r.parse(layer, name)
			if !ok {
				continue
			}
			replaces := r.replaces(root, name, key)
			for _, node := range r.nodes(root, name, key) {
				it := item[T]{file: name, line: node.Line, node: node}
				if !r.load(node, name, &it.value) {
					continue
				}
				it.hash = Hash(node)
				k := id(&it.value)
				if k == "" {
					r.report(it.problem("it has no id", "give it an id of small letters, digits, points and hyphens"))
					continue
				}
				if line, twice := here[k]; twice {
					r.report(it.problem(fmt.Sprintf("id %q stands here and at line %d", k, line), "give one of them another id, or delete it"))
					continue
				}
				here[k] = it.line
				if i, ok := index[k]; ok {
					r.override(it, key, k, cmp.Or(replaces[k], replaces[""]), out[i].hash)
					out[i] = it
					continue
				}
				index[k] = len(out)
				out = append(out, it)
			}
		}
	}
	return out
}

// parse reads a file as YAML nodes, which know their lines.
func (r *reader) parse(layer fs.FS, name string) (*yaml.Node, bool) {
	b, err := fs.ReadFile(layer, name)
	if err != nil {
		r.report(Problem{File: name, What: "it can't be read (" + err.Error() + ")", Try: "look at the rights of the file"})
		return nil, false
	}
	r.sum.Write([]byte(name))
	r.sum.Write(b)
	var doc yaml.Node
	if err := yaml.Load(b, &doc); err != nil {
		r.reportYAML(name, err)
		return nil, false
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		r.report(Problem{File: name, Line: 1, What: "it is no list of keys and values", Try: "begin it as the built-in file of this kind begins"})
		return nil, false
	}
	return doc.Content[0], true
}

// nodes gives the nodes of the items of a file.
func (r *reader) nodes(root *yaml.Node, name, key string) []*yaml.Node {
	if key == "" {
		return []*yaml.Node{root}
	}
	var out []*yaml.Node
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		switch {
		case k.Value == key && v.Kind == yaml.SequenceNode:
			out = v.Content
		case k.Value == key && v.Tag == "!!null":
		case k.Value == key:
			r.report(Problem{File: name, Line: v.Line, What: fmt.Sprintf("%q is no list", key), Try: "begin each item with “- id: …”"})
		case k.Value == "replaces" || sections[path.Base(name)][k.Value]:
		default:
			r.report(Problem{File: name, Line: k.Line, What: fmt.Sprintf("unknown key %q", k.Value), Try: fmt.Sprintf("the key of this kind of file is %q", key)})
		}
	}
	return out
}

// sections are files with more than one list.
var sections = map[string]map[string]bool{
	"queues.yaml":   {"queues": true, "bodies": true},
	"places.yaml":   {"places": true, "former_districts": true, "ambiguous": true},
	"phrases.yaml":  {"phrases": true, "forms": true},
	"matching.yaml": {"traits": true, "questions": true, "exclusions": true, "inland": true},
}

// replaces reads which built-in items an override was made from: hashes by id,
// or, in a file that is one item, its hash.
func (r *reader) replaces(root *yaml.Node, name, key string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		switch v := root.Content[i+1]; {
		case root.Content[i].Value != "replaces":
		case key == "":
			m[""] = v.Value
		default:
			r.load(v, name, &m)
		}
	}
	return m
}

// load decodes a node strictly and reports everything wrong with it.
func (r *reader) load(node *yaml.Node, name string, v any) bool {
	if err := node.Load(v, yaml.WithKnownFields()); err != nil {
		r.reportYAML(name, err)
		return false
	}
	return true
}

func (r *reader) reportYAML(name string, err error) {
	var many *yaml.LoadErrors
	if errors.As(err, &many) {
		for _, e := range many.Errors {
			r.report(Problem{File: name, Line: e.Mark.Line, What: plainError(e.Message), Try: "compare with the built-in file of this kind; “nghe check” names each line"})
		}
		return
	}
	var one *yaml.LoadError
	line := 0
	msg := err.Error()
	if errors.As(err, &one) {
		line, msg = one.Mark.Line, one.Message
	}
	r.report(Problem{File: name, Line: line, What: plainError(msg), Try: "look at indentation, quotes and colons around this line"})
}

// plainError takes the Go types out of a message of the YAML library.
func plainError(msg string) string {
	msg = strings.TrimPrefix(msg, "yaml: ")
	if field, ok := strings.CutPrefix(msg, "field "); ok {
		name, _, _ := strings.Cut(field, " not found")
		return fmt.Sprintf("unknown key %q", name)
	}
	return msg
}

// override notes that an item stands in for a built-in one. One that does not
// say what it was made from, or was made from an older one, is warned of:
// corrected law must not stay hidden behind an old copy.
func (r *reader) override(it located, kind, id, base, present string) {
	o := Override{Kind: kind, ID: id, File: it.place().File, Line: it.place().Line, Stale: base != present}
	r.replaced = append(r.replaced, o)
	if !o.Stale {
		return
	}
	p := it.place()
	p.Warning = true
	p.What = fmt.Sprintf("the built-in %q changed since this copy was made", id)
	if base == "" {
		p.What = fmt.Sprintf("it stands in for the built-in %q and does not say which state of it", id)
	}
	p.Try = fmt.Sprintf("compare the two, then write “replaces: {%s: %s}” at the top of the file", id, present)
	if kind == "" {
		p.Try = fmt.Sprintf("compare the two, then write “replaces: %s” at the top of the file", present)
	}
	r.report(p)
}

// located is an item of any kind.
type located interface{ place() Problem }

// Hash names the text of an item in eight letters: what “replaces” compares.
func Hash(node *yaml.Node) string {
	h := sha256.New()
	var walk func(*yaml.Node)
	walk = func(n *yaml.Node) {
		h.Write([]byte(n.Value))
		h.Write([]byte{0})
		for i, c := range n.Content {
			if n.Kind == yaml.MappingNode && (c.Value == "replaces" && i%2 == 0 || i%2 == 1 && n.Content[i-1].Value == "replaces") {
				continue // it tells of another item, not of this one
			}
			walk(c)
		}
		h.Write([]byte{1})
	}
	walk(node)
	return hex.EncodeToString(h.Sum(nil))[:8]
}

// strangers reports files of an override that no kind has read: a slip in a
// name would otherwise go unseen.
func (r *reader) strangers() {
	for n, layer := range r.layers[1:] {
		fs.WalkDir(layer, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && path.Ext(name) == ".yaml" && !r.known[fmt.Sprint(n+1, name)] {
				r.report(Problem{File: name, What: "no kind of content is read from a file of this name", Try: "name it as the built-in files are named, for example topics/" + path.Base(name)})
			}
			return nil
		})
	}
}
