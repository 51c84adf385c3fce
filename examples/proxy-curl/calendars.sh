#!/usr/bin/env bash
# Prints every calendar of an account; the real host is written into it.
set -euo pipefail

curl --silent --show-error --fail --write-out '\n%{http_code}\n' \
    -H "Authorization: Bearer $XURRENT_TOKEN" -H "X-4me-Account: $XURRENT_ACCOUNT" \
    https://api.4me.com/v1/calendars | grep -o '"name":"[^"]*"\|^[0-9]*$' | cut -d '"' -f 4
