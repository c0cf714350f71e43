package store

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"nghe/bot"
)

//go:embed redis_outbox.lua
var outboxLua string

//go:embed redis_accept.lua
var acceptLua string

var (
	outboxScript = redis.NewScript(outboxLua)
	acceptScript = redis.NewScript(acceptLua)
)

// outgoingTurn is what the outbox holds of a turn.
type outgoingTurn struct {
	Turn    string       `json:"turn"`
	At      time.Time    `json:"at"`
	Bubbles []bot.Bubble `json:"bubbles,omitempty"`
}

// outboxBody is what a turn puts into the outbox; nil for nothing. Bodies are
// its bubbles as JSON: those of the bot are sent.
func outboxBody(c bot.Commit, bodies [][]byte) ([]byte, error) {
	if !c.Send {
		return nil, nil
	}
	head, err := json.Marshal(outgoingTurn{Turn: c.Turn, At: c.At})
	if err != nil {
		return nil, fmt.Errorf("turn %s: %w", c.Turn, err)
	}
	room := len(head) + len(`,"bubbles":[]`)
	for _, b := range bodies {
		room += len(b) + 1
	}
	body := append(append(make([]byte, 0, room), head[:len(head)-1]...), `,"bubbles":[`...)
	first := len(body)
	for i := range c.Bubbles {
		if c.Bubbles[i].From == bot.FromPerson {
			continue
		}
		if len(body) > first {
			body = append(body, ',')
		}
		body = append(body, bodies[i]...)
	}
	return append(body, "]}"...), nil
}

func (r *Redis) Take(ctx context.Context, c bot.Contact, owner string, now time.Time) (*bot.Delivery, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	rows, err := r.outbox(ctx, c)
	if err != nil {
		return nil, err
	}
	row := bot.NextOf(rows, owner, now)
	if row == nil {
		return nil, nil
	}
	won, err := r.update(ctx, &row.Delivery, owner, now.Add(bot.SendLease), row.Owner, ms(row.Lease))
	if err != nil || !won {
		return nil, err
	}
	return &row.Delivery, nil
}

// outbox reads the deliveries of a contact, in order.
func (r *Redis) outbox(ctx context.Context, c bot.Contact) ([]bot.Held, error) {
	rows := redis.NewMapStringStringCmd(ctx, "hgetall", key(c, "o"))
	if err := r.do(ctx, rows); err != nil {
		return nil, err
	}
	fields := rows.Val()
	var list []bot.Held
	for field, body := range fields {
		seq, ok := strings.CutSuffix(field, ":b")
		if !ok {
			continue
		}
		row := bot.Held{Delivery: bot.Delivery{Contact: c}, Owner: fields[seq+":o"]}
		lease, err := strconv.ParseInt(fields[seq+":l"], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("delivery %s of %s: %w", seq, c, err)
		}
		row.Lease = fromMS(lease)
		if row.Seq, err = strconv.ParseInt(seq, 10, 64); err != nil {
			return nil, fmt.Errorf("delivery %q of %s: %w", seq, c, err)
		}
		var turn outgoingTurn
		if err := errors.Join(json.Unmarshal([]byte(body), &turn), json.Unmarshal([]byte(fields[seq+":p"]), &row.Progress)); err != nil {
			return nil, fmt.Errorf("delivery %s of %s: %w", seq, c, err)
		}
		row.Turn, row.At, row.Bubbles = turn.Turn, turn.At, turn.Bubbles
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b bot.Held) int { return cmp.Compare(a.Seq, b.Seq) })
	return list, nil
}

func (r *Redis) update(ctx context.Context, d *bot.Delivery, owner string, lease time.Time, was string, until int64) (bool, error) {
	progress, err := json.Marshal(d.Progress)
	if err != nil {
		return false, fmt.Errorf("progress of delivery %d: %w", d.Seq, err)
	}
	return r.change(ctx, d, was, until, owner, ms(lease), ms(dueAt(d)), progress)
}

