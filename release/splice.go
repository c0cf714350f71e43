package release

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// document is a file cut into its entries. Everything is done with its lines, so
// that what nobody touched stays as it was, comments too.
type document struct {
	lines []string
	root  *yaml.Node
	spans []span
	end   int // line after the list; 0: there is no list
	dash  int // column of its dashes
}

// span is where an entry stands: lines from ≤ n < to, its dash, and how far its
// keys are from the margin.
type span struct {
	id             string
	from, at, to   int
	margin, indent int
	node           *yaml.Node
}

// cut reads a text and finds the entries of the list under a key.
func cut(text, key string) (*document, error) {
	d := &document{lines: strings.Split(strings.TrimRight(text, "\n"), "\n"), root: &yaml.Node{}}
	if strings.TrimSpace(text) == "" {
		d.lines = nil
	}
	if !slices.ContainsFunc(d.lines, func(l string) bool { l = strings.TrimSpace(l); return l != "" && l[0] != '#' }) {
		return d, nil // nothing but comments
	}
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("it is no list of keys and values")
	}
	d.root = doc.Content[0]
	for i := 0; i+1 < len(d.root.Content); i += 2 {
		if d.root.Content[i].Value != key {
			continue
		}
		d.end = len(d.lines)
		if i+2 < len(d.root.Content) {
			d.end = d.above(d.root.Content[i+2].Line-1, 0)
		}
		list := d.root.Content[i+1]
		if list.Kind != yaml.SequenceNode {
			continue
		}
		if list.Style&yaml.FlowStyle != 0 && len(list.Content) > 0 {
			return nil, fmt.Errorf("the list %q stands in one line", key)
		}
		d.find(list)
	}
	return d, nil
}

// find notes where each entry of a list stands.
func (d *document) find(list *yaml.Node) {
	for _, node := range list.Content {
		at := node.Line - 1
		for at > 0 && !strings.HasPrefix(strings.TrimLeft(d.lines[at], " "), "-") {
			at-- // the dash may stand on a line of its own
		}
		margin := len(d.lines[at]) - len(strings.TrimLeft(d.lines[at], " "))
		d.dash = margin
		s := span{id: idOf(node), from: d.above(at, margin), at: at, to: d.end, margin: margin, indent: node.Column - 1, node: node}
		if n := len(d.spans); n > 0 {
			d.spans[n-1].to = s.from
		}
		d.spans = append(d.spans, s)
	}
	for i := range d.spans {
		for s := &d.spans[i]; s.to > s.at+1 && strings.TrimSpace(d.lines[s.to-1]) == ""; s.to-- {
		}
	}
}

// above gives the first line of the comment that stands right above a line.
func (d *document) above(at, margin int) int {
	mark := strings.Repeat(" ", margin) + "#"
	for at > 0 && strings.HasPrefix(d.lines[at-1], mark) {
		at--
	}
	return at
}

