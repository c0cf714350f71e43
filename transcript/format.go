package transcript

import (
	"fmt"
	"strings"
	"time"

	"nghe/bot"
	"nghe/dialog"
)

const (
	person     = "Người: "
	elsewhere  = "Người (" // and the channel: another contact of the same test
	speaker    = "Bot:  "
	human      = "Tư vấn: "
	quoting    = "> "     // and the message that is answered, again ">", and the answer
	indent     = "      " // as wide as speaker
	timeLayout = "2006-01-02 15:04"
)

// Begin is the line that says when a talk begins.
func Begin(at time.Time) string { return "at " + at.Format(timeLayout) + "\n" }

// Said is the line of what the person said.
func Said(in bot.Incoming) string {
	said := strings.Join(strings.Fields(in.Text), " ")
	if in.Tap != "" {
		said = "[" + said + "]"
	}
	return person + said + "\n"
}

// Answer gives the lines of what the engine did and said.
func Answer(turn bot.Turn) string {
	var b strings.Builder
	if turn.Repeated {
		b.WriteString("  repeated\n")
	}
	for _, ev := range turn.Events {
		if line := event(ev); line != "" {
			b.WriteString("  " + line + "\n")
		}
	}
	for _, bubble := range turn.Bubbles {
		said := speaker
		if bubble.From == bot.FromCounsellor {
			said = human
		}
		text := said + strings.ReplaceAll(bubble.Text, "\n", "\n"+indent) + "\n"
		b.WriteString(strings.ReplaceAll(text, indent+"\n", "\n"))
		if labels := shown(bubble.Options); len(labels) > 0 {
			b.WriteString(indent + "[" + strings.Join(labels, "] [") + "]\n")
		}
	}
	return b.String()
}

func shown(options []dialog.Option) []string {
	var labels []string
	for _, o := range options {
		if !o.Hidden {
			labels = append(labels, o.Label)
		}
	}
	return labels
}

// event tells one thing that happened, "" for what the Bot lines tell.
func event(ev dialog.Event) string {
	switch ev.Type {
	case dialog.SlotFilled:
		return fmt.Sprintf("slot %s = %s", ev.Slot, ev.Value)
	case dialog.SlotForgotten:
		return "forgotten " + ev.Slot
	case dialog.FlowStarted:
		return "flow " + ev.Flow
	case dialog.FlowEnded:
		return "end of " + ev.Flow
	case dialog.FlowMoved:
		return "moved " + ev.Flow + "/" + ev.Step
	case dialog.TopicAnswered:
		return "topic " + ev.Topic
	case dialog.TopicsOffered:
		return "offered " + ev.Topic
	case dialog.DangerSeen:
		return "danger " + ev.Topic
	case dialog.TextMissed:
		return "not understood"
	case dialog.TextRefused:
		return "refused"
	case dialog.EffectAsked:
		return "effect " + ev.Effect
	case dialog.ContentFailed:
		return "content failed: " + ev.Error
	}
	return ""
}
