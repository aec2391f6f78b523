"""Neovim, headless, as a real client: runs nvim.lua in a project."""
import os
import pathlib
import subprocess

import client


def case_neovim(s):
    s.project({"leak.c": client.LEAK, "slow.c": client.slow()})
    home = s.log.parent / "home"
    home.mkdir()
    script = pathlib.Path(__file__).with_suffix(".lua")
    environment = {**os.environ, "HOME": str(home), "CANCELINT": s.cancelint, "FOLDER": str(s.folder), "LOG": str(s.log)}
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        environment[f"XDG_{name}_HOME"] = str(home)
    done = subprocess.run(["nvim", "--headless", "--clean", "-n", "-c", f"luafile {script}"], env=environment, cwd=s.folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900)
    print(done.stdout + done.stderr)
    assert done.returncode == 0 and "not ok" not in done.stdout and "ok: the server ends" in done.stdout, done.returncode


if __name__ == "__main__":
    client.run_cases(globals())
