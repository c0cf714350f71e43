package bot

import (
	"strings"

	"nghe/dialog"
)

// Brain is what answers: made anew from each release of the content and
// exchanged whole, so that one turn never sees two releases.
type Brain struct {
	Engine  *dialog.Engine
	Reader  dialog.Reader
	Library dialog.Library
}

// The phrases that this package and its channels speak, besides the engine's.
const (
	PhraseStorage    = "error.storage"  // what was said could not be kept: please send it again
	PhraseNewer      = "error.newer"    // the talk is in the hands of a newer program
	PhraseTurn       = "error.content"  // something went wrong on our side; an option to begin again follows
	PhraseLong       = "error.long"     // only the beginning of a long message was read
	PhraseBig        = "error.big"      // far too long, or not readable at all: nothing was read
	PhraseBusy       = "error.busy"     // too many messages in a short time
	PhraseEmpty      = "error.empty"    // there was nothing to read in the message
	PhraseVoice      = "media.voice"    // these can't be heard or seen here: please say it in a word;
	PhrasePhoto      = "media.photo"    // an option for the menu follows
	PhraseLocation   = "media.location" //
	PhraseCard       = "media.card"     //
	PhraseMedia      = "media.other"    //
	PhraseShared     = "share.sent"     // stands for what was sent by a form, in what is kept as said
	PhraseExportLink = "export.link"    // {link} is where one's data can be downloaded
	PhraseExportText = "export.text"    // {text} is one's data

	phraseRestart = "option.restart"
	tapRestart    = "do:restart"
	phraseMenu    = "option.menu"
	tapMenu       = "flow:menu"
)

// Phrases are all of them, for checks of the content.
var Phrases = [...]string{
	PhraseStorage, PhraseNewer, PhraseTurn, PhraseLong, PhraseBig, PhraseBusy, PhraseEmpty,
	PhraseFiled, PhraseVoiceHuman, PhraseVoice, PhrasePhoto, PhraseLocation, PhraseCard, PhraseMedia, PhraseShared,
	PhraseExportLink, PhraseExportText, phraseRestart, phraseMenu,
}

// Phrase gives a sentence addressed as the person wishes to be; "" is the
// neutral form.
func (b Brain) Phrase(id, address string) string {
	return b.fill(b.Library.Phrase(id)[0], address)
}

func (b Brain) fill(text, address string) string {
	for name, word := range b.Library.Form(address) {
		text = strings.ReplaceAll(text, "{"+name+"}", word)
	}
	return strings.TrimSpace(text)
}

// slotAddress holds how the person is addressed.
const slotAddress = "address"
