#!/bin/sh
# Compares what `cancelint check` reports with and without shared headers. equal.sh CANCELINT BUILD-DIR...
set -u
cancelint=$1
shift
[ $# -gt 0 ] || { echo "equal.sh: no directory with a compile database is named" >&2; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
different=0
for build in "$@"; do
	for mode in off auto; do
		"$cancelint" check -p "$build" --no-db --no-cache --no-gates --fail-on none --confidence low --pch $mode -v \
			--format json="$work/$mode.json" 2> "$work/$mode.log"
		[ -s "$work/$mode.json" ] || { tail -3 "$work/$mode.log"; exit 2; }
	done
	alone=$(grep -c 'parsed without shared headers' "$work/auto.log")
	if cmp -s "$work/off.json" "$work/auto.json"; then
		echo "$build: the same; $alone units were parsed without"
	else
		echo "$build: different"
		diff "$work/off.json" "$work/auto.json" | head -20
		different=1
	fi
done
exit $different
