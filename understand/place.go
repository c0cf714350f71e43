package understand

import (
	"slices"
	"strings"

	"nghe/content"
	"nghe/dialog"
	"nghe/viet"
)

// placeNames finds the units of the province by any name people call them:
// the present one, those of before July 2025, and the former districts.
type placeNames struct {
	byFirst map[string][]placeName // folded first word, longest names first
}

type placeName struct {
	words []viet.Word
	kind  string   // folded: "xa", "phuong", "thi tran", …; "" in the short form
	ids   []string // units that it may mean
	label string
	rank  int // lower is meant rather: a present unit, a former unit, a district
}

const (
	presentUnit = iota
	formerUnit
	olderName
	formerDistrict
)

// unitKinds stand before a name. "Đặc khu" and the like are two words.
var unitKinds = []string{"xã", "phường", "đặc khu", "thị trấn", "thị xã", "thành phố", "huyện", "huyện đảo"}

func newPlaceNames(lib *content.Library) *placeNames {
	n := &placeNames{byFirst: map[string][]placeName{}}
	for _, p := range lib.Places {
		n.add(p.Name, []string{p.ID}, presentUnit)
		for _, m := range p.MergedFrom {
			n.add(m.Name, []string{p.ID}, formerUnit)
			for _, o := range m.OlderNames {
				n.add(strings.TrimSpace(strings.SplitN(o, "(", 2)[0]), []string{p.ID}, olderName)
			}
		}
	}
	for _, d := range lib.FormerDistricts {
		n.add(d.Name, d.Units, formerDistrict)
		for _, a := range d.Aliases {
			if viet.Canon(a) != viet.Fold(a) || !sameWithoutMarks(a, d.Name) {
				n.add(a, d.Units, formerDistrict)
			}
		}
	}
	for _, a := range lib.Ambiguous {
		n.settle(a)
	}
	for first := range n.byFirst {
		slices.SortStableFunc(n.byFirst[first], func(a, b placeName) int { return len(b.words) - len(a.words) })
	}
	return n
}

// sameWithoutMarks: an alias that only leaves out the marks is found anyway.
func sameWithoutMarks(alias, name string) bool {
	_, short := parseKind(viet.Words(name))
	return joined(viet.Words(alias)) == joined(short)
}

// add knows a unit by its full and its short name. A short name that several
// units of one rank have means any of them; a present unit is meant rather
// than a former district of the name.
func (n *placeNames) add(name string, ids []string, rank int) {
	words := viet.Words(name)
	if len(words) == 0 {
		return
	}
	kind, short := parseKind(words)
	full := placeName{words: words, kind: kind, ids: ids, label: name, rank: rank}
	n.put(full)
	if kind != "" && len(short) > 0 && !hasDigit(short[0]) {
		n.put(placeName{words: short, ids: ids, label: name, rank: rank})
	}
}

func (n *placeNames) put(p placeName) {
	list := n.byFirst[p.words[0].Fold]
	for i := range list {
		same := &list[i]
		if !sameSpelling(same.words, p.words) {
			continue
		}
		switch {
		case same.rank < p.rank && (same.rank == presentUnit || p.rank == olderName || p.rank == formerDistrict):
			return // the present unit, or the commune rather than the district
		case same.rank > p.rank:
			*same = p
		default:
			same.ids = union(same.ids, p.ids)
		}
		return
	}
	n.byFirst[p.words[0].Fold] = append(list, p)
}

// settle says what a short name may mean, where somebody worked it out.
func (n *placeNames) settle(a content.AmbiguousName) {
	words := viet.Words(a.Name)
	list := n.byFirst[words[0].Fold]
	for i := range list {
		if sameSpelling(list[i].words, words) {
			list[i].ids = a.Units
			return
		}
	}
	n.byFirst[words[0].Fold] = append(list, placeName{words: words, ids: a.Units, label: a.Name, rank: formerUnit})
}

