#!/bin/sh
# /usr/local/sbin/lego-hook: lego calls it with the files of the certificate in the environment. The proxy looks for
# autoconfig.example.org, also while that name is not in the certificate.
set -eu
case $LEGO_CERT_DOMAIN in
  autodiscover.* | ua-auto-config.*) name=autoconfig.${LEGO_CERT_DOMAIN#*.} ;;
  *) name=$LEGO_CERT_DOMAIN ;;
esac
/usr/local/sbin/install-certificate "$name" "$LEGO_CERT_PATH" "$LEGO_CERT_KEY_PATH"
