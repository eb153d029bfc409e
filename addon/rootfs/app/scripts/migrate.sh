#!/bin/sh
# What the KAMO logger's migrate.sh was called with still works.
set -eu

usage() {
  cat <<'TEXT'
migrate.sh export [FILE]   write the whole store to FILE, or to standard output
migrate.sh import [FILE]   bring an export into an empty store, from standard input
                           unless there is a FILE
migrate.sh copy DB         bring another server's SQLite file into an empty store
TEXT
}

case ${1:-}-$# in
  export-1 | export-2) exec energy-logger migrate "$@" ;;
  import-1) exec energy-logger migrate import - ;;
  import-2) exec energy-logger migrate "$@" ;;
  copy-2)
    # an export that fails has no end, which the import misses
    DATABASE_URL="sqlite:///$(realpath "$2")" energy-logger migrate export |
      energy-logger migrate import -
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
