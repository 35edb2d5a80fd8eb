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

answers_with() { get 'http://127.0.0.1:8080/mail/config-v1.1.xml?emailaddress=jane@example.org' | grep -F "$1"; }

is_up() { systemctl is-active "$unit" && systemctl is-enabled "$unit"; }

has_user() { [[ $(stat -c %U "/proc/$(systemctl show --property MainPID --value "$unit")") == "$unit" ]]; }

listens_on_loopback_only() {
  ss --listening --numeric --tcp --no-header
  ! ss --listening --numeric --tcp --no-header | grep -vE ' 127\.0\.0\.1:(8080|8081) '
}

reloads() {
  sed -i 's/displayShortName: all2all/displayShortName: A2A/' "$settings/autoconfig.yaml"
  mail-autoconfig check --config "$settings/autoconfig.yaml" && systemctl reload "$unit" && eventually answers_with 'A2A</displayShortName>'
}

# Files that are not of the log, caches, or apt's and dpkg's own.
files() {
  find / -xdev \( -path /lab -o -path /tmp -o -path '/var/log' -o -path '/var/cache' -o -path '/var/lib/apt' -o -path '/var/lib/dpkg' \
    -o -path '/var/lib/systemd' \) -prune -o -print | sort
}

# Without the packages that this one needs.
apt_get install nodejs procps > "$work/apt" 2>&1
files > "$work/before"
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
check 'the manual page is installed' test -e /usr/share/man/man1/mail-autoconfig.1.gz
check 'completions are installed' test -e /usr/share/bash-completion/completions/mail-autoconfig \
  -a -e /usr/share/zsh/vendor-completions/_mail-autoconfig -a -e /usr/share/fish/vendor_completions.d/mail-autoconfig.fish
check 'a changed configuration is checked and loaded' reloads

# --- A driver, as the documentation says ------------------------------------------------------------------------------------

drivers=/usr/local/lib/mail-autoconfig/node_modules
cat "$settings/autoconfig.yaml" - > "$work/ldap.yaml" << 'END'
sources: [{ ldap: { url: 'ldap://127.0.0.1', base: dc=example, domain: { filter: '(cn=%s)', attribute: mailHost } } }]
END

needs_driver() { ! mail-autoconfig check --config "$work/ldap.yaml" > "$work/errors" && grep -F 'requires the package ldapts' "$work/errors"; }

finds_driver() {
  mkdir -p "$drivers"
  cp -r /lab/ldapts "$drivers" && mail-autoconfig check --config "$work/ldap.yaml"
}

check 'a source says which driver is missing' needs_driver
check 'a driver in /usr/local/lib/mail-autoconfig is found' finds_driver
rm -r /usr/local/lib/mail-autoconfig

# --- Upgrade and removal ---------------------------------------------------------------------------------------------------

is_new() {
  local pid
  pid=$(systemctl show --property MainPID --value "$unit")
  apt_get install /lab/new.deb && [[ $(dpkg-query --show --showformat '${Version}' "$unit") == 99.0.0-1 ]] && is_up &&
    [[ $(systemctl show --property MainPID --value "$unit") != "$pid" ]]
}

is_gone() {
  files > "$work/after"
  getent passwd | sort > "$work/users-after"
  diff "$work/before" "$work/after" && diff "$work/users-before" "$work/users-after"
}

keeps_configuration() { apt_get remove "$unit" && test -e "$settings/autoconfig.yaml" && ! systemctl is-active "$unit"; }

check 'apt upgrades the package, and restarts the service' is_new
check 'the upgrade keeps the changed configuration' answers_with 'A2A</displayShortName>'
check 'the upgrade keeps the saved configuration' test -n "$(ls -A /var/lib/mail-autoconfig)"
echo 'a.example maximusconfessor' > "$settings/domains.map"
check 'apt remove stops the service and keeps the configuration' keeps_configuration
check 'apt purge removes the package' apt_get purge "$unit"
check 'apt purge leaves neither files nor the user' is_gone

tell_count
