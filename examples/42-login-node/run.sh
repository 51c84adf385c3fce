#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
export FAKE_SERVER_URL=${FAKE_SERVER_URL:-http://127.0.0.1:8042}

fake-server serve --port "${FAKE_SERVER_URL##*:}" > /dev/null &
trap 'kill $! && wait' EXIT
fake-server wait

npm test
