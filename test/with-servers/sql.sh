#!/usr/bin/env bash
#
# Tests the source `sql` with a real PostgreSQL and a real MariaDB: the queries of docs/sql.md with tables as the control
# panels create them, permissions, TLS, NOTIFY, slow queries, and servers that hang, are killed and start again. Everything
# runs on the loopback interface, on free ports, in a temporary directory.
#
#   npm ci && test/with-servers/sql.sh
#
# Needs initdb, postgres, psql, pgbouncer, mariadbd, mariadb-install-db, mariadb and openssl (Debian: postgresql pgbouncer
# mariadb-server openssl).
# The script does not touch the servers of the system. Run as root, it starts its servers as the users postgres and mysql,
# because they refuse to run as root.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh
source test/with-servers/postgresql.sh

need 'postgresql pgbouncer mariadb-server openssl' node initdb postgres psql pgbouncer mariadbd mariadb-install-db mariadb openssl
make_work

# --- The servers -----------------------------------------------------------------------------------------------------

make_authority
issue db subjectAltName=DNS:localhost
issue other subjectAltName=DNS:db.example.org
issue certified subjectAltName=DNS:client.example.org

# NAME USER: makes a directory for a server, with its certificate.
make_directory() {
  mkdir "$work/$1"
  cp "$work/db.pem" "$work/db.key" "$work/$1/"
  chmod 600 "$work/$1/db.key"
  ((EUID != 0)) || chown -R "$2:$2" "$work/$1"
}
make_directory postgresql postgres
make_directory mariadb mysql

postgresql_port=$(free_ports 1)
postgresql_options=(-c ssl=on -c ssl_ca_file="$work/ca.pem" -c ssl_cert_file="$work/postgresql/db.pem" -c ssl_key_file="$work/postgresql/db.key")

mariadb_port=$(free_ports 1)
start_mariadb() {
  start mariadb exec_as mysql mariadbd --no-defaults --datadir="$work/mariadb/data" --bind-address=127.0.0.1 --port="$mariadb_port" \
    --socket="$work/mariadb/socket" --pid-file="$work/mariadb/pid" --innodb-flush-log-at-trx-commit=0 \
    --ssl-cert="$work/mariadb/db.pem" --ssl-key="$work/mariadb/db.key"
  await mariadb as_root -e 'SELECT 1'
}
as_root() { mariadb --no-defaults --batch --skip-column-names --socket="$work/mariadb/socket" -u root "$@"; }

# SERVER COMMAND…: prints the output only if the command fails.
prepare() {
  local name=$1
  shift
  if ! "$@" >> "$work/$name.prepared" 2>&1; then
    sed 's/^/# /' "$work/$name.prepared" >&2
    exit 1
  fi
}
(exec_as postgres sh -c "echo '$RANDOM$RANDOM' > '$work/postgresql/password'")
make_mariadb() {
  (exec_as mysql mariadb-install-db --no-defaults --datadir="$work/mariadb/data" --skip-test-db \
    --auth-root-authentication-method=normal)
}
prepare postgresql make_postgresql --auth-host=scram-sha-256 --pwfile="$work/postgresql/password"
prepare mariadb make_mariadb

check 'PostgreSQL runs' start_postgresql
check 'MariaDB runs' start_mariadb

# Its characters have a special meaning in URLs, shells or SQL.
password='p@ss:w/rd?#%"'
as_admin -c "CREATE ROLE autoconfig LOGIN PASSWORD '$password'"
as_root -e "CREATE USER autoconfig@'%' IDENTIFIED BY '$password'"

# --- Queries ---------------------------------------------------------------------------------------------------------

# DATABASE [HOST]
postgresql_url() { echo "postgres://autoconfig@${2:-127.0.0.1}:$postgresql_port/$1"; }
mariadb_url() { echo "mysql://autoconfig@${2:-127.0.0.1}:$mariadb_port/$1"; }

# The settings, without the braces.
url() { echo "\"url\":\"$1\""; }
own='"domain":"SELECT host FROM mail_domain WHERE name = $1","account":"SELECT login FROM mailbox WHERE address = $1","list":"SELECT name, host FROM mail_domain"'

