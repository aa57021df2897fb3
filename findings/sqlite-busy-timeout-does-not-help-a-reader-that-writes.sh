#!/usr/bin/env bash
# A transaction that has read and then writes fails with "database is locked" at once, whatever the busy timeout.
#
# Version:   SQLite 3.54.1 (as apsw 3.54.1.0 brings it), in WAL mode
# Behavior: a deferred transaction (plain BEGIN) sees the database as of its first read. If another connection has committed since,
#            its first write fails with SQLITE_BUSY_SNAPSHOT. Waiting could not help, so the busy handler is not called.
# Seen:      SQLITE_BUSY_SNAPSHOT, the busy handler not called once, although nobody holds a lock; BEGIN IMMEDIATE works
# Matters:   "look, then write" fails under load although a timeout is set, and the message names a lock that is not there. A
#            longer timeout changes nothing. Begin such transactions with BEGIN IMMEDIATE, or do them again from their first read.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    apsw==3.54.1.0

"$work/venv/bin/python" - <<'PY'
import sys
import tempfile

import apsw

with tempfile.TemporaryDirectory() as folder:
    mine, other = apsw.Connection(f"{folder}/store.sqlite"), apsw.Connection(f"{folder}/store.sqlite")
    mine.execute("PRAGMA journal_mode = WAL").fetchall()
    mine.execute("CREATE TABLE users (name TEXT NOT NULL)")
    waits = []
    mine.set_busy_handler(lambda count: waits.append(count) or count < 100)

    mine.execute("BEGIN; SELECT count(*) FROM users").fetchall()
    other.execute("INSERT INTO users VALUES ('olaf')")
    try:
        mine.execute("INSERT INTO users VALUES ('mina')")
        seen = "written"
    except apsw.BusyError as error:
        seen = apsw.mapping_extended_result_codes[error.extendedresult]
    mine.execute("ROLLBACK")
    print(f"BEGIN: {seen}, waits: {len(waits)}")
    if (seen, waits) != ("SQLITE_BUSY_SNAPSHOT", []):
        sys.exit(f"Changed: a deferred transaction now ends with {seen} after {len(waits)} wait(s).")

    mine.execute("BEGIN IMMEDIATE; SELECT count(*) FROM users; INSERT INTO users VALUES ('mina'); COMMIT").fetchall()
    names = [row[0] for row in other.execute("SELECT name FROM users")]
    print(f"BEGIN IMMEDIATE: {names}")
    if names != ["olaf", "mina"]:
        sys.exit(f"Changed: after BEGIN IMMEDIATE the table holds {names}.")
    mine.close()
    other.close()
PY
