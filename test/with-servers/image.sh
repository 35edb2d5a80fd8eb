#!/usr/bin/env bash
#
# The image of the Dockerfile, built and run for real, with the commands of README.md and deploy/compose. On a machine without a
# registry of images, stand-ins with the same names take the place of the official images of Node and Caddy.
#
#   test/with-servers/image.sh
#
# Needs root, and on Debian: podman buildah runc mmdebstrap podman-compose netavark aardvark-dns iptables caddy curl. CONTAINER_STORE=DIRECTORY
# keeps the images there for the next run.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
make_work
source test/with-servers/containers.sh

mapfile -t ports < <(free_ports 4)
readonly ports image=localhost/mail-autoconfig path=/mail/config-v1.1.xml
SECONDS=0

# PORT TEXT: what a mail client gets.
answers_with() { get "http://127.0.0.1:$1$path?emailaddress=jane.roe%40example.org" | grep -F "$2"; }

# --- Build -----------------------------------------------------------------------------------------------------------

check 'a stand-in for the image of Node' build_node_image
check 'the image is built' build_image
echo "# built after $SECONDS seconds"

inspect() { podman image inspect --format "$1" "$image"; }

# MEGABYTES
is_smaller_than() {
  inspect '{{.Size}}'
  (($(inspect '{{.Size}}') < $1 * 1000000))
}

has_labels() {
  local version labels
  version=$(node -p 'require("./package.json").version')
  labels=$(inspect '{{json .Labels}}')
  echo "$labels"
  [[ $labels == *"\"org.opencontainers.image.version\":\"$version\""* && $labels == *'"org.opencontainers.image.licenses":"MIT"'* ]]
}

runs_as() { [[ $(inspect '{{.Config.User}}') == "$1" ]]; }

# COMMAND…: in a container of its own.
in_image() { podman run --rm --network none --read-only --entrypoint "$1" "$image" "${@:2}"; }

has_no_shell() {
  local file
  for file in /bin/sh /bin/bash /usr/bin/npm /usr/local/bin/npm /usr/bin/apt; do
    in_image node -e "process.exit(require('node:fs').existsSync('$file') ? 1 : 0)" || { echo "$file exists"; return 1; }
  done
}

# The bill of materials of the bundle, and what scanners read of Debian's packages, with their licences.
has_materials() {
  # shellcheck disable=SC2016
  in_image node -e '
    const { readFileSync, readdirSync, existsSync } = require("node:fs")
    const bom = JSON.parse(readFileSync("/app/dist/sbom.cdx.json", "utf8"))
    const packages = readdirSync("/var/lib/dpkg/status.d")
    console.log(bom.bomFormat, bom.components.length, packages)
    const licensed = packages.every((name) => existsSync(`/usr/share/doc/${name}/copyright`))
    const known = readFileSync("/etc/os-release", "utf8").includes("ID=debian") && packages.includes("libc6")
    process.exit(bom.components.length > 60 && known && licensed ? 0 : 1)'
}

# Node has time zones of its own. Names are resolved by the C library, whose files are in the image.
has_system_files() {
  podman run --rm --network none --env TZ=Europe/Brussels --entrypoint node "$image" -e '
    require("node:dns").lookup("localhost", (error, address) => {
      const { length } = require("node:fs").readFileSync(process.env.SSL_CERT_FILE, "utf8").split("BEGIN CERTIFICATE")
      const zone = new Date(0).getHours(), name = require("node:os").userInfo().username
      console.log(error, address, length, zone, name)
      process.exit(!error && length > 100 && zone === 1 && name === "mail-autoconfig" ? 0 : 1)
    })'
}

check 'the image is smaller than 150 MB' is_smaller_than 150
check 'labels name version and licence' has_labels
check 'the user is a number' runs_as 1000:1000
check 'the image has no shell and no package manager' has_no_shell
check 'the image has a bill of materials, and the licences of its libraries' has_materials
check 'names, time zones, authorities and the user are known' has_system_files

# --- The line of the README ------------------------------------------------------------------------------------------

