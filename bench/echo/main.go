// Echo is the least that a bot on Telegram can be, to compare with: it takes
// updates by webhook, says each text back by the library that nghe uses too, and
// keeps nothing. It waits for the platform before it takes the update, knows no
// pace, and whoever is told twice is told twice.
//
// TELEGRAM_TOKEN and TELEGRAM_API are as for nghe.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

func main() {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 256 // else each message opens a connection
	bot, err := tgbotapi.NewBotAPIWithClient(os.Getenv("TELEGRAM_TOKEN"), os.Getenv("TELEGRAM_API")+"/bot%s/%s", &http.Client{Transport: transport})
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("POST /telegram", func(w http.ResponseWriter, r *http.Request) {
		update, err := bot.HandleUpdate(r)
		if err != nil || update.Message == nil {
			http.Error(w, "no message", http.StatusBadRequest)
			return
		}
		if _, err := bot.Send(tgbotapi.NewMessage(update.Message.Chat.ID, update.Message.Text)); err != nil {
			http.Error(w, "not sent", http.StatusBadGateway)
		}
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "msg=ready listen=%s\n", l.Addr())
	log.Fatal(http.Serve(l, nil))
}
