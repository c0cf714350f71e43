package counsel

import (
	"slices"
	"strings"
	"time"

	"nghe/bot"
	"nghe/handoff"
)

// Act is what a turn does. It holds all that it needs: it may be done again.
type Act struct {
	Do     string `json:"do"`
	Number int    `json:"number,omitempty"` // of the case, as it was named
	Case   string `json:"case,omitempty"`   // or its id
	Text   string `json:"text,omitempty"`
	Key    string `json:"key,omitempty"`  // of a word: the turn that said it
	Word   int    `json:"word,omitempty"` // that waits
	// Media is what is sent in the place of Text, or with it as its caption.
	Media *bot.Media `json:"media,omitempty"`
}

// What may be done besides the commands.
const (
	doEngine = "engine" // it is a talk with the bot
	doSay    = "say"
	doAsk    = "ask"  // for whom is it?
	doTell   = "tell" // Text is said to the counsellor
	doWhich  = "which"
)

// plan says what is to be done, and notes what follows from it for the words
// that come next. It reads nothing but what it is given.
func (d *Desk) plan(m meant, held []handoff.Case, turn string, now time.Time) Act {
	switch {
	case m.other:
		return Act{Do: doEngine}
	case m.do == "":
		return d.planWord(m, held, turn, now)
	case m.do == tapSend:
		return d.planSend(m, held, now)
	case m.do == tapDrop:
		return d.planDrop(m)
	case m.do == cmdList && m.number != 0:
		return d.planSwitch(m, held, now)
	case m.do == cmdList || m.do == cmdOn || m.do == cmdOff || m.do == cmdHelp:
		d.doubtOf(held)
		return Act{Do: m.do}
	case m.do == cmdKeep || m.do == cmdForget:
		return Act{Do: m.do, Text: m.rest}
	case m.do == tapTake || m.do == tapPass:
		return Act{Do: m.do, Number: m.number}
	}
	return d.planOf(m, held, turn)
}

// doubtOf takes certainty away where there is a choice: lists show several cases.
func (d *Desk) doubtOf(held []handoff.Case) {
	if len(held) > 1 {
		d.doubt()
	}
}

// planWord says where something goes that was just typed.
func (d *Desk) planWord(m meant, held []handoff.Case, turn string, now time.Time) Act {
	switch {
	case m.number != 0:
		c := byNumber(held, m.number)
		switch {
		case c == nil && len(held) == 0 && d.Current == "":
			return Act{Do: doEngine}
		case c == nil:
			d.doubt()
			return Act{Do: doTell, Number: m.number, Text: notYours}
		case m.media == nil && m.rest == "":
			return d.planSwitch(m, held, now)
		}
		// Whom the next word is for is open, unless it is the same.
		if c.ID != d.Current {
			d.doubt()
		}
		return Act{Do: doSay, Case: c.ID, Text: m.rest, Media: m.media, Key: turn}
	case len(held) == 0 && d.Current == "":
		return Act{Do: doEngine}
	case len(held) == 0:
		d.leaves(d.Current)
		return Act{Do: doTell, Text: noCases}
	case d.Sure && d.Current != "" && !m.quotes:
		return Act{Do: doSay, Case: d.Current, Text: m.rest, Media: m.media, Key: turn}
	}
	w := d.hold(m, turn, now)
	return Act{Do: doAsk, Word: w.N, Text: w.Text, Media: w.Media}
}

// planSend sends a word that waited: once.
func (d *Desk) planSend(m meant, held []handoff.Case, now time.Time) Act {
	w, c := d.word(m.word), byNumber(held, m.number)
	switch {
	case w == nil:
		return Act{Do: doTell, Text: tooLate}
	case w.To == nowhere:
		return Act{Do: doTell, Text: wasDropped}
	case w.To != "":
		return Act{Do: doTell, Text: "Tin này đã gửi cho " + w.To + " rồi."}
	case c == nil:
		return Act{Do: doTell, Number: m.number, Text: notYours}
	}
	w.To = c.Title()
	d.choose(c.ID, now)
	if !d.quietSince(w.Shown, c.ID) {
		d.doubt() // another one spoke meanwhile: is the next word for them?
	}
	return Act{Do: doSay, Case: c.ID, Text: w.Text, Media: w.Media, Key: w.Turn}
}

func (d *Desk) planDrop(m meant) Act {
	w := d.word(m.word)
	switch {
	case w == nil:
		return Act{Do: doTell, Text: tooLate}
	case w.To == nowhere:
		return Act{Do: doTell, Text: wasDropped}
	case w.To != "":
		return Act{Do: doTell, Text: "Tin này đã gửi cho " + w.To + " rồi, không rút lại được."}
	}
	w.To = nowhere
	return Act{Do: doTell, Text: wasDropped}
}

// planSwitch has them answer a case that they name.
func (d *Desk) planSwitch(m meant, held []handoff.Case, now time.Time) Act {
	c := byNumber(held, m.number)
	if c == nil {
		return Act{Do: doTell, Number: m.number, Text: notYours}
	}
	d.choose(c.ID, now)
	return Act{Do: cmdList, Case: c.ID}
}

// planOf is for what is done with a case: the one that is named, else the one
// that they answer when that is beyond doubt. Where it is not they are asked;
// what only shows something shows it of the only one.
func (d *Desk) planOf(m meant, held []handoff.Case, turn string) Act {
	act := Act{Do: m.do, Text: m.rest, Key: turn}
	named := byNumber(held, m.number)
	shows := m.do == cmdClose || m.do == cmdMove || m.do == cmdCanned
	switch {
	case m.number != 0 && named == nil:
		return Act{Do: doTell, Number: m.number, Text: notYours}
	case named != nil:
		act.Case = named.ID
	case len(held) == 0:
		return Act{Do: doTell, Text: noCases}
	case d.Sure && byID(held, d.Current) != nil:
		act.Case = d.Current
	case len(held) == 1 && shows:
		act.Case, act.Text = held[0].ID, ""
	default:
		d.doubt()
		return Act{Do: doWhich, Text: strings.TrimSpace(m.do + " " + m.rest)}
	}
	if act.Case != d.Current {
		d.doubt()
	}
	return act
}

func byNumber(held []handoff.Case, n int) *handoff.Case {
	i := slices.IndexFunc(held, func(c handoff.Case) bool { return n != 0 && c.Number == n })
	if i < 0 {
		return nil
	}
	return &held[i]
}

func byID(held []handoff.Case, id string) *handoff.Case {
	i := slices.IndexFunc(held, func(c handoff.Case) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &held[i]
}

// What counsellors are told.
const (
	notYours   = "Ca này không ở trong tay anh/chị, nên chưa gửi gì. Gõ /ca xem các ca đang giữ."
	noCases    = "Anh/chị không giữ ca nào lúc này, nên chưa gửi gì. Có ca mới, tin sẽ tới đây kèm nút Nhận."
	tooLate    = "Tin ấy chờ lâu quá nên không còn giữ. Anh/chị gõ lại giúp."
	wasDropped = "Tin ấy không gửi cho ai."
)
