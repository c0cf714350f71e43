-- Gives what a turn needs, as of one moment: {version, session, last sequence
-- number, hold, sensitive, effects, end of the mark of the turn}; false for
-- what is not there.
-- KEYS: s x e n. ARGV: turn.
local head = redis.call('HMGET', KEYS[1], 'v', 'p', 'q', 'h')
return {
	head[1], head[2], head[3], head[4],
	redis.call('GET', KEYS[2]), redis.call('GET', KEYS[3]), redis.call('ZSCORE', KEYS[4], ARGV[1]),
}
