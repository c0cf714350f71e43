-- Keeps a message until its turn is committed; 0 when it is known already.
-- KEYS: n i in. ARGV: contact, turn, now (ms), life (ms), message.
local mark = redis.call('ZSCORE', KEYS[1], ARGV[2])
if mark and tonumber(mark) > tonumber(ARGV[3]) then return 0 end
if redis.call('HEXISTS', KEYS[2], 't:' .. ARGV[2]) == 1 then return 0 end
local number = redis.call('HINCRBY', KEYS[2], '#', 1)
redis.call('HSET', KEYS[2], 't:' .. ARGV[2], number .. '|' .. ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('ZADD', KEYS[3], 'NX', ARGV[3], ARGV[1])
return 1
