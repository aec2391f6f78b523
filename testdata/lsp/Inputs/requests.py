"""Hover, code actions, commands, cancellation, progress."""
import time

import client
from client import LEAK, LEAK_LINE, children, edited, edits_of, slow

MODEL = """library: calls
tokens: ["ctx *"]
functions:
  rpc_call: {params: 2, block: {token: arg0, waits: network}}
  rpc_call_plain: {params: 1, block: {waits: network}, variant: {name: rpc_call, token: arg0}}
"""
CALLS = """typedef struct ctx ctx;
int rpc_call(ctx *c, const char *m);
int rpc_call_plain(const char *m);

int ask(ctx *c)
{
	return rpc_call_plain("a") + rpc_call(c, "b");
}

int tell(ctx *c)
{
	int rc = rpc_call_plain("c");
	return rc < 0 ? rc : rpc_call(c, "d");
}
"""


def with_title(actions, part):
    [found] = [a for a in actions if part in a["title"]]
    return found


def case_hover(s):
    s.project({"leak.c": LEAK})
    c = s.server()
    c.open("leak.c")
    h = c.hover("leak.c", LEAK_LINE, 20)  # waits for the analysis
    text = h["contents"]["value"]
    assert h["contents"]["kind"] == "markdown" and text.startswith("**missing-cancel** (warning, high confidence)"), text
    assert "1. leak.c:5: `j` is made here" in text and "is not released or handed over on some path" in text, text
    assert "A handle that a function owns and does not end" in text, text
    assert h["range"]["start"]["line"] == LEAK_LINE
    assert c.hover("leak.c", 0, 0) is None
    plain = s.server(capabilities={})
    plain.open("leak.c")
    h = plain.hover("leak.c", LEAK_LINE, 20)
    assert h["contents"]["kind"] == "plaintext" and h["contents"]["value"].startswith("missing-cancel (warning"), h


def case_comment(s):
    """The comment goes above the line, and silences the finding."""
    s.project({"leak.c": LEAK}, ["-std=gnu11"])
    c = s.server()
    c.open("leak.c")
    [before] = c.diagnostics("leak.c")
    action = with_title(c.actions("leak.c", LEAK_LINE), "silence missing-cancel")
    assert action["kind"] == "quickfix" and action["diagnostics"] == [before], action
    text = edited(LEAK, edits_of(action, c.uri("leak.c")))
    assert "\n\t// cancelint-allow(missing-cancel): TODO: say why\n\tstruct job" in text, text
    c.change("leak.c", 2, text)
    assert c.diagnostics("leak.c", 2) == []


def case_old_c(s):
    s.project({"leak.c": LEAK}, ["-ansi"])
    c = s.server(capabilities={"textDocument": {"codeAction": {"codeActionLiteralSupport": {}}}})
    c.open("leak.c")
    c.diagnostics("leak.c")
    action = with_title(c.actions("leak.c", LEAK_LINE), "silence")
    text = edited(LEAK, action["edit"]["changes"][c.uri("leak.c")])
    assert "\t/* cancelint-allow(missing-cancel): TODO: say why */\n" in text, text
    c.change("leak.c", 2, text)
    assert c.diagnostics("leak.c", 2) == []


def case_commands_only(s):
    """A client that knows no literals of actions gets commands."""
    s.project({"leak.c": LEAK})
    c = s.server(capabilities={})
    c.open("leak.c")
    c.diagnostics("leak.c")
    assert c.actions("leak.c", LEAK_LINE) == [
        {"title": "explain missing-cancel", "command": "cancelint.explain", "arguments": ["missing-cancel"]}]


def case_fix(s):
    """An edit that is sure mends one finding; the one that makes all of them makes the file silent."""
    s.project({"calls.c": CALLS, "model.yaml": MODEL, ".cancelint.yaml": "models: [model.yaml]\n"})
    c = s.server()
    c.open("calls.c")
    found = c.diagnostics("calls.c")
    assert client.rules_of(found) == ["context-not-forwarded"] * 2, found
    line = found[0]["range"]["start"]["line"]
    [action] = [a for a in c.actions("calls.c", line) if a.get("isPreferred")]
    assert action["edit"]["documentChanges"][0]["textDocument"] == {"uri": c.uri("calls.c"), "version": 1}
    once = edited(CALLS, edits_of(action, c.uri("calls.c")))
    assert 'rpc_call(c, "a") + rpc_call(c, "b")' in once, once
    c.change("calls.c", 2, once)
    assert len(c.diagnostics("calls.c", 2)) == 1
    c.change("calls.c", 3, CALLS)
    assert c.diagnostics("calls.c", 3)
    [everything] = c.actions("calls.c", 0, only=["source.fixAll"])
    assert everything["kind"] == "source.fixAll.cancelint"
    c.change("calls.c", 4, edited(CALLS, edits_of(everything, c.uri("calls.c"))))
    assert c.diagnostics("calls.c", 4) == []
    assert c.actions("calls.c", line, only=["refactor"]) == []
    # where the text on the screen has it, not the file
    moved = "int shifted;\n\n" + CALLS.replace('rpc_call_plain("a")', '/* äß */ rpc_call_plain("a")')
    c.change("calls.c", 5, moved)
    assert len(c.diagnostics("calls.c", 5)) == 2
    [action] = [a for a in c.actions("calls.c", line + 2) if a.get("isPreferred")]
    shifted = edits_of(action, c.uri("calls.c"))[0]["range"]["start"]
    assert shifted == {"line": line + 2, "character": len("\treturn /* äß */ ".encode())}, shifted


