#!/bin/sh
# /usr/local/sbin/order-certificates: orders certificates for new domains, and renews the others before they expire.
set -u
data=/var/lib/lego
mkdir -p "$data/names"
mail-autoconfig certificates --resolving --format lego > "$data/list" || exit 1
failed=0
while read -r names; do
  first=${names#-d }
  first=${first%% *}
  # $names is unquoted: it is several arguments. lego would wait up to eight minutes before each renewal.
  set -- lego --accept-tos --email postmaster@all2all.org --path "$data" --http --http.webroot /var/www/acme $names
  if [ "$names" = "$(cat "$data/names/$first" 2> /dev/null)" ]; then
    "$@" renew --no-random-sleep --renew-hook /usr/local/sbin/lego-hook < /dev/null || failed=1
  elif "$@" run --run-hook /usr/local/sbin/lego-hook < /dev/null; then
    echo "$names" > "$data/names/$first"
  else
    failed=1
  fi
done < "$data/list"
exit "$failed"
