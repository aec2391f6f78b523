"""hostile.py CANCELINT FOLDER PART: runs cancelint in hostile repositories below the new directory FOLDER, and fails when something
was run, read, written or shown that should not have been.

What is run leaves a mark: all programs that the repository names, and all that PATH has. What is written shows in a listing of
everything outside of FOLDER/repo/.cancelint before and after each command, with the contents. What is shown is looked through for
characters that steer a terminal.
"""
import html.parser
import json
import os
import re
import shlex
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
import unicodedata
import xml.etree.ElementTree

CANCELINT, FOLDER, PART = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3]
REPO, OUTSIDE, RESULTS = (os.path.join(FOLDER, name) for name in ("repo", "outside", "results"))
with open(CANCELINT, "rb") as program:
    SLOWNESS = 5 if b"__asan_init" in program.read() else 1
LIMITS = ["--timeout", str(4 * SLOWNESS), "--memory", "1500", "-j", "2"]
failures = []


def expect(holds, text):
    if not holds:
        failures.append(text)


# ---- what is there ----

def state_of(path):
    info = os.lstat(path)
    if stat.S_ISLNK(info.st_mode):
        return "link", os.readlink(path)
    if not stat.S_ISREG(info.st_mode):
        return stat.S_IFMT(info.st_mode)
    with open(path, "rb") as file:
        return stat.S_IMODE(info.st_mode), hash(file.read(1 << 20)), info.st_size, info.st_mtime_ns


def listing():
    """Everything that is not for cancelint to write: its own folder in the repository, and the results."""
    found = {}
    for base, folders, files in os.walk(os.fsencode(FOLDER)):
        own = [os.path.join(os.fsencode(REPO), b".cancelint"), os.fsencode(RESULTS)]
        folders[:] = [name for name in folders if os.path.join(base, name) not in own or os.path.islink(os.path.join(base, name))]
        for name in folders + files:
            path = os.path.join(base, name)
            found[path] = state_of(path)
    return found


def changes(before, after):
    return [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]


# ---- what is shown ----

def steering(text):
    """Characters that steer a terminal or turn the direction of text."""
    return sorted({f"U+{ord(c):04X}" for c in text
                   if c not in "\n\t" and  (unicodedata.category(c) in ("Cc", "Cf", "Cs") or c in "\u2028\u2029")})


def check_shown(what, data):
    text = data.decode("utf-8", errors="surrogateescape").replace("\r\n", "\n")  # CSV has the former
    bad = steering(text)
    expect(not bad, f"{what} shows {', '.join(bad)}")
    # Runners take lines that begin so for commands.
    commands = [line for line in text.splitlines() if re.match(r"\s*::", line)]
    expect(not commands, f"{what} has the command {commands[:1]}")


# ---- runs ----

