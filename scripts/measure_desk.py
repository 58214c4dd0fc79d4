#!/usr/bin/python3
"""Measures the desk over many publications and cases: requests a second, median and 99th percentile of pages and API.

    scripts/measure_desk.py [--publications 100000] [--cases 5000] [--seconds 10] [--install]

Builds the release, fills a folder of its own with `cargo bench --bench desk`, serves it, and asks with wrk (8 connections), which
--install fetches with apt-get (as root). The folder is removed at the end.
"""
import argparse, json, os, re, subprocess, sys, tempfile, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, "target/release/aigaq")
CONNECTIONS = 8


def run(*command, **more):
    return subprocess.run(command, cwd=ROOT, check=True, text=True, **more)


def aigaq(folder, *words):
    done = run(PROGRAM, "--data", folder, "--format", "json", *words, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def ask(url, token):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def load(url, token, seconds):
    """Requests a second, p50 and p99 as wrk prints them."""
    said = run("wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-H", f"Authorization: Bearer {token}", url,
               stdout=subprocess.PIPE).stdout
    if "Non-2xx" in said:
        sys.exit(f"{url} did not always answer:\n{said}")
    found = lambda pattern: re.search(pattern, said, re.MULTILINE).group(1)
    return found(r"Requests/sec:\s+(\S+)"), found(r"^\s+50%\s+(\S+)"), found(r"^\s+99%\s+(\S+)")


def memory(pid):
    status = open(f"/proc/{pid}/status").read()
    return re.search(r"VmHWM:\s+(\d+)", status).group(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--publications", type=int, default=100_000)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--install", action="store_true")
    wanted = parser.parse_args()
    if wanted.install:
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "wrk")
    run("cargo", "build", "--locked", "--release", "--quiet")
    with tempfile.TemporaryDirectory() as folder:
        run("cargo", "bench", "--locked", "--quiet", "--bench", "desk", "--", folder, str(wanted.publications), str(wanted.cases))
        aigaq(folder, "user", "add", "measurer", "--role", "approver")
        token = aigaq(folder, "token", "add", "--user", "measurer", "--name", "measuring", "--days", "1")["token"]
        server = subprocess.Popen([PROGRAM, "--data", folder, "serve", "--port", "0"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        try:
            said = ""
            for line in server.stderr:
                said += line
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    at = found.group(0)
                    break
            else:
                sys.exit(f"the desk did not start:\n{said}")
            case = json.loads(ask(f"{at}/api/v1/cases?limit=1", token))["cases"][0]["id"]
            print(f"{wanted.publications} publications, {wanted.cases} cases, {CONNECTIONS} connections, {wanted.seconds} s each")
            for name, path in {
                "queue": "/cases", "case": f"/cases/{case}", "search": "/search?q=%D1%88%D0%BA%D0%BE%D0%BB%D0%B0",
                "API, a case": f"/api/v1/cases/{case}", "API, a search": "/api/v1/search?q=%D1%88%D0%BA%D0%BE%D0%BB%D0%B0",
            }.items():
                rate, p50, p99 = load(at + path, token, wanted.seconds)
                print(f"{name}: {rate} requests a second, p50 {p50}, p99 {p99}", flush=True)
            print(f"peak memory {int(memory(server.pid)) // 1024} MB")
        finally:
            server.terminate()
            server.wait()


main()
