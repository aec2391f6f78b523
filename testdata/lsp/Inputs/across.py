"""What other units say, as earlier runs of `check` have left it in the cache."""
import json
import os
import pathlib
import shutil
import signal
import threading

import client

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "across" / "Inputs" / "wrappers"
MODELS = str(SAMPLE.parents[2] / "ctx")
INCLUDE = str(SAMPLE.parents[2] / "include")


def prepare(s):
    files = {p.name: p.read_text() for p in SAMPLE.iterdir()}
    s.project(files, ["-I" + INCLUDE])
    s.check("--models", MODELS)
    return files


def of_check(s, *options):
    """What `check` finds, without looking at what is kept and without keeping anything."""
    done = s.check("--models", MODELS, "--no-db", "--format", "json", *options)
    found = {}
    for f in json.loads(done.stdout)["findings"]:
        if not f.get("suppressed"):
            found.setdefault(f["place"]["file"], []).append((f["place"]["line"], f["rule"], f["message"]))
    return {name: sorted(list_) for name, list_ in found.items()}


def of_server(c, name, version=None):
    return sorted((d["range"]["start"]["line"] + 1, d["code"], d["message"]) for d in c.diagnostics(name, version))


def case_same(s):
    """For each unit, what a run over all of them finds in it."""
    files = prepare(s)
    whole, alone = of_check(s), {}
    for name in sorted(files):
        if name.endswith(".c"):
            alone.update(of_check(s, name))
    assert whole != alone, "the sample has findings that need several units"
    c = s.server("--models", MODELS)
    for name in sorted(files):
        if name.endswith(".c"):
            c.open(name)
            assert of_server(c, name) == whole.get(name, []), name
    assert c.stop() == 0


def case_alone(s):
    """Without the cache, or with --no-cache, each unit by itself."""
    files = prepare(s)
    alone = of_check(s, "use.c").get("use.c", [])
    c = s.server("--models", MODELS, "--no-cache")
    c.open("use.c")
    assert of_server(c, "use.c") == alone
    shutil.rmtree(s.folder / ".cancelint")
    c = s.server("--models", MODELS)
    c.open("use.c")
    assert of_server(c, "use.c") == alone
    assert not (s.folder / ".cancelint").exists()


def case_edited(s):
    """They stay known while the file is edited, and are looked up again when it is saved."""
    files = prepare(s)
    c = s.server("--models", MODELS)
    c.open("use.c")
    before = of_server(c, "use.c")
    c.change("use.c", 2, "\n" + files["use.c"])
    assert of_server(c, "use.c", 2) == [(line + 1, rule, message) for line, rule, message in before]
    # another unit says something else now, and a run has seen that
    (s.folder / "make.c").write_text(files["make.c"].replace("return finish(eventfd(0, EFD_CLOEXEC));", "return -1;"))
    c.change("use.c", 3, files["use.c"])
    assert of_server(c, "use.c", 3) == before
    s.check("--models", MODELS)
    c.save("use.c")
    after = of_server(c, "use.c")
    assert after != before and after == of_check(s).get("use.c", []), after


def kill_look_ups(c, enough):
    """Processes of the server that are copies of itself."""
    name = lambda pid: pathlib.Path(f"/proc/{pid}/comm").read_text()
    while not enough.is_set():
        for pid in client.children(c.server.pid):
            try:
                if name(pid) == name(c.server.pid):
                    os.kill(pid, signal.SIGKILL)
            except OSError:
                pass  # it has ended


def case_look_up_dies(s):
    """What was known stays known when it cannot be looked up again."""
    prepare(s)
    c = s.server("--models", MODELS)
    c.open("use.c")
    before, alone = of_server(c, "use.c"), of_check(s, "use.c").get("use.c", [])
    assert before != alone
    enough = threading.Event()
    killer = threading.Thread(target=kill_look_ups, args=(c, enough), daemon=True)
    killer.start()
    for _ in range(50):
        c.save("use.c")
        assert of_server(c, "use.c") == before
        if "stays as it was known: the process that looks it up has died" in s.log.read_text():
            break
    else:
        raise AssertionError("no process was met")
    enough.set()
    killer.join()
    c.save("use.c")
    assert of_server(c, "use.c") == before


def case_nothing_left(s):
    """What is kept of units for a while is gone in the end, and also when the client is gone in the middle."""
    prepare(s)
    place = s.folder / "tmp"
    place.mkdir()
    for leave in (lambda c: c.stop(), lambda c: c.server.stdin.close() or c.server.wait(client.WAIT)):
        c = s.server("--models", MODELS, environment={"TMPDIR": str(place)})
        c.open("use.c")
        of_server(c, "use.c")
        assert list(place.iterdir()), "facts are kept there meanwhile"
        c.save("use.c")
        leave(c)
        assert not list(place.iterdir())


def case_saved_elsewhere(s):
    """A unit that has changed since the last run says nothing: no wrong word is better than an old one."""
    files = prepare(s)
    (s.folder / "make.c").write_text(files["make.c"] + "\nint more;\n")
    c = s.server("--models", MODELS)
    c.open("use.c")
    whole = of_check(s).get("use.c", [])
    found = of_server(c, "use.c")
    assert found != whole and set(found) <= set(whole) | set(of_check(s, "use.c").get("use.c", [])), found


if __name__ == "__main__":
    client.run_cases(globals())
