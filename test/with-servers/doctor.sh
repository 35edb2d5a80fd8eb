#!/usr/bin/env bash
#
# Runs the command doctor against a real Dovecot and a real Postfix. They listen on 127.0.0.2 and the client comes from 127.0.0.1, because
# Dovecot trusts connections from its own address. Everything is in a temporary directory, on free ports.
#
#   npm ci && test/with-servers/doctor.sh
#
# Needs root (sudo), dovecot, postfix and openssl (Debian: dovecot-imapd dovecot-pop3d postfix openssl). The script does not touch the
# services of the system.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
# Postfix starts only as root.
[[ $(id -u) == 0 ]] || exec sudo --preserve-env=PATH test/with-servers/doctor.sh
PATH=$PATH:/usr/sbin:/sbin

source test/with-servers/checks.sh

need 'dovecot-imapd dovecot-pop3d postfix openssl' node dovecot postfix openssl

work=$(mktemp -d "${TMPDIR:-/tmp}/mail-autoconfig-doctor.XXXXXX")
chmod 755 "$work"
stop_servers() {
  doveadm -c "$work/dovecot.conf" stop 2> /dev/null || true
  postfix -c "$work/postfix" stop 2> /dev/null || true
}
clean_up() {
  stop_servers
  rm -rf "$work"
}
trap clean_up EXIT

make_authority
issue mail.example.org subjectAltName=DNS:mail.example.org
issue other.example.org subjectAltName=DNS:other.example.org
mapfile -t ports < <(free_ports 6)
imaps=${ports[0]} imap=${ports[1]} pop3s=${ports[2]} pop3=${ports[3]} submissions=${ports[4]} submission=${ports[5]}

# NAME SSL PLAINTEXT MIN: starts both with a certificate; whether TLS is required, whether passwords in clear are refused, the oldest TLS.
start_servers() {
  stop_servers
  mkdir -p "$work/home" "$work/postfix" "$work/queue" "$work/data"
  chown postfix "$work/data"
  chown nobody "$work/home"
  echo 'jane:{PLAIN}secret' > "$work/users"
  cat > "$work/dovecot.conf" << END
base_dir = $work/run
state_dir = $work/state
log_path = $work/dovecot.log
listen = 127.0.0.2
protocols = imap pop3
ssl = $2
disable_plaintext_auth = $3
ssl_min_protocol = $4
ssl_cipher_list = ALL:@SECLEVEL=0
ssl_cert = <$work/$1.pem
ssl_key = <$work/$1.key
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {
  driver = passwd-file
  args = $work/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$work/home/%u
}
service imap-login {
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service pop3-login {
  inet_listener pop3 {
    port = $pop3
  }
  inet_listener pop3s {
    port = $pop3s
    ssl = yes
  }
}
service auth {
  unix_listener auth-postfix {
    mode = 0666
  }
}
END
  cat > "$work/postfix/main.cf" << END
compatibility_level = 3.6
queue_directory = $work/queue
data_directory = $work/data
maillog_file = $work/postfix.log
maillog_file_prefixes = $work
myhostname = mail.example.org
inet_interfaces = all
inet_protocols = ipv4
message_size_limit = 12582912
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $work/run/auth-postfix
smtpd_tls_security_level = may
smtpd_tls_auth_only = $3
smtpd_tls_cert_file = $work/$1.pem
smtpd_tls_key_file = $work/$1.key
smtpd_tls_protocols = >=$4
smtpd_tls_mandatory_protocols = >=$4
smtpd_relay_restrictions = permit_sasl_authenticated, reject
alias_maps =
END
  cat > "$work/postfix/master.cf" << END
127.0.0.2:$submissions inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
127.0.0.2:$submission inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
END
  dovecot -c "$work/dovecot.conf"
  postfix -c "$work/postfix" start > "$work/start.log" 2>&1 || cat "$work/start.log"
  eventually node -e '
    const port = Number(process.argv[1])
    require("node:net").connect(port, "127.0.0.2").on("error", () => process.exit(1)).on("data", () => process.exit(0))
  ' "$submission" || {
    cat "$work/start.log" "$work/postfix.log" "$work/dovecot.log"
    return 1
  }
}

# SOCKETTYPE IMAP POP3 SMTP [OPTION…]: the results for these ports. Nobody answers questions for the DNS.
examine() {
  cat > "$work/autoconfig.yaml" << END
provider: { id: example.org, displayName: Example, displayShortName: Example }
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
  npx tsx src/bin.ts doctor example.org --json --config "$work/autoconfig.yaml" --ca "$work/ca.pem" --timeout 8 \
    --resolver 127.0.0.1:9 --connect mail.example.org=127.0.0.2 "${@:5}" > "$work/results.json" || true
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

start_servers mail.example.org required yes TLSv1.2
examine SSL "$imaps" "$pop3s" "$submissions"
check 'TLS from the first byte: all is well' found
examine STARTTLS "$imap" "$pop3" "$submission"
check 'STARTTLS: all is well, and passwords in clear are refused' found
examine SSL "$imap" "$pop3" "$submission"
check 'STARTTLS advertised as SSL' found imap:wrong-socket-type pop3:wrong-socket-type smtp:wrong-socket-type
examine STARTTLS "$imaps" "$pop3s" "$submissions"
check 'SSL advertised as STARTTLS' found imap:wrong-socket-type pop3:wrong-socket-type smtp:wrong-socket-type
examine SSL "$imaps" "$pop3s" "$submissions" --login jane@example.org <<< secret
check 'one attempt a server: the address is rejected' found {imap,pop3,smtp}:login-failed
check 'the local part is the username that works' grep -q 'logged in with the part before the @' "$work/results.json"
examine STARTTLS "$imap" "$pop3" "$submission" --login jane@example.org <<< wrong
check 'a wrong password' found imap:login-failed pop3:login-failed smtp:login-failed

start_servers other.example.org yes no TLSv1
examine STARTTLS "$imap" "$pop3" "$submission"
check 'another name, passwords in clear, old TLS' found \
  {imap,pop3,smtp}:certificate-host-mismatch {imap,pop3,smtp}:plaintext-accepted {imap,pop3,smtp}:old-tls-accepted

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
  one: { hostname: mail.example.org, servers: [{ type: imap, port: $imaps }] }
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
npx tsx src/bin.ts serve --config "$work/autoconfig.yaml" --host 127.0.0.1 --port 0 --admin-port 0 > "$work/serve.log" 2>&1 &
server=$!
# CHANGE: the command was given this change of the connection.
received() { grep -q "\"change\":\"$1\",\"id\":\"connection-failed\",\"host\":\"one\"" "$work/received"; }
admin_says() {
  local admin
  admin=$(sed -n 's/.*"admin":"\([^"]*\)".*/\1/p' "$work/serve.log")
  node -e 'fetch(process.argv[1]).then((answer) => answer.text()).then((text) => process.exit(text.includes(process.argv[2]) ? 0 : 1))' \
    "$admin$1" "$2"
}
check 'the server has checked' eventually admin_says /metrics 'check_problems{host="one",id="connection-failed"} 0'
check 'days left of the certificate are in /readyz' admin_says /readyz '"daysLeft":29'
doveadm -c "$work/dovecot.conf" stop
check 'Dovecot stops: the command is given the problem' eventually received problem-appeared
check 'the metrics show it' admin_says /metrics 'check_problems{host="one",id="connection-failed"} 1'
dovecot -c "$work/dovecot.conf"
check 'Dovecot starts: the command is given the end of the problem' eventually received problem-ended
kill -TERM "$server"
check 'the server stops' wait "$server"

tell_count
