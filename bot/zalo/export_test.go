package zalo

import "nghe/dialog"

// For tests of the outside: taps as an account with the key makes and reads
// them.
func Payload(key []byte, o dialog.Option) string          { return taps{key}.payload(o) }
func ReadTap(key []byte, text string) (label, tap string) { return taps{key}.read(text) }
func DecodeWith(key, body []byte) (Event, error)          { return taps{key}.Decode(body) }
func Signed(sig string, body []byte, header, s string) string {
	e, err := open(body)
	if err != nil {
		return ""
	}
	return signed(sig, body, e, header, s)
}
