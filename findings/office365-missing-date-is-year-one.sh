#!/usr/bin/env bash
# A date that the service did not send is read as 0001-01-01, not as None.
#
# Version:   Office365-REST-Python-Client 3.3.0 (Python)
# Behavior: a date property that was not selected has the value datetime.min, without a zone, while dates that were sent have one.
# Seen:      last_password_change_datetime, which Graph sends only when $select names it, is 0001-01-01 00:00:00
# Matters:   "password older than 90 days" or "left before today" holds for every account whose property was not asked for; code
#            that then disables those accounts disables all. `is None` never holds, and comparing with a date that was sent
#            raises a TypeError because of the zone.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    Office365-REST-Python-Client==3.3.0

"$work/venv/bin/python" - <<'PY'
import http.server
import json
import sys
import threading
from datetime import datetime, timezone

from office365.graph_client import GraphClient

asked = []


class Service(http.server.BaseHTTPRequestHandler):
    def answer(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked.append((self.command, json.loads(sent) if sent else None))
        status, headers = 200, {"Content-Type": "application/json"}
        body = {"id": "mina", "displayName": "Mina", "createdDateTime": "2026-01-31T12:00:00Z"}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if body is not None:
            self.wfile.write(json.dumps(body).encode())

    do_GET = do_POST = do_PATCH = answer

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()


class Client(GraphClient):
    @property
    def service_root_url(self):
        return f"http://127.0.0.1:{server.server_port}/v1.0"


user = Client(lambda: {"access_token": "token", "token_type": "Bearer"}).users["mina"].get().execute_query()
sent, missing = user.created_datetime, user.last_password_change_datetime
print(f"sent: {sent!r}, missing: {missing!r}")
if sent != datetime(2026, 1, 31, 12, tzinfo=timezone.utc):
    sys.exit(f"Changed: the date that was sent is now read as {sent!r}.")
if missing != datetime.min or missing.tzinfo is not None:
    sys.exit(f"Changed: the missing date is now read as {missing!r}.")
PY
