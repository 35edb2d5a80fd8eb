# Courier for IMAP and POP3, and Exim, on the ports of the others. Sourced by doctor.sh. Their packages conflict with those of Dovecot and
# Postfix, so they are unpacked into a directory: $OTHERS, or one that this script fills if apt-get can download.
# shellcheck shell=bash disable=SC2154

unpack_others() {
  others=${OTHERS:-$work/others}
  [[ ! -x $others/usr/sbin/exim4 ]] || return 0
  mkdir -p "$others" "$work/packages"
  (
    cd "$work/packages" &&
      # Only what is not installed with Dovecot and Postfix.
      apt-get download exim4-daemon-light courier-imap courier-pop courier-base courier-authlib libcourier-unicode4 libgamin0 \
        libgnutls-dane0 libidn12 libltdl7 libnss-wrapper libpcre3 libunbound8 &&
      for package in *.deb; do dpkg-deb -x "$package" "$others" || exit 1; done
  ) > "$work/unpacked.log" 2>&1
}

# NAME COMMAND…: with the libraries of the unpacked packages, in the background.
start_other() {
  local libraries
  libraries=$(find "$others" -name '*.so.*' -printf '%h\n' | sort -u | paste -sd :)
  start "$1" env LD_LIBRARY_PATH="$libraries" LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD="$work/exim/passwd" \
    NSS_WRAPPER_GROUP="$work/exim/group" "${@:2}"
}

# REQUIRED VERSIONS [bare]: whether passwords in clear are refused, yes or no; the versions of TLS, as GnuTLS writes them. If bare, there
# is no STARTTLS, and Exim has no log-ins and a smaller limit.
start_others() {
  local required=1 tls courier=$others/usr/lib/courier/courier couriertcpd=$others/usr/sbin/couriertcpd
  local in_clear='' condition='${if def:tls_in_cipher}'
  local starttls=YES hosts='*' limit=12582912
  [[ ${3:-} != bare ]] || starttls=NO hosts='' limit=10000000 condition=no
  [[ $1 == yes ]] || required=0 in_clear=PLAIN condition=yes
  stop_servers
  # The programs want their users to exist. The wrapper gives them some without changing the system.
  mkdir -p "$work/exim"
  chmod 777 "$work/exim"
  chmod 644 "$work/mail.example.org.key"
  { getent passwd; printf '%s:x:900:900::/nonexistent:/usr/sbin/nologin\n' Debian-exim courier; } > "$work/exim/passwd"
  { getent group; printf '%s:x:900:\n' Debian-exim courier; } > "$work/exim/group"
  cat "$work/mail.example.org.key" "$work/mail.example.org.pem" > "$work/courier.pem"
  local settings=(COURIERTLS="$others/usr/bin/couriertls" TLS_CERTFILE="$work/courier.pem" TLS_VERIFYPEER=NONE
    TLS_PRIORITY="$2" IMAP_CAPABILITY='IMAP4rev1' POP3AUTH="$in_clear"
    IMAP_CAPABILITY_TLS='IMAP4rev1 AUTH=PLAIN' POP3AUTH_TLS=PLAIN)
  local with_starttls=("${settings[@]}" IMAP_STARTTLS=$starttls IMAP_TLS_REQUIRED=$required POP3_STARTTLS=$starttls POP3_TLS_REQUIRED=$required)
  tls=("$others/usr/bin/couriertls" -server -tcpd)
  start_other imaps "${settings[@]}" IMAP_TLS=1 "$couriertcpd" -address=127.0.0.2 "$imaps" "${tls[@]}" "$courier/imaplogin" "$others/usr/bin/imapd" Maildir
  start_other pop3s "${settings[@]}" POP3_TLS=1 "$couriertcpd" -address=127.0.0.2 "$pop3s" "${tls[@]}" "$courier/courierpop3login" "$courier/courierpop3d" Maildir
  start_other imap "${with_starttls[@]}" "$couriertcpd" -address=127.0.0.2 "$imap" "$courier/imaplogin" "$others/usr/bin/imapd" Maildir
  start_other pop3 "${with_starttls[@]}" "$couriertcpd" -address=127.0.0.2 "$pop3" "$courier/courierpop3login" "$courier/courierpop3d" Maildir

  cat > "$work/exim/configuration" << END
primary_hostname = mail.example.org
spool_directory = $work/exim/spool
log_file_path = $work/exim/%slog
pid_file_path = $work/exim/pid
local_interfaces = 127.0.0.2.$submissions : 127.0.0.2.$submission
tls_on_connect_ports = $submissions
tls_advertise_hosts = $hosts
tls_certificate = $work/mail.example.org.pem
tls_privatekey = $work/mail.example.org.key
tls_require_ciphers = $2
message_size_limit = $limit
keep_environment =
begin acl
begin routers
begin transports
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = no
  server_advertise_condition = $condition
END
  start_other exim "$others/usr/sbin/exim4" -C "$work/exim/configuration" -bdf
  local name
  for name in imaps imap pop3s pop3; do await "$name" listens "${!name}" 127.0.0.2 || true; done
  for name in submissions submission; do await exim listens "${!name}" 127.0.0.2 || true; done
}

exercise_others() {
  local new=NORMAL:-VERS-TLS1.0:-VERS-TLS1.1
  start_others yes NORMAL
  examine STARTTLS "$imap" "$pop3" "$submission"
  check 'Courier and Exim accept old TLS unless they are configured' found {imap,pop3,smtp}:old-tls-accepted
  start_others yes "$new"
  examine SSL "$imaps" "$pop3s" "$submissions"
  check 'Courier and Exim, TLS from the first byte: all is well' found
  examine STARTTLS "$imap" "$pop3" "$submission"
  check 'Courier and Exim, STARTTLS: all is well, and passwords in clear are refused' found
  examine SSL "$imap" "$pop3" "$submission"
  check 'STARTTLS advertised as SSL' found {imap,pop3,smtp}:wrong-socket-type
  examine STARTTLS "$imaps" "$pop3s" "$submissions"
  check 'SSL advertised as STARTTLS' found {imap,pop3,smtp}:wrong-socket-type
  examine SSL "$pop3s" "$imaps" "$submissions"
  check 'IMAP and POP3 advertised at the port of the other' found {imap,pop3}:unexpected-answer
  start_others yes "$new" bare
  examine STARTTLS "$imap" "$pop3" "$submission"
  check 'Courier and Exim without STARTTLS' found imap:plaintext-accepted {imap,pop3,smtp}:starttls-not-supported
  examine SSL "$imaps" "$pop3s" "$submissions"
  check 'Exim without log-ins, and with another limit' found smtp:authentication-not-offered smtp:message-size-differs
  start_others no "$new"
  examine STARTTLS "$imap" "$pop3" "$submission"
  check 'Courier and Exim, passwords in clear' found {imap,pop3,smtp}:plaintext-accepted
}

if unpack_others; then
  exercise_others
else
  echo 'skipped - Courier and Exim: their packages cannot be downloaded'
fi
