package understand

import (
	"slices"

	"nghe/viet"
)

// wordSet is a set of words. A word typed without marks is in it when any of
// the set looks like it; "cận" is not "cần".
type wordSet struct{ canon, fold map[string]bool }

func newWordSet(s string) wordSet {
	set := wordSet{map[string]bool{}, map[string]bool{}}
	for _, w := range viet.Words(s) {
		set.canon[w.Canon] = true
		set.fold[w.Fold] = true
	}
	return set
}

func (s wordSet) has(w viet.Word) bool {
	if w.Marked() {
		return s.canon[w.Canon]
	}
	return s.fold[w.Fold]
}

// fillers are words that say nothing about which answer is meant: courtesy,
// whom one speaks to, and "I choose".
var fillers = newWordSet(`ạ à dạ vâng thưa ơi nhé nha nhỉ hả đây đi thôi thì thế là mà ừ ừm ờ
	em anh chị cô chú bác tôi mình cháu con ông bà bạn ad shop admin bot
	chọn lấy dòng mục cái ý phương án đáp nút cho hỏi muốn xin giúp với được cần rồi này kia đã`)

// courtesy are the fillers that can't be an answer themselves: "chị" can, to
// "how shall I call you".
var courtesy = newWordSet("ạ à dạ vâng thưa ơi nhé nha nhỉ hả đây đi thôi thì thế là mà tôi mình gọi bằng cứ được")

// aroundNumbers are the words that stand beside a number and change nothing.
var aroundNumbers = newWordSet(`khoảng tầm độ cỡ chừng hơn gần chắc đâu ước đúng tròn hết tổng là
	đồng đ vnd k nghìn ngàn trăm triệu tr củ xị lít chai tỷ tỉ mươi chục rưỡi rưởi nửa linh lẻ và
	ngày buổi tháng năm tuần tuổi t km cây số cs ki kilomet m mét hôm tức người lần
	giá tiền học phí xa cách nhà mất lên xuống tôi sinh sn ngoài trên dưới vừa mới`)

// aroundDays are the words of days.
var aroundDays = newWordSet(`ngày mùng mồng tháng năm hôm nay mai kia mốt qua tuần sau trước tới thứ chủ nhật hai ba tư
	bảy tám chín mười sinh sn cuối đầu giữa`)

// strip leaves out the words of the sets. What it gives may be what it was
// given: nobody changes it.
func strip(words []viet.Word, sets ...wordSet) []viet.Word {
	in := func(w viet.Word) bool {
		for _, set := range sets {
			if set.has(w) {
				return true
			}
		}
		return false
	}
	if !slices.ContainsFunc(words, in) {
		return words
	}
	left := make([]viet.Word, 0, len(words)-1)
	for _, w := range words {
		if !in(w) {
			left = append(left, w)
		}
	}
	return left
}

// hasDigit says whether a word is written with digits.
func hasDigit(w viet.Word) bool {
	for i := 0; i < len(w.Fold); i++ {
		if '0' <= w.Fold[i] && w.Fold[i] <= '9' {
			return true
		}
	}
	return false
}

// sameWords says whether two texts are the same, letter for letter without
// marks.
func sameWords(a, b []viet.Word) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Fold != b[i].Fold {
			return false
		}
	}
	return true
}

// joined gives the folded letters of words without spaces.
func joined(words []viet.Word) string {
	var b []byte
	for _, w := range words {
		b = append(b, w.Fold...)
	}
	return string(b)
}
