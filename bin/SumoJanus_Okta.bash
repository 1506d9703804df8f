#!/bin/bash
# Drop-in for the wrapper of the same name: a Script Source starts it from the installation folder.
#   SumoJanus_Okta.bash       scheduled run: events on stdout, the log in data/, stderr silent unless the run fails
#   SumoJanus_Okta.bash -s    checks the configuration and says what works
# Further arguments are those of okta-collector.
umask 077
# Bash alone does everything here: without a PATH there is neither dirname nor date.
here="${BASH_SOURCE[0]%/*}"
[[ -d "$here" ]] || here=.
bin="$(CDPATH='' cd -- "$here" && pwd -P)" || exit 78
home="${bin%/*}"

# A collector starts scripts with hardly any environment: look where Node usually is.
find_node() {
  local candidate
  for candidate in "${OKTA_COLLECTOR_NODE:-}" "$(command -v node 2>/dev/null)" \
    /usr/local/bin/node /usr/bin/node /bin/node /snap/bin/node /opt/homebrew/bin/node \
    /opt/node*/bin/node /usr/local/node*/bin/node /usr/local/lib/nodejs/*/bin/node /opt/rh/*/root/usr/bin/node \
    "${HOME:-/root}"/.nvm/versions/node/*/bin/node "${HOME:-/root}"/.volta/bin/node; do
    if [[ -n "$candidate" && -f "$candidate" && -x "$candidate" ]]; then
      printf '%s' "$candidate"
      return 0
    fi
  done
  return 1
}

if [[ -n "${OKTA_COLLECTOR_NODE:-}" && ! -x "$OKTA_COLLECTOR_NODE" ]]; then
  missing="OKTA_COLLECTOR_NODE names $OKTA_COLLECTOR_NODE, which is no program"
elif ! node="$(find_node)"; then
  missing="Node was found in none of the usual places; install Node 20.19 or newer, or set OKTA_COLLECTOR_NODE to its path"
fi
if [[ -n "${missing:-}" ]]; then
  printf 'okta-collector failed (exit 78): Cannot start: %s\n' "$missing" >&2
  TZ=UTC0 printf '{"level":"error","time":"%(%Y-%m-%dT%H:%M:%S.000Z)T","message":"Cannot start: %s"}\n' -1 "${missing//[\"\\]/ }" \
    2>/dev/null >>"$home/data/okta-collector.log"
  exit 78
fi

case "${1:-}" in
  -s | --setup) exec "$node" "$bin/okta-collector" collect "$@" ;;
  *) exec "$node" "$bin/okta-collector" collect --quiet "$@" ;;
esac
