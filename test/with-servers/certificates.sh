#!/usr/bin/env bash
#
# Certificates as docs/certificates.md describes them, from an ACME server: the scripts of docs/certificates unchanged but for paths,
# with dehydrated, lego and certbot, from a webroot and stateless, behind nginx, HAProxy and Apache.
#
#   npm ci && npm run build && test/with-servers/certificates.sh

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
readonly guide=docs/certificates scripts=docs/certificates document_path=/mail/config-v1.1.xml
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh
source test/with-servers/web-servers.sh

need 'nginx-light haproxy apache2 pebble dehydrated lego certbot openssl curl' \
  node nginx haproxy apache2 pebble pebble-challtestsrv dehydrated lego certbot openssl curl
need_build
make_work

mapfile -t ports < <(free_ports 10)
readonly ports port=${ports[0]} admin_port=${ports[1]} http=${ports[2]} https=${ports[3]}
readonly acme_port=${ports[4]} management=${ports[5]} dns=${ports[6]} dns_management=${ports[7]} ask_port=${ports[8]}
readonly pebble_port=${ports[9]}

# --- The service -----------------------------------------------------------------------------------------------------

# THE SECTION acme
configure() {
  cat > "$work/new.yaml" << END
provider: { id: all2all.org, displayName: all2all mail, displayShortName: all2all }
publicName: autoconfig.all2all.org
hosts: { mx1: { hostname: mx1.all2all.org } }
domainFiles: [domains.map]
$1
END
  mv "$work/new.yaml" "$work/autoconfig.yaml"
  reload
}

# DOMAIN…: those that are served.
serve() {
  printf '%s mx1\n' "$@" > "$work/new.map"
  mv "$work/new.map" "$work/domains.map"
  reload
}

# If the server runs already.
reload() {
  [[ -v process[server] ]] || return 0
  local before
  before=$(reloads)
  send_signal server HUP
  eventually has_reloaded "$before"
}

reloads() { get "http://127.0.0.1:$admin_port/readyz" | node -p 'JSON.parse(require("fs").readFileSync(0)).reloads.succeeded'; }

has_reloaded() { (($(reloads) > $1)); }

# --- The authority ---------------------------------------------------------------------------------------------------

# HAProxy is in front of pebble, which says nowhere when to ask again: lego would wait for five seconds at each name.
start_authority() {
  make_authority
  start_challtestsrv "$dns" "$dns_management"
  PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0 start_pebble "$pebble_port" "$management" "$http" "$https" -dnsserver "127.0.0.1:$dns"
  cat "$work/localhost.pem" "$work/localhost.key" > "$work/authority.pem"
  cat > "$work/authority.cfg" << END
defaults
  mode http
  timeout connect 10s
  timeout client 30s
  timeout server 30s
frontend authority
  bind 127.0.0.1:$acme_port ssl crt $work/authority.pem
  http-response set-header Retry-After 1
  default_backend pebble
backend pebble
  server pebble 127.0.0.1:$pebble_port ssl verify none
END
  start authority haproxy -db -f "$work/authority.cfg"
  await authority listens "$acme_port"
}

# NAME ADDRESS: in place of the address before.
publish() {
  get --data "{\"host\":\"$1.\"}" "http://127.0.0.1:$dns_management/clear-a"
  get --data "{\"host\":\"$1.\",\"addresses\":[\"$2\"]}" "http://127.0.0.1:$dns_management/add-a"
}

# --- The documented scripts, with nothing changed but paths ----------------------------------------------------------

changes=(
  -e "s#/usr/local/sbin#$work/bin#g"
  -e "s#/etc/ssl/mail-autoconfig#$work/pem#g"
  -e "s#/etc/dehydrated#$work/dehydrated#g"
  -e "s#/etc/haproxy#$work/haproxy#g"
  -e "s#/etc/apache2/mail-autoconfig#$work/apache/mail-autoconfig#g"
  -e "s#/var/lib/#$work/data/#g"
  -e "s#systemctl reload haproxy#kill -USR2 \$(cat $work/haproxy/pid)#"
  -e "s#systemctl reload apache2#kill -USR1 \$(cat $work/apache.pid)#"
  -e "s#apache2ctl -t#apache2 -d $work -f $work/apache.conf -t#"
)

# SCRIPT NAME [SED'S ARGUMENTS]
install_script() {
  local script=$1 name=$2
  shift 2
  sed "${changes[@]}" "$@" -e "s#/var/www/acme#$work/acme#g" "$scripts/$script" > "$work/bin/$name"
  chmod 755 "$work/bin/$name"
}

# NAME THE REST OF ITS SCRIPT: a command that the scripts find in PATH.
wrap() {
  printf '#!/bin/sh\nset -eu\n%s\n' "$2" > "$work/bin/$1"
  chmod 755 "$work/bin/$1"
}

