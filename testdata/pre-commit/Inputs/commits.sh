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
			echo "$separator{\"directory\": \"$PWD\", \"file\": \"$file\", \"arguments\": [\"cc\", \"-c\", \"$file\"]}"
			separator=,
		done
		echo ']'
	} >build/compile_commands.json
}

# use_hook ID [ARGUMENTS]
use_hook() {
	printf 'repos:\n  - repo: %s/hooks\n    rev: %s\n    hooks:\n      - id: %s\n        args: [%s]\n' "$folder" "$rev" "$1" "${2-}" \
		>.pre-commit-config.yaml
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

# The other hook. An old finding in job.c, and a source where others come and go.
use_hook cancelint-new
sed 's/^\tjob_end/\tquick = 1;\n&/' "$inputs/leak.c" >job.c
cp "$inputs/mended.c" other.c
git add -A
git commit -q --no-verify -m "an old finding"
echo '/* changed */' >>other.c
commit "old finding"
sed 's/mended_ok/other_bad/; s/goto out/return -1/' "$inputs/mended.c" >other.c
commit "new finding"
commit "new finding, second try"

# On a branch with an upstream, all that was not there when it began.
cp "$inputs/mended.c" other.c
git commit -q --no-verify -a -m "mended again"
git clone -q --bare . "$folder/upstream"
git remote add origin "$folder/upstream"
git fetch -q
git checkout -q -b work --track "origin/$(git branch --show-current)"
sed -i '/quick = 1/d' job.c
commit "what upstream has, less a line"
sed -i '/^\tjob_end/d' other.c
commit "a release taken away"
git commit -q --no-verify -a -m "taken away, all the same"
echo '/* changed */' >>job.c
commit "after it was committed"
use_hook cancelint-new "--base, HEAD"
commit "another base"
use_hook cancelint-new "--base, nowhere"
echo '/* changed */' >>job.c
commit "no such base"
git checkout -q --orphan apart
git commit -q --no-verify -m apart
echo '/* changed */' >>job.c
use_hook cancelint-new "--base, work"
commit "nothing in common"
git checkout -q -f work

# What a run saw is known, whatever the lines say.
use_hook cancelint-new
git branch -q --unset-upstream
cancelint check --fail-on none --progress never >/dev/null
sed -i 's/job_start();/job_start(); \/* changed *\//' other.c
commit "a run saw it"

# The first commit of a repository.
git init -q "$folder/first"
cp -r build .gitignore job.h "$inputs/leak.c" "$folder/first"
cd "$folder/first"
use_hook cancelint-new
/usr/bin/pre-commit install >/dev/null
database leak.c
commit "first commit"
cd "$folder/project"

cp "$folder/hooks/integrations/pre-commit/git-hook" .git/hooks/pre-commit
echo '/* changed */' >>job.c
commit "plain hook"
cp "$inputs/mended.c" job.c
commit "plain hook, mended"
