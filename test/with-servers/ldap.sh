#!/usr/bin/env bash
#
# Tests the source `ldap` with a real OpenLDAP: LDAPS, StartTLS, certificates, filters, pages, and several servers of which
# some are killed. Everything runs on the loopback interface, on free ports, in a temporary directory.
#
#   npm ci && test/with-servers/ldap.sh
#
# Needs slapd, slapadd, ldapsearch and openssl (Debian: slapd ldap-utils openssl). The script does not touch
# the slapd of the system.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh

need 'slapd ldap-utils openssl' node slapd slapadd ldapsearch openssl
make_work

# --- Certificates ----------------------------------------------------------------------------------------------------

make_authority
issue first subjectAltName=DNS:localhost,IP:127.0.0.1
issue second subjectAltName=DNS:localhost,IP:127.0.0.1
issue misnamed subjectAltName=DNS:ldap.example.org

# --- Servers ---------------------------------------------------------------------------------------------------------

base=dc=example,dc=org
password='correct horse'

# A filter has to escape four characters of the strange address; LDIF escapes none of them.
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

# The access rules of docs/ldap.md, with one more attribute that a test below needs.
rights=$(sed -n '/^access to/,/^```/p' docs/ldap.md | sed '/^```/d; s/mailHost$/&,mailLocalAddress/')

# NAME EXTRA…: makes the configuration and the database of a server.
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
# Reject clients that do not encrypt the connection.
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

# NAME: starts a server and waits until it answers.
start_slapd() {
  # Without the pipes of the client below: it would never end while a server holds them open.
  start "$1" slapd -f "$work/$1.conf" -h "ldap://127.0.0.1:${plain[$1]} ldaps://127.0.0.1:${secure[$1]}" -d 0 3>&- 4<&-
  await "$1" env LDAPTLS_REQCERT=never ldapsearch -x -H "ldaps://127.0.0.1:${secure[$1]}" -s base -b ''
}

mapfile -t ports < <(free_ports 6)
declare -A plain=([first]=${ports[0]} [second]=${ports[1]} [misnamed]=${ports[2]})
declare -A secure=([first]=${ports[3]} [second]=${ports[4]} [misnamed]=${ports[5]})
prepare first 'idletimeout 2'
prepare second
prepare misnamed
start_slapd first
start_slapd second
start_slapd misnamed

# --- Queries ---------------------------------------------------------------------------------------------------------

# URLS MORE: the settings, with the additions of a test.
settings() {
  printf '{ "url": [%s], "bindDn": "cn=autoconfig,%s", "passwordFile": "x", "base": "%s", "timeout": 1,
    "domain": { "filter": "(&(objectClass=mailDomain)(cn=%%s))", "attribute": "mailHost", "name": "cn" },
    "account": { "filter": "(&(objectClass=inetOrgPerson)(mail=%%s))", "attribute": "uid" }%s }' "$1" "$base" "$base" "${2:+, $2}"
}
quoted() { printf '"%s"' "$1"; }
ldaps_first=$(quoted "ldaps://localhost:${secure[first]}")
starttls_first=$(quoted "ldap://127.0.0.1:${plain[first]}")

# SETTINGS QUERY ANSWER: sends one query with a process of its own. The answer is a pattern.
query_once() {
  local output
  output=$(NODE_EXTRA_CA_CERTS=${authority-$work/ca.pem} node --import tsx test/with-servers/ask-ldap.ts "$1" "${secret-$password}" <<< "$2")
  echo "$2: $output"
  # shellcheck disable=SC2053 # a pattern
  [[ $output = $3 ]]
}

check 'LDAPS: the host of a domain' query_once "$(settings "$ldaps_first")" 'host d7.example' mx1.example.org
check 'the login of an address, in any case' query_once "$(settings "$ldaps_first")" 'login Jane@Example.ORG' user0001
check 'StartTLS: the login of an address' query_once "$(settings "$starttls_first")" 'login jane@example.org' user0001
check 'an unknown domain has no host' query_once "$(settings "$ldaps_first")" 'host example.net' none
check 'without TLS the server rejects the bind' query_once "$(settings "$starttls_first" '"startTls": false')" \
  'host d7.example' '*: bind failed: the server requires TLS (13)'
authority='' check 'LDAPS: a certificate of an unknown authority is rejected' query_once "$(settings "$ldaps_first")" \
  'host d7.example' '*: TLS failed: *authorityFile*'
