#!/usr/bin/env bash
# Makes sure that a Docker engine answers: does nothing where one does, and otherwise installs Debian's and starts it.
# Needs root for that. The engine goes on running in the background; its log is /var/log/dockerd.log.
set -euo pipefail

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

fail() {
  printf 'ensure-docker: %s\n' "$1" >&2
  exit 1
}

if answers; then
  printf 'A Docker engine is running: %s\n' "$(docker version --format '{{.Server.Version}}')"
  exit 0
fi
[ "$(id -u)" -eq 0 ] || fail "no Docker engine answers, and only root can install or start one"

# The client alone may be there, so that it is the engine that is looked for.
if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null; then
  command -v apt-get >/dev/null || fail "there is no Docker engine, and no apt-get to install one with"
  export DEBIAN_FRONTEND=noninteractive
  # Another installation may be under way on a machine that has just started.
  apt=(apt-get -o DPkg::Lock::Timeout=300 -qq)
  "${apt[@]}" update
  "${apt[@]}" install --yes --no-install-recommends docker.io ca-certificates >/dev/null
fi

if [ -d /run/systemd/system ]; then
  systemctl start docker
else
  # Left behind by an engine that was killed, and taken for one that runs.
  if [ -e /var/run/docker.pid ] && ! kill -0 "$(cat /var/run/docker.pid)" 2>/dev/null; then
    rm -f /var/run/docker.pid
  fi
  setsid dockerd >/var/log/dockerd.log 2>&1 </dev/null &
fi

for _ in $(seq 60); do
  if answers; then
    printf 'A Docker engine was started: %s\n' "$(docker version --format '{{.Server.Version}}')"
    exit 0
  fi
  sleep 1
done
tail -n 20 /var/log/dockerd.log >&2 2>/dev/null || true
fail "the Docker engine does not answer after a minute"
