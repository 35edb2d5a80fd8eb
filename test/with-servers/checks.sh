# What the scripts beside it have in common; they source it from the root of the repository, and give it a folder in $work.
# shellcheck shell=bash disable=SC2154

passed=0 failed=0

# PACKAGES COMMAND…: ends the script unless the commands are there, which on Debian are in those packages.
need() {
  local packages=$1 command missing=0
  shift
  for command; do
    command -v "$command" > /dev/null && continue
    echo "$command is missing: apt-get install --no-install-recommends $packages" >&2
    missing=1
  done
  ((missing == 0)) || exit 1
}

# DESCRIPTION COMMAND…: the command says whether it is so. Who is asked stands in $front, where there are several.
check() {
  local description="${front:+$front: }$1"
  shift
  if "$@" > "$work/said" 2>&1; then
    passed=$((passed + 1))
    echo "ok - $description"
  else
    failed=$((failed + 1))
    echo "not ok - $description"
    sed 's/^/#   /' "$work/said"
    # What was answered last, for whoever has to find out why.
    [[ ! -s $work/head ]] || sed 's/^/#   /' "$work/head"
  fi
}

# The last line of a script.
tell_count() {
  echo "$passed passed, $failed failed"
  ((failed == 0)) || exit 1
}

# COMMAND…: until it succeeds. What it says is told only when it never does.
eventually() {
  local _
  for _ in $(seq 150); do
    if "$@" > "$work/tried" 2>&1; then return 0; fi
    sleep 0.1
  done
  cat "$work/tried"
  return 1
}

# NUMBER: so many ports of the loopback that nobody listens on, a line each.
free_ports() {
  node -e '
    const { createServer } = require("node:net")
    const servers = Array.from({ length: Number(process.argv[1]) }, () => createServer().listen(0, "127.0.0.1"))
    setTimeout(() => {
      console.log(servers.map((server) => server.address().port).join("\n"))
      for (const server of servers) server.close()
    }, 100)' "$1"
}

# An authority in ca.pem, and its key in ca.key.
make_authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=Test Authority' \
    -keyout "$work/ca.key" -out "$work/ca.pem" 2> /dev/null
}

# NAME EXTENSIONS [KIND]: a certificate of the authority in NAME.pem, and its key in NAME.key; of a curve if no kind is said.
issue() {
  local kind=(ec -pkeyopt ec_paramgen_curve:P-256)
  (($# < 3)) || kind=("$3")
  openssl req -newkey "${kind[@]}" -nodes -subj "/CN=$1" -keyout "$work/$1.key" -out "$work/$1.csr" 2> /dev/null
  openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -days 30 -out "$work/$1.pem" \
    -extfile <(printf '%s\n' "$2") 2> /dev/null
}
