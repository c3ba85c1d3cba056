#!/usr/bin/env bash
# The one entrance: environment, dependencies, then the command. `./run.sh --help` lists the commands.
# An application and no package: its top folders, `models` and `ui`, would be rude names in anybody's site-packages.
set -euo pipefail
# Made for another Python (ROS, Conda, IDEs), they would keep ours from its own modules.
unset PYTHONHOME PYTHONPATH PYTHONSAFEPATH
caller=$PWD
cd "$(dirname "$0")"
root=$PWD

commands() {
    cat << 'END'
  serve       the page and REST on http://localhost:7860; what is done without a command (flags: ./run.sh serve --help)
  preload     fetch, prepare and check the models, then stop (flags: ./run.sh preload --help)
  cartoon     portraits as cartoons, for files (./run.sh cartoon --help)
  matting     people cut out of photos, for files
  id_photo    ID photos, or sheets of them to print, for files
  emotion     the emotion in voices, for files
  test        lint and tests; arguments are those of pytest
  soak        the faults of tests/faults at full length: --minutes N [--only PART ...] [--out FILE]
END
}

find_python() {
    for name in "${PYTHON:-}" python3.12 python3.11 python3.13 python3; do
        if [ -n "$name" ] && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "prewarm: Python 3.11 or newer is needed (set PYTHON to its path)." >&2
    exit 1
}

# Installs the requirement files unless the environment already holds exactly these.
install() {
    local stamp=".venv/installed-$1" wanted
    wanted=$(cat "${@:2}" constraints.txt | sha256sum)
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
        # What is imported is compiled then; most of it never is.
        .venv/bin/pip install --quiet --disable-pip-version-check --no-compile -r "$file" -c constraints.txt
    done
    echo "$wanted" > "$stamp"
}

command=serve
case "${1:-}" in
    -h | --help)
        printf 'usage: ./run.sh [COMMAND] [ARGUMENT ...]\n\n'
        commands
        exit
        ;;
    "" | -*) ;; # flags alone are those of serving
    *)
        command=$1
        shift
        ;;
esac

case "$command" in
    serve)
        install serve requirements.txt
        exec .venv/bin/python app.py "$@"
        ;;
    preload)
        install serve requirements.txt
        cd "$caller"
        exec "$root/.venv/bin/python" "$root/preload.py" "$@"
        ;;
    cartoon | matting | id_photo | emotion)
        install serve requirements.txt
        cd "$caller"
        exec "$root/.venv/bin/python" "$root/cli" "$command" "$@"
        ;;
    test)
        install test requirements.txt requirements-onnx.txt requirements-dev.txt
        tests/install_browser.sh
        tests/deploy/install_tools.sh
        .venv/bin/ruff check .
        .venv/bin/ruff format --check .
        .venv/bin/mypy
        # Two processes: many tests wait for a server or a browser; more make them wait for the cores.
        # In the order of the folders: those whose files have few tests, but long ones, would come last.
        exec .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder "$@"
        ;;
    soak)
        install test requirements.txt requirements-onnx.txt requirements-dev.txt
        exec .venv/bin/python -m tests.faults.soak "$@"
        ;;
    *)
        printf "prewarm: there is no command '%s'; choose from:\n\n" "$command" >&2
        commands >&2
        exit 2
        ;;
esac
