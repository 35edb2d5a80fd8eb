#!/usr/bin/env bash
#
# Runs the command doctor against real mail servers and name servers: Dovecot and Postfix, Courier and Exim, stunnel with certificates
# that clients reject, unbound with signed zones, and pebble's authority. The servers listen on 127.0.0.2 and the client comes from
# 127.0.0.1, because Dovecot trusts connections from its own address. Everything is in a temporary directory, on free ports.
#
#   npm ci && npm run build && test/with-servers/doctor.sh
#
# Needs root (sudo), dovecot, postfix, openssl, stunnel4, unbound and ldnsutils (Debian: dovecot-imapd dovecot-pop3d postfix openssl
# stunnel4 unbound ldnsutils). Pebble, and Courier and Exim, which Debian does not install beside Dovecot and Postfix, are skipped if
# they are not there: $OTHERS is a directory into which their packages are unpacked. The script does not touch the services of the
# system.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
# Postfix starts only as root.
[[ $(id -u) == 0 ]] || exec sudo --preserve-env=PATH,OTHERS test/with-servers/doctor.sh
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh

need 'dovecot-imapd dovecot-pop3d postfix openssl stunnel4 unbound ldnsutils' \
  node dovecot postfix openssl stunnel4 unbound ldns-signzone
need_build
make_work

# Dovecot and Postfix are not children of this script.
stop_servers() {
  doveadm -c "$work/dovecot.conf" stop 2> /dev/null || true
  postfix -c "$work/postfix" stop 2> /dev/null || true
  end_all
}
at_end+=(stop_servers)

make_authority
issue mail.example.org subjectAltName=DNS:mail.example.org
issue other.example.org subjectAltName=DNS:other.example.org
mapfile -t ports < <(free_ports 12)
imaps=${ports[0]} imap=${ports[1]} pop3s=${ports[2]} pop3=${ports[3]} submissions=${ports[4]} submission=${ports[5]}
name_server=${ports[6]} tls_imap=${ports[7]} tls_pop3=${ports[8]} tls_smtp=${ports[9]} acme=${ports[10]} management=${ports[11]}

# SOCKETTYPE IMAP POP3 SMTP [OPTION…]: the results for these ports. Unless $resolver is a name server, nobody answers questions for the DNS.
examine() {
  cat > "$work/autoconfig.yaml" << END
provider: { id: example.org, displayName: Example, displayShortName: Example }
publicName: www.example.org
hosts:
  one:
    hostname: mail.example.org
    shape: all
    limits: { messageSize: 12 MiB }
    servers:
      - { type: imap, port: $2, socketType: $1 }
      - { type: pop3, port: $3, socketType: $1 }
      - { type: smtp, port: $4, socketType: $1 }
domains: { example.org: one }
END
  node dist/bin.js doctor example.org --json --config "$work/autoconfig.yaml" --ca "$work/ca.pem" --timeout 8 \
    --resolver "${resolver:-127.0.0.1:9}" --connect mail.example.org=127.0.0.2 "${@:5}" > "$work/results.json" || true
}

# PROBLEM…: these problems were found, and nothing else, in the order of their ids.
found() {
  node -e '
    const { checks } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))
    const about = checks.filter(({ target }) => /^(imap|pop3|smtp) /.test(target))
    const seen = about.filter(({ state }) => state === "problem" || state === "untested")
    const ids = seen.map(({ id, target }) => `${target.split(" ")[0]}:${id}`).sort().join(" ")
    console.log(JSON.stringify(seen, null, 2))
    process.exit(about.length > 0 && ids === process.argv.slice(2).sort().join(" ") ? 0 : 1)
  ' "$work/results.json" "$@"
}

# TARGET ID STATE: there is such a result.
shows() {
  node -e '
    const { checks } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))
    const [target, id, state] = process.argv.slice(2)
    const about = checks.filter((check) => check.target.startsWith(target) && check.id === id)
    console.log(JSON.stringify(about.length === 0 ? checks : about, null, 2))
    process.exit(about.some((check) => check.state === state) ? 0 : 1)
  ' "$work/results.json" "$@"
}

source test/with-servers/doctor/dovecot-postfix.sh
source test/with-servers/doctor/certificates.sh
source test/with-servers/doctor/dns.sh
source test/with-servers/doctor/courier-exim.sh

# A server that watches: it sees Dovecot stop and start again, and its command is given both.
start_servers mail.example.org required yes TLSv1.2
cat > "$work/receive" << END
#!/bin/sh
cat >> "$work/received"
END
chmod 755 "$work/receive"
cat > "$work/autoconfig.yaml" << END
provider: { id: example.org, displayName: Example, displayShortName: Example }
hosts:
  one: { hostname: mail.example.org, servers: [{ type: imap, port: $imaps }, { type: smtp, port: $submissions }] }
domains: { example.org: one }
watch:
  every: 1s
  confirm: 1s
  sample: 0
  authorityFile: ca.pem
  resolvers: ['127.0.0.1:9']
  connect: { mail.example.org: 127.0.0.2 }
  command: { run: [$work/receive] }
END
start_server watching --config "$work/autoconfig.yaml" --host 127.0.0.1 --port 0 --admin-port 0
# CHANGE: the command was given this change of the connection.
received() { grep -q "\"change\":\"$1\",\"id\":\"connection-failed\",\"host\":\"one\"" "$work/received"; }
# PATH TEXT
admin_says() { get "$(url_of watching admin)$1" | grep -F "$2"; }
check 'the server has checked' eventually admin_says /metrics 'check_problems{host="one",id="connection-failed"} 0'
check 'days left of the certificate are in /readyz' admin_says /readyz '"daysLeft":29'
doveadm -c "$work/dovecot.conf" stop
check 'Dovecot stops: the command is given the problem' eventually received problem-appeared
check 'the metrics show it' admin_says /metrics 'check_problems{host="one",id="connection-failed"} 1'
dovecot -c "$work/dovecot.conf"
check 'Dovecot starts: the command is given the end of the problem' eventually received problem-ended
check 'the server stops' end watching

source test/with-servers/doctor/init.sh

tell_count
