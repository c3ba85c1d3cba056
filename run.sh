#!/usr/bin/env bash
# One command: environment, dependencies, preload, serve.   ./run.sh [flags of app.py]
#                                                           ./run.sh cartoon|matting|emotion FILE ...
#                                                           ./run.sh test [arguments of pytest]
#                                                           ./run.sh soak --minutes N [--only PART ...] [--out FILE]
set -euo pipefail
caller=$PWD
cd "$(dirname "$0")"
root=$PWD

find_python() {
    for name in "${PYTHON:-}" python3.12 python3.11 python3.10 python3.13 python3; do
        if [ -n "$name" ] && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "prewarm: Python 3.10 or newer is needed (set PYTHON to its path)." >&2
    exit 1
}

# Installs the requirement files unless the environment already holds exactly these.
install() {
    local stamp=".venv/installed-$1" wanted
    wanted=$(cat "${@:2}" | sha256sum)
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return
    if [ ! -x .venv/bin/pip ]; then
        local python
        python=$(find_python)
        "$python" -m venv .venv || {
            echo "prewarm: cannot make .venv; on Debian and Ubuntu: apt-get install python3-venv" >&2
            exit 1
        }
    fi
    echo "prewarm: installing dependencies ..." >&2
    for file in "${@:2}"; do
        .venv/bin/pip install --quiet --disable-pip-version-check -r "$file"
    done
    echo "$wanted" > "$stamp"
}

if [ "${1:-}" = test ]; then
    shift
    install test requirements.txt requirements-dev.txt
    tests/install_browser.sh
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    exec .venv/bin/python -m pytest "$@"
fi

if [ "${1:-}" = soak ]; then
    shift
    install test requirements.txt requirements-dev.txt
    exec .venv/bin/python -m tests.faults.soak "$@"
fi

install serve requirements.txt
case "${1:-}" in
    cartoon | matting | emotion)
        cd "$caller"
        exec "$root/.venv/bin/python" "$root/cli" "$@"
        ;;
esac
exec .venv/bin/python app.py "$@"
