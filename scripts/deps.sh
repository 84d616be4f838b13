#!/bin/sh
# deps.sh makes what facekeep needs to be built and run from the clone, beyond Go
# and its modules:
#
#   a C compiler               for SQLite and the inference library
#   lib/libonnxruntime.so      the inference library, from the PyPI wheel, pinned
#   lib/libturbojpeg.so.0      the fast JPEG decoder, where the system has none
#
# It does nothing where all of it is there. Packages are installed into the system
# only when it runs as root and nothing less will do.
#
#   PYTHON                Python 3 to fetch the wheel with (python3)
#   CC                    the C compiler (gcc)
#   FACEKEEP_LIB_DIR      where the libraries go (lib in the clone)
#   FACEKEEP_ONNXRUNTIME  an ONNX Runtime library of your own: none is fetched
#   FACEKEEP_DEPS_SYSTEM  "no": never install system packages, not even as root
set -eu

ort_version=1.31.1 # the newest that the onnxruntime_go of go.mod was tried with
python=${PYTHON:-python3}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
lib=${FACEKEEP_LIB_DIR:-$root/lib}

say() { printf 'deps: %s\n' "$*"; }
die() {
	printf 'deps: %s\n' "$*" >&2
	exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# scratch sets tmp to a folder beside the libraries, so that moving a finished
# one into place is a single step. What the tools say goes to its log.
scratch() {
	[ -z "${tmp:-}" ] || return 0
	mkdir -p "$lib"
	tmp=$(mktemp -d "$lib/.deps.XXXXXX")
	log=$tmp/log
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}
last_said() { tail -n 3 "$log" | sed 's/^/deps:   /' >&2; }

platform() {
	case "$(uname -s) $(uname -m)" in
	"Linux x86_64")
		arch=x86_64
		ort_sha256=fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3
		;;
	"Linux aarch64" | "Linux arm64")
		arch=aarch64
		ort_sha256=8aa3b76b28c778a2b1dd660d34161adb1d508c9ccd04ff9dc80e26eca5df8467
		;;
	*)
		arch=
		;;
	esac
}

# may_install says whether packages may go into the system.
may_install() {
	[ "$(id -u)" = 0 ] && [ "${FACEKEEP_DEPS_SYSTEM:-yes}" != no ] && has apt-get
}

apt_install() {
	may_install || return 1
	scratch
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1 && return
	apt-get update -q >>"$log" 2>&1 || return
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1
}

# compiles says whether a C program finds its compiler and its headers.
compiles() {
	# CC may hold arguments, hence no quotes.
	# shellcheck disable=SC2086
	printf '#include <stdlib.h>\n' | ${CC:-gcc} -E -x c - >/dev/null 2>&1
}

compiler() {
	compiles && return
	if [ -z "${CC:-}" ] && apt_install gcc libc6-dev && compiles; then
		say "installed the C compiler gcc"
		return
	fi
	[ "$(uname -s)" = Darwin ] && die "no C compiler: run xcode-select --install"
	die "no C compiler with its headers (${CC:-gcc}): install one (Debian, Ubuntu: gcc libc6-dev; Fedora: gcc; Alpine: gcc musl-dev), or name yours in CC"
}

# find_pip sets py to a Python that has pip: the one there is, or else one in an
# environment of its own, because distributions ship Python without pip.
find_pip() {
	has "$python" || apt_install python3 || die "no $python: install Python 3, or name yours in PYTHON"
	py=$python
	"$py" -m pip --version >>"$log" 2>&1 && return
	py=$tmp/venv/bin/python
	"$python" -m venv "$tmp/venv" >>"$log" 2>&1 && return
	rm -rf "$tmp/venv"
	if apt_install python3-venv && "$python" -m venv "$tmp/venv" >>"$log" 2>&1; then return; fi
	die "$python has neither pip nor venv: install one (Debian, Ubuntu: python3-pip), or name another Python in PYTHON"
}

# loads says whether this machine can load a library that has a symbol.
loads() {
	"$python" -c 'import ctypes, sys; getattr(ctypes.CDLL(sys.argv[1]), sys.argv[2])' "$1" "$2" >>"$log" 2>&1
}

