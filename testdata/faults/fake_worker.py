"""fake_worker.py [setup] [abort] - speaks the worker's protocol and fails in every way a request asks for.

"setup": refuses to start as a worker with broken models does. "abort": dies as it starts.
"""
import json
import os
import signal
import struct
import sys
import time

source, sink = os.dup(0), os.dup(1)
os.dup2(2, 1)
answered = 0


def send_bytes(data):
    while data:
        data = data[os.write(sink, data):]


def send(message):
    body = json.dumps(message).encode()
    send_bytes(struct.pack("<I", len(body)) + body)


def receive_bytes(n):
    data = b""
    while len(data) < n:
        more = os.read(source, min(n - len(data), 1 << 16))
        if not more:
            os._exit(0)
        data += more
    return data


def say(text):
    os.write(2, text.encode())


def fail(kind, request, reply):
    """Does what the kind asks for; returns when there is a reply to send after all."""
    if kind == "crash":
        say("".join("frame %d\n" % i for i in range(40)))
        os.kill(os.getpid(), signal.SIGSEGV)
    elif kind == "crash-unless-fresh" and answered:
        os.kill(os.getpid(), signal.SIGSEGV)
    elif kind == "hang":
        time.sleep(1000)
    elif kind == "spin":
        while True:
            pass
    elif kind == "exit-memory":
        say("cancelint: out of memory (asked for 1 bytes)\n")
        os._exit(70)
    elif kind == "bad-alloc":
        say("terminate called after throwing an instance of 'std::bad_alloc'\n")
        os.abort()
    elif kind == "exit":
        os._exit(0)
    elif kind == "not-json":
        send_bytes(b"\5\0\0\0hello")
        time.sleep(1000)
    elif kind == "too-long":
        send_bytes(b"\xff\xff\xff\xff")
        time.sleep(1000)
    elif kind == "half":
        send_bytes(b"\xff\0\0\0{")
        os._exit(1)
    elif kind == "twice":
        send(reply)
    elif kind == "wrong-id":
        reply["id"] += 1
    elif kind == "not-ok":
        reply["ok"] = False
    elif kind == "big":
        reply["payload"] = request["payload"] * 4
    elif kind == "noise":
        for _ in range(2000):
            say("noise " * 100 + "\n")
    elif kind == "closes-stderr":
        os.close(2)
        time.sleep(0.5)


def main():
    global answered
    if "setup" in sys.argv:
        say("own.yaml:3:1: error: unknown key 'modles'\n")
        sys.exit(2)
    if "abort" in sys.argv:
        os.abort()
    send({"ready": True})
    while True:
        request = json.loads(receive_bytes(struct.unpack("<I", receive_bytes(4))[0]))
        reply = {"id": request["id"], "ok": True}
        fail(request["kind"], request, reply)
        answered += 1
        send(reply)


main()
