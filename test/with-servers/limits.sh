#!/usr/bin/env bash
#
# Two servers share one limit in Debian's Redis, and in its Valkey if there is one: also while it is killed, hangs and starts again.
#
#   npm ci && npm run build && test/with-servers/limits.sh
#
# Needs redis-server, redis-cli, openssl and curl (Debian: redis-server redis-tools openssl curl).

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh

need 'redis-server redis-tools openssl curl' node redis-server redis-cli openssl curl
need_build
make_work

# START STORE: with a password, on $store_port and with TLS on $tls_port.
make_authority
issue localhost 'subjectAltName=DNS:localhost'
password='p@ss:word/1'
secret=$(openssl rand -base64 48)
start_store() {
  start store "$1" --port "$store_port" --tls-port "$tls_port" --tls-cert-file "$work/localhost.pem" --tls-key-file "$work/localhost.key" \
    --tls-ca-cert-file "$work/ca.pem" --tls-auth-clients no --bind 127.0.0.1 --requirepass "$password" --save '' \
    --dir "$work"
  await store in_store PING
}
in_store() { REDISCLI_AUTH=$password redis-cli -p "$store_port" "$@" | grep -v '^$' > "$work/reply" && cat "$work/reply"; }

# NAME: a server with the configuration NAME.yaml.
start_limited() {
  start_server "$1" --config "$work/$1.yaml" --host 127.0.0.1 --port "${port[$1]}" --admin-port "${admin[$1]}"
}
# NAME URL: writes its configuration.
configure() {
  printf '%s' "$secret" > "$work/secret"
  printf '%s\n' "$password" > "$work/password"
  chmod 600 "$work/secret" "$work/password"
  cat > "$work/$1.yaml" << YAML
provider: { id: all2all.org, displayName: all2all mail, displayShortName: all2all }
hosts: { mail: { hostname: mail.all2all.org } }
domains: { example.org: mail }
trustedProxies: [127.0.0.1]
http:
  rateLimit: { rate: 1, burst: 60 }
  rateLimitStore: { url: "$2", passwordFile: password, secretFile: secret ${3:-} }
YAML
}
# NAME CLIENT NUMBER: how many of so many requests of a client are accepted.
accepted() {
  local url="http://127.0.0.1:${port[$1]}/mail/config-v1.1.xml?emailaddress=jane@example.org"
  curl -s -o /dev/null -w '%{http_code}\n' -H "X-Forwarded-For: $2" "$url&[1-$3]" | grep -c '^200$' || true
}
# CLIENT: the burst of one server is used up, and the other one learns of it with the first request of this client. Each second gives
# one request back.
burst_is_shared() {
  local started=$EPOCHSECONDS ours others=0 seconds
  ours=$(accepted a "$1" 100)
  while ((others < 100)) && [[ $(accepted b "$1" 1) == 1 ]]; do
    others=$((others + 1))
    sleep 0.15
  done
  seconds=$((EPOCHSECONDS - started + 1))
  echo "$ours and $others in $seconds s"
  ((ours >= 60 && ours + others <= 60 + seconds + 5))
}
between() { echo "$3 of $1 to $2"; (($3 >= $1 && $3 <= $2)); }
# NAME 0|1
store_is_available() { curl -s "http://127.0.0.1:${admin[$1]}/metrics" | grep -qx "mail_autoconfig_limit_store_available $2"; }
# NAME TEXT NUMBER: so many lines of the log have this text.
logged() { [[ $(grep -c "$2" "$work/$1.log") == "$3" ]]; }

declare -A port admin
for front in redis-server valkey-server; do
  command -v "$front" > /dev/null || continue
  read -r store_port tls_port port[a] port[b] admin[a] admin[b] <<< "$(free_ports 6 | tr '\n' ' ')"
  check 'starts' start_store "$front"
  configure a "redis://127.0.0.1:$store_port/2"
  configure b "rediss://localhost:$tls_port/2" ', authorityFile: ca.pem'
  check 'check is satisfied' node dist/bin.js check -c "$work/b.yaml"
  check 'one server starts' start_limited a
  check 'another server starts, with TLS' start_limited b
  check 'both use the store' eventually store_is_available a 1
  check 'both use the store' eventually store_is_available b 1

  check 'one server accepts the burst, the other one few more requests of this client' burst_is_shared 192.0.2.1
  check 'and then none' between 0 3 "$(accepted b 192.0.2.1 100)"
  check 'another client is not affected' between 60 70 "$(accepted b 192.0.2.2 100)"
  check 'the store contains keys with the prefix, which expire' \
    eval '[[ $(in_store -n 2 TTL "$(in_store -n 2 --scan --pattern "mail-autoconfig:limit:*" | head -1)") -gt 0 ]]'
  check 'the store contains no address' eval '! in_store -n 2 --scan | grep -F 192.0.2'

  stop store KILL
  check 'killed: both notice it' eventually store_is_available a 0
  check 'killed: both notice it' eventually store_is_available b 0
  check 'killed: a server counts alone' between 60 70 "$(accepted a 192.0.2.3 100)"
  check 'killed: so does the other' between 60 70 "$(accepted b 192.0.2.3 100)"
  check 'killed: both are still ready' curl -sf "http://127.0.0.1:${admin[a]}/readyz"
  check 'killed: one line says so' eventually logged a 'limit store unavailable' 1
  check 'started again' start_store "$front"
  check 'started again: both use it' eventually store_is_available a 1
  check 'started again: both use it' eventually store_is_available b 1
  check 'started again: one line says so' eventually logged a 'limit store available again' 1
  check 'the burst is shared again' burst_is_shared 192.0.2.4

  hang store
  check 'hangs: requests are answered as fast as before' timeout 10 bash -c "$(declare -f accepted); $(declare -p port); [[ \$(accepted a 192.0.2.5 60) == 60 ]]"
  check 'hangs: it is noticed' eventually store_is_available a 0
  resume store
  check 'goes on: both use it' eventually store_is_available a 1
  in_store CONFIG SET maxmemory 1 > /dev/null
  check 'without memory: it is noticed' eval 'accepted a 192.0.2.6 5; eventually store_is_available a 0'
  check 'without memory: the reason is in the log' eventually logged a 'no memory left' 1
  in_store CONFIG SET maxmemory 0 > /dev/null
  check 'with memory: it is used again' eventually store_is_available a 1

  configure a "redis://127.0.0.1:$store_port/3"
  send_signal a HUP
  on_database_3() { [[ $(in_store CLIENT LIST | grep -c 'db=3') == 1 ]]; }
  check 'a reload uses the new URL, and closes the old connection' eventually on_database_3
  check 'a reload: one connection for each server, and ours' eval '[[ $(in_store CLIENT LIST | grep -c id=) == 3 ]]'
  check 'SIGTERM ends both' eval 'end a && end b'
  check 'no line contains the password, the secret or an address' \
    eval '! grep -F -e "$password" -e "p%40ss" -e "$secret" -e 192.0.2 "$work/a.log" "$work/b.log"'
  stop store
done
front=''
tell_count
