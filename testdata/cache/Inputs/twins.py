"""Writes a compile database in which files are compiled twice, with options that differ."""
import json
import os

HERE = os.getcwd()
ENTRIES = (
    ("plain.c", "-Ip/one -Done_EXPORTS -fPIC", "-Ip/two"),  # nothing of this matters
    ("mode.c", "-DMODE=1", "-DMODE=2"),  # spelled in the file
    ("asked.c", "", "-DDEEP"),  # a header asks whether it is there
    ("shadow.c", "-Ione", "-Itwo"),  # another header is found
    ("hidden.c", "-Inone", "-Ithree"),  # a directory is not there, the other one is
    ("kind.c", "-DA_EXPORTS -fPIC", "-DB_EXPORTS -fPIE"),  # the source asks for the kind of code
    ("pasted.c", "-DONE_TWO=1", "-DONE_TWO=2"),  # the name is made of two
)
json.dump([{"directory": HERE, "file": f, "command": f"cc {options} -c {f}"} for f, *both in ENTRIES for options in both],
          open("compile_commands.json", "w", encoding="utf-8"))
