"""usage: kept.py CANCELINT FOLDER...   Compares dumps of the sources with dumps of what is kept of them."""
import os
import subprocess
import sys

INCLUDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "include")


def dump(cancelint, stage, path, *options):
    command = [cancelint, "dump", stage, *options, path, "--", "-I" + INCLUDE]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode, done.stdout


def main():
    cancelint, folders = sys.argv[1], sys.argv[2:]
    compared = 0
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            for stage in ("ir", "calls", "summaries") if name.endswith((".c", ".cpp")) else ():
                code, plain = dump(cancelint, stage, path)
                if code:
                    break  # it needs headers or flags that are not given here
                if dump(cancelint, stage, path, "--kept") != (0, plain):
                    sys.exit(f"{path}: 'dump {stage}' differs with --kept")
                compared += 1
    if compared < 30:
        sys.exit(f"only {compared} dumps were compared")


if __name__ == "__main__":
    main()
