#!/bin/sh
# clients.sh installs the published clients of Regula's web API that the tests drive
# Facekeep with, pinned by the hashes of scripts/clients, each in a folder of its own:
#
#   .tools/clients/regula-6.4   the Python client 6.4, in a virtual environment
#   .tools/clients/regula-7.2   the Python client 7.2, likewise
#   .tools/clients/npm          the JavaScript client, in node_modules
#
# It does nothing where all of them are there as pinned. Packages are installed into
# the system only when it runs as root and nothing less will do.
#
#   PYTHON  Python 3.10 or newer, with venv (python3)
#
# Node.js 18 or newer and npm are taken from the path.
set -eu

python=${PYTHON:-python3}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
locks=$root/scripts/clients
dir=$root/.tools/clients

say() { printf 'clients: %s\n' "$*"; }
die() {
	printf 'clients: %s\n' "$*" >&2
	exit 1
}

apt_install() {
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
	say "installing $*"
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 && return
	apt-get update -q >/dev/null 2>&1 || return
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1
}

python_will_do() { "$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; }
node_will_do() { node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1; }

# installed says whether a client is there as its locks say.
installed() {
	[ -f "$dir/$1/.lock" ] && cat "$locks/$2" "$locks/$3" | cmp -s - "$dir/$1/.lock"
}

# pinned marks a client as installed: last of all, so that half of one is none.
pinned() { cat "$locks/$2" "$locks/$3" >"$dir/$1/.lock"; }

python_client() {
	installed "$1" python.txt "$1.txt" && return
	python_will_do || { apt_install python3-venv && python_will_do; } ||
		die "$python is no Python 3.10 or newer with venv (Debian, Ubuntu: python3-venv): install it, or name another in PYTHON"
	rm -rf "${dir:?}/$1"
	"$python" -m venv "$dir/$1" || die "$python made no virtual environment"
	"$dir/$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes --no-deps --only-binary=:all: -r "$locks/$1.txt" || die "pip could not install $1"
	pinned "$1" python.txt "$1.txt"
	say "installed the Python client $1"
}

npm_client() {
	installed npm package.json package-lock.json && return
	node_will_do || { apt_install nodejs npm && node_will_do; } ||
		die "there is no Node.js 18 or newer with npm: install both"
	rm -rf "${dir:?}/npm"
	mkdir -p "$dir/npm"
	cp "$locks/package.json" "$locks/package-lock.json" "$dir/npm"
	(cd "$dir/npm" && npm ci --silent --no-audit --no-fund --ignore-scripts) || die "npm could not install the JavaScript client"
	pinned npm package.json package-lock.json
	say "installed the JavaScript client"
}

python_client regula-6.4
python_client regula-7.2
npm_client
