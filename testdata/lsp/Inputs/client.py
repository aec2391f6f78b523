"""A client of the language server, for tests: messages out, messages in, and what came of them."""
import json
import os
import pathlib
import queue
import subprocess
import threading
import time

FULL = {
    "general": {"positionEncodings": ["utf-8", "utf-16"]},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "workspace": {"workspaceEdit": {"documentChanges": True}},
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True, "codeDescriptionSupport": True, "dataSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source.fixAll"]}}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
    },
}
WAIT = float(os.environ.get("CANCELINT_LSP_WAIT", "120"))  # seconds until a test gives up


class Gone(Exception):
    pass


class Client:
    def __init__(self, command, folder, capabilities=None, initialize=True, pid=None, environment=None):
        self.folder = pathlib.Path(folder)
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
                                       env={**os.environ, **(environment or {})})
        self.inbox = queue.Queue()
        self.kept = []  # messages that nobody has asked for yet
        self.last = 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        if initialize:
            self.capabilities = self.request("initialize", {
                "processId": pid or os.getpid(), "rootUri": self.folder.as_uri(),
                "capabilities": FULL if capabilities is None else capabilities})["result"]["capabilities"]
            self.notify("initialized", {})

    # ---- bytes ----

    def _read(self):
        out = self.server.stdout
        while True:
            length = None
            while (line := out.readline()) not in (b"\r\n", b""):
                name, value = line.split(b":", 1)
                if name.lower() == b"content-length":
                    length = int(value)
            if not line:
                self.inbox.put(None)
                return
            self.inbox.put(json.loads(out.read(length)))

    def raw(self, data):
        self.server.stdin.write(data)
        self.server.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    # ---- messages ----

    def until(self, wanted, seconds=WAIT):
        """The first message for which wanted() holds; those before it are kept."""
        for i, message in enumerate(self.kept):
            if wanted(message):
                return self.kept.pop(i)
        end = time.monotonic() + seconds
        while True:
            try:
                message = self.inbox.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"not received within {seconds} s; there were {json.dumps(self.kept)[:2000]}") from None
            if message is None:
                raise Gone(f"the server has ended with {self.server.wait()}")
            if message.get("method") in ("window/workDoneProgress/create", "client/registerCapability"):
                self.send({"id": message["id"], "result": None})
            if wanted(message):
                return message
            self.kept.append(message)

    def start(self, method, params):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params})
        return self.last

    def answer(self, number):
        return self.until(lambda m: m.get("id") == number and "method" not in m)

    def request(self, method, params):
        return self.answer(self.start(method, params))

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def notified(self, method, seconds=WAIT):
        return self.until(lambda m: m.get("method") == method, seconds)["params"]

    # ---- documents ----

    def uri(self, name):
        return (self.folder / name).as_uri()

    def open(self, name, text=None, version=1):
        if text is None:
            text = (self.folder / name).read_text()
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": self.uri(name), "languageId": "c", "version": version, "text": text}})

    def change(self, name, version, *changes):
        """A text is the whole; (line, character, line, character, text) replaces a part."""
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": self.uri(name), "version": version},
            "contentChanges": [{"text": c} if isinstance(c, str) else {"range": span(*c[:4]), "text": c[4]} for c in changes]})

    def save(self, name):
        self.notify("textDocument/didSave", {"textDocument": {"uri": self.uri(name)}})

    def close(self, name):
        self.notify("textDocument/didClose", {"textDocument": {"uri": self.uri(name)}})

    def diagnostics(self, name, version=None):
        """What is published about this version; without one, next."""
        uri = self.uri(name)
        return self.until(lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
                          and version in (None, m["params"].get("version")))["params"]["diagnostics"]

    def actions(self, name, line, only=None):
        params = {"textDocument": {"uri": self.uri(name)}, "range": span(line, 0, line, 999), "context": {"diagnostics": []}}
        if only:
            params["context"]["only"] = only
        return self.request("textDocument/codeAction", params)["result"]

    def hover(self, name, line, character):
        return self.request("textDocument/hover", {
            "textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}})["result"]

    # ---- the end ----

    def stop(self):
        """Its exit status after an orderly end."""
        assert self.request("shutdown", None)["result"] is None
        self.notify("exit", None)
        return self.server.wait(WAIT)


def span(line, character, end_line, end_character):
    return {"start": {"line": line, "character": character}, "end": {"line": end_line, "character": end_character}}


def edited(text, edits):
    """The text after edits of the protocol; characters are taken for code points."""
    lines = text.splitlines(keepends=True) + [""]
    at = lambda p: sum(len(x) for x in lines[:p["line"]]) + p["character"]
    for e in sorted(edits, key=lambda e: at(e["range"]["start"]), reverse=True):
        text = text[:at(e["range"]["start"])] + e["newText"] + text[at(e["range"]["end"]):]
    return text


def edits_of(action, uri):
    edit = action["edit"]
    if "changes" in edit:
        return edit["changes"][uri]
    return [e for d in edit["documentChanges"] if d["textDocument"]["uri"] == uri for e in d["edits"]]


def children(pid):
    """Processes below this one."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            if int(stat.rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(entry.name))
    return found


def project(folder, files, flags=()):
    """Writes the files, and a compile database of those that are sources."""
    folder = pathlib.Path(folder)
    (folder / "build").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "build" / "compile_commands.json").write_text(json.dumps([
        {"directory": str(folder), "file": str(folder / name), "arguments": ["cc", *flags, "-c", name]}
        for name in files if name.endswith((".c", ".cc", ".cpp"))]))
    return folder


# ---- running cases ----

JOBS = """struct job;
__attribute__((annotate("cancelint:create(handle=return,family=job)"))) struct job *job_start(void);
__attribute__((annotate("cancelint:release(handle=arg0,family=job)"))) void job_end(struct job *j);
"""
LEAK = '#include "job.h"\n\nint leak_bad(int quick)\n{\n\tstruct job *j = job_start();\n\tif (quick)\n\t\treturn -1;\n\tjob_end(j);\n\treturn 0;\n}\n'
LEAK_LINE = 4  # of the finding, from 0
MENDED = LEAK.replace("\tif (quick)\n\t\treturn -1;\n", "\tif (quick) {\n\t\tjob_end(j);\n\t\treturn -1;\n\t}\n")


def slow(factor=6):
    """A unit that takes seconds."""
    macros = "".join(f"#define M{i + 1} {' '.join([f'M{i}'] * 8)}\n" for i in range(factor))
    return f"void step(int n);\n#define M0 step(1);\n{macros}void slow(void)\n{{\nM{factor}\n}}\n"


def rules_of(diagnostics):
    return [d.get("code") for d in diagnostics]


def run_cases(cases):
    """main() of a file of cases: each is a function of a Setting."""
    import argparse
    import shutil
    import traceback
    options = argparse.ArgumentParser()
    options.add_argument("--cancelint", required=True)
    options.add_argument("folder")
    options.add_argument("names", nargs="*")
    args = options.parse_args()
    failed = 0
    for name, case in sorted(cases.items()):
        if not name.startswith("case_") or (args.names and name not in args.names):
            continue
        folder = pathlib.Path(args.folder).resolve() / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        setting = Setting(os.path.abspath(args.cancelint), folder)
        try:
            case(setting)
            print("ok", name, flush=True)
        except Exception:
            failed += 1
            print("not ok", name, flush=True)
            traceback.print_exc()
            log = folder / "server.log"
            print(log.read_text()[-3000:] if log.exists() else "", flush=True)
        finally:
            setting.end()
    raise SystemExit(1 if failed else 0)


class Setting:
    """A project in a folder of its own, and servers for it."""

    def __init__(self, cancelint, folder):
        self.cancelint = cancelint
        self.folder = folder / "project"
        self.log = folder / "server.log"
        self.clients = []

    def project(self, files, flags=()):
        return project(self.folder, {"job.h": JOBS, **files}, flags)

    def server(self, *options, folder=None, **more):
        client = Client([self.cancelint, "lsp", "--log", str(self.log), *options], folder or self.folder, **more)
        self.clients.append(client)
        return client

    def link(self):
        """The project by another path than its compile database has."""
        link = self.folder.parent / "link"
        link.symlink_to(self.folder)
        return link

    def check(self, *options):
        return subprocess.run([self.cancelint, "check", "--fail-on", "none", *options], cwd=self.folder, check=True,
                              capture_output=True, text=True)

    def end(self):
        for c in self.clients:
            if c.server.poll() is None:
                c.server.kill()
            c.server.wait()
