#!/bin/sh
# Writes bench/requirements.lock and bench/requirements-build.lock from the .in files: every Python from 3.11 on, with
# hashes, no index named. Versions stay unless UPGRADE=1 is set.
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

for name in requirements requirements-build; do
    "$uv" pip compile "bench/$name.in" --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url ${UPGRADE:+--upgrade} --output-file "bench/$name.lock" >/dev/null
done

if grep -nE '://|^-|/(home|root|tmp|work|Users)/' bench/requirements.lock bench/requirements-build.lock; then
    echo "The lock files name a host or a path; see above" >&2
    exit 1
fi
