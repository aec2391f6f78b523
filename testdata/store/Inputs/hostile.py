"""hostile.py REPOSITORY FILE - makes every program that a repository can name one that writes FILE, after one more commit."""
import os
import stat
import subprocess
import sys

repo, mark = sys.argv[1:]
subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "commit.py"), repo, "last"], check=True)
program = os.path.join(repo, ".git", "hostile.sh")
with open(program, "w", encoding="utf-8") as f:
    f.write(f"#!/bin/sh\necho \"$0 $*\" >> '{mark}'\ncat\n")
os.chmod(program, stat.S_IRWXU)
with open(os.path.join(repo, ".git", "config"), "a", encoding="utf-8") as f:
    f.write(f"""
[core]
\tfsmonitor = {program}
\thooksPath = {repo}/.git/hooks
\tworktree = /usr/include
\tsshCommand = {program}
\tpager = {program}
[diff]
\texternal = {program}
[diff "hostile"]
\ttextconv = {program}
\tcommand = {program}
[filter "hostile"]
\tclean = {program}
\tsmudge = {program}
\tprocess = {program}
\trequired = true
""")
with open(os.path.join(repo, ".gitattributes"), "w", encoding="utf-8") as f:
    f.write("*.c filter=hostile diff=hostile\n")
os.makedirs(os.path.join(repo, ".git", "hooks"), exist_ok=True)
for name in ("post-index-change", "post-checkout", "pre-auto-gc", "fsmonitor-watchman"):
    os.symlink(program, os.path.join(repo, ".git", "hooks", name))
# The files look changed, so that whoever compares them has to read them.
for name in os.listdir(repo):
    if name.endswith(".c"):
        os.utime(os.path.join(repo, name), (1, 1))
