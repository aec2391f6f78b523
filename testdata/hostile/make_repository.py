"""make_repository.py FOLDER: a repository that tries to run, read, write or show what it must not.

FOLDER/repo is the repository; beside it is what does not belong to it: FOLDER/outside, whose files nobody may change, and FOLDER/bin
with programs that leave a mark when they run.
"""
import json
import os
import subprocess
import sys

EVIL = "\x1b]0;owned\x07\x1b[31m</script><img src=x onerror=alert(1)>\u202e`x`[l](javascript:1){0}%s%n::error::"
COMMENT = EVIL.replace("\n", " ")

SOURCE = """#include <unistd.h>
// cancelint-allow(no-such-rule): %s
int leak%s(int ask)
{
	int fds[2];
	if (pipe(fds) != 0)
		return -1;
	if (ask)
		return 1; // cancelint-allow(missing-cancel)
	close(fds[0]);
	close(fds[1]);
	return 0;
}
int forget%s(void)
{
	int fds[2];
	if (pipe(fds) != 0)
		return -1;
	close(fds[0]);
	return 0;
}
"""

# Names of sources. A database is JSON, so they are UTF-8; a name that is not is given on the command line.
NAMES = ["plain.c", "esc\x1b[31mred.c", "new\nline.c", "quote'\"\\.c", "%s%n%1$s.c", "-rf.c", "$(touch PWNED).c", "`touch PWNED`.c",
         "bidi\u202ec.c", "[md](x){0}*_.c", "a b;touch PWNED;.c", "::error file=x::y.c", "&lt;!--]]>.c", "@response.c",
         "c1\u0085\u009b31m.c"]

# Arguments that load, run, or write. Each goes into a command of its own, and all of them into one.
ARGUMENTS = [
    ["-fplugin={bin}/evil.so"], ["-Xclang", "-load", "-Xclang", "{bin}/evil.so"], ["-fpass-plugin={bin}/evil.so"],
    ["-Xclang", "-plugin", "-Xclang", "evil"], ["@{repo}/arguments.rsp"], ["-o", "{out}/object.o"], ["-MD", "-MF", "{out}/deps.d"],
    ["-Wp,-MD,{out}/deps2.d"], ["-MMD", "-MJ", "{out}/json.d"], ["--config", "{repo}/evil.cfg"], ["--config={repo}/evil.cfg"],
    ["-fmodules", "-fmodules-cache-path={out}/modules", "-fmodule-map-file={repo}/module.modulemap"], ["-save-temps={out}"],
    ["-save-temps", "-dumpdir", "{out}/x"], ["-ftime-trace={out}/trace.json"], ["-ftime-trace"], ["-fprofile-generate={out}/prof"],
    ["-fprofile-instr-generate={out}/x.profraw"], ["--coverage", "-fprofile-dir={out}"], ["-fprofile-use={repo}/never.profdata"],
    ["-gsplit-dwarf", "-dumpbase", "{out}/y"], ["-fcrash-diagnostics-dir={out}"], ["-gen-reproducer"], ["-emit-pch", "-o", "{out}/a.pch"],
    ["-serialize-diagnostics", "{out}/d.dia"], ["--serialize-diagnostics", "{out}/d2.dia"], ["-Rpass=.*", "-fsave-optimization-record"],
    ["-foptimization-record-file={out}/o.yaml"], ["-Xclang", "-stats-file={out}/stats"], ["-mllvm", "-stats"], ["-B{bin}"],
    ["-wrapper", "{bin}/sh,-c"], ["-specs={repo}/evil.specs"], ["-no-integrated-cpp", "-no-integrated-as"], ["-fuse-ld={bin}/sh"],
    ["--ccc-gcc-name={bin}/sh"], ["-ivfsoverlay", "{repo}/overlay.yaml"], ["-include-pch", "{repo}/evil.pch"],
    ["-include", "{repo}/evil.h.pch"], ["-resource-dir", "{repo}/resource"], ["-dependency-file", "{out}/dep"],
    ["-H", "-header-include-file", "{out}/headers"], ["-index-store-path", "{out}/index"], ["-fdebug-compilation-dir={out}"],
    ["-emit-symbol-graph", "--symbol-graph-dir={out}"], ["-extract-api", "-o", "{out}/api"], ["-E", "-o", "{out}/e"], ["-S"], ["-###"],
    ["-fsanitize-ignorelist={out}/none"], ["-x", "c-header"], ["-x", "ir"], ["-x", "cuda"], ["-x", "assembler-with-cpp"],
    ["-Xpreprocessor", "-MD"], ["-Xassembler", "-x"], ["-Xlinker", "-o{out}/l"], ["-Wa,-al={out}/listing"], ["-T{repo}/x.ld"],
]

