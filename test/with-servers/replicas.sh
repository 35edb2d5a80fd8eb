#!/usr/bin/env bash
#
# Three replicas of the server behind HAProxy as docs/scaling.md describes it, with one PostgreSQL, under a steady load: replicas that
# are killed and upgraded, a database that restarts, hangs and is down. Every answer is compared with the right one. Prints the table
# of docs/scaling.md. Everything runs on the loopback interface, on free ports, in a temporary directory.
#
#   npm ci && npm run build && test/with-servers/replicas.sh
#
# Needs haproxy, initdb, postgres, psql and curl (Debian: haproxy postgresql curl). The script does not touch the servers of the system.
# Run as root, it starts PostgreSQL as the user postgres, because it refuses to run as root. RATE is the number of requests a second.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/postgresql.sh

need 'haproxy postgresql curl' node haproxy initdb postgres psql curl
need_build
make_work

# Hot domains are asked for again and again, cold ones once, while the database is in trouble.
readonly hot=400 cold=1500 rate=${RATE:-500}

mapfile -t ports < <(free_ports 9)
readonly ports balancer=127.0.0.1:${ports[6]} statistics=127.0.0.1:${ports[7]} postgresql_port=${ports[8]}

# --- The database ----------------------------------------------------------------------------------------------------

make_postgresql --auth-host=trust
start_postgresql
# As pg_ctl restart -m immediate does, but the new one is also a child of this script.
restart_postgresql() {
  stop postgresql
  start_postgresql
}

{
  # The tables and triggers that the documentation shows.
  code_of docs/sql.md sql
  echo "INSERT INTO mail_domain SELECT 'customer' || n || '.example', 'mx' || n % 3 FROM generate_series(0, $((hot + cold - 1))) n;
    INSERT INTO mailbox SELECT 'jane@customer' || n || '.example', 'user' || n FROM generate_series(0, $((hot + cold - 1))) n;
    CREATE ROLE autoconfig LOGIN; GRANT SELECT ON mail_domain, mailbox TO autoconfig"
} > "$work/tables.sql"
as_admin -f - < "$work/tables.sql" > "$work/tables.log" 2>&1

# NUMBER: adds a domain and an address; prints the time just before the commit, in milliseconds since 1970.
insert() {
  as_admin -At -f - << END
BEGIN;
INSERT INTO mail_domain VALUES ('customer$1.example', 'mx$(($1 % 3))');
INSERT INTO mailbox VALUES ('jane@customer$1.example', 'user$1');
SELECT round(extract(epoch FROM clock_timestamp()) * 1000);
COMMIT;
END
}

# --- Replicas and HAProxy --------------------------------------------------------------------------------------------

cat > "$work/autoconfig.yaml" << END
provider: { id: example.org, displayName: Example Mail, displayShortName: Example }
publicName: autoconfig.example.org
hosts: { mx0: { hostname: mx0.example.org }, mx1: { hostname: mx1.example.org }, mx2: { hostname: mx2.example.org } }
domains: {}
accounts: { disclose: public }
http: { drainDelay: 2 }
sources:
  - sql:
      url: postgres://autoconfig@127.0.0.1:$postgresql_port/postgres
      domain: SELECT host FROM mail_domain WHERE name = \$1
      account: SELECT login FROM mailbox WHERE address = \$1
      notify: mail_changed
END

# NUMBER: its address.
replica() { echo "127.0.0.1:${ports[$1 - 1]}"; }
start_replica() {
  start "replica$1" node dist/bin.js serve --config "$work/autoconfig.yaml" --host 127.0.0.1 --port "${ports[$1 - 1]}" \
    --admin-port "${ports[$1 + 2]}"
}
# NUMBER STATUS: what its /readyz returns.
readyz_is() { [[ $(curl --silent --noproxy '*' --output /dev/null --write-out '%{http_code}' "http://$(replica "$1")/readyz") = "$2" ]]; }

start_balancer() {
  code_of docs/scaling.md haproxy |
    sed -e "s#bind :80\$#bind $balancer#" -e "s#192\.0\.2\.11:8080#$(replica 1)#" -e "s#192\.0\.2\.12:8080#$(replica 2)#" \
      -e "s#192\.0\.2\.13:8080#$(replica 3)#" > "$work/haproxy.cfg"
  cat >> "$work/haproxy.cfg" << END

frontend statistics
    mode http
    bind $statistics
    timeout client 5s
    stats enable
    stats uri /
END
  start balancer haproxy -db -f "$work/haproxy.cfg"
}
# NUMBER COLUMN: what HAProxy says of a replica; column 8 has its requests, column 18 its state.
balancer_says() {
  curl --silent --noproxy '*' "http://$statistics/;csv" | awk -F, -v name="replica$1" -v column="$2" '$2 == name { print $column }'
}
gets_clients() { [[ $(balancer_says "$1" 18) = UP ]]; }
gets_no_clients() { [[ $(balancer_says "$1" 18) = DOWN* ]]; }

# --- The load --------------------------------------------------------------------------------------------------------

