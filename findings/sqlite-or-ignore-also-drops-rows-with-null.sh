#!/usr/bin/env bash
# INSERT OR IGNORE passes over more than duplicates: a row that breaks NOT NULL or CHECK is dropped without an error, too.
#
# Version:   SQLite 3.54.1 (as apsw 3.54.1.0 brings it)
# Behavior: OR IGNORE applies to UNIQUE, PRIMARY KEY, NOT NULL and CHECK. ON CONFLICT DO NOTHING, which reads like the same and is
#            what PostgreSQL has, applies to uniqueness alone.
# Seen:      OR IGNORE: no error, no row; ON CONFLICT DO NOTHING: the constraint's error
# Matters:   an import that may be repeated (in GRDB: onConflict .ignore) loses the rows with a missing or wrong value as if they were
#            there already. ON CONFLICT DO NOTHING reports them.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    apsw==3.54.1.0

"$work/venv/bin/python" - <<'PY'
import sys

import apsw

store = apsw.Connection(":memory:")
store.execute("CREATE TABLE users (name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL CHECK (kind IN ('member', 'guest')))")


def outcome(statement):
    try:
        store.execute(statement)
        seen = f"no error, {store.execute('SELECT count(*) FROM users').fetchone()[0]} row(s)"
    except apsw.ConstraintError as error:
        seen = str(error).split(":")[0]
    print(f"{statement}: {seen}")
    return seen


for values, broken in [("(NULL, 'member')", "NOT NULL constraint failed"), ("('mina', 'gest')", "CHECK constraint failed")]:
    if (seen := outcome(f"INSERT OR IGNORE INTO users VALUES {values}")) != "no error, 0 row(s)":
        sys.exit(f"Changed: OR IGNORE with {values} now gives: {seen}.")
    if (seen := outcome(f"INSERT INTO users VALUES {values} ON CONFLICT DO NOTHING")) != broken:
        sys.exit(f"Changed: ON CONFLICT DO NOTHING with {values} now gives: {seen}.")
PY
