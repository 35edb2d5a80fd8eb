#!/usr/bin/env bash
#
# The source `ldap` against a real OpenLDAP: LDAPS, StartTLS, certificates, filters, pages, and several servers of which
# some are killed. All of it runs on loopback, on free ports, from a temporary folder.
#
#   npm ci && test/with-servers/ldap.sh
#
# Needs slapd, slapadd, ldapsearch and openssl (Debian: slapd ldap-utils openssl). No slapd of the system is touched.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin:/sbin

source test/with-servers/checks.sh

need 'slapd ldap-utils openssl' node slapd slapadd ldapsearch openssl

work=$(mktemp -d "${TMPDIR:-/tmp}/mail-autoconfig-ldap.XXXXXX")
declare -A slapd=()
asker=''
clean_up() {
  [[ -z $asker ]] || kill "$asker" 2> /dev/null || true
  local name
  for name in "${!slapd[@]}"; do
    kill -CONT "${slapd[$name]}" 2> /dev/null || true
    stop "$name" KILL
  done
  rm -rf "$work"
}
trap clean_up EXIT

# --- Certificates ----------------------------------------------------------------------------------------------------

make_authority
issue first subjectAltName=DNS:localhost,IP:127.0.0.1
issue second subjectAltName=DNS:localhost,IP:127.0.0.1
issue misnamed subjectAltName=DNS:ldap.example.org

# --- Directories -----------------------------------------------------------------------------------------------------

base=dc=example,dc=org
password='correct horse'

# A filter has to escape four of the letters of the strange address, and LDIF none of them.
{
  printf 'dn: %s\nobjectClass: domain\ndc: example\n\n' "$base"
  printf 'dn: ou=domains,%s\nobjectClass: organizationalUnit\nou: domains\n\n' "$base"
  printf 'dn: ou=people,%s\nobjectClass: organizationalUnit\nou: people\n\n' "$base"
  printf 'dn: cn=autoconfig,%s\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: autoconfig\nuserPassword: %s\n\n' \
    "$base" "$password"
  person() { # UID CN MAIL
    printf 'dn: uid=%s,ou=people,%s\nobjectClass: inetOrgPerson\nobjectClass: inetLocalMailRecipient\nuid: %s\nsn: x\n' "$1" "$base" "$1"
    printf 'cn:: %s\nmail: %s\nmailLocalAddress: %s\n\n' "$(printf '%s' "$2" | base64)" "$3" "$3"
  }
  person user0001 jane jane@example.org
  person user0002 jürgen jurgen@example.org
  person user0003 strange 'str*nge(1)\x@example.org'
  for i in $(seq 1500); do
    printf 'dn: cn=d%s.example,ou=domains,%s\nobjectClass: mailDomain\ncn: d%s.example\nmailHost: mx%s.example.org\n\n' \
      "$i" "$base" "$i" "$((i % 3))"
  done
} > "$work/data.ldif"

# The rights that docs/ldap.md asks for, and no other, but for one more attribute that is asked for here.
rights=$(sed -n '/^access to/,/^```/p' docs/ldap.md | sed '/^```/d; s/mailHost$/&,mailLocalAddress/')

# NAME EXTRA…: the directory of a server.
prepare() {
  local name=$1
  shift
  mkdir "$work/$name.db"
  cat > "$work/$name.conf" << CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/misc.schema
objectclass ( 1.1.2.2.1 NAME 'mailDomain' SUP top STRUCTURAL MUST cn MAY mailHost )
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $work/$name.pid
TLSCACertificateFile $work/ca.pem
TLSCertificateFile $work/$name.pem
TLSCertificateKeyFile $work/$name.key
# Nothing is said to those who do not encrypt.
security ssf=128
$(printf '%s\n' "$@")
database mdb
suffix $base
directory $work/$name.db
maxsize 67108864
index objectClass,cn,mail,uid eq
$rights
access to attrs=userPassword by anonymous auth by * none
access to * by * none
limits dn.exact="cn=autoconfig,$base" size.soft=500 size.hard=500 size.prtotal=unlimited
CONF
  slapadd -q -f "$work/$name.conf" -l "$work/data.ldif" > "$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }
}

