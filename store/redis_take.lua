-- Gives leave to begin a message, or says when to ask again: the rules are
-- those of bot.OwnSlots. Times are microseconds, so that no sliding second is
-- a fraction short.
-- KEYS: slots chats answers
-- ARGV: 1 now ('' = this server's clock, the one that processes share)
--       2 message  3 contact  4 bulk  5 process  6 answers waiting there
--       7 limit  8 gap of the chat  9 life of a message without news
--       10 life of a chat without news  11 gap of bulk  12 grace of answers
-- gives {granted, wait, refused because of the chat}
local now = tonumber(ARGV[1])
if not now then
	local t = redis.call('TIME')
	now = t[1] * 1000000 + t[2]
end
local contact, bulk, process, waiting = ARGV[3], ARGV[4] == '1', ARGV[5], tonumber(ARGV[6])
local limit, gap, life = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local second = 1000000

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local paused = redis.call('ZSCORE', KEYS[2], '*')
if paused then return {0, math.ceil(paused - now), 0} end
local chat = redis.call('ZSCORE', KEYS[2], contact)
if chat then return {0, math.ceil(math.min(chat - now, gap)), 1} end

redis.call('HDEL', KEYS[3], process)
local wait = 0
if limit > 0 then
	local before = 0 -- answers elsewhere
	if bulk then
		local all = redis.call('HGETALL', KEYS[3])
		for i = 1, #all, 2 do
			local n, till = string.match(all[i + 1], '^(%d+)|(%d+)$')
			if tonumber(till) > now then before = before + tonumber(n) else redis.call('HDEL', KEYS[3], all[i]) end
		end
		wait = (redis.call('ZSCORE', KEYS[2], 'bulk') or now) - now
	end
	local nth = before - (limit - redis.call('ZCARD', KEYS[1]))
	if nth >= 0 then
		-- What has no answer yet ends a second after its answer.
		local free = redis.call('ZRANGE', KEYS[1], nth, nth, 'WITHSCORES')[2]
		wait = math.max(wait, math.min(free and free - now or second, second))
	end
end

if wait <= 0 then
	waiting = waiting - 1
	if limit > 0 then
		redis.call('ZADD', KEYS[1], now + life, ARGV[2])
		if bulk then redis.call('ZADD', KEYS[2], now + ARGV[11], 'bulk') end
	end
	if gap > 0 then redis.call('ZADD', KEYS[2], now + ARGV[10], contact) end
end
if not bulk and waiting > 0 then
	redis.call('HSET', KEYS[3], process, string.format('%d|%.0f', waiting, now + wait + ARGV[12]))
	redis.call('PEXPIRE', KEYS[3], 5000)
end
redis.call('PEXPIRE', KEYS[1], math.ceil(life / 1000))
local needed = math.ceil(ARGV[10] / 1000)
if redis.call('PTTL', KEYS[2]) < needed then redis.call('PEXPIRE', KEYS[2], needed) end
return {wait <= 0 and 1 or 0, math.ceil(math.max(wait, 0)), 0}