COMPILERS = [["/bin/sh", "-c", "touch {out}/PWNED"], ["{bin}/cc"], ["ccache", "{bin}/cc"], ["env", "-i", "{bin}/cc"], ["./cc"],
             ["$(touch {out}/PWNED)"], []]

# Units that must fail, or be read at least, in little time and memory.
INPUTS = {
    "zero.c": '#include "/dev/zero"\n', "fifo.c": '#include "pipe.h"\n', "folder.c": '#include "folder"\n',
    "self.c": '#include "self.c"\n', "embed.c": "const char x[] = {\n#embed \"/dev/zero\"\n};\n",
    "random.c": '#include "/dev/urandom"\n', "stdin.c": '#include "/dev/stdin"\n', "channel.c": '#include "/proc/self/fd/3"\n',
    "answers.c": '#include "/proc/self/fd/4"\n', "memory.c": '#include "/proc/self/mem"\n', "link.c": '#include "zero-link.h"\n',
    "sparse.c": '#include "sparse.h"\n',
    "tty.c": '#include "/dev/tty"\n', "incbin.c": '__asm__(".incbin \\"/dev/zero\\"");\nint x;\n',
    "pragma.c": "#pragma clang __debug dump x\n#pragma clang __debug diag_mapping\n#pragma comment(linker, \"-o x\")\nint x;\n",
    "crash.c": "#pragma clang __debug crash\n", "fatal.c": "#pragma clang __debug llvm_fatal_error\n",
    "overflow.c": "#pragma clang __debug overflow_stack\n",
    "module.c": "#pragma clang module import evil\n#pragma clang module build x\nmodule x {}\n#pragma clang module contents\n"
                "#pragma clang module endbuild\n",
    "line.c": '#line 1 "\\033[31m</script>\\n.c"\n' + SOURCE % ("x", "_line", "_line"),
    "error.c": "#error \x1b[31m </script> ::error::\nint x = \"\x1b]0;t\x07\";\n",
    "label.c": '#include <unistd.h>\nint odd(void) __asm__("od\\033[31md</script>\\n+::error::");\n'
               'int odd(void)\n{\n\tint fds[2];\n\tif (pipe(fds) != 0)\n\t\treturn -1;\n\treturn close(fds[0]);\n}\n',
    "annotation.c": '__attribute__((annotate("cancelint:create(handle=\\033[31m</script>,family=x)"))) int *made(void);\n'
                    "int *use(void) { return made(); }\n",
    "secret.c": '#include "../../outside/secret.txt"\n',
    "deep.c": "int x = " + "(" * 20000 + "1" + ")" * 20000 + ";\n",
    "macros.c": "#define A0 x x\n" + "".join(f"#define A{i} A{i - 1} A{i - 1}\n" for i in range(1, 40)) + "int y = 0; A39\n",
}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text)


def program(path, mark):
    write(path, f"#!/bin/sh\ntouch '{mark}'\n")
    os.chmod(path, 0o755)


def filled(words, places):
    return [word.format(**places) for word in words]


def entries(places):
    repo, out = places["repo"], []
    for i, name in enumerate(NAMES):
        write(os.path.join(repo, "names", name), SOURCE % (COMMENT, f"_{i}", f"_{i}"))
        out.append({"directory": os.path.join(repo, "names"), "file": name, "arguments": ["cc", "-c", name]})
    everything = [word for words in ARGUMENTS if words[0] != "-x" for word in words]
    for i, words in enumerate(ARGUMENTS + [everything]):
        name = f"argument{i}.c"
        write(os.path.join(repo, "arguments", name), SOURCE % ("x", f"_a{i}", f"_a{i}"))
        out.append({"directory": os.path.join(repo, "arguments"), "file": name,
                    "arguments": ["cc", *filled([w.replace("{0}", "") for w in words], places), "-c", name]})
    for i, words in enumerate(COMPILERS):
        name = f"compiler{i}.c"
        write(os.path.join(repo, "compilers", name), SOURCE % ("x", f"_c{i}", f"_c{i}"))
        out.append({"directory": os.path.join(repo, "compilers"), "file": name, "arguments": [*filled(words, places), "-c", name]})
    out.append({"directory": repo, "file": "compilers/compiler0.c", "command": f"sh -c 'touch {places['out']}/PWNED' && touch PWNED; cc x"})
    for name, text in INPUTS.items():
        write(os.path.join(repo, "inputs", name), text)
        out.append({"directory": os.path.join(repo, "inputs"), "file": name,
                    "arguments": ["cc", "-std=c23" if name == "embed.c" else "-std=gnu17", "-c", name]})
    out.append({"directory": os.path.join(repo, "inputs"), "file": "pipe.h", "arguments": ["cc", "-x", "c", "-c", "pipe.h"]})
    out.append({"directory": os.path.join(repo, "names"), "file": "plain.c", "arguments": ["cc", "-include", "/dev/zero", "plain.c"]})
    out.append({"directory": os.path.join(repo, "names"), "file": "plain.c", "arguments": ["cc", "-imacros", "../inputs/pipe.h", "plain.c"]})
    out.append({"directory": "../" * 40 + "proc/self/fd", "file": "0", "arguments": ["cc", "-x", "c", "0"]})
    out.append({"directory": repo, "file": "../outside/victim.c", "arguments": ["cc", "-c", "../outside/victim.c"]})
    out.append({"directory": repo, "file": "linked.c", "arguments": ["cc", "-c", "linked.c"]})
    out.append({"directory": repo, "file": "linked/victim.c", "arguments": ["cc", "-c", "linked/victim.c"]})
    return out


