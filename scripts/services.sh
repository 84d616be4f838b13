#!/bin/sh
# services.sh runs the real services that the tests of production mode need, each
# in a folder of its own, reachable from this machine alone:
#
#   services.sh up               install what is missing, start both, wait for them
#   services.sh down             stop both; data and logs stay
#   services.sh clean            stop both and remove their folder
#   services.sh status           say what runs; fails unless both do
#   services.sh env              print the variables that the tests read
#   services.sh start PART       start postgres or milvus alone, and wait for it
#   services.sh stop PART        stop it in good order
#   services.sh kill PART        end it at once (SIGKILL), as a crash does
#
# Postgres is the system's (Debian: postgresql, installed when run as root), Milvus
# comes from the PyPI wheel, pinned, which holds the server.
#
#   FACEKEEP_SERVICES_DIR   where they live (.services in the clone)
#   FACEKEEP_POSTGRES_PORT  (55432)
#   FACEKEEP_MILVUS_PORT    (19540)
#   FACEKEEP_MILVUS_CONFIG  further Milvus settings, "proxy.timeTickInterval=100 …"
#   FACEKEEP_MILVUS_OPEN    "yes": no network namespace around Milvus, see launch_milvus.py below
#   PYTHON                  Python 3 for the wheel (python3)
set -eu

milvus_version=2.3.5
python=${PYTHON:-python3}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
dir=${FACEKEEP_SERVICES_DIR:-$root/.services}
pg_port=${FACEKEEP_POSTGRES_PORT:-55432}
milvus_port=${FACEKEEP_MILVUS_PORT:-19540}

say() { printf 'services: %s\n' "$*" >&2; }
die() {
	say "$*"
	exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# within polls a command ten times a second, for so many seconds at most.
within() {
	tries=$(($1 * 10))
	shift
	while ! "$@" >>"$log" 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

apt_install() {
	is_root && has apt-get || return 1
	say "installing $*"
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1 && return
	apt-get update -q >>"$log" 2>&1 || return
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1
}

# alive says whether the process of a pid file runs.
alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }
gone() { ! alive "$1"; }

# --- Postgres

# as_postgres runs a command as a user that Postgres agrees to run as: it refuses
# root.
as_postgres() {
	if ! is_root; then
		"$@"
	elif has runuser; then
		(cd / && runuser -u postgres -- "$@")
	else
		(cd / && su -s /bin/sh postgres -c 'exec "$@"' -- sh "$@")
	fi
}

find_postgres() {
	for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5Vr) "$(pg_config --bindir 2>/dev/null || true)"; do
		if [ -x "$bin/initdb" ] && [ -x "$bin/psql" ]; then return; fi
	done
	return 1
}

# install_postgres keeps the package from starting a cluster of its own.
install_postgres() {
	find_postgres && return
	if is_root && has apt-get; then
		mkdir -p /etc/postgresql-common/createcluster.d
		echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/facekeep.conf
	fi
	apt_install postgresql && find_postgres && return
	die "no Postgres server: install it (Debian, Ubuntu: postgresql), or run this as root"
}

# place_postgres sets pg to the folder of the cluster. The user postgres must be
# able to go there; where it is not, a folder of the system stands in.
place_postgres() {
	pg=$dir/postgres
	[ ! -s "$dir/postgres.at" ] || pg=$(cat "$dir/postgres.at")
	if [ -d "$pg" ] || ! is_root; then return; fi
	if ! as_postgres test -x "$dir"; then
		pg=$(mktemp -d /var/tmp/facekeep-postgres.XXXXXX)/postgres
		chmod 755 "$(dirname "$pg")"
		printf '%s\n' "$pg" >"$dir/postgres.at"
	fi
}

