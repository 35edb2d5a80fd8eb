#!/usr/bin/env bash
#
# The snippets of docs/proxies in the real nginx, Caddy and Apache, in front of the real server: what is documented is
# what is tested. Everything listens on loopback, on free ports.
#
#   npm ci && npm run build && test/with-servers/proxies.sh
#
# Needs nginx, caddy, apache2, openssl and curl (on Debian packages of these names). With pebble, an ACME server, Caddy
# gets its certificates as it would from Let's Encrypt; without it, that part is skipped. CADDY=/path/to/caddy takes
# another Caddy than the one in PATH.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
caddy=${CADDY:-caddy}

readonly config=config/autoconfig.yaml snippets=docs/proxies guide=docs/behind-a-proxy.md
readonly path=/mail/config-v1.1.xml well_known=/.well-known/autoconfig/mail/config-v1.1.xml
readonly autodiscover=/autodiscover/autodiscover.xml pacc=/.well-known/user-agent-configuration.json
# In every address that is asked for, so that no log may hold it; nor the password, which Outlook and Thunderbird send along.
readonly local_part=jane.roe password='open sesame'
readonly address=$local_part@example.org

source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh
source test/with-servers/web-servers.sh

need 'nginx-light caddy apache2 openssl curl' node nginx "$caddy" apache2 openssl curl
need_build
make_work
mkdir -p "$work"/{live,acme/.well-known/acme-challenge,documents}

# --- Processes -------------------------------------------------------------------------------------------------------

mapfile -t ports < <(free_ports 9)
readonly ports port=${ports[0]} admin_port=${ports[1]} http=${ports[2]} https=${ports[3]}

# [CONFIG]
serve() { start_server server --config "${1:-$config}" --host 127.0.0.1 --port "$port" --admin-port "$admin_port"; }

# All that the proxy prints counts among its logs.
ln -s log/output "$work/proxy.log"

# NAME COMMAND…: who is in front, for the description of a check, and how it is started.
start_proxy() {
  front=$1
  shift
  rm -rf "$work/log"
  mkdir "$work/log"
  start proxy "$@"
  await proxy listens "$http"
  await proxy listens "$https"
}

# --- Certificates, where the snippets look for them ------------------------------------------------------------------

# DIRECTORY NAME…
make_certificate() {
  local directory=$1 names
  shift
  names=$(printf ',DNS:%s' "$@")
  issue certificate "subjectAltName=${names#,}"
  mkdir -p "$directory"
  mv "$work/certificate.key" "$directory/privkey.pem"
  mv "$work/certificate.pem" "$directory/fullchain.pem"
  chmod 644 "$directory/privkey.pem"
}

make_certificates() {
  local domain
  make_authority
  for domain in example.org example.net; do
    make_certificate "$work/live/autoconfig.$domain" {autoconfig,autodiscover,ua-auto-config}."$domain"
  done
  make_certificate "$work/live/autoconfig.all2all.org" autoconfig.all2all.org
  make_certificate "$work/live/example.org" example.org
}

# --- The snippets, with nothing changed but ports and paths ----------------------------------------------------------

common_changes=(
  -e "s#127\.0\.0\.1:8080#127.0.0.1:$port#g"
  -e "s#127\.0\.0\.1:8081#127.0.0.1:$admin_port#g"
  -e "s#/etc/letsencrypt/live#$work/live#g"
  -e "s#/var/www/acme#$work/acme#g"
)

start_nginx() {
  local ipv6=(-e '/listen \[::\]/d')
  [[ ! -s /proc/net/if_inet6 ]] || ipv6=(-e "s#listen \[::\]:80;#listen [::1]:$http;#" -e "s#listen \[::\]:443 #listen [::1]:$https #")
  sed "${common_changes[@]}" "${ipv6[@]}" \
    -e "s#listen 80;#listen 127.0.0.1:$http;#" -e "s#listen 443 #listen 127.0.0.1:$https #" \
    -e "s#/var/log/nginx#$work/log#g" "$snippets/nginx.conf" > "$work/snippet.conf"
  nginx_configuration "$work/log/error.log" > "$work/nginx.conf" << END
  access_log $work/log/access.log;
  # As Debian has it; and as many have it, nginx then compresses whatever it can.
  gzip on;
  gzip_proxied any;
  gzip_types *;
  include $work/snippet.conf;
END
  start_proxy nginx nginx -e "$work/log/error.log" -c "$work/nginx.conf"
}

