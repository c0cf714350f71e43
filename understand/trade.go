package understand

import (
	"cmp"
	"slices"
	"strings"

	"nghe/content"
	"nghe/dialog"
	"nghe/viet"
)

// tradeNames finds trades by any name people call them: "may công nghiệp",
// "thợ may", and, where a trade is plainly meant, only "may".
type tradeNames struct {
	byFirst map[string][]tradeName // folded first word, longest names first
	all     []tradeName
}

// tradeName is one name with the trades that it may mean.
type tradeName struct {
	words []viet.Word
	ids   []string
	// bare is a name of one word that means much else: "may", "điện". It
	// counts only beside a word that says that a trade is meant.
	bare bool
}

// beforeTrades are the words that names of trades begin with and that may be
// left out: "học may", "thợ may", "nghề may" are all "may".
var beforeTrades = newWordSet("học thợ nghề làm lớp")

// aroundTrades are the words that stand around the name of a trade.
var aroundTrades = newWordSet("nghề học thợ làm lớp theo xem về thử thích muốn tìm hiểu so sánh hay hoặc với và kỹ thuật việc")

// newTradeNames reads the names as it reads what people type: "cty may" is
// "công ty may".
func newTradeNames(r *Reader, lib *content.Library) *tradeNames {
	n := &tradeNames{byFirst: map[string][]tradeName{}}
	for _, t := range lib.Trades {
		names := append([]string{t.Label(), t.Name}, t.Aliases...)
		// "Điện lạnh, sửa điều hòa" is two names; "Trồng" is none.
		for _, part := range strings.FieldsFunc(t.Name, func(c rune) bool { return strings.ContainsRune(",:()", c) }) {
			if len(viet.Words(part)) > 1 {
				names = append(names, part)
			}
		}
		marked := map[string]bool{}
		for _, name := range names {
			if words := r.words(name); slices.ContainsFunc(words, viet.Word.Marked) {
				marked[joined(words)] = true
			}
		}
		for _, name := range names {
			words := r.words(name)
			// An alias that only leaves out the marks is found anyway, and
			// would be found where the marks say something else.
			if !slices.ContainsFunc(words, viet.Word.Marked) && marked[joined(words)] {
				continue
			}
			if len(words) > 1 && beforeTrades.has(words[0]) {
				n.add(words[1:], t.ID)
				if len(words) > 2 {
					continue // "học lái xe" is in "học lái xe tải", "lái xe" not
				}
			}
			n.add(words, t.ID)
		}
	}
	for first, list := range n.byFirst {
		slices.SortStableFunc(list, func(a, b tradeName) int { return cmp.Compare(len(b.words), len(a.words)) })
		n.byFirst[first] = list
		n.all = append(n.all, list...)
	}
	slices.SortFunc(n.all, func(a, b tradeName) int { return cmp.Compare(joined(a.words), joined(b.words)) })
	return n
}

func (n *tradeNames) add(words []viet.Word, id string) {
	if len(words) == 0 || len(words) == 1 && (len(words[0].Fold) < 2 || beforeTrades.has(words[0])) {
		return
	}
	first := words[0].Fold
	for i := range n.byFirst[first] {
		if same := &n.byFirst[first][i]; sameSpelling(same.words, words) {
			if !slices.Contains(same.ids, id) {
				same.ids = append(same.ids, id)
			}
			return
		}
	}
	n.byFirst[first] = append(n.byFirst[first], tradeName{words, []string{id}, len(words) == 1})
}

// namedTrade is a trade that a text names, and where.
type namedTrade struct {
	ids   []string
	at, n int // words
}

// tradesIn gives the trades that a text names, in its order.
func (r *Reader) tradesIn(tokens []token) []namedTrade {
	var found []namedTrade
	for i := 0; i < len(tokens); {
		best := r.tradeAt(tokens, i)
		// "Thợ điện mỏ" is "điện mỏ", not "thợ điện" and something.
		if next := r.tradeAt(tokens, i+1); best.n > 0 && beforeTrades.has(tokens[i].Word) && next.at+next.n > best.at+best.n {
			best = next
		}
		if best.n == 0 {
			i++
			continue
		}
		found = append(found, best)
		i = best.at + best.n
	}
	return found
}

