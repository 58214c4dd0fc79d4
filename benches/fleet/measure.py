#!/usr/bin/env python3
"""Runs a whole pass over a simulated fleet of hosts, and beside it Scrapy doing fetch and link extraction alone.

    benches/fleet/measure.py [--hosts 300] [--pages 200] [--delay 1000] [--only aigaq,healthy,scrapy] [--keep FOLDER]

Builds the release and the fleet's server (`benches/fleet/main.rs`), then runs, one after the other:

aigaq    `crawl` over all hosts: fetching, evidence, extraction, records, index, verdicts, cases
healthy  the same over the healthy hosts of it alone, up to the last page fetched
scrapy   Scrapy (fetched from PyPI into a folder that is removed again) over all hosts, with the same pause, limits and start pages

and prints pages a second, the least pause that any host saw between an answer and the next request, most requests at once,
memory over time, how long healthy hosts took with and without the others beside them, and the ratio to Scrapy.
Ends with 1 where a host was asked too soon or twice at once, or a healthy host was not fetched whole.
"""
import argparse, collections, json, os, re, signal, subprocess, sys, tempfile, threading, time, venv

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLE_SECONDS = 1.0


class Server:
    """The fleet at work; every question is answered with what its hosts saw."""

    def __init__(self, program, wanted, config, healthy):
        words = [program, str(wanted.hosts), str(wanted.pages), str(wanted.delay), config] + (["healthy"] if healthy else [])
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            sys.exit("the fleet did not start")

    def report(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def built():
    """The program and the server of the fleet."""
    said = subprocess.run(
        ["cargo", "build", "--locked", "--release", "--bin", "aigaq", "--bench", "fleet", "--message-format", "json"],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = {}
    for line in said.splitlines():
        message = json.loads(line)
        if message.get("executable"):
            found[message["target"]["name"]] = message["executable"]
    return found["aigaq"], found["fleet"]


def memory(pid):
    """Memory of its own and all of it with mapped files, in MB."""
    try:
        status = open(f"/proc/{pid}/status").read()
        size = lambda name: int(re.search(name + r":\s+(\d+)", status).group(1)) // 1024
        return size("RssAnon"), size("VmRSS")
    except (OSError, AttributeError):
        return None


def watched(words, server, env=None, until_fetched=None):
    """Runs a program over the fleet; gives its output, seconds, samples of memory with pages sent so far, and the last report."""
    began = time.monotonic()
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    said = {}
    readers = [threading.Thread(target=lambda name=name: said.update({name: getattr(child, name).read()})) for name in ("stdout", "stderr")]
    [reader.start() for reader in readers]
    samples, quiet, before = [], 0, os.times()
    while child.poll() is None:
        time.sleep(SAMPLE_SECONDS)
        size, report = memory(child.pid), server.report()
        n_pages = sum(host["pages"] for host in report["hosts"])
        if size:
            samples.append((time.monotonic() - began, n_pages, *size))
        if until_fetched and all(host["pages"] >= host["of"] for host in report["hosts"]):
            quiet += 1
            if quiet > 2:
                child.kill()
    [reader.join() for reader in readers]
    child.wait()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return said, time.monotonic() - began, samples, server.report(), child.returncode, cpu


def of_kind(report, kind):
    return [host for host in report["hosts"] if host["kind"] == kind]


def seconds(host):
    return (host["last_page_ms"] - host["begun_ms"]) / 1000


def middle(values):
    return sorted(values)[len(values) // 2] if values else float("nan")


def show_memory(samples):
    for part in range(1, 11):
        at, pages, own, all_of_it = samples[max(0, len(samples) * part // 10 - 1)]
        print(f"  after {at:6.0f} s: {pages:6} pages sent, {own:5} MB of its own, {all_of_it:5} MB with mapped files")


def show(name, report, wanted):
    """Prints what the hosts saw; gives what is wrong."""
    faults, kinds = [], collections.Counter(host["kind"] for host in report["hosts"])
    for kind, count in kinds.items():
        hosts = of_kind(report, kind)
        pages, of = sum(host["pages"] for host in hosts), sum(host["of"] for host in hosts)
        gaps = [host["least_gap_us"] for host in hosts if host["least_gap_us"] is not None]
        took = [seconds(host) for host in hosts if host["last_page_ms"]]
        print(f"  {count:3} {kind:8} {pages:6} of {of:6} pages, {sum(host['requests'] for host in hosts):6} requests, "
              f"at most {max((host['most_at_once'] for host in hosts), default=0)} at once, least pause {min(gaps, default=0) / 1000:.1f} ms, "
              f"took {middle(took):.1f} s (middle), {max(took, default=float('nan')):.1f} s (longest)")
        if gaps and min(gaps) < wanted.delay * 1000:
            faults.append(f"{name}: a {kind} host was asked {min(gaps)} us after its last answer")
        if any(host["most_at_once"] > 1 for host in hosts):
            faults.append(f"{name}: a {kind} host was asked twice at once")
    missing = [host["number"] for host in of_kind(report, "healthy") if host["pages"] < host["of"]]
    faults += [f"{name}: healthy hosts were not fetched whole: {missing[:10]}"] if missing else []
    return faults


def last_page(report):
    return max((host["last_page_ms"] or 0) for host in report["hosts"]) / 1000 - min(host["begun_ms"] or 1e12 for host in report["hosts"]) / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--delay", type=int, default=1000, help="least pause between two requests to one host, in ms")
    parser.add_argument("--only", default="aigaq,healthy,scrapy")
    parser.add_argument("--program", help="a program that is built already; then --server too")
    parser.add_argument("--server")
    parser.add_argument("--keep", help="data folder that is not removed at the end")
    wanted = parser.parse_args()
    parts, faults, rates, took = wanted.only.split(","), [], {}, {}
    program, fleet = (wanted.program, wanted.server) if wanted.program else built()
    print(f"{wanted.hosts} hosts, {wanted.hosts * wanted.pages} pages, a pause of {wanted.delay} ms, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f} before", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "sources.toml")
        if "aigaq" in parts:
            server = Server(fleet, wanted, config, False)
            data = wanted.keep or os.path.join(folder, "data")
            words = [program, "--config", config, "--data", data, "--format", "json", "crawl"]
            said, spent, samples, report, code, cpu = watched(words, server)
            server.close()
            if code != 0:
                sys.exit(f"the pass ended with {code}: {said['stderr'][-2000:]}")
            answer = json.loads(said["stdout"])
            summary, captured = answer["summary"], sum(source["captured"] for source in answer["sources"].values())
            put_off = sum(source["put_off"] for source in answer["sources"].values())
            failures = collections.Counter()
            for source in answer["sources"].values():
                failures.update(source["failures"])
            fetching = last_page(report)
            rates["aigaq"], took["mixed"] = captured / spent, {host["number"]: seconds(host) for host in of_kind(report, "healthy")}
            print(f"aigaq, the whole pass: {captured} pages captured, {summary['new']} documents, {summary['judged']} claims judged, "
                  f"{summary['cases']} cases in {spent:.0f} s: {captured / spent:.1f} pages a second; fetching took {fetching:.0f} s of it "
                  f"({captured / fetching:.1f} pages a second); {cpu:.0f} s of processor time; {put_off} put off, failures {dict(failures)}; load {os.getloadavg()[0]:.1f}")
            faults += show("aigaq", report, wanted)
            show_memory(samples)
            sys.stdout.flush()
        if "healthy" in parts:
            server = Server(fleet, wanted, config, True)
            words = [program, "--config", config, "--data", os.path.join(folder, "healthy"), "crawl"]
            _, spent, _, report, _, _ = watched(words, server, until_fetched=True)
            server.close()
            took["alone"] = {host["number"]: seconds(host) for host in of_kind(report, "healthy")}
            print(f"the healthy hosts alone, fetched in {last_page(report):.0f} s; load {os.getloadavg()[0]:.1f}")
            faults += show("healthy", report, wanted)
            if took.get("mixed"):
                ratios = sorted(took["mixed"][number] / took["alone"][number] for number in took["alone"])
                print(f"a healthy host took {middle(ratios):.3f} of the time that it took alone (middle), {ratios[-1]:.3f} at most")
            sys.stdout.flush()
        if "scrapy" in parts:
            room = os.path.join(folder, "venv")
            venv.create(room, with_pip=True)
            subprocess.run([os.path.join(room, "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "scrapy"], check=True)
            server = Server(fleet, wanted, config, False)
            starts = [f"http://{host['address']}/list/1" for host in server.report()["hosts"]]
            env = {**os.environ, "FLEET_STARTS": json.dumps(starts), "FLEET_DELAY": str(wanted.delay / 1000)}
            words = [os.path.join(room, "bin/scrapy"), "runspider", os.path.join(ROOT, "benches/fleet/spider.py")]
            said, spent, samples, report, code, cpu = watched(words, server, env)
            server.close()
            if code != 0 or not said["stdout"].strip():
                sys.exit(f"Scrapy ended with {code}: {said['stderr'][-2000:]}")
            stats = json.loads(said["stdout"].splitlines()[-1])
            # It asks hosts that never answer to the last page; what it does after the last page of the others is not held against it.
            fetching = last_page(report)
            rates["scrapy"] = stats.get("fleet/pages", 0) / fetching
            print(f"Scrapy, fetch and links alone: {stats.get('fleet/pages', 0)} pages, {stats.get('fleet/links', 0)} links in {fetching:.0f} s "
                  f"up to the last page ({spent:.0f} s in all): {rates['scrapy']:.1f} pages a second, {cpu:.0f} s of processor time; load {os.getloadavg()[0]:.1f}")
            show("scrapy", report, wanted)
            show_memory(samples)
        if len(rates) == 2:
            print(f"the whole pipeline does {rates['aigaq'] / rates['scrapy']:.2f} of what Scrapy does with fetch and links alone")
    for fault in faults:
        print(f"FAULT {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
