#!/bin/sh
# Master and workers in the foreground, so that SIGUSR1 drains and SIGUSR2 reloads.
set -eu
case ${1:-} in -*) set -- haproxy "$@" ;; esac
if [ "${1:-}" = haproxy ]; then
  shift
  set -- haproxy -W -db "$@"
fi
exec "$@"