def make_git(folder, repo, places):
    """A configuration with everything in it by which git can be made to run something."""
    env = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
    git = ["git", "-C", repo, "-c", "user.name=x\x1b[31m", "-c", "user.email=x@example.org"]
    subprocess.run(["git", "init", "-q", "-b", "main", repo], check=True, env=env)
    subprocess.run([*git, "add", "names/plain.c"], check=True, env=env)
    subprocess.run([*git, "commit", "-q", "-m", EVIL], check=True, env=env)
    subprocess.run([*git, "add", "names"], check=True, env=env)
    subprocess.run([*git, "commit", "-q", "-m", "second"], check=True, env=env)
    mark = f"touch {places['out']}/PWNED"
    write(os.path.join(repo, ".git", "config"), f"""[core]
	repositoryformatversion = 0
	fsmonitor = {mark}
	pager = {mark}
	editor = {mark}
	sshCommand = {mark}
	askPass = {mark}
	hooksPath = {places["bin"]}
	alternateRefsCommand = {mark}
	attributesFile = {repo}/inputs/pipe.h
	excludesFile = {repo}/inputs/pipe.h
[alias]
	log = !{mark}
	diff = !{mark}
	blame = !{mark}
[diff]
	external = {mark}
[diff "x"]
	textconv = {mark}
	command = {mark}
[filter "x"]
	clean = {mark}
	smudge = {mark}
	process = {mark}
	required = true
[gpg]
	program = {mark}
[log]
	showSignature = true
[credential]
	helper = !{mark}
[safe]
	directory = *
""")
    write(os.path.join(repo, ".gitattributes"), "* filter=x diff=x\n")
    for hook in ("post-checkout", "pre-commit", "fsmonitor-watchman", "reference-transaction", "post-index-change"):
        program(os.path.join(repo, ".git", "hooks", hook), os.path.join(places["out"], "PWNED"))


def main():
    folder = os.path.abspath(sys.argv[1])
    places = {"repo": os.path.join(folder, "repo"), "out": os.path.join(folder, "outside"), "bin": os.path.join(folder, "bin")}
    repo, outside = places["repo"], places["out"]
    for name in ("sh", "cc", "gcc", "clang", "ccache", "git", "pager", "env"):
        program(os.path.join(folder, "bin", name), os.path.join(outside, "PWNED"))
    write(os.path.join(outside, "victim.c"), SOURCE % ("x", "_v", "_v"))
    write(os.path.join(outside, "secret.txt"), "the secret of the day\n")
    write(os.path.join(repo, "arguments.rsp"), f"-fplugin={folder}/bin/evil.so -o {outside}/rsp.o\n")
    write(os.path.join(repo, "evil.cfg"), f"-o {outside}/cfg.o -fplugin={folder}/bin/evil.so\n")
    os.makedirs(os.path.join(repo, "inputs", "folder"))
    os.mkfifo(os.path.join(repo, "inputs", "pipe.h"))
    with open(os.path.join(repo, "inputs", "sparse.h"), "wb") as file:
        file.truncate(1 << 40)
    os.symlink("/dev/zero", os.path.join(repo, "inputs", "zero-link.h"))
    os.symlink("../outside", os.path.join(repo, "linked"))
    os.symlink("../outside/victim.c", os.path.join(repo, "linked.c"))
    database = entries(places)
    make_git(folder, repo, places)
    write(os.path.join(repo, "compile_commands.json"), json.dumps(database, indent=1))
    write(os.path.join(repo, "models", "own.yaml"),
          "library: own\nfamilies: {x: {noun: \"</script><img src=x onerror=alert(1)>::error::%s\", release: pipe_end}}\nfunctions:\n"
          "  pipe_end: {params: 1, release: {handle: arg0}}\n")
    write(os.path.join(repo, ".cancelint.yaml"), "models: models\nrules: {enable: all}\nconfidence: low\n")
    print(f"{len(database)} commands")


if __name__ == "__main__":
    main()
