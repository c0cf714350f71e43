package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/redis/go-redis/v9"

	"nghe/bot"
)

//go:embed redis_load.lua
var loadLua string

//go:embed redis_save.lua
var saveLua string

//go:embed redis_applied.lua
var appliedLua string

//go:embed redis_hold.lua
var holdLua string

var (
	loadScript    = redis.NewScript(loadLua)
	saveScript    = redis.NewScript(saveLua)
	appliedScript = redis.NewScript(appliedLua)
	holdScript    = redis.NewScript(holdLua)
)

// Keys begin with a hash tag: one of a few hundred shards, so that all keys of
// a contact, and the lists of who has something due, may be touched together
// on a cluster.
const (
	keyPrefix = "nghe:{"
	shards    = 256
)

// shard gives the shard of a contact.
func shard(c bot.Contact) int {
	h := fnv.New32a()
	io.WriteString(h, c.String())
	return int(h.Sum32() % shards)
}

// key names a key of a contact; doc.go lists what is under each letter.
func key(c bot.Contact, letter string) string {
	return shardKey(shard(c), url.PathEscape(c.String())+":"+letter)
}

func shardKey(shard int, name string) string {
	return keyPrefix + strconv.Itoa(shard) + "}:" + name
}

// keys of a contact, as the scripts expect them.
func keys(c bot.Contact) []string {
	n := shard(c)
	prefix := shardKey(n, url.PathEscape(c.String())+":")
	return []string{prefix + "s", prefix + "x", prefix + "e", prefix + "n", prefix + "b", prefix + "o", prefix + "i", shardKey(n, "due"), shardKey(n, "in")}
}

// contactOf gives the contact of a key.
func contactOf(key string) (c bot.Contact, ok bool) {
	_, name, _ := strings.Cut(key, "}:")
	name = name[:max(0, strings.LastIndexByte(name, ':'))]
	name, err := url.PathUnescape(name)
	if err != nil {
		return c, false
	}
	return parseContact(name)
}

func parseContact(name string) (c bot.Contact, ok bool) {
	c.Channel, c.ID, ok = strings.Cut(name, ":")
	return c, ok
}

func (r *Redis) Load(ctx context.Context, c bot.Contact, turn string, now time.Time) (bot.Loaded, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	answer, err := r.script(ctx, loadScript, keys(c)[:4], turn)
	if err != nil {
		return bot.Loaded{}, err
	}
	row, err := answer.Slice()
	if err != nil {
		return bot.Loaded{}, fmt.Errorf("session of %s: %w", c, err)
	}
	var l bot.Loaded
	if l.Version, err = number(row[0]); err != nil {
		return l, fmt.Errorf("session of %s: %w", c, err)
	}
	if l.LastSeq, err = number(row[2]); err != nil {
		return l, fmt.Errorf("session of %s: %w", c, err)
	}
	if l.Hold, err = readHold(row[3]); err != nil {
		return l, fmt.Errorf("session of %s: %w", c, err)
	}
	seen, err := number(row[6])
	if err != nil {
		return l, fmt.Errorf("mark of turn %s: %w", turn, err)
	}
	l.Session, l.Seen = data(row[1]), seen > ms(now)
	// A life is checked here as well: the clock of the turn decides.
	if ends, body, ok := headed(text(row[4])); ok && ends > ms(now) {
		l.Sensitive = []byte(body)
	}
	if _, body, ok := headed(text(row[5])); ok {
		l.Effects = []byte(body)
	}
	if !l.Seen {
		return l, nil
	}
	said, err := r.bubbles(ctx, c, 0)
	if err != nil {
		return l, err
	}
	for _, b := range said {
		if b.Turn == turn && now.Before(b.Ends()) {
			l.Replies = append(l.Replies, b)
		}
	}
	return l, nil
}

// bubbles gives all that is there with a Seq after one.
func (r *Redis) bubbles(ctx context.Context, c bot.Contact, after int64) ([]bot.Bubble, error) {
	items := redis.NewStringSliceCmd(ctx, "lrange", key(c, "b"), 0, -1)
	if err := r.do(ctx, items); err != nil {
		return nil, err
	}
	list := make([]bot.Bubble, 0, len(items.Val()))
	for _, item := range items.Val() {
		if seq, _, ok := headed(item); ok && seq <= after {
			continue
		}
		b, err := readBubble(item)
		if err != nil {
			return nil, fmt.Errorf("bubble of %s: %w", c, err)
		}
		list = append(list, b)
	}
	return list, nil
}

// number reads a counter of a hash: 0 when there is none yet.
func number(v any) (int64, error) {
	s, there := v.(string)
	if !there {
		return 0, nil
	}
	return strconv.ParseInt(s, 10, 64)
}

// readHold reads "epoch|kind|case".
func readHold(v any) (h bot.Hold, err error) {
	s, there := v.(string)
	if !there {
		return h, nil
	}
	epoch, rest, ok := headed(s)
	if !ok {
		return h, errors.New("the hold has no epoch")
	}
	h.Epoch = epoch
	h.Kind, h.Case, _ = strings.Cut(rest, "|")
	return h, nil
}

