#!/bin/bash
# run-image.sh <root> <working folder> <uid> <program> <arguments…>, in namespaces of mounts and processes of its own.
# As an engine would with --read-only, --cap-drop ALL and no-new-privileges: / is the folder <root>, nothing of it can be
# written, and the program is process 1.
set -euo pipefail
root=$1 folder=$2 user=$3
shift 3
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for device in null zero random urandom; do mount --bind /dev/$device "$root/dev/$device"; done
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs unshare --root "$root" --wd "$folder" --setgid "$user" --setuid "$user" "$@"
