"""Makes a seal say something else: change_seal.py FOLDER boot|away. `boot`, twice, is as it was; `away`: a file outside of the folder."""
import os
import re
import sys

folder, what = sys.argv[1:]
for name in os.listdir(folder):
    path = os.path.join(folder, name)
    if not re.fullmatch(r"[0-9a-f]{32}\.[0-9a-f]{32}", name):
        continue
    times = os.stat(path)
    with open(path, encoding="ascii") as file:
        head, base, boot, *stamps = file.read().split("\n")
    if what == "boot":
        boot = boot[::-1]
    else:
        for part in ("", ".h", ".pch"):
            os.rename(os.path.join(folder, base + part), os.path.join(folder, "..", base + part))
        base = "../" + base
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join([head, base, boot, *stamps]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
