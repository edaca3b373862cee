#!/bin/sh
# The schedule of deploy/systemd for containers: every quarter of an hour it starts what is due.
# A job is due from its hour on, once a day or week, so one that was missed is made good. A job that
# fails is not tried again before its next day: `fundscout doctor` says what is wrong. Mails have a
# loop of their own in compose.yaml.
data="${FUNDSCOUT_DATA:-/data}"
backups="${1:-/backups}"
export TZ=Europe/Stockholm
mkdir -p "$data/schedule"

# due NAME PERIOD HOUR: whether it is HOUR or later, and NAME has not been started in this PERIOD
due() {
    [ "$(date +%H%M)" -ge "$3" ] || return 1
    [ "$(cat "$data/schedule/$1" 2>/dev/null)" != "$2" ] || return 1
    echo "$2" >"$data/schedule/$1"
}

while true; do
    today="$(date +%F)"
    weekday="$(date +%u)"
    if due backup "$today" 0140; then fundscout backup --keep 14 "$backups"; fi
    if due collect "$today" 0220; then
        fundscout collect
        fundscout reindex
    fi
    if [ "$weekday" = 6 ] && due awards "$today" 0700; then
        fundscout collect-awards
        fundscout encode-awards --background
    fi
    if [ "$weekday" -le 5 ] && due rates "$today" 1710; then fundscout rates --fetch; fi
    sleep 900 || exit 0
done