# NAME: starts a server, and waits until it answers.
start() {
  local name=$1
  # Without the pipes of the process below, which would never end then.
  slapd -f "$work/$name.conf" -h "ldap://127.0.0.1:${plain[$name]} ldaps://127.0.0.1:${secure[$name]}" -d 0 \
    >> "$work/$name.log" 2>&1 3>&- 4<&- &
  slapd[$name]=$!
  eventually env LDAPTLS_REQCERT=never ldapsearch -x -H "ldaps://127.0.0.1:${secure[$name]}" -s base -b '' && return
  cat "$work/$name.log" >&2
  exit 1
}

# NAME SIGNAL: ends a server.
stop() {
  {
    kill "-$2" "${slapd[$1]}"
    wait "${slapd[$1]}" || true
  } 2> /dev/null
  unset "slapd[$1]"
}

mapfile -t ports < <(free_ports 6)
declare -A plain=([first]=${ports[0]} [second]=${ports[1]} [misnamed]=${ports[2]})
declare -A secure=([first]=${ports[3]} [second]=${ports[4]} [misnamed]=${ports[5]})
prepare first 'idletimeout 2'
prepare second
prepare misnamed
start first
start second
start misnamed

# --- Questions -------------------------------------------------------------------------------------------------------

# URLS MORE: the configuration, with what a case adds to it.
settings() {
  printf '{ "url": [%s], "bindDn": "cn=autoconfig,%s", "passwordFile": "x", "base": "%s", "timeout": 1,
    "domain": { "filter": "(&(objectClass=mailDomain)(cn=%%s))", "attribute": "mailHost", "name": "cn" },
    "account": { "filter": "(&(objectClass=inetOrgPerson)(mail=%%s))", "attribute": "uid" }%s }' "$1" "$base" "$base" "${2:+, $2}"
}
quoted() { printf '"%s"' "$1"; }
ldaps_first=$(quoted "ldaps://localhost:${secure[first]}")
starttls_first=$(quoted "ldap://127.0.0.1:${plain[first]}")

# SETTINGS QUESTION ANSWER: asks once, with a process of its own. The answer is a pattern.
says() {
  local said
  said=$(NODE_EXTRA_CA_CERTS=${authority-$work/ca.pem} node --import tsx test/with-servers/ask-ldap.ts "$1" "${secret-$password}" <<< "$2")
  echo "$2: $said"
  # shellcheck disable=SC2053 # a pattern
  [[ $said = $3 ]]
}

check 'LDAPS: the host of a domain' says "$(settings "$ldaps_first")" 'host d7.example' mx1.example.org
check 'the login of an address, in any case' says "$(settings "$ldaps_first")" 'login Jane@Example.ORG' user0001
check 'StartTLS: the same' says "$(settings "$starttls_first")" 'login jane@example.org' user0001
check 'who is not there' says "$(settings "$ldaps_first")" 'host example.net' none
check 'without TLS the server refuses, and that is told' says "$(settings "$starttls_first" '"startTls": false')" \
  'host d7.example' '*does not take the bind: it wants TLS (13)'
authority='' check 'LDAPS: an authority that is not known is not trusted' says "$(settings "$ldaps_first")" \
  'host d7.example' '*fails at TLS: *NODE_EXTRA_CA_CERTS*'
authority='' check 'StartTLS: nor here' says "$(settings "$starttls_first")" 'host d7.example' '*fails at TLS: *NODE_EXTRA_CA_CERTS*'
check 'LDAPS: nor a certificate for another name' says "$(settings "$(quoted "ldaps://localhost:${secure[misnamed]}")")" \
  'host d7.example' '*fails at TLS: ERR_TLS_CERT_ALTNAME_INVALID'
check 'StartTLS: nor here' says "$(settings "$(quoted "ldap://127.0.0.1:${plain[misnamed]}")")" \
  'host d7.example' '*fails at TLS: ERR_TLS_CERT_ALTNAME_INVALID'
