#!/usr/bin/env bash
#
# The npm package: packed from a clean clone, installed in an empty directory, and used there as a command and as a library.
# The clone has what is committed. The server listens on loopback, on a free port.
#
#   test/with-servers/package.sh
#
# Needs git and curl (Debian: git curl), and the npm registry or npm's cache.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."

source test/with-servers/checks.sh
source test/with-servers/processes.sh

need 'git curl' node npm git curl

make_work

clone=$work/clone user=$work/user
mkdir "$user"

# --- From a clone to a package ---------------------------------------------------------------------------------------

# With the packages of this checkout, which `npm ci` has installed.
packs() {
  git clone --quiet . "$clone" && ln -s "$(realpath node_modules)" "$clone/node_modules" &&
    (cd "$clone" && npm pack --pack-destination "$work")
}

# FILE…: each of them is in the package.
contains() {
  local file
  for file; do
    tar -tzf "$work"/mail-autoconfig-*.tgz | grep -x "package/$file" || { echo "$file is missing"; return 1; }
  done
}

is_small() {
  ls -l "$work"/mail-autoconfig-*.tgz
  (($(stat -c %s "$work"/mail-autoconfig-*.tgz) < 1000000))
}

has_no_source_maps() { ! tar -tzf "$work"/mail-autoconfig-*.tgz | grep '\.map$'; }

check 'npm pack makes a package of a clean clone' packs
check 'the package contains the command, the library, its types, the notices and the licence' \
  contains dist/bin.js dist/index.js dist/load-worker.js dist/types/index.d.ts dist/THIRD-PARTY-NOTICES.txt \
  dist/sbom.cdx.json dist/mail-autoconfig.1 dist/completions/mail-autoconfig.bash dist/completions/_mail-autoconfig \
  dist/completions/mail-autoconfig.fish LICENSE README.md CHANGELOG.md config/autoconfig.yaml config/autoconfig.schema.json
check 'the package is smaller than 1 MB' is_small
check 'the package contains no source maps' has_no_source_maps

# npx, in a directory with nothing in it, as on a machine that has never seen the package.
runs_by_npx() {
  local elsewhere=$work/elsewhere
  mkdir "$elsewhere"
  (cd "$elsewhere" && npx --yes --package "$(echo "$work"/mail-autoconfig-*.tgz)" mail-autoconfig --version) |
    grep -Fx "$(node -p 'require("./package.json").version')"
}
check 'npx runs the package' runs_by_npx

