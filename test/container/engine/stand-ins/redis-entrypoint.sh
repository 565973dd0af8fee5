#!/bin/sh
# Options and configuration files are for redis-server, which does not run as root where it can change its user.
set -eu
case ${1:-} in -* | *.conf) set -- redis-server "$@" ;; esac

may() {
  setpriv --dump | grep -q "Capability bounding set:.*\\b$1\\b"
}

if [ "${1:-}" = redis-server ] && [ "$(id -u)" = 0 ] && may setuid && may setgid; then
  find . ! -user redis -exec chown redis {} + || true
  exec setpriv --reuid redis --regid redis --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$0" "$@"
fi
if [ "$(umask)" = 0022 ]; then umask 0077; fi
exec "$@"
