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

# Signs in as a browser does, and makes tokens: the cookie of a browser changes nothing from outside a page.
curl --silent --show-error --fail --output /dev/null --cookie-jar "$work/jar" --header "Origin: $base" \
  --data-urlencode "id=administrator" --data-urlencode "password=$password" "$base/sign-in"
token_of() {
  curl --silent --show-error --fail --cookie "$work/jar" --header "Origin: $base" --header "Content-Type: application/json" \
    --data "{\"user\":\"$1\",\"name\":\"schemathesis\",\"scope\":\"write\",\"days\":1}" "$base/api/v1/tokens" |
    "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["token"])'
}
token="$(token_of administrator)"
approver="$(token_of approver)"

# What is made up is mostly found nowhere: a case and a letter of the demo stand behind their paths too.
ask() {
  curl --silent --show-error --fail-with-body --header "Authorization: Bearer $approver" --header "Content-Type: application/json" "$@"
}
pick() {
  "$PYTHON" -c "import json, sys; print(json.load(sys.stdin)$1)"
}
case="$(ask "$base/api/v1/cases?state=proposed&limit=1" | pick '["cases"][0]["id"]')"
ask --header 'If-Match: "1"' --data '{"step":"confirm","note":"held against the record"}' "$base/api/v1/cases/$case/steps" >/dev/null
letter="$(ask --data '{"languages":["ru"]}' "$base/api/v1/cases/$case/letters" | pick '["letter"]["number"]')"
cat >"$work/known.toml" <<EOF
[[operations]]
include-path-regex = "/cases/[{]id[}]"
parameters = { "path.id" = "$case" }

[[operations]]
include-path-regex = "/letters/[{]number[}]"
parameters = { "path.number" = "$letter" }
EOF

# Changing the administrator that asks, or the token, would end the run: both need names that a random text does not hit.
asks() {
  # What it remembers of a run stays below `target`.
  cd "$ROOT/target"
  "$PYTHON" -m schemathesis.cli "${config[@]}" run "$ROOT/src/serve/assets/openapi.json" --url "$base" \
    --header "Authorization: Bearer $token" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --max-examples "$EXAMPLES" --seed 1 --continue-on-failure "$@"
}
config=()
status=0
asks --include-method GET --phases examples,coverage,fuzzing || status=1
asks --exclude-method GET --phases examples,fuzzing --rate-limit "$RATE" || status=1
config=(--config-file "$work/known.toml")
token="$approver"
asks --include-path-regex '/(cases|letters)/[{]' --phases examples,fuzzing --rate-limit "$RATE" || status=1
kill -0 "$demo" || { echo "the demo ended meanwhile" >&2; tail -5 "$work/out" >&2; exit 1; }
exit "$status"
