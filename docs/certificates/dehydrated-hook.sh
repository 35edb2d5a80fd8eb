#!/bin/sh
# /usr/local/sbin/dehydrated-hook: dehydrated calls it with an event, the first name, and the files of the certificate.
set -eu
[ "$1" = deploy_cert ] || exit 0
key=$3 chain=$5
/usr/local/sbin/install-certificate "$(basename "$(dirname "$key")")" "$chain" "$key"