authority=''
ask() { NODE_EXTRA_CA_CERTS=$authority node --import tsx test/with-servers/ask-sql.ts "$@"; }

# SECTION SETTINGS QUERY ANSWER [QUERY ANSWER…]: sends the queries to one source, and compares the answers.
answers() {
  local section=$1 settings=$2 queries='' expected=''
  shift 2
  while (($# > 0)); do
    queries+=$1$'\n' expected+=$2$'\n'
    shift 2
  done
  diff <(printf '%s' "$expected") <(printf '%s' "$queries" | ask "$section" "{$settings}" "$password" 2>&1)
}

# SETTINGS PATTERN: the error that check reports.
reports() {
  echo check | ask '' "{$1}" "$password" > "$work/error" 2>&1
  cat "$work/error"
  grep -qE -- "$2" "$work/error"
}

# --- The panels ------------------------------------------------------------------------------------------------------

# NAME STATEMENTS
mariadb_database() { as_root -e "CREATE DATABASE $1; GRANT SELECT ON $1.* TO autoconfig@'%'; USE $1; $2"; }
postgresql_database() {
  as_admin -d postgres -c "CREATE DATABASE $1"
  as_admin -d "$1" -c "$2" -c 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO autoconfig'
}

# The tables of the panels, with the names and types of the columns that the queries use, and some others.

# TEXT FLAG OFF ON: the types of strings and flags, and the values of flags.
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
  CREATE TABLE alias_domain (alias_domain $1 NOT NULL PRIMARY KEY, target_domain $1 NOT NULL DEFAULT '',
    active $2 NOT NULL DEFAULT $4);
  INSERT INTO alias_domain (alias_domain, target_domain) VALUES ('example.info', 'example.org');
  INSERT INTO domain (domain, backupmx, active) VALUES ('ALL', $3, $4), ('example.org', $3, $4), ('example.net', $3, $3),
    ('example.com', $4, $4);
  INSERT INTO mailbox (username, active) VALUES ('jane@example.org', $4), ('john@example.org', $4), ('old@example.org', $3);
  INSERT INTO alias (address, goto) VALUES ('jane@example.org', 'jane@example.org'), ('john@example.org', 'jane@example.org'),
    ('old@example.org', 'old@example.org'), ('info@example.org', 'jane@example.org'),
    ('all@example.org', 'jane@example.org,john@example.org'), ('was@example.org', 'old@example.org')"
}
postfixadmin_queries=(check OK 'host example.org' mx1 'host example.net' none 'host example.com' none
  'host example.info' mx1 'login jane@example.info' jane@example.org 'login info@example.info' jane@example.org 'login jane@example.org' jane@example.org 'login john@example.org' john@example.org
  'login INFO@example.org' jane@example.org 'login all@example.org' 'jane@example.org,john@example.org' 'login old@example.org' reject
  'login was@example.org' old@example.org 'login nobody@example.org' none 'list example.info' '2 domains, example.info on mx1')

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
iredmail_queries=(check OK 'host example.org' mx1 'host example.info' mx1 'host example.net' none
  'host example.com' none 'login jane@example.org' jane@example.org 'login info@example.org' jane@example.org
  'login list@example.org' reject 'login old@example.org' none 'login info@example.info' jane@example.org
  'list example.info' '2 domains, example.info on mx1')

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
mailcow_queries=(check OK 'host example.org' mx1 'host example.info' mx1 'host example.net' none
  'host example.com' none 'login jane@example.org' jane@example.org 'login info@example.org' jane@example.org
  'login all@example.org' 'jane@example.org,x@example.net' 'login shut@example.org' reject 'login jane@example.info' jane@example.org
  'list example.info' '2 domains, example.info on mx1')

ispconfig="
  CREATE TABLE server (server_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, server_name varchar(255) NOT NULL DEFAULT '',
    mail_server tinyint(1) NOT NULL DEFAULT 0, active tinyint(1) NOT NULL DEFAULT 1) CHARSET utf8;
  CREATE TABLE mail_domain (domain_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, server_id int unsigned NOT NULL DEFAULT 0,
    domain varchar(255) NOT NULL DEFAULT '', active enum('n','y') NOT NULL) CHARSET utf8;
  CREATE TABLE mail_user (mailuser_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, server_id int unsigned NOT NULL DEFAULT 0,
    email varchar(255) NOT NULL DEFAULT '', login varchar(255) NOT NULL DEFAULT '', password varchar(255) NOT NULL DEFAULT '')
    CHARSET utf8;
  CREATE TABLE mail_forwarding (forwarding_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, source varchar(255) NOT NULL DEFAULT '',
    destination text, type enum('alias','aliasdomain','forward','catchall') NOT NULL DEFAULT 'alias',
    active enum('n','y') NOT NULL) CHARSET utf8;
  INSERT INTO mail_forwarding (source, destination, type, active) VALUES ('@example.info', '@example.org', 'aliasdomain', 'y'),
    ('info@example.org', 'jane@example.org, x@example.biz', 'forward', 'y');
  INSERT INTO server (server_name, mail_server) VALUES ('mx1.example.org', 1), ('mx2.example.org', 1);
  INSERT INTO mail_domain (server_id, domain, active) VALUES (1, 'example.org', 'y'), (2, 'example.com', 'y'), (2, 'example.net', 'n'),
    (1, 'example.info', 'y');
  INSERT INTO mail_user (server_id, email, login) VALUES (1, 'jane@example.org', 'user0001'), (2, 'john@example.com', 'john@example.com')"
ispconfig_queries=(check OK 'host example.org' mx1.example.org 'host example.com' mx2.example.org
  'host example.net' none 'login jane@example.org' user0001 'login john@example.com' john@example.com
  'login x@example.com' none 'login info@example.info' 'jane@example.org, x@example.biz' 'list example.com' '3 domains, example.com on mx2.example.org')

prepare mariadb mariadb_database postfix "$(postfixadmin 'varchar(255)' 'tinyint(1)' 0 1)"
prepare postgresql postgresql_database postfix "$(postfixadmin 'varchar(255)' boolean false true)"
prepare mariadb mariadb_database vmail "$iredmail"
prepare postgresql postgresql_database vmail "$iredmail"
prepare mariadb mariadb_database mailcow "$mailcow"
prepare mariadb mariadb_database dbispconfig "$ispconfig"

check 'Postfixadmin, MariaDB' answers Postfixadmin "$(url "$(mariadb_url postfix)")" "${postfixadmin_queries[@]}"
check 'Postfixadmin, PostgreSQL' answers Postfixadmin "$(url "$(postgresql_url postfix)")" "${postfixadmin_queries[@]}"
check 'iRedMail, MariaDB' answers iRedMail "$(url "$(mariadb_url vmail)")" "${iredmail_queries[@]}"
check 'iRedMail, PostgreSQL' answers iRedMail "$(url "$(postgresql_url vmail)")" "${iredmail_queries[@]}"
check 'mailcow' answers mailcow "$(url "$(mariadb_url mailcow)")" "${mailcow_queries[@]}"
check 'ISPConfig' answers ISPConfig "$(url "$(mariadb_url dbispconfig)")" "${ispconfig_queries[@]}"

# --- Tables of the admin ---------------------------------------------------------------------------------------------

documented=$(code_of docs/sql.md sql)
rows="INSERT INTO mail_domain VALUES ('example.org', 'mx1'), ('example.net', 'mx2');
  INSERT INTO mailbox VALUES ('jane@example.org', 'user0001'), ('o''neill@example.org', 'user0002'), ('50%@example.org', 'user0003')"
prepare postgresql postgresql_database mail "$documented $rows;
  CREATE TABLE many AS SELECT 'd' || i || '.example' AS name, 'mx' || i % 3 AS host FROM generate_series(1, 100000) AS s (i)"
prepare postgresql as_admin -d mail -c 'CREATE TABLE secret (name text, host text)'
# The tables are before the first empty line. The triggers after it are for PostgreSQL.
prepare mariadb mariadb_database mail "${documented%%$'\n\n'*} $rows;
  CREATE TABLE many AS SELECT CONCAT('d', seq, '.example') AS name, CONCAT('mx', seq % 3) AS host FROM seq_1_to_100000"
prepare mariadb as_root -e "CREATE DATABASE hidden; CREATE TABLE hidden.secret (name text, host text);
  CREATE TABLE hidden.open (name text); GRANT SELECT ON hidden.open TO autoconfig@'%'"

hostile=("login ' OR 1=1 --@example.org" none "login \\' OR 1=1 #@example.org" none 'login %@example.org' none
  'login _ane@example.org' none "login $(printf 'x%.0s' {1..200})@example.org" none)
for database in postgresql mariadb; do
  url=$(url "$("${database}_url" mail)")
  check "$database: tables of the admin, and hostile addresses" answers '' "$url,$own" check OK \
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

# --- Errors ----------------------------------------------------------------------------------------------------------

refused='^cannot connect to 127\.0\.0\.1:[0-9]+: the server rejected the user or password \((28P01|ER_ACCESS_DENIED_ERROR)\)$'
for database in postgresql mariadb; do
  url=$(url "$("${database}_url" mail)")
  password=wrong check "$database: a wrong password" reports "$url,$own" "$refused"
  password='' check "$database: no password" reports "$url,$own" ': (the server requires a password|the server rejected the user or password)'
  check "$database: no such database" reports "$(url "$("${database}_url" nowhere)"),$own" \
    ': (there is no such database \(3D000\)|the user has no permission to use this database \(ER_DBACCESS_DENIED_ERROR\))$'
  check "$database: no such table" reports "$url,\"domain\":\"SELECT host FROM nowhere WHERE name = \$1\"" \
    '^domain: there is no such table: "nowhere" \((42P01|ER_NO_SUCH_TABLE)\)$'
  check "$database: no such column" reports "$url,\"domain\":\"SELECT hosst FROM mail_domain WHERE name = \$1\"" \
    '^domain: there is no such column: "hosst" \((42703|ER_BAD_FIELD_ERROR)\)$'
  check "$database: a syntax error in the query" reports "$url,\"account\":\"SELEC login FROM mailbox WHERE address = \$1\"" \
    '^account: the query has a syntax error: "SELEC" \((42601|ER_PARSE_ERROR)\)$'
done
check 'postgresql: no permission to read' reports \
  "$(url "$(postgresql_url mail)"),\"domain\":\"SELECT host FROM secret WHERE name = \$1\"" \
  '^domain: the user has no permission to read this: "secret" \(42501\)$'
check 'mariadb: no permission to read' reports \
  "$(url "$(mariadb_url hidden)"),\"domain\":\"SELECT host FROM secret WHERE name = \$1\"" \
  '^domain: the user has no permission to read this: "secret" \(ER_TABLEACCESS_DENIED_ERROR\)$'

# --- TLS -------------------------------------------------------------------------------------------------------------

# SERVER NAME: the server loads another certificate and key.
install_certificate() {
  cat "$work/$2.pem" > "$work/$1/db.pem"
  cat "$work/$2.key" > "$work/$1/db.key"
  if [[ $1 = postgresql ]]; then send_signal postgresql HUP; else as_root -e 'FLUSH SSL'; fi
  sleep 0.5
}
for database in postgresql mariadb; do
  settings="$(url "$("${database}_url" mail localhost)"),\"tls\":true,$own"
  authority=$work/ca.pem check "$database: TLS accepts a certificate of a known authority" answers '' "$settings" 'host example.org' mx1
  check "$database: TLS rejects a certificate of an unknown authority" reports "$settings" ': the server'\''s certificate cannot be verified \([A-Z_]+\)$'
  install_certificate "$database" other
  authority=$work/ca.pem check "$database: TLS rejects a certificate for another name" reports "$settings" ': the server'\''s certificate cannot be verified \([A-Z_]+\)$'
  install_certificate "$database" db
  authority=$work/ca.pem check "$database: TLS accepts the certificate for the right name again" answers '' "$settings" 'host example.org' mx1
done
authority=$work/ca.pem check 'postgresql: TLS rejects a certificate without the IP address' reports "$(url "$(postgresql_url mail)?sslmode=require"),$own" \
  ': the server'\''s certificate cannot be verified \(ERR_TLS_CERT_ALTNAME_INVALID\)$'
as_root -e "ALTER USER autoconfig@'%' REQUIRE SSL"
authority=$work/ca.pem check 'mariadb: TLS for a user that requires it' answers '' \
  "$(url "$(mariadb_url mail localhost)?sslmode=verify-full"),$own" 'host example.org' mx1
as_root -e "ALTER USER autoconfig@'%' REQUIRE NONE"

as_admin -c 'CREATE ROLE certified LOGIN'
as_admin -d mail -c 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO certified'
sed -i '1i hostssl all certified all cert' "$work/postgresql/data/pg_hba.conf"
as_admin -c 'SELECT pg_reload_conf()' > /dev/null
certified="$(url "postgres://certified@localhost:$postgresql_port/mail?sslmode=verify-full"),\"authorityFile\":\"$work/ca.pem\",$own"
check 'postgresql: the certificate of a client, and an authority of its own' answers '' \
  "$certified,\"certificateFile\":\"$work/certified.pem\",\"keyFile\":\"$work/certified.key\"" 'host example.org' mx1
check 'postgresql: without the certificate' reports "$certified" ': the server rejected the user or password \(28000\)'
check 'postgresql: with the certificate of somebody else' reports \
  "$certified,\"certificateFile\":\"$work/other.pem\",\"keyFile\":\"$work/other.key\"" ': the server rejected the user or password \(28000\)'

# --- PgBouncer and replicas ------------------------------------------------------------------------------------------

pooler_port=$(free_ports 1)
start_pooler() {
  cat > "$work/pgbouncer.ini" << END
[databases]
mail = host=127.0.0.1 port=$postgresql_port
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pooler_port
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $work/userlist
pool_mode = transaction
ignore_startup_parameters = statement_timeout
END
  echo "\"autoconfig\" \"${password//\"/\"\"}\"" > "$work/userlist"
  start pooler exec_as postgres pgbouncer "$work/pgbouncer.ini"
  await pooler env PGPASSWORD="$password" psql --no-psqlrc -h 127.0.0.1 -p "$pooler_port" -U autoconfig -d mail -c 'SELECT 1'
}
check 'PgBouncer runs' start_pooler
through_pooler="$(url "postgres://autoconfig@127.0.0.1:$pooler_port/mail"),$own"
check 'PgBouncer: queries are answered' answers '' "$through_pooler" 'host example.org' mx1 'host example.org' mx1 check OK
check 'PgBouncer: notify is refused' reports "$through_pooler,\"notify\":\"mail_changed\"" \
  '^notify: a connection pooler such as PgBouncer loses notifications; name the server itself in url, and the pooler in replicas$'
direct="$(url "$(postgresql_url mail)"),$own,\"notify\":\"mail_changed\""
check 'PgBouncer in replicas: notify is accepted' answers '' "$direct,\"replicas\":[\"127.0.0.1:$pooler_port\"]" check OK
check 'replicas: one that is down is skipped' answers '' \
  "$direct,\"replicas\":[\"127.0.0.1:1\",\"127.0.0.1:$pooler_port\"]" check OK
stop pooler
check 'replicas: all are down, so the server in url answers' answers '' \
  "$direct,\"replicas\":[\"127.0.0.1:1\",\"127.0.0.1:$pooler_port\"]" check OK

# --- Servers that are slow, hang, are killed and start again ---------------------------------------------------------

# SETTINGS: starts a client that sends queries line by line.
start_client() {
  coproc CLIENT { exec node --import tsx test/with-servers/ask-sql.ts '' "{$1}" "$password"; }
  process[client]=$CLIENT_PID
  exec {to}>&"${CLIENT[1]}" {from}<&"${CLIENT[0]}"
}
stop_client() {
  exec {to}>&-
  eval "exec ${CLIENT[1]}>&-"
  await_end client || true
  exec {from}<&-
}
# PATTERN: the next line of output.
prints() {
  local line
  read -r -t 20 -u "$from" line
  echo "$line"
  [[ $line =~ ^($1)$ ]]
}
# QUERY PATTERN: sends a query, and compares its answer.
returns() {
  echo "$1" >&"$to"
  prints "$2"
}

# The server runs no query of ours any more.
postgresql_is_idle() { [[ $(as_admin -d postgres -Atc "SELECT count(*) FROM pg_stat_activity WHERE usename = 'autoconfig' AND state = 'active'") = 0 ]]; }
mariadb_is_idle() { [[ $(as_root -e "SELECT count(*) FROM information_schema.processlist WHERE user = 'autoconfig' AND command <> 'Sleep'") = 0 ]]; }
postgresql_cuts() { as_admin -d postgres -Atc "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'autoconfig'"; }
mariadb_cuts() { as_root -e 'KILL CONNECTION USER autoconfig'; }
declare -A slow=(
  [postgresql]="SELECT 'x' FROM pg_sleep(60) WHERE \$1 <> ''"
  [mariadb]="SELECT SLEEP(60) FROM mailbox WHERE ? <> ''"
)
# The signal that ends all processes of a server without closing connections: for PostgreSQL only QUIT does.
declare -A deadly=([postgresql]=QUIT [mariadb]=KILL)
silent='(domain: timed out|cannot connect to .*: no response.*|domain: the query took too long.*)'

for database in postgresql mariadb; do
  url=$(url "$("${database}_url" mail)")
  start_client "$url,\"domain\":\"SELECT host FROM mail_domain WHERE name = \$1\",\"account\":\"${slow[$database]}\",\"timeout\":3,\"connections\":1"
  check "$database: answers" returns 'host example.org' mx1
  check "$database: a slow query times out" returns 'login jane@example.org' 'account: timed out'
  check "$database: the next query does not wait for it" returns 'host example.org' mx1
  check "$database: the server cancels the slow query, too" eventually "${database}_is_idle"
  check "$database: idle connections are cut" "${database}_cuts"
  sleep 0.5
  check "$database: a new connection is opened" returns 'host example.org' mx1
  echo 'login jane@example.org' >&"$to"
  sleep 0.5
  stop "$database" "${deadly[$database]}"
  check "$database: killed during a query" prints 'account: (connection lost|the server is shutting down or starting up).*'
  check "$database: down" returns 'host example.org' 'cannot connect to 127\.0\.0\.1:[0-9]+: connection refused \(ECONNREFUSED\)'
  check "$database: started again" "start_$database"
  check "$database: answers again" returns 'host example.org' mx1
  stop_client

  start_client "$url,$own,\"timeout\":0.5,\"connections\":2"
  check "$database: answers" returns 'host example.org' mx1
  hang "$database"
  for attempt in first second third; do
    check "$database: hangs, $attempt query" returns 'host example.org' "$silent"
  done
  resume "$database"
  check "$database: continues" returns 'host example.org' mx1
  stop_client
done

# --- NOTIFY ----------------------------------------------------------------------------------------------------------

start_client "$(url "$(postgresql_url mail)"),$own,\"notify\":\"mail_changed\""
change() { as_admin -d mail -c "$1"; }
check 'NOTIFY: check succeeds' returns check OK
check 'the first answer' returns 'host example.org' mx1
check 'it listens after the first query' prints 'changed: all'
change "UPDATE mail_domain SET host = 'mx2' WHERE name = 'example.org'"
check 'a domain has moved: its name is announced' prints 'changed: example\.org'
check 'the new host is returned' returns 'host example.org' mx2
change "INSERT INTO mailbox VALUES ('new@example.org', 'user0009')"
check 'an address was added' prints 'changed: new@example\.org'
change "UPDATE mailbox SET address = 'newer@example.org' WHERE address = 'new@example.org'"
check 'an address was changed: the old one' prints 'changed: new@example\.org'
check 'and the new one' prints 'changed: newer@example\.org'
change "DELETE FROM mailbox WHERE address = 'newer@example.org'"
check 'an address was removed' prints 'changed: newer@example\.org'
change 'NOTIFY mail_changed'
check 'everything was changed' prints 'changed: all'
stop postgresql INT
check 'the server is stopped and started' start_postgresql
check 'notifications may have been missed' prints 'changed: all'
change "UPDATE mail_domain SET host = 'mx1' WHERE name = 'example.org'"
check 'it listens again' prints 'changed: example\.org'
stop_client

tell_count