prepare() {
  mkdir -p "$work"/{bin,pem,log,acme/.well-known/acme-challenge,unused/.well-known/acme-challenge,data/mail-autoconfig}
  mkdir -p "$work"/{dehydrated,haproxy,apache}
  # As install-certificate.sh says. Only root can give files to the group that nginx's workers have.
  ((EUID != 0)) || install -d -m 2750 -g www-data "$work/pem"
  PATH=$work/bin:$PATH
  wrap mail-autoconfig "exec node $PWD/dist/bin.js \"\$@\" --config $work/autoconfig.yaml --resolver 127.0.0.1:$dns"
  wrap dehydrated "CURL_CA_BUNDLE=$work/ca.pem exec $(command -v dehydrated) --config $work/dehydrated/config \"\$@\""
  wrap lego "LEGO_CA_CERTIFICATES=$work/ca.pem exec $(command -v lego) --server https://localhost:$acme_port/dir \"\$@\""
  wrap certbot "REQUESTS_CA_BUNDLE=$work/ca.pem exec $(command -v certbot) \"\$@\" --server https://localhost:$acme_port/dir \
    --config-dir $work/certbot --work-dir $work/certbot --logs-dir $work/certbot"
  # dehydrated waits for a second or two each time it asks again.
  wrap sleep "exec $(command -v sleep) 0.1"
  install_script install-certificate.sh install-certificate
  install_script dehydrated-hook.sh dehydrated-hook
  install_script lego-hook.sh lego-hook
  install_script certbot-hook.sh certbot-hook
  install_script reload-haproxy.sh reload-haproxy
  install_script reload-apache.sh reload-apache
}

configure_dehydrated() {
  cat > "$work/dehydrated/config" << END
CA=https://localhost:$acme_port/dir
BASEDIR=$work/dehydrated
WELLKNOWN=$1/.well-known/acme-challenge
DOMAINS_TXT=$work/dehydrated/domains.txt
HOOK=$work/bin/dehydrated-hook
KEY_ALGO=prime256v1
# A key of 4096 bits takes up to ten seconds.
ACCOUNT_KEYSIZE=2048
END
}

order() {
  sh "$work/bin/order-certificates"
}

# --- The proxies -----------------------------------------------------------------------------------------------------

# COMMAND…
start_proxy() {
  start proxy "$@"
  await proxy listens "$http"
  await proxy listens "$https"
}

# The snippet of docs/proxies, with the lines of docs/certificates/nginx.md.
start_nginx() {
  sed -e "s#127\.0\.0\.1:8080#127.0.0.1:$port#g" -e '/listen \[::\]/d' \
    -e "s#listen 80;#listen 127.0.0.1:$http;#" -e "s#listen 443 #listen 127.0.0.1:$https #" \
    -e "s#/var/log/nginx#$work/log#g" -e '/location \/\.well-known\/acme-challenge\//,/}/d' \
    -e '/^# A customer/,$d' -e '/^    ssl_certificate/d' docs/proxies/nginx.conf > "$work/snippet.conf"
  # In place of the lines that were removed.
  sed -n 's/^\( *ssl_certificate.*\)$/\1/p' "$guide/nginx.md" | sed "${changes[@]}" > "$work/lines"
  sed -i "/server_name autoconfig/r $work/lines" "$work/snippet.conf"
  {
    # As Debian has it.
    ((EUID != 0)) || echo 'user www-data;'
    nginx_configuration "$work/log/error.log" <<< "access_log off; include $work/snippet.conf;"
  } > "$work/nginx.conf"
  start_proxy nginx -e "$work/log/error.log" -c "$work/nginx.conf"
}

# THUMBPRINT
start_haproxy() {
  touch "$work/haproxy/mail-autoconfig.list"
  sed "${changes[@]}" -e "s#127\.0\.0\.1:8080#127.0.0.1:$port#" -e "s#bind :80\$#bind 127.0.0.1:$http#" \
    -e "s#bind :443 #bind 127.0.0.1:$https #" -e "s#\.THUMBPRINT#.$1#" "$scripts/haproxy.cfg" > "$work/haproxy/haproxy.cfg"
  start_proxy haproxy -W -p "$work/haproxy/pid" -f "$work/haproxy/haproxy.cfg"
  echo "${process[proxy]}" > "$work/haproxy/pid"
}

