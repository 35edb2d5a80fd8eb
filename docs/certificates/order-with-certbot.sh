#!/bin/sh
# /usr/local/sbin/order-certificates: orders certificates for new domains, and renews the others before they expire.
set -u
mail-autoconfig certificates --resolving --format lego > /var/lib/mail-autoconfig/list || exit 1
failed=0
while read -r names; do
  first=${names#-d }
  first=${first%% *}
  case $first in
    autodiscover.* | ua-auto-config.*) name=autoconfig.${first#*.} ;;
    *) name=$first ;;
  esac
  # $names is unquoted: it is several arguments.
  certbot certonly --non-interactive --agree-tos --email postmaster@all2all.org --webroot -w /var/www/acme \
    --cert-name "$name" --keep-until-expiring --renew-with-new-domains $names \
    --deploy-hook /usr/local/sbin/certbot-hook < /dev/null || failed=1
done < /var/lib/mail-autoconfig/list
exit "$failed"
