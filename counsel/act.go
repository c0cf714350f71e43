package counsel

import (
	"fmt"
	"strconv"
	"strings"

	"nghe/bot"
	"nghe/dialog"
	"nghe/handoff"
)

// change is what follows from something that was done, for what comes next.
type change func(*Desk)

// act does what was decided, and gives what is said to the counsellor. What is
// not possible is said; an error is only that of a store.
func (c *Chats) act(j *job, a Act) ([]dialog.Message, change, error) {
	text, options, then, err := c.does(j, a)
	if why, ok := refused(err); ok {
		return say(why), nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", a.Do, err)
	}
	return say(text, options...), then, nil
}

func say(text string, options ...dialog.Option) []dialog.Message {
	if text == "" {
		return nil
	}
	return []dialog.Message{{Text: text, Options: options}}
}

func (c *Chats) does(j *job, a Act) (text string, options []dialog.Option, then change, err error) {
	switch a.Do {
	case doTell:
		return named(a), nil, nil, nil
	case cmdOn:
		return c.signOn(j)
	case cmdOff:
		return c.signOff(j)
	case cmdHelp:
		return help, nil, nil, nil
	case cmdKeep:
		text, err = c.keepCanned(j, a)
		return text, nil, nil, err
	case cmdForget:
		text, err = c.dropCanned(j, a)
		return text, nil, nil, err
	}
	on, err := c.onDuty(j)
	if err != nil || !on {
		return offDuty, nil, nil, err
	}
	switch a.Do {
	case doSay:
		text, err = c.say(j, a)
	case doAsk:
		text, options, err = c.ask(j, a)
	case doWhich:
		text, options, err = c.which(j, a)
	case cmdList:
		text, options, err = c.list(j, a)
	case tapTake:
		return c.take(j, a)
	case tapPass:
		_, err = c.Cases.Pass(j.ctx, strconv.Itoa(a.Number), j.by, j.now)
		text = fmt.Sprintf("Ca #%d để người khác. Cần thì anh/chị vẫn bấm Nhận được khi ca còn chờ.", a.Number)
	case cmdClose:
		return c.close(j, a)
	case cmdMove:
		return c.move(j, a)
	case cmdBack:
		return c.back(j, a)
	case cmdNote:
		text, err = c.note(j, a)
	case cmdCanned:
		text, options, err = c.canned(j, a)
	default:
		return "", nil, nil, fmt.Errorf("nobody knows how")
	}
	return text, options, nil, err
}

// named is what is told, with the case that it is about.
func named(a Act) string {
	if a.Number == 0 {
		return a.Text
	}
	return "Ca #" + strconv.Itoa(a.Number) + ": " + strings.ToLower(a.Text[:1]) + a.Text[1:]
}

// onDuty says whether they are on duty from this chat.
func (c *Chats) onDuty(j *job) (bool, error) {
	duties, err := c.Cases.Roster.Duties(j.ctx)
	if err != nil {
		return false, fmt.Errorf("read duty: %w", err)
	}
	for _, d := range duties {
		if d.Login == j.by.Login {
			return d.Contact == j.contact, nil
		}
	}
	return false, nil
}

func (c *Chats) signOn(j *job) (string, []dialog.Option, change, error) {
	duty, err := c.Cases.SignOn(j.ctx, j.by, j.contact, j.now)
	if err != nil {
		return "", nil, nil, err
	}
	text := "Anh/chị đang trực tới " + c.clock(duty.Until, j.now) + ". Có ca, tin sẽ tới đây kèm nút Nhận; nhận rồi thì gõ chữ như nhắn tin thường. Nghỉ thì gõ /nghi, cần lệnh khác thì gõ /lenh."
	held, err := c.held(j.ctx, j.by.Login)
	if err != nil || len(held) == 0 {
		return text, nil, nil, err
	}
	lines, options := c.lines(held, "", j.now)
	return text + "\nCác ca anh/chị đang giữ:\n" + lines, options, func(d *Desk) { d.doubt() }, nil
}

func (c *Chats) signOff(j *job) (string, []dialog.Option, change, error) {
	given, err := c.Cases.SignOff(j.ctx, j.by, j.now)
	if err != nil {
		return "", nil, nil, err
	}
	text := "Anh/chị đã nghỉ trực."
	if len(given) > 0 {
		names := make([]string, len(given))
		for i := range given {
			names[i] = given[i].Title()
		}
		text += " Ca " + strings.Join(names, ", ") + " về lại hàng, người dân đã được báo."
	}
	return text + " Trực lại thì gõ /truc.", nil, func(d *Desk) {
		for id := range d.Titles {
			d.leaves(id)
		}
		d.Current, d.Sure = "", false
	}, nil
}