# COMMAND [VALUE]: the answer of the process that asks and compares.
tell() {
  echo "$*" >&"$to"
  read -r -t 40 -u "$from" answer
}
begin_phase() { tell begin "${1:-0}"; }
declare -A figure=()
rows=()
# DESCRIPTION: the figures of the phase.
end_phase() {
  local pair
  tell end
  for pair in $answer; do figure[${pair%%=*}]=${pair#*=}; done
  # As a row of the table in docs/scaling.md.
  rows+=("| $1 | ${figure[rate]} | ${figure[right]} | ${figure[notNow]} | ${figure[falseCacheable]} | ${figure[wrong]} | ${figure[lost]} | ${figure[hotFalse]} | $(seconds "${figure[slowest]}") |")
  echo "# ${rows[-1]} $SECONDS s after the start"
  check "$1: no cacheable 404 for a domain of ours" test "${figure[falseCacheable]}" = 0
  check "$1: no wrong host or login" test "${figure[wrong]}" = 0
}
none_lost() { check "$1: no request is lost" was_none_lost; }
# What happened to lost requests, and what HAProxy says of the replicas, is shown if there are any.
was_none_lost() {
  cat "$work/load.log" "$work/balancer.log"
  ((figure[lost] == 0))
}
hot_are_right() { check "$1: every answer for a hot domain is right" test "${figure[hotFalse]}" = 0; }
# MILLISECONDS
seconds() { awk -v milliseconds="$1" 'BEGIN { printf "%.2f", milliseconds / 1000 }'; }

# NUMBER: adds a domain that the replicas have answered with 404, and waits until all serve it.
announce() {
  local committed
  tell watch "$1"
  check "customer$1.example is unknown at each replica" test "$answer" = '404 404 404'
  committed=$(insert "$1")
  tell served "$committed"
  echo "# customer$1.example is served by all replicas $answer ms after the commit"
}
# DOMAIN: each replica answers for a domain that it was never asked for.
all_know_a_cold_one() {
  local number
  for number in 1 2 3; do
    curl --silent --noproxy '*' -H 'Host: autoconfig.example.org' "http://$(replica "$number")/v1.1/mail/config-v1.1.xml?emailaddress=jane@$1" |
      grep -q '<username>user' || return 1
  done
}

for number in 1 2 3; do start_replica "$number"; done
for number in 1 2 3; do check "replica $number is ready" eventually readyz_is "$number" 200; done
start_balancer
for number in 1 2 3; do check "HAProxy sends clients to replica $number" eventually gets_clients "$number"; done
coproc LOAD { exec node --import tsx test/with-servers/load-replicas.ts "$hot" "$cold" "$rate" "$balancer" \
  "$(replica 1)" "$(replica 2)" "$(replica 3)" 2> "$work/load.log"; }
process[load]=$LOAD_PID
exec {to}>&"${LOAD[1]}" {from}<&"${LOAD[0]}"

echo "# $SECONDS s after the start"

# --- The phases ------------------------------------------------------------------------------------------------------

tell warm
check 'each replica has been asked for each hot domain' test "$answer" = 0

phase='healthy'
begin_phase
tell compare
same=$answer
sleep 2
end_phase "$phase"
none_lost "$phase"
hot_are_right "$phase"
check "$phase: all replicas send the same bytes and ETags, and each knows those of the others" test "$same" = 0

phase='a domain is inserted'
begin_phase
for number in 9000 9001 9002; do
  announce "$number"
  check "$phase: all replicas serve it within a second" test "$answer" -lt 1000
done
sleep 1
end_phase "$phase"
none_lost "$phase"
hot_are_right "$phase"

phase='a replica is killed'
begin_phase
sleep 0.5
# So that it has requests that it will never answer.
send_signal replica1 STOP
sleep 0.3
stop replica1 KILL
check "$phase: HAProxy notices" eventually gets_no_clients 1
start_replica 1
check "$phase: and that it is back" eventually gets_clients 1
sleep 0.5
end_phase "$phase"
none_lost "$phase"

phase='a rolling upgrade'
begin_phase
for number in 1 2 3; do
  stop "replica$number"
  start_replica "$number"
  check "$phase: replica $number is back" eventually gets_clients "$number"
done
end_phase "$phase"
none_lost "$phase"

# The replicas that were started again have not been asked for all hot domains.
tell warm
check 'each replica has been asked for each hot domain' test "$answer" = 0

phase='the database restarts'
begin_phase 1
sleep 1
check "$phase: it runs again" restart_postgresql
announce 9003
check "$phase: a domain inserted after it is served by all replicas" test "$answer" != Infinity
sleep 1
end_phase "$phase"
hot_are_right "$phase"

phase='the database hangs'
begin_phase 1
sleep 0.5
hang postgresql
sleep 4
resume postgresql
check "$phase: all replicas have recovered" eventually all_know_a_cold_one "customer$((hot + cold - 1)).example"
end_phase "$phase"
hot_are_right "$phase"

phase='a replica starts while the database is down'
begin_phase 1
stop replica3
stop postgresql
requests=$(balancer_says 3 8)
start_replica 3
check "$phase: it answers 503" eventually readyz_is 3 503
sleep 1
check "$phase: it is still not ready" readyz_is 3 503
check "$phase: HAProxy sends no clients there" gets_no_clients 3
check "$phase: not a single request" test "$(balancer_says 3 8)" = "$requests"
start_postgresql
check "$phase: it is ready after the database is back" eventually readyz_is 3 200
check "$phase: and gets clients" eventually gets_clients 3
end_phase "$phase"
hot_are_right "$phase"

echo "# $(date +%F), $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg), Node $(node -p process.versions.node), $(haproxy -v | sed -n '1s/ -.*//; 1s/version //; 1p'), $(postgres --version)"
echo '# | phase | requests a second | right | not known now | false 404, cacheable | wrong host or login | lost | hot and not right | slowest, s |'
printf '# %s\n' "${rows[@]}"

tell_count
