# The command init, with the Dovecot and the Postfix of doctor.sh, which sources this file.
# shellcheck shell=bash disable=SC2154

start_servers mail.example.org required yes TLSv1.2
printf 'example.net OK\nexample.com OK\n' > "$work/vdomains"
postconf -c "$work/postfix" -e "virtual_mailbox_domains = texthash:$work/vdomains" 'mydestination = $myhostname, localhost, example.org'
echo 'auth_username_format = %Ln' >> "$work/dovecot.conf"
doveadm -c "$work/dovecot.conf" reload
first=$work/first/autoconfig.yaml

first_configuration() {
  node dist/bin.js init --yes --postfix "$work/postfix" --dovecot "$work/dovecot.conf" --output "$first" \
    --connect mail.example.org=127.0.0.2 --resolver 127.0.0.1:9 --ca "$work/ca.pem" --timeout 8 \
    --port imaps="$imaps" --port imap="$imap" --port pop3s="$pop3s" --port pop3="$pop3" \
    --port submissions="$submissions" --port submission="$submission"
}

# LINE…: the file has each of these lines.
has_lines() {
  local line
  cat "$first"
  for line; do grep -qF -- "$line" "$first" || { echo "missing: $line"; return 1; }; done
}

# DOMAIN: the server answers for it with the mail host.
answers_for() {
  local port status=0
  port=$(free_ports 1)
  start_server first --config "$first" --host 127.0.0.1 --port "$port" --admin-port 0 &&
    get "http://127.0.0.1:$port/mail/config-v1.1.xml?emailaddress=jane@$1" | grep -F '<hostname>mail.example.org</hostname>' || status=1
  stop first
  return "$status"
}

check 'init writes a configuration from Postfix, Dovecot and their ports' first_configuration
check 'the configuration has the domains of Postfix' has_lines 'example.org: mail' "{ file: $work/vdomains, host: mail }"
check 'the configuration shows what the servers offer' has_lines \
  "Seen: imaps, port $imaps: certificate for mail.example.org; PLAIN, LOGIN" "Seen: pop3s, port $pop3s: certificate" \
  "Seen: submissions, port $submissions: certificate for mail.example.org; PLAIN, LOGIN; messages of up to 12582912 bytes" \
  "Seen: imap, port $imap: certificate" "Seen: pop3, port $pop3: certificate" "Seen: submission, port $submission: certificate"
check 'the configuration shows how Dovecot reads usernames' has_lines 'Dovecot: auth_username_format = %Ln: Dovecot accepts the address'
check 'check accepts the configuration' node dist/bin.js check --config "$first"
check 'serve answers for a domain of a file of Postfix' answers_for example.net
node dist/bin.js doctor --json --config "$first" --ca "$work/ca.pem" --timeout 8 --resolver 127.0.0.1:9 \
  --connect mail.example.org=127.0.0.2 --login jane@example.org <<< secret > "$work/results.json" || true
check 'doctor finds nothing wrong with the servers, and the address is a username that works' found
cp "$first" "$work/before.yaml"
check 'init overwrites nothing' bash -c '! "$@"' - node dist/bin.js init --yes --output "$first"
check 'the file is unchanged' cmp "$first" "$work/before.yaml"
