# unbound, which validates DNSSEC, with a signed zone example.org. Sourced by doctor.sh.
# shellcheck shell=bash disable=SC2154

# RECORDS [signed|expired|unsigned]: the zone example.org, and a name server that knows its key, unless it is unsigned.
start_name_server() {
  local dates=() anchor=
  [[ $2 != expired ]] || dates=(-i 20200101 -e 20200201)
  # Each zone has keys of its own.
  rm -rf "$work/zone"
  mkdir -p "$work/zone"
  cat > "$work/zone/example.org" << END
example.org. 60 IN SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60
example.org. 60 IN NS ns.example.org.
ns.example.org. 60 IN A 127.0.0.1
mail.example.org. 60 IN A 127.0.0.2
example.org. 60 IN MX 10 ${exchange:-mail}.example.org.
$1
END
  if [[ $2 == unsigned ]]; then
    cp "$work/zone/example.org" "$work/zone/served"
  else
    (
      cd "$work/zone"
      key=$(ldns-keygen -a ECDSAP256SHA256 -k example.org)
      ldns-signzone "${dates[@]}" -f served example.org "$key"
      mv "$key.key" anchor
    )
    anchor="trust-anchor-file: $work/zone/anchor"
  fi
  cat > "$work/unbound.conf" << END
server:
  interface: 127.0.0.1@$name_server
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  do-not-query-localhost: no
  directory: "$work"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  module-config: "validator iterator"
  $anchor
remote-control:
  control-enable: no
auth-zone:
  name: example.org
  zonefile: "$work/zone/served"
  for-downstream: no
  for-upstream: yes
  fallback-enabled: no
END
  [[ ! -v process[unbound] ]] || stop unbound
  start unbound unbound -d -c "$work/unbound.conf"
  await unbound node -e '
    const resolver = new (require("node:dns").promises.Resolver)({ timeout: 500, tries: 1 })
    resolver.setServers([process.argv[1]])
    resolver.resolve4("ns.example.org").catch(({ code }) => process.exit(code === "ESERVFAIL" ? 0 : 1))
  ' "127.0.0.1:$name_server" || true
}

# RECORDS KIND: the results with this zone.
examine_zone() {
  start_name_server "$@"
  resolver=127.0.0.1:$name_server examine SSL "$imaps" "$pop3s" "$submissions"
}

start_servers mail.example.org required yes TLSv1.2
key=$(openssl x509 -in "$work/mail.example.org.pem" -pubkey -noout | openssl pkey -pubin -outform der | sha256sum | cut -d ' ' -f 1)
tlsa="_$imaps._tcp.mail.example.org. 60 IN TLSA 3 1 1"
wrong=$(printf '%064d' 0)

examine_zone "$tlsa $key
example.org. 60 IN CAA 0 iodef \"mailto:hostmaster@example.org\"" signed
check 'a signed zone: all is well' found
check 'its answers are authenticated' shows 'DNSSEC example.org' dnssec-not-authenticated ok
check 'its TLSA record is that of the certificate' shows "imap mail.example.org:$imaps" tlsa-invalid ok
check 'CAA records without a restriction' shows 'CAA mail.example.org' caa-forbids-authority ok
check 'the MX is the host' shows 'MX example.org' mx-elsewhere ok
check 'the records for clients are missing' shows 'SRV _imaps._tcp.example.org' dns-record-missing problem

examine_zone "$tlsa $wrong" signed
check 'a TLSA record of another certificate' found imap:tlsa-invalid
examine_zone "$tlsa $wrong" unsigned
check 'which is information if the zone is not signed' shows "imap mail.example.org:$imaps" tlsa-invalid info
check 'and so is that' shows 'DNSSEC example.org' dnssec-not-authenticated info

examine_zone '' expired
check 'signatures that have expired' shows 'MX example.org' dnssec-invalid problem

exchange=filter examine_zone 'example.org. 60 IN CAA 0 issue ";"
_imaps._tcp.example.org. 60 IN SRV 0 1 993 old.example.org.
_jmap._tcp.example.org. 60 IN SRV 0 1 443 jmap.example.org.
autoconfig.example.org. 60 IN CNAME gone.example.org.
_mta-sts.example.org. 60 IN TXT "v=STSv1; id=1"' signed
check 'CAA records of the domain apply to the mail host' shows 'CAA mail.example.org' caa-forbids-authority problem
check 'a record with another value' shows 'SRV _imaps._tcp.example.org' dns-record-differs problem
check 'a record that must not be there' shows 'SRV _jmap._tcp.example.org' dns-record-extra problem
check 'a CNAME that leads nowhere' shows 'CNAME autoconfig.example.org' cname-chain-broken problem
check 'so that the name has no address' shows autoconfig.example.org host-not-found problem
check 'mail that another host receives' shows 'MX example.org' mx-elsewhere info
check 'a policy that cannot be fetched' shows https://mta-sts.example.org sts-policy-fetch-error info

stop unbound
resolver=127.0.0.1:$name_server examine SSL "$imaps" "$pop3s" "$submissions"
check 'no name server' shows 'MX example.org' dns-lookup-failed untested
