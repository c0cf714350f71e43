package console

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"nghe/course"
	"nghe/staff"
)

// maxMoves is how many are moved at once; a page shows fewer.
const maxMoves = 500

// moveInterests moves wishes, one or many, to another state.
func (c *Console) moveInterests(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	to, why := course.State(f.Get("to")), strings.TrimSpace(f.Get("why"))
	query, err := listed(v, f)
	if err != nil {
		return err
	}
	again := func(field, text string) error {
		f.note(field, text)
		return c.interestList(v, f, c.again)
	}
	ids := f.Values["id"]
	wrong := wrongMarks(ids)
	switch {
	case wrong != "":
		return again("", wrong)
	case !slices.Contains(course.States, to):
		return again("to", "Anh/chị chọn chuyển sang tình trạng nào.")
	case to == course.Dropped && why == "":
		return again("why", "Anh/chị ghi vài chữ vì sao người đó thôi, để báo cáo biết vướng ở đâu.")
	case len([]rune(why)) > 200:
		return again("why", "Lý do dài quá 200 chữ, anh/chị ghi gọn lại.")
	}
	if to != course.Dropped {
		why = ""
	}
	all, err := c.marked(v, ids)
	if err != nil {
		return err
	}
	var moves []course.Move
	var entries []staff.Entry
	for _, i := range all {
		if i.State == to {
			continue
		}
		moves = append(moves, course.Move{ID: i.ID, From: i.State, To: to, Why: why})
		detail := stateWords[i.State] + " → " + stateWords[to]
		if why != "" {
			detail += ": " + why
		}
		entries = append(entries, c.entry(v, "interest.move", "interest:"+i.ID, detail))
	}
	if _, err := c.Records.MoveInterests(v.Context(), moves, c.Now(), entries...); err != nil {
		return err
	}
	return sendBack(v, f, query, all, "interest-move")
}

// listed reads what was looked for, which comes along with a form of the list,
// so that the same list is shown again.
func listed(v *visit, f Form) (url.Values, error) {
	query, err := url.ParseQuery(f.Get("query"))
	if err != nil {
		return nil, errForm
	}
	for name, values := range query {
		v.Request.Form[name] = values
	}
	return query, nil
}

// wrongMarks says what is wrong with those that were marked on the list; "" when
// nothing is.
func wrongMarks(ids []string) string {
	switch {
	case len(ids) == 0:
		return "Anh/chị đánh dấu ít nhất một người trước đã."
	case len(ids) > maxMoves:
		return fmt.Sprintf("Mỗi lần chuyển nhiều nhất %d người.", maxMoves)
	}
	return ""
}

// marked gives those that were marked, all of which the visitor may change.
func (c *Console) marked(v *visit, ids []string) ([]course.Interest, error) {
	all, err := c.Records.InterestsByID(v.Context(), ids)
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		if err := c.allowedInterest(v.me(), staff.EditInterests, i); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// sendBack sends on to where the form was: the page of one wish, or the list.
func sendBack(v *visit, f Form, query url.Values, all []course.Interest, done string) error {
	if f.Get("back") != "" && len(all) == 1 {
		return sendOn(v, "/console/interests/"+url.PathEscape(all[0].ID), done)
	}
	list := "/console/interests"
	if q := query.Encode(); q != "" {
		list += "?" + q
	}
	return sendOn(v, list, done)
}