def run(*words, code=None, shown=True, limit=60, says="", inside=()):
    """The standard output of cancelint, after all checks that are always due."""
    what = "cancelint " + " ".join(os.fsdecode(word) for word in words)
    environment = {"PATH": os.path.join(FOLDER, "bin"), "HOME": os.path.join(FOLDER, "home"), "LC_ALL": "C.UTF-8",
                   "TMPDIR": os.path.join(FOLDER, "tmp"), "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    before, began = listing(), time.monotonic()
    try:
        done = subprocess.run([CANCELINT, *words], cwd=REPO, env=environment, capture_output=True, timeout=limit * SLOWNESS, check=False,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        failures.append(f"{what}: not done in {limit} s")
        return b""
    print(f"{time.monotonic() - began:5.1f} s  exit {done.returncode}  {steering(what) and repr(what) or what}")
    wrong = [path for path in changes(before, listing()) if os.path.relpath(os.fsdecode(path), REPO) not in inside]
    expect(not wrong, f"{what}: changed {wrong[:3]}")
    expect(done.returncode in (0, 1, 2, 3), f"{what}: exit {done.returncode}: {done.stderr[-300:]!r}")
    if code is not None:
        expect(done.returncode == code, f"{what}: exit {done.returncode}, not {code}: {done.stderr[-600:]!r}")
    expect(re.search(says, (done.stdout + done.stderr).decode(errors="replace")), f"{what}: says {done.stderr[:300]!r}, not {says}")
    if shown:
        check_shown(what, done.stdout)
    check_shown(what + " (errors)", done.stderr)
    return done.stdout


def result(name):
    return os.path.join(RESULTS, name)


def read(name):
    with open(result(name), "rb") as file:
        return file.read()


# ---- the reports ----

MARKUP = ("<img", "</script><", "onerror=alert(1)>")


def check_json():
    report = json.loads(read("r.json"))
    files = {f["place"]["file"] for f in report["findings"]}
    return report, files


def check_text():
    check_shown("the text report", read("r.txt"))


def check_xml():
    for case in xml.etree.ElementTree.fromstring(read("r.xml")).iter():
        for text in [case.text or "", case.tail or "", *case.attrib.values()]:
            expect(not steering(text), f"JUnit holds {steering(text)}")


def check_github():
    lines = read("r.github").decode().splitlines()
    odd = [line for line in lines if not re.match(r"::(error|warning|notice) (file=[^:,]*(,|::)|title=)", line)]
    expect(not odd, f"GitHub gets the line {odd[:1]}")
    expect(not steering("\n".join(lines)), "GitHub gets control characters")


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.handlers, self.links = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.links += [value for name, value in attrs if name in ("href", "src") and value and ":" in value.split("/")[0]]


def check_page(name, scripts):
    text = read(name).decode()
    page = Page(text)
    expect("img" not in page.tags and not page.handlers, f"the page has {page.handlers} or an image")
    expect(page.tags.count("script") == scripts, f"the page has {page.tags.count('script')} scripts, not {scripts}")
    expect(not page.links, f"the page links {page.links[:2]}")
    expect(not any(mark in text for mark in MARKUP), "the page has markup of a repository")
    expect("the secret of the day" not in text, "the page shows a file from outside of the root")
    bad = [c for c in steering(text)]
    expect(not bad, f"the page holds {bad}")


def check_reproducers():
    """The command that is handed to people is one command, and names nothing that the shell would run."""
    place = result("found")
    for number in os.listdir(place):
        with open(os.path.join(place, number, "command"), encoding="utf-8") as file:
            for line in file.read().splitlines():
                words = [] if line.startswith("#") else shlex.split(line)
                expect(not words or words[0] in ("cd", "cancelint"), f"a reproducer has the command {line!r}")


# ---- parts ----

# What becomes of the inputs of make_repository.py; what is not named here can be analysed.
LEFT_OUT = ["argument51.c", "argument52.c", "argument53.c"]  # -x with what is neither C nor C++
OUTCOMES = {"crashed": ["crash.c", "fatal.c"], "memory|timeout": ["macros.c"], "crashed|timeout": ["overflow.c"],
            "failed": ["zero.c", "fifo.c", "folder.c", "self.c", "embed.c", "random.c", "channel.c", "answers.c", "link.c", "tty.c",
                       "module.c", "error.c", "annotation.c", "secret.c", "deep.c", "pipe.h", "sparse.c"]}


def everything():
    run("check", *LIMITS, "--fail-on", "none", "-v", "--format", "text=" + result("r.txt"), "--format", "json=" + result("r.json"),
        "--format", "sarif=" + result("r.sarif"), "--format", "gitlab=" + result("r.gitlab"), "--format", "junit=" + result("r.xml"),
        "--format", "github=" + result("r.github"), "--reproducers", result("found"), code=3, limit=120)
    report, files = check_json()
    names = os.listdir(os.path.join(REPO, "names"))
    expect(len(names) > 10, "no names")
    for name in names:
        expect("names/" + name in files, f"nothing was found in {name!r}")
    for folder in ("arguments", "compilers"):
        for name in os.listdir(os.path.join(REPO, folder)):
            if name not in LEFT_OUT:
                expect(f"{folder}/{name}" in files, f"nothing was found in {folder}/{name}")
    said = {unit["file"]: unit["outcome"] for unit in report["units"] if unit["outcome"] != "ok"}
    for outcome, inputs in OUTCOMES.items():
        for name in inputs:
            found = said.pop("inputs/" + name, "ok")
            expect(found in outcome.split("|"), f"inputs/{name}: {found}, not {outcome}")
    said = {name: outcome for name, outcome in said.items() if name != "names/plain.c"}  # one of its commands includes a device
    expect(not said, f"not analysed: {said}")
    check_text()
    check_xml()
    check_github()
    check_reproducers()
    for name in ("r.sarif", "r.gitlab", "r.json"):
        json.loads(read(name))
        expect(not steering(read(name).decode()), f"{name} has {steering(read(name).decode())}")


def commands():
    """The other commands."""
    few = ["names", "inputs/label.c", "inputs/line.c"]
    run("check", *LIMITS, *few, "--fail-on", "none", "--format", "json=" + result("r.json"), "--format", "sarif=" + result("r.sarif"))
    plain = run("check", *LIMITS, *few, "--fail-on", "none", "--show-suppressed", "--color", "never", "--no-db", shown=True)
    colours = run("check", *LIMITS, *few, "--fail-on", "none", "--show-suppressed", "--color", "always", "--no-db", shown=False)
    expect(re.sub(rb"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b\x07]*(\x1b\\|\x07)", b"", colours) == plain, "colours change the text")
    run("check", *LIMITS, *few, "--progress", "always", "--format", "json=" + result("p.json"), "--explain-config")
    for since in ("HEAD~1", "1", "--output=x", "$(touch PWNED)"):
        run("check", *LIMITS, *few, "--new-since=" + since)
    run("trend", "--by", "author", code=0)
    run("trend", "--by", "directory", "--format", "csv", code=0)
    run("trend", "--format", "json", code=0)
    run("trend", "--format", "openmetrics")
    run("report", "--authors", "-o", result("page.html"), code=0)
    check_page("page.html", read("page.html").decode().count("<script"))
    run("diff", "1", "last")
    run("diff", result("r.json"), result("r.sarif"), "-v")
    run("db", "check", code=0)
    report, _ = check_json()
    odd = [f["id"] for f in report["findings"] if "esc" in json.dumps(f)][:1]
    run("explain", *odd, code=0)
    run("check", *LIMITS, "names", "inputs/label.c", "--no-db", "--fix")
    for stage in ("ir", "facts", "cfg", "calls", "summaries"):
        run("dump", stage, "inputs/label.c", "--", code=0)
    run("graph", "calls", "inputs/label.c", "--", code=0)
    run("models", "lint", code=0)
    run("models", "explain", "pipe_end", code=0)
    run("models", "coverage", "names", "inputs/label.c")
    run("models", "test", "models/own.yaml", "--", "-fplugin=" + os.path.join(FOLDER, "bin", "evil.so"))
    run("baseline", "update", result("known.txt"))
    units = []
    for i, name in enumerate(["names/new\nline.c", "names/esc\x1b[31mred.c", "inputs/crash.c"]):
        units.append(result(f"{i}.unit"))
        run("extract", *LIMITS[:2], "-o", units[-1], "--depfile", result(f"{i}.d"), name)
    run("link", *units, "--fail-on", "none", code=3)
    bad = os.path.join(os.fsencode(RESULTS), b"bad\xff\x9b31m.c")
    with open(os.path.join(REPO, "names", "plain.c"), "rb") as source, open(bad, "wb") as copy:
        copy.write(source.read())
    run("check", *LIMITS, "--no-db", "--fail-on", "none", bad, "--", code=3)  # such names are not supported
    json.loads(run("check", *LIMITS, "--no-db", "--fail-on", "none", "--format", "json", bad, "--", code=3))


SOURCE = """#include <unistd.h>
int leak(void)
{
	int fds[2];
	if (pipe(fds) != 0)
		return -1;
	return close(fds[0]);
}
"""


def write(name, text):
    path = os.path.join(REPO, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


def pipe(name):
    os.makedirs(os.path.dirname(os.path.join(REPO, name)), exist_ok=True)
    remove(name)
    os.mkfifo(os.path.join(REPO, name))


def link(target, name):
    os.makedirs(os.path.dirname(os.path.join(REPO, name)), exist_ok=True)
    remove(name)
    os.symlink(target, os.path.join(REPO, name))


def remove(name):
    path = os.path.join(REPO, name)
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def huge(name):
    remove(name)
    with open(os.path.join(REPO, name), "wb") as file:
        file.truncate(1 << 40)


def plain():
    """A repository with one unit, which has one finding."""
    shutil.rmtree(REPO, ignore_errors=True)
    write("a.c", SOURCE)
    write(".cancelint.yaml", "confidence: medium\n")
    write("compile_commands.json", json.dumps([{"directory": REPO, "file": "a.c", "arguments": ["cc", "-c", "a.c"]}]))


def check(code, says, *words):
    run("check", *LIMITS, *words, code=code, says=says, limit=30)


FOUND, SOME = 1, "1 finding in 1 of 1 unit"


def configurations():
    texts = [("{", 2, "yaml:"), ("[" * 100000, 2, "yaml:"), ("a: &a [x]\nb: *a\n", 2, "anchors are not allowed"),
             ("database: ../outside/new.db\n", 2, "'database' is outside"), ("baseline: /etc/passwd\n", 2, "'baseline' is outside"),
             ("models: gone\n", 2, "no such model"), ("models: pipe\n", 2, "cannot read the model"),
             ("models: zero\n", 2, "cannot read the model"), ("models: loop\n", 2, "model"), ("models: /proc/self/fd\n", None, ""),
             ("models: huge\n", 2, "File too large"), ("rules: {enable: \"\\e[31m\"}\n", 2, "control character"),
             ("exclude: [\"" + "*a" * 3000 + "b\"]\n", FOUND, SOME), ("exclude: [\"" + "**/" * 3000 + "b\"]\n", FOUND, SOME),
             ("jobs: 99999999999999999999\n", 2, "'jobs' must be"), ("x" * 2000000, 2, "yaml:")]
    for text, code, says in texts:
        plain()
        write(".cancelint.yaml", text)
        pipe("pipe")
        link("/dev/zero", "zero")
        link("loop", "loop")
        huge("huge")
        check(code, says)
    for make in (pipe, huge, os.mkdir, lambda name: link("/dev/zero", name)):
        for name in (".cancelint.yaml", "compile_commands.json"):
            plain()
            remove(name)
            make(os.path.join(REPO, name))
            check(2, "error: ")
    for text in ("[" * 100000, "[{\"file\": \"" + "a" * 5000000, "[{\"directory\": \"/\", \"file\": \"\udcff\", \"command\": \"cc\"}]",
                 "[{\"directory\": \"\", \"file\": \"\", \"command\": \"\"}]", "[1, null, [], \"\"]"):
        plain()
        write("compile_commands.json", text)
        check(None, "error: |warning: |0 findings")


def own_files():
    """What cancelint keeps in a repository, when the repository has it already."""
    for name, target in ((".cancelint", "../outside"), (".cancelint/findings.db", "../../outside/victim.c"),
                         (".cancelint/findings.db", "../../outside/new.db")):
        plain()
        link(target, name)
        check(2, "symbolic link, which the default database does not follow")
        run("trend")
    for name in ("findings.db-wal", "findings.db-shm", "findings.db-journal", "cache", "cache/cache.db", "cache/cache.db-wal",
                 "cache/cache.db-shm", "cache/facts", ".gitignore"):
        plain()
        check(FOUND, SOME)
        link(os.path.join(OUTSIDE, "" if name in ("cache", "cache/facts") else "victim.c"), ".cancelint/" + name)
        write("a.c", SOURCE + "int more;\n")
        check(None, SOME + "|error: cannot")
    for name in ("findings.db", "cache/cache.db", ".gitignore"):
        plain()
        pipe(".cancelint/" + name)
        check(None, SOME + "|error: ")
    plain()
    write("b.c", "int leak(void);\nint twice(void)\n{\n\treturn leak() + leak();\n}\n")
    write("compile_commands.json", json.dumps([{"directory": REPO, "file": name, "arguments": ["cc", "-c", name]} for name in ("a.c", "b.c")]))
    check(FOUND, "1 finding in 2 of 2 units")
    facts = os.listdir(os.path.join(REPO, ".cancelint", "cache", "facts"))
    expect(facts, "no facts were kept")
    for name in facts:
        pipe(".cancelint/cache/facts/" + name)
    check(FOUND, "1 finding in 2 of 2 units", "-v")
    for name, table in (("cache/cache.db", "unit"), ("findings.db", "runs")):
        database = sqlite3.connect(os.path.join(REPO, ".cancelint", name))
        database.execute(f"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'ran'); END")
        database.commit()
        database.close()
    write("a.c", SOURCE + "int more;\n")
    check(FOUND, "1 finding in 2 of 2 units", "-v")
    check(FOUND, "2 units known from earlier runs", "-v")
    plain()
    write(".cancelint.yaml", "baseline: known.txt\n")
    link("../outside/victim.c", "known.txt.part")
    check(FOUND, SOME, "--no-gates")
    run("baseline", "update", code=0, inside=["known.txt", "known.txt.part"])
    link("../outside/victim.c", "known.txt")
    run("baseline", "update", code=2, says="'baseline' is outside")


def git_files():
    """Where git's files are pipes or devices, the run does without git or says so, in seconds."""
    breaks = [lambda name=name: pipe(name)
              for name in (".git/config", ".git/HEAD", ".gitattributes", ".gitignore", ".git/packed-refs", ".mailmap", ".git/index",
                           ".git/info/exclude", ".git/objects/info/alternates", ".git")]
    breaks += [lambda name=name, text=text: write(name, text)
               for name, text in ((".git/config", "[include]\n\tpath = ../pipe\n[core]\n\tworktree = /\n\trepositoryformatversion = 0\n"),
                                  (".git/config", f"[core]\n\tattributesFile = {REPO}/pipe\n\texcludesFile = {REPO}/pipe\n"),
                                  (".git/objects/info/alternates", "../../pipe\n/dev/zero\n"),
                                  (".git/HEAD", "ref: " + "../" * 50 + "dev/zero\n"))]
    breaks += [lambda: link("/dev/zero", ".git/packed-refs"), lambda: link("/dev/zero", ".git/index"), lambda: huge(".gitattributes"),
               lambda: link("../outside", ".git"), lambda: (remove(".git"), write(".git", "gitdir: /dev/zero\n"))]
    env = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
    git = ["git", "-C", REPO, "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for change in breaks:
        plain()
        subprocess.run(["git", "init", "-q", "-b", "main", REPO], check=True, env=env)
        subprocess.run([*git, "add", "a.c"], check=True, env=env)
        subprocess.run([*git, "commit", "-q", "-m", "first"], check=True, env=env)
        pipe("pipe")
        change()
        check(None, "finding|error: ", "--new-since", "HEAD")
        run("trend", "--by", "author")


def main():
    for name in ("results", "tmp", "home"):
        os.makedirs(os.path.join(FOLDER, name), exist_ok=True)
    mark = os.path.join(OUTSIDE, "PWNED")
    subprocess.run([os.path.join(FOLDER, "bin", "cc")], check=True)
    expect(os.path.exists(mark), "a program that runs leaves no mark")
    os.remove(mark)
    for part in (everything, commands, configurations, own_files, git_files):
        if part.__name__ == PART:
            part()
    marks = [os.path.join(base, name) for base, _, files in os.walk(FOLDER) for name in files if name == "PWNED"]
    expect(not marks, f"something was run: {marks}")
    for failure in failures:
        print("FAILED:", failure.encode("unicode_escape").decode())
    sys.exit(bool(failures))


main()
