import { Script } from './script.js';

/**
 * What is kept of who is here, all of it under keys of one slot:
 *
 * | key       | kind       | holds                                             |
 * | --------- | ---------- | ------------------------------------------------- |
 * | leases    | sorted set | node, by the end of its lease (ms, Redis's clock) |
 * | conns     | hash       | person LF connection → node                       |
 * | counts    | hash       | person → connections                              |
 * | people    | hash       | person → {u: name, s: since}                      |
 * | order     | sorted set | persons, by id                                    |
 * | birth     | string     | made anew whenever Redis has lost its memory      |
 * | node:<id> | set        | person LF connection of that node                 |
 *
 * Every change is told to the nodes in the same step, so that it is told if and only if it was made.
 * All of it ends by itself some time after the last node renewed its lease.
 */
const KEYS = `
local leases, conns, counts, people, order, birth, node = unpack(KEYS)
local function personOf(id)
  local found, person = pcall(cjson.decode, redis.call('HGET', people, id) or '')
  local whole = found and type(person) == 'table' and type(person.u) == 'string'
  return whole and type(person.s) == 'number' and person or nil
end
local function tell(kind, id, from, time)
  local person = personOf(id)
  if not person then return end
  local text = cjson.encode({1, from, kind, {id, person.u}, time})
  redis.call(ARGV[1], ARGV[2], text)
end
local function depart(id, from, time)
  if redis.call('HINCRBY', counts, id, -1) > 0 then return 0 end
  tell('leave', id, from, time)
  redis.call('HDEL', counts, id)
  redis.call('HDEL', people, id)
  redis.call('ZREM', order, id)
  return 1
end
local function keepFor(ms)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ms) end
end
`;

/**
 * ARGV: publish, channel, node, person, connection, {u, s}, from, time, expiry of all keys (ms).
 * `from` is the node that announces its own people by itself; empty: announce to all; '-': to
 * nobody. Answers 1 for the person's first connection, 0 for another one, -1 where the node has no
 * lease.
 */
export const ARRIVE = new Script(`${KEYS}
if not redis.call('ZSCORE', leases, ARGV[3]) then return -1 end
local id, entry = ARGV[4], ARGV[4] .. '\\n' .. ARGV[5]
if redis.call('HSETNX', conns, entry, ARGV[3]) == 0 then return 0 end
redis.call('SADD', node, entry)
local connections = redis.call('HINCRBY', counts, id, 1)
if connections == 1 then
  redis.call('HSET', people, id, ARGV[6])
  redis.call('ZADD', order, 0, id)
end
keepFor(ARGV[9])
if connections > 1 then return 0 end
if ARGV[7] ~= '-' then tell('enter', id, ARGV[7], tonumber(ARGV[8])) end
return 1`);

/** ARGV: publish, channel, node, person, connection, from, time. Answers 1 for the last connection. */
export const DEPART = new Script(`${KEYS}
local entry = ARGV[4] .. '\\n' .. ARGV[5]
if redis.call('HDEL', conns, entry) == 0 then return 0 end
redis.call('SREM', node, entry)
return depart(ARGV[4], ARGV[6], tonumber(ARGV[7]))`);

/**
 * ARGV: publish, channel, node, duration of the lease (ms), a new birth, prefix of node keys, most
 * entries to clear, expiry of all keys (ms). Renews the lease, and removes entries of nodes whose
 * lease has expired. Where somebody wrote another type under one of the keys, everything is
 * dropped, as if Redis had lost its memory: nodes restore it. Answers the birth, whether the lease
 * was held, and whether there is more to clear.
 */
export const RENEW = new Script(`${KEYS}
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local types = {'zset', 'hash', 'hash', 'hash', 'zset', 'string', 'set'}
for at, key in ipairs(KEYS) do
  local found = redis.call('TYPE', key).ok
  if found ~= 'none' and found ~= types[at] then
    redis.call('DEL', unpack(KEYS))
    break
  end
end
redis.call('SET', birth, ARGV[5], 'NX')
local known = redis.call('ZSCORE', leases, ARGV[3]) and 1 or 0
redis.call('ZADD', leases, now + ARGV[4], ARGV[3])
keepFor(ARGV[8])
local left = tonumber(ARGV[7])
for _, dead in ipairs(redis.call('ZRANGE', leases, '-inf', now, 'BYSCORE', 'LIMIT', 0, 10)) do
  local entries = redis.call('SPOP', ARGV[6] .. dead, left)
  for _, entry in ipairs(entries) do
    local stop = string.find(entry, '\\n', 1, true)
    if stop and redis.call('HDEL', conns, entry) == 1 then
      depart(string.sub(entry, 1, stop - 1), '', now)
    end
  end
  left = left - #entries
  if left <= 0 then break end
  redis.call('ZREM', leases, dead)
end
return {redis.call('GET', birth), known, left <= 0 and 1 or 0}`);

/** ARGV: -, -, node, milliseconds. Shortens the lease of a node that stops. */
export const RESIGN = new Script(`${KEYS}
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
return redis.call('ZADD', leases, 'XX', now + ARGV[4], ARGV[3])`);

/** ARGV: -, -, persons. Answers four values for each of them who is here. */
export const AMONG = new Script(`${KEYS}
local rows = {}
for at = 3, #ARGV do
  local id = ARGV[at]
  local person = redis.call('ZSCORE', order, id) and personOf(id)
  if person then
    rows[#rows + 1] = id
    rows[#rows + 1] = person.u
    rows[#rows + 1] = tostring(redis.call('HGET', counts, id))
    rows[#rows + 1] = string.format('%.0f', person.s)
  end
end
return rows`);

/**
 * ARGV: -, -, after (empty: from the first), limit. Answers the total, the last id of the page if
 * others follow (else empty), and four values per person. Entries that no node wrote are skipped.
 */
export const PAGE = new Script(`${KEYS}
local from = ARGV[3] == '' and '-' or '(' .. ARGV[3]
local limit = tonumber(ARGV[4])
local ids = redis.call('ZRANGE', order, from, '+', 'BYLEX', 'LIMIT', 0, limit + 1)
local rows = {redis.call('ZCARD', order), #ids > limit and ids[limit] or ''}
for at = 1, math.min(limit, #ids) do
  local id = ids[at]
  local person = personOf(id)
  if person then
    rows[#rows + 1] = id
    rows[#rows + 1] = person.u
    rows[#rows + 1] = tostring(redis.call('HGET', counts, id))
    rows[#rows + 1] = string.format('%.0f', person.s)
  end
end
return rows`);
