"""commit.py DIR MESSAGE - commits everything in DIR, which becomes a repository if it is none, with a compile database of its *.c."""
import glob
import json
import os
import subprocess
import sys

os.chdir(sys.argv[1])
git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
if not os.path.exists(".git"):
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
files = sorted(glob.glob("**/*.c", recursive=True))
with open("compile_commands.json", "w", encoding="utf-8") as f:
    json.dump([{"directory": ".", "command": f"cc -c {name}", "file": name} for name in files], f)
subprocess.run([*git, "add", "-A"], check=True)
subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", sys.argv[2]], check=True)
