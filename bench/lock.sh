#!/bin/sh
# Writes bench/requirements.lock from bench/requirements.in: every Python from 3.11 on, with hashes, no index named.
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

"$uv" pip compile bench/requirements.in --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-emit-index-url ${UPGRADE:+--upgrade} --output-file bench/requirements.lock >/dev/null

if grep -nE '://|^-|/(home|root|tmp|work|Users)/' bench/requirements.lock; then
    echo "bench/requirements.lock names a host or a path; see above" >&2
    exit 1
fi
