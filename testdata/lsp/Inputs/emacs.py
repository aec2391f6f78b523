"""Emacs with Eglot, in batch, as a real client: runs eglot.el in a project, with the settings of docs/editors.md."""
import os
import pathlib
import subprocess

import client
import page


def case_eglot(s):
    s.project({"leak.c": client.LEAK})
    home = s.log.parent / "home"
    home.mkdir()
    (home / "settings.el").write_text(page.block_with("editors.md", "eglot-server-programs"))
    environment = {**os.environ, "HOME": str(home), "SETTINGS": str(home / "settings.el"), "FILE": str(s.folder / "leak.c"),
                   "PATH": os.path.dirname(s.cancelint) + ":" + os.environ["PATH"]}
    done = subprocess.run(["emacs", "--batch", "-l", pathlib.Path(__file__).with_name("eglot.el")], env=environment, cwd=s.folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    print(done.stdout + done.stderr)
    assert done.returncode == 0 and "not ok" not in done.stdout and "ok: the server ends" in done.stdout, done.returncode


if __name__ == "__main__":
    client.run_cases(globals())
