# Configurations of nginx, Apache and Caddy that write only to $work, for the scripts beside it, which source it after processes.sh.
# shellcheck shell=bash disable=SC2154

# LOG: of errors. What belongs into `http` is read from the input.
nginx_configuration() {
  local name
  printf 'daemon off;\npid %s/nginx.pid;\nerror_log %s;\nevents {}\nhttp {\n' "$work" "$1"
  for name in client_body proxy fastcgi uwsgi scgi; do echo "  ${name}_temp_path $work/nginx-$name;"; done
  cat
  echo '}'
}

# LOG MODULE…: with Debian's modules. Further directives are read from the input.
apache_configuration() {
  local log=$1 module
  shift
  for module; do cat "/etc/apache2/mods-available/$module.load"; done
  printf '%s\n' 'ServerName localhost' "DefaultRuntimeDir $work" "PidFile $work/apache.pid" "ErrorLog $log" 'TypesConfig /dev/null'
  ((EUID != 0)) || printf 'User www-data\nGroup www-data\n'
  cat
}

# FILE: Caddy in place of this shell, with certificates in $work/caddy.
exec_caddy() {
  mkdir -p "$work/caddy"
  HOME=$work/caddy XDG_DATA_HOME=$work/caddy XDG_CONFIG_HOME=$work/caddy exec "${CADDY:-caddy}" run --config "$1" --adapter caddyfile
}
