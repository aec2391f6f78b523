"""ninja_file.py CANCELINT SOURCE BUILD: a compile database of the sources, and rules that extract each and link them all."""
import json
import os
import sys

cancelint, source, build = sys.argv[1:]
names = [name for name in sorted(os.listdir(source)) if name.endswith(".c")]
os.makedirs(build)
with open(os.path.join(build, "compile_commands.json"), "w") as out:
    json.dump([{"directory": source, "file": name, "arguments": ["cc", "-DSIZE=16", "-c", name]} for name in names], out)
reports = ["json", "sarif", "text"]
units = " ".join(name[:-2] + ".unit" for name in names)
formats = " ".join("--format %s=$$PWD/link.%s" % (kind, kind if kind != "text" else "txt") for kind in reports)
with open(os.path.join(build, "build.ninja"), "w") as out:
    out.write("rule extract\n  command = %s extract $in -p . -o $out --depfile $out.d\n  depfile = $out.d\n" % cancelint)
    out.write("rule link\n  command = %s link $in --no-db --fail-on none --progress never %s\n" % (cancelint, formats))
    for name in names:
        out.write("build %s.unit: extract %s\n" % (name[:-2], os.path.join(source, name)))
    out.write("build link.json link.sarif link.txt: link %s\n" % units)
