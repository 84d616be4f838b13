#!/bin/sh
# secrets.sh makes what compose.yaml does not start without: a folder of secrets,
# each random and in a file of its own, and a .env that names them. What is there
# already is kept, so that it may be run again.
#
#   FACEKEEP_SECRETS_DIR  where the secrets go (secrets beside this script)
#   FACEKEEP_ENV_FILE     the file that names them (.env beside this script)
set -eu
umask 077
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
dir=${FACEKEEP_SECRETS_DIR:-$here/secrets}
env=${FACEKEEP_ENV_FILE:-$here/.env}

# put writes standard input to a new file, whole or not at all. The folder keeps
# others out; the file itself has to be readable by the user inside the container.
put() {
	cat >"$1.new"
	chmod "$2" "$1.new"
	mv "$1.new" "$1"
	printf 'secrets: made %s\n' "$1" >&2
}

# random prints 160 bits in letters and digits, safe in URLs and YAML. The first
# is a letter: Milvus has read passwords of digits alone as numbers.
random() { printf 'k%s\n' "$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n')"; }

mkdir -p "$dir"
chmod 700 "$dir"
for name in postgres-password minio-password milvus-password; do
	[ -s "$dir/$name" ] || random | tr -d '\n' | put "$dir/$name" 444
done
[ -s "$dir/database-url" ] || printf 'postgres://facekeep:%s@postgres:5432/facekeep?sslmode=disable' "$(cat "$dir/postgres-password")" |
	put "$dir/database-url" 444
[ -s "$env" ] || sed \
	-e "s|^POSTGRES_PASSWORD_FILE=.*|POSTGRES_PASSWORD_FILE=$dir/postgres-password|" \
	-e "s|^MINIO_PASSWORD_FILE=.*|MINIO_PASSWORD_FILE=$dir/minio-password|" \
	-e "s|^MILVUS_PASSWORD_FILE=.*|MILVUS_PASSWORD_FILE=$dir/milvus-password|" \
	-e "s|^DATABASE_URL_FILE=.*|DATABASE_URL_FILE=$dir/database-url|" \
	"$here/.env.example" | put "$env" 600
