#!/usr/bin/env bash
# on_disk.sh SIZE DIR SCRIPT: runs SCRIPT (bash -eu) in DIR, on a file system of that size which nobody else sees and which it may
# mount anew. Nothing of it stays.
set -eu
exec unshare --user --map-root-user --mount bash -euc 'mount -t tmpfs -o "size=$1" tmpfs "$2" && cd "$2" && eval "$3"' on_disk "$@"
