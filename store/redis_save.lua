-- Writes a turn whole or not at all; gives the last sequence number before its
-- bubbles, or nothing when the session changed or the turn is done already.
-- KEYS: s x e n b o i due in
-- ARGV: 1 base  2 turn  3 now (ms)  4 seen life  5 session life  6 bubble life
--       7 bubbles kept  8 erase  9 has session, 10 session
--       11 sensitive life (0 = none), 12 sensitive
--       13 has effects, 14 effects  15 contact  16 what is sent, '' = nothing
--       17 outbox life  18 epoch of the hold  19… bubbles without seq, "at|json"
-- Lives are in milliseconds.
local now = tonumber(ARGV[3])
local head = redis.call('HMGET', KEYS[1], 'v', 'q', 'h')
local version = tonumber(head[1] or '0')
if version ~= tonumber(ARGV[1]) then return false end
local epoch = head[3] and string.match(head[3], '^%d+') or '0'
if epoch ~= ARGV[18] then return false end
local ends = now + tonumber(ARGV[4])
if redis.call('ZADD', KEYS[4], 'NX', ends, ARGV[2]) == 0 then
	-- Marked, unless the mark has outlived its time.
	if tonumber(redis.call('ZSCORE', KEYS[4], ARGV[2])) > now then return false end
	redis.call('ZADD', KEYS[4], ends, ARGV[2])
end

local seq = tonumber(head[2] or '0')
local added = #ARGV - 18
if ARGV[9] == '1' then
	redis.call('HSET', KEYS[1], 'v', version + 1, 'q', seq + added, 'p', ARGV[10])
else
	redis.call('HSET', KEYS[1], 'v', version + 1, 'q', seq + added)
	redis.call('HDEL', KEYS[1], 'p')
end

local gone = {}
if tonumber(ARGV[11]) > 0 then redis.call('SET', KEYS[2], ARGV[12], 'PX', ARGV[11]) else table.insert(gone, KEYS[2]) end
if ARGV[13] == '1' then redis.call('SET', KEYS[3], (version + 1) .. '|' .. ARGV[14], 'PX', ARGV[5]) else table.insert(gone, KEYS[3]) end
if #gone > 0 then redis.call('DEL', unpack(gone)) end

if ARGV[8] == '1' then
	redis.call('DEL', KEYS[5], KEYS[6])
	if head[3] then redis.call('HSET', KEYS[1], 'h', epoch .. '||') end
end
local bubbles = {}
for i = 1, added do bubbles[i] = (seq + i) .. '|' .. ARGV[18 + i] end
local kept = added > 0 and redis.call('RPUSH', KEYS[5], unpack(bubbles)) or 0
if kept > tonumber(ARGV[7]) then redis.call('LTRIM', KEYS[5], -tonumber(ARGV[7]), -1) end

-- The keys s, n and b live an hour longer than is promised: so lives are to be
-- renewed, and what is old put away, once an hour of a talk and not in each turn.
if kept == added or redis.call('PTTL', KEYS[1]) < tonumber(ARGV[5]) then
	local hour = 3600000
	redis.call('PEXPIRE', KEYS[1], ARGV[5] + hour)
	redis.call('PEXPIRE', KEYS[4], ARGV[4] + hour)
	redis.call('PEXPIRE', KEYS[5], ARGV[6] + hour)
	redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now)
	while true do
		local oldest = redis.call('LINDEX', KEYS[5], 0)
		if not oldest or tonumber(string.match(oldest, '^%d+|(%d+)|')) + ARGV[6] > now then break end
		redis.call('LPOP', KEYS[5])
	end
end

if redis.call('HDEL', KEYS[7], 't:' .. ARGV[2]) == 1 and redis.call('HLEN', KEYS[7]) == 1 then
	redis.call('DEL', KEYS[7])
	redis.call('ZREM', KEYS[9], ARGV[15])
end
if ARGV[16] ~= '' then
	local row = tostring(seq + added)
	redis.call('HSET', KEYS[6], row .. ':b', ARGV[16], row .. ':o', '', row .. ':l', 0, row .. ':n', ARGV[3], row .. ':p', '{}')
	redis.call('PEXPIRE', KEYS[6], ARGV[17])
	redis.call('ZADD', KEYS[8], 'LT', ARGV[3], ARGV[15])
elseif ARGV[8] == '1' then
	redis.call('ZREM', KEYS[8], ARGV[15])
end
return seq
