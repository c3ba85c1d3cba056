#!/usr/bin/env bash
# Checks of deploy/ use the tools that its files are for; where one can't be installed its tests are skipped, and say so.
cd "$(dirname "$0")/../.." || exit 0

# The package would start a server; one program of it is wanted.
install_promtool() {
    local work
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    [ "$(id -u)" != 0 ] || apt-get update -qq
    (cd "$work" && apt-get download prometheus) && dpkg -x "$work"/prometheus_*.deb "$work" &&
        install "$work/usr/bin/promtool" .venv/bin/promtool
}

[ -x .venv/bin/promtool ] || command -v promtool > /dev/null || install_promtool > /dev/null 2>&1 ||
    echo "prewarm: promtool is missing and could not be installed; the tests of the alerts will be skipped." >&2
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps -r tests/deploy/requirements.txt > /dev/null 2>&1 ||
    echo "prewarm: the tools of tests/deploy/requirements.txt could not be installed; their tests will be skipped." >&2
