"""What is no message, comes at the wrong time, or stops coming."""
import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import threading
import time

import client
from client import LEAK, children, slow


def error_of(c):
    return c.until(lambda m: "error" in m)


def gone(pids, seconds=10):
    """No process of them is left."""
    end = time.monotonic() + seconds
    while any(os.path.exists(f"/proc/{p}") for p in pids) and time.monotonic() < end:
        time.sleep(0.02)
    return not any(os.path.exists(f"/proc/{p}") for p in pids)


def frame(body):
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def case_no_json(s):
    """What is in the frame is nothing: an error, and it goes on."""
    s.project({"leak.c": LEAK})
    c = s.server()
    for body in (b"{", b"", b"\x00\x01", b'{"jsonrpc": "2.0", "id": 1, "method": "\xff\xfe"}', b"[" * 100000):
        c.raw(frame(body))
        answer = error_of(c)
        assert answer["error"]["code"] == -32700 and answer["id"] is None, (body[:40], answer)
    for body in (b"[]", b"1", b"null", b"{}", b'{"id": 1}', b'{"id": {}, "method": "shutdown"}', b'{"method": 1}'):
        c.raw(frame(body))
        assert error_of(c)["error"]["code"] == -32600, body
    c.open("leak.c")
    assert client.rules_of(c.diagnostics("leak.c")) == ["missing-cancel"]
    assert c.stop() == 0


def case_pieces(s):
    """Bytes one by one, other headers, two messages at once."""
    s.project({"leak.c": LEAK})
    c = s.server()
    body = json.dumps({"jsonrpc": "2.0", "id": 900, "method": "textDocument/nothing", "params": {}}).encode()
    for byte in b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:   %d \r\n\r\n" % len(body) + body:
        c.raw(bytes([byte]))
    assert c.answer(900)["error"]["code"] == -32601
    c.raw(frame(body.replace(b"900", b"901")) + frame(body.replace(b"900", b"902")))
    assert c.answer(901) and c.answer(902)


def case_no_head(s):
    """Nothing behind it can be found: it says so, and ends."""
    s.project({})
    for data in (b"Content-Length: many\r\n\r\n{}", b"Content-Length: -5\r\n\r\n{}", b"Nothing: 1\r\n\r\n{}",
                 b"Content-Length: 99999999999999999999999\r\n\r\n", b"Content-Length: 2000000000\r\n\r\n", b"x" * 100000):
        c = s.server(initialize=False)
        pids = children(c.server.pid)
        try:
            c.raw(data)
        except BrokenPipeError:
            pass
        answer = error_of(c)
        assert answer["error"]["code"] == -32600 and answer["id"] is None, (data[:40], answer)
        assert c.server.wait(10) == 1 and gone(pids)


def case_order(s):
    s.project({"leak.c": LEAK})
    c = s.server(initialize=False)
    assert c.request("textDocument/hover", {})["error"]["code"] == -32002
    assert c.request("shutdown", None)["error"]["code"] == -32002
    c.open("leak.c")  # is dropped
    assert "result" in c.request("initialize", {"processId": None, "rootUri": c.folder.as_uri(), "capabilities": {}})
    assert c.request("initialize", {})["error"]["code"] == -32600
    assert c.request("textDocument/hover", {})["error"]["code"] == -32602
    assert c.request("textDocument/hover", [1])["error"]["code"] == -32602
    assert c.request("textDocument/codeAction", {})["error"]["code"] == -32602
    assert c.request("$/unknown", {})["error"]["code"] == -32601
    c.notify("$/unknown", {})
    c.notify("textDocument/didChange", {"textDocument": {"uri": c.uri("leak.c"), "version": 2}, "contentChanges": [{"text": "x"}]})
    c.notify("textDocument/didOpen", {})
    c.notify("textDocument/didOpen", {"textDocument": 1})
    c.open("leak.c")
    c.notify("textDocument/didChange", {"textDocument": {"uri": c.uri("leak.c"), "version": 2}, "contentChanges": [
        1, {}, {"text": 1}, {"range": {}, "text": ""}, {"range": client.span(99, 99, 99, 99), "text": "\n"},
        {"range": client.span(5, 5, 1, 1), "text": ""}]})
    assert client.rules_of(c.diagnostics("leak.c", 2)) == ["missing-cancel"]
    assert c.request("shutdown", None)["result"] is None
    assert c.request("textDocument/hover", {})["error"]["code"] == -32600
    c.notify("exit", None)
    assert c.server.wait(10) == 0


