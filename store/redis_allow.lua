-- Takes one message from a bucket, kept as the time at which it is full again.
-- KEYS: bucket. ARGV: burst, interval (ms), now (ms).
local burst, every, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if full - now > (burst - 1) * every then return 0 end
full = full + every
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil(full - now))
return 1
