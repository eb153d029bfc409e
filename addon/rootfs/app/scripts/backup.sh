#!/bin/sh
# What the KAMO logger's backup.sh was called with still works: it makes a backup, and
# drops those that no generation needs any more.
set -eu

usage() {
  cat <<'TEXT'
backup.sh   make a backup, drop those that are not needed any more, and list the rest
TEXT
}

if [ $# -gt 0 ]; then
  usage >&2
  if [ "$1" = --s3 ]; then
    echo "backup.sh: --s3 is not there yet: copy BACKUP_DIR to the bucket" >&2
  fi
  exit 2
fi
energy-logger backup create
energy-logger backup prune
exec energy-logger backup list
