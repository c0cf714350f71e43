package counsel

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"nghe/dialog"
	"nghe/handoff"
	"nghe/staff"
	"nghe/viet"
)

// desk gives what they are about, to tell of it.
func (c *Chats) desk(j *job) (*Desk, error) {
	d := &Desk{}
	body, _, err := c.Records.CounselChat(j.ctx, j.by.Login)
	if err != nil || body == nil {
		return d, err
	}
	return d, json.Unmarshal(body, d)
}

// answering says whom they answer: it stands under whatever could be mistaken.
func (d *Desk) answering(held []handoff.Case) string {
	c := byID(held, d.Current)
	switch {
	case c == nil:
		return "Chưa chọn ca: tin sau bot hỏi lại gửi cho ai."
	case !d.Sure:
		return "Đang trả lời " + c.Title() + "; tin sau bot hỏi lại cho chắc."
	}
	return "Đang trả lời " + c.Title() + "."
}

// list shows the cases in their hand, or says which one they answer now.
func (c *Chats) list(j *job, a Act) (string, []dialog.Option, error) {
	held, err := c.held(j.ctx, j.by.Login)
	if err != nil {
		return "", nil, err
	}
	if a.Case != "" {
		x := byID(held, a.Case)
		if x == nil {
			return notYours, nil, nil
		}
		return "Đang trả lời " + x.Title() + ": " + c.about(x), nil, nil
	}
	counts, err := c.Cases.Count(j.ctx, handoff.Query{States: []handoff.State{handoff.Waiting}}, j.by)
	if err != nil {
		return "", nil, err
	}
	waiting := fmt.Sprintf("Trong hàng còn %d ca chờ.", counts[handoff.Waiting])
	if len(held) == 0 {
		return "Anh/chị không giữ ca nào. " + waiting, nil, nil
	}
	d, err := c.desk(j)
	if err != nil {
		return "", nil, err
	}
	lines, options := c.lines(held, d.Current, j.now)
	return "Các ca anh/chị đang giữ:\n" + lines + "\n" + d.answering(held) + " " + waiting, options, nil
}

// lines tell cases, one a line, with a button to answer each.
func (c *Chats) lines(held []handoff.Case, current string, now time.Time) (string, []dialog.Option) {
	var lines []string
	var options []dialog.Option
	for i := range held {
		x := &held[i]
		line := "• " + x.Title() + ": " + c.about(x)
		if x.ID == current {
			line += " (đang trả lời)"
		}
		if ends, ok := c.Cases.WindowEnds(x); ok {
			line += ", Zalo nhắn được tới " + c.clock(ends, now)
		}
		lines = append(lines, line)
		options = append(options, button("Trả lời "+x.Title(), cmdList, x.Number))
	}
	return strings.Join(lines, "\n"), options
}

// about tells a case in a few words.
func (c *Chats) about(x *handoff.Case) string {
	text := c.kind(x)
	if x.Summary.Wish != "" {
		text += ", “" + short(x.Summary.Wish) + "”"
	}
	return text
}

// kind tells whose a case is, and of where.
func (c *Chats) kind(x *handoff.Case) string {
	text := c.Cases.QueueOf(x).Title
	if x.Urgent {
		text = "GẤP, " + text
	}
	if p := c.Cases.Library().Place(x.Place); p != nil {
		text += ", " + p.Name
	}
	return text
}

// take claims a case and tells what is known of it.
func (c *Chats) take(j *job, a Act) (string, []dialog.Option, change, error) {
	x, err := c.Cases.Get(j.ctx, strconv.Itoa(a.Number), j.by)
	if err != nil {
		return "", nil, nil, err
	}
	if x.Contact == j.contact {
		return "Ca này là của chính chat này, anh/chị để người khác nhận giúp.", nil, nil, nil
	}
	if x, err = c.Cases.Claim(j.ctx, x.ID, j.by, j.now); err != nil {
		return "", nil, nil, err
	}
	text, n, files, err := c.summary(j, x)
	if err != nil {
		return "", nil, nil, err
	}
	return "Ca " + x.Title() + " là của anh/chị, bot đã im lặng. Đang trả lời " + x.Title() + ": gõ chữ là gửi cho người dân.\n" + text, nil, func(d *Desk) {
		d.knows(x, n)
		d.owes(files)
		d.choose(x.ID, j.now)
	}, nil
}

// With a summary so many of the person's last words are told, and so many of what
// they sent that is no words is shown after it.
const (
	lately    = 3
	mostFiles = 10
)

