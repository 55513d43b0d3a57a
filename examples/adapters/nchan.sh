#!/bin/sh
# Starts nginx with nchan in the foreground, on HOST and PORT, with a folder of its own that goes away with it. It holds
# long polls for HOLD_SECONDS.
# On Debian: apt-get install -y --no-install-recommends nginx libnginx-mod-nchan
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
# Whoever ends a whole group of processes isn't to end `rm` as well.
trap 'trap "" INT TERM; rm -rf "$folder"' EXIT
sed "s/HOST:PORT;/${HOST:-127.0.0.1}:$PORT;/; s/HOLD_SECONDS;/${HOLD_SECONDS:-25};/" "$here/nchan.conf" > "$folder/nginx.conf"
PATH=$PATH:/usr/sbin nginx -p "$folder" -c nginx.conf -e stderr &
nginx=$!
trap 'kill "$nginx" 2>/dev/null || :' INT TERM
# A signal interrupts waiting, and nginx then ends by itself.
until wait "$nginx"; do kill -0 "$nginx" 2>/dev/null || exit 1; done
