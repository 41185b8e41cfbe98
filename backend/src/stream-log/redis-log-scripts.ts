/**
 * A log is a hash (fence, base, last, closed) and a stream. One entry of the stream is what one append brought: frames
 * joined by line feeds, under the id `<seq of its last frame>-0`. Each script is one atomic step in Redis.
 * KEYS are always pairs of hash and stream; a stream's key is its channel's name too.
 */

/** ARGV: fence, base, ttl in ms. 1: made; 0: it exists. */
export const openScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'base', ARGV[2], 'last', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`

/**
 * ARGV per pair: fence, expected last seq, new last seq, 'd' or 't' (with the terminal frame), frames. Per pair
 * 1: appended; 0: no such log; 2: a higher fence; 3: another last seq, a lower fence, or closed. Who listens gets the
 * frames themselves, published in the same step, so that reading live costs no command.
 */
export const appendScript = toAppendScript('')

/** For drills alone: as if there were no fence. Whoever appends, it goes to the end. */
export const unfencedAppendScript = toAppendScript(`
  if held[1] then
    held[1], ARGV[at + 3] = ARGV[at + 1], string.format('%.0f', held[2] + ARGV[at + 3] - ARGV[at + 2])
    ARGV[at + 2] = held[2]
  end`)

function toAppendScript(afterLook: string): string {
  return `
local results = {}
for i = 1, #KEYS / 2 do
  local hash, stream, at = KEYS[2 * i - 1], KEYS[2 * i], 5 * (i - 1)
  local held = redis.call('HMGET', hash, 'fence', 'last', 'base', 'closed')${afterLook}
  if not held[1] then results[i] = 0
  elseif tonumber(held[1]) > tonumber(ARGV[at + 1]) then results[i] = 2
  elseif held[1] ~= ARGV[at + 1] or held[2] ~= ARGV[at + 2] or held[4] then results[i] = 3
  elseif ARGV[at + 3] == ARGV[at + 2] then results[i] = 1
  else
    local kind, frames = ARGV[at + 4], ARGV[at + 5]
    redis.call('XADD', stream, ARGV[at + 3] .. '-0', kind, frames)
    if kind == 't' then redis.call('HSET', hash, 'last', ARGV[at + 3], 'closed', '1')
    else redis.call('HSET', hash, 'last', ARGV[at + 3]) end
    if held[2] == held[3] then redis.call('PEXPIRE', stream, redis.call('PTTL', hash)) end
    redis.call('PUBLISH', stream, ARGV[at + 2] .. kind .. frames)
    results[i] = 1
  end
end
return results`
}

/** ARGV: fence, expected last seq, new base. As an append. Listeners learn that their place is gone. */
export const restartScript = `
local held = redis.call('HMGET', KEYS[1], 'fence', 'last')
if not held[1] then return 0 end
if tonumber(held[1]) > tonumber(ARGV[1]) then return 2 end
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] or tonumber(ARGV[3]) < tonumber(held[2]) then return 3 end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'base', ARGV[3], 'last', ARGV[3])
redis.call('HDEL', KEYS[1], 'closed')
redis.call('PUBLISH', KEYS[2], ARGV[3] .. 'r')
return 1`

/** ARGV: fence. The last seq; nothing when there is no log. */
export const sealScript = `
local held = redis.call('HMGET', KEYS[1], 'fence', 'last')
if not held[1] then return false end
if tonumber(held[1]) < tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'fence', ARGV[1]) end
return tonumber(held[2])`

/** For drills alone: tells the last seq and keeps nobody out. */
export const unsealedScript = `
local held = redis.call('HGET', KEYS[1], 'last')
return held and tonumber(held)`

/** Per pair: fence, base, last, closed (1 or 0); nothing where there is no log. */
export const statesScript = `
local states = {}
for i = 1, #KEYS / 2 do
  local held = redis.call('HMGET', KEYS[2 * i - 1], 'fence', 'base', 'last', 'closed')
  if held[1] then
    states[i] = {tonumber(held[1]), tonumber(held[2]), tonumber(held[3]), held[4] and 1 or 0}
  else states[i] = false end
end
return states`

/**
 * ARGV: after which seq, how many entries at most. Last seq, closed, then id, kind and frames of each entry; nothing
 * where the place lies outside.
 */
export const readScript = `
local held = redis.call('HMGET', KEYS[1], 'base', 'last', 'closed')
local after = tonumber(ARGV[1])
if not held[1] or after < tonumber(held[1]) or after > tonumber(held[2]) then return false end
local reply = {tonumber(held[2]), held[3] and 1 or 0}
for _, entry in ipairs(redis.call('XRANGE', KEYS[2], string.format('%.0f-0', after + 1), '+', 'COUNT', ARGV[2])) do
  reply[#reply + 1] = entry[1]
  reply[#reply + 1] = entry[2][1]
  reply[#reply + 1] = entry[2][2]
end
return reply`

/** ARGV: ttl in ms. Ended logs keep the end they were given. */
export const renewScript = `
for i = 1, #KEYS / 2 do
  if redis.call('HGET', KEYS[2 * i - 1], 'closed') then
  else
    redis.call('PEXPIRE', KEYS[2 * i - 1], ARGV[1])
    redis.call('PEXPIRE', KEYS[2 * i], ARGV[1])
  end
end
return 1`

/** ARGV: ttl in ms. */
export const expireScript = `
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 1`

/**
 * ARGV: bytes, then per pair the seq at or below which entries may go. MAXLEN of what stays, because MINID is younger
 * than Redis 6.0.
 */
export const trimScript = `
for i = 1, #KEYS / 2 do
  local hash, stream, seq = KEYS[2 * i - 1], KEYS[2 * i], tonumber(ARGV[i + 1])
  local held = redis.call('HMGET', hash, 'base', 'last')
  if held[1] and seq > tonumber(held[1]) and seq <= tonumber(held[2])
    and (redis.call('MEMORY', 'USAGE', stream) or 0) > tonumber(ARGV[1]) then
    local stays = #redis.call('XRANGE', stream, string.format('%.0f-0', seq + 1), '+')
    redis.call('XTRIM', stream, 'MAXLEN', stays)
    redis.call('HSET', hash, 'base', ARGV[i + 1])
  end
end
return 1`
