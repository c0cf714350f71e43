package storetest

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // to make databases with
)

// shared is the server that the tests of a package have together.
var shared struct {
	sync.Mutex
	on     bool
	server *PostgresServer
}

// Main is the TestMain of packages whose tests share one PostgreSQL server.
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run runs tests that share one PostgreSQL server, stops it, and gives the
// exit code.
func Run(m *testing.M) int {
	shared.on = true
	code := m.Run()
	if shared.server != nil {
		shared.server.Stop()
		os.RemoveAll(shared.server.dir)
	}
	return code
}

// Postgres gives the address of an empty database as DATABASE_URL has it: in
// the package's server with Main, else in one of the test's own.
func Postgres(t testing.TB) string {
	t.Helper()
	if !shared.on {
		address, _ := StartPostgres(t)
		return address
	}
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		shared.server = startPostgres(t)
	}
	shared.server.t = t
	return shared.server.Database()
}

// PostgresServer is a running server.
type PostgresServer struct {
	t    testing.TB
	dir  string
	port string
	cmd  *exec.Cmd
	made atomic.Int32
}

// StartPostgres is Postgres for tests in which the server goes away and comes
// again, or that need several databases.
func StartPostgres(t testing.TB) (address string, server *PostgresServer) {
	t.Helper()
	s := startPostgres(t)
	t.Cleanup(func() { s.Stop(); os.RemoveAll(s.dir) })
	return s.Database(), s
}

func startPostgres(t testing.TB) *PostgresServer {
	t.Helper()
	dir, err := os.MkdirTemp("", "nghe-postgres")
	if err != nil {
		t.Fatal(err)
	}
	s := &PostgresServer{t: t, dir: dir, port: freePort(t)}
	if os.Getuid() == 0 { // PostgreSQL refuses to be root
		if err := os.Chown(dir, s.user("uid"), s.user("gid")); err != nil {
			t.Fatal(err)
		}
	}
	initdb := s.command("initdb", "-D", filepath.Join(dir, "data"), "-U", "nghe", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	s.Start()
	return s
}

// user gives the id of the user that PostgreSQL runs as.
func (s *PostgresServer) user(id string) int {
	s.t.Helper()
	u, err := user.Lookup("postgres")
	if err != nil {
		s.t.Fatalf("as root the tests need the user postgres: “make test” installs it on Debian (%v)", err)
	}
	n, err := strconv.Atoi(map[string]string{"uid": u.Uid, "gid": u.Gid}[id])
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// command gives one of PostgreSQL's programs, which Debian does not put on PATH.
func (s *PostgresServer) command(name string, args ...string) *exec.Cmd {
	s.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
		if len(found) == 0 {
			s.t.Fatalf("%s is not installed: “make test” installs postgresql as root on Debian", name)
		}
		path = slices.Max(found)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = s.dir
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(s.user("uid")), Gid: uint32(s.user("gid"))}}
	}
	return cmd
}

// Start starts the server, also after Stop: with the same data, on the same
// port.
func (s *PostgresServer) Start() {
	s.t.Helper()
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	s.cmd = s.command("postgres", "-D", filepath.Join(s.dir, "data"), "-p", s.port,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+s.dir, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "max_connections=200")
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	db := s.open("postgres")
	defer db.Close()
	for limit := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		err := db.Ping()
		if err == nil {
			return
		}
		if time.Now().After(limit) {
			text, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			s.t.Fatalf("PostgreSQL did not answer: %v\n%s", err, text)
		}
	}
}

// Stop ends the server at once, its connections with it.
func (s *PostgresServer) Stop() {
	if s.cmd == nil {
		return
	}
	s.cmd.Process.Signal(syscall.SIGINT)
	s.cmd.Wait()
	s.cmd = nil
}

// Database makes another empty database.
func (s *PostgresServer) Database() string {
	s.t.Helper()
	name := fmt.Sprintf("nghe%d", s.made.Add(1))
	db := s.open("postgres")
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		s.t.Fatal(err)
	}
	return s.address(name)
}

func (s *PostgresServer) address(database string) string {
	return "postgres://nghe@127.0.0.1:" + s.port + "/" + database + "?sslmode=disable"
}

func (s *PostgresServer) open(database string) *sql.DB {
	s.t.Helper()
	db, err := sql.Open("pgx", s.address(database))
	if err != nil {
		s.t.Fatal(err)
	}
	return db
}