# The snippet of docs/proxies, with the macro of docs/certificates/apache.md.
start_apache() {
  local modules=(mpm_event authz_core authz_host filter deflate mime setenvif proxy proxy_http ssl macro alias headers)
  {
    printf '%s\n' "Define APACHE_LOG_DIR $work/log" "Listen 127.0.0.1:$http" "Listen 127.0.0.1:$https"
    sed -e "s#127\.0\.0\.1:8080#127.0.0.1:$port#g" -e "s#<VirtualHost \*:80>#<VirtualHost 127.0.0.1:$http>#" \
      -e '/Alias "/d' -e '/<Directory/,/<\/Directory>/d' -e '/acme-challenge/d' -e '/^# The same on https/,$d' docs/proxies/apache.conf
    code_of "$guide/apache.md" apache | sed "${changes[@]}" -e "s#<VirtualHost \*:443>#<VirtualHost 127.0.0.1:$https>#"
  } | apache_configuration "$work/log/apache.log" "${modules[@]}" > "$work/apache.conf"
  start_proxy apache2 -d "$work" -f "$work/apache.conf" -DFOREGROUND
}

# --- Questions -------------------------------------------------------------------------------------------------------

# NAME DOMAIN: over https, with a certificate of the authority, the document of the domain.
gives() {
  local body
  body=$(get --cacert "$work/pebble-root.pem" --connect-to ":443:127.0.0.1:$https" "https://$1$document_path")
  [[ $body == *"<domain>$2</domain>"* ]]
}

has_all_names() {
  local name
  for name in autoconfig autodiscover ua-auto-config; do gives "$name.$1" "$1" || return 1; done
}

handshake_fails() {
  ! gives "$1" "$1"
}

serial() {
  openssl x509 -noout -serial -in "$work/pem/$1.pem"
}

# TOKEN THUMBPRINT: the answer over http, at any host name.
answers() {
  local body
  body=$(get --connect-to ":80:127.0.0.1:$http" "http://any.example.com/.well-known/acme-challenge/$1")
  [[ $body == "$1.$2" ]]
}

# PATH STATUS
ask_listener_answers() {
  [[ $(curl --silent --output /dev/null --write-out '%{http_code}' --noproxy '*' "http://127.0.0.1:$ask_port$1") == "$2" ]]
}

mentions() {
  grep -q "$1" "$2"
}

not() {
  ! "$@"
}

# --- The runs --------------------------------------------------------------------------------------------------------

echo "# $(nginx -v 2>&1), $(haproxy -v | sed -n 1p), $(apache2 -v | sed -n 1p), $(certbot --version)"

for pair in dehydrated:order-with-dehydrated.sh dehydrated:dehydrated-hook.sh lego:order-with-lego.sh lego:lego-hook.sh \
  certbot:order-with-certbot.sh certbot:certbot-hook.sh haproxy:reload-haproxy.sh haproxy:haproxy.cfg apache:reload-apache.sh; do
  check "$guide/${pair%%:*}.md quotes ${pair#*:} as it is" is_quoted "$guide/${pair%%:*}.md" "$scripts/${pair#*:}"
done
check 'docs/certificates.md quotes install-certificate.sh as it is' is_quoted docs/certificates.md "$scripts/install-certificate.sh"

prepare
serve example.org
configure "acme: { webroot: $work/acme }"
start_authority
start_server server --config "$work/autoconfig.yaml" --host 127.0.0.1 --port "$port" --admin-port "$admin_port" --ask-port "$ask_port"

front='the listener for /ask'
check 'allows a name of a served domain' ask_listener_answers '/ask?domain=autoconfig.example.org' 200
check 'refuses an unknown one' ask_listener_answers '/ask?domain=autoconfig.example.net' 404
check 'answers nothing else' ask_listener_answers /metrics 404

