#!/usr/bin/env bash
#
# The units of deploy/systemd under a real systemd: a container with a copy of this machine (an overlay, so nothing is copied and nothing
# changes), without a network.
#
#   npm ci && npm run build && test/with-servers/systemd.sh
#
# Needs root (sudo), a machine with systemd, curl and systemd-nspawn (Debian: systemd curl systemd-container).

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/machine.sh
in_own_mounts

need 'systemd curl systemd-container' node systemctl curl systemd-nspawn
need_build
make_work_in_memory

mkdir "$work"/{upper,overlay,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/overlay" "$work/root"
root=$work/root

mkdir -p "$root"/{etc/mail-autoconfig,usr/share/mail-autoconfig}
cp -r dist package.json "$root/usr/share/mail-autoconfig"
# The path of Debian, where this node may be somewhere else.
[[ -e $root/usr/bin/node ]] || cp "$(readlink -f "$(command -v node)")" "$root/usr/bin/node"
ln -sf ../share/mail-autoconfig/dist/bin.js "$root/usr/bin/mail-autoconfig"
cp deploy/systemd/mail-autoconfig.{service,socket} "$root/etc/systemd/system"
cp config/autoconfig.yaml "$root/etc/mail-autoconfig"
boot "$root" systemd-inside.sh test/with-servers/load.mjs
