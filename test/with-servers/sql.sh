#!/usr/bin/env bash
#
# The source `sql` against a real PostgreSQL and a real MariaDB: the queries of docs/sql.md against tables of the shapes that
# the panels make, rights, TLS, NOTIFY, slow queries, and servers that hang, are killed and come back. All of it runs on
# loopback, on free ports, from a temporary folder.
#
#   npm ci && test/with-servers/sql.sh
#
# Needs initdb, postgres, psql, mariadbd, mariadb-install-db, mariadb and openssl (Debian: postgresql mariadb-server openssl).
# No server of the system is touched. Who is root runs them as the users postgres and mysql, since they refuse root.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
for folder in /usr/lib/postgresql/*/bin; do PATH=$folder:$PATH; done
PATH=$PATH:/usr/sbin:/sbin

source test/with-servers/checks.sh

need 'postgresql mariadb-server openssl' node initdb postgres psql mariadbd mariadb-install-db mariadb openssl

work=$(mktemp -d "${TMPDIR:-/tmp}/mail-autoconfig-sql.XXXXXX")
chmod 711 "$work"
declare -A server=()
asker=''
clean_up() {
  [[ -z $asker ]] || kill "$asker" 2> /dev/null || true
  local name
  for name in "${!server[@]}"; do stop "$name" KILL; done
  rm -rf "$work"
}
trap clean_up EXIT

# USER COMMAND…: as that user, if we are root; in place of this shell.
exec_as() {
  local user=$1
  shift
  if [[ $(id -u) = 0 ]]; then exec setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"; else exec "$@"; fi
}

# NAME SIGNAL: postgres and mariadbd end at once by it; so do the backends of the former.
stop() {
  kill -CONT "${server[$1]}" 2> /dev/null || true
  kill "-$2" "${server[$1]}" 2> /dev/null || true
  wait "${server[$1]}" 2> /dev/null || true
  unset "server[$1]"
}

# --- The servers -----------------------------------------------------------------------------------------------------

make_authority
issue db subjectAltName=DNS:localhost
issue other subjectAltName=DNS:db.example.org

# NAME USER: a folder for a server, with the certificate.
folder_for() {
  mkdir "$work/$1"
  cp "$work/db.pem" "$work/db.key" "$work/$1/"
  chmod 600 "$work/$1/db.key"
  chmod 755 "$work/$1"
  [[ $(id -u) != 0 ]] || chown -R "$2:$2" "$work/$1"
}
folder_for postgresql postgres
folder_for mariadb mysql

postgresql_port=$(free_ports 1)
start_postgresql() {
  (exec_as postgres postgres -D "$work/postgresql/data" -p "$postgresql_port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories="$work/postgresql" -c fsync=off -c ssl=on \
    -c ssl_cert_file="$work/postgresql/db.pem" -c ssl_key_file="$work/postgresql/db.key") >> "$work/postgresql.log" 2>&1 &
  server[postgresql]=$!
  eventually as_admin -c 'SELECT 1'
}
as_admin() { PGDATABASE=postgres psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 -h "$work/postgresql" -p "$postgresql_port" -U admin "$@"; }

mariadb_port=$(free_ports 1)
start_mariadb() {
  (exec_as mysql mariadbd --no-defaults --datadir="$work/mariadb/data" --bind-address=127.0.0.1 --port="$mariadb_port" \
    --socket="$work/mariadb/socket" --pid-file="$work/mariadb/pid" --innodb-flush-log-at-trx-commit=0 \
    --ssl-cert="$work/mariadb/db.pem" --ssl-key="$work/mariadb/db.key") >> "$work/mariadb.log" 2>&1 &
  server[mariadb]=$!
  eventually as_root -e 'SELECT 1'
}
as_root() { mariadb --no-defaults --batch --skip-column-names --socket="$work/mariadb/socket" -u root "$@"; }

# SERVER COMMAND…: what it says is told only if it fails.
prepare() {
  local name=$1
  shift
  if ! "$@" >> "$work/$name.log" 2>&1; then
    sed 's/^/# /' "$work/$name.log" >&2
    exit 1
  fi
}
(exec_as postgres sh -c "echo '$RANDOM$RANDOM' > '$work/postgresql/password'")
make_postgresql() {
  (exec_as postgres initdb -D "$work/postgresql/data" -U admin -A scram-sha-256 --auth-local=trust --no-sync \
    --pwfile="$work/postgresql/password" -E UTF8 --locale=C)
}
make_mariadb() {
  (exec_as mysql mariadb-install-db --no-defaults --datadir="$work/mariadb/data" --skip-test-db \
    --auth-root-authentication-method=normal)
}
prepare postgresql make_postgresql
prepare mariadb make_mariadb

check 'PostgreSQL runs' start_postgresql
check 'MariaDB runs' start_mariadb

# With letters that mean something elsewhere.
password='p@ss:w/rd?#%"'
as_admin -c "CREATE ROLE autoconfig LOGIN PASSWORD '$password'"
as_root -e "CREATE USER autoconfig@'%' IDENTIFIED BY '$password'"

# --- Asking ----------------------------------------------------------------------------------------------------------

# DATABASE [HOST]
postgresql_url() { echo "postgres://autoconfig@${2:-127.0.0.1}:$postgresql_port/$1"; }
mariadb_url() { echo "mysql://autoconfig@${2:-127.0.0.1}:$mariadb_port/$1"; }

# What stands between the braces of the settings.
url() { echo "\"url\":\"$1\""; }
own='"domain":"SELECT host FROM mail_domain WHERE name = $1","account":"SELECT login FROM mailbox WHERE address = $1","list":"SELECT name, host FROM mail_domain"'

authority=''
ask() { NODE_EXTRA_CA_CERTS=$authority node --import tsx test/with-servers/ask-sql.ts "$@"; }

# SECTION SETTINGS QUESTION ANSWER [QUESTION ANSWER…]: one source, asked these.
answers() {
  local section=$1 settings=$2 questions='' expected=''
  shift 2
  while (($# > 0)); do
    questions+=$1$'\n' expected+=$2$'\n'
    shift 2
  done
  diff <(printf '%s' "$expected") <(printf '%s' "$questions" | ask "$section" "{$settings}" "$password" 2>&1)
}

# SETTINGS PATTERN: what check says is wrong.
is_wrong() {
  echo check | ask '' "{$1}" "$password" > "$work/wrong" 2>&1
  cat "$work/wrong"
  grep -qE -- "$2" "$work/wrong"
}

# --- The panels ------------------------------------------------------------------------------------------------------

# NAME STATEMENTS
mariadb_database() { as_root -e "CREATE DATABASE $1; GRANT SELECT ON $1.* TO autoconfig@'%'; USE $1; $2"; }
postgresql_database() {
  as_admin -d postgres -c "CREATE DATABASE $1"
  as_admin -d "$1" -c "$2" -c 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO autoconfig'
}

# Their tables, by the names and types of the columns that are asked for, and of some that are not.

# TEXT FLAG OFF ON: the types of texts and flags, and the values of flags.
postfixadmin() {
  echo "
  CREATE TABLE domain (domain $1 NOT NULL PRIMARY KEY, description $1 NOT NULL DEFAULT '', aliases int NOT NULL DEFAULT 0,
    mailboxes int NOT NULL DEFAULT 0, maxquota bigint NOT NULL DEFAULT 0, quota bigint NOT NULL DEFAULT 0,
    transport $1 NOT NULL DEFAULT 'virtual', backupmx $2 NOT NULL DEFAULT $3, active $2 NOT NULL DEFAULT $4);
  CREATE TABLE mailbox (username $1 NOT NULL PRIMARY KEY, password $1 NOT NULL DEFAULT '', name $1 NOT NULL DEFAULT '',
    maildir $1 NOT NULL DEFAULT '', quota bigint NOT NULL DEFAULT 0, local_part $1 NOT NULL DEFAULT '',
    domain $1 NOT NULL DEFAULT '', active $2 NOT NULL DEFAULT $4);
  CREATE TABLE alias (address $1 NOT NULL PRIMARY KEY, goto text NOT NULL, domain $1 NOT NULL DEFAULT '',
    active $2 NOT NULL DEFAULT $4);
  INSERT INTO domain (domain, backupmx, active) VALUES ('ALL', $3, $4), ('example.org', $3, $4), ('example.net', $3, $3),
    ('example.com', $4, $4);
  INSERT INTO mailbox (username, active) VALUES ('jane@example.org', $4), ('john@example.org', $4), ('old@example.org', $3);
  INSERT INTO alias (address, goto) VALUES ('jane@example.org', 'jane@example.org'), ('john@example.org', 'jane@example.org'),
    ('old@example.org', 'old@example.org'), ('info@example.org', 'jane@example.org'),
    ('all@example.org', 'jane@example.org,john@example.org'), ('was@example.org', 'old@example.org')"
}
postfixadmin_questions=(check 'all is well' 'host example.org' mx1 'host example.net' none 'host example.com' none
  'host example.info' none 'login jane@example.org' jane@example.org 'login john@example.org' john@example.org
  'login INFO@example.org' jane@example.org 'login all@example.org' none 'login old@example.org' none
  'login was@example.org' none 'login nobody@example.org' none 'list example.org' '1 domains, example.org on mx1')

iredmail="
  CREATE TABLE domain (domain varchar(255) NOT NULL DEFAULT '' PRIMARY KEY, description text,
    transport varchar(255) NOT NULL DEFAULT 'dovecot', backupmx INT2 NOT NULL DEFAULT 0, settings text,
    active INT2 NOT NULL DEFAULT 1);
  CREATE TABLE alias_domain (alias_domain varchar(255) NOT NULL PRIMARY KEY, target_domain varchar(255) NOT NULL,
    active INT2 NOT NULL DEFAULT 1);
  CREATE TABLE mailbox (username varchar(255) NOT NULL PRIMARY KEY, password varchar(255) NOT NULL DEFAULT '',
    name varchar(255) NOT NULL DEFAULT '', domain varchar(255) NOT NULL DEFAULT '', enableimap INT2 NOT NULL DEFAULT 1,
    enablepop3 INT2 NOT NULL DEFAULT 1, enablesmtp INT2 NOT NULL DEFAULT 1, active INT2 NOT NULL DEFAULT 1);
  CREATE TABLE forwardings (id SERIAL PRIMARY KEY, address varchar(255) NOT NULL DEFAULT '',
    forwarding varchar(255) NOT NULL DEFAULT '', domain varchar(255) NOT NULL DEFAULT '',
    dest_domain varchar(255) NOT NULL DEFAULT '', is_maillist INT2 NOT NULL DEFAULT 0, is_list INT2 NOT NULL DEFAULT 0,
    is_forwarding INT2 NOT NULL DEFAULT 0, is_alias INT2 NOT NULL DEFAULT 0, active INT2 NOT NULL DEFAULT 1);
  INSERT INTO domain (domain, backupmx, active) VALUES ('example.org', 0, 1), ('example.net', 0, 0), ('example.com', 1, 1);
  INSERT INTO alias_domain (alias_domain, target_domain) VALUES ('example.info', 'example.org');
  INSERT INTO mailbox (username, active) VALUES ('jane@example.org', 1), ('old@example.org', 0);
  INSERT INTO forwardings (address, forwarding, is_forwarding) VALUES ('jane@example.org', 'jane@example.org', 1);
  INSERT INTO forwardings (address, forwarding, is_alias) VALUES ('info@example.org', 'jane@example.org', 1);
  INSERT INTO forwardings (address, forwarding, is_list) VALUES ('list@example.org', 'jane@example.org', 1)"
iredmail_questions=(check 'all is well' 'host example.org' mx1 'host example.info' mx1 'host example.net' none
  'host example.com' none 'login jane@example.org' jane@example.org 'login info@example.org' jane@example.org
  'login list@example.org' none 'login old@example.org' none 'list example.org' '1 domains, example.org on mx1')

mailcow="
  CREATE TABLE domain (domain VARCHAR(255) NOT NULL PRIMARY KEY, description VARCHAR(255),
    relayhost VARCHAR(255) NOT NULL DEFAULT '0', backupmx TINYINT(1) NOT NULL DEFAULT 0,
    relay_all_recipients TINYINT(1) NOT NULL DEFAULT 0, active TINYINT(1) NOT NULL DEFAULT 1) CHARSET utf8mb4;
  CREATE TABLE alias_domain (alias_domain VARCHAR(255) NOT NULL PRIMARY KEY, target_domain VARCHAR(255) NOT NULL,
    active TINYINT(1) NOT NULL DEFAULT 1) CHARSET utf8mb4;
  CREATE TABLE mailbox (username VARCHAR(255) NOT NULL PRIMARY KEY, password VARCHAR(255) NOT NULL DEFAULT '',
    name VARCHAR(255), local_part VARCHAR(255) NOT NULL DEFAULT '', domain VARCHAR(255) NOT NULL DEFAULT '',
    attributes JSON, kind VARCHAR(100) NOT NULL DEFAULT '', active TINYINT(1) NOT NULL DEFAULT 1) CHARSET utf8mb4;
  CREATE TABLE alias (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, address VARCHAR(255) NOT NULL UNIQUE, goto TEXT NOT NULL,
    domain VARCHAR(255) NOT NULL DEFAULT '', active TINYINT(1) NOT NULL DEFAULT 1) CHARSET utf8mb4;
  INSERT INTO domain (domain, backupmx, active) VALUES ('example.org', 0, 1), ('example.net', 0, 0), ('example.com', 1, 1);
  INSERT INTO alias_domain (alias_domain, target_domain) VALUES ('example.info', 'example.org');
  INSERT INTO mailbox (username, active) VALUES ('jane@example.org', 1), ('old@example.org', 0), ('shut@example.org', 2);
  INSERT INTO alias (address, goto) VALUES ('jane@example.org', 'jane@example.org'), ('old@example.org', 'old@example.org'),
    ('shut@example.org', 'shut@example.org'), ('info@example.org', 'jane@example.org'),
    ('all@example.org', 'jane@example.org,x@example.net')"
mailcow_questions=(check 'all is well' 'host example.org' mx1 'host example.info' mx1 'host example.net' none
  'host example.com' none 'login jane@example.org' jane@example.org 'login info@example.org' jane@example.org
  'login all@example.org' none 'login shut@example.org' none 'list example.org' '1 domains, example.org on mx1')

ispconfig="
  CREATE TABLE server (server_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, server_name varchar(255) NOT NULL DEFAULT '',
    mail_server tinyint(1) NOT NULL DEFAULT 0, active tinyint(1) NOT NULL DEFAULT 1) CHARSET utf8;
  CREATE TABLE mail_domain (domain_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, server_id int unsigned NOT NULL DEFAULT 0,
    domain varchar(255) NOT NULL DEFAULT '', active enum('n','y') NOT NULL) CHARSET utf8;
  CREATE TABLE mail_user (mailuser_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, server_id int unsigned NOT NULL DEFAULT 0,
    email varchar(255) NOT NULL DEFAULT '', login varchar(255) NOT NULL DEFAULT '', password varchar(255) NOT NULL DEFAULT '')
    CHARSET utf8;
  INSERT INTO server (server_name, mail_server) VALUES ('mx1.example.org', 1), ('mx2.example.org', 1);
  INSERT INTO mail_domain (server_id, domain, active) VALUES (1, 'example.org', 'y'), (2, 'example.com', 'y'), (2, 'example.net', 'n');
  INSERT INTO mail_user (server_id, email, login) VALUES (1, 'jane@example.org', 'user0001'), (2, 'john@example.com', 'john@example.com')"
ispconfig_questions=(check 'all is well' 'host example.org' mx1.example.org 'host example.com' mx2.example.org
  'host example.net' none 'login jane@example.org' user0001 'login john@example.com' john@example.com
  'login x@example.com' none 'list example.com' '2 domains, example.com on mx2.example.org')

prepare mariadb mariadb_database postfix "$(postfixadmin 'varchar(255)' 'tinyint(1)' 0 1)"
prepare postgresql postgresql_database postfix "$(postfixadmin 'varchar(255)' boolean false true)"
prepare mariadb mariadb_database vmail "$iredmail"
prepare postgresql postgresql_database vmail "$iredmail"
prepare mariadb mariadb_database mailcow "$mailcow"
prepare mariadb mariadb_database dbispconfig "$ispconfig"

check 'Postfixadmin, MariaDB' answers Postfixadmin "$(url "$(mariadb_url postfix)")" "${postfixadmin_questions[@]}"
check 'Postfixadmin, PostgreSQL' answers Postfixadmin "$(url "$(postgresql_url postfix)")" "${postfixadmin_questions[@]}"
check 'iRedMail, MariaDB' answers iRedMail "$(url "$(mariadb_url vmail)")" "${iredmail_questions[@]}"
check 'iRedMail, PostgreSQL' answers iRedMail "$(url "$(postgresql_url vmail)")" "${iredmail_questions[@]}"
check 'mailcow' answers mailcow "$(url "$(mariadb_url mailcow)")" "${mailcow_questions[@]}"
check 'ISPConfig' answers ISPConfig "$(url "$(mariadb_url dbispconfig)")" "${ispconfig_questions[@]}"

# --- Tables of one's own ---------------------------------------------------------------------------------------------

documented=$(sed -n '/^```sql$/,/^```$/p' docs/sql.md | sed '/^```/d')
rows="INSERT INTO mail_domain VALUES ('example.org', 'mx1'), ('example.net', 'mx2');
  INSERT INTO mailbox VALUES ('jane@example.org', 'user0001'), ('o''neill@example.org', 'user0002'), ('50%@example.org', 'user0003')"
prepare postgresql postgresql_database mail "$documented $rows;
  CREATE TABLE many AS SELECT 'd' || i || '.example' AS name, 'mx' || i % 3 AS host FROM generate_series(1, 100000) AS s (i)"
prepare postgresql as_admin -d mail -c 'CREATE TABLE secret (name text, host text)'
# The tables, which stand before the first empty line; the triggers are PostgreSQL's.
prepare mariadb mariadb_database mail "${documented%%$'\n\n'*} $rows;
  CREATE TABLE many AS SELECT CONCAT('d', seq, '.example') AS name, CONCAT('mx', seq % 3) AS host FROM seq_1_to_100000"
prepare mariadb as_root -e "CREATE DATABASE hidden; CREATE TABLE hidden.secret (name text, host text);
  CREATE TABLE hidden.open (name text); GRANT SELECT ON hidden.open TO autoconfig@'%'"

hostile=("login ' OR 1=1 --@example.org" none "login \\' OR 1=1 #@example.org" none 'login %@example.org' none
  'login _ane@example.org' none "login $(printf 'x%.0s' {1..200})@example.org" none)
for database in postgresql mariadb; do
  url=$(url "$("${database}_url" mail)")
  check "$database: tables of one's own, and hostile addresses" answers '' "$url,$own" check 'all is well' \
    'host example.org' mx1 'host example.net' mx2 'host example.com' none 'login jane@example.org' user0001 \
    "login o'neill@example.org" user0002 'login 50%@example.org' user0003 "${hostile[@]}" \
    'list example.net' '2 domains, example.net on mx2'
  check "$database: a long list" answers '' \
    "$url,\"domain\":\"SELECT host FROM many WHERE name = \$1\",\"list\":\"SELECT name, host FROM many\"" \
    'list d100000.example' '100000 domains, d100000.example on mx1' 'host d100000.example' mx1
done
check 'postgresql: by a Unix socket' answers '' \
  "$(url "postgres://autoconfig@localhost:$postgresql_port/mail?host=$work/postgresql"),$own" 'host example.org' mx1
check 'mariadb: by a Unix socket' answers '' \
  "$(url "mariadb://autoconfig@localhost/mail?socket=$work/mariadb/socket"),$own" 'host example.org' mx1

# --- What is wrong ---------------------------------------------------------------------------------------------------

refused='^cannot connect to 127\.0\.0\.1:[0-9]+: the user or the password is refused \((28P01|ER_ACCESS_DENIED_ERROR)\)$'
for database in postgresql mariadb; do
  url=$(url "$("${database}_url" mail)")
  password=wrong check "$database: a wrong password" is_wrong "$url,$own" "$refused"
  password='' check "$database: no password" is_wrong "$url,$own" ': (the server wants a password|the user or the password is refused)'
  check "$database: no such database" is_wrong "$(url "$("${database}_url" nowhere)"),$own" \
    ': (there is no such database \(3D000\)|the user has no right to use this database \(ER_DBACCESS_DENIED_ERROR\))$'
  check "$database: no such table" is_wrong "$url,\"domain\":\"SELECT host FROM nowhere WHERE name = \$1\"" \
    '^domain: there is no such table: "nowhere" \((42P01|ER_NO_SUCH_TABLE)\)$'
  check "$database: no such column" is_wrong "$url,\"domain\":\"SELECT hosst FROM mail_domain WHERE name = \$1\"" \
    '^domain: there is no such column: "hosst" \((42703|ER_BAD_FIELD_ERROR)\)$'
  check "$database: a fault in the query" is_wrong "$url,\"account\":\"SELEC login FROM mailbox WHERE address = \$1\"" \
    '^account: the query has a fault: "SELEC" \((42601|ER_PARSE_ERROR)\)$'
done
check 'postgresql: no right to read' is_wrong \
  "$(url "$(postgresql_url mail)"),\"domain\":\"SELECT host FROM secret WHERE name = \$1\"" \
  '^domain: the user has no right to read this: "secret" \(42501\)$'
check 'mariadb: no right to read' is_wrong \
  "$(url "$(mariadb_url hidden)"),\"domain\":\"SELECT host FROM secret WHERE name = \$1\"" \
  '^domain: the user has no right to read this: "secret" \(ER_TABLEACCESS_DENIED_ERROR\)$'

# --- TLS -------------------------------------------------------------------------------------------------------------

# SERVER NAME: it reads them anew.
install_certificate() {
  cat "$work/$2.pem" > "$work/$1/db.pem"
  cat "$work/$2.key" > "$work/$1/db.key"
  if [[ $1 = postgresql ]]; then kill -HUP "${server[postgresql]}"; else as_root -e 'FLUSH SSL'; fi
  sleep 0.5
}
for database in postgresql mariadb; do
  settings="$(url "$("${database}_url" mail localhost)"),\"tls\":true,$own"
  authority=$work/ca.pem check "$database: TLS, by an authority that is known" answers '' "$settings" 'host example.org' mx1
  check "$database: not by one that is unknown" is_wrong "$settings" ': the certificate of the server does not verify \([A-Z_]+\)$'
  install_certificate "$database" other
  authority=$work/ca.pem check "$database: nor for another name" is_wrong "$settings" ': the certificate of the server does not verify \([A-Z_]+\)$'
  install_certificate "$database" db
  authority=$work/ca.pem check "$database: for its own name again" answers '' "$settings" 'host example.org' mx1
done
authority=$work/ca.pem check 'postgresql: nor by an address that is not in it' is_wrong "$(url "$(postgresql_url mail)?sslmode=require"),$own" \
  ': the certificate of the server does not verify \(ERR_TLS_CERT_ALTNAME_INVALID\)$'
as_root -e "ALTER USER autoconfig@'%' REQUIRE SSL"
authority=$work/ca.pem check 'mariadb: TLS where nobody is let in without' answers '' \
  "$(url "$(mariadb_url mail localhost)?sslmode=verify-full"),$own" 'host example.org' mx1
as_root -e "ALTER USER autoconfig@'%' REQUIRE NONE"

# --- Servers that are slow, hang, are killed, and come back ----------------------------------------------------------

# SETTINGS: a source that is asked line by line.
start_asking() {
  coproc ASKER { exec node --import tsx test/with-servers/ask-sql.ts '' "{$1}" "$password"; }
  asker=$ASKER_PID
  exec {to}>&"${ASKER[1]}" {from}<&"${ASKER[0]}"
}
stop_asking() {
  exec {to}>&-
  eval "exec ${ASKER[1]}>&-"
  wait "$asker" || true
  exec {from}<&-
  asker=''
}
# PATTERN: the next line.
hears() {
  local line
  read -r -t 20 -u "$from" line
  echo "$line"
  [[ $line =~ ^($1)$ ]]
}
# QUESTION PATTERN
asked() {
  echo "$1" >&"$to"
  hears "$2"
}

# Nothing of ours is under way any more, though nobody asked for its end.
postgresql_rests() { [[ $(as_admin -d postgres -Atc "SELECT count(*) FROM pg_stat_activity WHERE usename = 'autoconfig' AND state = 'active'") = 0 ]]; }
mariadb_rests() { [[ $(as_root -e "SELECT count(*) FROM information_schema.processlist WHERE user = 'autoconfig' AND command <> 'Sleep'") = 0 ]]; }
postgresql_cuts() { as_admin -d postgres -Atc "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'autoconfig'"; }
mariadb_cuts() { as_root -e 'KILL CONNECTION USER autoconfig'; }
declare -A slow=(
  [postgresql]="SELECT 'x' FROM pg_sleep(60) WHERE \$1 <> ''"
  [mariadb]="SELECT SLEEP(60) FROM mailbox WHERE ? <> ''"
)
# How each is brought down without a farewell: PostgreSQL's processes end together only by this.
declare -A deadly=([postgresql]=QUIT [mariadb]=KILL)
silent='(domain: no answer in time|cannot connect to .*: it does not answer.*|domain: the query takes too long.*)'

# PROCESS…: are they stopped, to the last thread? The signal alone does not wait for that.
hold_still() {
  local process
  for process; do
    if cat "/proc/$process/task/"*/stat | grep -vq ') T '; then return 1; fi
  done
}

