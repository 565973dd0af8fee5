#!/bin/bash
# At the first start makes the database of INFLUXDB_DB and, with INFLUXDB_HTTP_AUTH_ENABLED, the user of
# INFLUXDB_ADMIN_USER and INFLUXDB_ADMIN_PASSWORD, by a server that only this container reaches; then becomes influxd.
set -euo pipefail

query() {
  influx -host 127.0.0.1 -port 8086 "$@"
}

initialise() {
  local credentials=() server
  INFLUXDB_HTTP_BIND_ADDRESS=127.0.0.1:8086 INFLUXDB_HTTP_HTTPS_ENABLED=false influxd "$@" &
  server=$!
  for ((tries = 0; ; tries += 1)); do
    # Without a user SHOW DATABASES is refused too, but by a server that listens.
    if [ "$tries" -gt 300 ]; then
      echo 'influxdb init process failed.' >&2
      exit 1
    fi
    if (exec 3<>/dev/tcp/127.0.0.1/8086) 2>/dev/null; then break; fi
    sleep 0.1
  done
  if [ -n "$admin" ]; then
    query -execute "CREATE USER \"$admin\" WITH PASSWORD '${INFLUXDB_ADMIN_PASSWORD:-}' WITH ALL PRIVILEGES"
    credentials=(-username "$admin" -password "${INFLUXDB_ADMIN_PASSWORD:-}")
  fi
  if [ -n "${INFLUXDB_DB:-}" ]; then query "${credentials[@]}" -execute "CREATE DATABASE \"$INFLUXDB_DB\""; fi
  kill -s TERM "$server"
  wait "$server"
}

if [ "${1:0:1}" = - ]; then set -- influxd "$@"; fi
if [ "$1" = influxd ]; then
  admin=
  if [ "${INFLUXDB_HTTP_AUTH_ENABLED:-false}" = true ]; then admin=${INFLUXDB_ADMIN_USER:-}; fi
  meta=${INFLUXDB_META_DIR:-/var/lib/influxdb/meta}
  if [ -n "$admin${INFLUXDB_DB:-}" ] && ! [ -d "$meta" ]; then initialise "${@:2}"; fi
fi
exec "$@"