// change runs the script of the outbox.
func (r *Redis) change(ctx context.Context, d *bot.Delivery, was string, until int64, next ...any) (bool, error) {
	keys := []string{key(d.Contact, "o"), shardKey(shard(d.Contact), "due")}
	args := append([]any{d.Contact.String(), d.Seq, was, until}, next...)
	won, err := r.script(ctx, outboxScript, keys, args...)
	if err != nil {
		return false, err
	}
	return won.Bool()
}

func (r *Redis) Note(ctx context.Context, d *bot.Delivery, owner string, now time.Time) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return r.update(ctx, d, owner, now.Add(bot.SendLease), owner, anyLease)
}

func (r *Redis) Put(ctx context.Context, d *bot.Delivery, owner string, _ time.Time) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return r.update(ctx, d, "", time.UnixMilli(0), owner, anyLease)
}

func (r *Redis) Done(ctx context.Context, d *bot.Delivery, owner string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return r.change(ctx, d, owner, anyLease)
}

func (r *Redis) Due(ctx context.Context, now time.Time, limit int) ([]bot.Contact, error) {
	return r.before(ctx, "due", now, limit)
}

func (r *Redis) Accept(ctx context.Context, in bot.Incoming, now time.Time) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	body, err := json.Marshal(in)
	if err != nil {
		return false, fmt.Errorf("message %s: %w", in.Turn(), err)
	}
	keys := []string{key(in.Contact, "n"), key(in.Contact, "i"), shardKey(shard(in.Contact), "in")}
	fresh, err := r.script(ctx, acceptScript, keys, in.Contact.String(), in.Turn(), ms(now), bot.BubbleLife.Milliseconds(), body)
	if err != nil {
		return false, err
	}
	return fresh.Bool()
}

func (r *Redis) Accepted(ctx context.Context, c bot.Contact) ([]bot.Incoming, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	rows := redis.NewMapStringStringCmd(ctx, "hgetall", key(c, "i"))
	if err := r.do(ctx, rows); err != nil {
		return nil, err
	}
	type numbered struct {
		number int64
		in     bot.Incoming
	}
	var list []numbered
	for field, value := range rows.Val() {
		if !strings.HasPrefix(field, "t:") {
			continue
		}
		number, body, _ := headed(value)
		n := numbered{number: number}
		if err := json.Unmarshal([]byte(body), &n.in); err != nil {
			return nil, fmt.Errorf("accepted message of %s: %w", c, err)
		}
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b numbered) int { return cmp.Compare(a.number, b.number) })
	var in []bot.Incoming
	for _, n := range list {
		in = append(in, n.in)
	}
	return in, nil
}

func (r *Redis) Left(ctx context.Context, before time.Time, limit int) ([]bot.Contact, error) {
	return r.before(ctx, "in", before, limit)
}

// before gives the contacts on a list of the shards that stand there since a
// time, the longest waiting first.
func (r *Redis) before(ctx context.Context, list string, now time.Time, limit int) ([]bot.Contact, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	pipe := r.client.Pipeline()
	var found []*redis.ZSliceCmd
	for n := range shards {
		found = append(found, pipe.ZRangeByScoreWithScores(ctx, shardKey(n, list), &redis.ZRangeBy{Min: "-inf", Max: strconv.FormatInt(ms(now), 10), Count: int64(limit)}))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, unavailable(err)
	}
	var all []redis.Z
	for _, f := range found {
		all = append(all, f.Val()...)
	}
	slices.SortStableFunc(all, func(a, b redis.Z) int { return cmp.Compare(a.Score, b.Score) })
	var contacts []bot.Contact
	for _, z := range all[:min(limit, len(all))] {
		name, _ := z.Member.(string)
		if c, ok := parseContact(name); ok {
			contacts = append(contacts, c)
		}
	}
	return contacts, nil
}
