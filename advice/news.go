package advice

import (
	"strings"

	"nghe/dialog"
)

// news is the function that names what somebody is told of (news_now, of the
// list that an effect gave) and what they have chosen to be told of.
func (t talk) news(s dialog.Scope) (dialog.Values, error) {
	var now []string
	for _, item := range s.Value("news_list").List() {
		trade, place, _ := strings.Cut(item, "|")
		now = append(now, t.newsOf(trade, place))
	}
	if s.Value("reminded").Text() == "yes" {
		now = append(now, t.say("news.reminders"))
	}
	trade, place := s.Value("trade").Text(), ""
	if s.Value("news_what").Text() == "all" {
		trade = ""
	}
	if s.Value("news_where").Text() == "near" {
		place = s.Value("place").Text()
	}
	return dialog.Values{
		"news_now": dialog.Text(strings.Join(now, "; ")), "news_subject": dialog.Text(t.newsOf(trade, place)),
	}, nil
}

// bankDays stands for what is no trade: people.BankDays.
const bankDays = "bank-day"

// newsOf names classes of a trade near a place; "" are all, and anywhere.
func (t talk) newsOf(trade, place string) string {
	if p := t.lib.Place(place); p != nil && trade == bankDays {
		return t.say("news.bank", "{place}", lowerFirst(p.Name))
	}
	what := t.say("news.all")
	if x := t.lib.Trade(trade); x != nil {
		what = t.say("news.trade", "{trade}", lowerFirst(x.Label()))
	}
	if p := t.lib.Place(place); p != nil {
		return t.say("news.near", "{what}", what, "{place}", lowerFirst(p.Name))
	}
	return what
}