secret=wrong check 'a wrong password is told' says "$(settings "$ldaps_first")" 'host d7.example' '*bindDn or its password is wrong (49)'
check 'a base that is not there is told' says "$(settings "$ldaps_first" '"base": "dc=nowhere"')" 'host d7.example' '*there is no such base, or bindDn may not read it (32)'
check 'a star finds nobody' says "$(settings "$ldaps_first")" 'login *@example.org' none
check 'nor does a filter in an address' says "$(settings "$ldaps_first")" 'login x)(uid=*@example.org' none
check 'an address with the letters of filters is found as it is' says "$(settings "$ldaps_first")" \
  'login str*nge(1)\x@example.org' user0003
check 'letters beyond ASCII are found' says \
  "$(settings "$ldaps_first" '"account": { "filter": "(cn=%u)", "attribute": "uid" }')" 'login JÜRGEN@example.org' user0002
check 'an attribute of another schema' says \
  "$(settings "$ldaps_first" '"account": { "filter": "(mailLocalAddress=%s)", "attribute": "UID" }')" 'login jane@example.org' user0001
check 'all domains, though the server gives out 500 at once' says "$(settings "$ldaps_first")" 'list d1500.example' \
  '1500 domains, d1500.example on mx0.example.org'
check 'check finds all well' says "$(settings "$ldaps_first")" 'check' 'all is well'
check 'check misses entries' says "$(settings "$ldaps_first" '"base": "ou=people,dc=example,dc=org"')" 'check' \
  'domain: * has nothing with mailHost that fits the filter*'
check 'check tells of a server that is not there' says "$(settings "$ldaps_first, \"ldap://127.0.0.1:1\"")" 'check' \
  'ldap://127.0.0.1:1 cannot be reached: ECONNREFUSED'

# --- Several servers, one process ------------------------------------------------------------------------------------

both="$ldaps_first, $(quoted "ldap://localhost:${plain[second]}")"
mkfifo "$work/questions" "$work/answers"
NODE_EXTRA_CA_CERTS=$work/ca.pem node --import tsx test/with-servers/ask-ldap.ts "$(settings "$both")" "$password" \
  < "$work/questions" > "$work/answers" 2>&1 &
asker=$!
exec 3> "$work/questions" 4< "$work/answers"

# QUESTION ANSWER: the same of the one process.
answers() {
  local said
  echo "$1" >&3
  read -r -t 10 said <&4
  echo "$1: $said"
  # shellcheck disable=SC2053 # a pattern
  [[ $said = $2 ]]
}

check 'two servers: the first answers' answers 'host d1.example' mx1.example.org
sleep 4
check 'and again when it has closed an idle connection' answers 'host d2.example' mx2.example.org
stop first KILL
check 'the first is killed: the second answers the next question' answers 'host d3.example' mx0.example.org
check 'and the one after that' answers 'login jane@example.org' user0001
start first
stop second KILL
check 'the second is killed: the first, which is back, answers' answers 'host d4.example' mx1.example.org
start second
killed_in_between() {
  local said
  kill -STOP "${slapd[first]}"
  echo 'host d4.example' >&3
  sleep 0.5
  stop first KILL
  read -r -t 10 said <&4
  echo "$said"
  [[ $said = mx1.example.org ]]
}
check 'the first is killed in mid-query: the second answers that query' killed_in_between
start first
stop second KILL
check 'the first is asked again' answers 'host d5.example' mx2.example.org
start second
kill -STOP "${slapd[first]}"
check 'the first hangs in mid-query: the question ends in time' answers 'host d5.example' '*aborted due to timeout'
check 'and the second answers the next' answers 'host d6.example' mx0.example.org
kill -CONT "${slapd[first]}"
stop second TERM
check 'the second is shut down: the first answers' answers 'host d7.example' mx1.example.org
stop first TERM
check 'both are down: that is told' answers 'host d8.example' '*ECONNREFUSED*;*ECONNREFUSED*'
start second
sleep 1
check 'one is back, and answers' answers 'host d9.example' mx0.example.org
exec 3>&-
ended() { wait "$asker"; }
check 'the process ends by itself' ended
asker=''

tell_count