onnxruntime() {
	[ -z "${FACEKEEP_ONNXRUNTIME:-}" ] || return 0
	[ -n "$arch" ] || die "ONNX Runtime is not fetched for $(uname -s) $(uname -m): install it (macOS: brew install onnxruntime jpeg-turbo) and set FACEKEEP_ONNXRUNTIME to its library"
	target=$lib/libonnxruntime.so
	stamp=$lib/.onnxruntime
	if [ -f "$target" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$ort_sha256" ]; then return; fi
	if [ -f "$target" ] && [ "$(sha256sum <"$target")" = "$ort_sha256  -" ]; then
		printf '%s\n' "$ort_sha256" >"$stamp"
		return
	fi
	scratch
	find_pip
	# The wheel is named in full, so that it is the same one for every Python.
	if ! "$py" -m pip download --no-deps --only-binary=:all: --disable-pip-version-check --no-input --progress-bar=off \
		--implementation cp --python-version 3.12 --abi cp312 --platform "manylinux_2_28_$arch" \
		--dest "$tmp" "onnxruntime==$ort_version" >>"$log" 2>&1; then
		last_said
		die "pip could not download onnxruntime==$ort_version"
	fi
	unpack_onnxruntime >>"$log" 2>&1 || { last_said; die "the wheel of onnxruntime==$ort_version is not the pinned one"; }
	if ! loads "$tmp/libonnxruntime.so" OrtGetApiBase; then
		last_said
		die "ONNX Runtime does not load here: it needs glibc 2.28 or later and libstdc++ (on others, set FACEKEEP_ONNXRUNTIME to a library that does)"
	fi
	mv -f "$tmp/libonnxruntime.so" "$target"
	printf '%s\n' "$ort_sha256" >"$stamp"
	say "$(name "$target"): ONNX Runtime $ort_version for $arch"
}

# unpack_onnxruntime takes the library out of the wheel, and nothing else.
unpack_onnxruntime() {
	"$py" - "$tmp" "onnxruntime/capi/libonnxruntime.so.$ort_version" "$ort_sha256" <<'PYTHON'
import glob, hashlib, os, shutil, sys, zipfile

folder, member, want = sys.argv[1:]
[wheel] = glob.glob(os.path.join(folder, "*.whl"))
target = os.path.join(folder, "libonnxruntime.so")
with zipfile.ZipFile(wheel) as archive, archive.open(member) as src, open(target, "wb") as dst:
    shutil.copyfileobj(src, dst)
with open(target, "rb") as f:
    got = hashlib.sha256(f.read()).hexdigest()
if got != want:
    sys.exit(f"{member} has sha256 {got}, want {want}")
os.chmod(target, 0o644)
PYTHON
}

# name is a path as people read it.
name() {
	case $1 in
	"$root"/*) printf '%s\n' "${1#"$root"/}" ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# system_turbojpeg says whether the loader finds the library by itself.
system_turbojpeg() {
	(PATH=$PATH:/sbin:/usr/sbin && ldconfig -p 2>/dev/null) | grep -q 'libturbojpeg\.so\.0 '
}

turbojpeg() {
	target=$lib/libturbojpeg.so.0
	none=$lib/.no-turbojpeg # what was not to be had is not asked for in every build
	if [ -z "$arch" ] || [ -f "$target" ] || [ -e "$none" ] || system_turbojpeg; then return; fi
	scratch
	if unpack_turbojpeg; then
		mv -f "$tmp/libturbojpeg.so.0" "$target"
		say "$(name "$target"): libjpeg-turbo from the package of this system"
	elif { apt_install libturbojpeg0 || apt_install libturbojpeg; } && system_turbojpeg; then
		say "installed libjpeg-turbo"
	else
		: >"$none"
		say "no libjpeg-turbo here: pictures will be decoded by Go's own decoder, which is slower (install libturbojpeg, or remove $(name "$none") to try again)"
	fi
}

# unpack_turbojpeg takes the library out of the Debian package, which needs no
# root. Lists of packages are fetched into the scratch folder where there are none.
unpack_turbojpeg() {
	has apt-get && has dpkg || return 1
	mkdir -p "$tmp/deb" "$tmp/lists/partial" "$tmp/cache/archives/partial"
	if ! download_turbojpeg; then
		set -- -o "Dir::State::Lists=$tmp/lists" -o "Dir::Cache=$tmp/cache"
		apt-get -q -o APT::Sandbox::User=root "$@" update >>"$log" 2>&1 || return
		download_turbojpeg "$@" || return
	fi
	dpkg -x "$tmp"/deb/*.deb "$tmp/deb/x" >>"$log" 2>&1 || return
	find "$tmp/deb/x" -type f -name 'libturbojpeg.so.0*' -exec cp {} "$tmp/libturbojpeg.so.0" \;
	[ -f "$tmp/libturbojpeg.so.0" ] && chmod 644 "$tmp/libturbojpeg.so.0" && loads "$tmp/libturbojpeg.so.0" tjInitDecompress
}

# download_turbojpeg brings the package into the scratch folder; its name differs
# between Debian and Ubuntu.
download_turbojpeg() (
	cd "$tmp/deb"
	for package in libturbojpeg0 libturbojpeg; do
		if apt-get -q -o APT::Sandbox::User=root "$@" download "$package" >>"$log" 2>&1; then exit 0; fi
	done
	exit 1
)

platform
compiler
onnxruntime
turbojpeg
