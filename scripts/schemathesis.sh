#!/usr/bin/env bash
# Asks the API of a demo what its description allows and a little more, and holds every answer against the description.
#
#   cargo build && scripts/schemathesis.sh [MOST_EXAMPLES]
#
# The demo's folder is temporary, so whatever is written there is gone with it. Schemathesis comes from PyPI into target/venv.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly VERSION=4.32.5
readonly EXAMPLES="${1:-20}"
# A user may change so much a minute, and the desk refuses the rest; asking slower than that is what gets other answers.
readonly RATE=110/m
readonly ROOT="$PWD"
readonly PYTHON="$ROOT/target/venv/bin/python"

[ -x "$PYTHON" ] || python3 -m venv target/venv
"$PYTHON" -m pip install --quiet "schemathesis==$VERSION"

work="$(mktemp -d)"
target/debug/aigaq demo --port 0 >"$work/out" 2>&1 &
demo=$!
trap 'kill "$demo" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 120); do
  grep -q "until Ctrl-C" "$work/out" && break
  kill -0 "$demo"
  sleep 1
done
base="$(sed -n 's|^the cases stand at \(http://[^ ]*[^/]\)/ until Ctrl-C$|\1|p' "$work/out")"
password="$(sed -n 's|^  administrator  *||p' "$work/out")"

# Signs in as a browser does, and makes a token: the cookie of a browser changes nothing from outside a page.
curl --silent --show-error --fail --output /dev/null --cookie-jar "$work/jar" --header "Origin: $base" \
  --data-urlencode "id=administrator" --data-urlencode "password=$password" "$base/sign-in"
token="$(curl --silent --show-error --fail --cookie "$work/jar" --header "Origin: $base" --header "Content-Type: application/json" \
  --data '{"user":"administrator","name":"schemathesis","scope":"write","days":1}' "$base/api/v1/tokens" |
  "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["token"])')"

# Changing the administrator that asks, or the token, would end the run: both need names that a random text does not hit.
asks() {
  # What it remembers of a run stays below `target`.
  cd "$ROOT/target"
  "$PYTHON" -m schemathesis.cli run "$ROOT/src/serve/assets/openapi.json" --url "$base" \
    --header "Authorization: Bearer $token" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --max-examples "$EXAMPLES" --seed 1 --continue-on-failure "$@"
}
status=0
asks --include-method GET --phases examples,coverage,fuzzing || status=1
asks --exclude-method GET --phases examples,fuzzing --rate-limit "$RATE" || status=1
kill -0 "$demo" || { echo "the demo ended meanwhile" >&2; tail -5 "$work/out" >&2; exit 1; }
exit "$status"
