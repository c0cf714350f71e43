package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis keeps sessions on a Redis server, on servers with sentinels, or on a
// cluster; 7.0 or newer. All methods are safe for several goroutines.
type Redis struct {
	client redis.UniversalClient
	calls  *redis.AutoPipeliner // for what is done in every turn; see do
	me     string               // tells what this process says from what others say
}

// answerTime is how long Redis may take: a person waits behind it.
const answerTime = 2 * time.Second

// OpenRedis connects and looks whether the server may keep sessions. The
// forms of the address are those of REDIS_URL in “nghe help serve”. What is
// worrying but no reason not to start is logged. The error is a *StartError.
func OpenRedis(ctx context.Context, address string, log *slog.Logger) (*Redis, error) {
	options, err := redisOptions(address)
	if err != nil {
		return nil, &StartError{"REDIS_URL", err.Error(), "give redis://host:6379/0, redis://h1,h2/?cluster=1 or redis-sentinel://h1,h2/master", nil}
	}
	redis.SetLogger(redisLog{log})
	r := &Redis{client: redis.NewUniversalClient(options), me: rand.Text()}
	if r.calls, err = r.client.AsyncAutoPipelineWithOptions(&redis.AutoPipelineOptions{MaxConcurrentBatches: 4, Unordered: true}); err != nil {
		r.Close()
		return nil, fmt.Errorf("Redis: %w", err)
	}
	if err := r.start(ctx, log); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// redisOptions reads an address: redis://[user:password@]host[:port][/db],
// rediss:// for TLS, redis://h1,h2/?cluster=1, redis-sentinel://h1,h2/master.
func redisOptions(address string) (*redis.UniversalOptions, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("is no address")
	}
	o := &redis.UniversalOptions{
		DialTimeout: answerTime / 2, ReadTimeout: answerTime / 2, WriteTimeout: answerTime / 2, PoolTimeout: answerTime / 2,
		ContextTimeoutEnabled: true, MaxRetries: 1,
	}
	port := "6379"
	path := strings.Trim(u.Path, "/")
	switch u.Scheme {
	case "redis", "rediss":
		if u.Scheme == "rediss" {
			o.TLSConfig = &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
		}
		o.IsClusterMode = u.Query().Get("cluster") == "1"
		if path != "" {
			if o.DB, err = strconv.Atoi(path); err != nil || o.DB < 0 {
				return nil, errors.New("its database is no number") // but may be part of a password
			}
		}
	case "redis-sentinel", "rediss-sentinel":
		port = "26379"
		if o.MasterName = path; path == "" {
			return nil, errors.New("names no master after the sentinels")
		}
		if u.Scheme == "rediss-sentinel" {
			o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		}
	default:
		return nil, errors.New("is no Redis address")
	}
	for host := range strings.SplitSeq(u.Host, ",") {
		if host == "" {
			return nil, errors.New("names no host")
		}
		if !strings.Contains(host, ":") || strings.HasSuffix(host, "]") {
			host += ":" + port
		}
		o.Addrs = append(o.Addrs, host)
	}
	if len(o.Addrs) > 1 && o.TLSConfig != nil {
		o.TLSConfig.ServerName = "" // each by its own name
	}
	if u.User != nil {
		o.Username = u.User.Username()
		o.Password, _ = u.User.Password()
	}
	return o, nil
}

func (r *Redis) start(ctx context.Context, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	// INFO needs fewer rights than CONFIG, which hosted servers refuse.
	info, err := r.client.Info(ctx).Result()
	if err != nil {
		return &StartError{"REDIS_URL", "Redis can't be reached", "start it, or unset REDIS_URL to keep sessions in NGHE_DATA", shortCause(err)}
	}
	field := func(name string) string {
		_, rest, _ := strings.Cut(info, "\n"+name+":")
		value, _, _ := strings.Cut(rest, "\r")
		return value
	}
	if policy := field("maxmemory_policy"); policy != "" && policy != "noeviction" {
		return &StartError{"REDIS_URL", "this Redis may throw sessions away (maxmemory-policy " + policy + ")", "set maxmemory-policy noeviction", nil}
	}
	if field("aof_enabled") == "0" {
		log.Warn("Redis keeps no log of what is written: after a crash, talks of the last minutes are forgotten; set appendonly yes")
	}
	return nil
}

// shortCause leaves out what go-redis wraps around a network error, and with
// it whatever the address holds.
func shortCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// Same makes sure that the sessions on this Redis belong to the records: the
// first installation that comes puts its id there.
func (r *Redis) Same(ctx context.Context, installation []byte) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	const key = "nghe:installation"
	if err := r.client.SetNX(ctx, key, installation, 0).Err(); err != nil {
		return &StartError{"REDIS_URL", "Redis can't be written", "see the cause", shortCause(err)}
	}
	there, err := r.client.Get(ctx, key).Bytes()
	if err != nil {
		return &StartError{"REDIS_URL", "Redis can't be read", "see the cause", shortCause(err)}
	}
	if !bytes.Equal(there, installation) {
		return &StartError{"REDIS_URL", "the sessions there belong to other records than those in NGHE_DATA", "use the Redis and the data of one installation, or an empty Redis database", nil}
	}
	return nil
}

// Close ends the connections.
func (r *Redis) Close() error { return r.client.Close() }

// redisLog passes what go-redis has to say on to our log.
type redisLog struct{ log *slog.Logger }

func (l redisLog) Printf(_ context.Context, format string, v ...any) {
	l.log.Debug("redis", "message", fmt.Sprintf(format, v...))
}
