#!/bin/bash
# Makes a new data folder ready by POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and their _FILE twins, with a server
# that only its own socket reaches, then becomes the server. Started as root it goes on as postgres.
set -euo pipefail

# Sets the variable from its file, if that is given instead.
from_file() {
  local name=$1 default=${2:-} file_name=$1_FILE
  local value=${!name:-} file=${!file_name:-}
  if [ -n "$value" ] && [ -n "$file" ]; then
    echo "error: both $name and $file_name are set (but are exclusive)" >&2
    exit 1
  fi
  if [ -n "$file" ]; then value=$(<"$file"); fi
  export "$name=${value:-$default}"
  unset "$file_name"
}

query() {
  psql --no-psqlrc --no-password -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"
}

initialise() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-} file
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$method" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  local options=()
  read -r -a options <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${options[@]}"
  printf '\nhost all all all %s\n' "${method:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  shift
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -w start -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")"
  export PGPASSWORD=$POSTGRES_PASSWORD
  if [ -z "$(query --dbname postgres -tA -v name="$POSTGRES_DB" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")" ]; then
    query --dbname postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sql) query --dbname "$POSTGRES_DB" -f "$file" ;;
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
    esac
  done
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "$1" = postgres ]; then
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  mkdir -p "$PGDATA" /run/postgresql || true
  chmod 0700 "$PGDATA" || true
  chmod 03775 /run/postgresql 2>/dev/null || true
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" /run/postgresql ! -user postgres -exec chown postgres {} +
    exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
  fi
  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    initialise "$@"
  fi
fi
exec "$@"
