"""Has a real Prometheus read a file of metrics, and asks it what a Grafana dashboard asks.

    with_prometheus.py METRICS DASHBOARD FOLDER

Prints the answer to each question of each panel. Exit 1 if Prometheus refuses the text or a question.
"""
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def serve(path):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", OPENMETRICS)
            self.end_headers()
            with open(path, "rb") as file:
                self.wfile.write(file.read())

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(folder, target):
    port = free_port()
    config = os.path.join(folder, "prometheus.yml")
    with open(config, "w", encoding="utf-8") as file:
        file.write("global: {scrape_interval: 300ms, scrape_timeout: 300ms}\nscrape_configs:\n"
                   f"- job_name: cancelint\n  static_configs: [{{targets: ['127.0.0.1:{target}']}}]\n")
    command = ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
               f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"]
    log = open(os.path.join(folder, "log"), "w", encoding="utf-8")
    return subprocess.Popen(command, stdout=log, stderr=log), f"http://127.0.0.1:{port}/api/v1/"


def ask(api, what, **parameters):
    with urllib.request.urlopen(api + what + "?" + urllib.parse.urlencode(parameters), timeout=5) as answer:
        return json.load(answer)["data"]


def wait_for_scrape(api):
    last = "no answer"
    for _ in range(200):
        try:
            targets = ask(api, "targets")["activeTargets"]
            if targets and targets[0]["health"] == "up" and ask(api, "query", query="cancelint_findings")["result"]:
                return
            last = targets[0]["lastError"] if targets else "no target"
            if targets and targets[0]["health"] == "down":
                break
        except (urllib.error.URLError, ConnectionError, KeyError):
            pass
        time.sleep(0.1)
    sys.exit(f"Prometheus did not read the metrics: {last}")


def questions(dashboard):
    for note in dashboard["annotations"]["list"]:
        yield "annotation " + note["name"], note["expr"]
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def shown(result):
    labels = {k: v for k, v in result["metric"].items() if k not in ("__name__", "instance", "job", "commit")}
    return f"  {labels} {float(result['value'][1]):g}"


def main():
    metrics, dashboard, folder = sys.argv[1:]
    os.makedirs(folder)
    with open(dashboard, encoding="utf-8") as file:
        asked = list(questions(json.load(file)))
    process, api = start(folder, serve(metrics))
    try:
        wait_for_scrape(api)
        for title, expr in asked:
            print(title)
            for result in ask(api, "query", query=expr.replace("$project", ".*"))["result"]:
                print(shown(result))
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
