-- Changes or ends a delivery if it still belongs to the owner given.
-- KEYS: o due. ARGV: 1 contact  2 seq  3 owner before  4 lease before (-1: any)
-- then, to change it: 5 owner  6 lease  7 not before (ms)  8 progress.
local o, seq = KEYS[1], ARGV[2]
local row = redis.call('HMGET', o, seq .. ':b', seq .. ':o', seq .. ':l')
if not row[1] or row[2] ~= ARGV[3] then return 0 end
if ARGV[4] ~= '-1' and row[3] ~= ARGV[4] then return 0 end
if ARGV[5] then
	redis.call('HSET', o, seq .. ':o', ARGV[5], seq .. ':l', ARGV[6], seq .. ':n', ARGV[7], seq .. ':p', ARGV[8])
else
	redis.call('HDEL', o, seq .. ':b', seq .. ':o', seq .. ':l', seq .. ':n', seq .. ':p')
end

-- When something of this contact may be taken next.
local at, all = {}, redis.call('HGETALL', o)
for i = 1, #all, 2 do
	local number, field = string.match(all[i], '^(%d+):([ln])$')
	if number then at[number] = math.max(at[number] or 0, tonumber(all[i + 1])) end
end
local next
for _, t in pairs(at) do if not next or t < next then next = t end end
if next then redis.call('ZADD', KEYS[2], next, ARGV[1]) else redis.call('ZREM', KEYS[2], ARGV[1]) end
return 1
