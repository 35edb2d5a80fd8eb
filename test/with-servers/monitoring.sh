#!/usr/bin/env bash
#
# The alerts and the dashboard with Debian's Prometheus, and a trace of OpenTelemetry, whose packages come from npm.
#
#   npm ci && npm run build && test/with-servers/monitoring.sh
#
# Needs prometheus and curl (Debian: prometheus curl openssl).

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh
need 'prometheus curl openssl' prometheus promtool curl openssl
need_build
make_work

readonly monitoring=deploy/monitoring
check 'the rules are valid' promtool check rules "$monitoring/alerts.yaml"
check 'each alert fires in its example, and none without a reason' promtool test rules "$monitoring/alerts.test.yaml"

# The server has a certificate and a source, so that all kinds of metrics have values.
make_authority
issue autoconfig.example.org 'subjectAltName=DNS:autoconfig.example.org'
node - "$work/mail.db" << 'JS'
const database = new (require("libsql"))(process.argv[2])
database.exec("CREATE TABLE domains (name TEXT, host TEXT); INSERT INTO domains VALUES ('example.org', 'mail')")
JS
cat > "$work/autoconfig.yaml" << YAML
provider: { id: all2all.org, displayName: all2all mail, displayShortName: all2all }
hosts: { mail: { hostname: mail.all2all.org } }
tls: { certificates: [{ certificate: autoconfig.example.org.pem, key: autoconfig.example.org.key }] }
sources: [{ sql: { url: "sqlite:$work/mail.db", domain: "SELECT host FROM domains WHERE name = \$1" } }]
YAML
chmod 600 "$work"/*.key
read -r port tls_port admin prometheus_port <<< "$(free_ports 4 | tr '\n' ' ')"
# NAME
serve() {
  start_server "$1" -c "$work/autoconfig.yaml" --host 127.0.0.1 --port "$port" --tls-host 127.0.0.1 --tls-port "$tls_port" --admin-port "$admin"
}
readonly query='/mail/config-v1.1.xml?emailaddress=jane@example.org'
ask_both() {
  get "http://127.0.0.1:$port$query" &&
    get --cacert "$work/ca.pem" --resolve "autoconfig.example.org:$tls_port:127.0.0.1" "https://autoconfig.example.org:$tls_port$query"
}
check 'the server starts' serve server
check 'it answers on both ports' ask_both
metrics() { get "http://127.0.0.1:$admin/metrics"; }
check 'promtool finds nothing in our metrics' eval 'metrics | grep -E "^(# (HELP|TYPE) )?mail_autoconfig_" | promtool check metrics'
check 'requests by http and https' eval 'metrics | grep -F "client=\"curl\",protocol=\"https\"} 1" && metrics | grep -F "client=\"curl\",protocol=\"http\"} 1"'

cat > "$work/prometheus.yml" << YAML
global: { scrape_interval: 1s, evaluation_interval: 1s }
scrape_configs: [{ job_name: mail-autoconfig, static_configs: [{ targets: ["127.0.0.1:$admin"] }] }]
rule_files: [$PWD/$monitoring/alerts.yaml]
YAML
scrape() {
  start prometheus prometheus --config.file "$work/prometheus.yml" --storage.tsdb.path "$work/data" \
    --web.listen-address "127.0.0.1:$prometheus_port"
  await prometheus is_scraped
}
api() { get "http://127.0.0.1:$prometheus_port/api/v1/$1" "${@:2}"; }
is_scraped() { api query --data-urlencode 'query=up{job="mail-autoconfig"} == 1' | grep -F '"instance"'; }
check 'Prometheus reads the metrics' scrape

# Grafana fills in its variables. A query may have no series, but it must be one: those of regular checks, of profiles and of failed
# handshakes have none here.
evaluates_all() {
  node - "$monitoring/dashboard.json" "http://127.0.0.1:$prometheus_port/api/v1/query" << 'JS'
const [, , file, url] = process.argv
const { panels } = JSON.parse(require('node:fs').readFileSync(file))
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
const evaluate = async (expression) => {
  const query = expression.replaceAll('$__rate_interval', '5s').replaceAll('$instance', '.*')
  const { status, error, data } = await (await fetch(url, { method: 'POST', body: new URLSearchParams({ query }) })).json()
  if (status !== 'success') console.log(query, error)
  return data?.result.length
}
Promise.all(expressions.map(evaluate)).then((found) => {
  const empty = expressions.filter((_, index) => found[index] === 0)
  console.log(expressions.length, 'queries; without series:', empty)
  process.exit(found.includes(undefined) || found.length < 25 || empty.length > 8 ? 1 : 0)
})
JS
}
check 'Prometheus evaluates each query of the dashboard' eventually evaluates_all
rules_are_healthy() {
  api rules | node -e '
    const rules = JSON.parse(require("node:fs").readFileSync(0)).data.groups.flatMap(({ rules }) => rules)
    const bad = rules.filter(({ health }) => health !== "ok")
    console.log(rules.length, "rules", bad)
    process.exit(rules.length > 20 && bad.length === 0 ? 0 : 1)'
}
check 'Prometheus evaluates each rule' eventually rules_are_healthy

# An alert from end to end: a broken configuration.
printf 'provider: {' >> "$work/autoconfig.yaml"
send_signal server HUP
is_pending() { api alerts | grep -F '"alertname":"MailAutoconfigConfigurationInvalid"'; }
check 'a broken configuration is an alert' eventually is_pending
sed -i '$d' "$work/autoconfig.yaml"
check 'SIGTERM ends the server' end server

# What docs/monitoring.md says about OpenTelemetry.
mkdir "$work/telemetry"
code_of docs/monitoring.md js > "$work/telemetry/telemetry.mjs"
installs() {
  cd "$work/telemetry" && npm init --yes > /dev/null &&
    npm install --silent --no-audit --no-fund @opentelemetry/sdk-node @opentelemetry/instrumentation @opentelemetry/instrumentation-http
}
check 'the packages of OpenTelemetry are installed' eval '(installs)'
export NODE_OPTIONS="--import $work/telemetry/telemetry.mjs" OTEL_TRACES_EXPORTER=console OTEL_METRICS_EXPORTER=none \
  OTEL_LOGS_EXPORTER=none OTEL_BSP_SCHEDULE_DELAY=100
check 'with OpenTelemetry, the server starts' serve traced
unset NODE_OPTIONS
check 'it answers' ask_both
has_trace() { grep -F "'http.response.status_code': 200" "$work/traced.log"; }
check 'there is a trace of a request' eventually has_trace
check 'no trace contains an address, a domain or a path' \
  eval '! grep -v "^{\"level\"" "$work/traced.log" | grep -n -e jane -e example.org -e /mail/config'
check 'SIGTERM ends it' end traced
tell_count