make_cluster() {
	[ ! -f "$pg/made" ] || return 0
	rm -rf "$pg"
	install -d -m 700 "$pg"
	(umask 077 && od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$dir/postgres.password")
	cp "$dir/postgres.password" "$pg/password"
	! is_root || chown -R postgres "$pg"
	as_postgres "$bin/initdb" -D "$pg/data" -U facekeep --pwfile="$pg/password" --auth=scram-sha-256 \
		--encoding=UTF8 --locale=C.UTF-8 >>"$log" 2>&1 || die "initdb failed: see $log"
	rm -f "$pg/password"
	cat >"$dir/postgres.conf" <<-CONF
		listen_addresses = '127.0.0.1'
		port = $pg_port
		unix_socket_directories = ''
		fsync = on
		synchronous_commit = on
		max_connections = 200
		shared_buffers = 128MB
	CONF
	as_postgres sh -c 'cat >>"$1/data/postgresql.conf"' sh "$pg" <"$dir/postgres.conf"
	as_postgres touch "$pg/made"
}

pg_pidfile() { printf '%s\n' "$pg/data/postmaster.pid"; }
pg_pid() { as_postgres head -n 1 "$(pg_pidfile)" 2>/dev/null; }
pg_alive() { p=$(pg_pid) && [ -n "$p" ] && kill -0 "$p" 2>/dev/null; }
pg_gone() { ! pg_alive; }
pg_sql() {
	PGPASSWORD=$(cat "$dir/postgres.password") PGCONNECT_TIMEOUT=2 \
		"$bin/psql" -X -q -A -t -h 127.0.0.1 -p "$pg_port" -U facekeep -d "$1" -c "$2"
}
# pg_ready asks our own server alone: another one may sit on the port.
pg_ready() { pg_alive && pg_sql postgres 'SELECT 1'; }

# have_database makes the database that the tests use.
have_database() {
	[ "$(pg_sql postgres "SELECT 1 FROM pg_database WHERE datname = 'facekeep_test'" 2>>"$log")" = 1 ] ||
		pg_sql postgres 'CREATE DATABASE facekeep_test' >>"$log" 2>&1 || die "the database facekeep_test cannot be made: see $log"
}

start_postgres() {
	install_postgres
	place_postgres
	make_cluster
	if ! pg_alive; then
		as_postgres "$bin/pg_ctl" -D "$pg/data" -o "-p $pg_port" -l "$pg/server.log" -t 60 -w start >>"$log" 2>&1 ||
			die "Postgres does not start (is the port $pg_port free?): see $pg/server.log"
	fi
	within 60 pg_ready || die "Postgres does not answer: see $pg/server.log"
	have_database
}

stop_postgres() {
	find_postgres || return 0
	place_postgres
	pg_alive || return 0
	as_postgres "$bin/pg_ctl" -D "$pg/data" -m fast -t 60 stop >>"$log" 2>&1 || die "Postgres does not stop: see $pg/server.log"
}

# kill_postgres ends all of its processes: the children know the postmaster as
# their parent.
kill_postgres() {
	find_postgres && place_postgres && pg_alive || return 0
	p=$(pg_pid)
	children=$(ps -o pid= --ppid "$p" 2>/dev/null || true)
	# The list of children is to be split.
	# shellcheck disable=SC2086
	kill -KILL "$p" $children 2>/dev/null || true
	within 10 pg_gone || die "Postgres does not die"
}

# --- Milvus

# install_milvus puts the wheel, which needs no other package, into an environment
# of its own.
install_milvus() {
	stamp=$dir/venv/.milvus-$milvus_version
	[ ! -e "$stamp" ] || return 0
	[ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || die "the wheel of Milvus is for Linux on x86_64"
	has "$python" || apt_install python3 || die "no $python: install Python 3"
	if ! "$python" -m venv --clear "$dir/venv" >>"$log" 2>&1; then
		apt_install python3-venv && "$python" -m venv --clear "$dir/venv" >>"$log" 2>&1 || die "$python has no venv: install python3-venv"
	fi
	say "fetching milvus $milvus_version"
	"$dir/venv/bin/python" -m pip install -q --disable-pip-version-check --no-input --no-deps --only-binary=:all: \
		"milvus==$milvus_version" >>"$log" 2>&1 || die "pip could not install milvus==$milvus_version: see $log"
	: >"$stamp"
}

write_launcher() {
	cat >"$dir/launch_milvus.py" <<'PYTHON'
"""Starts the Milvus server of the wheel and keeps it to this machine.

Milvus listens on every interface and knows no setting against it. So it runs in
a network namespace that has a loopback interface only, with all of its ports to
itself, and this process carries connections from 127.0.0.1 into it. Where that
is refused (or not wanted: FACEKEEP_MILVUS_OPEN=yes) it runs without."""
import ctypes, fcntl, os, signal, socket, struct, subprocess, sys, threading, time, urllib.request
import milvus

base, port, pidfile = os.path.abspath(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
libc = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUSER, NEWNET = 0x00020000, 0x10000000, 0x40000000
BIND, REC, PRIVATE = 0x1000, 0x4000, 0x40000
PDEATHSIG = 1


def enclose():
    """Moves this process into a network namespace with loopback alone."""
    if os.environ.get("FACEKEEP_MILVUS_OPEN") == "yes":
        return False
    if libc.unshare(NEWNET | NEWNS if os.geteuid() == 0 else NEWUSER | NEWNET | NEWNS) != 0:
        print("no network namespace: Milvus listens on every interface", flush=True)
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, 0x8914, struct.pack("16sH14s", b"lo", 0x1 | 0x40, b""))  # SIOCSIFFLAGS: up, running
    own_run_folder()
    return True


def own_run_folder():
    """Milvus keeps its pid in a fixed place, which may be another user's: a folder
    of ours goes over it, for this process alone."""
    run = base + "/run"
    os.makedirs(run, exist_ok=True)
    libc.mount(None, b"/", None, REC | PRIVATE, None)
    for place in ("/run/milvus", "/tmp/milvus"):
        if os.path.isdir(place):
            libc.mount(run.encode(), place.encode(), None, BIND, None)


def configure(proxy_port):
    config = milvus.default_server.config
    config.configs.update(proxy_port=proxy_port)
    milvus.default_server.set_base_dir(base)
    for part in ("proxy", "rootCoord", "queryCoord", "queryNode", "indexNode", "dataCoord", "dataNode"):
        config.set(part + ".ip", "127.0.0.1")
    config.set("log.level", "warn")
    config.set("log.stdout", "false")
    for setting in os.environ.get("FACEKEEP_MILVUS_CONFIG", "").split():
        config.set(*setting.split("=", 1))
    config.resolve()
    milvus._initialize_data_files(base)


def start(metrics_port):
    env = dict(os.environ, DEPLOY_MODE="STANDALONE", METRICS_PORT=str(metrics_port),
               MILVUS_RUN_DIR=base + "/run", LD_LIBRARY_PATH=base + "/bin")
    die_with_parent = lambda: libc.prctl(PDEATHSIG, signal.SIGKILL)
    server = subprocess.Popen([base + "/bin/milvus", "run", "standalone"], cwd=base, env=env,
                              stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)
    with open(pidfile + ".new", "w") as f:
        f.write(f"{server.pid}\n")
    os.rename(pidfile + ".new", pidfile)
    return server


def healthy(metrics_port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{metrics_port}/healthz", timeout=5) as answer:
            return b"OK" in answer.read()
    except OSError:
        return False


def pump(src, dst):
    try:
        while data := src.recv(1 << 18):
            dst.sendall(data)
        dst.shutdown(socket.SHUT_WR)
    except OSError:
        for s in (src, dst):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def carry(outer, target):
    try:
        inner = socket.create_connection(target, timeout=10)
    except OSError:
        outer.close()
        return
    inner.settimeout(None)
    for s in (outer, inner):
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    back = threading.Thread(target=pump, args=(inner, outer), daemon=True)
    back.start()
    pump(outer, inner)
    back.join()
    outer.close()
    inner.close()


def relay(listener, target):
    while True:
        try:
            outer, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=carry, args=(outer, target), daemon=True).start()


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))  # before the namespace: this socket stays outside
    enclosed = enclose()
    if not enclosed:
        listener.close()
    metrics = 9091 if enclosed else port + 1
    configure(19530 if enclosed else port)
    server = start(metrics)
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    while server.poll() is None and not healthy(metrics):
        time.sleep(0.1)
    if enclosed:
        listener.listen(256)  # from now on connections are taken: that is how others see that it is ready
        threading.Thread(target=relay, args=(listener, ("127.0.0.1", 19530)), daemon=True).start()
    open(pidfile + ".ready", "w").close()
    sys.exit(server.wait())


main()
PYTHON
}