// summary tells what is known of a case and what the person said last, how far
// that is, and which messages since it waits have something to be seen or heard.
func (c *Chats) summary(j *job, x *handoff.Case) (text string, n int, files []string, err error) {
	x, said, err := c.Cases.Read(j.ctx, x.ID, j.by, j.now)
	if err != nil {
		return "", 0, nil, err
	}
	lines := append([]string{c.kind(x)}, x.Summary.Lines()...)
	var last []string
	for _, m := range slices.Backward(said) {
		n = max(n, m.N)
		if m.At.Before(x.OpenedAt) {
			break
		}
		if m.From == handoff.FromPerson && m.Media != nil && m.Media.Ref != "" && len(files) < mostFiles {
			files = append(files, m.ID)
		}
		if text := c.line(&m); text != "" && m.From == handoff.FromPerson && len(last) < lately {
			last = append(last, text)
		}
	}
	if slices.Reverse(last); len(last) > 0 {
		lines = append(lines, "Từ khi chờ, người dân nói: "+strings.Join(last, " / "))
	}
	return strings.Join(lines, "\n"), n, files, nil
}

// close closes a case, or asks what came of it.
func (c *Chats) close(j *job, a Act) (string, []dialog.Option, change, error) {
	x, err := c.Cases.Get(j.ctx, a.Case, j.by)
	if err != nil {
		return "", nil, nil, err
	}
	outcome, note, ok := outcomeOf(a.Text)
	if !ok {
		var options []dialog.Option
		for _, o := range handoff.Outcomes {
			options = append(options, option(o.Label(), tap(cmdClose, strconv.Itoa(x.Number), string(o))))
		}
		return "Ca " + x.Title() + " (" + c.about(x) + "): kết quả thế nào? Chưa xong thì cứ gõ tiếp.", options, nil, nil
	}
	if outcome == handoff.Referred && note == "" {
		return "Chuyển người dân tới đâu? Anh/chị gõ, ví dụ: /xong " + x.Title() + " chuyển UBND xã Ba Chẽ", nil, nil, nil
	}
	if _, err := c.Cases.Close(j.ctx, a.Case, j.by, outcome, note, j.now); err != nil {
		return "", nil, nil, err
	}
	return c.left(j, "Đã đóng ca "+x.Title()+": "+outcome.Label()+". Bot đã cảm ơn và nói tiếp với người dân.", x.ID)
}

// back gives a case back to its queue.
func (c *Chats) back(j *job, a Act) (string, []dialog.Option, change, error) {
	x, err := c.Cases.Release(j.ctx, a.Case, j.by, j.now)
	if err != nil {
		return "", nil, nil, err
	}
	return c.left(j, "Đã trả ca "+x.Title()+" về hàng, người dân đã được báo.", x.ID)
}

// left tells what is still in their hand after a case went.
func (c *Chats) left(j *job, text, id string) (string, []dialog.Option, change, error) {
	held, err := c.held(j.ctx, j.by.Login)
	if err != nil {
		return "", nil, nil, err
	}
	held = slices.DeleteFunc(held, func(x handoff.Case) bool { return x.ID == id })
	then := func(d *Desk) { d.leaves(id) }
	if len(held) == 0 {
		return text + " Anh/chị không giữ ca nào nữa.", nil, then, nil
	}
	lines, options := c.lines(held, "", j.now)
	return text + "\nCòn giữ:\n" + lines, options, then, nil
}

// move hands a case on: “/chuyen loans người dân hỏi vay” or “/chuyen minh …”.
func (c *Chats) move(j *job, a Act) (string, []dialog.Option, change, error) {
	x, err := c.Cases.Get(j.ctx, a.Case, j.by)
	if err != nil {
		return "", nil, nil, err
	}
	on, err := c.Cases.OnDuty(j.ctx, j.now)
	if err != nil {
		return "", nil, nil, err
	}
	on = slices.DeleteFunc(on, func(o handoff.OnDuty) bool { return o.Login == j.by.Login || !o.Reachable() })
	to, note, name := c.direction(a.Text, on)
	if name == "" {
		text, options := c.directions(x, on)
		return text, options, nil, nil
	}
	if note == "" {
		note = "Chuyển từ điện thoại; xem cuộc nói chuyện."
	}
	if _, err := c.Cases.Transfer(j.ctx, x.ID, j.by, to, note, j.now); err != nil {
		return "", nil, nil, err
	}
	return c.left(j, "Đã chuyển ca "+x.Title()+" cho "+name+".", x.ID)
}

// direction reads where a case goes: the title of a queue, its id, or the login
// of somebody on duty; then the note.
func (c *Chats) direction(text string, on []handoff.OnDuty) (to handoff.Transfer, note, name string) {
	folded := viet.Fold(text)
	follows := func(word string) (string, bool) {
		word = viet.Fold(word)
		rest, ok := strings.CutPrefix(folded, word)
		return afterWords(text, len(strings.Fields(word))), ok && word != "" && (rest == "" || strings.ContainsAny(rest[:1], " :,"))
	}
	for _, o := range on {
		for _, word := range []string{o.Member.Name, o.Login} {
			if note, ok := follows(word); ok {
				m := o.Member
				return handoff.Transfer{Member: &m}, note, m.Name
			}
		}
	}
	for _, q := range c.Cases.Library().Queues {
		for _, word := range []string{q.Title, q.ID} {
			if note, ok := follows(word); ok {
				return handoff.Transfer{Queue: q.ID}, note, "hàng " + q.Title
			}
		}
	}
	return to, "", ""
}