# The schema of CycloneDX, which its library has, and the validator that it asks for.
has_valid_materials() {
  local validator=$work/validator
  npm install --silent --no-save --prefix "$validator" @cyclonedx/cyclonedx-library@10 ajv@8 ajv-formats@3 ajv-formats-draft2019@1 &&
    tar -xzOf "$work"/mail-autoconfig-*.tgz package/dist/sbom.cdx.json > "$validator/sbom.cdx.json" &&
    (cd "$validator" && node --input-type=module -e '
      import { readFileSync } from "node:fs"
      import { Spec, Validation } from "@cyclonedx/cyclonedx-library"
      const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
      const error = await validator.validate(readFileSync("sbom.cdx.json", "utf8"))
      console.log(error)
      process.exit(error === null ? 0 : 1)')
}
check 'the bill of materials is valid' has_valid_materials

# --- Installed in an empty directory ---------------------------------------------------------------------------------

installs() {
  (cd "$user" && npm init --yes && npm install --no-audit --no-fund "$work"/mail-autoconfig-*.tgz) > "$work/install.log" 2>&1 ||
    { cat "$work/install.log"; return 1; }
}

has_no_warnings() {
  cat "$work/install.log"
  ! grep -qi 'warn' "$work/install.log"
}

is_alone() {
  ls "$user/node_modules"
  [[ $(ls "$user/node_modules") == mail-autoconfig ]]
}

mail_autoconfig() { (cd "$user" && npx --no-install mail-autoconfig "$@"); }

prints_version() { [[ $(mail_autoconfig --version) == "$(node -p 'require("./package.json").version')" ]]; }

cp config/autoconfig.yaml "$user/autoconfig.yaml"
check 'npm installs the package' installs
check 'npm prints no warning' has_no_warnings
check 'npm installs no other package' is_alone
check 'the command prints its version' prints_version
check 'the command checks a configuration' mail_autoconfig check --config autoconfig.yaml

# --- The server ------------------------------------------------------------------------------------------------------

# The command that npm has installed, in place of this shell.
exec_installed() { cd "$user" && exec node_modules/.bin/mail-autoconfig "$@"; }

starts() {
  start server exec_installed serve --config autoconfig.yaml --host 127.0.0.1 --port 0 --admin-port 0
  await server grep -q '"msg":"serving"' "$work/server.log"
}

answers_with() { get "$(url_of server clients)/mail/config-v1.1.xml?emailaddress=jane.roe%40example.org" | grep -F "$1"; }

# The thread that loads the new configuration is a file of its own.
reloads() {
  sed -i 's/displayShortName: all2all/displayShortName: A2A/' "$user/autoconfig.yaml" && send_signal server HUP &&
    eventually answers_with 'A2A</displayShortName>'
}

check 'the server starts' starts
check 'the server answers a client' answers_with '<domain>example.org</domain>'
check 'the server is ready' get "$(url_of server admin)/readyz"
check 'the server loads a changed configuration' reloads
check 'the server stops' end server

# --- The library -----------------------------------------------------------------------------------------------------

# N: the Nth JavaScript example of docs/library.md, as a module in the empty directory.
example() { code_of docs/library.md js "$1" > "$user/example-$1.mjs"; }

cat > "$user/library.ts" << 'END'
import fastify from 'fastify'
import mailAutoconfig, { formats, LiveResolver, loadConfig } from 'mail-autoconfig'

const app = fastify()
await app.register(mailAutoconfig, { config: 'autoconfig.yaml', prefix: '/x' })
await app.register(mailAutoconfig, { live: await LiveResolver.openFile('autoconfig.yaml') })
// @ts-expect-error: the plugin needs a configuration
await app.register(mailAutoconfig, {})

const result = await loadConfig('autoconfig.yaml')
if ('config' in result) {
  const seconds: number = result.config.http.maxAge
  console.log(seconds)
}
// @ts-expect-error: a path is a string
await loadConfig(1)
// @ts-expect-error: a typing error in a name is found
console.log(formats.lenght)
END

runs() { example "$1" && (cd "$user" && node "example-$1.mjs"); }

# The app of the first example answers a mail client.
serves() {
  example 1
  local port status=0
  port=$(free_ports 1)
  PORT=$port start app exec_example 1
  await app get "http://127.0.0.1:$port/Autodiscover/autodiscover.xml?emailaddress=jane@example.org" &&
    get "http://127.0.0.1:$port/mail/config-v1.1.xml?emailaddress=jane@example.org" | grep -F '<domain>example.org</domain>' || status=1
  stop app
  return "$status"
}
exec_example() { cd "$user" && exec node "example-$1.mjs"; }

# OPTION…: by the compiler of the clone.
type_checks() {
  (cd "$user" && "$clone/node_modules/.bin/tsc" --ignoreConfig --noEmit --strict --module nodenext --target es2023 \
    --types node "$@" library.ts)
}

check 'the second example of docs/library.md reloads a configuration' runs 2
check 'the third example of docs/library.md renders all formats' runs 3

# An application with Fastify has these packages.
mkdir "$user/node_modules/@types"
ln -s "$clone/node_modules/fastify" "$user/node_modules/fastify"
ln -s "$clone/node_modules/@types/node" "$user/node_modules/@types/node"
(cd "$user" && npm pkg set type=module)
check 'the first example of docs/library.md serves mail clients' serves
check 'TypeScript checks a program that uses the library' type_checks --skipLibCheck true
check 'TypeScript checks the declarations of the library, too' type_checks --skipLibCheck false
check 'also with exact optional properties' type_checks --skipLibCheck false --exactOptionalPropertyTypes

tell_count
