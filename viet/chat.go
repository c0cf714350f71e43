package viet

import "strings"

// chat spells out what people shorten in messages. A value may be several
// words; with "|" between, the entry may stand for each, the likeliest first.
// Read on folded words; an entry that is also a common word by itself is not
// here.
var chat = map[string]string{
	// "ko co ai" -> "không có ai"
	"ko": "không", "k": "không", "kh": "không", "khg": "không", "hok": "không", "hong": "không", "hk": "không|hộ khẩu", "hông": "không", "kg": "không", "kgong": "không", "khog": "không", "khoong": "không", "kô": "không",
	"dc": "được", "đc": "được", "dk": "được|đăng ký|điều kiện", "đk": "đăng ký|điều kiện|được", "dky": "đăng ký", "đky": "đăng ký", "duoc": "được",
	"j": "gì", "gj": "gì", "z": "vậy", "zay": "vậy", "zậy": "vậy", "v": "vậy", "vạy": "vậy",
	"vs": "với", "ms": "mới", "ns": "nói", "lm": "làm", "ng": "người", "ngta": "người ta", "nhìu": "nhiều", "nhiu": "nhiêu",
	"bn": "bao nhiêu", "baonhieu": "bao nhiêu", "bnhiu": "bao nhiêu", "bnh": "bao nhiêu",
	"bh": "bây giờ", "bjo": "bây giờ", "h": "giờ",
	"ntn": "như thế nào", "tn": "như thế nào|tốt nghiệp|thất nghiệp|thanh niên", "mn": "mọi người", "ae": "anh em", "ad": "anh chị", "ac": "anh chị", "mk": "mình", "mik": "mình", "mjnh": "mình",
	"e": "em", "a": "anh", "c": "chị", "t": "tôi", "ck": "chồng", "vk": "vợ", "r": "rồi", "roi": "rồi", "ùi": "rồi", "nx": "nữa", "ok": "được", "oki": "được",
	"vc": "việc", "cv": "công việc|cho vay", "ld": "lao động", "lđ": "lao động", "nn": "nhà nước|nông nghiệp|nước ngoài", "hn": "học nghề|hộ nghèo|hà nội", "hv": "học viên", "hs": "hồ sơ|học sinh", "hsinh": "học sinh", "sv": "sinh viên", "hssv": "học sinh sinh viên",
	"nhcs": "ngân hàng chính sách", "nhcsxh": "ngân hàng chính sách", "csxh": "ngân hàng chính sách", "vbsp": "ngân hàng chính sách", "gqvl": "giải quyết việc làm",
	"xkld": "xuất khẩu lao động", "xklđ": "xuất khẩu lao động", "cccd": "căn cước", "cmnd": "căn cước", "cmt": "căn cước", "sdt": "số điện thoại", "sđt": "số điện thoại", "dt": "điện thoại|dân tộc|đào tạo", "đt": "điện thoại|đào tạo|dân tộc",
	"bd": "bộ đội|bắt đầu", "bđ": "bộ đội", "xn": "xuất ngũ", "cty": "công ty", "kcn": "khu công nghiệp", "dtts": "dân tộc thiểu số", "nkt": "người khuyết tật",
	"bhtn": "bảo hiểm thất nghiệp", "bhxh": "bảo hiểm xã hội", "tcxh": "trợ cấp xã hội", "ls": "lãi suất", "tk&vv": "tiết kiệm vay vốn", "htx": "hợp tác xã", "kn": "khởi nghiệp",
	"qn": "quảng ninh", "qninh": "quảng ninh", "hl": "hạ long", "mc": "móng cái", "cp": "cẩm phả", "ub": "uông bí", "bl": "bình liêu", "vđ": "vân đồn",
	"trg": "trường", "gvien": "giáo viên", "tt": "trung tâm|thông tin|thị trấn", "ttdvvl": "trung tâm dịch vụ việc làm", "gdnn": "giáo dục nghề nghiệp", "gdtx": "giáo dục thường xuyên", "tc": "trung cấp|trợ cấp", "cd": "cao đẳng", "cđ": "cao đẳng", "thcs": "cấp 2", "thpt": "cấp 3",
	"ubnd": "ủy ban", "cb": "cán bộ", "gto": "giấy tờ", "gtờ": "giấy tờ", "bít": "biết", "bit": "biết", "mún": "muốn", "mun": "muốn", "thik": "thích", "iu": "yêu",
	"ib": "nhắn", "onl": "online", "fb": "facebook", "kt": "khuyết tật|kỹ thuật|kinh tế", "ctr": "chương trình", "sk": "sức khỏe", "oto": "ô tô", "free": "miễn phí", "vh": "văn hóa", "cl": "công lập|chất lượng", "thág": "tháng", "thag": "tháng", "th": "tháng", "nghành": "ngành", "nghanh": "ngành", "ngề": "nghề", "nge": "nghề", "nghiep": "nghiệp",
	// Regional words: "mần răng" -> "làm sao".
	"mần": "làm", "răng": "sao", "mô": "đâu", "chi": "gì", "hổng": "không", "hỏng": "không", "chửa": "chưa", "giả": "trả", "nhể": "nhỉ", "rì": "gì", "dùm": "giúp", "tui": "tôi", "ni": "này", "nớ": "kia", "rứa": "thế", "giời": "trời", "nhớn": "lớn", "trăn": "chăn", "xửa": "sửa", "nàm": "làm", "lông": "nông", "lăm": "năm", "hỗchợ": "hỗ trợ",
	// "trc khi học cx k bik j" -> "trước khi học cũng không biết gì"
	"lp": "lớp", "bik": "biết", "bk": "biết", "bt": "biết", "kbt": "không biết", "hog": "không", "hem": "không", "hêm": "không", "lem": "làm", "seo": "sao", "trog": "trong", "wá": "quá", "wa": "quá", "wên": "quên",
	"mng": "mọi người", "cs": "có|chính sách|cơ sở", "cx": "cũng", "cug": "cũng", "cũg": "cũng", "nhg": "nhưng", "nhưg": "nhưng", "trc": "trước", "trk": "trước", "bthg": "bình thường", "bth": "bình thường", "lun": "luôn", "hum": "hôm", "đag": "đang", "dag": "đang",
	"bjh": "bây giờ", "bgio": "bao giờ", "bgiờ": "bao giờ", "dkí": "đăng ký", "đkí": "đăng ký", "dki": "đăng ký", "gd": "gia đình|giáo dục", "gđ": "gia đình", "vd": "ví dụ", "stk": "số tài khoản", "okê": "được",
	"hđ": "hợp đồng", "hđlđ": "hợp đồng lao động", "nlđ": "người lao động", "nld": "người lao động", "bhyt": "bảo hiểm y tế", "shk": "sổ hộ khẩu", "gplx": "bằng lái", "ktx": "ký túc xá", "ptth": "cấp 3", "hnghe": "học nghề", "hnghề": "học nghề",
	// "nhà nc có ht hp cho c3 k" -> "nhà nước có hỗ trợ học phí cho cấp 3 không"
	"c3": "cấp 3", "c2": "cấp 2", "nv": "nguyện vọng|nhân viên", "ts": "tuyển sinh|tài sản", "tv": "tư vấn", "lh": "liên hệ", "vl": "việc làm", "dn": "doanh nghiệp", "sx": "sản xuất", "kd": "kinh doanh", "cn": "công nhân|chăn nuôi|cận nghèo", "tb": "thương binh|thông báo|trung bình", "ht": "hỗ trợ|hình thức", "hp": "học phí", "gt": "giấy tờ|giới thiệu", "cc": "chứng chỉ|căn cước", "đh": "đại học", "nc": "nước|nói chuyện", "vv": "vay vốn", "xd": "xây dựng", "sc": "sửa chữa", "nh": "ngân hàng", "qđ": "quyết định", "ct": "chương trình|công ty", "tgian": "thời gian", "tg": "thời gian", "lg": "lương", "thui": "thôi", "thoy": "thôi", "tđ": "trình độ", "kv": "khu vực", "trl": "trả lời", "rep": "trả lời", "tnghiep": "tốt nghiệp", "hnghèo": "hộ nghèo",
	// i and y: "đăng kí" -> "đăng ký"
	"kí": "ký", "kĩ": "kỹ", "lí": "lý", "mĩ": "mỹ", "quí": "quý", "ki": "ký", "kỉ": "kỷ",
	// "bây chừ bầm nỏ biết" -> "bây giờ mẹ không biết"
	"chừ": "giờ", "bầm": "mẹ", "mệ": "mẹ", "nỏ": "không", "hắn": "nó", "mi": "mày", "tau": "tao", "dzậy": "vậy", "zị": "vậy", "vầy": "vậy", "hổm": "hôm", "đặng": "được", "ngó": "nhìn",
}

