package dialog

import "time"

// Reader says what a text means. The engine asks it, package understand
// answers. Every method is pure: same text, same answer.
type Reader interface {
	// Options gives the indexes of the options that the text names, by
	// label, near-label or number ("2", "hai", "số 2"), best first.
	// For a single choice more than one index means "one of these, unclear
	// which"; with several it means all of them. Fit None comes with nil.
	Options(text string, options []Option, several bool) ([]int, Fit)
	// Number reads a plain number ("2", "hai mươi", "45 ngày").
	Number(text string) (int64, Fit)
	// Money reads a sum in đồng ("1,5 triệu" is 1500000).
	Money(text string) (int64, Fit)
	// Distance reads kilometres ("15 cây", "16 km"), rounded down.
	Distance(text string) (int64, Fit)
	// Months reads how long, in months ("36 tháng", "3 năm").
	Months(text string) (int64, Fit)
	// Age reads years of age at the time given ("35 tuổi", "sinh 85").
	Age(text string, at time.Time) (int64, Fit)
	// Date reads a day as "2006-01-02", or only "2006-01" or "2006".
	Date(text string, at time.Time) (string, Fit)
	// Place reads the ids of commune-level units, old and new names. More
	// than one id: the name may mean each of these. The label is what the
	// person called it, in proper spelling ("Xã Yên Than cũ").
	Place(text string) (ids []string, label string, fit Fit)
	// Trade reads the ids of trades. More than one: the name may mean each.
	Trade(text string) (ids []string, fit Fit)
	// Phone reads a phone number as 0XXXXXXXXX.
	Phone(text string) (string, Fit)
	// Command reads one of the words that work at any step.
	Command(text string) Command
	// Correction says whether the person takes something back ("không, em ở
	// Tiên Yên", "nhầm, 45 ngày") and gives what they say instead.
	Correction(text string) (rest string, ok bool)
	// Address says how the person is to be addressed when the text shows it
	// ("chị muốn hỏi" gives "chị"), else "".
	Address(text string) string
	// Other says for whom the person asks when it is clearly not themself
	// ("hỏi cho con trai" gives "con trai"), else "".
	Other(text string) string
	// Told gives what the person says of themself in passing: "e 52t o hai
	// ha" gives the age and the place. 0 and nil for nothing.
	Told(text string, at time.Time) (age int64, place []string)
	// Meaning ranks what a free text may want.
	Meaning(text string) Meaning
}

// Fit says how well a text fits a reading.
type Fit int

const (
	None  Fit = iota // nothing of the kind in it
	Part             // there, among other words
	Exact            // the text is that and little else
)

// Command is a word that works at any step.
type Command string

const (
	NoCommand Command = ""
	Back      Command = "back"      // "quay lại": the question before
	Restart   Command = "restart"   // "bắt đầu lại", "menu"
	Help      Command = "help"      // "trợ giúp", "không hiểu"
	Why       Command = "why"       // "hỏi để làm gì": what the question is for
	Skip      Command = "skip"      // "bỏ qua", "không biết"
	Human     Command = "human"     // "gặp người"
	Stop      Command = "stop"      // "dừng", "đừng gửi nữa": nothing is told unasked any more
	Quit      Command = "quit"      // "thoát", "kết thúc": leaves what is under way
	MyData    Command = "my-data"   // "thông tin của tôi"
	Erase     Command = "erase"     // "xoá dữ liệu của tôi"
	ForSelf   Command = "for-self"  // "hỏi cho tôi"
	ForOther  Command = "for-other" // "hỏi cho người khác"
	Thanks    Command = "thanks"    // "cảm ơn": a kind word, nothing asked
	Greeting  Command = "greeting"  // "chào em": nothing asked yet
	Resume    Command = "resume"    // "tiếp tục"
	Nod       Command = "nod"       // "vâng", "👍": heard, nothing asked
	Bot       Command = "bot"       // "gọi bot lại": no human is needed any more
)

// Outcome says what is to be done with a free text.
type Outcome string

const (
	Answer  Outcome = "answer"  // told outright
	Offer   Outcome = "offer"   // the nearest are offered
	Refuse  Outcome = "refuse"  // outside what this is for, or not understood
	Handoff Outcome = "handoff" // danger: the number to call and a human
)

// Meaning is what a free text may want.
type Meaning struct {
	Outcome Outcome
	// Target is what to do for Answer and Handoff: a topic id
	// ("support.meal"), a danger id, or "flow:support" when the person
	// clearly asks for a journey.
	Target string
	// Score of the first candidate, 0 to 1.
	Score float64
	// Candidates are topic ids, best first, whatever the outcome.
	Candidates []Candidate
	// OffTopic tells "outside what this is for" from "not understood".
	OffTopic bool
	// Slots are what the text answers already when it begins a journey ("có
	// lớp hàn ở Đầm Hà không": the trade and the place). Nil for nothing.
	Slots Values
	// Beside is an offer to put after those of the topic that answers: a trade
	// that the person would learn. "" = none.
	Beside string
	// Worry is the danger topic to tell when the text can't be answered: it may be
	// of somebody in danger, and is not surely so. "" = no reason to.
	Worry string
	// Question says that the text asks something ("bao nhiêu", "được
	// không", a question mark) and does not only state it.
	Question bool
}

// Candidate is one topic with its score, 0 to 1.
type Candidate struct {
	Topic string  `json:"topic"`
	Score float64 `json:"score"`
}
