#!/bin/sh
# Makes bench/.venv ready for the peers and runs the bench: `sh bench/run.sh [OPTION]...`, or `make bench ARGS="..."`.
#
# Wireroom runs from .venv (made by `make setup`), its peers from bench/.venv: neither sees the other's packages.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

if [ ! -x .venv/bin/python ]; then
    say "There is no .venv yet; run: make setup"
    exit 1
fi

# What a finished set-up looks like. The directory is part of it: scripts in bench/.venv/bin name it.
fingerprint() {
    pwd
    .venv/bin/python --version
    cksum bench/requirements-build.lock bench/requirements.lock
}

# The locks name every package there is to install, so nothing is resolved (pip fails over lxml's two spellings of an extra).
pip_install() {
    PIP_USER=0 bench/.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
        --require-hashes "$@"
}

stamp=bench/.venv/wireroom-bench
if [ ! -x bench/.venv/bin/python ] || [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$(fingerprint)" ]; then
    say "Setting up bench/.venv with the peers ..."
    rm -rf bench/.venv
    .venv/bin/python -m venv bench/.venv
    if ! pip_install -r bench/requirements-build.lock ||
        ! pip_install --no-build-isolation -r bench/requirements.lock; then
        say "The packages of bench/requirements*.lock could not be installed; pip says why above."
        exit 1
    fi
    fingerprint >"$stamp"
fi

if [ $# -eq 0 ] && [ -n "${ARGS:-}" ]; then
    # $ARGS is a list of words: make hands over what was set on its command line.
    set -- $ARGS
fi
exec .venv/bin/python -m bench "$@"
