#!/bin/sh
# Makes a repository of a directory: two authors, one file that no commit has, and settings that would run programs.
set -eu
cd "$1"
as() {
	git -c user.name="$1" -c user.email=someone@example.org commit -q --allow-empty -m "$2"
}
git init -q -b main .
git add main.c src lib
git rm -q --cached src/db/query.c src/net/server.c
as 'Ada Example' 'all but two files'
git add src/net/server.c
as 'Ada Example' 'one more'
sed -i '7s/$/ \/* looked at *\//' main.c
git add main.c
as 'Bo Example' 'a line'
git rev-parse HEAD
printf '*.c diff=evil filter=evil\n' > .gitattributes
git config diff.evil.textconv "touch $1/pwned; cat"
git config filter.evil.smudge "touch $1/pwned; cat"
git config filter.evil.clean "touch $1/pwned; cat"
git config core.fsmonitor "touch $1/pwned"
