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
PATH=$PATH:/usr/sbin:/sbin
source test/with-servers/checks.sh

need 'nginx-light caddy haproxy curl' node nginx caddy haproxy curl

work=$(mktemp -d "${TMPDIR:-/tmp}/mail-autoconfig-sockets.XXXXXX")
chmod 755 "$work"
processes=()
clean_up() {
  local pid
  for pid in "${processes[@]}"; do
    kill "$pid" 2> /dev/null || true
    wait "$pid" 2> /dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT

mapfile -t ports < <(free_ports 3)

# LANGUAGE N: the Nth block of docs/debian.md in a language, with the socket of this test.
block() {
  awk -v language="$1" -v wanted="$2" '/^```/ { open = !open; on = open && $0 == "```" language && ++n == wanted; next } on' docs/debian.md |
    sed "s#/run/mail-autoconfig#$work#g"
}

{ cat config/autoconfig.yaml; block yaml 1; } > "$work/autoconfig.yaml"
node dist/bin.js serve --config "$work/autoconfig.yaml" --socket "$work/http.sock" --admin-socket "$work/admin.sock" \
  --socket-mode 666 > "$work/log" 2>&1 &
processes+=($!)
eventually grep -q '"msg":"serving"' "$work/log"

start_nginx() {
  cat > "$work/nginx.conf" << END
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http {
  access_log off;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  $(block nginx 1)
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
}
END
  nginx -e "$work/nginx.log" -c "$work/nginx.conf" &
  processes+=($!)
}

start_caddy() {
  printf '{\n\tadmin off\n\tauto_https off\n}\nhttp://:%s {\n\tbind 127.0.0.1\n\t%s\n}\n' "${ports[1]}" "$(block caddyfile 1)" > "$work/Caddyfile"
  HOME=$work XDG_DATA_HOME=$work XDG_CONFIG_HOME=$work caddy run --config "$work/Caddyfile" --adapter caddyfile > "$work/caddy.log" 2>&1 &
  processes+=($!)
}

start_haproxy() {
  {
    printf 'defaults\n  mode http\n  timeout connect 2s\n  timeout client 5s\n  timeout server 5s\n'
    printf 'frontend web\n  bind 127.0.0.1:%s\n  default_backend mail_autoconfig\n' "${ports[2]}"
    awk '/^backend mail_autoconfig/ { on = 1 } /^```/ { on = 0 } on' docs/debian.md | sed "s#/run/mail-autoconfig#$work#g"
  } > "$work/haproxy.cfg"
  haproxy -db -f "$work/haproxy.cfg" > "$work/haproxy.log" 2>&1 &
  processes+=($!)
}

# PORT: the domain is in the Host, so the proxy has passed it on.
answers() {
  curl --silent --show-error --fail --noproxy '*' --header 'Host: autoconfig.example.org' "http://127.0.0.1:$1/mail/config-v1.1.xml" |
    grep -F '<domain>example.org</domain>'
}

start_nginx
start_caddy
start_haproxy
check 'nginx asks by the unix socket' eventually answers "${ports[0]}"
check 'Caddy asks by the unix socket' eventually answers "${ports[1]}"
check 'HAProxy asks by the unix socket' eventually answers "${ports[2]}"
check 'the admin listener answers at its socket' curl --silent --fail --unix-socket "$work/admin.sock" http://localhost/readyz

tell_count