def case_fix_link(s):
    """By another path than the compile database has, edits are of the text on the screen, too."""
    s.project({"calls.c": CALLS, "model.yaml": MODEL, ".cancelint.yaml": "models: [model.yaml]\n"})
    c = s.server(folder=s.link())
    moved = "/* moved */\n" + CALLS.replace('rpc_call_plain("a")', '/* and */ rpc_call_plain("a")')
    c.open("calls.c", moved)
    assert len(c.diagnostics("calls.c")) == 2
    [everything] = c.actions("calls.c", 0, only=["source.fixAll"])
    text = edited(moved, edits_of(everything, c.uri("calls.c")))
    assert text == moved.replace('rpc_call_plain("', 'rpc_call(c, "'), text


TOUCHING = CALLS.split("int ask")[0] + """int apart(ctx *c)
{
	return rpc_call_plain("x" + rpc_call_plain("n")) + rpc_call(c, "x");
}

int together(ctx *c)
{
	return rpc_call_plain(rpc_call_plain("n") ? "a" : "b") + rpc_call(c, "x");
}
"""


def case_fix_touching(s):
    """Findings one in the other: what counts is whether their edits touch, as for `check --fix`."""
    s.project({"calls.c": TOUCHING, "model.yaml": MODEL, ".cancelint.yaml": "models: [model.yaml]\n"})
    c = s.server()
    c.open("calls.c")
    assert len(c.diagnostics("calls.c")) == 4
    [everything] = c.actions("calls.c", 0, only=["source.fixAll"])
    ours = edited(TOUCHING, edits_of(everything, c.uri("calls.c")))
    assert 'rpc_call(c, "x" + rpc_call(c, "n"))' in ours and 'rpc_call(c, rpc_call_plain("n")' in ours, ours
    s.check("--no-db", "--fix", "--write", "calls.c")
    assert ours == (s.folder / "calls.c").read_text(), ours


def case_page(s):
    """The page of a rule: shown by the client, or as a message."""
    s.project({"leak.c": LEAK})
    c = s.server()
    c.open("leak.c")
    c.diagnostics("leak.c")
    command = with_title(c.actions("leak.c", LEAK_LINE), "explain missing-cancel")["command"]
    assert c.request("workspace/executeCommand", command)["result"] is None
    shown = c.notified("window/showDocument")
    assert shown["uri"].endswith("/missing-cancel/rule.md") and shown["takeFocus"], shown
    plain = s.server(capabilities={})
    plain.request("workspace/executeCommand", command)
    assert "# missing-cancel" in plain.notified("window/showMessage")["message"]
    wrong = c.request("workspace/executeCommand", {"command": "cancelint.explain", "arguments": ["no-such"]})
    assert wrong["error"]["code"] == -32602, wrong
    assert c.request("workspace/executeCommand", {"command": "rm"})["error"]["code"] == -32602


def case_check(s):
    s.project({"leak.c": LEAK, "broken.c": "int x = (;\n"})
    c = s.server()
    c.open("leak.c")
    ask = lambda name: c.request("workspace/executeCommand", {"command": "cancelint.check", "arguments": [c.uri(name)]})
    assert ask("leak.c")["result"] == {"findings": 1}
    c.open("broken.c")
    answer = ask("broken.c")
    assert answer["error"]["code"] == -32803 and "does not compile" in answer["error"]["message"], answer
    assert ask("nowhere.c")["error"]["code"] == -32602


def worker_of(c):
    [pid] = children(c.server.pid)
    return pid


def wait_until(what, seconds=client.WAIT):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it does not come true"
        time.sleep(0.02)


