package console

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"nghe/broadcast"
	"nghe/staff"
)

// changeRules puts others in their place.
func (c *Console) changeRules(v *visit) error {
	// They hold for everybody in the province.
	if err := staff.Allowed(v.me(), staff.EditRules, staff.Where{}); err != nil {
		return err
	}
	f, err := read(v)
	if err != nil {
		return err
	}
	was, err := c.Broadcasts.Records.Rules(v.Context())
	if err != nil {
		return err
	}
	rules := f.rules()
	var seen broadcast.Rules
	if err := json.Unmarshal([]byte(f.Get("seen")), &seen); err != nil {
		return errForm
	}
	if f.Bad() {
		return c.rulesPage(v, f, was, c.again)
	}
	changes := rulesChanges(was, rules)
	if changes == "" {
		return sendOn(v, "/console/rules", "rules")
	}
	won := false
	if seen == was {
		if won, err = c.Broadcasts.Records.EditRules(v.Context(), was, rules, c.entry(v, "rules.edit", "rules", changes)); err != nil {
			return err
		}
	}
	if won {
		return sendOn(v, "/console/rules", "rules")
	}
	// Somebody else was faster: what they changed is shown, and asked again.
	is, err := c.Broadcasts.Records.Rules(v.Context())
	if err != nil {
		return err
	}
	f.note("", "Lúc anh/chị đang sửa, có người khác vừa đổi quy định ("+or(rulesChanges(seen, is), "rồi đổi lại")+"). Các ô dưới đây vẫn như anh/chị ghi: xem lại, rồi lưu lần nữa nếu vẫn muốn thế.")
	f.Values.Set("seen", seenRules(is))
	return c.rulesPage(v, f, is, c.again)
}

// seenRules writes which rules somebody sees while they change them.
func seenRules(r broadcast.Rules) string {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // numbers and a yes or no: it can't
	}
	return string(text)
}

// rules reads the form, and notes everything that can't be taken.
func (f *Form) rules() broadcast.Rules {
	clock := func(field string) broadcast.Clocktime {
		t, err := broadcast.ParseClocktime(clocked(f.Get(field)))
		if err != nil {
			f.note(field, "Anh/chị ghi giờ và phút, ví dụ 07:00 hoặc 20:30.")
		}
		return t
	}
	number := func(field, example string) int {
		n, err := strconv.Atoi(f.Get(field))
		if err != nil {
			f.note(field, "Anh/chị ghi một số, ví dụ "+example+".")
		}
		return n
	}
	r := broadcast.Rules{
		DayBegins: clock("day_begins"), DayEnds: clock("day_ends"),
		PerWeek: number("per_week", "3"), ApproveAbove: number("approve_above", "200"), ZaloPaid: f.Has("zalo_paid", "yes"),
	}
	if err := r.Check(); err != nil && !f.Bad() {
		f.refuseSent(err, "day_begins", "day_ends", "per_week", "approve_above")
	}
	return r
}

// clocked brings a time of the day, as people write it, into form: “7h”, “20h30”,
// “7 giờ”.
func clocked(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(s)), "")
	s = strings.NewReplacer("giờ", ":", "h", ":", "g", ":", ".", ":").Replace(s)
	if strings.HasSuffix(s, ":") {
		s += "00"
	}
	return s
}

// rulesChanges tells what is different; "" when nothing is.
func rulesChanges(was, is broadcast.Rules) string {
	paid := func(r broadcast.Rules) string { return map[bool]string{true: "có", false: "không"}[r.ZaloPaid] }
	return changed(
		change{"giờ được gửi", fmt.Sprintf("%s đến %s", was.DayBegins, was.DayEnds), fmt.Sprintf("%s đến %s", is.DayBegins, is.DayEnds)},
		change{"mỗi người một tuần", fmt.Sprintf("%d tin", was.PerWeek), fmt.Sprintf("%d tin", is.PerWeek)},
		change{"phải duyệt khi quá", fmt.Sprintf("%d người", was.ApproveAbove), fmt.Sprintf("%d người", is.ApproveAbove)},
		change{"gửi cả khi Zalo tính tiền", paid(was), paid(is)},
	)
}
