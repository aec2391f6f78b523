"""usage: cutoff.py CANCELINT FOLDER   Edits the sources in FOLDER/src, one at a time, and runs with and without a cache.

The reports must be equal. After edits of the first table no unit is judged again, after those of the second some are.
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, os.pardir, os.pardir, os.pardir)
UNITS = ("open.c", "close.c", "twice.c", "pair.c", "odd.c")


def instead(old, new):
    def edit(text):
        if text.count(old) != 1:
            sys.exit(f"'{old}' is there {text.count(old)} times")
        return text.replace(old, new)
    return edit


def behind(more):
    return lambda text: text + more


def before(more):
    return lambda text: more + text


KNOWN = [
    ("close.c", behind("/* appended */\n")),
    ("close.c", behind("// appended: ; } fd = -1; {\n\n  \n")),
    ("open.c", behind("/* two\n * lines */")),
    ("open.c", instead("How a lamp is opened;\n * in two lines.", "What opens a lamp;\n * two lines of it.")),
    ("open.c", instead("\t// what there is", "    /* it may fail */")),
    ("open.c", instead("\t/* not closed */", "\t// it's \"not closed\"")),
    ("close.c", instead("/* the other one is forgotten */", "// (what about the other one?")),
    ("close.c", instead("It is the process that ends.", "What ends is the process.")),
    ("lamp.h", instead("What a lamp is.", "That is\n * a lamp.")),
    ("lamp.h", behind("#define UNUSED 1\nvoid lamp_dim(struct lamp *l);\n")),
    ("lamp.h", instead("#define LAMPS 4", "#define LAMPS (2 + 2) /* still */")),
    ("pair.h", behind("/* that is all */\n")),
    ("twice.c", behind("// ctx_cancel(stop);\n")),
    ("twice.c", instead("/* once more */", "/* again */")),
]
JUDGED = [
    # comments that findings, their fixes, or suppressions are seen with
    ("open.c", instead("l->sensor = eventfd(0, 0);", "l->sensor = eventfd(0, 0); /* kept */")),
    ("open.c", instead("int fd = eventfd(0, 0);", "int fd = eventfd(0, 0); // cancelint-allow(missing-cancel): here")),
    ("open.c", instead("/* not closed */", "/* cancelint-allow(missing-cancel): not closed */")),
    ("open.c", instead("// what there is", "// NOLINTNEXTLINE")),
    ("close.c", instead("missing-cancel): the process", "missing-cancel): the program")),
    ("close.c", instead("// ends anyway", "// ends in any case")),
    ("close.c", instead("// ends anyway", "")),
    ("close.c", instead("// ends anyway\n", "// ends anyway\n\t// and soon")),
    ("close.c", instead("// cancelint-allow(missing-cancel): the process", "// the process")),
    ("close.c", instead("allow(missing-cancel)", "allow(unchecked-done)")),
    ("twice.c", instead("n++;\n\n", "n++;\n\t// the first\n")),
    ("twice.c", instead("n++;\n\n", "n++;\n\t// the first;\n")),
    ("twice.c", instead("\n\t\tstop);", " /* what stops */\n\t\tstop);")),
    ("twice.c", instead("ctx_cancel(\n", "ctx_cancel(\n/* what stops */\n")),
    ("pair.h", instead("// both", "// two of them")),
    ("pair.h", instead("// both", "// cancelint-allow(*): both")),
    ("pair.c", instead("/* lost, too */", "/* cancelint-allow(missing-cancel): lost */")),
    # text, order and number of lines
    ("open.c", instead("l->sensor = NONE;", "l->sensor = (-1);")),
    ("open.c", instead("int fd = eventfd(0, 0);", "int fd =  eventfd(0, 0);")),
    ("open.c", instead("int fd = eventfd(0, 0);", "int fd = eventfd(0, 0);;")),
    ("open.c", before("/* more */\n")),
    ("open.c", instead("/* not closed */\n", "")),
    ("open.c", instead("\tl->wire = eventfd(0, 0);\n\n\tl->sensor = NONE;", "\tl->sensor = NONE;\n\n\tl->wire = eventfd(0, 0);")),
    ("open.c", lambda text: text.replace("\n", "\r\n")),
    ("open.c", instead("int lamp_lost", "#line 7\nint lamp_lost")),
    ("open.c", instead("int lamp_lost", '#line 7 "lamp.h"\nint lamp_lost')),
    ("pair.h", before("\n")),
    # code
    ("lamp.h", instead("#define LAMPS 4", "#define LAMPS 5")),
    ("lamp.h", instead("int wire, sensor;", "int wire, sensor, more;")),
    ("pair.h", instead("return p[0];", "return p[1];")),
    ("close.c", instead("close(l->wire);", "close(l->wire), close(l->sensor);")),
    ("open.c", instead("\treturn fd + n;", "\tclose(fd);\n\treturn n;")),
    # what is read in more than one way counts as a whole
    ("odd.c", behind("/* appended */\n")),
]


class Project:
    def __init__(self, cancelint, work):
        self.cancelint, self.folder, self.cache = cancelint, os.path.join(work, "src"), os.path.join(work, "cache")
        flags = ["-I" + os.path.join(ROOT, "testdata", "include")]
        with open(self.path("compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump([{"directory": self.folder, "file": f, "arguments": ["cc", *flags, "-c", f]} for f in UNITS], file)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *options):
        command = [self.cancelint, "check", "--no-db", "--progress", "never", "--format", "json", "-v", "--models",
                   os.path.join(ROOT, "testdata", "ctx", "ctx.yaml"), *options]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False, encoding="utf-8")
        if done.returncode not in (0, 1):
            sys.exit(f"exit code {done.returncode}\n{done.stdout}{done.stderr}")
        asked = re.search(r"(\d+) units known from earlier runs; (\d+) questions", done.stderr)
        return done.stdout, int(asked[1]), int(asked[2]), done.stderr

    def warm(self):
        return self.run("--cache", self.cache)

    def compare(self, what, name, edit):
        """The file is edited, looked at with and without the cache, and put back. How many units were known, how many
        questions asked."""
        with open(self.path(name), encoding="utf-8") as file:
            text = file.read()
        with open(self.path(name), "w", encoding="utf-8", newline="") as file:
            file.write(edit(text))
        cold, _, _, _ = self.run("--no-cache")
        warm, known, asked, _ = self.warm()
        again, _, _, _ = self.warm()
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        if not cold == warm == again:
            sys.exit(f"{what}: the report is another one without the cache\n{cold}\n{warm}\n{again}")
        return cold, known, asked


def main():
    project = Project(sys.argv[1], os.path.abspath(sys.argv[2]))
    base, _, _, said = project.warm()
    if "looked at as one: close.c open.c" not in said:
        sys.exit("no units are looked at as one")
    reports = {base}
    for known, edits in ((True, KNOWN), (False, JUDGED)):
        for i, (name, edit) in enumerate(edits):
            what = f"{'known' if known else 'judged'}, edit {i} of {name}"
            report, units, asked = project.compare(what, name, edit)
            reports.add(report)
            if units == len(UNITS):
                sys.exit(f"{what}: nothing has changed")
            if (asked == 0) != known:
                sys.exit(f"{what}: {asked} questions")
            if project.warm()[0] != base:
                sys.exit(f"{what}: when it is taken back, the report is another one than before")
    if len(reports) < 20:
        sys.exit(f"only {len(reports)} reports differ: the edits are not seen in them")


if __name__ == "__main__":
    main()