# [SED'S ARGUMENTS]
start_apache() {
  local modules
  # Those that Debian enables, as far as they matter here, and those that the snippet names.
  read -r -a modules <<< "mpm_event authz_core authz_host filter deflate mime setenvif $(sed -n 's/^#.*a2enmod \([a-z_ ]*\).*/\1/p' "$snippets/apache.conf")"
  {
    cat << END
Define APACHE_LOG_DIR $work/log
LogFormat "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" combined
CustomLog $work/log/access.log combined
Include /etc/apache2/mods-available/deflate.conf
# As many have it.
AddOutputFilterByType DEFLATE application/json
Listen 127.0.0.1:$http
Listen 127.0.0.1:$https
END
    sed "${common_changes[@]}" -e "s#<VirtualHost \*:80>#<VirtualHost 127.0.0.1:$http>#" \
      -e "s#<VirtualHost \*:443>#<VirtualHost 127.0.0.1:$https>#" "$@" "$snippets/apache.conf"
  } | apache_configuration "$work/log/error.log" "${modules[@]}" > "$work/apache.conf"
  start_proxy apache apache2 -d "$work" -f "$work/apache.conf" -DFOREGROUND
}

# GLOBAL OPTIONS
start_caddy() {
  rm -rf "$work/caddy"
  sed "${common_changes[@]}" -e "0,/^{/s//{\n$1\n\tadmin off\n\thttp_port $http\n\thttps_port $https\n\tdefault_bind 127.0.0.1\n/" \
    "$snippets/Caddyfile" > "$work/Caddyfile"
  start_proxy caddy exec_caddy "$work/Caddyfile"
}

# --- What a client sees ----------------------------------------------------------------------------------------------

# URL [CURL'S ARGUMENTS] -> $status, and head and body in $work; fails where curl does. The URL is as a client has it.
ask() {
  local url=$1
  shift
  : > "$work/head"
  : > "$work/body"
  status=$(curl --silent --max-time 20 --noproxy '*' --cacert "$ca" \
    --connect-to ":80:127.0.0.1:$http" --connect-to ":443:127.0.0.1:$https" \
    --dump-header "$work/head" --output "$work/body" --write-out '%{http_code}' "$@" "$url")
}

# NAME -> its value, or nothing.
header() {
  sed -n "s/^$1: *\(.*\)\r$/\1/Ip" "$work/head"
}

# FORMAT DOMAIN-OR-ADDRESS -> the file that holds what is to be answered.
document() {
  local file=$work/documents/$1-$2 drawn=()
  [[ $1 != *-qr ]] || drawn=(--png)
  [[ -e $file ]] || node dist/bin.js render "$1" "$2" "${drawn[@]}" --config "$config" > "$file"
  echo "$file"
}

declare -Ar media_types=(
  [autoconfig]='text/xml; charset=utf-8'
  [autodiscover]='text/xml; charset=utf-8'
  [autodiscover-json]='application/json; charset=utf-8'
  [mobileconfig]=application/x-apple-aspen-config
  [apple-qr]=image/png
  [thunderbird-qr]=image/png
  [pacc]=application/json
)

# FORMAT DOMAIN-OR-ADDRESS URL [CURL'S ARGUMENTS]: this very document, at once, with nothing that a client could trip over.
sends() {
  local format=$1 of=$2
  shift 2
  ask "$@" && [[ $status == 200 && $(header Content-Type) == "${media_types[$format]}" ]] &&
    [[ $(header Content-Encoding)$(header Set-Cookie)$(header Strict-Transport-Security)$(header WWW-Authenticate) == '' ]] &&
    cmp --silent "$work/body" "$(document "$format" "$of")"
}

# DOMAIN URL [CURL'S ARGUMENTS]: its settings as autoconfig.
gives() {
  sends autoconfig "$@"
}

# As Outlook and Thunderbird ask, who send the password along.
readonly post=(
  --header 'Content-Type: text/xml' --user "$address:$password" --data-binary
  "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\">
  <Request>
    <EMailAddress>$address</EMailAddress>
    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
  </Request>
</Autodiscover>"
)

# URL [CURL'S ARGUMENTS]: a POST of Autodiscover.
discovers() {
  sends autodiscover "$address" "$@" "${post[@]}"
}

