#!/usr/bin/env bash
# The tests of deploy/ray_serve.py, in an environment of their own: Ray brings some hundred megabytes along.
#   tests/deploy/ray.sh [arguments of pytest]
set -euo pipefail
cd "$(dirname "$0")/../.."
home=${PREWARM_RAY_VENV:-$HOME/.cache/prewarm/ray-venv}
wanted=$(cat requirements.txt requirements-dev.txt deploy/requirements-ray.txt | sha256sum)
if [ "$(cat "$home/installed" 2> /dev/null)" != "$wanted" ]; then
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt -r deploy/requirements-ray.txt \
        "$(grep ^pytest== requirements-dev.txt)" "$(grep ^hypothesis== requirements-dev.txt)"
    echo "$wanted" > "$home/installed"
fi
exec "$home/bin/python" -m pytest tests/deploy/test_ray.py "$@"
