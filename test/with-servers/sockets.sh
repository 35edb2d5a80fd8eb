#!/usr/bin/env bash
#
# nginx, Caddy and HAProxy ask by the unix socket, with the lines of docs/debian.md.
#
#   npm ci && npm run build && test/with-servers/sockets.sh
#
# Needs nginx, caddy, haproxy and curl (Debian: nginx-light caddy haproxy curl). The proxies listen on loopback, on free ports.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/web-servers.sh

need 'nginx-light caddy haproxy curl' node nginx caddy haproxy curl
need_build
make_work

mapfile -t ports < <(free_ports 3)

# LANGUAGE: the block of docs/debian.md in a language, with the sockets of this test.
block() { code_of docs/debian.md "$1" 1 | sed "s#/run/mail-autoconfig#$work#g"; }

{ cat config/autoconfig.yaml; block yaml; } > "$work/autoconfig.yaml"
start_server server --config "$work/autoconfig.yaml" --socket "$work/http.sock" --admin-socket "$work/admin.sock" --socket-mode 666

start_nginx() {
  nginx_configuration "$work/errors.log" > "$work/nginx.conf" << END
  access_log off;
  $(block nginx)
  server {
    listen 127.0.0.1:${ports[0]};
    location / {
      proxy_pass http://mail_autoconfig;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host \$http_host;
      proxy_set_header X-Forwarded-For \$remote_addr;
    }
  }
END
  start nginx nginx -e "$work/errors.log" -c "$work/nginx.conf"
}

start_caddy() {
  printf '{\n\tadmin off\n\tauto_https off\n}\nhttp://:%s {\n\tbind 127.0.0.1\n\t%s\n}\n' "${ports[1]}" "$(block caddyfile)" > "$work/Caddyfile"
  start caddy exec_caddy "$work/Caddyfile"
}

start_haproxy() {
  {
    printf 'defaults\n  mode http\n  timeout connect 2s\n  timeout client 5s\n  timeout server 5s\n'
    printf 'frontend web\n  bind 127.0.0.1:%s\n  default_backend mail_autoconfig\n' "${ports[2]}"
    awk '/^backend mail_autoconfig/ { on = 1 } /^```/ { on = 0 } on' docs/debian.md | sed "s#/run/mail-autoconfig#$work#g"
  } > "$work/haproxy.cfg"
  start haproxy haproxy -db -f "$work/haproxy.cfg"
}

# PORT: the domain is in the Host, so the proxy has passed it on.
answers() {
  get --header 'Host: autoconfig.example.org' "http://127.0.0.1:$1/mail/config-v1.1.xml" | grep -F '<domain>example.org</domain>'
}

start_nginx
start_caddy
start_haproxy
check 'nginx asks by the unix socket' await nginx answers "${ports[0]}"
check 'Caddy asks by the unix socket' await caddy answers "${ports[1]}"
check 'HAProxy asks by the unix socket' await haproxy answers "${ports[2]}"
check 'the admin listener answers at its socket' get --unix-socket "$work/admin.sock" http://localhost/readyz

tell_count
