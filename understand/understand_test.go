package understand_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nghe/content"
	"nghe/dialog"
	"nghe/understand"
	"nghe/understand/questions"
	"nghe/viet"
)

var reader = sync.OnceValue(func() *understand.Reader { return understand.New(content.MustBuiltin()) })

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 7*3600))

func TestDevelopmentQuestions(t *testing.T) {
	f, err := os.Open("../content/eval/questions.dev.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, err := questions.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	result := questions.Score(reader(), list)
	t.Logf("\n%s", result)
	all := result.All
	if top1 := all.Percent(all.First); top1 < 85 {
		t.Errorf("top-1 is %.1f %%", top1)
	}
	if top3 := all.Percent(all.Third); top3 < 95 {
		t.Errorf("top-3 is %.1f %%", top3)
	}
	if wrong := all.Percent(all.Wrong); wrong > 5 {
		t.Errorf("%.1f %% are answered outright and wrong", wrong)
	}
	if all.OutsideAnswered > 0 {
		t.Errorf("%d questions that are none of our business are answered", all.OutsideAnswered)
	}
	if all.HandedOver > 0 {
		t.Errorf("%d questions are taken for danger", all.HandedOver)
	}
}

// Every way of asking that stands with a topic finds its topic among the
// first three, and nearly all first.
func TestWaysOfAskingFindTheirTopic(t *testing.T) {
	lib := content.MustBuiltin()
	asked, first := 0, 0
	for _, topic := range lib.Topics {
		for _, ask := range topic.Asks {
			m := reader().Meaning(ask)
			at := slices.IndexFunc(m.Candidates, func(c dialog.Candidate) bool { return c.Topic == topic.ID })
			asked++
			if at == 0 {
				first++
			}
			if at < 0 || at > 2 {
				t.Errorf("%q is not found for %s: %v", ask, topic.ID, m.Candidates)
			}
		}
	}
	if float64(first) < 0.97*float64(asked) {
		t.Errorf("only %d of %d are found first", first, asked)
	}
}

func TestMeaning(t *testing.T) {
	for _, c := range []struct {
		text    string
		outcome dialog.Outcome
		target  string
	}{
		{"tiền ăn mỗi ngày được bao nhiêu", dialog.Answer, "support.meal"},
		{"TIEN AN MOI NGAY DC BN", dialog.Answer, "support.meal"},
		{"tính tiền hỗ trợ", dialog.Answer, "flow:support"},
		{"xem tôi vay được gói nào", dialog.Answer, "flow:loan"},
		{"", dialog.Refuse, ""},
		{"😂😂", dialog.Refuse, ""},
		{"asdkfj qwlekrj zzxcv", dialog.Refuse, ""},
		{"what time does the museum open", dialog.Refuse, ""},
		{"kết quả xổ số miền bắc hôm nay", dialog.Refuse, ""},
	} {
		m := reader().Meaning(c.text)
		if m.Outcome != c.outcome || m.Target != c.target {
			t.Errorf("%q: %s %q %.2f %v, want %s %q", c.text, m.Outcome, m.Target, m.Score, m.Candidates, c.outcome, c.target)
		}
	}
	if m := reader().Meaning("kết quả xổ số miền bắc hôm nay"); !m.OffTopic {
		t.Error("the lottery is thought to be our business")
	}
	if m := reader().Meaning("asdkfj qwlekrj zzxcv"); m.OffTopic {
		t.Error("nonsense is called off topic; it was just not understood")
	}
	for text, want := range map[string]bool{
		"học phí bao nhiêu": true, "có được vay không": true, "lãi mấy phần trăm?": true, "ở đâu nhận hồ sơ": true,
		"em ở Tiên Yên": false, "nhà em làm ruộng": false, "45 ngày": false,
	} {
		if got := reader().Meaning(text).Question; got != want {
			t.Errorf("%q is a question: %v", text, got)
		}
	}
}

func TestDanger(t *testing.T) {
	for text, want := range map[string]string{
		"chồng nó lại đánh em chảy cả máu":                            "danger.violence",
		"chong em hay danh em lam":                                    "danger.violence",
		"nó đang cầm dao đuổi mẹ con em":                              "danger.violence",
		"em bị chồng đánh đập suốt, giờ phải làm sao":                 "danger.violence",
		"tôi không muốn sống nữa đâu":                                 "danger.self-harm",
		"khổ quá muốn chết đi cho xong":                               "danger.self-harm",
		"e muon tu tu":                                                "danger.self-harm",
		"cháu bị bố dượng sàm sỡ":                                     "danger.child",
		"bố tôi vừa bị tai biến ngã gục ở nhà":                        "danger.medical",
		"cứu với cháy nhà rồi":                                        "danger.disaster",
		"em bị lừa chuyển khoản mất hết tiền rồi":                     "danger.cheated",
		"Vay app rồi giờ bị khủng bố đòi nợ suốt ngày":                "danger.cheated",
		"chủ nó giữ hết giấy tờ không cho về":                         "danger.forced-labour",
		"con tôi bị bán sang Trung Quốc":                              "danger.forced-labour",
		"Nước lũ lên to quá nhà em bị kẹt":                            "danger.disaster",
		"sáng nay em đi chợ về. chồng em đánh em. em sợ lắm":          "danger.violence",
		"chồng em đi đánh cá ở Cô Tô, học nghề gì được":               "",
		"nghề đánh bắt vất vả quá":                                    "",
		"trời nóng muốn chết":                                         "",
		"học mệt muốn chết":                                           "",
		"năm ngoái em bị lừa mất tiền đi Nhật, giờ vay nhà nước được": "",
		"có phải lừa đảo không":                                       "",
		"học phòng cháy chữa cháy ở đâu":                              "",
		"em sợ bị lừa":                                                "",
		"chồng em thích đánh cờ":                                      "",
		"đánh giá lớp học thế nào":                                    "",
		"bị mất giấy tờ thì làm hồ sơ kiểu gì":                        "",
		"bố em bị liệt, em muốn học nghề":                             "",
	} {
		m := reader().Meaning(text)
		switch {
		case want == "" && m.Outcome == dialog.Handoff:
			t.Errorf("%q is taken for %s", text, m.Target)
		case want != "" && (m.Outcome != dialog.Handoff || m.Target != want):
			t.Errorf("%q: %s %s, want %s", text, m.Outcome, m.Target, want)
		}
	}
	// Each way of asking of each danger is seen.
	for _, d := range content.MustBuiltin().Dangers {
		for _, ask := range d.Asks {
			if m := reader().Meaning(ask); m.Outcome != dialog.Handoff {
				t.Errorf("%q of %s is not seen", ask, d.ID)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	work := []dialog.Option{
		{Label: "Ở xã, hoặc làm nông", Value: "rural", Also: []string{"nông thôn", "làm ruộng"}},
		{Label: "Bộ đội mới về", Value: "soldier", Also: []string{"xuất ngũ"}},
		{Label: "Đi biển, đánh cá", Value: "fisher", Also: []string{"ngư dân"}},
		{Label: "Không trường hợp nào", Value: "none", Only: true, Also: []string{"không có", "không"}},
	}
	poverty := []dialog.Option{
		{Label: "Hộ nghèo", Value: "poor", Also: []string{"nghèo"}},
		{Label: "Hộ cận nghèo", Value: "near-poor", Also: []string{"cận nghèo", "cận"}},
		{Label: "Bỏ qua", Value: "?"},
	}
	yesNo := []dialog.Option{{Label: "Có", Value: "yes"}, {Label: "Không", Value: "no"}}
	address := []dialog.Option{{Label: "Anh", Value: "anh"}, {Label: "Chị", Value: "chị"}, {Label: "Em", Value: "em"}, {Label: "Cô", Value: "cô", Hidden: true}}
	for _, c := range []struct {
		text    string
		options []dialog.Option
		several bool
		want    string // values, joined with a comma
		fit     dialog.Fit
	}{
		{"1", work, true, "rural", dialog.Exact},
		{"số 2", work, true, "soldier", dialog.Exact},
		{"hai", work, true, "soldier", dialog.Exact},
		{"hai ha", address, false, "", dialog.None},
		{"1,3", work, true, "rural,fisher", dialog.Exact},
		{"1 và 3", work, true, "rural,fisher", dialog.Exact},
		{"chọn 1 với 2 nhé", work, true, "rural,soldier", dialog.Exact},
		{"9", work, true, "", dialog.None},
		{"3 năm", work, true, "", dialog.None},
		{"ở xã hoặc làm nông", work, true, "rural", dialog.Exact},
		{"em làm ruộng", work, true, "rural", dialog.Exact},
		{"nha em lam ruong", work, true, "rural", dialog.Exact},
		{"nhà em làm ruộng với cả đi biển nữa ạ", work, true, "rural,fisher", dialog.Part},
		{"khong", work, true, "none", dialog.Exact},
		{"dạ không có ạ", work, true, "none", dialog.Exact},
		{"ngu dan", work, true, "fisher", dialog.Exact},
		{"bo dọi mới về", work, true, "soldier", dialog.Exact},
		{"cận nghèo", poverty, false, "near-poor", dialog.Exact},
		{"can ngheo", poverty, false, "near-poor", dialog.Exact},
		{"nhà em là hộ cận nghèo đã ba năm nay", poverty, false, "near-poor", dialog.Part},
		{"hộ nghèo", poverty, false, "poor", dialog.Exact},
		{"hộ ngheof", poverty, false, "poor", dialog.Exact},
		{"nhà em không nghèo đâu nhưng mà cũng chẳng giàu", poverty, false, "", dialog.None},
		{"bo qua", poverty, false, "?", dialog.Exact},
		{"có", yesNo, false, "yes", dialog.Exact},
		{"vâng ạ", yesNo, false, "yes", dialog.Exact},
		{"dạ", yesNo, false, "yes", dialog.Exact},
		{"ừ đúng rồi", yesNo, false, "yes", dialog.Exact},
		{"ok", yesNo, false, "yes", dialog.Exact},
		{"chưa", yesNo, false, "no", dialog.Exact},
		{"ko ạ", yesNo, false, "no", dialog.Exact},
		{"không", yesNo, false, "no", dialog.Exact},
		{"mai em hỏi lại", yesNo, false, "", dialog.None},
		{"chị", address, false, "chị", dialog.Exact},
		{"chi", address, false, "chị", dialog.Exact},
		{"gọi tôi là chị nhé", address, false, "chị", dialog.Exact},
		{"cô", address, false, "cô", dialog.Exact},
		{"4", address, false, "", dialog.None}, // not shown: no number
		{"3", address, false, "em", dialog.Exact},
		{"1,2", address, false, "", dialog.None},
		{"", yesNo, false, "", dialog.None},
		{strings.Repeat("dài quá ", 50), yesNo, false, "", dialog.None},
	} {
		picks, fit := reader().Options(c.text, c.options, c.several)
		var values []string
		for _, i := range picks {
			values = append(values, c.options[i].Value)
		}
		if got := strings.Join(values, ","); got != c.want || fit != c.fit {
			t.Errorf("%q: %q fit %d, want %q fit %d", c.text, got, fit, c.want, c.fit)
		}
	}
}

// Dangers in other words than those of the content, and what only sounds so.
func TestDangerInOtherWords(t *testing.T) {
	for text, want := range map[string]string{
		"con dâu tôi bị chồng nó bạo hành suốt": "danger.violence", "chong no danh toi bam tim": "danger.violence", "chủ nợ nó dọa chém cả nhà": "danger.violence", "nó dọa giết tôi": "danger.violence",
		"tôi buồn quá chả muốn sống làm gì": "danger.self-harm", "cháu nghĩ đến cái chết suốt": "danger.self-harm", "em định nhảy xuống biển chết quách": "danger.self-harm", "nó vừa uống thuốc sâu": "danger.self-harm",
		"bé gái nhà bên bị xâm hại": "danger.child", "bố dượng sờ mó cháu": "danger.child", "con tôi bị bắt cóc": "danger.child",
		"mẹ tôi ngất xỉu không tỉnh": "danger.medical", "ong noi bi dot quy": "danger.medical", "khó thở quá": "danger.medical",
		"tôi lỡ chuyển khoản cho lừa đảo mất 20 triệu": "danger.cheated",
		"chủ tàu giữ căn cước bắt làm không lương":     "danger.forced-labour", "em bị lừa sang Campuchia": "danger.forced-labour", "bị chủ giam không cho ra ngoài": "danger.forced-labour",
		"nắng chết đi được": "", "mệt chết": "", "không muốn sống ở quê nữa": "", "chống đuối nước": "", "đi biển có nguy hiểm chết người không": "", "học nghề mà bị lừa thì sao": "",
		"bố bảo bán trâu cho em đi học": "", "em muốn đi theo nghề biển": "", "phun thuốc sâu xong uống nước": "", "nộp hồ sơ vay tiền mà cán bộ cứ khất": "",
		"con tôi lớp 8 bắt đầu nghỉ học đi làm": "", "con tôi nói ngọng, học lớp 5": "", "học giết mổ lợn ở đâu, bố bảo nghề ấy khá": "", "chồng em đạp xe chở em đi học": "",
		"không muốn sống xa nhà": "", "thợ điện có hay bị điện giật không": "", "học cách sơ cứu người bị đột quỵ": "", "vay tiền app thì có bị dọa giết không": "",
	} {
		m := reader().Meaning(text)
		if got := m.Outcome == dialog.Handoff; got != (want != "") || got && m.Target != want {
			t.Errorf("%q: %s %s, want %q", text, m.Outcome, m.Target, want)
		}
	}
}

func TestWhatIsToldInPassing(t *testing.T) {
	haiHa := []string{"cai-chien", "duong-hoa", "quang-duc", "quang-ha"}
	for text, want := range map[string]struct {
		age   int64
		place []string
	}{
		"e 52t o hai ha muon hoc nghe":                  {52, haiHa},
		"tôi 45 tuổi có được hỗ trợ học nghề không":     {45, nil},
		"dạ em năm nay 19 tuổi, nhà ở Ba Chẽ":           {19, []string{"ba-che"}},
		"em ở ba chẽ 30 tuổi chưa có nghề":              {30, []string{"ba-che"}},
		"bố em 52 tuổi ở Ba Chẽ thì học gì":             {0, nil},
		"con trai tôi 17 tuổi":                          {0, nil},
		"hỏi cho con gái 17 tuổi":                       {0, nil},
		"tôi có 3 con trâu":                             {0, nil},
		"em muốn hỏi 18 tuổi đã được học lái xe chưa":   {0, nil},
		"lớp này nhận người 18 tuổi trở lên phải không": {0, nil},
	} {
		if age, place := reader().Told(text, noon); age != want.age || !slices.Equal(place, want.place) {
			t.Errorf("%q tells %d %v, want %d %v", text, age, place, want.age, want.place)
		}
	}
}

func TestQuantities(t *testing.T) {
	r := reader()
	number := func(s string) (int64, dialog.Fit) { return r.Number(s) }
	age := func(s string) (int64, dialog.Fit) { return r.Age(s, noon) }
	for _, c := range []struct {
		read func(string) (int64, dialog.Fit)
		text string
		want int64
		fit  dialog.Fit
	}{
		{number, "45", 45, dialog.Exact},
		{number, "45 ngày ạ", 45, dialog.Exact},
		{number, "khoảng hai mươi ngày", 20, dialog.Exact},
		{number, "lớp này học 45 buổi ở nhà văn hoá", 45, dialog.Part},
		{number, "-3", -3, dialog.Exact},
		{number, "chưa biết", 0, dialog.None},
		{r.Money, "1,5 triệu", 1_500_000, dialog.Exact},
		{r.Money, "hai triệu rưỡi", 2_500_000, dialog.Exact},
		{r.Money, "2tr5", 2_500_000, dialog.Exact},
		{r.Money, "học phí là 3 triệu đồng ạ", 3_000_000, dialog.Exact},
		{r.Money, "trường họ báo thu 3 triệu", 3_000_000, dialog.Part},
		{r.Money, "nhiều", 0, dialog.None},
		{r.Months, "3 năm", 36, dialog.Exact},
		{r.Months, "vay trong 2 năm rưỡi thôi", 30, dialog.Exact},
		{r.Months, "em làm 3 năm ở mỏ", 36, dialog.Part},
		{r.Months, "lâu", 0, dialog.None},
		{r.Distance, "15 cây số", 15, dialog.Exact},
		{r.Distance, "cách nhà chừng 16km", 16, dialog.Exact},
		{r.Distance, "đi thuyền 3 cây rồi bộ", 3, dialog.Part},
		{r.Distance, "xa lắm", 0, dialog.None},
		{age, "35 tuổi", 35, dialog.Exact},
		{age, "em sinh 85", 41, dialog.Exact},
		{age, "em 41 tuổi rồi, sức khoẻ yếu", 41, dialog.Part},
		{age, "già rồi", 0, dialog.None},
	} {
		if n, fit := c.read(c.text); n != c.want || fit != c.fit {
			t.Errorf("%q: %d fit %d, want %d fit %d", c.text, n, fit, c.want, c.fit)
		}
	}
	for text, want := range map[string]string{"20/11/1990": "1990-11-20", "tháng 9": "2027-09", "sinh 85": "1985", "hôm qua": "2026-11-22", "nghỉ": ""} {
		if got, fit := r.Date(text, noon); got != want || (fit == dialog.None) != (want == "") {
			t.Errorf("%q: %q fit %d, want %q", text, got, fit, want)
		}
	}
	if p, fit := r.Phone("số của em là 0912.345.678 ạ"); p != "0912345678" || fit != dialog.Exact {
		t.Errorf("phone %q fit %d", p, fit)
	}
	if _, fit := r.Phone("113"); fit != dialog.None {
		t.Error("113 is taken for somebody's phone number")
	}
}

func TestPlace(t *testing.T) {
	for _, c := range []struct{ text, want, label string }{
		{"Ba Chẽ", "ba-che", "Xã Ba Chẽ"},
		{"ba che", "ba-che", "Xã Ba Chẽ"},
		{"em ở xã Ba Chẽ ạ", "ba-che", "Xã Ba Chẽ"},
		{"bình liêu", "binh-lieu", "Xã Bình Liêu"},
		{"phường hà tu", "ha-tu", "Phường Hà Tu"},
		{"móng cái 1", "mong-cai-1", "Phường Móng Cái 1"},
		{"Yên Than", "dien-xa,tien-yen", ""},
		{"cô tô", "co-to", "Đặc khu Cô Tô"},
		{"vân đồn", "van-don", "Đặc khu Vân Đồn"},
		{"Cái Rồng", "van-don", "Thị trấn Cái Rồng"},
		{"hà nội", "", ""},
		{"", "", ""},
	} {
		ids, label, fit := reader().Place(c.text)
		if got := strings.Join(ids, ","); got != c.want || c.label != "" && label != c.label {
			t.Errorf("%q: %s %q, want %s %q", c.text, got, label, c.want, c.label)
		}
		if c.want != "" && fit != dialog.Exact {
			t.Errorf("%q: fit %d", c.text, fit)
		}
	}
	if ids, _, fit := reader().Place("nhà em cách Ba Chẽ mấy chục cây, trên núi"); len(ids) != 1 || fit != dialog.Part {
		t.Errorf("among other words: %v fit %d", ids, fit)
	}
	if ids, _, _ := reader().Place("Yên Than, xã Tiên Yên"); !slices.Equal(ids, []string{"tien-yen"}) {
		t.Errorf("what lies in both: %v", ids)
	}
	// A whole former city has more units than can be offered.
	if ids, _, _ := reader().Place("thành phố Hạ Long"); len(ids) < 6 {
		t.Errorf("the former city: %v", ids)
	}
	// Every present unit is found by its full and its short name, with marks
	// and without.
	present := map[string]bool{}
	for _, p := range content.MustBuiltin().Places {
		present[p.Name] = true
	}
	for _, p := range content.MustBuiltin().Places {
		ids, _, _ := reader().Place(p.Name)
		if !slices.Equal(ids, []string{p.ID}) {
			t.Errorf("%q: %v, want %s", p.Name, ids, p.ID)
		}
		for _, m := range p.MergedFrom {
			if ids, _, _ := reader().Place(m.Name); !present[m.Name] && !slices.Contains(ids, p.ID) {
				t.Errorf("%q, now in %s: %v", m.Name, p.ID, ids)
			}
		}
	}
}

// Of two questions in one message one is answered and the other offered.
func TestTwoQuestions(t *testing.T) {
	for text, want := range map[string][2]string{
		"đi học có được tiền ăn không, và vay vốn lãi suất bao nhiêu một tháng ạ":         {"loan.study-rate", "support.meal"},
		"học xong có được cấp chứng chỉ không, còn vay vốn chính sách thì cần giấy tờ gì": {"course.certificate", "loan.papers"},
		"nhà em hộ nghèo, có hai con nhỏ, được hỗ trợ bao nhiêu tiền khi đi học nghề ạ":   {"support.poor", ""},
	} {
		if m := reader().Meaning(text); m.Outcome != dialog.Answer || m.Candidates[0].Topic != want[0] || m.Beside != want[1] {
			t.Errorf("%q: %s %s %v, beside it %q", text, m.Outcome, m.Target, m.Candidates[:2], m.Beside)
		}
	}
}

// Somebody who asks something else and names a trade is offered the trade beside
// the answer.
func TestTradeBesideAnAnswer(t *testing.T) {
	for text, want := range map[string]string{
		"con tôi học lớp 12 muốn học nghề hàn": "flow:trade?trade=han",
		"hết lớp 12 thì học nghề hệ nào":       "",
	} {
		if m := reader().Meaning(text); m.Outcome != dialog.Answer || m.Beside != want {
			t.Errorf("%q: %s %s, beside it %q, want %q", text, m.Outcome, m.Target, m.Beside, want)
		}
	}
}

func TestTrade(t *testing.T) {
	for _, c := range []struct {
		text string
		want string
		fit  dialog.Fit
	}{
		{"nuôi hàu", "nuoi-hau", dialog.Exact},
		{"nuoi hau", "nuoi-hau", dialog.Exact},
		{"nghề nuôi hàu ạ", "nuoi-hau", dialog.Exact},
		{"em muốn học may", "may-cong-nghiep", dialog.Exact},
		{"may", "may-cong-nghiep", dialog.Exact},
		{"hàn", "han", dialog.Exact},
		{"mayy cong nghiep", "may-cong-nghiep", dialog.Exact},
		{"sua xe may", "sua-xe-may", dialog.Exact},
		{"xửa xe máy", "sua-xe-may", dialog.Exact},
		{"học lái xe tải", "lai-xe-tai", dialog.Exact},
		{"nuôi heo", "chan-nuoi-gia-suc", dialog.Exact},
		{"thợ điều hoà", "dien-lanh", dialog.Exact},
		{"đầu bếp", "nau-an", dialog.Exact},
		{"osin", "giup-viec", dialog.Exact},
		{"nhà em ở gần chợ, muốn làm tóc cho khách", "toc-lam-dep", dialog.Part},
		{"trồng", "", dialog.Exact}, // many
		{"em trong ấy mới về vài hôm", "", dialog.None},
		{"hôm nay trời mưa", "", dialog.None},
		{"trợ giúp", "", dialog.None}, // a command
		{"", "", dialog.None},
	} {
		ids, fit := reader().Trade(c.text)
		if c.want == "" && c.fit != dialog.None {
			if len(ids) < 2 {
				t.Errorf("%q: %v, want several", c.text, ids)
			}
			continue
		}
		if got := strings.Join(ids, ","); got != c.want || fit != c.fit {
			t.Errorf("%q: %q fit %d, want %q fit %d", c.text, got, fit, c.want, c.fit)
		}
	}
	// Every trade is found by its name, its label and what people call it,
	// with marks and without.
	for _, x := range content.MustBuiltin().Trades {
		for _, name := range append([]string{x.Label(), viet.Fold(x.Label())}, x.Aliases...) {
			if ids, _ := reader().Trade(name); !slices.Contains(ids, x.ID) {
				t.Errorf("%q: %v, want %s", name, ids, x.ID)
			}
		}
	}
}

// A question about a trade begins the journey that answers it, with what it
// says already; which topic it is stays as it was.
func TestQuestionsThatBeginAJourney(t *testing.T) {
	for _, c := range []struct {
		text, target string
		slots        dialog.Values
	}{
		{"tôi nên học nghề gì", "flow:trade-quiz", nil},
		{"toi nen hoc nghe gi", "flow:trade-quiz", nil},
		{"e k bít nên học nghề j", "flow:trade-quiz", nil},
		{"con trai tôi nên học nghề gì", "flow:trade-quiz", nil},
		{"nghề nuôi hàu là làm gì", "flow:trade", dialog.Values{"trade": dialog.Text("nuoi-hau")}},
		{"nghe nuoi hau la lam gi", "flow:trade", dialog.Values{"trade": dialog.Text("nuoi-hau")}},
		{"sửa điều hòa học mấy tháng ạ", "flow:trade", dialog.Values{"trade": dialog.Text("dien-lanh")}},
		{"tho lo lam nhung viec gi", "flow:trade", dialog.Values{"trade": dialog.Text("tho-lo")}},
		{"so sánh may với hàn", "flow:compare", dialog.Values{"trade": dialog.Text("may-cong-nghiep"), "trade2": dialog.Text("han")}},
		{"nuoi ong vs nuoi ga cai nao hon", "flow:compare", dialog.Values{"trade": dialog.Text("nuoi-ong"), "trade2": dialog.Text("chan-nuoi-gia-cam")}},
		{"có lớp hàn ở Đầm Hà không", "flow:course", dialog.Values{"trade": dialog.Text("han"), "place": dialog.Text("dam-ha")}},
		{"tien yen co lop nau an nao khai giang chua", "flow:course", dialog.Values{"trade": dialog.Text("nau-an"), "place": dialog.Text("tien-yen")}},
		{"bao giờ mở lớp may ở Ba Chẽ ạ", "flow:course", dialog.Values{"trade": dialog.Text("may-cong-nghiep"), "place": dialog.Text("ba-che")}},
		{"có lớp nào dạy may ở ba chẽ không", "flow:course", dialog.Values{"trade": dialog.Text("may-cong-nghiep"), "place": dialog.Text("ba-che")}},
		{"ở đầm hà có dạy pha chế không", "flow:course", dialog.Values{"trade": dialog.Text("pha-che"), "place": dialog.Text("dam-ha")}},
		// A former town is all its units; where the very commune counts, it is asked for.
		{"ở móng cái có lớp nào không", "flow:course", dialog.Values{"place": dialog.List("mong-cai-1", "mong-cai-2", "mong-cai-3", "hai-ninh", "hai-son", "vinh-thuc")}},
		{"tính tiền hỗ trợ, em ở móng cái", "flow:support", nil},
		{"học lái xe hạng C", "flow:trade", dialog.Values{"trade": dialog.Text("lai-xe-tai")}},
		{"học nghề", "flow:trade-quiz", nil},
		{"muon di hoc nghe", "flow:trade-quiz", nil},
		{"tính tiền hỗ trợ, em ở Ba Chẽ", "flow:support", dialog.Values{"place": dialog.Text("ba-che")}},
	} {
		m := reader().Meaning(c.text)
		if m.Outcome != dialog.Answer || m.Target != c.target || !maps.EqualFunc(m.Slots, c.slots, dialog.Value.Equal) {
			t.Errorf("%q: %s %q %v, want %q %v", c.text, m.Outcome, m.Target, m.Slots, c.target, c.slots)
		}
		for _, x := range m.Candidates {
			if strings.HasPrefix(x.Topic, "flow:") {
				t.Errorf("%q: the journey %s is among the topics", c.text, x.Topic)
			}
		}
	}
	// What asks for money, a class or help is not a question what a trade is.
	for _, text := range []string{"học may được hỗ trợ bao nhiêu tiền", "lương thợ hàn bao nhiêu", "lớp may có mất tiền không", "vay tiền nuôi tôm", "chồng đánh em khi đi nuôi hàu về"} {
		if m := reader().Meaning(text); m.Target == "flow:trade" || m.Target == "flow:compare" || m.Target == "flow:course" {
			t.Errorf("%q begins %s", text, m.Target)
		}
	}
}

func TestCommand(t *testing.T) {
	for text, want := range map[string]dialog.Command{
		"quay lại": dialog.Back, "quay lai nhé": dialog.Back, "cho em quay lại": dialog.Back,
		"bắt đầu lại": dialog.Restart, "menu": dialog.Restart, "/start": dialog.Restart,
		"trợ giúp": dialog.Help, "em không hiểu": dialog.Help, "bỏ qua": dialog.Skip, "ko biết": dialog.Skip, "e k biet": dialog.Skip,
		"gặp người": dialog.Human, "cho tôi gặp người thật": dialog.Human, "dừng": dialog.Stop, "DUNG": dialog.Stop,
		"thông tin của tôi": dialog.MyData, "xoá dữ liệu của tôi": dialog.Erase, "xóa hết thông tin của tôi đi": dialog.Erase,
		"hỏi cho tôi": dialog.ForSelf, "hỏi cho người khác": dialog.ForOther, "hỏi cho con trai tôi": dialog.ForOther,
		"cảm ơn": dialog.Thanks, "cám ơn em nhé": dialog.Thanks, "chào em": dialog.Greeting, "alo": dialog.Greeting, "tiếp tục": dialog.Resume,
		"": dialog.NoCommand, "không": dialog.NoCommand, "có": dialog.Nod, "👍": dialog.Nod, "👌👌": dialog.Nod, "❤️": dialog.Nod, "Vâng ạ": dialog.Nod, "ok em": dialog.Nod, "😡": dialog.NoCommand, "Ba Chẽ": dialog.NoCommand,
		"hỏi cho con trai tôi được hỗ trợ bao nhiêu":           dialog.NoCommand,
		"em không biết chọn nghề gì cho hợp với mình cả anh ạ": dialog.NoCommand,
	} {
		if got := reader().Command(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestCorrection(t *testing.T) {
	for _, c := range []struct {
		text, rest string
		ok         bool
	}{
		{"không, em ở Tiên Yên", "em ở Tiên Yên", true},
		{"nhầm, 45 ngày", "45 ngày", true},
		{"à nhầm rồi, nhà em hộ cận nghèo", "nhà em hộ cận nghèo", true},
		{"em nói nhầm, ở Ba Chẽ", "ở Ba Chẽ", true},
		{"sua lai 30 ngay", "30 ngay", true},
		{"ý em là ở Cô Tô", "ở cô tô", true},
		{"không", "", false},
		{"không có ạ", "", false},
		{"nhầm", "", false},
		{"em làm ruộng, đi biển", "", false},
	} {
		if rest, ok := reader().Correction(c.text); rest != c.rest || ok != c.ok {
			t.Errorf("%q: %q %v, want %q %v", c.text, rest, ok, c.rest, c.ok)
		}
	}
}

func TestWhoSpeaksAndForWhom(t *testing.T) {
	for text, want := range map[string]string{
		"chị muốn hỏi về lớp may": "chị", "Chào em, bác ở Ba Chẽ làm ruộng": "bác", "cho bác hỏi": "bác", "cháu học lớp 9": "em", "bà hỏi cho cháu": "bác", "tôi muốn học": "", "học nghề gì": "",
	} {
		if got := reader().Address(text); got != want {
			t.Errorf("address of %q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"hỏi cho con trai": "con trai", "tính giúp cho vợ em được bao nhiêu": "vợ", "chồng em muốn học lái máy xúc": "chồng",
		"con gai toi muon hoc may": "con gái", "hỏi cho cháu với": "", "em muốn học nghề": "", "chồng em muốn vay vốn, em muốn học may": "",
		"con trâu nhà em": "", "nhờ tính hộ em": "",
	} {
		if got := reader().Other(text); got != want {
			t.Errorf("for whom %q: %q, want %q", text, got, want)
		}
	}
}

// Whatever bytes come, every reading ends, gives what exists, and says the
// same again.
func TestAnyTextIsRead(t *testing.T) {
	lib := content.MustBuiltin()
	words := []string{"học", "nghề", "vay", "ba", "chẽ", "không", ",", "1,5", "triệu", "\x00", "\xed\xa0\x80", "\u202e", "😂", "<b>", "*", "hoc", "đánh", "muốn", "chết", "?", "\n", "-9", "99999999999999999999"}
	options := []dialog.Option{{Label: "Có", Value: "yes"}, {Label: "Không", Value: "no"}, {Label: "Hộ nghèo", Also: []string{"nghèo", ""}}, {}}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(words), rapid.String()), 0, 30).Draw(t, "words"), " ")
		m := reader().Meaning(text)
		if again := reader().Meaning(text); again.Outcome != m.Outcome || again.Target != m.Target || !slices.Equal(again.Candidates, m.Candidates) {
			t.Fatalf("%q is read differently the second time", text)
		}
		if m.Outcome == dialog.Answer && !strings.HasPrefix(m.Target, "flow:") && lib.Topic(m.Target) == nil {
			t.Fatalf("%q: no topic %q", text, m.Target)
		}
		if len(m.Candidates) < 3 { // of anything at all: who reads along sees what was nearest
			t.Fatalf("%q: only %d candidates", text, len(m.Candidates))
		}
		for _, c := range m.Candidates {
			if lib.Topic(c.Topic) == nil || c.Score < 0 || c.Score > 1 {
				t.Fatalf("%q: candidate %v", text, c)
			}
		}
		picks, fit := reader().Options(text, options, rapid.Bool().Draw(t, "several"))
		if (fit == dialog.None) != (len(picks) == 0) {
			t.Fatalf("%q: fit %d with %v", text, fit, picks)
		}
		ids, _, _ := reader().Place(text)
		for _, id := range ids {
			if lib.Place(id) == nil {
				t.Fatalf("%q: no place %q", text, id)
			}
		}
		reader().Command(text)
		reader().Correction(text)
		reader().Address(text)
		reader().Other(text)
	})
}

func BenchmarkMeaning(b *testing.B) {
	r := reader()
	for b.Loop() {
		r.Meaning("nha em o Ba Che, di hoc nghe thi duoc ho tro tien an ko a")
	}
}

func BenchmarkNew(b *testing.B) {
	lib := content.MustBuiltin()
	for b.Loop() {
		understand.New(lib)
	}
}

// What staff say begins their flow only as it stands.
func TestStaffWords(t *testing.T) {
	r := understand.New(content.MustBuiltin())
	for text, want := range map[string]string{
		"báo lớp mới": "flow:announce", "bao lop moi": "flow:announce", "soạn tin báo lớp mới": "flow:announce", "/duyet": "flow:approve",
		"tạm dừng tin": "flow:pause", "tin đã gửi tới đâu rồi": "flow:sent", "gui tiep tin": "flow:go-on",
	} {
		if m := r.Meaning(text); m.Target != want || m.Outcome != dialog.Answer {
			t.Errorf("%q: %s %s", text, m.Outcome, m.Target)
		}
	}
	for _, text := range []string{"báo lớp mới cho em nhé", "báo lớp mới cho tôi với", "khi nào có lớp mới thì báo", "dừng tin", "lớp mới"} {
		switch m := r.Meaning(text); m.Target {
		case "flow:announce", "flow:approve", "flow:pause", "flow:sent", "flow:go-on":
			t.Errorf("%q begins %s", text, m.Target)
		}
	}
}
