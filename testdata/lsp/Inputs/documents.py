"""Open, change, save, close; what is on the screen is what is analysed."""
import client
from client import JOBS, LEAK, LEAK_LINE, MENDED, rules_of


def leaks(diagnostics):
    return [d for d in diagnostics if d["code"] == "missing-cancel"]


def case_open(s):
    s.project({"leak.c": LEAK})
    c = s.server()
    c.open("leak.c", version=7)
    [d] = c.diagnostics("leak.c", 7)
    assert d["code"] == "missing-cancel" and d["source"] == "cancelint" and d["severity"] == 2 and "tags" not in d, d
    assert d["range"] == client.span(4, 17, 4, 26), d["range"]
    assert d["codeDescription"]["href"].endswith("/missing-cancel/rule.md"), d
    steps = d["relatedInformation"]
    assert steps[0]["location"]["uri"] == c.uri("leak.c") and "`j` is made here" in steps[0]["message"], steps
    assert any(x["location"]["range"]["start"]["line"] == 6 for x in steps), steps
    assert c.stop() == 0


def case_change(s):
    s.project({"leak.c": LEAK})
    c = s.server()
    c.open("leak.c")
    assert leaks(c.diagnostics("leak.c", 1))
    c.change("leak.c", 2, MENDED)
    assert c.diagnostics("leak.c", 2) == []
    c.change("leak.c", 3, LEAK)
    assert leaks(c.diagnostics("leak.c", 3))
    # parts of the text, the second as of the text behind the first
    c.change("leak.c", 4, (5, 11, 5, 11, " {"), (6, 2, 6, 12, "job_end(j);\n\t\treturn -1;\n\t}"))
    assert c.diagnostics("leak.c", 4) == []
    assert (s.folder / "leak.c").read_text() == LEAK


def case_many_changes(s):
    """Somebody types: what counts is the last text."""
    s.project({"leak.c": LEAK})
    c = s.server()
    c.open("leak.c")
    c.diagnostics("leak.c", 1)
    for version in range(2, 40):
        c.change("leak.c", version, (0, 0, 0, 0, "/"))
    c.change("leak.c", 40, MENDED)
    assert c.diagnostics("leak.c", 40) == []
    published = [m["params"]["version"] for m in c.kept if m.get("method") == "textDocument/publishDiagnostics"]
    assert len(published) < 20 and published == sorted(published), published


def case_save(s):
    """A header that is saved is read by the sources that include it."""
    s.project({"leak.c": LEAK})
    c = s.server()
    c.open("leak.c")
    assert leaks(c.diagnostics("leak.c"))
    (s.folder / "job.h").write_text(JOBS.replace('annotate("cancelint:create(handle=return,family=job)")', "unused"))
    c.open("job.h", version=3)
    c.save("job.h")
    assert c.diagnostics("leak.c") == []


def case_unsaved_header(s):
    s.project({"leak.c": LEAK})
    c = s.server()
    c.open("leak.c")
    assert leaks(c.diagnostics("leak.c", 1))
    c.open("job.h")
    c.change("job.h", 2, JOBS.replace("job_start(void)", "job_begin(void)"))
    c.change("leak.c", 2, LEAK.replace("job_start", "job_begin"))
    [d] = c.diagnostics("leak.c", 2)
    assert "job_begin" in d["message"], d


def case_header_changes(s):
    """What is on the screen of a header is what sources include: when it is changed, and until it is closed."""
    s.project({"leak.c": LEAK})
    plain = JOBS.replace('annotate("cancelint:create(handle=return,family=job)")', "unused")
    c = s.server()
    c.open("leak.c")
    assert leaks(c.diagnostics("leak.c"))
    c.open("job.h")
    c.change("job.h", 2, plain[:40])
    c.change("job.h", 3, plain)
    assert c.diagnostics("leak.c") == []
    c.close("job.h")
    assert leaks(c.diagnostics("leak.c"))
    c.open("job.h", plain)
    assert c.diagnostics("leak.c") == []


