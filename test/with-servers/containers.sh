# Container images without a registry, for the scripts beside it, which source it after make_work: buildah and podman with a
# storage of their own in $store, so that nothing on the machine changes. It needs root.
# shellcheck shell=bash disable=SC2154

# CONTAINER_STORE=DIRECTORY keeps the storage, so that another script finds the images there and does not build them again.
store=${CONTAINER_STORE:-$work/containers}

need 'podman buildah runc mmdebstrap podman-compose netavark aardvark-dns iptables caddy curl' \
  podman buildah runc mmdebstrap podman-compose iptables caddy curl npm node
if [[ $(id -u) != 0 ]]; then
  echo 'run as root: images are built in a chroot' >&2
  exit 1
fi

mkdir -p "$store"/{bin,tmp,networks}
# No systemd, and limits that only a privileged user may set, are what machines for tests have.
cat > "$store/containers.conf" << CONF
[containers]
default_ulimits = []
[network]
network_backend = "netavark"
network_config_dir = "$store/networks"
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
CONF
export CONTAINERS_CONF=$store/containers.conf STORAGE_DRIVER=overlay
engine_options=(--root "$store/storage" --runroot "$store/run")
# podman-compose looks for podman in PATH.
printf '#!/bin/sh\nexec %s --root %s --runroot %s --tmpdir %s "$@"\n' \
  "$(command -v podman)" "$store/storage" "$store/run" "$store/tmp" > "$store/bin/podman"
chmod 755 "$store/bin/podman"
PATH=$store/bin:$PATH

# Overlays cannot be mounted on every file system.
buildah "${engine_options[@]}" images > /dev/null 2>&1 || export STORAGE_DRIVER=vfs

has_image() { podman image exists "$1"; }

# TAG DIRECTORY [OPTION…]: --format docker, because the format of OCI has no health checks.
build() {
  local tag=$1 directory=$2
  shift 2
  buildah "${engine_options[@]}" bud --isolation chroot --network host --pull-never --format docker "$@" --tag "$tag" "$directory"
}

# A stand-in for the official image of Node, for machines that reach no registry of images: Debian, and Node from npm. Libraries
# and paths are the same.
build_node_image() {
  has_image docker.io/library/node:24-slim && return
  local directory=$work/node-image
  mkdir "$directory"
  mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$directory/root.tar" &&
    npm install --silent --no-save --ignore-scripts --prefix "$directory" "node-linux-$(node -p process.arch)@24" npm@11 &&
    mv "$directory/node_modules/node-linux-$(node -p process.arch)" "$directory/node" &&
    cp /etc/ssl/certs/ca-certificates.crt "$directory" || return 1
  cat > "$directory/Containerfile" << 'CONTAINERFILE'
FROM scratch
ADD root.tar /
COPY node/bin/node /usr/local/bin/node
COPY node/LICENSE /usr/local/LICENSE
COPY node_modules/npm /usr/local/lib/node_modules/npm
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --uid 1000 --user-group node
CONTAINERFILE
  build docker.io/library/node:24-slim "$directory" && rm -rf "$directory"
}

# A stand-in for the official image of Caddy, with Debian's, which is linked to the C library.
build_caddy_image() {
  has_image docker.io/library/caddy:2 && return
  local directory=$work/caddy-image
  mkdir "$directory"
  cp "$(command -v caddy)" "$directory/caddy"
  cat > "$directory/Containerfile" << 'CONTAINERFILE'
FROM docker.io/library/node:24-slim
COPY caddy /usr/bin/caddy
ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data
CMD ["/usr/bin/caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
CONTAINERFILE
  build docker.io/library/caddy:2 "$directory" && rm -rf "$directory"
}

# The image of the checkout, as localhost/mail-autoconfig.
build_image() {
  has_image localhost/mail-autoconfig || build_checkout localhost/mail-autoconfig
}

# TAG [OPTION…]: an image of the checkout. Its layers are kept, so that the next one is not built from the beginning.
build_checkout() { build "$1" . --layers "${@:2}"; }

# At the end: ends every container of the storage, and removes the storage unless it is kept.
remove_containers() {
  podman rm --all --force --time 1 > /dev/null 2>&1 || true
  podman network prune --force > /dev/null 2>&1 || true
  if [[ -z ${CONTAINER_STORE:-} ]]; then
    umount "$store/storage/overlay" 2> /dev/null || true
    rm -rf "$store"
  fi
}
at_end+=(remove_containers)