for database in postgresql mariadb; do
  url=$(url "$("${database}_url" mail)")
  start_asking "$url,\"domain\":\"SELECT host FROM mail_domain WHERE name = \$1\",\"account\":\"${slow[$database]}\",\"timeout\":3,\"connections\":1"
  check "$database: answers" asked 'host example.org' mx1
  check "$database: a slow query is given up in time" asked 'login jane@example.org' 'account: no answer in time'
  check "$database: the next does not wait for it" asked 'host example.org' mx1
  check "$database: the server gives it up as well" eventually "${database}_rests"
  check "$database: connections are cut while nobody uses them" "${database}_cuts"
  sleep 0.5
  check "$database: and opened anew" asked 'host example.org' mx1
  echo 'login jane@example.org' >&"$to"
  sleep 0.5
  stop "$database" "${deadly[$database]}"
  check "$database: killed in mid-query" hears 'account: (the connection was cut|the server is being shut down or started).*'
  check "$database: gone" asked 'host example.org' 'cannot connect to 127\.0\.0\.1:[0-9]+: nothing listens there \(ECONNREFUSED\)'
  check "$database: started again" "start_$database"
  check "$database: answers again" asked 'host example.org' mx1
  stop_asking

  start_asking "$url,$own,\"timeout\":0.5,\"connections\":2"
  check "$database: answers" asked 'host example.org' mx1
  read -r -a processes <<< "${server[$database]} $(pgrep -P "${server[$database]}" | tr '\n' ' ')"
  kill -STOP "${processes[@]}"
  eventually hold_still "${processes[@]}"
  for time in 'for the first time' again 'as often as there are connections and more'; do
    check "$database: holds still, and is asked $time" asked 'host example.org' "$silent"
  done
  kill -CONT "${processes[@]}"
  check "$database: goes on" asked 'host example.org' mx1
  stop_asking
