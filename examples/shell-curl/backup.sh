#!/usr/bin/env bash
# Prints every calendar of an account, a name on each line; tries again while the service is down.
set -euo pipefail

url="$XURRENT_BASE_URL/calendars?per_page=5"
while [ -n "$url" ]; do
    answer=$(curl --silent --show-error --fail --retry 3 --retry-delay 1 --include \
        -H "Authorization: Bearer $XURRENT_TOKEN" -H "X-4me-Account: $XURRENT_ACCOUNT" "$url")
    tail -n 1 <<< "$answer" | grep -o '"name":"[^"]*"' | cut -d '"' -f 4
    url=$(grep -i '^link:' <<< "$answer" | grep -o '<[^>]*>; rel="next"' | tr -d '<>' | cut -d ';' -f 1 || true)
done
