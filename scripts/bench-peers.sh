#!/bin/sh
# bench-peers.sh [rounds] puts the same searches on Facekeep and on the FastAPI service
# of ../shared/bench/peer, turn by turn (5 rounds), and prints medians and ratios:
# throughput, latency, processor time for each request, memory.
#
# Both hold a gallery of the same size: Facekeep's is made from the pictures of
# GALLERY_IMAGES, once, and kept in .cache. They search for the largest face of pictures
# of 0.84 megapixels, made from those of ../shared/images/people that show one person.
#
#   PYTHON          Python 3.10 or newer (python3); the peer goes into a venv of its own
#   DURATION        of each run (10s)
#   CLIENTS         at a time (4)
#   GALLERY_IMAGES  folder of people to fill the gallery with (../shared/lfw/images)
#   PORT            the first of two that are free (18098)
set -eu

rounds=${1:-5}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
peer=$root/../shared/bench/peer
gallery=$(CDPATH='' cd -- "${GALLERY_IMAGES:-../shared/lfw/images}" && pwd)
port=${PORT:-18098}
peer_port=$((port + 1))
venv=$root/.tools/peer
python=$venv/bin/python

die() {
	printf 'bench-peers: %s\n' "$*" >&2
	exit 1
}
[ -f "$peer/svc.py" ] || die "../shared/bench/peer is not here"

if [ ! -x "$venv/bin/uvicorn" ]; then
	echo "bench-peers: installing the peer (once)"
	rm -rf "$venv"
	mkdir -p .tools
	"${PYTHON:-python3}" -m venv "$venv"
	if ! "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$peer/requirements.txt"; then
		rm -rf "$venv"
		exit 1
	fi
fi

tmp=$(mktemp -d)
server=
other=
cleanup() {
	for pid in $server $other; do kill "$pid" 2>/dev/null || true; done
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# wait_for PID URL LOG waits until a server answers.
wait_for() {
	tries=0
	until "$python" -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)' "$2" 2>/dev/null; do
		tries=$((tries + 1))
		if [ $tries -gt 300 ] || ! kill -0 "$1" 2>/dev/null; then
			tail -n 20 "$3" >&2
			die "$2 does not answer"
		fi
		sleep 0.2
	done
}

mkdir "$tmp/bin" "$tmp/pictures"
go build -tags nomsgpack -ldflags "-s -w" -o "$tmp/bin/built" ./cmd/facekeep
# As an installed program lies: large pieces of what a linker just wrote are mapped whole,
# and would count as its memory.
cp "$tmp/bin/built" "$tmp/bin/facekeep"
facekeep=$tmp/bin/facekeep
url=http://127.0.0.1:$port
kept=$root/.cache/bench-peers/$(printf %s "$gallery $port" | cksum | cut -d ' ' -f 1)
mkdir -p "$kept"

start_facekeep() {
	"$facekeep" serve --listen="127.0.0.1:$port" --data-dir="$kept/data" 2>"$tmp/facekeep.log" &
	server=$!
	wait_for "$server" "$url/readyz" "$tmp/facekeep.log"
}

# A server that has enrolled has taken more memory than searches need: so it is
# started again.
start_facekeep
"$facekeep" enrol "$gallery" --url "$url" --watchlist gallery --create --largest-face --min-face-size 20 \
	--report "$kept/report.jsonl" || [ $? = 1 ]
kill "$server"
wait "$server" || true
start_facekeep
size=$(grep -cE '"outcome":"(enrolled|exists)"' "$kept/report.jsonl")

PYTHONDONTWRITEBYTECODE=1 DET=320 PIPES=2 GALLERY=$size \
	"$venv/bin/uvicorn" svc:app --app-dir "$peer" --port "$peer_port" --log-level warning 2>"$tmp/peer.log" &
other=$!
wait_for "$other" "http://127.0.0.1:$peer_port/docs" "$tmp/peer.log"

"$python" - "$root/../shared/images/people" "$tmp/pictures" <<'PYTHON'
import os, sys
import cv2

source, target = sys.argv[1:]
for name in sorted(os.listdir(source)):
    if "people" in name:
        continue
    picture = cv2.imread(os.path.join(source, name))
    scale = (840_000 / (picture.shape[0] * picture.shape[1])) ** 0.5
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.imwrite(os.path.join(target, name), picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
PYTHON

# load NAME URL [flag…] runs one load.
load() {
	name=$1
	shift
	"$facekeep" bench search --images "$tmp/pictures" --clients "${CLIENTS:-4}" --duration "${DURATION:-10s}" \
		--json "$tmp/$name.json" --url "$@" >/dev/null
}

round=1
while [ "$round" -le "$rounds" ]; do
	load "facekeep-$round" "$url" --no-features --largest-face
	load "peer-$round" "http://127.0.0.1:$peer_port" --form peer
	echo "round $round of $rounds; load of the machine: $(cut -d ' ' -f 1 /proc/loadavg)"
	round=$((round + 1))
done

"$python" - "$tmp" "$size" <<'PYTHON'
import glob, json, os, statistics, sys

folder, size = sys.argv[1:]


def runs(name):
    return [json.load(open(path)) for path in sorted(glob.glob(os.path.join(folder, name + "-*.json")))]


facekeep, peer = runs("facekeep"), runs("peer")
for name, all in (("facekeep", facekeep), ("peer", peer)):
    wrong = sum(r["requests"] - r["served"] for r in all)
    if wrong:
        sys.exit(f"bench-peers: {name} did not serve {wrong} requests: {[r['status'] for r in all]}")
rows = (
    ("requests/s", lambda r: r["throughput"]),
    ("p50, ms", lambda r: r["latency_ms"]["p50"]),
    ("p99, ms", lambda r: r["latency_ms"]["p99"]),
    ("CPU a request, ms", lambda r: r["server"]["cpu_per_served_ms"]),
    ("memory at most, MiB", lambda r: r["server"]["peak_rss_bytes"] / 2**20),
)
print(f"medians of {len(peer)} rounds, {facekeep[0]['plan']}, {size} faces enrolled")
print(f"{'':22}{'Facekeep':>10}{'peer':>10}{'ratio':>8}")
for title, of in rows:
    a, b = [of(r) for r in facekeep], [of(r) for r in peer]
    ratio = statistics.median(x / y for x, y in zip(a, b))
    print(f"{title:22}{statistics.median(a):10.1f}{statistics.median(b):10.1f}{ratio:8.2f}")
PYTHON
