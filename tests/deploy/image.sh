#!/usr/bin/env bash
# Builds deploy/Dockerfile and runs it as it is meant to be run: as a non-root user, on a read-only root, without a
# network, until /readyz answers 200.   tests/deploy/image.sh [--build-arg NAME=VALUE ...]
#
# With Docker at hand it builds with Docker; else with podman, which needs no daemon (Debian: podman runc debootstrap).
# Where the base image cannot be pulled, debootstrap makes a Debian of that release in its place, and the log says so.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
image=prewarm-test
container=prewarm-test-$$
volume=prewarm-test-$$
trap 'stop; umount "$work/small" 2> /dev/null; rm -rf "$work"' EXIT

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

stop() {
    "$engine" rm -f "$container" > /dev/null 2>&1 || true
    "$engine" volume rm -f "$volume" > /dev/null 2>&1 || true
}

choose_engine() {
    engine=docker build_flags=() run_flags=()
    docker info > /dev/null 2>&1 && return
    engine=podman
    # A hard limit of the host that is lower than podman's wish stops the start; cgroups v1 are runc's alone.
    local files processes
    files=$(ulimit -Hn) processes=10000
    run_flags=(--log-level fatal --ulimit "nofile=$files:$files" --ulimit "nproc=$processes:$processes")
    run_flags+=(--read-only-tmpfs=false) # as with Docker: nothing but what is asked for
    command -v runc > /dev/null && run_flags+=(--runtime runc)
    build_flags=(--isolation chroot --format docker)
    pip_as_here
}

# pip in the build gets the settings of pip here, and sees the files and folders that they name.
pip_as_here() {
    local settings path
    settings=$(python3 -m pip config list | sed -n "s/^global\.\([a-z-]*\)='\(.*\)'$/\1 = \2/p")
    for path in $(grep -o '/[^ ]*' <<< "$settings" | sed 's|^/*|/|; s|/simple$||' | sort -u); do
        # /etc/ssl belongs to the image's own certificates.
        [ -e "$path" ] && build_flags+=(--volume "$path:${path/#\/etc\/ssl/\/pip-ssl}:ro")
    done
    printf '[global]\n%s\n' "${settings//\/etc\/ssl//pip-ssl}" > "$work/pip.conf"
    build_flags+=(--volume "$work/pip.conf:/etc/pip.conf:ro")
}

base_image() {
    local name
    name=$(sed -n 's/^ARG BASE=//p' deploy/Dockerfile)
    "$engine" image inspect "$name" > /dev/null 2>&1 && return
    "$engine" pull --quiet "$name" > /dev/null 2>&1 && { say "base $name pulled"; return; }
    say "base $name cannot be pulled; debootstrap makes the same release"
    debootstrap --variant=minbase bookworm "$work/root" http://deb.debian.org/debian > "$work/debootstrap.log"
    rm -rf "$work"/root/var/{cache/apt,lib/apt/lists}/* "$work"/root/usr/share/{doc,man,locale}/*
    tar -C "$work/root" -c . | "$engine" import - "docker.io/library/$name" > /dev/null
    rm -rf "$work/root"
}

# Lines of the build with the seconds since its start.
timed() {
    local start=$SECONDS line
    while IFS= read -r line; do printf '%4d s  %s\n' $((SECONDS - start)) "${line:0:150}"; done
}

sizes() {
    say "image: $("$engine" image inspect "$image" --format '{{.Size}}' | awk '{printf "%.2f GB", $1 / 1e9}')"
    "$engine" run --rm --network none --entrypoint sh "${run_flags[@]}" "$image" -c '
        cd .venv/lib/python3*/site-packages
        du -sm -- */ /usr /var /app/models 2> /dev/null | sort -rn | head -20' | awk '{printf "%6d MB  %s\n", $1, $2}'
}

# A container as it is meant to be: nothing can be written but the volume and a tmpfs, and there is no network.
start() {
    "$engine" run -d --name "$container" "${run_flags[@]}" --network none --read-only --tmpfs /tmp \
        --volume "$volume:/cache${1:-}" "$image" --models sample > /dev/null
}

inside() { "$engine" exec "$container" .venv/bin/python -c "$1"; }

until_ready() {
    local began=$SECONDS
    until inside "$healthcheck" 2> /dev/null; do
        [ $((SECONDS - began)) -lt 300 ] || { "$engine" logs "$container"; say "not ready after 300 s"; exit 1; }
        sleep 0.5
    done
    say "$1: /readyz 200 after $((SECONDS - began)) s, as $(inside 'import os; print("user", os.getuid())')"
}

stopped() {
    local began=$SECONDS
    "$engine" stop -t 60 "$container" > /dev/null 2>&1
    say "SIGTERM: ended after $((SECONDS - began)) s with $("$engine" inspect "$container" --format '{{.State.ExitCode}}')"
    [ "$("$engine" inspect "$container" --format '{{.State.ExitCode}}')" = 0 ]
    "$engine" rm -f "$container" > /dev/null 2>&1
}

# refused CODE FLAGS... : the container ends at once with that code and one line.
refused() {
    local code=0 said wanted=$1
    shift
    said=$(timeout 120 "$engine" run --rm --name "$container" "${run_flags[@]}" --network none --read-only "$@" 2>&1) || code=$?
    said=$(grep '^prewarm:' <<< "$said")
    say "code $code: $said"
    [ "$code" = "$wanted" ] && [ "$(wc -l <<< "$said")" = 1 ]
}

choose_engine
say "engine: $engine $("$engine" --version | grep -o '[0-9][0-9.]*' | head -1)"
base_image
"$engine" build --network host "${build_flags[@]}" -f deploy/Dockerfile -t "$image" "$@" . 2>&1 |
    grep --line-buffered -E '^(\[[0-9]/[0-9]\] )?STEP|^#[0-9]+ \[|^Error|^prewarm|^torch|^COMMIT' | timed
sizes
healthcheck=$(sed -n 's/^    CMD \[".venv\/bin\/python", "-c", "\(.*\)"\]$/\1/p' deploy/Dockerfile)

start; until_ready "empty volume, read-only root, no network"; stopped
start; until_ready "filled volume"; stopped
start ":ro"; until_ready "filled volume, read-only"; stopped

mkdir "$work/foreign" "$work/small"
mount -t tmpfs -o size=1m,uid=10001 none "$work/small"
refused 3 --tmpfs /tmp --volume "$work/foreign:/cache" "$image" --models sample
refused 3 --tmpfs /tmp --volume "$work/small:/cache" "$image" --models sample
refused 3 --volume "$volume:/cache" "$image" --models sample
refused 2 --tmpfs /tmp --volume "$volume:/cache" "$image" --modells sample
refused 2 --tmpfs /tmp --volume "$volume:/cache" --env PREWARM_PORT=tcp://10.0.0.1:7860 "$image"
say "all as it should be"
