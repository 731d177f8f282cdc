#!/bin/bash
# run-in-stage.sh <root> <prefix of Node> <npm's cache> <working folder> <command>, in a mount namespace of its own.
# The folder <root> becomes /, with the compilers of this machine below it, read-only, and Node where its image has it.
set -euo pipefail
root=$1 prefix=$2 cache=$3 folder=$4 command=$5
mount --make-rprivate /
mount --bind "$root" "$root"
# read_only <source> <target>
read_only() { mkdir -p "$2"; mount --bind "$1" "$2"; mount -o remount,bind,ro "$2"; }
for name in bin sbin lib lib32 lib64; do
  if [ -L /$name ]; then ln -sfn "$(readlink /$name)" "$root/$name"; elif [ -d /$name ]; then read_only /$name "$root/$name"; fi
done
read_only /usr "$root/usr"
read_only /etc "$root/etc"
read_only "$prefix" "$root/usr/local"
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/root/.npm" "$root/$folder"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$cache" "$root/root/.npm"
exec unshare --root "$root" --wd "$folder" /bin/sh -c "$command"
