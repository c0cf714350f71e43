package unanswered

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"nghe/viet"
)

// What stands for what was taken out. A text that has these is left as it is
// there, so that scrubbing twice changes nothing.
const (
	hiddenNumber  = "[số]"
	hiddenMail    = "[email]"
	hiddenLink    = "[liên kết]"
	hiddenDay     = "[ngày]"
	hiddenName    = "[tên]"
	hiddenAddress = "[địa chỉ]"
)

// maxKept is how long a text may be that is kept, in runes. Who tells a long story
// tells of themself.
const maxKept = 200

// Scrub takes out of a text what may tell who wrote it: numbers of seven digits
// and more that are no round sum (telephones, identity cards, accounts), also
// when they are spelled out, e-mail and links, full dates, the names given, names
// as they are mostly written, house numbers, alleys and hamlets. It can't know
// every name; that is why nothing else of the person is kept with it.
func Scrub(text string, names []string) string {
	text = viet.Clean(text, 10*maxKept)
	text = replaceOutside(text, mailLike, hiddenMail)
	text = replaceOutside(text, linkLike, hiddenLink)
	text = replaceOutside(text, dayLike, hiddenDay)
	text = hideNumbers(text)
	text = hideWords(text, names)
	return shorten(text)
}

var (
	placeholder = regexp.MustCompile(`\[(?:số|email|liên kết|ngày|tên|địa chỉ)\]`)
	linkLike    = regexp.MustCompile(`(?i)(?:https?://|www\.)\S*|\b[\pL\pN-]+(?:\.[\pL\pN-]+)*\.(?:com|vn|net|org|me|info|app|link|gl|ly)\b(?:/\S*)?`)
	mailLike    = regexp.MustCompile(`[^\s\[\]]+@[^\s\[\]]*|@[^\s\[\]]+`)
	dayLike     = regexp.MustCompile(`\b\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?(?:\d{4}|\d{2})\b`)
	// groupedSum and plainSum are round sums of money as people write them, up to
	// the thousand millions: above that it is a telephone number of 84….
	groupedSum = regexp.MustCompile(`^(?:[1-9]\d{0,2}(?:[.,]\d{3})?[.,]000|[1-9][.,]\d{3}[.,]\d{3}[.,]000)`)
	plainSum   = regexp.MustCompile(`^[1-9]\d{0,4}000`)
	// goesOn is how a number goes on that only looked like a sum.
	goesOn = regexp.MustCompile(`^(?:\pN|[.,/-]\pN|[ ()+_:–-]{1,3}\pN{3})`)
)

// replaceOutside replaces what looks so, but in placeholders.
func replaceOutside(text string, like *regexp.Regexp, with string) string {
	var b strings.Builder
	last := 0
	for _, at := range append(placeholder.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		b.WriteString(like.ReplaceAllLiteralString(text[last:at[0]], with))
		b.WriteString(text[at[0]:at[1]])
		last = at[1]
	}
	return b.String()
}

// leastNumber is from how many digits on a number may be somebody's.
const leastNumber = 7

// hideNumbers takes out long numbers, however they are spaced.
func hideNumbers(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		if !isDigit(text, i) {
			_, size := utf8.DecodeRuneInString(text[i:])
			b.WriteString(text[i : i+size])
			i += size
			continue
		}
		if n := max(sumAt(text, i, groupedSum), sumAt(text, i, plainSum)); n > 0 {
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		end, digits := numberAt(text, i)
		if digits >= leastNumber {
			b.WriteString(hiddenNumber)
		} else {
			b.WriteString(text[i:end])
		}
		i = end
	}
	return b.String()
}

// sumAt gives how long the round sum is that begins there, 0 for none.
func sumAt(text string, i int, like *regexp.Regexp) int {
	n := len(like.FindString(text[i:]))
	if goesOn.MatchString(text[i+n:]) {
		return 0
	}
	return n
}

// numberAt gives where a number ends that begins there, and how many digits it
// has. Up to three signs and spaces may stand between two of them.
func numberAt(text string, i int) (end, digits int) {
	begin := i
	end = i
	for gap := 0; i < len(text) && gap <= 3; {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsDigit(r):
			if gap > 0 && digits <= 2 && text[begin] != '0' && sumAt(text, i, groupedSum) > 0 {
				return end, digits // “36, 50.000.000”
			}
			i += size
			end, gap = i, 0
			digits++
		case strings.ContainsRune(" .,-–_/()+:", r):
			i += size
			gap++
		default:
			return end, digits
		}
	}
	return end, digits
}

func isDigit(text string, i int) bool {
	if i >= len(text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsDigit(r)
}

// shorten cuts a text at a word, never within a placeholder.
func shorten(text string) string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) <= maxKept {
		return text
	}
	text = string([]rune(text)[:maxKept-1])
	if i := strings.LastIndexByte(text, '['); i >= 0 && !strings.Contains(text[i:], "]") {
		text = text[:i]
	}
	if i := strings.LastIndexByte(text, ' '); i > len(text)/2 {
		text = text[:i]
	}
	return strings.TrimSpace(text) + "…"
}