milvus_alive() { alive "$milvus_pid" && alive "$milvus_server"; }
milvus_gone() { ! alive "$milvus_pid" && ! alive "$milvus_server"; }
milvus_ready() { [ -e "$milvus_server.ready" ] && milvus_alive; }
# milvus_settled is milvus_ready, or the end of the attempt.
milvus_settled() { milvus_ready || ! alive "$milvus_pid"; }

start_milvus() {
	milvus_ready && return
	install_milvus
	if ! alive "$milvus_pid"; then
		mkdir -p "$dir/milvus"
		rm -f "$milvus_server" "$milvus_server.ready"
		write_launcher
		setsid "$dir/venv/bin/python" "$dir/launch_milvus.py" "$dir/milvus" "$milvus_port" "$milvus_server" \
			>"$dir/milvus.log" 2>&1 </dev/null 9>&- &
		echo $! >"$milvus_pid"
	fi
	within 180 milvus_settled || die "Milvus does not answer: see $dir/milvus.log and $dir/milvus/logs"
	milvus_ready || die "Milvus does not start: see $dir/milvus.log and $dir/milvus/logs"
}

stop_milvus() {
	alive "$milvus_pid" || return 0
	kill -TERM "$(cat "$milvus_pid")"
	within 20 milvus_gone || kill_milvus
}