def case_header_mended(s):
    """A source that has never compiled, for an error in a header, does once that is mended and saved."""
    s.project({"leak.c": LEAK})
    (s.folder / "job.h").write_text(JOBS + "int x = (;\n")
    c = s.server()
    c.open("leak.c")
    assert rules_of(c.diagnostics("leak.c")) == ["not-analysed"]
    (s.folder / "job.h").write_text(JOBS)
    c.open("job.h")
    c.save("job.h")
    assert leaks(c.diagnostics("leak.c"))


def case_error_in_header(s):
    """An error that is in another file is told with its place."""
    s.project({"leak.c": LEAK, "sub/wrong.h": "\nint x = (;\n"})
    c = s.server()
    c.open("leak.c", '#include "sub/wrong.h"\n' + LEAK)
    [d] = c.diagnostics("leak.c")
    assert "does not compile: sub/wrong.h:2: expected expression" in d["message"], d
    assert d["range"]["start"]["line"] == 0, d
    c.change("leak.c", 2, LEAK + "int x = (;\n")
    [d] = c.diagnostics("leak.c", 2)
    assert "does not compile: expected expression" in d["message"], d
    assert d["range"]["start"]["line"] == LEAK.count("\n"), d


def case_link(s):
    """A path that leads to the same file: of a source, and of a header that it includes."""
    s.project({"leak.c": LEAK, "use.c": '#include "inline.h"\n', "inline.h": LEAK.replace("int leak", "static inline int leak")})
    c = s.server(folder=s.link())
    c.open("leak.c")
    assert leaks(c.diagnostics("leak.c"))
    before = "/* \U0001d11e */"
    c.change("leak.c", 2, "\n" + LEAK.replace("struct job *j", before + "struct job *j"))
    [d] = c.diagnostics("leak.c", 2)
    assert d["range"]["start"] == {"line": LEAK_LINE + 1, "character": 17 + len(before.encode())}, d
    c.open("use.c")
    c.diagnostics("use.c")
    c.open("inline.h")
    assert leaks(c.diagnostics("inline.h"))
    c.change("inline.h", 2, "\n" + LEAK.replace("int leak", "static inline int leak").replace("struct job *j", before + "struct job *j"))
    [d] = c.diagnostics("inline.h", 2)
    assert d["range"]["start"] == {"line": LEAK_LINE + 1, "character": 17 + len(before.encode())}, d


def case_unsaved_file(s):
    """A file that is nowhere but on the screen, and in the compile database."""
    s.project({"leak.c": LEAK})
    (s.folder / "leak.c").unlink()
    c = s.server()
    c.open("leak.c", LEAK)
    assert leaks(c.diagnostics("leak.c"))


def case_header(s):
    """What is found in a header, with the command of a unit that includes it."""
    s.project({"use.c": '#include "inline.h"\n', "inline.h": LEAK.replace("int leak", "static inline int leak")})
    c = s.server()
    c.open("inline.h")
    [d] = c.diagnostics("inline.h")
    assert d["code"] == "no-compile-command" and d["severity"] == 4 and "no unit that includes this header" in d["message"], d
    c.open("use.c")
    assert c.diagnostics("use.c") == []
    [d] = leaks(c.diagnostics("inline.h"))
    assert d["range"]["start"]["line"] == LEAK_LINE, d


def case_header_of_earlier_run(s):
    s.project({"use.c": '#include "inline.h"\n', "other.c": "int other;\n",
               "inline.h": LEAK.replace("int leak", "static inline int leak")})
    s.check()
    c = s.server()
    c.open("inline.h")
    assert leaks(c.diagnostics("inline.h"))
    c.change("inline.h", 2, MENDED.replace("int leak", "static inline int leak"))
    assert c.diagnostics("inline.h", 2) == []


def case_close(s):
    s.project({"leak.c": LEAK})
    c = s.server()
    c.open("leak.c")
    assert leaks(c.diagnostics("leak.c"))
    c.close("leak.c")
    assert c.diagnostics("leak.c") == []
    c.open("leak.c", version=5)
    assert leaks(c.diagnostics("leak.c", 5))


