import { RedisScript } from '@app/redis';

/**
 * Appends a request's trades of one shard as one stream entry, unless that exceeds what may wait, and makes those of
 * the given quotes the latest whose order key is above the present one's.
 *
 * KEYS: trades, backlog, quotes, last-update. ARGV: rows, number of trades, most that may wait, message for the
 * writers, their channel; then for each quote its symbol, order key, the rest of its JSON behind the update id, and its
 * channel. Answers whether the trades were taken, and how many wait now.
 */
export const appendScript = new RedisScript(`
local waiting = tonumber(redis.call('GET', KEYS[2]) or '0')
if waiting + tonumber(ARGV[2]) > tonumber(ARGV[3]) then return {0, waiting} end
redis.call('XADD', KEYS[1], '*', 'trades', ARGV[2], 'rows', ARGV[1])
waiting = redis.call('INCRBY', KEYS[2], ARGV[2])
redis.call('PUBLISH', ARGV[5], ARGV[4])

local us, n
for i = 6, #ARGV, 4 do
  local held = redis.call('HGET', KEYS[3], ARGV[i])
  if not held or string.sub(held, 1, string.find(held, '\\t', 1, true) - 1) < ARGV[i + 1] then
    if not us then
      local now = redis.call('TIME')
      local last = redis.call('GET', KEYS[4]) or '0-0'
      local dash = string.find(last, '-', 1, true)
      us = now[1] * 1000000 + now[2]
      n = -1
      -- The clock may have been set back, or stand still.
      if us <= tonumber(string.sub(last, 1, dash - 1)) then
        us = tonumber(string.sub(last, 1, dash - 1))
        n = tonumber(string.sub(last, dash + 1))
      end
    end
    n = n + 1
    local quote = '{"updateId":"' .. string.format('%.0f-%.0f', us, n) .. '",' .. ARGV[i + 2]
    redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1] .. '\\t' .. quote)
    redis.call('PUBLISH', ARGV[i + 3], quote)
  end
end
if us then redis.call('SET', KEYS[4], string.format('%.0f-%.0f', us, n)) end
return {1, waiting}
`);
