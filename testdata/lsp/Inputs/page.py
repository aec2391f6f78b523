"""Settings as a page shows them: its fenced blocks."""
import pathlib
import re

DOCS = pathlib.Path(__file__).resolve().parents[3] / "docs"


def block_with(page, text):
    """The one block of the page that holds the text."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", (DOCS / page).read_text(), re.S | re.M)
    [found] = [b for b in blocks if text in b]
    return found
