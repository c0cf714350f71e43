-- All that a turn needs to know. KEYS: s x e n b. ARGV: turn, now (ms).
local s = redis.call('HMGET', KEYS[1], 'v', 'p', 'q')
local ends = redis.call('ZSCORE', KEYS[4], ARGV[1])
local seen = ends and tonumber(ends) > tonumber(ARGV[2])
local bubbles = {}
if seen then bubbles = redis.call('LRANGE', KEYS[5], 0, -1) end
return {s[1] or '0', s[2], s[3] or '0', redis.call('GET', KEYS[2]), redis.call('GET', KEYS[3]), seen and '1' or '0', bubbles}