// text gives an entry as an editor sees it: at the margin, without its dash.
// Anchors and aliases are written out.
func (d *document) text(s span) string {
	if oddity(s.node) != nil {
		if out, err := yaml.Marshal(plain(s.node)); err == nil {
			return string(out)
		}
	}
	var b strings.Builder
	for i, line := range d.lines[s.from:s.to] {
		strip := s.indent
		if s.from+i < s.at {
			strip = s.margin
		}
		if s.from+i == s.at {
			line = line[:s.margin] + " " + line[s.margin+1:] // the dash
		}
		for n := 0; n < strip && strings.HasPrefix(line, " "); n++ {
			line = line[1:]
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// plain gives a copy of a node in which nothing stands for anything else.
func plain(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return plain(n.Alias)
	}
	own := *n
	own.Anchor, own.Style = "", n.Style&^yaml.TaggedStyle
	own.Content = nil
	for _, c := range n.Content {
		own.Content = append(own.Content, plain(c))
	}
	return &own
}

func (d *document) span(id string) (span, bool) {
	i := slices.IndexFunc(d.spans, func(s span) bool { return s.id == id })
	if i < 0 {
		return span{}, false
	}
	return d.spans[i], true
}

// put writes an entry in the place of the one of its id, else at the end of the
// list, and gives the first line of it, from 1.
func (d *document) put(key, id, text string) (first int) {
	s, there := d.span(id)
	switch {
	case there && id != "":
	case d.end > 0:
		at := d.end
		for at > 1 && strings.TrimSpace(d.lines[at-1]) == "" {
			at--
		}
		s = span{from: at, to: at, margin: d.dash}
	default:
		d.lines = append(d.lines, key+":")
		s = span{from: len(d.lines), to: len(d.lines), margin: 2}
	}
	d.lines = slices.Replace(d.lines, s.from, s.to, indented(text, s.margin)...)
	return s.from + 1
}

// drop takes an entry away.
func (d *document) drop(id string) {
	if s, there := d.span(id); there {
		d.lines = slices.Delete(d.lines, s.from, s.to)
	}
}

// indented gives the lines of an entry as they stand in a list.
func indented(text string, margin int) []string {
	space := strings.Repeat(" ", margin)
	var out []string
	begun := false
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		line = strings.TrimRight(line, " ")
		switch {
		case line == "":
		case begun:
			line = space + "  " + line
		case strings.HasPrefix(line, "#"):
			line = space + line
		default:
			line, begun = space+"- "+line, true
		}
		out = append(out, line)
	}
	return out
}

// Append gives an entry with one more value at the end of one of its lists.
func Append(entry, list, value string) (string, error) {
	d, err := cut(entry, list)
	if err != nil {
		return "", err
	}
	d.put(list, "", yamlText(value))
	return d.String(), nil
}

var plainText = regexp.MustCompile(`^\pL[\pL\pN ,?!().]*$`)

// yamlText writes a text as a value on one line; quoted where it could be taken
// for something else.
func yamlText(s string) string {
	if s = strings.Join(strings.Fields(s), " "); plainText.MatchString(s) && strings.Contains(s, " ") {
		return s
	}
	return fmt.Sprintf("%q", s)
}

// String is the file as it is now.
func (d *document) String() string {
	if len(d.lines) == 0 {
		return ""
	}
	return strings.Join(d.lines, "\n") + "\n"
}

// replacing notes in a text which state of an entry beneath stands in for, ""
// for none any more, in the list that content reads at the top of a file.
func replacing(text, id, hash string) (string, error) {
	d, err := cut(text, "replaces")
	if err != nil {
		return "", err
	}
	all, from, to := map[string]string{}, len(d.lines), len(d.lines)
	if len(d.root.Content) > 0 { // before the first key, unless it stands somewhere
		from = d.root.Content[0].Line - 1
		to = from
	}
	for i := 0; i+1 < len(d.root.Content); i += 2 {
		if k, v := d.root.Content[i], d.root.Content[i+1]; k.Value == "replaces" {
			if err := v.Load(&all); err != nil {
				return "", err
			}
			from, to = k.Line-1, d.end
		}
	}
	for to > from+1 && strings.TrimSpace(d.lines[to-1]) == "" {
		to--
	}
	if delete(all, id); hash != "" {
		all[id] = hash
	}
	var block []string
	if len(all) > 0 {
		block = append(block, "replaces:")
		for _, id := range slices.Sorted(maps.Keys(all)) {
			block = append(block, fmt.Sprintf("  %s: %q", yamlKey(id), all[id]))
		}
	}
	d.lines = slices.Replace(d.lines, from, to, block...)
	return d.String(), nil
}

var plainKey = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+)+$`)

// yamlKey writes an id as a key; quoted where it could be taken for a word of
// YAML.
func yamlKey(id string) string {
	if plainKey.MatchString(id) {
		return id
	}
	return fmt.Sprintf("%q", id)
}