authority='' check 'StartTLS: a certificate of an unknown authority is rejected' query_once "$(settings "$starttls_first")" 'host d7.example' '*: TLS failed: *authorityFile*'
check 'LDAPS: a certificate for another name is rejected' query_once "$(settings "$(quoted "ldaps://localhost:${secure[misnamed]}")")" \
  'host d7.example' '*: TLS failed: ERR_TLS_CERT_ALTNAME_INVALID'
check 'StartTLS: a certificate for another name is rejected' query_once "$(settings "$(quoted "ldap://127.0.0.1:${plain[misnamed]}")")" \
  'host d7.example' '*: TLS failed: ERR_TLS_CERT_ALTNAME_INVALID'
secret=wrong check 'a wrong password is reported' query_once "$(settings "$ldaps_first")" 'host d7.example' '*: wrong bindDn or password (49)'
check 'a base that does not exist is reported' query_once "$(settings "$ldaps_first" '"base": "dc=nowhere"')" 'host d7.example' '*: the base does not exist, or bindDn may not read it (32)'
check 'a star is not a wildcard' query_once "$(settings "$ldaps_first")" 'login *@example.org' none
check 'an address cannot change the filter' query_once "$(settings "$ldaps_first")" 'login x)(uid=*@example.org' none
check 'an address with special characters of filters is found' query_once "$(settings "$ldaps_first")" \
  'login str*nge(1)\x@example.org' user0003
check 'characters beyond ASCII are found' query_once \
  "$(settings "$ldaps_first" '"account": { "filter": "(cn=%u)", "attribute": "uid" }')" 'login JÜRGEN@example.org' user0002
check 'an attribute of another schema' query_once \
  "$(settings "$ldaps_first" '"account": { "filter": "(mailLocalAddress=%s)", "attribute": "UID" }')" 'login jane@example.org' user0001
check 'all domains are listed, although the server returns only 500 at once' query_once "$(settings "$ldaps_first")" 'list d1500.example' \
  '1500 domains, d1500.example on mx0.example.org'
check 'check succeeds' query_once "$(settings "$ldaps_first")" 'check' OK
check 'check reports that no entry matches' query_once "$(settings "$ldaps_first" '"base": "ou=people,dc=example,dc=org"')" 'check' \
  'domain: *: no entry matches the filter and has the attribute mailHost*'
check 'check reports a server that is down' query_once "$(settings "$ldaps_first, \"ldap://127.0.0.1:1\"")" 'check' \
  'ldap://127.0.0.1:1: cannot connect: ECONNREFUSED'

# --- Several servers, one process ------------------------------------------------------------------------------------

both="$ldaps_first, $(quoted "ldap://localhost:${plain[second]}")"
mkfifo "$work/queries" "$work/answers"
NODE_EXTRA_CA_CERTS=$work/ca.pem node --import tsx test/with-servers/ask-ldap.ts "$(settings "$both")" "$password" \
  < "$work/queries" > "$work/answers" 2>&1 &
process[client]=$!
exec 3> "$work/queries" 4< "$work/answers"

# QUERY ANSWER: sends a query to the one process.
answers() {
  local output
  echo "$1" >&3
  read -r -t 10 output <&4
  echo "$1: $output"
  # shellcheck disable=SC2053 # a pattern
  [[ $output = $2 ]]
}

check 'two servers: the first answers' answers 'host d1.example' mx1.example.org
sleep 4
check 'the first answers again after closing an idle connection' answers 'host d2.example' mx2.example.org
stop first KILL
check 'the first is killed: the second answers the next query' answers 'host d3.example' mx0.example.org
check 'the second answers the query after that, too' answers 'login jane@example.org' user0001
start_slapd first
stop second KILL
check 'the second is killed: the first, which is up again, answers' answers 'host d4.example' mx1.example.org
start_slapd second
killed_during_query() {
  local output
  hang first
  echo 'host d4.example' >&3
  sleep 0.5
  stop first KILL
  read -r -t 10 output <&4
  echo "$output"
  [[ $output = mx1.example.org ]]
}
check 'the first is killed during a query: the second answers that query' killed_during_query
start_slapd first
stop second KILL
check 'the first is used again' answers 'host d5.example' mx2.example.org
start_slapd second
hang first
check 'the first hangs during a query: the query times out' answers 'host d5.example' '*aborted due to timeout'
check 'the second answers the next query' answers 'host d6.example' mx0.example.org
resume first
stop second
check 'the second is shut down: the first answers' answers 'host d7.example' mx1.example.org
stop first
check 'both are down: the query fails' answers 'host d8.example' '*ECONNREFUSED*;*ECONNREFUSED*'
start_slapd second
sleep 1
check 'one is up again, and answers' answers 'host d9.example' mx0.example.org
exec 3>&-
check 'the process ends' await_end client

tell_count