kill_milvus() {
	for f in "$milvus_server" "$milvus_pid"; do
		! alive "$f" || kill -KILL "$(cat "$f")" 2>/dev/null || true
	done
	within 10 milvus_gone || die "Milvus does not die"
}

# --- both

print_env() {
	[ -s "$dir/postgres.password" ] || die "the services were never started: services.sh up"
	printf "export TEST_POSTGRES_DSN='postgres://facekeep:%s@127.0.0.1:%s/facekeep_test?sslmode=disable'\n" "$(cat "$dir/postgres.password")" "$pg_port"
	printf "export TEST_MILVUS_ADDR='127.0.0.1:%s'\n" "$milvus_port"
}

status() {
	ok=0
	if find_postgres && place_postgres && [ -d "$pg" ] && pg_ready >/dev/null 2>&1; then
		echo "postgres: runs on 127.0.0.1:$pg_port"
	else
		echo "postgres: does not run"
		ok=1
	fi
	if milvus_ready; then
		echo "milvus: runs on 127.0.0.1:$milvus_port"
	else
		echo "milvus: does not run"
		ok=1
	fi
	return $ok
}

# part checks the name of a part and does something to it, one caller at a time.
part() {
	case $2 in
	postgres | milvus) "$1_$2" ;;
	*) die "no part is named '$2': postgres or milvus" ;;
	esac
}

usage() {
	sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

[ $# -ge 1 ] || usage
mkdir -p "$dir"
dir=$(CDPATH='' cd -- "$dir" && pwd)
log=$dir/services.log
milvus_pid=$dir/milvus.pid       # of the launcher
milvus_server=$dir/milvus.server # of the server that it started
if has flock; then
	exec 9>"$dir/lock"
	flock 9
fi
case $1 in
up)
	start_postgres 9>&-
	start_milvus
	print_env
	;;
down)
	stop_milvus
	stop_postgres
	;;
clean)
	kill_milvus
	stop_postgres
	[ ! -s "$dir/postgres.at" ] || rm -rf "$(dirname "$(cat "$dir/postgres.at")")"
	rm -rf "$dir"
	;;
status) status ;;
env) print_env ;;
start | stop | kill)
	[ $# = 2 ] || usage
	part "$1" "$2" 9>&-
	;;
*) usage ;;
esac
