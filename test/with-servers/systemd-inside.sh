# What systemd.sh runs in the container.
# shellcheck shell=bash

set -euo pipefail
shopt -s inherit_errexit

work=/lab/work
mkdir "$work"
source /lab/checks.sh

readonly unit=mail-autoconfig settings=/etc/mail-autoconfig path='/v1.1/example.org'
useradd --system --user-group --home-dir /nonexistent "$unit"

# PROPERTY -> its value.
shows() { systemctl show --property "$1" --value "$unit"; }

# PROPERTY PATTERN
has() {
  shows "$1"
  [[ $(shows "$1") == $2 ]]
}

# PORT
answers() { get "http://127.0.0.1:$1$path" | grep -F '<domain>example.org</domain>'; }

# LINES…: settings of the service besides those of its unit.
override() {
  mkdir -p "/etc/systemd/system/$unit.service.d"
  printf '%s\n' '[Service]' "$@" > "/etc/systemd/system/$unit.service.d/test.conf"
  systemctl daemon-reload
}

# --- Start and reload ------------------------------------------------------------------------------------------------

override 'WatchdogSec=1s' 'RestartSec=100ms'
# So many domains that a reload takes a moment.
seq -f 'd%.0f.example maximusconfessor' 100000 > "$settings/domains.map"
echo 'domainFiles: [domains.map]' >> "$settings/autoconfig.yaml"

runs_without_rights() {
  local status
  status=/proc/$(shows MainPID)/status
  grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):' "$status"
  ! grep -qP '^Uid:\t0' "$status" && grep -qP '^CapBnd:\t0+$' "$status" && grep -qP '^NoNewPrivs:\t1' "$status" &&
    grep -qP '^Seccomp:\t2' "$status"
}

is_reloading() { has ActiveState reloading; }

# The whole time of a reload: a `kill -HUP` has ended before it has begun.
shows_reload() {
  systemctl reload "$unit" && eventually is_reloading && eventually has ActiveState active
}

log_has() { journalctl --unit "$unit" --output cat "${@:2}" | grep -F "$1"; }

rejects_reload() {
  echo 'quux: 1' >> "$settings/autoconfig.yaml"
  systemctl reload "$unit"
  eventually has StatusText '*configuration rejected: /etc/mail-autoconfig/autoconfig.yaml:*quux*' && eventually has ActiveState active &&
    answers 8080
}

accepts_reload() {
  sed -i '/^quux/d' "$settings/autoconfig.yaml"
  systemctl reload "$unit"
  eventually has StatusText 'Serving 100,00? domains on 2 hosts' && eventually has ActiveState active
}

finds_errors_by_priority() {
  log_has 'configuration rejected' --priority err && log_has '"msg":"serving"' --priority info &&
    ! log_has '"msg":"serving"' --priority warning
}

is_json() {
  journalctl --unit "$unit" --output cat _COMM=node |
    node -e 'require("node:fs").readFileSync(0, "utf8").trim().split("\n").forEach(JSON.parse)'
}

check 'the exposure is at most 1.5' systemd-analyze security --no-pager --offline=true --threshold=15 "/etc/systemd/system/$unit.service"
check 'the units contain no mistake' systemd-analyze verify "$unit.service" "$unit.socket"
check 'the service starts, and has said that it is ready' systemctl start "$unit"
check 'systemctl shows how much is served' has StatusText 'Serving 100,00? domains on 2 hosts'
check 'the service answers clients' answers 8080
check 'the process has no rights' runs_without_rights
check 'systemd sees the reload' shows_reload
check 'a rejected reload is shown, and the service goes on' rejects_reload
check 'the next reload is accepted' accepts_reload
check 'the journal has the priorities of the lines' finds_errors_by_priority
check 'the lines in the journal are JSON' is_json
check 'the last good configuration is saved' test -e /var/lib/mail-autoconfig/saved.json -o -n "$(ls -A /var/lib/mail-autoconfig)"

# --- Failure ---------------------------------------------------------------------------------------------------------