// spelled is chat with its values taken apart.
var spelled = func() map[string][]string {
	m := make(map[string][]string, len(chat))
	for k, v := range chat {
		m[k] = strings.Split(v, "|")
	}
	return m
}()

// foldedChat finds entries typed without diacritics, where they cannot be
// mistaken for another word.
var foldedChat = func() map[string][]string {
	m := map[string][]string{}
	for k, v := range spelled {
		if f := Fold(k); f == k {
			m[f] = v
		}
	}
	// Marked entries whose folded form is a different common word stay
	// marked only: "răng" (tooth), "mô", "lông", "lăm", "giả".
	for _, k := range []string{"đc", "đk", "sđt", "xklđ", "lđ", "cđ", "đky", "gtờ"} {
		if _, ok := m[Fold(k)]; !ok {
			m[Fold(k)] = spelled[k]
		}
	}
	return m
}()

// spelt gives what an abbreviation may stand for, the likeliest first.
func spelt(w Word) ([]string, bool) {
	full, short := spelled[w.Canon]
	if !short && !w.Marked() {
		full, short = foldedChat[w.Fold]
	}
	return full, short
}

// Abbreviation says whether a word is one of those that people shorten in
// messages, and reading spells out.
func Abbreviation(w Word) bool {
	_, short := spelt(w)
	return short
}

// begins gives the word that a typed word begins with, spelt out.
func begins(w Word) Word {
	if full, short := spelt(w); short {
		first, _, _ := strings.Cut(full[0], " ")
		return Word{first, Fold(first)}
	}
	return w
}