// tradeAt gives the trade whose longest name begins at a word; n is 0 when none
// does.
func (r *Reader) tradeAt(tokens []token, at int) namedTrade {
	best := namedTrade{at: at}
	if at >= len(tokens) {
		return best
	}
	for _, name := range r.trades.byFirst[tokens[at].Fold] {
		switch n := len(name.words); {
		case n < best.n || !startsName(tokens[at:], name.words) || name.bare && !meansTrade(tokens, at):
		case n > best.n:
			best.ids, best.n = name.ids, n
		default:
			best.ids = union(best.ids, name.ids) // "cam" without marks
		}
	}
	return best
}

func startsName(tokens []token, name []viet.Word) bool {
	return len(name) <= len(tokens) && matchWords(name, tokens)
}

// meansTrade says whether the word at a place stands where only a trade can:
// after "nghề", "học", "thợ", or beside "so sánh".
func meansTrade(tokens []token, at int) bool {
	if len(tokens) == 1 {
		return true
	}
	for i := max(0, at-2); i < at; i++ {
		switch w := tokens[i]; {
		case w.Fold == "nghe" && (!w.sure || w.Canon == "nghề"), w.Fold == "hoc", w.Fold == "day" && (!w.sure || w.Canon == "dạy"), w.Fold == "tho" && (!w.sure || w.Canon == "thợ"), w.Fold == "lop":
			return i == at-1
		case w.Fold == "sanh":
			return true
		}
	}
	compares := slices.ContainsFunc(tokens, func(t token) bool { return t.Fold == "sanh" })
	return compares && at > 0 && (tokens[at-1].Fold == "voi" || tokens[at-1].Fold == "va" || tokens[at-1].Fold == "hay")
}

// Trade reads the ids of trades by their names and by what people call them;
// several when the name may mean each ("lái xe"). Slips of the finger are
// forgiven.
func (r *Reader) Trade(text string) ([]string, dialog.Fit) {
	tokens := r.readText(text).tokens
	if len(tokens) == 0 || len(tokens) > maxAnswer {
		return nil, dialog.None
	}
	if found := r.tradesIn(tokens); len(found) > 0 {
		said := 0
		for _, f := range found {
			said += f.n
		}
		left := strip(wordsOf(tokens), aroundTrades, fillers)
		fit := dialog.Part
		if len(left) <= said {
			fit = dialog.Exact
		}
		return found[0].ids, fit
	}
	if r.Command(text) != dialog.NoCommand {
		return nil, dialog.None // "trợ giúp" is no part of a name
	}
	left := strip(wordsOf(tokens), aroundTrades, fillers)
	if ids := r.trades.byPart(r, left); ids != nil {
		return ids, dialog.Exact
	}
	if ids := r.trades.byLetters(left); ids != nil {
		return ids, dialog.Exact
	}
	return nil, dialog.None
}

func wordsOf(tokens []token) []viet.Word {
	words := make([]viet.Word, len(tokens))
	for i, t := range tokens {
		words[i] = t.Word
	}
	return words
}

// mostPart is how many words a part of a name has at most: more is a sentence.
const mostPart = 4

// byPart: words that stand so, one after the other, in names: "chăn nuôi". One
// word alone must begin them: "nuôi".
func (n *tradeNames) byPart(r *Reader, said []viet.Word) []string {
	if len(said) == 0 || len(said) > mostPart || len(said) == 1 && len(said[0].Fold) < 3 {
		return nil
	}
	var ids []string
	for _, name := range n.all {
		if at := r.find(name.words, said); !name.bare && (at == 0 || at > 0 && len(said) > 1) {
			ids = union(ids, name.ids)
		}
	}
	return ids
}

// byLetters: a name with a slip in it.
func (n *tradeNames) byLetters(said []viet.Word) []string {
	letters := joined(said)
	if len(letters) < 5 {
		return nil
	}
	var ids []string
	nearest := (len(letters) + 2) / 6
	for _, name := range n.all {
		switch d := editDistance(letters, joined(name.words), nearest); {
		case d > nearest || name.bare:
		case d < nearest || ids == nil:
			ids, nearest = slices.Clone(name.ids), d
		default:
			ids = union(ids, name.ids)
		}
	}
	return ids
}

