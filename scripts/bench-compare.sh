#!/bin/sh
# bench-compare.sh BASE PACKAGE… compares the Go benchmarks of packages with those of
# another commit, by benchstat: both are built first, then they run turn by turn, so that
# what else the machine does meets both.
#
#   BENCH    which benchmarks (.)
#   ROUNDS   of each (8); benchstat wants six at least to tell a difference from noise
#   TIME     of each benchmark in a round (0.3s)
#
#   BENCH=Warp scripts/bench-compare.sh HEAD~3 ./engine/pixel
set -eu

benchstat=golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"

die() {
	printf 'bench-compare: %s\n' "$*" >&2
	exit 2
}
[ $# -ge 2 ] || die "usage: bench-compare.sh BASE PACKAGE…, see the head of the script"
base=$(git rev-parse --verify --quiet "$1^{commit}") || die "$1 is no commit"
shift
packages=$(go list -f '{{.Dir}}' "$@") || exit 2

# Beside this clone, so that what lies beside it is found from there, too.
tree=$(mktemp -d "$root/../.bench-compare.XXXXXX")
cleanup() {
	rm -rf "$tree"
	git -C "$root" worktree prune
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
git worktree add --quiet --detach "$tree/clone" "$base"
for folder in lib models; do
	[ ! -e "$root/$folder" ] || ln -s "$root/$folder" "$tree/clone/$folder"
done
# The clone of the other commit lies one folder further down.
[ ! -e "$root/../shared" ] || ln -s "$(cd "$root/../shared" && pwd)" "$tree/shared"

# build ROOT NAME builds the test programs of all packages; one that is not there, or has
# no tests, is left out.
build() {
	n=0
	for dir in $packages; do
		n=$((n + 1))
		folder=$1${dir#"$root"}
		[ -d "$folder" ] || continue
		(cd "$folder" && go test -c -o "$tree/$2.$n" .)
	done
}
build "$tree/clone" base
build "$root" here

# run ROOT NAME runs them once.
run() {
	n=0
	for dir in $packages; do
		n=$((n + 1))
		[ -x "$tree/$2.$n" ] || continue
		(cd "$1${dir#"$root"}" && "$tree/$2.$n" -test.run '^$' -test.bench "${BENCH:-.}" -test.benchmem \
			-test.benchtime "${TIME:-0.3s}" -test.timeout 60m) >>"$tree/$2.txt"
	done
}
round=1
while [ "$round" -le "${ROUNDS:-8}" ]; do
	echo "bench-compare: round $round of ${ROUNDS:-8}; load of the machine: $(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null)" >&2
	run "$tree/clone" base
	run "$root" here
	round=$((round + 1))
done
cd "$tree" && go run "$benchstat" base.txt here.txt