def case_exit_without_shutdown(s):
    s.project({})
    c = s.server()
    c.notify("exit", None)
    assert c.server.wait(10) == 1


def busy(s, **more):
    """A server whose worker is in the middle of something."""
    s.project({"slow.c": slow()})
    c = s.server(**more)
    c.open("slow.c")
    end = time.monotonic() + client.WAIT
    while "analysing" not in (s.log.read_text() if s.log.exists() else ""):
        assert time.monotonic() < end
        time.sleep(0.02)
    return c, [*children(c.server.pid), c.server.pid]


def case_end_of_input(s):
    c, pids = busy(s)
    c.server.stdin.close()
    assert c.server.wait(10) == 1
    assert gone(pids)


def case_signal(s):
    for number in (signal.SIGTERM, signal.SIGKILL):
        c, pids = busy(s)
        c.server.send_signal(number)
        c.server.wait(10)
        assert gone(pids), number
        s.log.unlink()


def case_client_dies(s):
    """The client's process is gone, though somebody else keeps the pipe open."""
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    c, pids = busy(s, pid=other.pid)
    other.kill()
    other.wait()
    assert c.server.wait(20) == 1
    assert gone(pids)


def case_worker_dies(s):
    """The worker is killed from outside: the file is not clean, and the next one is analysed."""
    s.project({"slow.c": slow(), "leak.c": LEAK})
    c = s.server()
    c.open("slow.c")
    end = time.monotonic() + client.WAIT
    while "analysing" not in s.log.read_text():
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.5)  # until it is ready, and reads
    for pid in children(c.server.pid):
        os.kill(pid, signal.SIGSEGV)
    [d] = c.diagnostics("slow.c")
    assert "not analysed by cancelint (crashed)" in d["message"], d
    c.open("leak.c")
    assert client.rules_of(c.diagnostics("leak.c")) == ["missing-cancel"]


def case_timeout(s):
    s.project({"slow.c": slow(7)})
    c = s.server("--timeout", "1")
    c.open("slow.c")
    [d] = c.diagnostics("slow.c")
    assert "(timeout)" in d["message"] and "--timeout" in d["message"], d


def ask_much(to):
    """Each request has an answer of some hundred bytes: together more than any pipe holds."""
    for number in range(20000):
        to.write(frame(json.dumps({"jsonrpc": "2.0", "id": number, "method": "textDocument/hover", "params": {}}).encode()))
    to.close()


def ready(fd):
    """Bytes that can be read."""
    return struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0" * 4))[0]


def case_unread(s):
    """A client that does not read is no reason to wait for it."""
    s.project({})
    unread, out = os.pipe()
    server = subprocess.Popen([s.cancelint, "lsp"], stdin=subprocess.PIPE, stdout=out, cwd=s.folder)
    os.close(out)
    try:
        write = threading.Thread(target=ask_much, args=(server.stdin,), daemon=True)
        write.start()
        write.join(20)
        assert not write.is_alive(), "the server does not read while it is not read"
        assert server.wait(20) == 1
        assert fcntl.fcntl(unread, fcntl.F_GETPIPE_SZ) <= ready(unread) + 4096, "the pipe was never full"
    finally:
        server.kill()
        server.wait()
        os.close(unread)


def case_usage(s):
    s.project({})
    run = lambda *a: subprocess.run([s.cancelint, "lsp", *a], capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=s.folder)
    done = run("--nothing")
    assert done.returncode == 2 and "unknown option" in done.stderr, done
    done = run("one")
    assert done.returncode == 2 and "one argument too many" in done.stderr, done
    done = run("--log", "/nowhere/log")
    assert done.returncode == 2 and "cannot write '/nowhere/log'" in done.stderr, done
    done = run("--stdio")
    assert done.returncode == 1 and done.stdout == "", done
    done = run("--help")
    assert done.returncode == 0 and "Language Server Protocol" in done.stdout, done


if __name__ == "__main__":
    client.run_cases(globals())