// journey leads a question to the journey that answers it better than a text
// can, and tells it what the text says already. The candidates stay: which
// topic it is does not change.
func (r *Reader) journey(t text, s string, m *dialog.Meaning) {
	named := r.tradesIn(t.tokens)
	switch {
	case len(named) == 2 && r.compares(t.tokens, named):
		m.Outcome, m.Target = dialog.Answer, flowPrefix+"compare"
		m.Slots = dialog.Values{slotTrade: dialog.Text(named[0].ids[0]), slotTrade2: dialog.Text(named[1].ids[0])}
		return
	case len(named) == 1 && r.asksAbout(t.tokens, named[0]):
		m.Outcome, m.Target = dialog.Answer, flowPrefix+"trade"
	case len(named) == 1 && r.asks["course"] != nil && r.asksForClass(t.tokens, named[0]):
		m.Outcome, m.Target = dialog.Answer, flowPrefix+"course"
	case m.Outcome == dialog.Answer && r.nears[m.Target] != "" && r.namesPlace(s):
		m.Target = flowPrefix + r.nears[m.Target]
	case m.Outcome == dialog.Answer && r.journeys[m.Target] != "":
		m.Target = flowPrefix + r.journeys[m.Target]
	case m.Outcome == dialog.Offer && r.sameJourney(m.Candidates):
		// Which of the two it is does not matter: both lead there.
		m.Outcome, m.Target = dialog.Answer, flowPrefix+r.journeys[m.Candidates[0].Topic]
	case len(named) == 1 && r.leadsTo("course", m.Candidates) && r.namesPlace(s):
		// A trade, a place, and something of classes in it.
		m.Outcome, m.Target = dialog.Answer, flowPrefix+"course"
	}
	flow, ok := strings.CutPrefix(m.Target, flowPrefix)
	if !ok {
		if m.Outcome == dialog.Answer && len(named) == 1 {
			m.Beside = r.beside(m.Target, t.tokens, named[0])
		}
		return
	}
	slots := dialog.Values{}
	if len(named) == 1 && len(named[0].ids) == 1 && r.asks[flow][slotTrade] {
		slots[slotTrade] = dialog.Text(named[0].ids[0])
	}
	if ids, _, fit := r.Place(s); fit != dialog.None && len(ids) > 0 && len(ids) <= maxUnits {
		// "Móng Cái" is three units now: classes and schools are looked for in
		// all. Where the very commune counts it is asked for.
		several := dialog.List(ids...)
		if len(ids) == 1 {
			several = dialog.Text(ids[0])
		}
		switch asks := r.asks[flow]; {
		case asks[slotWhere]:
			slots[slotWhere] = several
		case asks[slotPlace] && (len(ids) == 1 || flow == "course"):
			slots[slotPlace] = several
		}
	}
	if len(slots) > 0 {
		m.Slots = slots
	}
}

// beside gives the trade that somebody says they would learn while they ask for
// something else, as an offer; "" for none, and where the topic tells of it.
func (r *Reader) beside(topic string, tokens []token, n namedTrade) string {
	if len(n.ids) != 1 || n.at == 0 || r.asks["trade"] == nil || slices.Contains(r.about[topic], n.ids[0]) {
		return ""
	}
	if before := tokens[n.at-1].Canon; before != "học" && before != "nghề" && tokens[n.at-1].Fold != "hoc" {
		return ""
	}
	return flowPrefix + "trade?" + slotTrade + "=" + n.ids[0]
}

// sameJourney says whether the two best candidates begin the same journey.
func (r *Reader) sameJourney(list []dialog.Candidate) bool {
	return len(list) >= 2 && r.journeys[list[0].Topic] != "" && r.journeys[list[0].Topic] == r.journeys[list[1].Topic]
}

// leadsTo says whether one of the three best candidates begins a journey.
func (r *Reader) leadsTo(journey string, list []dialog.Candidate) bool {
	return slices.ContainsFunc(list[:min(3, len(list))], func(c dialog.Candidate) bool { return r.journeys[c.Topic] == journey })
}

func (r *Reader) namesPlace(s string) bool {
	ids, _, fit := r.Place(s)
	return fit != dialog.None && len(ids) > 0
}

