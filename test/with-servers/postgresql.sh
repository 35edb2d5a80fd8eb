# PostgreSQL in $work/postgresql, for the scripts beside it, which source it after processes.sh and make_work. Run as root, it starts
# PostgreSQL as the user postgres, because it refuses to run as root.
# shellcheck shell=bash disable=SC2154

for directory in /usr/lib/postgresql/*/bin; do PATH=$directory:$PATH; done
# KILL leaves its other processes, and TERM waits for its clients.
last_signal[postgresql]=QUIT

# OPTION…: of initdb. The admin is trusted at the socket.
make_postgresql() {
  mkdir -p "$work/postgresql"
  ((EUID != 0)) || chown postgres:postgres "$work/postgresql"
  (exec_as postgres initdb -D "$work/postgresql/data" -U admin --auth-local=trust --no-sync -E UTF8 --locale=C "$@") \
    > "$work/initdb.log" 2>&1 && return
  cat "$work/initdb.log" >&2
  return 1
}

# The script may set $postgresql_options.
postgresql_options=()
start_postgresql() {
  start postgresql exec_as postgres postgres -D "$work/postgresql/data" -p "$postgresql_port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories="$work/postgresql" -c fsync=off "${postgresql_options[@]}"
  await postgresql as_admin -c 'SELECT 1'
}

as_admin() { PGDATABASE=postgres psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 -h "$work/postgresql" -p "$postgresql_port" -U admin "$@"; }
