#!/bin/sh
# commits.sh FOLDER INPUTS: commits to FOLDER/project with the hooks of FOLDER/hooks, and tells what came of it.
set -eu
folder=$1 inputs=$2
export HOME="$folder/home" PRE_COMMIT_HOME="$folder/home/cache"
# Debian's pre-commit runs by Debian's Python, whatever others there are.
PATH="$(dirname "$(command -v cancelint)"):/usr/bin:/bin"

commit() {
	echo "== $1"
	git add -A
	status=0
	git commit -q -m "$1" || status=$?
	echo "commit: $status"
}

database() {
	{
		echo '['
		separator=
		for file; do
			echo "$separator{\"directory\": \"$folder/project\", \"file\": \"$file\", \"arguments\": [\"cc\", \"-c\", \"$file\"]}"
			separator=,
		done
		echo ']'
	} >"$folder/project/build/compile_commands.json"
}

use_hook() {
	printf 'repos:\n  - repo: %s/hooks\n    rev: %s\n    hooks:\n      - id: %s\n' "$folder" "$rev" "$1" >.pre-commit-config.yaml
}

cd "$folder/hooks"
git init -q
git add -A
git commit -q -m hooks
rev=$(git rev-parse HEAD)

cd "$folder/project"
git init -q
printf '/build/\n' >.gitignore
use_hook cancelint
/usr/bin/pre-commit install >/dev/null
database job.c other.c

cp "$inputs/leak.c" job.c
commit "leak"
cp "$inputs/mended.c" job.c
commit "mended"
echo 'int nothing(void);' >job.h
commit "header"
rm build/compile_commands.json
echo '/* changed */' >>job.c
commit "no database"
database job.c other.c
echo 'int unknown;' >unknown.c
commit "unknown source"
rm unknown.c

use_hook cancelint-new
git commit -q --no-verify -a -m "the other hook"
cp "$inputs/leak.c" job.c
cp "$inputs/mended.c" other.c
commit "nothing recorded"
cancelint check --fail-on none --progress never >/dev/null
commit "old finding"
sed 's/mended_ok/other_bad/; s/goto out/return -1/' "$inputs/mended.c" >other.c
commit "new finding"
commit "new finding, second try"
git reset -q --hard

cp "$folder/hooks/integrations/pre-commit/git-hook" .git/hooks/pre-commit
echo '/* changed */' >>job.c
commit "plain hook"
cp "$inputs/mended.c" job.c
commit "plain hook, mended"
