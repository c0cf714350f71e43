package advice

import (
	"slices"
	"strings"

	"nghe/dialog"
)

// contacts is the function that names, as people know them, the channels that
// an effect gave: the one of the talk first, then those of the same person's
// other contacts. A value others that is empty says that there are none.
func (t talk) contacts(s dialog.Scope) (dialog.Values, error) {
	list := s.Value("contact_list").List()
	var names []string
	for i, channel := range list {
		if i == 0 {
			continue
		}
		name := t.say("channel." + channel)
		if channel == list[0] {
			name = t.say("channel.again", "{what}", name)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return dialog.Values{"others": dialog.Text(strings.Join(names, ", "))}, nil
}