def case_cancel(s):
    """A request that is cancelled says so, and what was made for it is ended."""
    s.project({"slow.c": slow(), "leak.c": LEAK})
    c = s.server()
    c.open("leak.c")
    c.diagnostics("leak.c")
    c.open("slow.c")
    assert c.diagnostics("slow.c") == []
    worker = worker_of(c)
    analysed = lambda: s.log.read_text().count("analysing " + c.uri("slow.c"))
    assert analysed() == 1
    number = c.start("workspace/executeCommand", {"command": "cancelint.check", "arguments": [c.uri("slow.c")]})
    wait_until(lambda: analysed() == 2)
    began = time.monotonic()
    c.notify("$/cancelRequest", {"id": number})
    answer = c.answer(number)
    assert answer["error"]["code"] == -32800, answer
    wait_until(lambda: children(c.server.pid) and worker not in children(c.server.pid))
    assert c.diagnostics("slow.c") == []  # they are still those of this text
    assert time.monotonic() - began < 20
    c.notify("$/cancelRequest", {"id": 12345})  # nobody knows it
    c.change("leak.c", 2, "int x;\n")
    assert c.diagnostics("leak.c", 2) == []


def case_hover_cancelled(s):
    """A hover that waits is cancelled; the analysis, which others want, goes on."""
    s.project({"leak.c": slow(4) + LEAK})
    c = s.server()
    c.open("leak.c")
    number = c.start("textDocument/hover", {"textDocument": {"uri": c.uri("leak.c")}, "position": {"line": 3, "character": 0}})
    c.notify("$/cancelRequest", {"id": number})
    assert c.answer(number)["error"]["code"] == -32800
    assert client.rules_of(c.diagnostics("leak.c")) == ["missing-cancel"]


def case_check_cancelled(s):
    """A check that waits is cancelled; an analysis that another message, or another check, needs goes on."""
    s.project({"leak.c": slow(4) + LEAK})
    c = s.server()
    ask = lambda: c.start("workspace/executeCommand", {"command": "cancelint.check", "arguments": [c.uri("leak.c")]})
    c.open("leak.c")
    number = ask()
    c.notify("$/cancelRequest", {"id": number})
    assert c.answer(number)["error"]["code"] == -32800
    assert client.rules_of(c.diagnostics("leak.c")) == ["missing-cancel"]
    first, second = ask(), ask()
    c.notify("$/cancelRequest", {"id": first})
    assert c.answer(first)["error"]["code"] == -32800
    assert c.answer(second)["result"] == {"findings": 1}
    assert client.rules_of(c.diagnostics("leak.c")) == ["missing-cancel"]
    number = ask()
    c.save("leak.c")  # wants it as well
    c.notify("$/cancelRequest", {"id": number})
    assert c.answer(number)["error"]["code"] == -32800
    assert client.rules_of(c.diagnostics("leak.c")) == ["missing-cancel"]


def case_modified(s):
    """A request about a text that is no more."""
    s.project({"slow.c": slow()})
    c = s.server()
    c.open("slow.c")
    number = c.start("textDocument/hover", {"textDocument": {"uri": c.uri("slow.c")}, "position": {"line": 0, "character": 0}})
    c.change("slow.c", 2, "int x;\n")
    assert c.answer(number)["error"]["code"] == -32801
    assert c.diagnostics("slow.c") == []


def case_newer(s):
    """A change, and a close, end the work on what was there before."""
    s.project({"slow.c": slow(), "leak.c": LEAK})
    c = s.server()
    c.open("slow.c")
    wait_until(lambda: "analysing" in s.log.read_text())
    began = time.monotonic()
    c.change("slow.c", 2, LEAK)
    assert client.rules_of(c.diagnostics("slow.c", 2)) == ["missing-cancel"]
    assert time.monotonic() - began < 20
    c.change("slow.c", 3, slow())
    wait_until(lambda: "version 3" in s.log.read_text())
    worker = worker_of(c)
    c.close("slow.c")
    c.open("leak.c")
    assert client.rules_of(c.diagnostics("leak.c")) == ["missing-cancel"]
    assert worker not in children(c.server.pid)
    assert not [m for m in c.kept if m.get("method", "").endswith("publishDiagnostics") and m["params"].get("version") == 3]


def progress(kind):
    return lambda m: m.get("method") == "$/progress" and m["params"]["value"]["kind"] == kind


def case_progress(s):
    s.project({"slow.c": slow()})
    c = s.server()
    c.open("slow.c")
    begin = c.until(progress("begin"))["params"]
    assert begin["value"]["title"] == "cancelint" and begin["value"]["message"] == "slow.c", begin
    assert begin["value"]["cancellable"] is True
    c.notify("window/workDoneProgress/cancel", {"token": begin["token"]})
    assert c.until(progress("end"))["params"]["token"] == begin["token"]
    [d] = c.diagnostics("slow.c")
    assert "was cancelled" in d["message"], d
    quiet = s.server(capabilities={})
    quiet.open("slow.c")
    time.sleep(1)
    quiet.change("slow.c", 2, "int x;\n")
    quiet.diagnostics("slow.c", 2)
    assert not [m for m in quiet.kept if "rogress" in m.get("method", "")]


if __name__ == "__main__":
    client.run_cases(globals())
