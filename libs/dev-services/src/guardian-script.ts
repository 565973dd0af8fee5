/**
 * What the guardian runs: POSIX sh, since that is small and everywhere. Its standard input is a pipe from the
 * starter. Each line is the whole list of what is to be stopped, as `pid:signal:seconds` in this order; the
 * last line counts. The end of the input means that the starter is gone, by whatever way: it stops them one
 * by one, forces those that overrun their seconds, and removes the folder that it was given.
 */
export const guardianScript = `
trap '' HUP INT TERM
folder=$1
orders=

alive() {
  kill -0 "$1" 2>/dev/null || return 1
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  case \${stat##*) } in Z*) return 1 ;; esac
}

children() {
  cat "/proc/$1/task/$1/children" 2>/dev/null || pgrep -P "$1"
}

stop() {
  alive "$1" || return 0
  family="$1 $(children "$1")"
  kill -s "$2" "$1"
  kill -s CONT $family
  ticks=$(($3 * 20))
  while alive "$1"; do
    if [ "$ticks" -le 0 ]; then
      kill -s KILL $family
      return 0
    fi
    ticks=$((ticks - 1))
    sleep 0.05
  done
}

while IFS= read -r line; do
  orders=$line
done
for order in $orders; do
  rest=\${order#*:}
  stop "\${order%%:*}" "\${rest%%:*}" "\${rest#*:}"
done
if [ -n "$folder" ]; then rm -rf -- "$folder"; fi
`;
