"""Vim with ALE, as a real client of both ways that docs/editors.md shows: runs ale.vim in a project."""
import os
import pathlib
import subprocess

import client
import page

SCRIPT = pathlib.Path(__file__).with_suffix(".vim")


def vim(s, settings, saved=""):
    """What it reports, with these settings in its configuration."""
    home, report = s.log.parent / "home", s.log.parent / "report.txt"
    home.mkdir()
    (home / "settings.vim").write_text(settings)
    (s.folder / "CMakeLists.txt").touch()  # where ALE takes the project to be
    environment = {**os.environ, "HOME": str(home), "REPORT": str(report), "SETTINGS": str(home / "settings.vim"),
                   "FILE": str(s.folder / "leak.c"), "SAVED": str(saved),
                   "PATH": os.path.dirname(s.cancelint) + ":" + os.environ["PATH"]}
    done = subprocess.run(["vim", "-N", "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", SCRIPT], env=environment, cwd=s.folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    text = report.read_text() if report.exists() else ""
    print(text + done.stdout + done.stderr)
    assert done.returncode == 0 and "not ok" not in text, done.returncode
    return text


def case_server(s):
    s.project({"leak.c": client.LEAK})
    assert "a change makes it vanish" in vim(s, page.block_with("editors.md", "ale#linter#Define"))


def case_clang_tidy(s):
    s.project({"leak.c": client.LEAK})
    (s.folder.parent / "mended.c").write_text(client.MENDED)
    found = vim(s, page.block_with("editors.md", "g:ale_c_clangtidy_executable"), saved=s.folder.parent / "mended.c")
    assert "a change that is saved makes it vanish" in found


if __name__ == "__main__":
    client.run_cases(globals())