func sameSpelling(a, b []viet.Word) bool {
	return slices.EqualFunc(a, b, func(x, y viet.Word) bool { return x.Canon == y.Canon })
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// parseKind parts "Thị trấn Ba Chẽ" into the kind and the short name.
func parseKind(words []viet.Word) (string, []viet.Word) {
	best := 0
	for _, k := range unitKinds {
		kind := viet.Words(k)
		if len(kind) > best && len(words) > len(kind) && slices.EqualFunc(kind, words[:len(kind)], func(a, b viet.Word) bool { return a.Fold == b.Fold }) {
			best = len(kind)
		}
	}
	if best == 0 {
		return "", words
	}
	return joined(words[:best]), words[best:]
}

// aroundPlaces are the words that stand around the name of one's place.
var aroundPlaces = newWordSet("ở tại quê xã phường thôn bản khu huyện thị trấn tp thành phố tỉnh quảng ninh cũ trước mới giờ thuộc nhà đang sống người bên đảo vùng miền đặc còn sao")

// Place reads where somebody lives or would go.
func (r *Reader) Place(text string) ([]string, string, dialog.Fit) {
	typed := viet.Words(viet.Clean(text, maxText))
	if len(typed) > maxAnswer {
		typed = typed[:maxAnswer]
	}
	found, used := r.findPlaces(typed)
	if len(found) == 0 {
		// Typed with slips: read again as it was probably meant.
		typed = r.words(text)
		typed = typed[:min(len(typed), maxAnswer)]
		found, used = r.findPlaces(typed)
	}
	if len(found) == 0 {
		return nil, "", dialog.None
	}
	best := found[0]
	for _, p := range found[1:] { // "Yên Than, Tiên Yên": what lies in both
		if both := intersection(best.ids, p.ids); len(both) > 0 {
			best.ids = both
		}
	}
	fit := dialog.Part
	if len(strip(typed, aroundPlaces, fillers)) <= used {
		fit = dialog.Exact
	}
	return best.ids, best.label, fit
}

func intersection(a, b []string) []string {
	var both []string
	for _, id := range a {
		if slices.Contains(b, id) {
			both = append(both, id)
		}
	}
	return both
}

// findPlaces gives the places named, in the order of the text, and of how
// many words other than aroundPlaces and fillers their names are made.
func (r *Reader) findPlaces(typed []viet.Word) ([]placeName, int) {
	var found []placeName
	used := 0
	for i := 0; i < len(typed); {
		p, ok := r.placeAt(typed, i)
		if !ok {
			i++
			continue
		}
		found = append(found, p)
		used += len(strip(typed[i:i+len(p.words)], aroundPlaces, fillers))
		i += len(p.words)
	}
	return found, used
}

// placeAt gives the longest name that begins at a word. Of names that differ
// in marks only, one typed with its marks is meant; without marks all are.
func (r *Reader) placeAt(typed []viet.Word, at int) (placeName, bool) {
	var best placeName
	exact := false
	for _, p := range r.places.byFirst[typed[at].Fold] {
		if len(p.words) < len(best.words) || !startsPlace(typed[at:], p.words) {
			continue
		}
		if len(p.words) == 1 && !r.nameAlone(typed, at) {
			continue
		}
		marked := slices.EqualFunc(p.words, typed[at:at+len(p.words)], func(a, b viet.Word) bool { return a.Canon == b.Canon })
		switch {
		case len(best.words) == 0 || len(p.words) > len(best.words) || marked && !exact:
			best, exact = p, marked
		case marked == exact && p.rank < best.rank:
			best = p
		case marked == exact && p.rank == best.rank:
			best.ids = union(best.ids, p.ids)
		}
	}
	return best, len(best.words) > 0
}

func startsPlace(typed, name []viet.Word) bool {
	if len(name) > len(typed) {
		return false
	}
	anyMarked, wrong := false, 0
	for i, w := range name {
		if typed[i].Fold != w.Fold {
			return false
		}
		anyMarked = anyMarked || typed[i].Marked()
		if typed[i].Marked() && typed[i].Canon != w.Canon {
			wrong++
		}
	}
	// A slip in one mark is forgiven in a name of several words.
	return wrong == 0 || wrong == 1 && len(name) > 1 && anyMarked
}

// nameAlone: a name of one word counts where a place is plainly meant.
func (r *Reader) nameAlone(typed []viet.Word, at int) bool {
	return len(typed) == 1 || at > 0 && (typed[at-1].Fold == "o" || typed[at-1].Fold == "que" || typed[at-1].Fold == "dao")
}
