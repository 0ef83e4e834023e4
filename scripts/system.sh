#!/bin/sh
# Installs packages of the system where that is possible: as root, with apt. Otherwise says what is missing.
set -eu
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Please install with your system's package manager: $*" >&2
    exit 1
fi
echo "Installing $* …" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update >/dev/null
apt-get -qq install -y --no-install-recommends "$@" >/dev/null
