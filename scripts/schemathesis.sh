#!/bin/sh
# schemathesis.sh [seconds [dialect ...]] starts a server over an empty data folder,
# with real models, and lets Schemathesis try the operations of each dialect
# (smartface regula facesearch) for so long (100): the examples of the dialect's
# document, its edges, random requests, and sequences of them. What the document does
# not say of an answer, and every 5xx, is a failure.
#
#   PYTHON  Python 3.10 or newer (python3); Schemathesis goes into a venv of its own
set -eu

version=4.32.5
seconds=${1:-100}
[ $# -eq 0 ] || shift
dialects=${*:-smartface regula facesearch}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
venv=$root/.tools/schemathesis-$version

if [ ! -x "$venv/bin/schemathesis" ]; then
	echo "schemathesis: installing $version (once)"
	rm -rf "$venv"
	mkdir -p .tools
	"${PYTHON:-python3}" -m venv "$venv"
	if ! "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"; then
		rm -rf "$venv"
		exit 1
	fi
fi

tmp=$(mktemp -d)
server=
cleanup() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir "$tmp/bin"
go build -o "$tmp/bin/facekeep" ./cmd/facekeep
"$tmp/bin/facekeep" serve --listen=127.0.0.1:0 --data-dir="$tmp/data" 2>"$tmp/log" &
server=$!
url=
tries=0
while [ -z "$url" ]; do
	tries=$((tries + 1))
	if [ $tries -gt 600 ] || ! kill -0 "$server" 2>/dev/null; then
		cat "$tmp/log" >&2
		echo "schemathesis: the server did not start" >&2
		exit 1
	fi
	sleep 0.1
	url=$(sed -n 's/.*msg=listening .*address=\([^ ]*\).*/http:\/\/\1/p' "$tmp/log")
done

key=$("$tmp/bin/facekeep" apikey create --name=schemathesis --role=admin --data-dir="$tmp/data" | tail -n 1)

# Left out are negative_data_rejection and positive_data_acceptance: clients of the
# originals send much that their schemas do not allow, and a picture can be wrong in
# ways that no schema tells. use_after_free and ensure_resource_availability: the
# contract has no 404 for the listings of what is not there. And
# allow_header_conformance: /Watchlists/Search is also the watchlist of that id.
checks=not_a_server_error,status_code_conformance,content_type_of_bodies,response_headers_conformance
checks=$checks,response_schema_conformance,unsupported_method
result=0
cd "$tmp" # where it leaves what it remembers
for dialect in $dialects; do
	echo "schemathesis: $dialect"
	SCHEMATHESIS_HOOKS=$dialect PYTHONPATH=$root/scripts/schemathesis PYTHONDONTWRITEBYTECODE=1 FACEKEEP_URL=$url FACEKEEP_KEY=$key \
		"$venv/bin/schemathesis" run "$url/swagger/$dialect/doc.json" --checks "$checks" --max-time "$seconds" \
		--header "x-api-key: $key" --continue-on-failure --suppress-health-check all --seed 1 || result=$?
	if ! kill -0 "$server" 2>/dev/null || grep -q 'level=ERROR' "$tmp/log"; then
		grep 'level=ERROR\|panic' "$tmp/log" | tail -n 20 >&2
		echo "schemathesis: the server is gone, or met a fault" >&2
		exit 1
	fi
done
exit $result
