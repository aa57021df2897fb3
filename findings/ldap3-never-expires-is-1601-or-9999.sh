#!/usr/bin/env bash
# Of Active Directory's two ways to say "never expires", ldap3 makes a date in 1601 and a date in 9999.
#
# Version:   ldap3 2.9.1 (Python)
# Behavior: accountExpires is 0 or 9223372036854775807 for an account that never expires. ldap3 knows the second one only; 0 becomes
#            the first day of the count. pwdLastSet is read the same way, where 0 stands for "change at next logon".
# Seen:      0: 1601-01-01, 9223372036854775807: 9999-12-31
# Matters:   "expired" as `accountExpires < now` is true for accounts that never expire: an import suspends them. Tests on accounts
#            of the other kind do not show it. Compare raw_values, or take any date in 1601 for "never".
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    ldap3==2.9.1

"$work/venv/bin/python" - <<'PY'
import sys

from ldap3 import MOCK_SYNC, OFFLINE_AD_2012_R2, Connection, Server

connection = Connection(Server("offline", get_info=OFFLINE_AD_2012_R2), "cn=reader", "secret", client_strategy=MOCK_SYNC)
connection.strategy.add_entry("cn=reader", {"objectClass": "user", "cn": "reader", "userPassword": "secret"})
connection.bind()
for raw, year in [("0", 1601), ("9223372036854775807", 9999), ("133500000000000000", 2024)]:
    connection.strategy.add_entry(f"cn={raw}", {"objectClass": "user", "cn": raw, "accountExpires": raw})
    connection.search(f"cn={raw}", "(objectClass=user)", attributes=["accountExpires"])
    expires = connection.entries[0].accountExpires.value
    print(f"accountExpires {raw} is read as {expires}")
    if expires.year != year:
        sys.exit(f"Changed: accountExpires {raw} is now read as {expires}.")
PY
