# Certificates, and an authority that issues them, for the scripts beside it, which source it after processes.sh.
# shellcheck shell=bash disable=SC2154

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

# ACME_PORT MANAGEMENT_PORT HTTP_PORT HTTPS_PORT [OPTION…]: pebble, an ACME server, which asks at these ports. Its root is in
# pebble-root.pem. It reads further settings from the environment.
start_pebble() {
  issue localhost subjectAltName=DNS:localhost
  cat > "$work/pebble.json" << END
{ "pebble": { "listenAddress": "127.0.0.1:$1", "managementListenAddress": "127.0.0.1:$2",
  "certificate": "$work/localhost.pem", "privateKey": "$work/localhost.key",
  "httpPort": $3, "tlsPort": $4, "ocspResponderURL": "", "externalAccountBindingRequired": false } }
END
  PEBBLE_VA_NOSLEEP=1 start pebble pebble -config "$work/pebble.json" "${@:5}"
  await pebble listens "$1"
  await pebble get --cacert "$work/ca.pem" --output "$work/pebble-root.pem" "https://localhost:$2/roots/0"
}

# DNS_PORT MANAGEMENT_PORT: a name server that answers 127.0.0.1 for every name, unless it is given another address.
start_challtestsrv() {
  start challtestsrv pebble-challtestsrv -defaultIPv6 '' -dns01 "127.0.0.1:$1" -management "127.0.0.1:$2" \
    -http01 '' -https01 '' -tlsalpn01 ''
  await challtestsrv listens "$2"
}
