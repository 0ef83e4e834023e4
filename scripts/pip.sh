#!/bin/sh
# Installs hash-locked requirements into .venv: with uv where that works, else with pip, which may be set up differently.
set -eu
if .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$1" 2>.venv/uv.log; then
    exit 0
fi
exec .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