// maxUnits is how many units a name may mean at most to be looked at together.
const maxUnits = 12

// The slots that a text can fill when it begins a journey.
const (
	slotTrade  = "trade"
	slotTrade2 = "trade2"
	slotPlace  = "place"
	slotWhere  = "where" // where something is looked for, wherever one lives
)

// comparing are words between and around two trades that are to be compared.
var comparing = newWordSet(`so sánh giữa với và hay hoặc thì cái nào nghề hơn khác nhau thế gì sao nên chọn học phân vân không biết dễ đỡ tốt
	theo làm đi một hai bên được thợ lớp là nào như ra mấy`)

// compares says whether a text does nothing but compare two trades.
func (r *Reader) compares(tokens []token, named []namedTrade) bool {
	if slices.ContainsFunc(named, func(n namedTrade) bool { return len(n.ids) != 1 }) || named[0].ids[0] == named[1].ids[0] {
		return false
	}
	between := tokens[named[0].at+named[0].n : named[1].at]
	joins := slices.ContainsFunc(between, func(t token) bool { return t.Fold == "voi" || t.Fold == "hay" || t.Fold == "va" || t.Fold == "hoac" })
	return joins && len(strip(around(tokens, named...), comparing, fillers)) == 0 && len(tokens) > named[0].n+named[1].n+1
}

// asking one trade: "nghề nuôi hàu là làm gì", "học sửa xe mấy tháng".
var askingOne = newWordSet(`nghề học là làm gì những việc bao lâu mấy tháng năm tuần ngày ở đâu thế nào ra sao như có khó không dễ cần kể nghe về xem kỹ
	tìm hiểu giới thiệu cụ thể hằng hàng công việc một thì phải nặng nhọc vất vả hay thợ mất theo chỗ nơi`)

// askingFor are those of them that ask something.
var askingFor = newWordSet("gì lâu mấy đâu nào sao khó kể kỹ hiểu thiệu nặng vất")

// asksAbout says whether a text does nothing but ask what a trade is like.
func (r *Reader) asksAbout(tokens []token, n namedTrade) bool {
	rest := around(tokens, n)
	if len(n.ids) != 1 || len(strip(rest, askingOne, fillers)) > 0 {
		return false
	}
	// "Nghề nuôi ong" alone names it too.
	return slices.ContainsFunc(rest, askingFor.has) || n.at > 0 && tokens[n.at-1].Canon == "nghề" && len(rest) == 1 ||
		n.n > 1 && len(rest) == 1 && rest[0].Fold == "hoc" // "học lái xe hạng C"
}

// askingClass are the words of a question whether there is a class.
var askingClass = newWordSet(`có lớp nào không chưa đang sắp mở tuyển sinh khai giảng dạy học nghề bao giờ khi hôm lúc nữa gần nhà đây quanh
	chỗ nơi đâu mình bên huyện xã phường về theo tham gia`)

// asksForClass says whether a text does nothing but ask for a class of a trade:
// "có lớp hàn ở Đầm Hà không", "bao giờ mở lớp may".
func (r *Reader) asksForClass(tokens []token, n namedTrade) bool {
	rest := around(tokens, n)
	if len(n.ids) != 1 || !slices.ContainsFunc(rest, func(w viet.Word) bool { return w.Fold == "lop" }) {
		return false
	}
	asks := slices.ContainsFunc(rest, func(w viet.Word) bool {
		return w.Fold == "khong" || w.Fold == "chua" || w.Fold == "nao" || w.Fold == "gio" || w.Fold == "dau"
	})
	places, _ := r.findPlaces(rest)
	for _, place := range places {
		rest = slices.DeleteFunc(rest, func(w viet.Word) bool {
			return slices.ContainsFunc(place.words, func(p viet.Word) bool { return p.Fold == w.Fold })
		})
	}
	return asks && len(strip(rest, askingClass, aroundPlaces, fillers)) == 0
}

// around gives the words that are not in the names.
func around(tokens []token, named ...namedTrade) []viet.Word {
	var rest []viet.Word
	for i, t := range tokens {
		if !slices.ContainsFunc(named, func(n namedTrade) bool { return n.at <= i && i < n.at+n.n }) {
			rest = append(rest, t.Word)
		}
	}
	return rest
}
