/**
 * Adds requests to buckets, and returns how full each is afterwards. A key holds the time at which its bucket is empty again, in
 * milliseconds since 1970 by the clock of the store, so a key expires when it says nothing any more. KEYS: the buckets. ARGV: the
 * milliseconds in which one request drains, the most milliseconds that a bucket may need, and the requests for each key. A value that
 * is no number counts as empty.
 */
export const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local fill = {}
for index, key in ipairs(KEYS) do
  local known = redis.pcall('GET', key)
  local empty = math.max(type(known) == 'string' and tonumber(known) or now, now)
  empty = math.min(empty + ARGV[1] * ARGV[index + 2], now + ARGV[2])
  redis.call('SET', key, string.format('%.3f', empty), 'PX', math.max(1, math.ceil(empty - now)))
  fill[index] = string.format('%.3f', empty - now)
end
return fill
`
