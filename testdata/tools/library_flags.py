"""Compiler flags of the libraries that tests use, from pkg-config; None when a library is not installed."""
import functools
import os
import re
import shlex
import subprocess

PACKAGES = {
    "glib": ["gio-2.0", "gio-unix-2.0"],
    "uv": ["libuv"],
    "hiredis": ["hiredis"],
    "pq": ["libpq"],
    "curl": ["libcurl"],
}


@functools.lru_cache(maxsize=None)
def package_flags(*packages):
    command = [os.environ.get("PKG_CONFIG", "pkg-config"), "--cflags", *packages]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return shlex.split(done.stdout) if done.returncode == 0 else None


def flags(name):
    return package_flags(*PACKAGES[name])


def expand(text):
    """The words of a flags comment, and the names of missing libraries it asks for."""
    words, missing = [], []
    for word in shlex.split(text):
        library = re.fullmatch(r"%(\w+)_flags", word)
        if not library:
            words.append(word)
        elif library[1] not in PACKAGES or flags(library[1]) is None:
            missing.append(library[1])
        else:
            words += flags(library[1])
    return words, missing