# With free ports in place of 8080 and 8081, in the background, and with a name.
readme_line() {
  # shellcheck disable=SC2016
  sed -nE 's/.*`docker build .* && docker (run [^`]*) mail-autoconfig`.*/\1/p' README.md |
    sed -E "s#-p 8080:#-p 127.0.0.1:${ports[0]}:#; s#:8081:8081#:${ports[1]}:8081#"
}

starts_as_in_readme() {
  local words
  read -ra words < <(readme_line)
  echo "podman ${words[*]}"
  ((${#words[@]} > 5)) && podman "${words[@]}" --detach --name readme "$image"
}

may_have_certificate() { get "http://127.0.0.1:${ports[1]}/ask?domain=$1"; }
may_not_have_certificate() { ! may_have_certificate "$1"; }
is_on_loopback_only() { [[ $(podman port readme 8081) == 127.0.0.1:* ]]; }

check 'the command of the README starts a container' starts_as_in_readme
check 'it answers a mail client' eventually answers_with "${ports[0]}" '<domain>example.org</domain>'
check '/ask allows a certificate for a configured name' may_have_certificate autoconfig.example.org
check '/ask allows none for another name' may_not_have_certificate autoconfig.other.example
check 'the admin listener is published on the loopback only' is_on_loopback_only
check 'mail-autoconfig runs in the container' podman exec readme mail-autoconfig explain --running example.org
podman rm --force --time 1 readme > /dev/null 2>&1

# --- Everything taken away -------------------------------------------------------------------------------------------

cp -r config "$work/config"
chmod -R a+rX "$work/config"

# NAME [OPTION…]: without capabilities, as a user whom the image does not know, with little memory and a root that nobody can write.
starts() {
  podman run --detach --name "$1" --read-only --read-only-tmpfs=false --cap-drop=all --security-opt no-new-privileges \
    --memory 128m --pids-limit 50 --publish "127.0.0.1:${ports[2]}:8080" --volume "$work/config:/etc/mail-autoconfig:ro" \
    "${@:2}" "$image"
}

process() { podman inspect --format '{{.State.Pid}}' "$1"; }

has_no_rights() {
  local status
  status=/proc/$(process strict)/status
  grep -E '^(Uid|CapEff|NoNewPrivs|Seccomp):' "$status"
  grep -qE '^Uid:\s4711' "$status" && grep -qE '^CapEff:\s0+$' "$status" && grep -qE '^NoNewPrivs:\s1' "$status"
}

uses_little_memory() {
  grep VmRSS "/proc/$(process strict)/status"
  (($(sed -nE 's/VmRSS:\s+([0-9]+) kB/\1/p' "/proc/$(process strict)/status") < 128000))
}

cannot_write() { ! podman exec strict node -e 'require("node:fs").writeFileSync("/tmp/x", "")'; }

reloads() {
  sed -i 's/displayShortName: all2all/displayShortName: A2A/' "$work/config/autoconfig.yaml"
  podman kill --signal HUP strict && eventually answers_with "${ports[2]}" 'A2A</displayShortName>'
}

# NAME: from the line of its log to its end within a second, with success. podman itself needs time before and after.
stops() {
  podman stop --time 10 "$1" 2> "$work/stop.log"
  local started ended status
  started=$(podman logs "$1" 2>&1 | sed -nE 's/.*"time":([0-9]+).*"msg":"stopping".*/\1/p')
  ended=$(date --date "$(podman inspect --format '{{.State.FinishedAt.Format "2006-01-02T15:04:05.000Z07:00"}}' "$1")" +%s%3N)
  status=$(podman inspect --format '{{.State.ExitCode}}' "$1")
  echo "exit status $status, $((ended - started)) ms after the signal"
  ((status == 0 && ended >= started && ended - started < 1000))
}

check 'it starts without rights' starts strict --user 4711:4711
check 'it answers without rights' eventually answers_with "${ports[2]}" '<domain>example.org</domain>'
check 'it has a strange user, no capabilities and no way to get any' has_no_rights
check 'it needs less than 128 MB' uses_little_memory
check 'the health check succeeds' podman healthcheck run strict
check 'it can write nothing' cannot_write
check 'SIGHUP reloads' reloads
check 'it stops in less than a second' stops strict
podman rm --force strict > /dev/null 2>&1

# A new volume belongs to the user of the image, so the server can write there.
keeps_state() {
  podman run --detach --name state --read-only --network none --env STATE_DIRECTORY=/var/lib/mail-autoconfig \
    --volume state:/var/lib/mail-autoconfig "$image" &&
    eventually podman exec state node -e 'process.exit(require("node:fs").readdirSync("/var/lib/mail-autoconfig").length ? 0 : 1)'
}
check 'a new volume keeps the last good configuration' keeps_state
podman rm --force --time 1 --volumes state > /dev/null 2>&1

# The health check must be able to fail, too.
is_unhealthy() {
  podman run --detach --name broken --network none --env ADMIN_PORT=8082 --entrypoint node "$image" -e 'setInterval(() => {}, 1e6)' &&
    ! podman healthcheck run broken
}
check 'the health check fails if the server does not run' is_unhealthy
podman rm --force --time 0 broken > /dev/null 2>&1

# --- Compose ---------------------------------------------------------------------------------------------------------

# As it is in the repository, but with free ports, certificates of Caddy's own authority, and the image that is built already.
mkdir "$work/compose"
cp -r deploy/compose/. "$work/compose"
chmod -R a+rX "$work/compose"
sed -i "s#\"80:80\"#\"127.0.0.1:${ports[2]}:80\"#; s#\"443:443\"#\"127.0.0.1:${ports[3]}:443\"#; s#image: mail-autoconfig#image: $image#" \
  "$work/compose/compose.yaml"
sed -i '0,/^{$/s//{\n\tlocal_certs\n\tskip_install_trust/' "$work/compose/Caddyfile"

compose() { (cd "$work/compose" && podman-compose --no-ansi "$@"); }

composes() { compose up --detach --no-build && ! podman ps --all --format '{{.Status}}' | grep -v '^Up'; }

# NAME: by https, for a name that Caddy has not been asked for.
secure() {
  get --insecure --resolve "$1:${ports[3]}:127.0.0.1" "https://$1:${ports[3]}$path?emailaddress=jane.roe%40example.org"
}
answers_securely() { secure "$1" | grep -F '<domain>example.org</domain>'; }
# 35: the handshake failed.
refuses() {
  local status=0
  secure "$1" || status=$?
  ((status == 35))
}

# SERVICE
container() { podman ps --filter "label=com.docker.compose.service=$1" --format '{{.Names}}'; }

has_no_ports() { [[ -n $(container mail-autoconfig) && -z $(podman port "$(container mail-autoconfig)") ]]; }
hides_ask() { ! get "http://127.0.0.1:${ports[2]}/ask?domain=autoconfig.example.org"; }

check 'a stand-in for the image of Caddy' build_caddy_image
check 'compose starts the server and Caddy' composes
check 'a mail client is answered on http' eventually answers_with "${ports[2]}" '<domain>example.org</domain>'
check 'Caddy gets a certificate on the first request' eventually answers_securely autoconfig.example.org
check 'Caddy gets none for another name' refuses autoconfig.other.example
check 'the server has no port outside of the network' has_no_ports
check '/ask cannot be reached from outside' hides_ask
compose down --volumes > /dev/null 2>&1 || true

# --- Drivers ---------------------------------------------------------------------------------------------------------

builds_drivers() { build_checkout localhost/mail-autoconfig-drivers --build-arg 'DRIVERS=pg ldapts@8'; }

loads_drivers() {
  podman run --rm --network none --entrypoint node localhost/mail-autoconfig-drivers --input-type=module -e '
    const [pg, ldapts] = await Promise.all([import("/app/node_modules/pg/lib/index.js"), import("/app/node_modules/ldapts/dist/index.mjs")])
    process.exit(pg.default.Pool && ldapts.Client ? 0 : 1)'
}

if [[ ${DRIVERS_TOO:-yes} == yes ]]; then
  check 'the image is built with drivers' builds_drivers
  check 'the program finds the drivers' loads_drivers
fi

echo "# $SECONDS seconds"
tell_count
