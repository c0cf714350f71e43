package sim

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// Costs are what was measured.
type Costs struct {
	// Of a turn over the webhook, on Redis and PostgreSQL: processor's time of
	// each, and of those who wrote and the platform, on the same cores.
	Nghe, Redis, Postgres, People time.Duration
	Cores                         int     // they all ran on
	PerSecond                     float64 // turns, so many Clients at once
	Clients                       int
	BytesRedis                    float64 // of a contact that was talked with
	Bulk                          float64 // messages a second of a broadcast without a limit
	Rows                          float64 // of a broadcast, written a second
}

// The benchmarks that the costs are taken from.
const (
	wholeTurn = "Whole/nghe/storage=redis+postgres/processes=1/contacts=64"
	contact   = "Contact/contacts=10000"
	sending   = "Sending/storage=postgres/people=100000"
	audience  = "Audience/storage=postgres/people=100000"
)

// Read takes costs out of bench/results.json. An error names what is not there.
func Read(text []byte) (c Costs, err error) {
	var medians map[string]map[string]float64
	if err := json.Unmarshal(text, &medians); err != nil {
		return c, fmt.Errorf("results: %w", err)
	}
	get := func(bench, unit string) float64 {
		n, ok := medians[bench][unit]
		if !ok && err == nil {
			err = fmt.Errorf("results have no %s of %s", unit, bench)
		}
		return n
	}
	µs := func(who string) time.Duration {
		return time.Duration(get(wholeTurn, "µs-"+who+"/turn") * float64(time.Microsecond))
	}
	c = Costs{
		Nghe: µs("nghe"), Redis: µs("redis"), Postgres: µs("postgres"), People: µs("people"),
		Cores: 2, Clients: 64, PerSecond: get(wholeTurn, "turns/s"), BytesRedis: get(contact, "B-redis/contact"),
		Bulk: get(sending, "messages/s"), Rows: get(audience, "rows/s"),
	}
	return c, err
}

// Measured simulates the run that the costs are from: all on the same cores. It
// should give PerSecond.
func (c Costs) Measured() Result {
	return Run(Load{Clients: c.Clients, Jobs: 20_000, Seed: 1}, Station{"processor", c.Cores, Exponential(c.Nghe + c.Redis + c.Postgres + c.People)})
}

// Habits are how people write. Nobody has measured them: they are assumed, and
// anybody may assume others.
type Habits struct {
	Daily    float64 // of all people, how many write on a busy day
	Turns    float64 // of one talk
	Hour     float64 // of a day's turns, how many are in the busiest hour
	Burst    float64 // the busiest minutes to the mean of their hour
	Telegram float64 // of all turns, those on Telegram
	Zalo     float64 // and on Zalo; the rest is on the web, which has no limit
}

// Assumed are the habits of docs/capacity.md.
var Assumed = Habits{Daily: .02, Turns: 16, Hour: .2, Burst: 2, Telegram: .25, Zalo: .5}

// Peak is turns a second in the busiest minutes.
func (h Habits) Peak(people float64) float64 {
	return people * h.Daily * h.Turns * h.Hour * h.Burst / 3600
}

// What the platforms take of one bot, in messages a second.
const (
	TelegramLimit = 30 // documented: about 30 in all chats together
	ZaloLimit     = 60 // documented: 4,000 calls a minute of an app; bot/zalo keeps below
)

// What one machine is taken to be, and how busy it may be.
const (
	machineCores = 2
	busyMost     = .6
	redisBytes   = 6e9 // of a machine of 8 GB: a rewrite of the log copies pages
	idleBytes    = 1e3 // of a contact whose bubbles have ended: at most, a session
	shards       = 256 // of store's keys: more masters have nothing to do
)

// Needs are what so many people take.
type Needs struct {
	People, Daily, Peak   float64 // turns a day and a second
	Nghe, Redis, Postgres int     // machines
	Memory                float64 // of Redis, bytes
	Telegram, Zalo        float64 // bots at their limit
	Kept                  Result  // until a turn is kept, at the peak
	First                 string  // what is full first when more people come
}

// Needs reckons and simulates. Each turn takes its time of a processor of nghe's
// machines, of the one thread of a Redis, and of PostgreSQL's machine. Several of a
// kind have one queue here; contacts are bound to a Redis by their shard, so that they wait a
// little longer there, which at 60 % of memory or time is still little.
func (c Costs) Needs(people float64, h Habits) Needs {
	n := Needs{People: people, Daily: people * h.Daily * h.Turns, Peak: h.Peak(people)}
	machines := func(cost time.Duration, cores float64) int {
		return int(math.Ceil(n.Peak * cost.Seconds() / busyMost / cores))
	}
	// Bubbles are kept for 7 days and sessions for 90: who wrote in that time, at
	// most, were they all different people.
	n.Memory = min(1, 7*h.Daily)*people*c.BytesRedis + min(1, 90*h.Daily)*people*idleBytes
	n.Nghe = machines(c.Nghe, machineCores)
	n.Redis = min(shards, max(machines(c.Redis, 1), int(math.Ceil(n.Memory/redisBytes))))
	n.Postgres = machines(c.Postgres, machineCores)
	n.Telegram, n.Zalo = n.Peak*h.Telegram/TelegramLimit, n.Peak*h.Zalo/ZaloLimit
	n.Kept = Run(Load{Rate: n.Peak, Jobs: 50_000, Seed: 1},
		Station{"nghe", n.Nghe * machineCores, Exponential(c.Nghe)},
		Station{"Redis", n.Redis, Exponential(c.Redis)},
		Station{"PostgreSQL", n.Postgres * machineCores, Exponential(c.Postgres)})
	most := 0.0
	for _, part := range []struct {
		name string
		full float64
	}{
		{"Telegram's limit", n.Telegram}, {"Zalo's limit", n.Zalo}, {"nghe's processors", n.Kept.Busy[0]},
		{"Redis's memory", n.Memory / redisBytes / float64(n.Redis)}, {"Redis's thread", n.Kept.Busy[1]}, {"PostgreSQL's processors", n.Kept.Busy[2]},
	} {
		if part.full > most {
			most, n.First = part.full, part.name
		}
	}
	return n
}

// Small is for how many people each part of one machine with everything on it is
// enough, and its turns a second.
type Small struct{ Processor, Memory, Telegram, Zalo, PerSecond float64 }

// Small reckons it, with 3 GB for Redis.
func (c Costs) Small(h Habits) Small {
	each := h.Peak(1)
	s := Small{PerSecond: machineCores * busyMost / (c.Nghe + c.Redis + c.Postgres).Seconds()}
	s.Processor = s.PerSecond / each
	s.Memory = 3e9 / (c.Needs(1e6, h).Memory / 1e6)
	s.Telegram, s.Zalo = TelegramLimit/h.Telegram/each, ZaloLimit/h.Zalo/each
	return s
}
