package viet

import "strings"

// swaps are sounds that are written for each other: "nàm" for "làm", "xửa"
// for "sửa", "trăn" for "chăn", "dạy" for "giạy", "ki" for "ky".
var swaps = [][2]string{
	{"l", "n"}, {"n", "l"}, {"s", "x"}, {"x", "s"}, {"ch", "tr"}, {"tr", "ch"},
	{"d", "gi"}, {"gi", "d"}, {"r", "d"}, {"d", "r"}, {"r", "gi"}, {"gi", "r"}, {"v", "d"},
	{"ng", "ngh"}, {"ngh", "ng"}, {"g", "gh"}, {"gh", "g"}, {"c", "k"}, {"k", "c"}, {"f", "ph"}, {"q", "qu"}, {"z", "d"}, {"j", "gi"},
}

func confusions(w string) []string {
	var list []string
	for _, s := range swaps {
		if rest, ok := strings.CutPrefix(w, s[0]); ok {
			if c := s[1] + rest; Syllable(c) {
				list = append(list, c)
			}
		}
	}
	if n := len(w); n > 1 {
		switch w[n-1] {
		case 'i':
			list = append(list, w[:n-1]+"y")
		case 'y':
			list = append(list, w[:n-1]+"i")
		}
	}
	return list
}

// tilts are the letters whose tones are written for each other: hỏi and ngã.
var tilts = strings.NewReplacer(
	"ả", "ã", "ẳ", "ẵ", "ẩ", "ẫ", "ẻ", "ẽ", "ể", "ễ", "ỉ", "ĩ", "ỏ", "õ", "ổ", "ỗ", "ở", "ỡ", "ủ", "ũ", "ử", "ữ", "ỷ", "ỹ",
	"ã", "ả", "ẵ", "ẳ", "ẫ", "ẩ", "ẽ", "ẻ", "ễ", "ể", "ĩ", "ỉ", "õ", "ỏ", "ỗ", "ổ", "ỡ", "ở", "ũ", "ủ", "ữ", "ử", "ỹ", "ỷ",
)

// tilted gives a word with hỏi for ngã, or ngã for hỏi: "mỡ" and "mở". A word
// with neither is given back.
func tilted(canon string) string { return tilts.Replace(canon) }
