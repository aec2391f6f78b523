#!/bin/sh
# package_test.sh PACKAGE.deb: installs it in a root of its own, made by debootstrap from where apt gets its packages, and runs
# it there. As root; needs the network, a few minutes and 2 GB in TMPDIR.
set -eu
package=$1
site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
. /etc/os-release
work=$(mktemp -d)
root=$work/root
clean_up() {
	umount "$root/proc" 2>/dev/null || true
	rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

command -v debootstrap >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends debootstrap
debootstrap --variant=minbase "$VERSION_CODENAME" "$root" "$site" >"$work/log" || { tail "$work/log"; exit 1; }
apt-get indextargets --format 'deb $(SITE) $(RELEASE) main' 'Created-By: Packages' | sort -u >"$root/etc/apt/sources.list"
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/"
cp "$package" "$root/cancelint.deb"

inside() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive sh -euc "$1"
}

inside 'apt-get update -q; apt-get install -q -y --no-install-recommends ./cancelint.deb libc6-dev clang-tidy-19' >"$work/log" 2>&1 ||
	{ tail "$work/log"; exit 1; }
inside 'mkdir /sources && cat >/sources/timer.c' <<'CODE'
#include <sys/timerfd.h>
#include <unistd.h>
int tick(int n);
int tick(int n)
{
	int timer = timerfd_create(CLOCK_MONOTONIC, 0);
	if (n)
		return -1;
	close(timer);
	return 0;
}
CODE

expect() { # WHAT COMMAND: its output has WHAT
	inside "cd /sources; $2" >"$work/out" 2>&1 || true
	grep -q -e "$1" "$work/out" || { echo "not in the output of '$2': $1"; cat "$work/out"; exit 1; }
	echo "ok: $2"
}

# First without /proc, as in a plain chroot.
expect 'timer.c:6:.*leaked-timer, high' 'cancelint check timer.c --'
mount -t proc proc "$root/proc"
expect 'timer.c:6:.*leaked-timer, high' 'cancelint check timer.c --'
expect 'leaked-timer' 'cancelint trend'
expect '<html' 'cancelint report -o report.html && cat report.html'
expect '/usr/share/cancelint/models' 'cancelint models explain poll'
expect 'cancelint-leaked-timer' 'cancelint-tidy timer.c --'
expect 'timer.c:6' 'cancelint extract timer.c -o t.unit -- && cancelint link t.unit --no-db'
expect 'What it reports' 'cancelint explain leaked-timer'
expect '^gone$' 'apt-get purge -q -y cancelint; ls /usr/share/cancelint /usr/lib/cancelint 2>/dev/null || echo gone'
echo "passed"