done

# --- NOTIFY ----------------------------------------------------------------------------------------------------------

start_asking "$(url "$(postgresql_url mail)"),$own,\"notify\":\"mail_changed\""
change() { as_admin -d mail -c "$1"; }
check 'NOTIFY: all is well' asked check 'all is well'
check 'the first answer' asked 'host example.org' mx1
check 'from then on it listens' hears 'changed: all'
change "UPDATE mail_domain SET host = 'mx2' WHERE name = 'example.org'"
check 'a domain has moved' hears 'changed: example\.org'
check 'it is where it moved to' asked 'host example.org' mx2
change "INSERT INTO mailbox VALUES ('new@example.org', 'user0009')"
check 'an address was added' hears 'changed: new@example\.org'
change "UPDATE mailbox SET address = 'newer@example.org' WHERE address = 'new@example.org'"
check 'an address was changed: the old one' hears 'changed: new@example\.org'
check 'and the new one' hears 'changed: newer@example\.org'
change "DELETE FROM mailbox WHERE address = 'newer@example.org'"
check 'an address was removed' hears 'changed: newer@example\.org'
change 'NOTIFY mail_changed'
check 'everything was changed' hears 'changed: all'
stop postgresql INT
check 'the server is stopped and started' start_postgresql
check 'something may have been missed' hears 'changed: all'
change "UPDATE mail_domain SET host = 'mx1' WHERE name = 'example.org'"
check 'it listens again' hears 'changed: example\.org'
stop_asking

tell_count