def case_stale(s):
    """Half-typed code: the last good findings stay, where their lines went, and say what they are."""
    s.project({"leak.c": LEAK})
    c = s.server()
    c.open("leak.c")
    c.diagnostics("leak.c", 1)
    c.change("leak.c", 2, (1, 0, 1, 0, "int half = (\n\n"))
    found = c.diagnostics("leak.c", 2)
    [d] = leaks(found)
    assert d["data"]["stale"] is True and "last text that could be analysed" in d["message"], d
    assert d["range"]["start"] == {"line": LEAK_LINE + 2, "character": 17}, d
    assert d["relatedInformation"][0]["location"]["range"]["start"]["line"] == LEAK_LINE + 2, d
    [why] = [x for x in found if x["code"] == "not-analysed"]
    assert why["severity"] == 3 and why["range"]["start"]["line"] > 0 and "does not compile" in why["message"], why
    assert not [a for a in c.actions("leak.c", LEAK_LINE + 2) if "edit" in a]
    c.change("leak.c", 3, LEAK)
    [d] = c.diagnostics("leak.c", 3)
    assert d["data"]["stale"] is False, d


def case_never_compiled(s):
    """Nothing is known of it: that is not clean."""
    s.project({"broken.c": "int broken = (;\n"})
    c = s.server()
    c.open("broken.c")
    [d] = c.diagnostics("broken.c")
    assert d["code"] == "not-analysed" and d["range"]["start"]["line"] == 0, d


def case_no_command(s):
    s.project({"leak.c": LEAK})
    (s.folder / "new.c").write_text(LEAK)
    c = s.server()
    c.open("new.c")
    [d] = c.diagnostics("new.c")
    assert d["code"] == "no-compile-command" and d["severity"] == 4 and d["range"]["start"]["line"] == 0, d
    assert "has no compile command for it" in d["message"] and "-p" in d["message"], d
    assert c.notified("window/showMessage") == {"type": 2, "message": d["message"]}
    c.change("new.c", 2, MENDED)
    assert c.diagnostics("new.c", 2)
    assert not [m for m in c.kept if m.get("method") == "window/showMessage"]  # once is enough
    client.project(s.folder, {"leak.c": LEAK, "new.c": LEAK})  # built meanwhile
    c.save("new.c")
    assert c.diagnostics("new.c") == []  # its buffer is the mended text


def case_no_database(s):
    s.project({"leak.c": LEAK})
    (s.folder / "build" / "compile_commands.json").unlink()
    c = s.server()
    c.open("leak.c")
    [d] = c.diagnostics("leak.c")
    assert "compile_commands.json" in d["message"] and "CMAKE_EXPORT_COMPILE_COMMANDS" in d["message"], d


