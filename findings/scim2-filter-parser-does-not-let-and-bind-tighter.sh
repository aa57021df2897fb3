#!/usr/bin/env bash
# In "a or b and c" the parser joins a and b first, although "and" comes before "or".
#
# Version:   scim2-filter-parser 0.7.0 (Python), which django-scim2 uses
# Behavior: "and" and "or" have the same rank and are read from left to right. RFC 7644, 3.4.2.2 ranks "not" before "and" before "or".
# Seen:      userName eq "mina" or userName eq "olaf" and active eq true finds Olaf alone: (mina or olaf) and active
# Matters:   the filter finds other users than the client means: here Mina, who is suspended, is missing, and a client that looks
#            before it creates creates her again. Brackets avoid it, but a server cannot ask its clients for them.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    scim2-filter-parser==0.7.0

"$work/venv/bin/python" - <<'PY'
import sqlite3
import sys

from scim2_filter_parser.queries import SQLQuery

COLUMNS = {("userName", None, None): "users.username", ("active", None, None): "users.active"}
store = sqlite3.connect(":memory:")
store.execute("CREATE TABLE users (username TEXT, active TEXT)")
store.executemany("INSERT INTO users VALUES (?, ?)", [("mina", "FALSE"), ("olaf", "TRUE")])


def found(text):
    query = SQLQuery(text, "users", COLUMNS)
    print(f"{text}: {' '.join(query.sql.split())}")
    return sorted(row[0] for row in store.execute(query.sql.replace("%s", "?"), query.params))


bare = found('userName eq "mina" or userName eq "olaf" and active eq true')
bracketed = found('userName eq "mina" or (userName eq "olaf" and active eq true)')
print(f"without brackets {bare}, with brackets {bracketed}")
if bracketed != ["mina", "olaf"]:
    sys.exit(f"Changed: with brackets the filter now finds {bracketed}.")
if bare != ["olaf"]:
    sys.exit(f"Changed: without brackets the filter now finds {bare}.")
PY
