#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
export FAKE_SERVER_URL=${FAKE_SERVER_URL:-http://127.0.0.1:8042}

fake-server serve --port "${FAKE_SERVER_URL##*:}" > /dev/null &
trap 'kill $! && wait' EXIT
fake-server wait

name=$(fake-server world create | cut -d ' ' -f 1)
eval "$(fake-server env --world "$name")"
[ "$(./backup.sh | sort -u | wc -l)" = 12 ]

fake-server faults add xurrent.list_calendars --world "$name" --status 503 --times 1
[ "$(./backup.sh | wc -l)" = 12 ]
fake-server faults list --world "$name"
fake-server world delete "$name"