starts_again() {
  local before
  before=$(shows MainPID)
  kill "-$1" "$before"
  is_another() { [[ $(shows MainPID) != 0 && $(shows MainPID) != "$before" ]] && has ActiveState active; }
  eventually is_another && answers 8080
}

serves_saved() {
  echo 'quux: 1' >> "$settings/autoconfig.yaml"
  systemctl restart "$unit" && has StatusText '*of the saved configuration; configuration rejected: *quux*' && answers 8080
}

check 'the watchdog restarts a process that hangs' starts_again STOP
check 'the log of the system says so' log_has 'Watchdog timeout'
check 'a killed process is started again' starts_again KILL
check 'a restart with an invalid configuration serves the saved one' serves_saved
sed -i '/^quux/d; /^domainFiles/d' "$settings/autoconfig.yaml"
systemctl restart "$unit"

# --- Stop and restart under load --------------------------------------------------------------------------------------

# URL COMMAND…: while clients ask.
under_load() {
  node /lab/load.mjs "$1" > "$work/load" &
  local load=$!
  sleep 1
  "${@:2}"
  sleep 1
  kill "$load"
  wait "$load"
  cat "$work/load"
}

stops_without_reset() {
  under_load "http://127.0.0.1:8080$path" systemctl stop "$unit"
  grep -qE '^\{"200":[0-9]+(,"ECONNREFUSED":[0-9]+)?,"slowest":[0-9]+\}$' "$work/load" && has Result success && has ExecMainStatus 0
}

restarts_without_loss() {
  local before
  before=$(shows MainPID)
  under_load "$1" systemctl restart "$unit"
  grep -qE '^\{"200":[0-9]+,"slowest":[0-9]+\}$' "$work/load" && [[ $(shows MainPID) != "$before" ]]
}

check 'a stop under load resets no connection' stops_without_reset

starts_on_demand() { systemctl start "$unit.socket" && has ActiveState inactive && answers 80 && has ActiveState active; }

check 'the first connection to the socket unit starts the service' starts_on_demand
check 'a restart under load refuses and resets no connection' restarts_without_loss "http://127.0.0.1$path"

# --- Several sockets, and unix sockets -----------------------------------------------------------------------------------

mkdir "/etc/systemd/system/$unit.socket.d"
printf '%s\n' '[Socket]' "ListenStream=/run/$unit.sock" 'SocketMode=0666' > "/etc/systemd/system/$unit.socket.d/test.conf"
sed "s/^ListenStream=.*/ListenStream=127.0.0.1:81/; s/=http/=admin\nService=$unit.service/" \
  "/etc/systemd/system/$unit.socket" > "/etc/systemd/system/$unit-admin.socket"
systemctl daemon-reload

gets_all_sockets() {
  systemctl stop "$unit.service" "$unit.socket"
  systemctl start "$unit.socket" "$unit-admin.socket" && answers 80 && answers_on_socket "/run/$unit.sock" && get http://127.0.0.1:81/healthz
}

answers_on_socket() { get --unix-socket "$1" "http://localhost$path" | grep -F '<domain>example.org</domain>'; }

check 'systemd hands over three sockets of two units' gets_all_sockets

has_own_sockets() {
  systemctl stop "$unit.service" "$unit.socket" "$unit-admin.socket"
  printf '%s\n' "SOCKET=/run/$unit/http.sock" "ADMIN_SOCKET=/run/$unit/admin.sock" > "/etc/default/$unit"
  systemctl start "$unit" && answers_on_socket "/run/$unit/http.sock" && [[ $(stat -c '%A %U' "/run/$unit/http.sock") == "srw-rw---- $unit" ]] &&
    [[ $(ss --listening --numeric --tcp --no-header) == '' ]] &&
    runuser -u "$unit" -- mail-autoconfig explain --running info@example.org --config "$settings/autoconfig.yaml" --admin-socket "/run/$unit/admin.sock"
}

check 'the service listens on unix sockets and no port' has_own_sockets
restarts_on_socket() {
  kill -KILL "$(shows MainPID)"
  eventually answers_on_socket "/run/$unit/http.sock"
}

check 'a killed process leaves its sockets, and the next one replaces them' restarts_on_socket

tell_count
