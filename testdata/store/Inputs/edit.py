"""edit.py FILE OLD NEW [OLD NEW]... - replaces texts in FILE; each must be there."""
import sys

path, words = sys.argv[1], [w.replace("\\n", "\n") for w in sys.argv[2:]]
with open(path, encoding="utf-8") as f:
    text = f.read()
for old, new in zip(words[::2], words[1::2]):
    if old not in text:
        sys.exit(f"{path}: no '{old}'")
    text = text.replace(old, new)
with open(path, "w", encoding="utf-8") as f:
    f.write(text)
