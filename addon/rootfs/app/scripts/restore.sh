#!/bin/sh
# What the KAMO logger's restore.sh was called with still works.
set -eu

usage() {
  cat <<'TEXT'
restore.sh        list the backups
restore.sh FILE   show what a backup, or a copied .db file, would change; then restore it
TEXT
}

case $# in
  0) exec energy-logger backup list ;;
  1) exec energy-logger backup restore "$1" ;;
  *)
    usage >&2
    exit 2
    ;;
esac
