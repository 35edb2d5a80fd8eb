#!/usr/bin/env bash
#
# docs/quickstart.md: from an empty Debian 13, which boots in a container without a network, to https for a customer who is added later.
# The commands are those of the document. Prints how many seconds each of them takes.
#
#   npm ci && npm run build && test/with-servers/quickstart.sh
#
# Needs root (sudo), a machine with systemd, and Debian's mirror (Debian: dpkg-dev debhelper mmdebstrap systemd-container pebble openssl).

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh
source test/with-servers/machine.sh
in_own_mounts

need 'dpkg-dev debhelper mmdebstrap systemd-container pebble openssl' \
  node dpkg-buildpackage dh mmdebstrap systemd-nspawn pebble pebble-challtestsrv openssl
need_build
make_work_in_memory
root=$work/root

deploy/debian/build.sh "$work" > "$work/build.log" 2>&1 &
build=$!
mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv,ca-certificates,iproute2 \
  --skip=cleanup/apt/lists trixie "$root" 2> "$work/mmdebstrap.log" || { cat "$work/mmdebstrap.log"; exit 1; }
wait "$build" || { cat "$work/build.log"; exit 1; }

# The commands that are typed.
mkdir "$root/lab"
awk '/^```/ { typed = $0 == "```sh"; next } typed' docs/quickstart.md > "$root/lab/commands"

# apt downloads what the first command needs, and installs it later, without a network.
cp "$work"/mail-autoconfig_*.deb "$root/root"
install=$(sed -n '1s/^apt install //p' "$root/lab/commands")
chroot "$root" bash -c "cd /root && apt-get install --quiet=2 --yes --download-only $install" > "$work/apt.log" 2>&1 ||
  { cat "$work/apt.log"; exit 1; }
# Nobody is there to say yes.
echo 'APT::Get::Assume-Yes "yes";' > "$root/etc/apt/apt.conf.d/lab"

# The rest of the world: a name server, and an authority that the machine trusts as it trusts Let's Encrypt.
make_authority
issue localhost 'subjectAltName=DNS:localhost'
cp "$work"/{ca.pem,localhost.pem,localhost.key} "$(command -v pebble)" "$(command -v pebble-challtestsrv)" "$root/lab"
cp "$work/ca.pem" "$root/usr/local/share/ca-certificates/lab.crt"
chroot "$root" update-ca-certificates > /dev/null 2>&1
rm -f "$root/etc/resolv.conf"
echo 'nameserver 127.0.0.1' > "$root/etc/resolv.conf"

boot "$root" quickstart-inside.sh
