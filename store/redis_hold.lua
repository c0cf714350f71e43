-- Sets who has a talk in hand, unless that is known from a later epoch.
-- KEYS: s. ARGV: 1 epoch  2 "kind|case"  3 session life (ms)
local h = redis.call('HGET', KEYS[1], 'h')
if h and tonumber(string.match(h, '^%d+')) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSETNX', KEYS[1], 'v', 1)
redis.call('HSET', KEYS[1], 'h', ARGV[1] .. '|' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
