#!/bin/sh
# Writes requirements.lock (to run) and requirements-dev.lock (to work on it) from pyproject.toml, for every Python from
# 3.11 on and every platform, with hashes and without naming an index. Versions stay unless UPGRADE=1 is set.
set -eu
cd "$(dirname "$0")/.."

if [ -x .venv/bin/uv ]; then
    uv=.venv/bin/uv
elif command -v uv >/dev/null 2>&1; then
    uv=uv
else
    echo "Locking needs uv: pip install uv, or .venv/bin/pip install uv" >&2
    exit 1
fi

compile() { # OUTPUT OPTIONS...
    output=$1
    shift
    "$uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url ${UPGRADE:+--upgrade} "$@" --output-file "$output" >/dev/null
}

compile requirements.lock --group build
compile requirements-dev.lock --group dev --constraint requirements.lock

if grep -nE '://|^-|/(home|root|tmp|work|Users)/' requirements.lock requirements-dev.lock; then
    echo "The lock files name a host or a path; see above" >&2
    exit 1
fi