func (r *Redis) Hold(ctx context.Context, c bot.Contact, h bot.Hold, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	_, err := r.script(ctx, holdScript, []string{key(c, "s")}, h.Epoch, h.Kind+"|"+h.Case, bot.SessionLife.Milliseconds())
	return err
}

// text reads a value: "" when there is none.
func text(v any) string {
	s, _ := v.(string)
	return s
}

func data(v any) []byte {
	if s, ok := v.(string); ok {
		return []byte(s)
	}
	return nil
}

// headed parts "number|rest".
func headed(s string) (n int64, rest string, ok bool) {
	head, rest, ok := strings.Cut(s, "|")
	n, err := strconv.ParseInt(head, 10, 64)
	return n, rest, ok && err == nil
}

// bubbleForm is how bubbles are written and read, several in each turn: by a
// package that does it in half the time of encoding/json. A text that is not
// UTF-8 is no reason to lose a turn.
var bubbleForm = jsontext.AllowInvalidUTF8(true)

// readBubble reads "seq|at|json".
func readBubble(s string) (bot.Bubble, error) {
	var b bot.Bubble
	seq, rest, _ := headed(s)
	_, body, ok := headed(rest)
	if !ok {
		return b, errors.New("has no head")
	}
	err := json.Unmarshal([]byte(body), &b, bubbleForm)
	b.Seq = seq
	return b, err
}

func (r *Redis) Save(ctx context.Context, c bot.Commit) ([]bot.Bubble, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	bodies := make([][]byte, len(c.Bubbles))
	for i := range c.Bubbles {
		c.Bubbles[i].Seq = 0
		body, err := json.Marshal(&c.Bubbles[i], bubbleForm)
		if err != nil {
			return nil, fmt.Errorf("bubble of turn %s: %w", c.Turn, err)
		}
		bodies[i] = body
	}
	sent, err := outboxBody(c, bodies)
	if err != nil {
		return nil, err
	}
	args := append(make([]any, 0, 18+len(c.Bubbles)), c.Base, c.Turn, ms(c.At), bot.SeenLife(c.Contact.Channel).Milliseconds(),
		bot.SessionLife.Milliseconds(), bot.BubbleLife.Milliseconds(), bot.BubblesKept, flag(c.Erase),
		flag(c.Session != nil), c.Session)
	life := int64(0)
	var sensitive []byte
	if c.Sensitive != nil && c.SensitiveEnds.After(c.At) {
		life = c.SensitiveEnds.Sub(c.At).Milliseconds() + 1
		sensitive = append(strconv.AppendInt(nil, ms(c.SensitiveEnds), 10), '|')
		sensitive = append(sensitive, c.Sensitive...)
	}
	args = append(args, life, sensitive, flag(c.Effects != nil), c.Effects, c.Contact.String(), sent, (2 * bot.OutboxLife).Milliseconds(), c.Epoch)
	for i := range c.Bubbles {
		args = append(args, append(append(strconv.AppendInt(make([]byte, 0, 20+len(bodies[i])), ms(c.Bubbles[i].At), 10), '|'), bodies[i]...))
	}
	answer, err := r.script(ctx, saveScript, keys(c.Contact), args...)
	if err != nil {
		return nil, err
	}
	last, err := answer.Int64()
	if errors.Is(err, redis.Nil) {
		return nil, bot.ErrConflict
	}
	if err != nil {
		return nil, fmt.Errorf("save turn %s: %w", c.Turn, err)
	}
	for i := range c.Bubbles {
		c.Bubbles[i].Seq = last + int64(i) + 1
	}
	return c.Bubbles, nil
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func (r *Redis) Bubbles(ctx context.Context, c bot.Contact, after int64, now time.Time) ([]bot.Bubble, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	all, err := r.bubbles(ctx, c, after)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(b bot.Bubble) bool { return !now.Before(b.Ends()) }), nil
}

func (r *Redis) Applied(ctx context.Context, c bot.Contact, version int64) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	_, err := r.script(ctx, appliedScript, []string{key(c, "e")}, version)
	return err
}

// Pending walks over all keys; it is for the sweep at the start.
func (r *Redis) Pending(ctx context.Context, limit int) ([]bot.Contact, error) {
	var mu sync.Mutex
	var list []bot.Contact
	scan := func(ctx context.Context, client redis.Cmdable) error {
		cursor := client.Scan(ctx, 0, keyPrefix+"*:e", 1000).Iterator()
		for cursor.Next(ctx) {
			mu.Lock()
			c, ok := contactOf(cursor.Val())
			if ok && len(list) < limit {
				list = append(list, c)
			}
			full := len(list) >= limit
			mu.Unlock()
			if full {
				return nil
			}
		}
		return cursor.Err()
	}
	var err error
	if cluster, ok := r.client.(*redis.ClusterClient); ok {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return scan(ctx, node) })
	} else {
		err = scan(ctx, r.client)
	}
	if err != nil {
		return nil, unavailable(err)
	}
	return list, nil
}

// Ping says whether Redis answers.
func (r *Redis) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if err := r.client.Ping(ctx).Err(); err != nil {
		return unavailable(err)
	}
	return nil
}
