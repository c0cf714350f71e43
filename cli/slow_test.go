package cli_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// Who opens many connections and sends next to nothing on them keeps nobody else
// waiting, and is hung up on.
func TestSlowConnectionsAreEnded(t *testing.T) {
	s := serve(t, "NGHE_DATA="+t.TempDir())
	address := strings.TrimPrefix(s.url, "http://")
	var slow []net.Conn
	for i := range 300 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		half := "POST /chat/messages HTTP/1.1\r\nHost: x\r\nX-Half: "
		if i%2 == 0 { // a body that never comes
			half = "POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
		}
		if _, err := fmt.Fprint(c, half); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, c)
	}
	began := time.Now()
	v := newVisitor(t)
	if a := v.say(s, "tiền ăn được bao nhiêu"); !strings.Contains(a.all(), "50.000") {
		t.Errorf("among slow connections: %s", a.all())
	}
	t.Logf("somebody else is answered after %v", time.Since(began))
	const limit = 45 * time.Second // 10 s for a head, 30 s for a body; the machine may be busy
	for i, c := range slow {
		if err := c.SetReadDeadline(began.Add(limit)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				t.Fatalf("connection %d is still open after %v", i, limit)
			}
		}
	}
}
