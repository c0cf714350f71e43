-- Forgets the effects of a turn if they are still of its version.
-- KEYS: e. ARGV: version.
local e = redis.call('GET', KEYS[1])
if e and string.match(e, '^(%d+)|') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
