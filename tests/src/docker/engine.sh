# Runs an engine of Docker until standard input closes, which it does however the process at its other end ends.
#   $1  the folder that keeps the images for the next time
#   $2  a folder with a short path, for sockets: made here, and gone afterwards
# Where another process has the engine of that folder, this one waits for its end.
set -eu
# A signal to the whole group of processes ends `cat` below, and with it the engine; what follows is still to be done.
trap : INT TERM HUP
mkdir -p "$1" "$2"
exec 9>"$1/lock"
flock 9
dockerd --bridge=none --iptables=false --group "${SUDO_GID:-0}" --data-root "$1/data" --exec-root "$2/exec" \
  --pidfile "$2/pid" --host "unix://$2/socket" </dev/null >"$1/log" 2>&1 9>&- &
engine=$!
cat >/dev/null || true
kill "$engine" 2>/dev/null || true
wait "$engine" || true
# What a container that was killed with its engine has left behind; the deepest first.
cut -d ' ' -f 2 /proc/mounts | grep -e "^$1/" -e "^$2/" | sort -r | xargs -r umount || true
rm -rf "$2"
