package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/people"
)

// telegramFirst is above every number that Telegram gives to a person.
const telegramFirst = 1 << 51

// People invents the people with the numbers from, …, to-1, who can be reached
// on a channel, with a wish each: for one of the courses, or for a trade where
// they live. Most of them agreed to be told of all new classes.
func People(lib *content.Library, courses []course.Course, from, to int, channel string, now time.Time) ([]people.Person, []course.Interest) {
	persons, wishes := make([]people.Person, to-from), make([]course.Interest, to-from)
	addresses := []string{"anh", "chị", "bác", "em"}
	const words = "(người ví dụ, không có thật)"
	for i := range persons {
		n := from + i
		chance := rand.New(rand.NewPCG(2, uint64(n)))
		id := fmt.Sprintf("%s%06d", people.InventedPrefix, n)
		contact := bot.Contact{Channel: channel, ID: id}
		if channel == "telegram" {
			contact.ID = fmt.Sprint(telegramFirst + n)
		}
		place := lib.Places[chance.IntN(len(lib.Places))].ID
		since := now.Add(-time.Duration(chance.IntN(90*24)) * time.Hour).UTC().Truncate(time.Second)
		profile, err := json.Marshal(dialog.Values{
			"place": dialog.Text(place), "address": dialog.Text(addresses[chance.IntN(len(addresses))]), "consent": dialog.Text("yes"),
		})
		if err != nil {
			panic(err) // three texts
		}
		persons[i] = people.Person{
			ID: id, Contacts: []bot.Contact{contact}, Profile: profile, CreatedAt: since, UpdatedAt: since,
			Consents: []people.Consent{{Purpose: people.PurposeRemember, Words: words, GivenAt: since}},
		}
		follow(&persons[i], chance, lib, place, words)
		wish := course.Interest{
			ID: id, Channel: contact.Channel, Contact: contact.ID, Place: place, Name: fmt.Sprintf("Người ví dụ %d", n),
			Remind: chance.IntN(4) > 0, State: course.States[chance.IntN(len(course.States))], Source: course.FromDemo,
			Consent: words, CreatedAt: since, UpdatedAt: since,
		}
		if chance.IntN(2) == 0 && len(courses) > 0 {
			c := courses[chance.IntN(len(courses))]
			wish.Course, wish.Trade, wish.Level = c.ID, c.Trade, c.Level
		} else {
			wish.Trade = lib.Trades[chance.IntN(len(lib.Trades))].ID
		}
		wishes[i] = wish
	}
	return persons, wishes
}

// follow has an invented person agree to news: of a hundred, eighty to all,
// eight to those near them, seven to one trade, five to none.
func follow(p *people.Person, chance *rand.Rand, lib *content.Library, place, words string) {
	f := people.Following{At: p.CreatedAt}
	switch n := chance.IntN(100); {
	case n < 5:
		return
	case n < 12:
		f.Trade = lib.Trades[chance.IntN(len(lib.Trades))].ID
	case n < 20:
		f.Place = place
	}
	p.News = []people.Following{f}
	p.Consents = append(p.Consents, people.Consent{Purpose: people.PurposeNews, Words: words, GivenAt: p.CreatedAt})
}
