import { RedisScript } from '@app/redis';

/**
 * All writers use one group and one consumer: the next owner of a shard finds what the last one had taken among its
 * own pending entries, in order.
 */
export const writerGroup = 'writers';
const consumer = 'writer';

/**
 * Takes entries until they hold so many trades, the last one whole. KEYS: trades, lease. ARGV: token, `0` for pending
 * entries or `>` for new ones, number of trades. Answers false when the lease is not this owner's, else a list of id,
 * number of trades and rows of each entry (the latter two are false for an entry whose content is gone), and 1 when more
 * entries were taken, which are pending now: several are read at a time, whose sizes are not known before.
 */
export const takeScript = new RedisScript(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return false end
local from, wanted = ARGV[2], tonumber(ARGV[3])
local taken, most, width, list, left = 0, 1, 1, {}, 0
local function read()
  return redis.pcall('XREADGROUP', 'GROUP', '${writerGroup}', '${consumer}', 'COUNT', width, 'STREAMS', KEYS[1], from)
end
while taken < wanted do
  local answer = read()
  if answer and answer.err and string.find(answer.err, 'NOGROUP', 1, true) then
    redis.call('XGROUP', 'CREATE', KEYS[1], '${writerGroup}', '0', 'MKSTREAM')
    answer = read()
  end
  if answer and answer.err then return answer end
  local entries = answer and answer[1][2] or {}
  for _, entry in ipairs(entries) do
    if taken >= wanted then
      left = 1
      break
    end
    local fields = entry[2]
    local trades = fields and tonumber(fields[2]) or 0
    list[#list + 1] = {entry[1], fields and fields[2], fields and fields[4]}
    taken = taken + trades
    most = math.max(most, trades)
    if from ~= '>' then from = entry[1] end
  end
  if #entries < width then break end
  width = math.max(1, math.min(16, math.floor((wanted - taken) / most)))
end
return {list, left}
`);

/**
 * Removes entries that are done, and keeps their dead letters. An entry that is gone already (the script may be sent
 * twice) changes nothing. KEYS: trades, lease, backlog, dead. ARGV: token, number of entries; then for each its id and
 * number of trades; then for each dead letter its entry's id, reason, detail and row. Answers 0 when the lease is not
 * this owner's, else 1.
 */
export const acknowledgeScript = new RedisScript(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local afterEntries = 2 * tonumber(ARGV[2]) + 3
local done, removed = 0, {}
for i = 3, afterEntries - 1, 2 do
  redis.call('XACK', KEYS[1], '${writerGroup}', ARGV[i])
  if redis.call('XDEL', KEYS[1], ARGV[i]) == 1 then
    removed[ARGV[i]] = true
    done = done + tonumber(ARGV[i + 1])
  end
end
for i = afterEntries, #ARGV, 4 do
  if removed[ARGV[i]] then
    redis.call('XADD', KEYS[4], '*', 'reason', ARGV[i + 1], 'detail', ARGV[i + 2], 'row', ARGV[i + 3])
  end
end
if redis.call('XLEN', KEYS[1]) == 0 then redis.call('SET', KEYS[3], 0)
else redis.call('DECRBY', KEYS[3], done) end
return 1
`);
