# Dovecot and Postfix, on the ports $imaps, $imap, $pop3s, $pop3, $submissions and $submission. Sourced by doctor.sh.
# shellcheck shell=bash disable=SC2154

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
  eventually greets "$submission" || {
    cat "$work/start.log" "$work/postfix.log" "$work/dovecot.log"
    return 1
  }
}

# PORT
greets() { read -r -t 5 _ < "/dev/tcp/127.0.0.2/$1"; }

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
