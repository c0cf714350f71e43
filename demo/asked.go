package demo

import (
	"math/rand/v2"
	"time"

	"nghe/daily"
	"nghe/unanswered"
)

// asked are questions that nobody asked: what people might want of an office that
// nghe is not, in the ways they type.
var asked = []struct {
	why   unanswered.Why
	often int // of a hundred days
	texts []string
}{
	{unanswered.Refused, 40, []string{"làm lại căn cước ở đâu", "em muốn làm lại cccd thì đến chỗ nào ạ", "lam lai can cuoc o dau vay", "mất căn cước làm lại ở đâu"}},
	{unanswered.Refused, 30, []string{"giá lợn hơi hôm nay bao nhiêu", "gia lon hoi hom nay the nao", "lợn hơi hôm nay bao nhiêu một cân ạ"}},
	{unanswered.Offered, 45, []string{"mua máy cày trả góp được không", "cho em hỏi mua máy cày trả góp"}},
	{unanswered.Missed, 35, []string{"tôm bị chết nhiều là bệnh gì", "tom chet hang loat la benh gi ha ad"}},
	{unanswered.Missed, 25, []string{"cây keo bị sâu phun thuốc gì", "phun thuốc trừ sâu cho keo"}},
	{unanswered.Offered, 20, []string{"cháu muốn xin vào trường nội trú", "con em học trường nội trú có được không", "trường nội trú tuyển lớp mấy"}},
	{unanswered.Refused, 15, []string{"đăng ký kết hôn cần giấy gì", "dang ky ket hon can giay to gi"}},
	{unanswered.Missed, 12, []string{"wifi nhà em bị hỏng", "mạng wifi bị hỏng gọi ai"}},
	{unanswered.Refused, 10, []string{"mai có mưa không", "thời tiết mai thế nào"}},
}

// Unanswered invents what could not be answered in the last two months, marked by
// its channel.
func Unanswered(now time.Time) []unanswered.Sum {
	chance := rand.New(rand.NewPCG(4, 20))
	var all []unanswered.Sum
	for ago := range countedDays {
		day := daily.DayOf(now.AddDate(0, 0, -ago))
		for _, a := range asked {
			if chance.IntN(100) >= a.often {
				continue
			}
			all = append(all, unanswered.Sum{N: 1 + chance.Int64N(3), Text: unanswered.Text{
				Day: day, Text: a.texts[chance.IntN(len(a.texts))], Why: a.why, Channel: daily.Invented,
			}})
		}
	}
	return all
}

// parts of questions that many people might ask.
var (
	begun  = []string{"", "cho em hỏi ", "dạ ", "bác muốn hỏi ", "ad cho hỏi "}
	things = []string{"sổ đỏ", "căn cước", "bằng lái xe máy", "thuốc trừ sâu", "giống lợn", "vé tàu ra đảo", "lịch cắt điện", "sim điện thoại", "máy cày", "giá ngao", "phân bón", "khám bệnh",
		"đăng ký kết hôn", "bảo hiểm xe", "mạng internet", "lịch xe buýt", "giấy khai sinh", "thuê nhà trọ", "tiêm phòng cho chó", "giá keo", "hàng rào thép", "bể nước", "đường vào thôn", "hộ chiếu",
		"máy bơm", "giống tôm", "giá hàu", "xin cấp nước", "đèn đường", "học bơi", "xây chuồng trại", "thuế đất", "chợ phiên", "giá vàng", "bóng đá tối nay", "tàu cá"}
	wanted = []string{" ở đâu", " bao nhiêu tiền", " làm thế nào", " cần giấy gì", " khi nào có", " hỏi ai", " mấy ngày thì xong", " có được không"}
	ended  = []string{"", " ạ", " vậy", " nhỉ", " ad ơi", " với"}
)

// unansweredOf is how many of a thousand turns can't be answered.
const unansweredOf = 30

// ManyUnanswered invents what could not be answered of so many turns in a year, as far
// as such texts are kept; of 0, what Unanswered does.
func ManyUnanswered(turns int, now time.Time) []unanswered.Sum {
	all := Unanswered(now)
	chance := rand.New(rand.NewPCG(5, 21))
	whys := []unanswered.Why{unanswered.Missed, unanswered.Refused, unanswered.Offered}
	for ago := range unanswered.Life {
		day := daily.DayOf(now.AddDate(0, 0, -ago))
		for range turns * unansweredOf / 1000 / manyDays {
			// What the first are about is asked most.
			thing := things[chance.IntN(1+chance.IntN(len(things)))]
			text := begun[chance.IntN(len(begun))] + thing + wanted[chance.IntN(len(wanted))] + ended[chance.IntN(len(ended))]
			all = append(all, unanswered.Sum{N: 1, Text: unanswered.Text{Day: day, Text: text, Why: whys[chance.IntN(len(whys))], Channel: daily.Invented}})
		}
	}
	return all
}
