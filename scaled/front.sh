#!/bin/sh
# front.sh NGINX FOLDER: nginx in the foreground, in place of this shell.
#
# nginx's workers outlive a killed master and hold its port; no other nginx could take it. They are
# in the process group that supervisor made for the master, whose number the pid file keeps.
nginx=$1 folder=$2
[ -s "$folder/nginx.pid" ] && kill -s KILL -- "-$(cat "$folder/nginx.pid")" 2>/dev/null
rm -f "$folder/nginx.pid"
exec "$nginx" -p "$folder" -c nginx.conf -e stderr
