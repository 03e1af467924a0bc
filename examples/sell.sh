#!/bin/sh
# Sells one top-up with nothing but curl, looks at the number before, and reads the sale again.
#   BAOHAO_API_KEY=bh_... examples/sell.sh 8615400001000 5000 CNY [key]
set -eu
command -v curl >/dev/null || { echo "this needs curl"; exit 2; }
: "${BAOHAO_API_KEY:?set it to an API key with the scopes topup:write and line:read}"
origin=${BAOHAO_ORIGIN:-http://127.0.0.1:3000}
msisdn=$1 amount=$2 currency=$3
# Written down before it is used: the same key again is the same sale.
key=${4:-sh-$(date +%s)-$$}
echo "key $key"

echo "balance $(curl -sS "$origin/v1/lines/$msisdn/balance" -H "Authorization: Bearer $BAOHAO_API_KEY")"

# A lost answer, 429 and 503 are tried again with the same key, and so without a second sale; a refusal is an answer.
told=$(curl -sS --max-time 10 --retry 5 --retry-all-errors -w '\n%{http_code}' \
  "$origin/v1/agent/top-ups" \
  -H "Authorization: Bearer $BAOHAO_API_KEY" \
  -H "Idempotency-Key: $key" \
  -H 'Content-Type: application/json' \
  -d "{\"msisdn\":\"$msisdn\",\"amount\":{\"amountMinor\":\"$amount\",\"currency\":\"$currency\"}}")
status=$(printf '%s' "$told" | tail -n 1)
body=$(printf '%s' "$told" | head -n 1)
if [ "$status" != 201 ]; then
  echo "refused $body"
  exit 1
fi
echo "sold $body"

id=$(printf '%s' "$body" | sed 's/.*"id":"\([0-9A-Z]*\)".*/\1/')
echo "read $(curl -sS "$origin/v1/agent/top-ups/$id" -H "Authorization: Bearer $BAOHAO_API_KEY")"
