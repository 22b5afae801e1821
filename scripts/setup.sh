#!/bin/sh
# Makes .venv ready: `sh scripts/setup.sh runtime` or `sh scripts/setup.sh dev`. Says nothing when it is.
#
# Installs what the lock files pin, by hash, from whatever index pip is configured for, then the checkout itself with
# the locked hatchling: nothing comes in unlocked.
set -eu
cd "$(dirname "$0")/.."

kind=${1:-runtime}
case $kind in
runtime) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
*)
    echo "usage: sh scripts/setup.sh runtime|dev" >&2
    exit 2
    ;;
esac

say() { printf '%s\n' "$*" >&2; }

# What a finished set-up looks like. The directory is part of it: scripts in .venv/bin name it.
fingerprint() {
    pwd
    cksum "$1" pyproject.toml scripts/setup.sh
}

is_ready() {
    [ -x .venv/bin/python ] && [ -f ".venv/wireroom-$kind" ] && [ "$(cat ".venv/wireroom-$kind")" = "$(fingerprint "$lock")" ]
}

# Prints "ok", or what the interpreter $1 lacks: "old VERSION", "venv VERSION", "sqlite", "fts5".
fault_of() {
    "$1" - <<'PYTHON' 2>/dev/null || echo broken
import sys
version = "%d.%d" % sys.version_info[:2]
def fault():
    if sys.version_info < (3, 11):
        return "old " + version
    try:
        import ensurepip, venv
    except ImportError:
        return "venv " + version
    try:
        import sqlite3
    except ImportError:
        return "sqlite"
    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    except sqlite3.Error:
        return "fts5"
    if sqlite3.sqlite_version_info < (3, 35):
        return "sqlite " + sqlite3.sqlite_version
    return "ok"
print(fault())
PYTHON
}

# Prints the first interpreter that will do; $PYTHON goes before all.
find_python() {
    first_fault=
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        fault=$(fault_of "$candidate")
        if [ "$fault" = ok ]; then
            echo "$candidate"
            return 0
        fi
        # A newer interpreter that lacks a part is nearer to working than one that is too old.
        case "$first_fault:$fault" in
        :* | old*:[!ob]* | broken*:[!b]*) first_fault=$fault first_candidate=$candidate ;;
        esac
    done
    explain "$first_fault" "${first_candidate:-}"
    return 1
}

explain() {
    case $1 in
    "")
        say "Wireroom needs Python 3.11 or later, and there is no python3 here."
        install_hint python3
        ;;
    broken)
        say "Wireroom needs Python 3.11 or later; $2 is here but does not run."
        install_hint python3
        ;;
    old*)
        say "Wireroom needs Python 3.11 or later; $2 is ${1#old }."
        install_hint newer
        ;;
    venv*)
        say "Python ${1#venv } is here, but not the part of it that makes virtual environments (venv, ensurepip)."
        install_hint venv "${1#venv }"
        ;;
    sqlite)
        say "$2 was built without SQLite, which Wireroom files its articles in."
        install_hint sqlite
        ;;
    sqlite*)
        say "$2 has SQLite ${1#sqlite }; Wireroom needs 3.35 or later."
        install_hint sqlite
        ;;
    fts5)
        say "The SQLite of $2 was built without FTS5, which the search needs."
        install_hint sqlite
        ;;
    esac
    say "An interpreter elsewhere is taken with: PYTHON=/path/to/python3 make ..."
}

install_hint() {
    if [ "$(uname -s)" = Darwin ]; then
        say "Remedy: brew install python (or the installer of python.org), then again."
    elif [ "$1" = sqlite ]; then
        say "Remedy: the python3 package of a current distribution, or an interpreter from uv (uv python install 3.13)."
    elif command -v apt-get >/dev/null 2>&1; then
        case $1 in
        venv) say "Remedy: sudo apt install python$2-venv, then again." ;;
        newer) say "Remedy: sudo apt install python3.13-venv (or 3.12, 3.11: the newest there is), then again." ;;
        *) say "Remedy: sudo apt install python3 python3-venv, then again." ;;
        esac
    elif command -v dnf >/dev/null 2>&1; then
        say "Remedy: sudo dnf install python3.12, then again."
    elif command -v apk >/dev/null 2>&1; then
        say "Remedy: apk add python3, then again."
    elif command -v pacman >/dev/null 2>&1; then
        say "Remedy: sudo pacman -S python, then again."
    else
        say "Remedy: install it with your system's package manager, then again."
    fi
}

# A .venv from another directory, or whose interpreter is gone or too old, is made anew.
is_usable() {
    [ -x .venv/bin/python ] || return 1
    for stamp in .venv/wireroom-runtime .venv/wireroom-dev; do
        [ ! -f "$stamp" ] || [ "$(head -n 1 "$stamp")" = "$(pwd)" ] || return 1
    done
    [ "$(fault_of .venv/bin/python)" = ok ]
}

pip_install() {
    PIP_USER=0 .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input "$@"
}

if is_ready; then
    exit 0
fi
if ! is_usable; then
    python=$(find_python)
    say "Setting up .venv with $("$python" --version 2>&1) ..."
    rm -rf .venv
    "$python" -m venv .venv
else
    say "Bringing .venv up to date ..."
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
fi
rm -f .venv/wireroom-runtime .venv/wireroom-dev
# The lock names every package there is to install, so nothing is resolved: pip 23.2 finds coverage[toml] unpinned
# beside coverage==7.17.3 as soon as a newer one is out.
if ! pip_install --no-deps --require-hashes -r "$lock"; then
    say "The packages of $lock could not be installed; pip says why above. Without a network, set an index in pip's configuration."
    exit 1
fi
pip_install --no-index --no-deps --no-build-isolation -e .
fingerprint "$lock" >".venv/wireroom-$kind"
if [ "$kind" = dev ]; then # the development lock holds the other one's packages, in the same versions
    fingerprint requirements.lock >.venv/wireroom-runtime
fi
