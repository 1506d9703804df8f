#!/bin/bash
# Drop-in for the wrapper of the same name: a Script Source starts it from the installation folder.
#   SumoJanus_Okta.bash       scheduled run: events on stdout, the log in data/, stderr silent unless the run fails
#   SumoJanus_Okta.bash -s    sets up, by questions at a terminal or by options; with neither it only checks what works
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

# In an archive the program has its Node inside; elsewhere it is a script for one that is installed.
IFS= read -r -N 2 begin <"$bin/okta-collector"
program=("$bin/okta-collector")
if [[ "$begin" != '#!' ]]; then
  [[ -z "${OKTA_COLLECTOR_NODE:-}" ]] ||
    missing="OKTA_COLLECTOR_NODE is set, but this okta-collector has its own Node inside; unset it, or install the npm package to run on that one"
elif [[ -n "${OKTA_COLLECTOR_NODE:-}" && ! -x "$OKTA_COLLECTOR_NODE" ]]; then
  missing="OKTA_COLLECTOR_NODE names $OKTA_COLLECTOR_NODE, which is no program"
elif node="$(find_node)"; then
  program=("$node" "$bin/okta-collector")
else
  missing="Node was found in none of the usual places; install Node 20.19 or newer, or set OKTA_COLLECTOR_NODE to its path"
fi
if [[ -n "${missing:-}" ]]; then
  printf 'okta-collector failed (exit 78): Cannot start: %s\n' "$missing" >&2
  TZ=UTC0 printf '{"level":"error","time":"%(%Y-%m-%dT%H:%M:%S.000Z)T","message":"Cannot start: %s"}\n' -1 "${missing//[\"\\]/ }" \
    2>/dev/null >>"$home/data/okta-collector.log"
  exit 78
fi

# What Node itself wants to say belongs in the log, from its very first moment on.
export NODE_NO_WARNINGS=1
# One thread beside the program's own compiles and clears up. Four, as is usual, get into each other's
# way on a small machine: a run of 40 pages takes a twentieth longer.
export NODE_OPTIONS="--v8-pool-size=1${NODE_OPTIONS:+ $NODE_OPTIONS}"
# The C library keeps the memory of a page for the next one. Given back, it would have to be cleared again,
# 4 KB at a time: a fortieth of such a run.
export MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-16777216}" MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-33554432}"
case "${1:-}" in
  -s | --setup) exec "${program[@]}" setup "$@" ;;
  *) exec "${program[@]}" collect --quiet "$@" ;;
esac
