#!/usr/bin/env bash
#
# Serves the files of `mail-autoconfig export` with the real nginx and the real Caddy, with the configurations that it writes:
# each must answer as the server does. Everything listens on loopback, on free ports.
#
#   npm ci && npm run build && test/with-servers/export.sh
#
# Needs nginx and caddy (Debian: nginx-light caddy).

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/web-servers.sh

need 'nginx-light caddy' node nginx caddy
need_build
make_work

mkdir "$work/db"
cat > "$work/db/mirrored.example.xml" << 'END'
<clientConfig version="1.1"><emailProvider id="mirrored.example"><domain>mirrored.example</domain>
<domain>also.example</domain><unknown/></emailProvider></clientConfig>
END
echo '<svg xmlns="http://www.w3.org/2000/svg"/>' > "$work/logo.svg"
base="
provider: { id: all2all.org, displayName: 'all2all & mail', displayShortName: all2all }
hosts:
  mx1: { hostname: mx1.all2all.org }
  mx2:
    hostname: mx2.all2all.org
    servers: [imaps, { type: smtp, hostname: 'smtp.%EMAILDOMAIN%' }]
    services: { caldav: 'https://dav.all2all.org/calendars/' }
domains:
  example.org: mx1
  own.example: { host: mx2, displayName: Other, username: '%EMAILLOCALPART%' }
  '*.below.example': mx2
  exact.below.example: mx1
  xn--bcher-kva.example: mx1
  also.example: mx1
"
# Each has a title, the options of export, and two changes to the base.
configurations=(
  'a mirror at the autoconfig URLs, too|--precompress|provider: { id: all2all.org, displayName: A, displayShortName: A, defaultHost: mx2 }|{ publicName: autoconfig.all2all.org, ispdb: [{ folder: db, serve: all }] }'
  'a mirror at the ISPDB URLs only, and a file for each domain|--each-domain --precompress||ispdb: [{ folder: db }]'
  'a catch-all for all domains||domains: { example.org: mx1, own.example: { host: mx2, username: x }, "*": mx2, "*.below.example": mx1, xn--bcher-kva.example: mx1 }|{ publicName: autoconfig.all2all.org, ispdb: [{ folder: db, serve: all }] }'
  'no mirror, no compression, and the provider domain mapped||domains: { all2all.org: mx2, example.org: mx1, xn--bcher-kva.example: mx2 }|{ page: { language: fr, logo: logo.svg }, http: { compress: false, maxAge: 60 } }'
)

# LINES…: prints the base, with each line in place of the section that it starts with.
configure() {
  BASE=$base node -e '
    const { parse, stringify } = require("yaml")
    const lines = process.argv.slice(1).filter(Boolean)
    console.log(stringify(Object.assign(parse(process.env.BASE), ...lines.map((line) => parse(line)))))
  ' "$@"
}

serve_all() {
  local ports
  mapfile -t ports < <(free_ports 4)
  ours=127.0.0.1:${ports[0]} nginx=127.0.0.1:${ports[1]} caddy=127.0.0.1:${ports[2]}
  start_server server --config "$work/autoconfig.yaml" --host 127.0.0.1 --port "${ports[0]}" --admin-port "${ports[3]}"
  # Only the addresses to listen on are changed.
  sed -e "s/listen 80 /listen $nginx /" -e '/listen \[::\]/d' "$work/tree/nginx.conf" > "$work/site.conf"
  nginx_configuration "$work/errors.log" <<< "include $work/site.conf;" > "$work/nginx.conf"
  start nginx nginx -c "$work/nginx.conf" -e "$work/errors.log"
  {
    printf '{\n\tadmin off\n\tauto_https off\n}\n'
    sed "s|^:80 {|http://:${ports[2]} {\n\tbind 127.0.0.1|" "$work/tree/Caddyfile"
  } > "$work/Caddyfile"
  start caddy exec_caddy "$work/Caddyfile"
  await nginx listens "${ports[1]}"
  await caddy listens "${ports[2]}"
}

for configuration in "${configurations[@]}"; do
  IFS='|' read -r front options one other <<< "$configuration"
  configure "$one" "$other" > "$work/autoconfig.yaml"
  rm -rf "$work/tree"
  # shellcheck disable=SC2086 # zero or more options
  check 'the export succeeds' node dist/bin.js export "$work/tree" --config "$work/autoconfig.yaml" $options
  serve_all
  check 'nginx answers as the server does' node --import tsx test/with-servers/ask-both.ts "$ours" "$nginx"
  check 'Caddy answers as the server does' node --import tsx test/with-servers/ask-both.ts "$ours" "$caddy"
  end_all
done

tell_count
