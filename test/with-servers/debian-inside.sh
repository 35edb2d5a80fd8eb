# What debian.sh runs in the container.
# shellcheck shell=bash

set -euo pipefail
shopt -s inherit_errexit

work=/lab/work
mkdir "$work"
source /lab/checks.sh
read -r passed failed < /lab/counts

readonly unit=mail-autoconfig settings=/etc/mail-autoconfig
export DEBIAN_FRONTEND=noninteractive

apt_get() { apt-get --quiet=2 --yes --no-install-recommends --option Dpkg::Use-Pty=0 "$@"; }

get() { curl --silent --show-error --fail --max-time 10 --noproxy '*' "$@"; }

answers_with() { get 'http://127.0.0.1:8080/mail/config-v1.1.xml?emailaddress=jane@example.org' | grep -F "$1"; }

is_up() { systemctl is-active "$unit" && systemctl is-enabled "$unit"; }

has_user() { [[ $(ps -o user= -p "$(systemctl show --property MainPID --value "$unit")") == "$unit" ]]; }

listens_on_loopback_only() {
  ss --listening --numeric --tcp --no-header
  ! ss --listening --numeric --tcp --no-header | grep -vE ' 127\.0\.0\.1:(8080|8081) '
}

reloads() {
  sed -i 's/displayShortName: all2all/displayShortName: A2A/' "$settings/autoconfig.yaml"
  mail-autoconfig check --config "$settings/autoconfig.yaml" && systemctl reload "$unit" && eventually answers_with 'A2A</displayShortName>'
}

is_documented() {
  man --path mail-autoconfig || ls /usr/share/doc/mail-autoconfig/docs/debian.md
}

before_files() { find / -xdev \( -path /lab -o -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/lib/systemd \) -prune -o -print | sort; }

before_files > "$work/before"
getent passwd | sort > "$work/users-before"

check 'apt installs the package' apt_get install /lab/old.deb
check 'the service runs, and is enabled' is_up
check 'it runs as its user' has_user
check 'it listens on the loopback only' listens_on_loopback_only
check 'it answers a client' answers_with '<domain>example.org</domain>'
check 'the admin listener answers' get http://127.0.0.1:8081/readyz
check 'the socket unit is not enabled' bash -c '! systemctl is-enabled mail-autoconfig.socket'
check 'the command is in the path' mail-autoconfig --version
check 'the documentation is installed' test -e /usr/share/doc/mail-autoconfig/README.md
check 'a changed configuration is checked and loaded' reloads
tell_count
