# What the scripts beside it have in common; they source it from the root of the repository.
# shellcheck shell=bash

# Debian has servers there.
PATH=$PATH:/usr/sbin:/sbin
passed=0 failed=0 front=''

# A directory in $work for all that the script writes. At the end, the functions in $at_end are called, and the directory is removed.
at_end=()
make_work() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/mail-autoconfig-$(basename "$0" .sh).XXXXXX")
  chmod 755 "$work" # servers that root starts run as other users
  trap clean_up EXIT
  trap 'echo "$0: line $LINENO: $BASH_COMMAND" >&2' ERR
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

clean_up() {
  local status=$? step
  trap - EXIT ERR
  set +e
  for step in "${at_end[@]}"; do "$step"; done
  rm -rf "$work"
  exit "$status"
}

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

# Ends the script unless the program is built.
need_build() {
  [[ -e dist/bin.js ]] && return
  echo 'dist/bin.js is missing: npm ci && npm run build' >&2
  exit 1
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

# [CURL'S ARGUMENTS] URL: the body of a successful answer.
get() { curl --silent --show-error --fail --max-time 10 --noproxy '*' "$@"; }

# FILE LANGUAGE [NUMBER]: the blocks of code in this language in a document, or one of them.
code_of() {
  awk -v language="$2" -v number="${3:-0}" \
    '/^```/ { open = !open; on = open && $0 == "```" language && (++n == number || number == 0); next } on' "$1"
}

# DOCUMENT FILE: the file is a block of code in the document.
is_quoted() {
  node -e '
    const [guide, snippet] = process.argv.slice(1).map((file) => require("node:fs").readFileSync(file, "utf8"))
    process.exit(guide.includes("\n" + snippet + "```\n") ? 0 : 1)' "$1" "$2"
}