def case_watched(s):
    """A compile database that comes later: the client is asked to tell."""
    s.project({"leak.c": LEAK})
    database = s.folder / "build" / "compile_commands.json"
    database.rename(s.folder / "later")
    c = s.server(capabilities={"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}})
    [asked] = c.until(lambda m: m.get("method") == "client/registerCapability")["params"]["registrations"]
    assert asked["method"] == "workspace/didChangeWatchedFiles", asked
    assert {"globPattern": "**/compile_commands.json"} in asked["registerOptions"]["watchers"], asked
    c.open("leak.c")
    assert rules_of(c.diagnostics("leak.c")) == ["no-compile-command"]
    (s.folder / "later").rename(database)
    c.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": database.as_uri(), "type": 1}]})
    assert leaks(c.diagnostics("leak.c"))


def case_build_dir(s):
    s.project({"leak.c": LEAK})
    (s.folder / "build").rename(s.folder / "out")
    c = s.server("-p", "out")
    c.open("leak.c")
    assert leaks(c.diagnostics("leak.c"))


def case_settings(s):
    """Rules, suppressions and a configuration count as in `check`; a configuration that is wrong is told."""
    s.project({"leak.c": LEAK, "quiet.c": LEAK.replace("job_start();", "job_start(); // cancelint-allow(missing-cancel): test")})
    c = s.server("--rules", "unchecked-done")
    c.open("leak.c")
    assert c.diagnostics("leak.c") == []
    c = s.server()
    c.open("quiet.c")
    assert c.diagnostics("quiet.c") == []
    (s.folder / ".cancelint.yaml").write_text("rules:\n  disable: [missing-cancel]\n")
    c.open("leak.c")
    assert c.diagnostics("leak.c") == []
    (s.folder / ".cancelint.yaml").write_text("ruels: 1\n")
    c.save("leak.c")
    assert "ruels" in c.notified("window/showMessage")["message"]
    [d] = c.diagnostics("leak.c", 1)
    assert d["code"] == "not-analysed" and "ruels" in d["message"], d


def case_models_directory(s):
    """A file in a directory of models is changed in its place."""
    from requests import CALLS, MODEL
    s.project({"calls.c": CALLS, "models/calls.yaml": MODEL, ".cancelint.yaml": "models: [models]\n"})
    c = s.server()
    c.open("calls.c")
    assert rules_of(c.diagnostics("calls.c")) == ["context-not-forwarded"] * 2
    (s.folder / "models" / "calls.yaml").write_text("library: calls\n")
    c.save("calls.c")
    assert c.diagnostics("calls.c") == []


def case_unused_comment(s):
    """A comment that silences nothing is told in a project of one unit; with more, it may be about what others say."""
    text = MENDED.replace("job_start();", "job_start(); // cancelint-allow(missing-cancel): test")
    s.project({"one.c": text})
    c = s.server()
    c.open("one.c")
    assert rules_of(c.diagnostics("one.c")) == ["unused-suppression"]
    s.project({"one.c": text, "two.c": "int two;\n"})
    c.save("one.c")
    assert c.diagnostics("one.c") == []


def case_encodings(s):
    """The same place in bytes and in units of UTF-16, and the end of lines of all kinds."""
    text = LEAK.replace("\tstruct job *j = job_start();", '\tconst char *s = "äß𝄞"; struct job *j = job_start(); (void)s;')
    before = '\tconst char *s = "äß𝄞"; struct job *j = '
    s.project({"leak.c": text})
    for offered, chosen, column in ((["utf-8"], "utf-8", len(before.encode())),
                                    (["utf-16"], "utf-16", len(before.encode("utf-16-le")) // 2), (None, "utf-16", 0)):
        column = column or len(before.encode("utf-16-le")) // 2
        c = s.server(capabilities={"general": {"positionEncodings": offered}} if offered else {})
        assert c.capabilities["positionEncoding"] == chosen
        c.open("leak.c")
        [d] = c.diagnostics("leak.c", 1)
        assert d["range"]["start"] == {"line": LEAK_LINE, "character": column}, (chosen, d)
        # an edit behind these characters
        c.change("leak.c", 2, (LEAK_LINE, column, LEAK_LINE, column + len("job_start()"), "(struct job *)0"))
        assert c.diagnostics("leak.c", 2) == [], chosen
        c.change("leak.c", 3, text.replace("\n", "\r\n"))
        [d] = c.diagnostics("leak.c", 3)
        assert d["range"]["start"] == {"line": LEAK_LINE, "character": column}, (chosen, d)
        c.change("leak.c", 4, (LEAK_LINE, column, LEAK_LINE, column + len("job_start()"), "(struct job *)0"))
        assert c.diagnostics("leak.c", 4) == [], chosen
        assert c.stop() == 0


def case_odd_names(s):
    name = "mit leer %41 ü#.c"
    s.project({name: LEAK})
    c = s.server()
    c.open(name)
    [d] = c.diagnostics(name)
    assert d["relatedInformation"][0]["location"]["uri"] == c.uri(name), d


def case_no_file(s):
    """A buffer without a file is no business of ours, and does no harm."""
    s.project({"leak.c": LEAK})
    c = s.server()
    c.notify("textDocument/didOpen", {"textDocument": {"uri": "untitled:one", "languageId": "c", "version": 1, "text": LEAK}})
    c.open("leak.c")
    assert rules_of(c.diagnostics("leak.c")) == ["missing-cancel"]
    c.notify("textDocument/didChange", {"textDocument": {"uri": "untitled:one", "version": 2}, "contentChanges": [{"text": MENDED}]})
    c.notify("textDocument/didSave", {"textDocument": {"uri": "untitled:one"}})
    c.change("leak.c", 2, MENDED)
    assert c.diagnostics("leak.c", 2) == []
    assert c.stop() == 0
    about = [m for m in c.kept if m.get("params", {}).get("uri", "").startswith("untitled")]
    assert not about, about


if __name__ == "__main__":
    client.run_cases(globals())
