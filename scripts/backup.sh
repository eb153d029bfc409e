#!/usr/bin/env bash
# Makes a backup from the host, in the container that the compose file here runs.
#
#   scripts/backup.sh             makes one, and drops those that are not needed any more
#   scripts/backup.sh FOLDER      copies the backups into a folder of the host as well
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
compose=(docker compose --project-directory "$root")

if [[ $# -gt 1 || ${1:-} == -* ]]; then
  sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
"${compose[@]}" exec -T energy-logger /app/scripts/backup.sh
if [[ $# -eq 1 ]]; then
  mkdir -p "$1"
  "${compose[@]}" cp energy-logger:/data/backups/. "$1"
fi
