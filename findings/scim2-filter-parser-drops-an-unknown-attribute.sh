#!/usr/bin/env bash
# A filter on an attribute that the server has no column for selects every user, and so does a known one in other letters.
#
# Version:   scim2-filter-parser 0.7.0 (Python), which django-scim2 uses
# Behaviour: the attribute map is compared letter by letter, although attribute names are case-insensitive (RFC 7643, 2.1); a
#            comparison whose attribute is not in the map is left out of the SQL, with the WHERE when nothing else is in it.
# Seen:      nickName eq "mina" and USERNAME eq "mina" give no WHERE at all
# Matters:   a provisioning client looks for a user by its matching attribute before it creates one. It gets the whole list, and
#            one that takes the first entry overwrites somebody else. The server has to refuse such a filter (invalidFilter) itself.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    scim2-filter-parser==0.7.0

"$work/venv/bin/python" - <<'PY'
import sys

from scim2_filter_parser.queries import SQLQuery

COLUMNS = {("userName", None, None): "users.username"}
for text, filtered in [('userName eq "mina"', True), ('USERNAME eq "mina"', False), ('nickName eq "mina"', False)]:
    sql = " ".join(SQLQuery(text, "users", COLUMNS).sql.split())
    print(f"{text}: {sql}")
    if ("WHERE" in sql) != filtered:
        sys.exit(f"Changed: {text} now gives: {sql}")
PY
