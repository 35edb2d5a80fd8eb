# Boots a machine with systemd in a container; scripts source it after checks.sh. Everything is in a mount namespace and a directory of
# the script, so nothing of it remains.
# shellcheck shell=bash disable=SC2154

# Runs the script again as root, in mount namespace of its own.
in_own_mounts() {
  [[ $(id -u) == 0 ]] || exec sudo --preserve-env=PATH "$0" "$@"
  [[ ${OWN_MOUNTS:-} == yes ]] || exec env OWN_MOUNTS=yes unshare --mount --propagation private "$0" "$@"
}

# A directory in memory in $work, which goes with what is mounted in it.
make_work_in_memory() {
  make_work
  at_end+=(unmount_work)
  mount -t tmpfs tmpfs "$work"
}
unmount_work() { umount --recursive --lazy "$work" 2> /dev/null; }

# ROOT SCRIPT [FILE…]: boots the system in ROOT without a network, with a directory /lab that has SCRIPT and the files, runs SCRIPT in it,
# and powers off. Prints what SCRIPT has printed.
boot() {
  local root=$1
  mkdir -p "$root/lab"
  cp -r test/with-servers/checks.sh "test/with-servers/$2" "${@:3}" "$root/lab"
  : > "$root/etc/machine-id"
  # The units that the system has enabled are not started.
  cat > "$root/etc/systemd/system/lab.target" << 'END'
[Unit]
Requires=basic.target lab.service
After=basic.target
END
  cat > "$root/etc/systemd/system/lab.service" << END
[Unit]
After=basic.target
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
TimeoutStartSec=300
WorkingDirectory=/lab
Environment=HOME=/root
StandardOutput=append:/lab/output
StandardError=append:/lab/output
ExecStart=/bin/bash /lab/$2
END
  timeout 330 systemd-nspawn --quiet --boot --directory="$root" --register=no --keep-unit --private-network \
    systemd.unit=lab.target < /dev/null > "$work/console" 2>&1 || true
  if ! tail -n 1 "$root/lab/output" | grep -q 'passed, '; then
    tail -n 30 "$work/console"
    cat "$root/lab/output"
    echo '0 passed, 1 failed'
    exit 1
  fi
  cat "$root/lab/output"
  tail -n 1 "$root/lab/output" | grep -q ' 0 failed$'
}
