package zalo

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

// signed gives which variant of the signature fits; "" when none does. Zalo's
// papers, its own library and what was received agree on plain SHA-256 over
// ids, body, time and secret in a row; they don't agree on whose id and whose
// time. All variants need the secret, so that taking any of them is safe.
//
// The variant may be logged, the signature may not.
func signed(signature string, body []byte, e envelope, headerTime, secret string) string {
	mac := strings.TrimSpace(signature)
	if rest, ok := strings.CutPrefix(mac, "mac"); ok {
		mac = strings.TrimLeft(rest, " =")
	}
	given, err := hex.DecodeString(mac)
	if err != nil || len(given) != sha256.Size || secret == "" {
		return ""
	}
	for _, v := range []struct{ name, id, time string }{
		{"app id, time of the body", string(e.AppID), string(e.Timestamp)},
		{"app id, time of the header", string(e.AppID), headerTime},
		{"account id, time of the body", e.account(), string(e.Timestamp)},
		{"account id, time of the header", e.account(), headerTime},
	} {
		if v.id == "" || v.time == "" {
			continue
		}
		h := sha256.New()
		h.Write([]byte(v.id))
		h.Write(body)
		h.Write([]byte(v.time))
		h.Write([]byte(secret))
		if subtle.ConstantTimeCompare(h.Sum(nil), given) == 1 {
			return v.name
		}
	}
	return ""
}
