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
