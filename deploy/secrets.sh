#!/bin/sh
# Makes the secrets that nghe's parts share, each in a file, and an empty file for
# each secret that a platform gives out. What is there stays as it is.
#
#   ./secrets.sh [FOLDER [REDIS [POSTGRES]]]    secrets redis:6379 postgres:5432
set -eu
folder=${1:-secrets} redis=${2:-redis:6379} postgres=${3:-postgres:5432}
umask 077
mkdir -p "$folder"
cd "$folder"

new() { [ -e "$1" ] || printf '%s\n' "$2" >"$1"; }
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

new redis_conf "requirepass $(random)"
new redis_url "redis://:$(sed -n 's/^requirepass //p' redis_conf)@$redis/0"
new postgres_password "$(random)"
new database_url "postgres://nghe:$(cat postgres_password)@$postgres/nghe?sslmode=disable"
new nghe_secret "$(random)"
for name in telegram_token telegram_webhook_secret zalo_app_secret zalo_oa_secret zalo_refresh_token zalo_bot_token zalo_bot_secret; do
	[ -e "$name" ] || : >"$name"
done
# The folder is closed; its files are read by users inside containers.
chmod 644 ./*
