#!/usr/bin/env python3
"""Writes manual pages and completions for bash, zsh and fish from the help texts of cancelint.

    from_help.py --cancelint BIN [--also BIN]... OUT      OUT/man1, OUT/bash, OUT/zsh, OUT/fish
"""
import argparse
import collections
import os
import re
import subprocess

Option = collections.namedtuple("Option", "letter name arg help")
Help = collections.namedtuple("Help", "name summary text options")

OPTION = re.compile(r"  (?:-(\w), |    )--([\w-]+)(?: ([^ ].*?)|(\[=.*?\]))?(?:  +(.*))?$")
COMMAND = re.compile(r"  ([a-z]+) +(\S.*)$")


def help_of(*command):
    done = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True)
    return done.stdout


def options_of(text):
    found = []
    for line in text.splitlines():
        option = OPTION.match(line)
        if option:
            found.append(Option(option[1], option[2], option[3] or "", option[5] or ""))
        elif found and line.startswith(" " * 20):
            found[-1] = found[-1]._replace(help=(found[-1].help + " " + line.strip()).strip())
        elif found and line.strip() == "":
            break
    return found


def commands_of(text):
    block = text.split("\ncommands:\n", 1)[1].split("\n\n", 1)[0]
    return [COMMAND.match(line).groups() for line in block.splitlines()]


def choices_of(option):
    return option.arg.split("|") if "|" in option.arg else []


# ---- manual pages ----

def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def man_blocks(text):
    """Paragraphs as (title, lines); the title of the first is SYNOPSIS."""
    for paragraph in text.rstrip().split("\n\n"):
        lines = paragraph.splitlines()
        title = re.match(r"(usage|options|commands|exit codes|examples?):", lines[0])
        if not title:
            yield "DESCRIPTION", lines
        elif title[1] == "usage":
            yield "SYNOPSIS", [line.replace("usage: ", "       ", 1)[7:] for line in lines]
        else:
            yield {"exit codes": "EXIT STATUS", "example": "EXAMPLES"}.get(title[1], title[1].upper()), lines[1:]


def man_option(option):
    names = (f"\\-{option.letter}, " if option.letter else "") + roff("--" + option.name)
    return f".TP\n\\fB{names}\\fR {roff(option.arg)}\n{roff(option.help)}"


def man_page(h, version):
    title = h.name.replace(" ", "-")
    parts = [f'.TH "{title.upper()}" 1 "" "cancelint {version}"', ".SH NAME", f"{roff(title)} \\- {roff(h.summary)}"]
    last = ""
    for name, lines in man_blocks(h.text):
        parts.append(f".SH {name}" if name != last else ".PP")
        last = name
        if name == "OPTIONS":
            parts += [man_option(o) for o in h.options]
        else:
            parts += [".nf", *map(roff, lines), ".fi"]
    return "\n".join(parts) + "\n"


# ---- completions ----

def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def bash(helps):
    names = " ".join(h.name.split()[1] for h in helps)
    cases = []
    for h in helps:
        words = " ".join("--" + o.name for o in h.options)
        values = "".join(f"\t\t--{o.name}) words={quoted(' '.join(choices_of(o)))} ;;\n" for o in h.options if choices_of(o))
        inner = f"\t\tcase $previous in\n{values}\t\t*) [ \"${{word#-}}\" = \"$word\" ] || words={quoted(words)} ;;\n\t\tesac\n"
        cases.append(f"\t{h.name.split()[1]})\n{inner}\t\t;;\n")
    return (
        "# Completion of cancelint for bash.\n_cancelint()\n{\n\tlocal word=$2 previous=$3 words=\n"
        f"\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords={quoted(names + ' --help --version')}\n\telse case ${{COMP_WORDS[1]}} in\n"
        + "".join(cases) +
        "\tesac; fi\n\tif [ -n \"$words\" ]; then\n\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
        "\telse\n\t\tcompopt -o filenames\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n\tfi\n}\ncomplete -F _cancelint cancelint\n")


def zsh_text(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def zsh_option(option):
    value = ""
    if option.arg:
        choices = choices_of(option)
        value = f":{zsh_text(option.arg)}:" + (f"({' '.join(choices)})" if choices else "_files")
    return quoted(f"*--{option.name}{'=' if option.arg else ''}[{zsh_text(option.help)}]{value}")


def zsh(helps):
    commands = " ".join(quoted(f"{h.name.split()[1]}:{zsh_text(h.summary)}") for h in helps)
    cases = "".join(f"\t{h.name.split()[1]}) _arguments -S {' '.join(map(zsh_option, h.options))} '*:file:_files' ;;\n" for h in helps)
    return (f"#compdef cancelint\n# Completion of cancelint for zsh.\nlocal -a commands=({commands})\n"
            "if (( CURRENT == 2 )); then\n\t_describe command commands\n\treturn\nfi\n"
            f"local command=${{words[2]}}\n(( CURRENT-- ))\nshift words\ncase $command in\n{cases}esac\n")


def fish(helps):
    lines = ["# Completion of cancelint for fish."]
    for h in helps:
        name = h.name.split()[1]
        lines.append(f"complete -c cancelint -n __fish_use_subcommand -f -a {name} -d {quoted(h.summary)}")
        for o in h.options:
            words = choices_of(o)
            takes = f" -x -a {quoted(' '.join(words))}" if words else " -r" if o.arg else ""
            short = f" -s {o.letter}" if o.letter else ""
            lines.append(f"complete -c cancelint -n '__fish_seen_subcommand_from {name}'{short} -l {o.name}{takes} -d {quoted(o.help)}")
    return "\n".join(lines) + "\n"


# ---- the command ----

def write(out, path, text):
    path = os.path.join(out, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cancelint", required=True)
    parser.add_argument("--also", action="append", default=[], help="a program that gets a manual page only")
    parser.add_argument("out")
    args = parser.parse_args()
    version = subprocess.run([args.cancelint, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    text = help_of(args.cancelint)
    helps = []
    for name, summary in commands_of(text):
        own = help_of(args.cancelint, name)
        helps.append(Help("cancelint " + name, summary, own, options_of(own)))
    pages = [Help("cancelint", "find misuse of cancellation in C and C++", text, options_of(text)), *helps]
    for program in args.also:
        own = help_of(program)
        pages.append(Help(os.path.basename(program), own.split("\n\n")[1].split(". ")[0].replace("\n", " "), own, options_of(own)))
    for page in pages:
        write(args.out, f"man1/{page.name.replace(' ', '-')}.1", man_page(page, version))
    write(args.out, "bash/cancelint", bash(helps))
    write(args.out, "zsh/_cancelint", zsh(helps))
    write(args.out, "fish/cancelint.fish", fish(helps))


if __name__ == "__main__":
    main()
