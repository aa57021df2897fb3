#!/usr/bin/env bash
# A second update() of the same object sends the changes of the first one once more.
#
# Version:   Office365-REST-Python-Client 3.3.0 (Python)
# Behavior: the changed properties of an object are forgotten when it is read again, not when they have been sent.
# Seen:      the second PATCH holds the department that the first one set
# Matters:   what somebody else changed between the two requests is put back to the older value, by code that never meant to touch
#            it. Read the object again after each update().
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

from office365.graph_client import GraphClient

asked = []


class Service(http.server.BaseHTTPRequestHandler):
    def answer(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked.append((self.command, json.loads(sent) if sent else None))
        status, headers, body = 204, {}, None
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


user = Client(lambda: {"access_token": "token", "token_type": "Bearer"}).users["mina"]
user.set_property("department", "Sales").update().execute_query()
user.set_property("jobTitle", "Analyst").update().execute_query()
sent = [{name: value for name, value in body.items() if name != "@odata.type"} for _, body in asked]
print(f"first PATCH {sent[0]}, second PATCH {sent[1]}")
if sent != [{"department": "Sales"}, {"department": "Sales", "jobTitle": "Analyst"}]:
    sys.exit(f"Changed: the two updates now send {sent}.")
PY
