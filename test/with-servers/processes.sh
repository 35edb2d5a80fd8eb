# Processes in the background, each with a name, for the scripts beside it, which source it after checks.sh. Those that run when the
# script ends are ended.
# shellcheck shell=bash disable=SC2154

declare -A process=()
# The signals that end processes, where TERM does not.
declare -A last_signal=()
at_end+=(end_all)

# NAME COMMAND…: starts a process. What it prints is in $work/NAME.log.
start() {
  "${@:2}" > "$work/$1.log" 2>&1 &
  process[$1]=$!
}

# USER COMMAND…: in place of this shell, and as that user if we are root.
exec_as() {
  local user=$1
  shift
  if ((EUID == 0)); then exec setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"; else exec "$@"; fi
}

# NAME COMMAND…: until the command succeeds. If the process ends before, or it takes too long, its log is shown.
await() {
  eventually succeeds_or_is_over "$@" && is_running "$1" && return
  cat "$work/$1.log" >&2
  return 1
}
succeeds_or_is_over() { "${@:2}" || ! is_running "$1"; }
is_running() { kill -0 "${process[$1]}" 2> /dev/null; }

# NAME OPTION…: our server, until it accepts clients.
start_server() {
  start "$1" node dist/bin.js serve "${@:2}"
  await "$1" grep -q '"msg":"serving"' "$work/$1.log"
}

# NAME clients|admin: the URL of a listener of our server.
url_of() { sed -nE "s/.*\"$2\":\"(https?:[^\"]*)\".*/\1/p" "$work/$1.log"; }

# NAME SIGNAL
send_signal() { kill "-$2" "${process[$1]}"; }

# NAME: the process, and those that it has started.
family() { echo "${process[$1]}" && pgrep -P "${process[$1]}" || true; }

# NAME: stops a process and its children where they are. Sending the signal does not wait for that.
hang() {
  local members
  mapfile -t members < <(family "$1")
  kill -STOP "${members[@]}"
  eventually hold_still "${members[@]}"
}
# PID…: all threads are stopped.
hold_still() {
  local pid
  for pid; do
    if cat "/proc/$pid/task/"*/stat | grep -vq ') T '; then return 1; fi
  done
}
# NAME: they continue.
resume() {
  local members
  mapfile -t members < <(family "$1")
  kill -CONT "${members[@]}"
}

# NAME [SIGNAL]: ends a process; the status is that of the process.
end() {
  ask_to_end "$@"
  await_end "$1"
}
# NAME [SIGNAL]: ends a process, whatever its status is.
stop() { end "$@" || true; }

ask_to_end() {
  local pid=${process[$1]} signal=${2:-${last_signal[$1]:-TERM}}
  {
    # A process that hangs takes only KILL.
    [[ $signal == KILL ]] || resume "$1"
    kill "-$signal" "$pid" || true
  } 2> /dev/null
}

# NAME: waits for the end of a process, and kills it if that takes too long. The status is that of the process.
await_end() {
  local pid=${process[$1]}
  unset "process[$1]"
  # Bash reports a signal that has ended a process.
  {
    eventually is_over "$pid" > /dev/null || kill -KILL "$pid"
    wait "$pid"
  } 2> /dev/null
}
is_over() { ! kill -0 "$1"; }

# All of them at once.
end_all() {
  local name
  for name in "${!process[@]}"; do ask_to_end "$name"; done
  for name in "${!process[@]}"; do await_end "$name" || true; done
}

# NUMBER: so many ports of the loopback that nobody listens on, a line each.
free_ports() {
  node -e '
    const { createServer } = require("node:net")
    const servers = Array.from({ length: Number(process.argv[1]) }, () => createServer().listen(0, "127.0.0.1"))
    setTimeout(() => {
      console.log(servers.map((server) => server.address().port).join("\n"))
      for (const server of servers) server.close()
    }, 100)' "$1"
}

# PORT [ADDRESS]: somebody listens there.
listens() { : 2> /dev/null > "/dev/tcp/${2:-127.0.0.1}/$1"; }
