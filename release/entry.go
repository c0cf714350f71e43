package release

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Limits of what is taken, in bytes.
const (
	MaxEntry = 24 << 10  // an entry; the longest shipped one has 4 KB
	maxFiles = 512 << 10 // all edited files together
)

// Entry is one entry of the content, as an editor sees it.
type Entry struct {
	Kind Kind
	ID   string
	Text string // a YAML mapping, with the comments above it
	File string
	Line int // of Text in the file, from 1
	// Edited says that it stands in the edited files; Base that there is one
	// beneath; Stale that the one beneath changed since the edit was made.
	Edited, Base, Stale bool

	hash string // as content.Hash names it
}

// Version names the text of an entry: who saves says which one they saw. "" is
// the version of what is not there.
func (e Entry) Version() string {
	if e.Text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(e.Text))
	return hex.EncodeToString(sum[:6])
}

// Refused is why something written can't be taken at all, in Vietnamese.
type Refused struct {
	Line int // in the entry, from 1; 0: as a whole
	Why  string
}

func (r *Refused) Error() string { return r.Why }

// parse looks whether a text is one entry of plain YAML and gives it. What could
// be more than it seems (anchors and aliases, tags, a second document) is
// refused before anything expands it.
func parse(text, id string) (*yaml.Node, error) {
	switch {
	case len(text) > MaxEntry:
		return nil, &Refused{0, fmt.Sprintf("Mục dài quá %d KB. Anh/chị viết gọn lại.", MaxEntry>>10)}
	case strings.TrimSpace(text) == "":
		return nil, &Refused{1, "Mục còn trống."}
	case !utf8.ValidString(text):
		return nil, &Refused{0, "Có chữ không đọc được (không phải UTF-8)."}
	}
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...") || strings.HasPrefix(line, "%") {
			return nil, &Refused{i + 1, "Chỉ sửa một mục: bỏ dòng này."}
		}
		if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) }) {
			return nil, &Refused{i + 1, "Có ký tự lạ (ví dụ phím Tab). Anh/chị dùng dấu cách."}
		}
	}
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil {
		line, what := whereYAML(err)
		return nil, &Refused{line, "YAML viết chưa đúng ở đây: xem lại thụt đầu dòng, dấu nháy và dấu hai chấm (" + what + ")."}
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, &Refused{1, "Mục phải gồm các dòng “khoá: giá trị”, bắt đầu bằng “id: …”."}
	}
	node := doc.Content[0]
	if odd := oddity(node); odd != nil {
		return nil, &Refused{odd.Line, "Không dùng neo (&, *) và thẻ (!) của YAML: viết rõ ra."}
	}
	if got := idOf(node); got != id {
		return nil, &Refused{node.Line, fmt.Sprintf("Không đổi id: để nguyên “id: %s”.", id)}
	}
	return node, nil
}

// oddity gives a node that stands for another, can be stood for, or has a tag.
func oddity(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		return n
	}
	for _, c := range n.Content {
		if odd := oddity(c); odd != nil {
			return odd
		}
	}
	return nil
}

func idOf(n *yaml.Node) string {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "id" {
			return n.Content[i+1].Value
		}
	}
	return ""
}

// whereYAML gives line and message of an error of the YAML library.
func whereYAML(err error) (line int, what string) {
	var one *yaml.LoadError
	if errors.As(err, &one) {
		return one.Mark.Line, one.Message
	}
	return 0, err.Error()
}
