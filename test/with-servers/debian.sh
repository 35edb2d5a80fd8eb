#!/usr/bin/env bash
#
# The Debian package: built, checked by lintian, and installed with apt in an empty Debian 13, which boots in a container without a network.
#
#   npm ci && npm run build && test/with-servers/debian.sh
#
# Needs root (sudo), a machine with systemd, and Debian's mirror (Debian: dpkg-dev debhelper lintian mmdebstrap systemd-container).

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/machine.sh
in_own_mounts

need 'dpkg-dev debhelper lintian mmdebstrap systemd-container' node dpkg-buildpackage dh lintian mmdebstrap systemd-nspawn
need_build
make_work_in_memory
root=$work/root

mkdir -p "$work"/{old,new}
deploy/debian/build.sh "$work/old" > "$work/old.log" 2>&1 &
build=$!
mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv,ca-certificates,curl,iproute2 \
  --skip=cleanup/apt/lists trixie "$root" 2> "$work/mmdebstrap.log" || { cat "$work/mmdebstrap.log"; exit 1; }
wait "$build" || { cat "$work/old.log"; exit 1; }
VERSION=99.0.0 deploy/debian/build.sh "$work/new" > "$work/new.log" 2>&1 || { cat "$work/new.log"; exit 1; }

package=$(ls "$work"/old/*.deb)
check 'lintian finds no error' lintian --fail-on error "$package"

# apt downloads what the package needs, and installs it later, without a network.
mkdir "$root/lab"
cp "$package" "$root/lab/old.deb"
cp "$work"/new/*.deb "$root/lab/new.deb"
echo "$passed $failed" > "$root/lab/counts"
chroot "$root" apt-get install --quiet=2 --yes --no-install-recommends --download-only /lab/old.deb > "$work/apt.log" 2>&1 ||
  { cat "$work/apt.log"; exit 1; }
boot "$root" debian-inside.sh node_modules/ldapts
