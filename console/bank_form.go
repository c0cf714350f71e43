package console

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"nghe/scheduler/reminder"
)

// bankForm is the page on which the day of a commune is entered.
type bankForm struct {
	Form
	reminder.BankDay // zero: a new one
	Places           []option
}

// newBankDay shows an empty form; a commune may be given in the address.
func (c *Console) newBankDay(v *visit) error {
	place := v.FormValue("place")
	if place == "" {
		if all := v.me().Scope.Places; len(all) == 1 {
			place = all[0]
		}
	}
	f := Form{Values: map[string][]string{"place": {place}}}
	return c.bankPage(v, f, reminder.BankDay{}, c.page)
}

func (c *Console) bankPage(v *visit, f Form, b reminder.BankDay, show func(*visit, string, string, any) error) error {
	p := bankForm{Form: f, BankDay: b}
	for _, place := range c.bankPlaces(v.me()) {
		p.Places = append(p.Places, option{place.ID, place.Name})
	}
	title := "Thêm ngày giao dịch"
	if b.Place != "" {
		title = "Ngày giao dịch ở " + c.placeName(b.Place)
	}
	return show(v, "bankday", title, p)
}

// addBankDay keeps the day of a commune that had none.
func (c *Console) addBankDay(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	b := c.readBankDay(v, &f, f.Get("place"))
	switch {
	case c.Library().Place(b.Place) == nil:
		f.note("place", "Anh/chị chọn xã, phường.")
	case f.refuse(c.mayBank(v.me(), b.Place)):
	default:
		was, err := c.bankDay(v, b.Place)
		if err != nil {
			return err
		}
		if was != nil {
			f.note("place", "Xã này đã có ngày giao dịch: anh/chị mở nó ra mà sửa.")
		}
	}
	if f.Bad() {
		return c.bankPage(v, f, reminder.BankDay{}, c.again)
	}
	return c.putBankDay(v, b, c.placeName(b.Place)+": "+bankText(b))
}

// editBankDay shows the form of one that is known.
func (c *Console) editBankDay(v *visit) error {
	b, err := c.myBankDay(v)
	if err != nil {
		return err
	}
	return c.bankPage(v, Form{}, *b, c.page)
}

// changeBankDay puts another day in its place.
func (c *Console) changeBankDay(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	was, err := c.myBankDay(v)
	if err != nil {
		return err
	}
	b := c.readBankDay(v, &f, was.Place)
	if f.Bad() {
		return c.bankPage(v, f, *was, c.again)
	}
	changes := changed(change{"ngày", strconv.Itoa(was.Day), strconv.Itoa(b.Day)}, change{"giờ", was.Hours, b.Hours}, change{"nơi", was.Where, b.Where})
	if changes == "" {
		return sendOn(v, "/console/bank-days", "bank-day")
	}
	return c.putBankDay(v, b, c.placeName(b.Place)+": "+changes)
}

// dropBankDay makes it unknown again.
func (c *Console) dropBankDay(v *visit) error {
	b, err := c.myBankDay(v)
	if err != nil {
		return err
	}
	e := c.entry(v, "office.drop", "bank-day:"+b.Place, c.placeName(b.Place)+": "+bankText(*b))
	if _, err := c.Records.DropBankDay(v.Context(), b.Place, e); err != nil {
		return err
	}
	return sendOn(v, "/console/bank-days", "bank-day-drop")
}

func (c *Console) putBankDay(v *visit, b reminder.BankDay, detail string) error {
	if err := c.Records.PutBankDay(v.Context(), b, c.entry(v, "office.edit", "bank-day:"+b.Place, detail)); err != nil {
		return err
	}
	return sendOn(v, "/console/bank-days", "bank-day")
}

// myBankDay gives the day of the path, if its commune is one's own.
func (c *Console) myBankDay(v *visit) (*reminder.BankDay, error) {
	place := v.PathValue("id")
	if err := c.mayBank(v.me(), place); err != nil {
		return nil, err
	}
	b, err := c.bankDay(v, place)
	if err == nil && b == nil {
		err = errMissing
	}
	return b, err
}

// bankDay gives the day of a commune; nil when it is not known.
func (c *Console) bankDay(v *visit, place string) (*reminder.BankDay, error) {
	all, err := c.Records.BankDays(v.Context())
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, func(b reminder.BankDay) bool { return b.Place == place }); i >= 0 {
		return &all[i], nil
	}
	return nil, nil
}

const maxBankText = 120 // characters: it is said in a message

// readBankDay reads the form, and notes everything that can't be taken.
func (c *Console) readBankDay(v *visit, f *Form, place string) reminder.BankDay {
	day, err := strconv.Atoi(strings.TrimSpace(f.Get("day")))
	b := reminder.BankDay{
		Place: place, Day: day, Hours: strings.Join(strings.Fields(f.Get("hours")), " "), Where: strings.Join(strings.Fields(f.Get("where")), " "),
		By: v.me().Login, At: c.Now(),
	}
	if err != nil {
		f.note("day", "Anh/chị ghi một số từ 1 đến 28.")
	}
	for field, text := range map[string]string{"hours": b.Hours, "where": b.Where} {
		if utf8.RuneCountInString(text) > maxBankText || strings.ContainsAny(text, "{}") {
			f.note(field, fmt.Sprintf("Anh/chị ghi gọn trong %d chữ, không dùng dấu { }.", maxBankText))
		}
	}
	var wrong *reminder.WrongDay
	if err := b.Check(); errors.As(err, &wrong) {
		f.note(wrong.Field, sentence(wrong.Why))
	}
	return b
}

// bankText tells a day in a line.
func bankText(b reminder.BankDay) string {
	return fmt.Sprintf("ngày %d hằng tháng, %s, %s", b.Day, b.Hours, b.Where)
}
