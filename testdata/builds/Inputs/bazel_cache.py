"""bazel_cache.py WORKSPACE ROOT: builds the report twice, as two machines that share a remote cache would.

The second build starts from nothing, in another folder; all that looks at units must come from the cache, and the reports
must be the same.
"""
import difflib
import http.server
import os
import shutil
import subprocess
import sys
import threading

STORE = {}


class Cache(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        found = STORE.get(self.path)
        self.send_response(200 if found is not None else 404)
        self.send_header("Content-Length", str(len(found or b"")))
        self.end_headers()
        self.wfile.write(found or b"")

    def do_PUT(self):
        STORE[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def build(workspace, root, port):
    bazel = ["bazel", "--max_idle_secs=20", f"--output_user_root={root}"]
    done = subprocess.run([*bazel, "build", "//:cancellation", f"--remote_cache=http://127.0.0.1:{port}"],
                          cwd=workspace, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    with open(os.path.join(workspace, "bazel-bin", "cancellation.sarif"), encoding="utf-8") as file:
        report = [line for line in file if '"uri": "file:///' not in line]  # the place of the sandbox
    subprocess.run([*bazel, "shutdown"], cwd=workspace, capture_output=True, check=False)
    return done.stderr, report


def main():
    workspace, root = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cache)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    _, first = build(workspace, os.path.join(root, "first"), port)
    moved = workspace + "-elsewhere"
    shutil.copytree(workspace, moved, ignore=shutil.ignore_patterns("bazel-*"))
    log, second = build(moved, os.path.join(root, "second-machine"), port)
    print([line for line in log.splitlines() if "processes:" in line][-1])
    changes = [line[:200] for line in difflib.unified_diff(first, second, n=0, lineterm="")]
    print("\n".join(["the reports differ", *changes[:20]]) if changes else "the reports are the same")


main()
