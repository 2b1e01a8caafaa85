#!/usr/bin/env bash
# Makes a base image for the Dockerfile out of this machine's own files, for places where no image can be pulled:
# Node, npm, Git, a shell, the libraries they are linked with, and the certificates that the machine trusts.
# Needs an engine and GNU/Linux with glibc; no network. Prints the image's tag.
set -euo pipefail

tag="${1:-rollcall-base:local}"
programs=(sh env git cat chmod chown cp find id ln ls mkdir mv pwd rm sleep test touch uname)

root="$(mktemp -d)"
archive="$root.tar"
trap 'rm -rf "$root" "$archive"' EXIT
mkdir -p "$root"/usr/{bin,lib,lib64,local/bin,local/lib/node_modules,sbin} "$root"/etc/ssl/certs "$root"/tmp
for folder in bin lib lib64 sbin; do ln -s "usr/$folder" "$root/$folder"; done

# The dynamic loader and every library that a program was linked with, at the paths where it looks for them.
add_libraries() {
  local library
  while read -r library; do
    install -D "$library" "$root$library"
  done < <(ldd "$1" 2>/dev/null | grep -o '/[^ ]*' || true)
}

add_program() {
  local source
  source="$(realpath "$1")"
  install -D "$source" "$root$2"
  add_libraries "$source"
}

# Not `command -v npm`: it may be a script of a version manager. npm stands beside the node that runs it.
node="$(node --print process.execPath)"
npm="$(npm root --global 2>/dev/null)/npm"
add_program "$node" /usr/local/bin/node
# What addons of packages may be linked with, such as the bundler's; every image with Node has it.
glibc="$(ldd "$(realpath "$node")" | grep -o '/[^ ]*/libc\.so\.6')"
for name in libdl.so.2 libgcc_s.so.1 libm.so.6 libpthread.so.0 librt.so.1; do
  library="$(dirname "$glibc")/$name"
  if [ -e "$library" ]; then install -D "$library" "$root$library"; fi
done
cp -R "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
for program in "${programs[@]}"; do
  # `type -P` sees past the shell's own commands of the same name.
  add_program "$(type -P "$program")" "/usr/bin/$program"
done
git_core="$(git --exec-path)"
mkdir -p "$root$git_core"
cp -a "$git_core/." "$root$git_core"
if [ -e "$git_core/git-remote-http" ]; then add_libraries "$git_core/git-remote-http"; fi

certificates="$root/etc/ssl/certs/ca-certificates.crt"
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then cp -L /etc/ssl/certs/ca-certificates.crt "$certificates"; fi
touch "$certificates"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
printf 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnode:x:1000:\n' >"$root/etc/group"

# Owners are set in the archive, so that this needs no root. Neither order nor times vary from run to run.
chmod -R go+rX "$root"
chmod 1777 "$root/tmp"
same=(--directory "$root" --sort=name --mtime=@0 --numeric-owner)
tar "${same[@]}" --owner=0 --group=0 -cf "$archive" .
mkdir -p "$root/home/node"
tar "${same[@]}" --owner=1000 --group=1000 -rf "$archive" ./home/node

# An image made anew has another id, and everything that was built on it would be built again.
digest="$(cat "$archive" "$0" | sha256sum | cut -d " " -f 1)"
label='{{ index .Config.Labels "dev.rollcall.base" }}'
if [ "$(docker image inspect --format "$label" "$tag" 2>/dev/null || true)" != "$digest" ]; then
  docker import \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' \
    --change "LABEL dev.rollcall.base=$digest" \
    --change 'CMD ["node"]' \
    "$archive" "$tag" >/dev/null
fi
printf '%s\n' "$tag"
