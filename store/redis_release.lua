-- Notes that a message was answered (it counts a second more), or never begun.
-- KEYS: slots chats. ARGV: 1 now (µs, '' = own clock)  2 message  3 contact
-- 4 begun  5 gap of the chat (µs).
local now = tonumber(ARGV[1])
if not now then
	local t = redis.call('TIME')
	now = t[1] * 1000000 + t[2]
end
if ARGV[4] ~= '1' then
	redis.call('ZREM', KEYS[1], ARGV[2])
	redis.call('ZREM', KEYS[2], ARGV[3])
	return 1
end
redis.call('ZADD', KEYS[1], 'XX', now + 1000000, ARGV[2])
if tonumber(ARGV[5]) > 0 then redis.call('ZADD', KEYS[2], 'XX', now + ARGV[5], ARGV[3]) end
return 1
