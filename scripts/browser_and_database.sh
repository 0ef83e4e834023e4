#!/bin/sh
# What the tests need beside Python: Chromium, PostgreSQL, nginx, and Pango for PDFs. Without the first three those tests skip
# and say so (in CI they fail).
set -eu
[ -x /usr/bin/chromium ] || scripts/system.sh chromium || true
.venv/bin/python -c 'import weasyprint' 2>/dev/null ||
    scripts/system.sh libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core || true

if ! PATH="$PATH:/usr/sbin" command -v nginx >/dev/null; then
    # the program alone: no server shall begin to listen on this machine
    systemctl --quiet mask nginx 2>/dev/null || true
    scripts/system.sh nginx-light || true
    systemctl --quiet unmask nginx 2>/dev/null || true
fi

answering() {
    .venv/bin/python - <<'PYTHON' 2>/dev/null
import psycopg
psycopg.connect("postgresql://postgres@127.0.0.1:5432/postgres", connect_timeout=2).close()
PYTHON
}
if [ -z "${TEST_DATABASE_URL:-}" ] && ! answering && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    scripts/system.sh postgresql || true
fi
