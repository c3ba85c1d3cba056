#!/usr/bin/env bash
# The page's tests drive Debian's Chromium; where it can't be installed they are skipped, and say so.
command -v chromium > /dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } > /dev/null 2>&1 && exit 0
fi
echo "prewarm: chromium is missing and could not be installed; the browser tests will be skipped." >&2