exercise_dehydrated() {
  local before_org before_net thumbprint
  front='nginx, dehydrated with a webroot'
  install_script order-with-dehydrated.sh order-certificates
  configure_dehydrated "$work/acme"
  "$work/bin/dehydrated" --register --accept-terms > "$work/log/register" 2>&1
  check 'the first run' order
  check 'every name of the domain is answered' has_all_names example.org
  serve example.org example.net
  check 'no certificate before the run' handshake_fails autoconfig.example.net
  check 'a new domain' order
  check 'has a certificate after one run, without a reload of nginx' has_all_names example.net
  before_org=$(serial autoconfig.example.org) before_net=$(serial autoconfig.example.net)
  check 'a run that has nothing to do' order
  check 'orders nothing' test "$before_org" = "$(serial autoconfig.example.org)"
  serve example.org
  check 'a run without the second domain' order
  check 'no longer lists it' not mentions example.net "$work/dehydrated/domains.txt"
  check 'nor orders it' "$work/bin/dehydrated" --cron --keep-going --force
  check 'but renews the first' test "$before_org" != "$(serial autoconfig.example.org)"
  check 'and keeps the old file' test "$before_net" = "$(serial autoconfig.example.net)"

  publish autoconfig.example.com 127.0.0.2
  serve example.org example.com
  check 'a domain of which a name leads elsewhere' order
  check 'has its other names' gives autodiscover.example.com example.com
  check 'and this one has no certificate' handshake_fails autoconfig.example.com
  check 'at a path that stays the same' mentions '> autoconfig.example.com' "$work/dehydrated/domains.txt"

  front='nginx, dehydrated without a directory'
  thumbprint=$(node dist/bin.js thumbprint "$work"/dehydrated/accounts/*/account_key.pem)
  configure "acme: { thumbprint: $thumbprint }"
  configure_dehydrated "$work/unused"
  check 'any token is answered' answers 0123456789abcdefABCDEF-_ "$thumbprint"
  check 'but not one that is too short' not answers abc "$thumbprint"
  serve example.org example.info
  check 'a new domain' order
  check 'has a certificate after one run' has_all_names example.info
}

exercise_lego() {
  local before thumbprint
  front='nginx, lego with a webroot'
  rm -f "$work"/pem/*.pem
  install_script order-with-lego.sh order-certificates
  configure "acme: { webroot: $work/acme }"
  serve example.org
  check 'the first run' order
  check 'every name of the domain is answered' has_all_names example.org
  before=$(serial autoconfig.example.org)
  serve example.org example.net
  check 'a new domain' order
  check 'has a certificate after one run' has_all_names example.net
  check 'and the first is not ordered again' test "$before" = "$(serial autoconfig.example.org)"
  publish autodiscover.example.org 127.0.0.2
  check 'a name that leads elsewhere' order
  check 'is no longer in the certificate' handshake_fails autodiscover.example.org
  publish autodiscover.example.org 127.0.0.1
  serve example.org
  check 'a run without the second domain' order
  check 'no longer lists it' not mentions example.net "$work/data/lego/list"

  front='nginx, lego without a directory'
  thumbprint=$(node dist/bin.js thumbprint "$work"/data/lego/accounts/*/*/keys/*.key)
  configure "acme: { thumbprint: $thumbprint }"
  install_script order-with-lego.sh order-certificates -e "s#/var/www/acme#$work/unused#"
  serve example.org example.info
  check 'a new domain' order
  check 'has a certificate after one run' has_all_names example.info
}

exercise_certbot() {
  local thumbprint
  front='nginx, certbot with a webroot'
  rm -f "$work"/pem/*.pem
  install_script order-with-certbot.sh order-certificates
  configure "acme: { webroot: $work/acme }"
  serve example.org
  check 'the first run' order
  check 'every name of the domain is answered' has_all_names example.org
  thumbprint=$(node dist/bin.js thumbprint "$work"/certbot/accounts/*/*/*/private_key.json)
  configure "acme: { thumbprint: $thumbprint }"
  install_script order-with-certbot.sh order-certificates -e "s#/var/www/acme#$work/unused#"
  front='nginx, certbot without a directory'
  serve example.org example.net
  check 'a new domain' order
  check 'has a certificate after one run' has_all_names example.net
}

exercise_haproxy() {
  local thumbprint
  front='HAProxy that answers challenges, dehydrated'
  rm -f "$work"/pem/*.pem
  rm -rf "$work/dehydrated/certs"
  # mail-autoconfig answers none.
  configure ''
  install_script order-with-dehydrated.sh order-certificates
  configure_dehydrated "$work/unused"
  thumbprint=$(node dist/bin.js thumbprint "$work"/dehydrated/accounts/*/account_key.pem)
  start_haproxy "$thumbprint"
  serve example.org
  check 'starts without any certificate' handshake_fails autoconfig.example.org
  check 'any token is answered' answers 0123456789abcdefABCDEF-_ "$thumbprint"
  check 'the first run' order
  check 'and the reload' "$work/bin/reload-haproxy"
  check 'every name of the domain is answered' eventually has_all_names example.org
  serve example.org example.net
  check 'a new domain' order
  check 'and the reload' "$work/bin/reload-haproxy"
  check 'has a certificate' eventually has_all_names example.net
  check 'a name without one fails the handshake' handshake_fails autoconfig.example.info
  stop proxy
}

exercise_apache() {
  front='Apache, dehydrated with a webroot'
  configure "acme: { webroot: $work/acme }"
  configure_dehydrated "$work/acme"
  "$work/bin/reload-apache" > /dev/null 2>&1 || true # Apache does not run yet.
  start_apache
  check 'every name of the domain is answered' has_all_names example.net
  serve example.org example.net example.info
  check 'a new domain' order
  check 'and the reload' "$work/bin/reload-apache"
  check 'has a certificate' eventually has_all_names example.info
  stop proxy
}

start_nginx
exercise_dehydrated
exercise_lego
exercise_certbot
stop proxy
exercise_haproxy
exercise_apache

tell_count