# URL [CURL'S ARGUMENTS]
sends_to_public_name() {
  ask "$@" && [[ $status == 302 && $(header Location) == https://autoconfig.all2all.org/* ]]
}

# DOMAIN URL: what it says who follows the redirect.
leads_to_settings() {
  sends_to_public_name "$2" && sends autodiscover "$1" "$(header Location)"
}

# URL: the bytes whose digest is in the DNS, however a client asks.
is_verbatim() {
  sends pacc example.org "$1" && sends pacc example.org "$1" --header 'Accept-Encoding: gzip, deflate, br, zstd' &&
    [[ $(header Cache-Control) == *no-transform* ]]
}

# URL
sends_profile() {
  sends mobileconfig "$address" "$1?emailaddress=$address" &&
    [[ $(header Content-Disposition) == 'attachment; filename="example.org.mobileconfig"' ]]
}

# STATUS URL [CURL'S ARGUMENTS]: this status, and a few words.
refuses() {
  local wanted=$1
  shift
  ask "$@" && [[ $status == "$wanted" && $(header Content-Type) == 'text/plain; charset=utf-8' && -s $work/body ]]
}

head_as_get() {
  local length etag
  ask "$1" && length=$(header Content-Length) && etag=$(header ETag) && ask "$1" --head &&
    [[ $status == 200 && $length != '' && $(header Content-Length) == "$length" && $(header ETag) == "$etag" ]]
}

gzips() {
  ask "$1" --header 'Accept-Encoding: gzip' && [[ $status == 200 && $(header Content-Encoding) == gzip ]] &&
    gunzip < "$work/body" | cmp --silent - "$(document autoconfig example.org)"
}

# URL [CURL'S ARGUMENTS]
not_modified() {
  local etag
  ask "$@" && etag=$(header ETag) && [[ $etag != '' ]] && ask "$@" --header "If-None-Match: $etag" &&
    [[ $status == 304 && $(header ETag) == "$etag" && ! -s $work/body ]]
}

refuses_post() {
  refuses 405 "$1" --data "x=$local_part" && [[ $(header Allow) == *GET* ]]
}

answers_preflight() {
  ask "$1" --request OPTIONS && [[ $status == 204 && $(header Access-Control-Allow-Origin) == '*' ]]
}

redirects() {
  ask "$1" && [[ $status == 301 && $(header Location) == https://www.example.org/* ]]
}

handshake_fails() {
  ! ask "$1"
}

# Is there a connection to mail-autoconfig while nobody asks? (/proc/net/tcp: its port in hexadecimal, 01 is established.)
keeps_connections() {
  local name
  printf -v name ':%04X' "$port"
  awk -v name="$name" '$2 ~ name "$" && $4 == "01" { kept = 1 } END { exit !kept }' /proc/net/tcp
}

# URL [CURL'S ARGUMENTS]
bad_gateway() {
  ask "$@" && [[ $status == 50[234] ]]
}

back_at_once() {
  serve "$trusting"
  gives example.org "$1"
}

# FILE: it tells of requests, so that the next check means something.
logs_to() {
  grep -qE '[ :]200[ ,}]' "$work/log/$1"
}

# Neither an address, a password nor a query in any file that the proxy has written, nor that somebody asked the customer's
# site.
logs_hold_nothing_of_the_asker() {
  local credentials
  credentials=$(printf '%s' "$address:$password" | base64)
  grep -rnaiF -e "$local_part" -e "$password" -e "$credentials" -e emailaddress -e well-known/autoconfig \
    -e autodiscover/autodiscover "$work/log" > "$work/found" || return 0
  cat "$work/found"
  return 1
}

check_front() {
  local scheme url name asked
  for scheme in http https; do
    url=$scheme://autoconfig.example.org$path
    check "$scheme: the domain by its Host, without a redirect" gives example.org "$url"
    check "$scheme: another domain on another host" gives example.net "$scheme://autoconfig.example.net$path"
    for name in autodiscover ua-auto-config; do
      check "$scheme: $name. too" gives example.org "$scheme://$name.example.org$path?emailaddress=$address"
    done
    check "$scheme: the path below .well-known" gives example.org "$scheme://autoconfig.example.org$well_known"
    check "$scheme: what GNOME Online Accounts asks first" gives example.org "$scheme://autoconfig.example.org/.well-known/mail-v1.xml"
    for asked in "$local_part@example.com" "$local_part+list@example.com" "$local_part%40example.com" \
      "$local_part%2540example.com" "EVOLUTIONUSER%40example.com&emailmd5=0"; do
      check "$scheme: the query as it came: $asked" gives example.com "$url?emailaddress=$asked"
    done
    check "$scheme: HEAD" head_as_get "$url"
    check "$scheme: POST gets its 405" refuses_post "$url"
    check "$scheme: OPTIONS gets its 204" answers_preflight "$url"
    check "$scheme: gzip if asked for" gzips "$url"
    check "$scheme: 304 by the ETag" not_modified "$url"
    check "$scheme: 304 by the ETag of gzip" not_modified "$url" --header 'Accept-Encoding: gzip'
    check "$scheme: HTTP/1.0" gives example.org "$url" --http1.0 --no-alpn
    check "$scheme: no User-Agent, no Accept" gives example.org "$url" --header 'User-Agent:' --header 'Accept:'
    check "$scheme: Host in capitals and with a port" gives example.org "$url" --header 'Host: AutoConfig.Example.ORG:8080'
    check "$scheme: a stranger's X-Forwarded-Host is nothing" gives example.org "$url" --header 'X-Forwarded-Host: autoconfig.example.com'
    check "$scheme: an unknown path gets 404 in plain text" refuses 404 "$scheme://autoconfig.example.org/$local_part@example.org"

    url=$scheme://example.org
    check "$scheme: the customer's own site, this path" gives example.org "$url$well_known?emailaddress=$address"
    check "$scheme: the customer's own site, HEAD and 304" not_modified "$url$well_known"
    check "$scheme: the customer's own site, other paths are its own" redirects "$url/"
    check "$scheme: the customer's own site, no other path of ours" redirects "$url$path"
  done
  check_other_formats
  check 'http: an unknown domain gets 404 in plain text' refuses 404 "http://autoconfig.unknown.test$path?emailaddress=$local_part@unknown.test"
  check 'https: no certificate for an unknown domain' handshake_fails "https://autoconfig.unknown.test$path"
  check 'keeps its connections to mail-autoconfig' keeps_connections
}

check_other_formats() {
  local scheme url spelling
  for scheme in http https; do
    for url in $scheme://{autodiscover.example.org,autoconfig.all2all.org,example.org}; do
      check "$scheme: a POST of Autodiscover to ${url#*://}" discovers "$url$autodiscover"
    done
    url=$scheme://autodiscover.example.org
    for spelling in /Autodiscover/Autodiscover.xml /AutoDiscover/AutoDiscover.xml /AUTODISCOVER/AUTODISCOVER.XML; do
      check "$scheme: and to $spelling" discovers "$url$spelling"
      check "$scheme: and to $spelling at the customer's own site" discovers "$scheme://example.org$spelling"
    done
    check "$scheme: a POST that waits for leave to go on" discovers "$url$autodiscover" --header 'Expect: 100-continue'
    check "$scheme: a POST that does not tell its length" discovers "$url$autodiscover" --header 'Transfer-Encoding: chunked'
    check "$scheme: a POST by HTTP/1.0" discovers "$url$autodiscover" --http1.0 --no-alpn
    check "$scheme: a GET of Autodiscover at the customer's own site" sends autodiscover example.org "$scheme://example.org$autodiscover"
    check "$scheme: the customer's own site, no other path of Autodiscover" redirects "$scheme://example.org/autodiscover/"
    check "$scheme: Autodiscover as JSON" sends autodiscover-json example.org \
      "$url/autodiscover/autodiscover.json?Email=$address&Protocol=Autodiscoverv1&RedirectCount=1"
    check "$scheme: PACC, not a byte changed and nothing compressed" is_verbatim "$scheme://ua-auto-config.example.org$pacc"

    url=$scheme://autoconfig.all2all.org
    check "$scheme: a profile for Apple's devices, with its file name" sends_profile "$url/apple/mail.mobileconfig"
    check "$scheme: where to find it, as a QR code" sends apple-qr "$address" "$url/apple/qr.png?emailaddress=$address"
    check "$scheme: a QR code for Thunderbird" sends thunderbird-qr "$address" "$url/thunderbird/qr.png?emailaddress=$address"
  done
  url=http://autodiscover.example.org$autodiscover
  check 'https: a GET of Autodiscover is answered at once' sends autodiscover example.org "${url/http:/https:}"
  check 'https: and with the address in it' sends autodiscover "$address" "${url/http:/https:}?emailaddress=$address"
  check 'http: a GET of Autodiscover is sent to the public name' sends_to_public_name "$url?emailaddress=$address"
  check 'http: and in another letter case' sends_to_public_name http://autodiscover.example.org/AutoDiscover/AutoDiscover.xml
  check 'http: which has its certificate, and the settings of the domain' leads_to_settings example.org "$url"
  check "http: a stranger's X-Forwarded-Proto is nothing" sends_to_public_name "$url" --header 'X-Forwarded-Proto: https'
  check "https: a stranger's X-Forwarded-Proto is nothing" \
    sends autodiscover example.org "${url/http:/https:}" --header 'X-Forwarded-Proto: http'
}

# LOG: the last checks of a proxy.
check_trouble() {
  local host url="http://autoconfig.example.org$path?emailaddress=$address"
  stop server
  check 'http: 502, 503 or 504 while mail-autoconfig is away' bad_gateway "$url"
  check 'https: 502, 503 or 504 while mail-autoconfig is away' bad_gateway "${url/http:/https:}"
  # Over HTTP/2, a curl whose body nobody reads now and then fails before it has read the answer.
  for host in autodiscover.example.org example.org; do
    check "https: and for a POST to $host" bad_gateway "https://$host$autodiscover" --http1.1 "${post[@]}"
  done
  check 'and at once an answer when it is back' back_at_once "$url"
  check "a stranger's X-Forwarded-Host is nothing even if the proxy is trusted" \
    gives example.org "http://autoconfig.example.org$path" --header 'X-Forwarded-Host: autoconfig.example.com'
  stop proxy
  stop server
  check 'writes an access log' logs_to "$1"
  check 'neither address nor password in its logs, errors included' logs_hold_nothing_of_the_asker
}

check_acme_challenge() {
  echo token > "$work/acme/.well-known/acme-challenge/token"
  check 'http: the challenge of the certificate authority' challenge_served
}

challenge_served() {
  ask http://autoconfig.example.org/.well-known/acme-challenge/token && [[ $status == 200 && $(< "$work/body") == token ]]
}

# --- The runs --------------------------------------------------------------------------------------------------------

echo "# $(nginx -v 2>&1), Caddy $("$caddy" version), $(apache2 -v | sed -n 1p), $(openssl version)"

front=docs
for file in nginx.conf Caddyfile apache.conf; do
  check "$guide quotes $snippets/$file as it is" is_quoted "$guide" "$snippets/$file"
done

make_certificates
ca=$work/ca.pem
trusting=$work/trusting.yaml
{ cat "$config" && echo "trustedProxies: [127.0.0.1, '::1']"; } > "$trusting"

serve
start_nginx
check_front
check_acme_challenge
check_trouble mail-autoconfig.log

serve
start_apache
check_front
check_acme_challenge
check_trouble mail-autoconfig.log

# A proxy that writes its own address into Host, as Apache does unless told otherwise.
serve
start_apache -e 's/ProxyPreserveHost On/ProxyPreserveHost Off/'
front='apache that rewrites Host'
check '404 if it is not trusted' refuses 404 "http://autoconfig.example.org$path"
stop server
serve "$trusting"
check 'answers by X-Forwarded-Host if it is trusted' gives example.org "http://autoconfig.example.org$path"
stop proxy
stop server

# The names that Caddy is asked for have no certificate yet: it makes them on the first handshake, with its own issuer.
serve
start_caddy $'\\tlocal_certs\\n\\tskip_install_trust'
ca=$work/caddy/caddy/pki/authorities/local/root.crt
check_front
check_trouble output

exercise_acme() {
  local acme_port=${ports[4]} management=${ports[5]} dns=${ports[6]} dns_management=${ports[7]}
  start_challtestsrv "$dns" "$dns_management"
  start_pebble "$acme_port" "$management" "$http" "$https" -dnsserver "127.0.0.1:$dns"
  ca=$work/pebble-root.pem

  serve
  start_caddy "\\tacme_ca https:\\/\\/localhost:$acme_port\\/dir\\n\\tacme_ca_root ${work//\//\\/}\\/ca.pem"
  front='caddy with ACME'
  check 'a certificate on the first handshake' gives example.org "https://autoconfig.example.org$path"
  check 'and http as before' gives example.org "http://autoconfig.example.org$path"
  check 'and one for the public name' leads_to_settings example.org "http://autodiscover.example.org$autodiscover"
  check 'no certificate for an unknown domain' handshake_fails "https://autoconfig.unknown.test$path"
  check 'which the certificate authority has not even been asked for' not_ordered unknown.test
  check 'nor for a name of a customer that is none of ours' handshake_fails "https://shop.example.org$path"
  check 'which the certificate authority has not even been asked for' not_ordered shop.example.org
  stop proxy
}

not_ordered() {
  grep -q autoconfig.example.org "$work/pebble.log" && ! grep -q "$1" "$work/pebble.log"
}

if command -v pebble > /dev/null && command -v pebble-challtestsrv > /dev/null; then
  exercise_acme
else
  echo 'skipped - caddy with ACME: pebble is not installed'
fi

tell_count
