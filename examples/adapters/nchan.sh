#!/bin/sh
# Starts nginx with nchan in the foreground, on HOST and PORT, with a folder of its own that goes away with it. It holds
# long polls for HOLD_SECONDS. With CERTIFICATE it speaks TLS, by a certificate made with openssl and written to that file.
# On Debian: apt-get install -y --no-install-recommends nginx libnginx-mod-nchan
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
# Whoever ends a whole group of processes isn't to end `rm` as well.
trap 'trap "" INT TERM; rm -rf "$folder"' EXIT
tls=
if [ -n "${CERTIFICATE:-}" ]; then
  tls=" ssl"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 7 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>/dev/null
  cp "$folder/certificate.pem" "$CERTIFICATE"
fi
sed "s/HOST:PORT;/${HOST:-127.0.0.1}:$PORT$tls;/; s/HOLD_SECONDS;/${HOLD_SECONDS:-25};/; ${tls:+s/#tls //}" \
  "$here/nchan.conf" > "$folder/nginx.conf"
PATH=$PATH:/usr/sbin nginx -p "$folder" -c nginx.conf -e stderr &
nginx=$!
trap 'kill "$nginx" 2>/dev/null || :' INT TERM
# A signal interrupts waiting, and nginx then ends by itself.
until wait "$nginx"; do kill -0 "$nginx" 2>/dev/null || exit 1; done