// directions shows where a case may go.
func (c *Chats) directions(x *handoff.Case, on []handoff.OnDuty) (string, []dialog.Option) {
	var options []dialog.Option
	number := strconv.Itoa(x.Number)
	for _, o := range on {
		if staff.Allowed(o.Member, staff.TakeCases, x.Where()) == nil && len(tap(cmdMove, number, o.Login)) <= maxTap {
			options = append(options, option(o.Member.Name, tap(cmdMove, number, o.Login)))
		}
	}
	for _, q := range c.Cases.Library().Queues {
		if q.ID != x.Queue {
			options = append(options, option("Hàng "+q.Title, tap(cmdMove, number, q.ID)))
		}
	}
	return "Chuyển ca " + x.Title() + " cho ai? Bấm một nút, hoặc gõ kèm lời dặn, ví dụ: /chuyen " + x.Title() + " vay vốn: người dân hỏi thủ tục vay", options
}

const maxTap = 64 // bytes, as dialog.Option promises

func (c *Chats) note(j *job, a Act) (string, error) {
	if a.Text == "" {
		return "Anh/chị gõ điều cần ghi sau lệnh, ví dụ: /ghichu người dân hẹn gọi lại chiều nay", nil
	}
	x, err := c.Cases.Get(j.ctx, a.Case, j.by)
	if err != nil {
		return "", err
	}
	if _, err := c.Cases.Note(j.ctx, a.Case, j.by, a.Text, a.Key, j.now); err != nil {
		return "", err
	}
	return "Đã ghi vào ca " + x.Title() + ". Người dân không thấy ghi chú.", nil
}

// canned shows the answers that fit a case, or sends one of them.
func (c *Chats) canned(j *job, a Act) (string, []dialog.Option, error) {
	x, err := c.Cases.Get(j.ctx, a.Case, j.by)
	if err != nil {
		return "", nil, err
	}
	all, err := c.Cases.AllCanned(j.ctx, x, j.by, "")
	if err != nil {
		return "", nil, err
	}
	if len(all) == 0 {
		return "Chưa có câu soạn sẵn nào cho ca này.", nil, nil
	}
	if n, err := strconv.Atoi(a.Text); err == nil && n >= 1 && n <= len(all) {
		a.Text = all[n-1].Text
		text, err := c.say(j, a)
		if text == "" && err == nil {
			text = "Đã gửi cho " + x.Title() + ": “" + short(a.Text) + "”"
		}
		return text, nil, err
	}
	var lines []string
	var options []dialog.Option
	for i, k := range all {
		lines = append(lines, fmt.Sprintf("%d. %s: “%s”", i+1, k.Title, short(k.Text)))
		options = append(options, option(fmt.Sprintf("Câu %d cho %s", i+1, x.Title()), tap(cmdCanned, strconv.Itoa(x.Number), strconv.Itoa(i+1))))
	}
	return "Câu soạn sẵn cho ca " + x.Title() + ":\n" + strings.Join(lines, "\n") + "\nLưu câu riêng: /luumau tên: lời; xoá: /xoamau tên.", options, nil
}

// keepCanned keeps an answer of one's own: “/luumau hẹn gọi: Chiều nay tôi gọi {name}”.
func (c *Chats) keepCanned(j *job, a Act) (string, error) {
	title, text, ok := strings.Cut(a.Text, ":")
	if !ok || strings.TrimSpace(text) == "" {
		return "Anh/chị gõ tên, dấu hai chấm, rồi lời, ví dụ: /luumau hẹn gọi: Chiều nay tôi gọi lại cho {name} nhé. Chỗ {name}, {me}, {number}, {hours}, {place} được điền khi gửi.", nil
	}
	if err := c.Cases.KeepCanned(j.ctx, j.by, title, text, j.now); err != nil {
		return "", err
	}
	return "Đã lưu câu mẫu riêng “" + strings.TrimSpace(title) + "”. Gõ /mau khi đang giữ ca để gửi.", nil
}

// dropCanned removes one, or tells which there are.
func (c *Chats) dropCanned(j *job, a Act) (string, error) {
	own, err := c.Cases.OwnCanned(j.ctx, j.by)
	if err != nil {
		return "", err
	}
	there := false
	if a.Text != "" {
		if there, err = c.Cases.DropCanned(j.ctx, j.by, a.Text); err != nil {
			return "", err
		}
	}
	if there {
		return "Đã xoá câu mẫu riêng “" + a.Text + "”.", nil
	}
	names := make([]string, len(own))
	for i, x := range own {
		names[i] = "“" + x.Title + "”"
	}
	if len(names) == 0 {
		return "Anh/chị chưa có câu mẫu riêng nào. Lưu bằng /luumau tên: lời.", nil
	}
	return "Xoá câu nào? Gõ /xoamau và tên. Câu riêng đang có: " + strings.Join(names, ", ") + ".", nil
}

// clock tells a time: “17:00”, with the day when it is another one.
func (c *Chats) clock(t, now time.Time) string {
	t, now = t.In(c.Zone), now.In(c.Zone)
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("15:04 ngày 2/1")
}
