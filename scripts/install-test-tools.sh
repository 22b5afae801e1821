#!/bin/sh
# Installs the system programs that tests use and that no Python package brings, where that needs no password.
# Never fails: a test whose program is missing is skipped on a user's machine and fails under CI=true.
set -u

# One program a line: its command, then the Debian package that has it.
tools() {
    cat <<'TOOLS'
strace strace
newsboat newsboat
TOOLS
}

missing=$(tools | while read -r program package; do
    [ -z "$program" ] || command -v "$program" >/dev/null 2>&1 || printf '%s ' "$package"
done)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root=none
fi
if [ "$as_root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Tests that need these programs are skipped: $missing(install them to run those tests too)" >&2
    exit 0
fi

echo "Installing for the tests: $missing" >&2
# $as_root and $missing are lists of words
$as_root apt-get update -qq >/dev/null 2>&1
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 ||
    echo "They could not be installed: $missing" >&2
exit 0
