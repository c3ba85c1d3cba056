#!/usr/bin/env bash
# Checks of deploy/ use the tools that its files are for; where one can't be installed its tests are skipped, and say so.
cd "$(dirname "$0")/../.." || exit 0

have() {
    [ -x ".venv/bin/$1" ] || command -v "$1" > /dev/null
}

# The packages would start servers; one program of each is wanted, and tells its version where its libraries are there.
install_program() {
    local package=$1 path=$2 work
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    (cd "$work" && apt-get download "$package") && dpkg -x "$work/${package}"_*.deb "$work" &&
        "$work/$path" "$3" && install "$work/$path" .venv/bin/
}

need() {
    have "$(basename "$2")" || (install_program "$1" "$2" "$3") > /dev/null 2>&1 ||
        echo "prewarm: $(basename "$2") is missing and could not be installed; the tests of $4 will be skipped." >&2
}

{ have promtool && have nginx; } || [ "$(id -u)" != 0 ] || apt-get update -qq > /dev/null 2>&1
need prometheus usr/bin/promtool --version "the alerts"
need nginx usr/sbin/nginx -v "deploy/nginx.conf"
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps -r tests/deploy/requirements.txt > /dev/null 2>&1 ||
    echo "prewarm: the tools of tests/deploy/requirements.txt could not be installed; their tests will be skipped." >&2
