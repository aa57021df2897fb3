#!/usr/bin/env bash
# INSERT OR REPLACE deletes the old row: its children go by cascade, and the row's own DELETE trigger does not fire.
#
# Version:   SQLite 3.54.1 (as apsw 3.54.1.0 brings it)
# Behavior: REPLACE removes the row in the way and inserts a new one. ON DELETE CASCADE applies to that removal; a DELETE trigger
#            of the table fires only with PRAGMA recursive_triggers, which is off unless asked for.
# Seen:      a user saved again with the same id has no memberships left, and the triggers' log shows no deletion of a user
# Matters:   "save" written as INSERT OR REPLACE (in GRDB: onConflict .replace) empties the groups of everyone who is saved, and a
#            log, an outbox or a search index kept by triggers does not learn of it. INSERT ... ON CONFLICT DO UPDATE does neither.
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
store.execute("""
    PRAGMA foreign_keys = ON;
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE memberships (user INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, team TEXT NOT NULL);
    CREATE TABLE log (entry TEXT NOT NULL);
    CREATE TRIGGER user_deleted AFTER DELETE ON users BEGIN INSERT INTO log VALUES ('user deleted'); END;
    CREATE TRIGGER user_inserted AFTER INSERT ON users BEGIN INSERT INTO log VALUES ('user inserted'); END;
    CREATE TRIGGER user_updated AFTER UPDATE ON users BEGIN INSERT INTO log VALUES ('user updated'); END;
""")


def saved_again(statement):
    "The memberships of a user and the log, after the statement has saved the user once more."
    store.execute("DELETE FROM users; INSERT INTO users VALUES (1, 'Mina'); INSERT INTO memberships VALUES (1, 'Sales')")
    store.execute("DELETE FROM log")
    store.execute(statement)
    seen = [[row[0] for row in store.execute(query)] for query in ("SELECT team FROM memberships", "SELECT entry FROM log")]
    print(f"{statement}: memberships {seen[0]}, log {seen[1]}")
    return seen


if (seen := saved_again("INSERT OR REPLACE INTO users VALUES (1, 'Mina O.')")) != [[], ["user inserted"]]:
    sys.exit(f"Changed: after REPLACE memberships and log are now {seen}.")
upsert = "INSERT INTO users VALUES (1, 'Mina O.') ON CONFLICT DO UPDATE SET name = excluded.name"
if (seen := saved_again(upsert)) != [["Sales"], ["user updated"]]:
    sys.exit(f"Changed: after the upsert memberships and log are now {seen}.")
PY
