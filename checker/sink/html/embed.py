"""Writes the fixed parts of the HTML report as C: embed.py OUT CHART_FOLDER

CHART_FOLDER is that of the package uplot; without it the report has tables in place of charts.
"""
import base64
import hashlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = ["dom.js", "charts.js", "tables.js", "flame.js", "list.js", "finding.js", "main.js"]


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def chart_parts(folder):
    if not os.path.exists(os.path.join(folder, "dist", "uPlot.iife.min.js")):
        return "", ""
    license_text = read(folder, "LICENSE").replace("*/", "* /")
    return f"/*\n{license_text}\n*/\n" + read(folder, "dist", "uPlot.iife.min.js"), read(folder, "dist", "uPlot.min.css")


def literal(name, text):
    """A string in lines, so that no compiler meets one that is too long for it."""
    out = [f"static const char {name}[] ="]
    for line in text.splitlines(keepends=True):
        for at in range(0, len(line), 4000):
            part = line[at:at + 4000].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("?", "\\?")
            out.append(f'\t"{part}"')
    return "\n".join(out if len(out) > 1 else out + ['\t""']) + ";\n"


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def main():
    out, folder = sys.argv[1:]
    if sorted(SCRIPTS) != sorted(name for name in os.listdir(HERE) if name.endswith(".js")):
        sys.exit("embed.py: SCRIPTS has to name every script of this folder, in their order")
    chart, chart_style = chart_parts(folder)
    script = '"use strict";\n(() => {\n' + "".join(read(HERE, name) for name in SCRIPTS) + "})();\n"
    parts = {"style": chart_style + "\n" + read(HERE, "report.css"), "chart": chart, "script": script}
    for name, text in parts.items():
        if "</script" in text or "</style" in text or "<!--" in text:
            sys.exit(f"embed.py: the {name} would end its own element")
    with open(out, "w", encoding="utf-8") as file:
        file.write(literal("html_template", read(HERE, "report.html")))
        for name, text in parts.items():
            file.write(literal("html_" + name, text))
            file.write(literal(f"html_{name}_hash", digest(text)))


if __name__ == "__main__":
    main()
