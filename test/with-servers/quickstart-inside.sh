# What quickstart.sh runs in the container.
# shellcheck shell=bash

set -euo pipefail
shopt -s inherit_errexit

work=/lab/work
mkdir "$work"
source /lab/checks.sh

export DEBIAN_FRONTEND=noninteractive

# Seconds that the machine may take altogether, and commands that may be typed.
readonly longest=180 most=5
# The address of this machine, to which all names lead.
readonly address=192.0.2.10

mapfile -t commands < /lab/commands

seconds_since() { awk -v now="$EPOCHREALTIME" -v then="$1" 'BEGIN { printf "%.1f", now - then }'; }

# NUMBER: types a command, as root in its home directory.
type_command() {
  local before=$EPOCHREALTIME command=${commands[$1 - 1]}
  echo "# \$ $command"
  check "command $1" bash -c "cd /root && $command"
  cp "$work/said" "$work/output-$1"
  echo "#   $(seconds_since "$before") s"
}

# DESCRIPTION COMMAND…: until it succeeds.
wait_for() {
  local before=$EPOCHREALTIME
  check "$1" patiently "${@:2}"
  echo "#   $(seconds_since "$before") s"
}

patiently() {
  local _
  for _ in 1 2 3 4 5 6; do ! eventually "$@" || return 0; done
  return 1
}

# --- The rest of the world -------------------------------------------------------------------------------------------

cat > "$work/pebble.json" << 'END'
{ "pebble": { "listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
  "certificate": "/lab/localhost.pem", "privateKey": "/lab/localhost.key",
  "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "", "externalAccountBindingRequired": false } }
END
ip address add "$address/32" dev lo
/lab/pebble-challtestsrv -defaultIPv4 "$address" -defaultIPv6 '' -dns01 127.0.0.1:53 -management 127.0.0.1:8055 \
  -http01 '' -https01 '' -tlsalpn01 '' > "$work/dns.log" 2>&1 &
PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 /lab/pebble -config "$work/pebble.json" -dnsserver 127.0.0.1:53 > "$work/pebble.log" 2>&1 &

# In place of Let's Encrypt.
choose_authority() { echo 'CA=https://localhost:14000/dir' >> /etc/mail-autoconfig/dehydrated.conf; }

learn_root() { curl --silent --show-error --fail --cacert /lab/ca.pem --output "$work/root.pem" https://localhost:15000/roots/0; }

# DOMAIN: over https, with a certificate that is right for the name, the document of the domain.
answers() {
  local status
  status=$(curl --silent --show-error --max-time 10 --cacert "$work/root.pem" --output "$work/body" --write-out '%{http_code}' \
    "https://autoconfig.$1/mail/config-v1.1.xml?emailaddress=jane@$1")
  [[ $status == 200 ]] && grep -F "<domain>$1</domain>" "$work/body" && grep -F '<hostname>mail.example.org</hostname>' "$work/body"
}

handshake_fails() {
  local status=0
  curl --silent --max-time 10 --cacert "$work/root.pem" "https://autoconfig.$1/" || status=$?
  # The certificate has another name.
  ((status == 60))
}

# --- The commands ----------------------------------------------------------------------------------------------------

# The state of the units, for whoever has to find out why.
show_units() {
  systemctl --no-pager --full status 'mail-autoconfig*' || true
  journalctl --no-pager --unit 'mail-autoconfig*' --output cat || true
}

started=$EPOCHREALTIME

check "at most $most commands are typed" test "${#commands[@]}" -le "$most"
type_command 1
choose_authority
check 'the authority is there' eventually learn_root
type_command 2
type_command 3
type_command 4
wait_for 'https answers for the first domain' answers example.org
check 'a customer who is not served has no certificate' handshake_fails example.net
type_command 5
wait_for 'https answers for the second one' answers example.net
taken=$(seconds_since "$started")
echo "# ${#commands[@]} commands, $taken s"
check "it takes at most $longest s" test "${taken%.*}" -lt "$longest"

# --- Later -----------------------------------------------------------------------------------------------------------

# Both units begin together, as multi-user.target starts them with the machine.
starts_with_machine() {
  printf '[Unit]\nWants=mail-autoconfig.service mail-autoconfig-https.target\n' > /run/systemd/system/both.target
  systemctl daemon-reload
  systemctl start both.target
  systemctl is-active mail-autoconfig.service mail-autoconfig-https.target
}

# The command of docs/debian.md.
stops() {
  systemctl stop mail-autoconfig-https.target mail-autoconfig mail-autoconfig.socket mail-autoconfig-https.socket
  eventually closes
}

closes() { ! ss --listening --numeric --tcp --no-header | grep -E ':(80|443) '; }

# No unit of ours runs as root, and nobody else reads a key.
keys_are_private() {
  find /var/lib/mail-autoconfig -name '*key*.pem' -type f -printf '%U %m %p\n' | tee "$work/keys"
  [[ -s $work/keys ]] && ! grep -v "^$(id -u mail-autoconfig) 600 " "$work/keys"
}

check 'the keys are private' keys_are_private
check 'the target is enabled' systemctl is-enabled mail-autoconfig-https.target
check 'the target stops' stops
check 'the machine starts the service and the target' starts_with_machine
check 'https answers for the second domain again' eventually answers example.net
check 'http answers on port 80' curl --silent --fail "http://autoconfig.example.net/mail/config-v1.1.xml?emailaddress=jane@example.net"
((failed == 0)) || show_units
check 'apt remove' apt-get remove --quiet=2 mail-autoconfig
check 'closes both ports' eventually closes

tell_count
