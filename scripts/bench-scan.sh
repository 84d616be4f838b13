#!/bin/sh
# bench-scan.sh compares the exact index with faiss and numpy, in one run: see
# scripts/bench/scan.py, which takes the arguments.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv=$root/.tools/bench
if ! [ -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import faiss, numpy' 2>/dev/null; then
	rm -rf "$venv"
	"${PYTHON:-python3}" -m venv "$venv"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check faiss-cpu==1.12.0 numpy==2.3.4
fi
binary=$venv/exact.test
(cd "$root" && go test -c -o "$binary" ./vectorstore/exact)
exec "$venv/bin/python" "$root/scripts/bench/scan.py" "$binary" "$@"
