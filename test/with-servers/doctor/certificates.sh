# stunnel in front of Dovecot and Postfix, with certificates and versions of TLS that clients reject. Sourced by doctor.sh.
# shellcheck shell=bash disable=SC2154

# NAME START END: a certificate of the authority with these dates (YYYYMMDDHHMMSSZ), for mail.example.org.
issue_between() {
  mkdir -p "$work/issued"
  : > "$work/issued/index"
  cat > "$work/ca.conf" << END
[ca]
default_ca = here
[here]
database = $work/issued/index
new_certs_dir = $work/issued
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = DNS:mail.example.org
END
  cp "$work/mail.example.org.key" "$work/$1.key"
  openssl ca -batch -notext -config "$work/ca.conf" -cert "$work/ca.pem" -keyfile "$work/ca.key" -startdate "$2" -enddate "$3" \
    -in "$work/mail.example.org.csr" -out "$work/$1.pem" 2> /dev/null
}

# NAME [OPTION…]: TLS with the certificate, in front of the ports without TLS.
start_stunnel() {
  local service
  [[ ! -v process[stunnel] ]] || stop stunnel
  {
    printf '%s\n' foreground=yes pid= syslog=no debug=err "cert=$work/$1.pem" "key=$work/$1.key" "${@:2}"
    for service in "$tls_imap:$imap" "$tls_pop3:$pop3" "$tls_smtp:$submission"; do
      printf '%s\n' "[${service%:*}]" "accept=127.0.0.2:${service%:*}" "connect=127.0.0.2:${service#*:}"
    done
  } > "$work/stunnel.conf"
  start stunnel stunnel "$work/stunnel.conf"
  await stunnel listens "$tls_smtp" 127.0.0.2 || true
}

# NAME [OPTION…]: the results of servers with this certificate.
examine_certificate() {
  start_stunnel "$@"
  examine SSL "$tls_imap" "$tls_pop3" "$tls_smtp"
}

now=$(date +%s)
stamp() { date --utc --date="@$((now + $1 * 86400))" +%Y%m%d%H%M%SZ; }
issue_between expired "$(stamp -20)" "$(stamp -1)"
issue_between early "$(stamp 1)" "$(stamp 30)"
issue_between soon "$(stamp -80)" "$(stamp 10)"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=mail.example.org \
  -addext subjectAltName=DNS:mail.example.org -keyout "$work/own.key" -out "$work/own.pem" 2> /dev/null

start_servers mail.example.org yes no TLSv1.2
examine_certificate mail.example.org
check 'stunnel: all is well' found
examine_certificate expired
check 'a certificate that has expired' found {imap,pop3,smtp}:certificate-expired
examine_certificate early
check 'a certificate that is not valid yet' found {imap,pop3,smtp}:certificate-expired
examine_certificate soon
check 'a certificate that nobody renews' found {imap,pop3,smtp}:certificate-expires-soon
examine_certificate other.example.org
check 'a certificate for another name' found {imap,pop3,smtp}:certificate-host-mismatch
examine_certificate own
check 'a certificate that no authority has issued' found {imap,pop3,smtp}:certificate-not-trusted
examine_certificate mail.example.org sslVersionMin=TLSv1 securityLevel=0 ciphers=ALL:@SECLEVEL=0
check 'old TLS beside new' found {imap,pop3,smtp}:old-tls-accepted
examine_certificate mail.example.org sslVersionMin=TLSv1 sslVersionMax=TLSv1.1 securityLevel=0 ciphers=ALL:@SECLEVEL=0
check 'old TLS only' found {imap,pop3,smtp}:tls-handshake-failed
stop stunnel
examine SSL "$tls_imap" "$tls_pop3" "$tls_smtp"
check 'nobody listens' found {imap,pop3,smtp}:connection-failed

# A certificate that pebble has issued, with the chain and without, as Let's Encrypt does.
exercise_authority() {
  PEBBLE_VA_ALWAYS_VALID=1 PEBBLE_WFE_NONCEREJECT=0 start_pebble "$acme" "$management" 9 9
  mkdir -p "$work/acme/challenges"
  cat > "$work/acme/config" << END
CA=https://localhost:$acme/dir
BASEDIR=$work/acme
WELLKNOWN=$work/acme/challenges
KEY_ALGO=prime256v1
CURL_OPTS="--noproxy * --cacert $work/ca.pem"
END
  echo mail.example.org > "$work/acme/domains.txt"
  dehydrated --config "$work/acme/config" --register --accept-terms > "$work/acme.log" 2>&1
  dehydrated --config "$work/acme/config" --cron >> "$work/acme.log" 2>&1 || cat "$work/acme.log"
  local kind
  for kind in fullchain cert; do
    cp "$work/acme/certs/mail.example.org/$kind.pem" "$work/$kind.pem"
    cp "$work/acme/certs/mail.example.org/privkey.pem" "$work/$kind.key"
  done
  examine_certificate fullchain
  check 'an authority that the system does not know' found {imap,pop3,smtp}:certificate-not-trusted
  examine SSL "$tls_imap" "$tls_pop3" "$tls_smtp" --ca "$work/pebble-root.pem"
  check 'and that --ca names' found
  start_stunnel cert
  examine SSL "$tls_imap" "$tls_pop3" "$tls_smtp" --ca "$work/pebble-root.pem"
  check 'a server that does not send the chain' found {imap,pop3,smtp}:certificate-not-trusted
}

if command -v pebble > /dev/null && command -v dehydrated > /dev/null; then
  exercise_authority
else
  echo "skipped - pebble's authority: pebble or dehydrated is not installed"
fi
