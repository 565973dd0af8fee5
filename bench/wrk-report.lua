-- Has wrk send the body that bench/wrk.ts gives it, if any, and write what that reads.
wrk.body = os.getenv('WRK_BODY')
if wrk.body then wrk.method = 'POST' end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"longest":%f,"refused":%d,"unanswered":%d}\n',
    summary.requests,
    summary.duration / 1e6,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    latency.max / 1e3,
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
