#!/bin/sh
# /usr/local/sbin/certbot-hook: certbot calls it with the directory of the certificate in the environment.
set -eu
/usr/local/sbin/install-certificate "$(basename "$RENEWED_LINEAGE")" \
  "$RENEWED_LINEAGE/fullchain.pem" "$RENEWED_LINEAGE/privkey.pem"
