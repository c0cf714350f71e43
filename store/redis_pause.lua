-- Lets nothing begin on a channel for a time; does not shorten a pause.
-- KEYS: chats. ARGV: 1 now (µs, '' = own clock)  2 time (µs).
local now = tonumber(ARGV[1])
if not now then
	local t = redis.call('TIME')
	now = t[1] * 1000000 + t[2]
end
redis.call('ZADD', KEYS[1], 'GT', now + ARGV[2], '*')
local needed = math.ceil(ARGV[2] / 1000)
if redis.call('PTTL', KEYS[1]) < needed then redis.call('PEXPIRE', KEYS[1], needed) end
return 1