// say sends a word to a case.
func (c *Chats) say(j *job, a Act) (string, error) {
	var err error
	if a.Media != nil {
		_, err = c.Cases.SayMedia(j.ctx, a.Case, j.by, *a.Media, j.contact.Channel, a.Text, a.Key, j.now)
	} else {
		_, err = c.Cases.Say(j.ctx, a.Case, j.by, a.Text, a.Key, j.now)
	}
	if err != nil {
		if why, ok := refused(err); ok {
			return why + " Tin chưa gửi.", nil
		}
		return "", err
	}
	held, err := c.held(j.ctx, j.by.Login)
	if err != nil || len(held) < 2 {
		return "", err // it is plain to whom it went
	}
	to := byID(held, a.Case)
	if to == nil {
		return "", nil
	}
	d, err := c.desk(j)
	if err != nil {
		return "", err
	}
	return "Đã gửi cho " + to.Title() + ". " + d.answering(held), nil
}

// ask asks for whom a word is.
func (c *Chats) ask(j *job, a Act) (string, []dialog.Option, error) {
	held, err := c.held(j.ctx, j.by.Login)
	if err != nil {
		return "", nil, err
	}
	var options []dialog.Option
	for _, x := range held {
		options = append(options, button("Gửi cho "+x.Title(), tapSend, a.Word, x.Number))
	}
	options = append(options, button("Không gửi", tapDrop, a.Word))
	return "Chưa gửi. Tin “" + wordOf(a.Media, a.Text) + "” gửi cho ai?", options, nil
}

// which asks what case a command is for.
func (c *Chats) which(j *job, a Act) (string, []dialog.Option, error) {
	held, err := c.held(j.ctx, j.by.Login)
	if err != nil {
		return "", nil, err
	}
	do, rest, _ := strings.Cut(a.Text, " ")
	if do == cmdNote {
		return "Ghi chú cho ca nào? Anh/chị gõ kèm số ca, ví dụ: /ghichu " + held1(held) + " " + short(rest), nil, nil
	}
	var options []dialog.Option
	for _, x := range held {
		o := button("Ca "+x.Title(), do, x.Number)
		if outcome, _, ok := outcomeOf(rest); ok && do == cmdClose && outcome != handoff.Referred {
			o = option("Ca "+x.Title(), tap(do, strconv.Itoa(x.Number), string(outcome)))
		}
		options = append(options, o)
	}
	return "Lệnh /" + do + " cho ca nào?", options, nil
}

func held1(held []handoff.Case) string {
	if len(held) == 0 {
		return "#12"
	}
	return held[0].Title()
}

func option(label, tap string) dialog.Option { return dialog.Option{Label: label, Tap: tap} }

func button(label, name string, numbers ...int) dialog.Option {
	args := make([]string, len(numbers))
	for i, n := range numbers {
		args[i] = strconv.Itoa(n)
	}
	return option(label, tap(name, args...))
}

// wordOf names something said: its words, or what it is.
func wordOf(m *bot.Media, text string) string {
	if m != nil {
		text = strings.TrimSpace("[" + handoff.MediaName(m) + "] " + text)
	}
	return short(text)
}

// short is the beginning of a text, for naming it.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	const most = 40
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return text
}

const (
	offDuty = "Anh/chị chưa trực từ chat này. Gõ /truc để nhận ca và trả lời ngay tại đây."
	help    = `Khi đang trực, anh/chị gõ chữ thường là gửi cho người dân của ca đang trả lời. Các lệnh:
/ca: các ca đang giữ; /ca 12: chuyển sang trả lời #12
/xong: đóng ca; /chuyen: chuyển ca; /tra: trả ca về hàng
/ghichu …: ghi cho đồng nghiệp, người dân không thấy
/mau: câu soạn sẵn; /mau 2: gửi câu số 2
/luumau tên: lời: lưu câu riêng; /xoamau tên: xoá câu riêng
ảnh, ghi âm, tệp (tới 10 MB) gửi ở đây là chuyển cho người dân
/truc: bắt đầu trực; /nghi: nghỉ trực
Trả lời (quote) một tin, hoặc gõ “#12 …”, là gửi cho đúng ca đó.`
)
