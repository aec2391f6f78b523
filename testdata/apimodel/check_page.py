"""Every role, key and word of the vocabulary is on the page, each in backquotes."""
import pathlib
import re
import sys

folder, page = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_text()


def rows(file, pattern):
    """Of the tables, not of the comment above them."""
    return re.findall("^" + pattern, (folder / file).read_text(), re.MULTILINE)


names = rows("include/roles.def", r'ROLE\(\w+, *"([\w-]+)"')
names += rows("slots.def", r'SLOT\(\w+, *"([\w-]+)"')
names += rows("words.def", r'WORD\(\w+, *"([\w-]+)"')
missing = [name for name in names if f"`{name}`" not in page]
if missing:
    print("not on the page:", ", ".join(missing))
sys.exit(1 if missing or len(names) < 80 else 0)
