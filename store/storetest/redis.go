// Package storetest starts real servers for tests, on free ports and with data
// of their own, and stops them.
package storetest

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Redis starts a redis-server with the given extra settings ("--appendonly",
// "yes") and gives its address as REDIS_URL has it.
func Redis(t testing.TB, settings ...string) string {
	t.Helper()
	address, _ := StartRedis(t, settings...)
	return address
}

// RedisServer is a running server.
type RedisServer struct {
	t         testing.TB
	exe, port string
	log       string
	settings  []string
	cmd       *exec.Cmd
	ended     chan struct{}
}

// StartRedis is Redis for tests in which the server goes away and comes again.
func StartRedis(t testing.TB, settings ...string) (address string, server *RedisServer) {
	t.Helper()
	exe, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is not installed: “make test” installs it as root on Debian")
	}
	// Redis takes no free port by itself; a socket has none.
	dir, err := os.MkdirTemp("", "nghe-redis")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &RedisServer{t: t, exe: exe, port: freePort(t), log: filepath.Join(dir, "log")}
	s.settings = append([]string{"--port", s.port, "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--daemonize", "no", "--logfile", s.log}, settings...)
	s.Start()
	t.Cleanup(s.Stop)
	return "redis://127.0.0.1:" + s.port + "/0", s
}

// Start starts the server, also after Stop: on the same port, with what its
// log of writes (appendonly) has kept.
func (s *RedisServer) Start() {
	s.t.Helper()
	s.cmd, s.ended = exec.Command(s.exe, s.settings...), make(chan struct{})
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func(cmd *exec.Cmd, ended chan struct{}) { cmd.Wait(); close(ended) }(s.cmd, s.ended)
	awaitRedis(s.t, s.port, s.log, s.ended)
}

// Stop ends the server as its machine does when it is shut down; its
// connections break.
func (s *RedisServer) Stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.ended
}

// Written is how much the server has written to its log of writes (appendonly
// yes), in bytes; how much of it a crash of the machine leaves is another
// matter.
func (s *RedisServer) Written() int64 {
	s.t.Helper()
	info, err := os.Stat(s.journal())
	if err != nil {
		s.t.Fatal(err)
	}
	return info.Size()
}

// Crash ends the server as a crash of its machine does: at once (kill -9), and
// of its log of writes only so much is left.
func (s *RedisServer) Crash(left int64) {
	s.t.Helper()
	s.cmd.Process.Kill()
	<-s.ended
	if err := os.Truncate(s.journal(), left); err != nil {
		s.t.Fatal(err)
	}
}

// journal is the file that grows with each write.
func (s *RedisServer) journal() string {
	return filepath.Join(filepath.Dir(s.log), "appendonlydir", "appendonly.aof.1.incr.aof")
}

// awaitRedis waits until the server answers a PING.
func awaitRedis(t testing.TB, port, log string, ended <-chan struct{}) {
	t.Helper()
	for limit := time.After(20 * time.Second); ; {
		if answers(port) {
			return
		}
		select {
		case <-ended:
			text, _ := os.ReadFile(log)
			t.Fatalf("redis-server ended: %s", text)
		case <-limit:
			t.Fatal("redis-server did not answer")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func answers(port string) bool {
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Second))
	fmt.Fprint(c, "PING\r\n")
	answer := make([]byte, 5)
	_, err = io.ReadFull(c, answer)
	return err == nil && (strings.HasPrefix(string(answer), "+PONG") || strings.HasPrefix(string(answer), "-NOAU"))
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}
