#!/bin/sh
# An option, or a word that is neither a command nor on PATH, is for node.
set -eu
first=${1:-}
case $first in
  -*) set -- node "$@" ;;
  *) if [ -z "$(command -v "$first")" ] || { [ -f "$first" ] && ! [ -x "$first" ]; }; then set -- node "$@"; fi ;;
esac
exec "$@"
