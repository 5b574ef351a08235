#!/usr/bin/env bash
# The programs that some tests drive. Installed where that is possible without asking; named where not.
set -u
missing=()
# Without a window the browser takes half of the processor's time; with one it will do.
quick=chromium-headless-shell
known() { apt-cache show "$1" >/dev/null 2>&1; }
if ! command -v $quick >/dev/null; then
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=($quick)
  [ ${#missing[@]} -eq 0 ] && [ "$(id -u)" = 0 ] && known $quick &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $quick >/dev/null
fi
command -v redis-server >/dev/null || missing+=(redis-server)
{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || missing+=(postgresql)
{ command -v nginx || [ -x /usr/sbin/nginx ]; } >/dev/null || missing+=(nginx)
command -v msgfmt >/dev/null || missing+=(gettext)
command -v systemd-analyze >/dev/null || missing+=(systemd)
command -v openssl >/dev/null || missing+=(openssl)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then
  echo "Installing for the tests: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  known $quick || missing=("${missing[@]/$quick/chromium}")
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi
echo "Some tests need programs that are not installed: ${missing[*]}"
echo "On Debian or Ubuntu:  sudo apt-get install ${missing[*]}"
if [ -n "${CI:-}" ]; then
  echo "CI is set, so no part may be missing."
  exit 1
fi
echo "The tests that need them will be skipped."
