"""A copy of a project with a compile database, for bench.py."""
import collections
import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess

Unit = collections.namedtuple("Unit", "directory file args cxx")
VERSION = "19"  # of clang and clang-tidy, where there are several
CXX = (".cc", ".cpp", ".cxx", ".c++", ".C")
SOURCES = CXX + (".c",)
LAUNCHERS = ("ccache", "sccache", "distcc", "icecc")  # stand before the compiler
LEFT_OUT = shutil.ignore_patterns(".git", ".cancelint", "*.o", "*.a", "*.so", "*.so.*", "*.pch", "*.gch")


def split_name(name):
    root, _, build = name.partition("=")
    root = os.path.realpath(root)
    for at in [build] if build else [os.path.join(root, "build"), root]:
        if os.path.exists(os.path.join(at, "compile_commands.json")):
            return root, os.path.realpath(at)
    raise SystemExit(f"bench: no compile_commands.json in {build or root + '/build or ' + root}; name its directory: {root}=BUILD")


def harmless(args, file, directory):
    """Without compiler, file, output and dependency flags."""
    out, skip = [], False
    launched = os.path.basename(args[0]) in LAUNCHERS
    for a in args[2 if launched else 1:]:
        if skip:
            skip = False
        elif a in ("-o", "-MF", "-MT", "-MQ"):
            skip = True
        elif a in ("-c", "-MD", "-MMD", "-MP", "-Winvalid-pch") or re.match(r"-M[FTQ]|-o.", a):
            continue
        elif not a.startswith("-") and os.path.realpath(os.path.join(directory, a)) == file:
            continue
        else:
            out.append(a)
    return out


def for_gcc(args):
    """Without what only clang knows; warnings are off anyway."""
    return [a for a in args if not re.match(r"-W(?!p,|a,)|-f(color|diagnostics|no-limit|experimental)|-ferror-limit|--?target|-Q", a)]


def evenly(items, most):
    return [items[i * len(items) // most] for i in range(most)] if most and len(items) > most else items


def evenly_within(items, most):
    """Neither the first nor the last ones, if there are more."""
    return [items[(2 * i + 1) * len(items) // (2 * most)] for i in range(most)] if len(items) > most else items


@contextlib.contextmanager
def changed(path, text):
    """More text at the end of a file, for a while."""
    with open(path, "rb") as f:
        old = f.read()
    try:
        with open(path, "ab") as f:
            f.write(f"\n{text}\n".encode())
        yield
    finally:
        with open(path, "wb") as f:
            f.write(old)


def program(*names):
    for name in names:
        if shutil.which(name):
            return shutil.which(name)
    raise SystemExit(f"bench: none of these programs is there: {', '.join(names)}")


def clang(unit):
    name = "clang++" if unit.cxx else "clang"
    return program(f"{name}-{VERSION}", name)


def for_linking(argument):
    """Units that differ in nothing else are one for cancelint."""
    return re.fullmatch(r"-f(no-)?(PIC|pic|PIE|pie)|-DPIC", argument)


class Copy:
    """`accepts(unit)` gives the cost of its parse; `failed` units are left out, they are none of the tools' business. `most`: so many
    files, 0 for all; None: each entry of the database."""

    def __init__(self, name, folder, most, accepts):
        root, build = split_name(name)
        self.name, self.folder = os.path.basename(root), folder
        self.root = os.path.join(folder, self.name)
        shutil.copytree(root, self.root, symlinks=True, ignore=LEFT_OUT)
        inside = build == root or build.startswith(root + os.sep)
        self.build = os.path.normpath(os.path.join(self.root, os.path.relpath(build, root))) if inside else build
        units = self.load(root, build, most is None)
        self.all_units = len(units)
        self.units = self.choose(units, most, accepts)
        self.build = os.path.join(folder, "database")
        self.write()
        self.find_header()

    def load(self, root, build, whole):
        with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as f:
            entries = json.load(f)
        of_root = re.compile(rf'^((?:-I|-isystem|-iquote|-idirafter|-include|[^/]*=["\\]*)?){re.escape(root)}(?=/|["\\]|$)')
        moved = lambda text: of_root.sub(lambda m: m.group(1) + self.root, text)
        units = collections.OrderedDict()
        for e in entries:
            directory = moved(os.path.realpath(e["directory"]))
            args = [moved(a) for a in e.get("arguments") or shlex.split(e["command"])]
            file = os.path.realpath(os.path.join(directory, moved(e["file"])))
            if file.endswith(SOURCES) and os.path.exists(file):
                args = tuple(harmless(args, file, directory))
                key = (file, directory, tuple(a for a in args if not for_linking(a))) if whole else file
                units.setdefault(key, Unit(directory, file, args, file.endswith(CXX)))
        return list(units.values())

    def count(self, files):
        return sum(u.file in files for u in self.units)

    def choose(self, units, most, accepts):
        costs = [(u, accepts(u)) for u in evenly(units, most)]
        good = [(u, c) for u, c in costs if not c.failed]
        if not good:
            raise SystemExit(f"bench: {self.name}: clang accepts none of {len(costs)} units")
        self.files = list(dict.fromkeys(u.file for u, _ in sorted(good, key=lambda x: x[1].cpu)))
        self.cxx = sum(u.cxx for u, _ in good) * 2 > len(good)
        self.lines = sum(open(u.file, "rb").read().count(b"\n") for u, _ in good)
        return [u for u, _ in good]

    def write(self):
        os.makedirs(self.build)
        with open(os.path.join(self.build, "compile_commands.json"), "w", encoding="utf-8") as f:
            json.dump([{"directory": u.directory, "file": u.file,
                        "arguments": ["c++" if u.cxx else "cc", *u.args, "-c", u.file]} for u in self.units], f)

    def find_header(self):
        """The header of the project that nearest to half of the units include, and their files."""
        users = collections.defaultdict(set)
        for u in self.units:
            done = subprocess.run([clang(u), "-MM", "-w", *u.args, u.file], cwd=u.directory, capture_output=True, text=True, check=False)
            for name in re.findall(r"(?:\\.|[^\s\\])+", done.stdout.replace("\\\n", " "))[1:]:
                path = os.path.realpath(os.path.join(u.directory, name))
                if path != u.file and path.startswith(self.root + os.sep):
                    users[path].add(u.file)
        some = [(abs(len(v) - len(self.units) / 2), k) for k, v in users.items() if len(v) < len(self.units)] or [(0, k) for k in users]
        self.header = min(some)[1] if some else None
        self.includers = users[self.header] if some else set()
