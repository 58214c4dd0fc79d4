#!/usr/bin/env python3
"""Kills a crawl many times at random moments and holds that no capture is lost, doubled or damaged.

    scripts/kill_crawl.py [--kills 500] [--seed 1] [--program target/release/aigaq] [--keep FOLDER]

Serves a small site on loopback (several hosts; pages that stand, that change with every answer, that are slow, that answer 304),
starts `crawl --all`, `crawl` or `run` on one data folder again and again and ends each with SIGKILL. The moment is drawn from
--seed: some milliseconds after the start, or after the first request, or after the last page, when what came is read and judged.

After every kill, what the store says is captured must stand where it says, as it was served. Everything that was acknowledged
after earlier kills must still be there. No page may be captured twice with the same bytes. At the end one pass runs to its end;
then every file must pass `aigaq verify-warc` and `warcio check` (fetched from PyPI into a folder that is removed again), every
record of an answer must be known to the store, every answer that brought nothing new must have its revisit record, no record may
stand twice, and index and store must open and name every page.
"""
import argparse, collections, datetime, hashlib, http.server, json, os, random, re, socketserver, sqlite3, subprocess, sys
import tempfile, threading, time, venv, zlib

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOSTS, PAGES = 6, 24
# Of ten pages: which change with every answer, are slow, and answer 304 when asked whether they changed.
CHANGES, SLOW, VALIDATED = {0, 5}, {3}, {1, 6}
SLOW_SECONDS = 0.03
STARTED_WITHIN_SECONDS = 60


class Site:
    """What the hosts serve, and what they served."""

    def __init__(self):
        self.lock = threading.Lock()
        self.served = collections.defaultdict(set)  # address -> digests of bodies
        self.requests = 0
        self.versions = collections.Counter()
        self.servers = []
        for _ in range(HOSTS):
            server = Server(("127.0.0.1", 0), Handler)
            server.site = self
            self.servers.append(server)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.hosts = [f"127.0.0.1:{server.server_address[1]}" for server in self.servers]

    def page(self, host, number):
        version = 0
        if number % 10 in CHANGES:
            with self.lock:
                self.versions[host, number] += 1
                version = self.versions[host, number]
        body = (
            f'<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Сводка {number}</title></head><body><article>'
            f"<h1>Сводка {number} поста {host}</h1><p>За неделю наблюдений в районе поста {number} зарегистрировано {300 + version} пожаров, "
            "и все они потушены без пострадавших. Дежурная смена работает без перерыва и ведёт журнал.</p></article></body></html>"
        ).encode()
        with self.lock:
            self.served[f"http://{host}/news/{number}"].add(hashlib.sha256(body).hexdigest())
        return body


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass  # who asked was killed meanwhile


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        site, host = self.server.site, self.headers["Host"]
        with site.lock:
            site.requests += 1
        number = re.fullmatch(r"/news/(\d+)", self.path)
        if self.path == "/rss.xml":
            items = "".join(f"<item><title>{n}</title><link>http://{host}/news/{n}</link></item>" for n in range(PAGES))
            feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>http://{host}/</link><description/>{items}</channel></rss>'
            return self.answer(200, "application/rss+xml", feed.encode())
        if not number or int(number[1]) >= PAGES:
            return self.answer(404, "text/plain", b"nothing here")
        number = int(number[1])
        if number % 10 in SLOW:
            time.sleep(SLOW_SECONDS)
        if number % 10 in VALIDATED:
            if self.headers["If-None-Match"] == '"1"':
                return self.answer(304, None, b"", ETag='"1"')
            return self.answer(200, "text/html", site.page(host, number), ETag='"1"')
        self.answer(200, "text/html", site.page(host, number))

    def answer(self, status, kind, body, **headers):
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if kind:
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # who asked was killed meanwhile


def configure(folder, site):
    lines = ["[crawl]", "allow_private_addresses = true", 'delay = "1ms"', 'schedule = "* * * * * *"']
    for index, host in enumerate(site.hosts):
        lines += [
            "", "[[source]]", f'id = "post-{index}"', f'name = "Post {index}"', f'url = "http://{host}/"',
            f'role = "{"media" if index % 2 else "official"}"', 'languages = ["ru"]', f'feeds = ["http://{host}/rss.xml"]',
        ]
    path = os.path.join(folder, "sources.toml")
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    return path


def decoded(payload):
    """A payload of the store: JSON, deflated where it is long."""
    return json.loads(payload[1:] if payload[:1] == b"j" else zlib.decompress(payload[1:]))


def member(path, offset):
    """The record whose gzip member begins there."""
    with open(path, "rb") as file:
        file.seek(offset)
        unpacked, data = zlib.decompressobj(31), b""
        while not unpacked.eof:
            piece = file.read(65536)
            if not piece:
                raise ValueError(f"{path} at {offset}: the record is cut")
            data += unpacked.decompress(piece)
    return parsed(data)


def parsed(record):
    head, _, block = record.partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    return fields, block[: int(fields["Content-Length"])]


def micros(written):
    at = datetime.datetime.fromisoformat(written.replace("Z", "+00:00"))
    return round((at - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) / datetime.timedelta(microseconds=1))


class Checker:
    """Holds the store and the files against what was served and against what earlier checks saw."""

    def __init__(self, data, site):
        self.data, self.site = data, site
        self.captures = os.path.join(data, "captures")
        self.seen = {}  # capture id -> row
        self.bodies = set()

    def rows(self, query):
        path = os.path.join(self.data, "aigaq.db")
        if not os.path.exists(path):
            return []
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return db.execute(query).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # killed before the store was made
                return []
            raise
        finally:
            db.close()

    def path(self, name):
        closed = os.path.join(self.captures, name)
        return closed if os.path.exists(closed) else closed + ".open"

    def after_kill(self):
        """The faults that show after one kill."""
        faults = []
        rows = {row[0]: row for row in self.rows("SELECT id, url, fetched_at, warc_file, warc_offset, payload FROM captures")}
        for lost in self.seen.keys() - rows.keys():
            faults.append(f"{lost} was acknowledged and is lost: {self.seen[lost][1]}")
        for id in rows.keys() - self.seen.keys():
            _, url, at, name, offset, payload = rows[id]
            try:
                fields, block = member(self.path(name), offset)
            except (OSError, ValueError, zlib.error) as error:
                faults.append(f"{url} at {at} is acknowledged and cannot be read: {error}")
                continue
            body = block.partition(b"\r\n\r\n")[2]
            digest = hashlib.sha256(body).hexdigest()
            if (fields["WARC-Type"], fields["WARC-Target-URI"], micros(fields["WARC-Date"])) != ("response", url, at):
                faults.append(f"{url} at {at}: another record stands there: {fields}")
            if digest not in self.site.served[url] or digest not in decoded(payload)["body_hash"]:
                faults.append(f"{url} at {at}: what stands there was never served")
            if (url, digest) in self.bodies:
                faults.append(f"{url} at {at}: captured twice with the same bytes")
            self.bodies.add((url, digest))
        self.seen = rows
        return faults

    def closed(self):
        names = sorted(os.listdir(self.captures)) if os.path.isdir(self.captures) else []
        return [os.path.join(self.captures, name) for name in names if name.endswith(".warc.gz")]

    def at_end(self):
        """The faults that show in the whole, and how many records of each kind there are."""
        faults, kinds, ids, answers, revisits = [], collections.Counter(), set(), {}, set()
        for path in self.closed():
            with open(path, "rb") as file:
                rest = file.read()
            while rest:
                unpacked = zlib.decompressobj(31)
                fields, block = parsed(unpacked.decompress(rest))
                rest = unpacked.unused_data
                kind, id = fields["WARC-Type"], fields["WARC-Record-ID"]
                kinds[kind] += 1
                if id in ids:
                    faults.append(f"{path}: {id} stands twice")
                ids.add(id)
                if kind == "response":
                    key = fields["WARC-Target-URI"], hashlib.sha256(block.partition(b"\r\n\r\n")[2]).hexdigest()
                    if key in answers:
                        faults.append(f"{key[0]}: the same bytes are kept twice, {answers[key]} and {fields['WARC-Date']}")
                    answers[key] = fields["WARC-Date"]
                if kind == "revisit":
                    revisits.add((fields["WARC-Target-URI"], micros(fields["WARC-Date"])))
        known = {(row[1], row[2]) for row in self.seen.values()}
        unknown = [key[0] for key, date in answers.items() if (key[0], micros(date)) not in known]
        faults += [f"{url}: an answer is kept that the store does not know" for url in unknown]
        left = [name for name in os.listdir(self.captures) if name.endswith(".open")]
        faults += [f"{name} was never closed" for name in left]
        log = self.rows("SELECT url, at, payload FROM fetches")
        n_unchanged = n_lost = 0
        for url, at, outcome in log:
            number = re.search(r"/news/(\d+)$", url)
            if number and int(number[1]) % 10 not in VALIDATED and decoded(outcome)["outcome"] == "not_modified":
                n_unchanged += 1
                n_lost += (url, at) not in revisits
        if n_lost:
            faults.append(f"{n_lost} of {n_unchanged} answers that brought nothing new have no revisit record")
        return faults, kinds


def run(program, *words):
    return subprocess.run([program, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def killed(program, common, site, draw):
    """Starts the program, kills it at a moment that is drawn, and says at which."""
    words = draw.choices([["crawl", "--all"], ["crawl"], ["run", "--port", "0"]], [6, 1, 3])[0]
    kind = draw.choices(["start", "request", "later"], [2, 5, 3])[0]
    wait = draw.uniform(0.4, 2.5) if kind == "later" else draw.uniform(0.02, 0.4)
    before = site.requests
    child = subprocess.Popen([program, *common, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = []
    reader = threading.Thread(target=lambda: said.extend(child.stderr), daemon=True)
    reader.start()
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while kind != "start" and site.requests == before and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)
    try:
        child.wait(wait)
    except subprocess.TimeoutExpired:
        pass
    is_killed = child.poll() is None
    child.kill()
    child.wait()
    reader.join()
    # One that ended by itself must have ended well.
    faults = [] if is_killed or child.returncode == 0 else [f"{' '.join(words)} ended with {child.returncode}: {''.join(said)[-600:]}"]
    return words[0], kind, is_killed, faults


def warcio(folder):
    """The checker of others, in a folder of its own."""
    venv.create(folder, with_pip=True)
    subprocess.run([os.path.join(folder, "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "warcio"], check=True)
    return os.path.join(folder, "bin/warcio")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", default=os.path.join(ROOT, "target/release/aigaq"))
    parser.add_argument("--keep", help="data folder that is not removed at the end")
    wanted = parser.parse_args()
    draw = random.Random(wanted.seed)
    site = Site()
    began = time.monotonic()
    faults, counts = [], collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        check_others = warcio(os.path.join(folder, "venv"))
        config = configure(folder, site)
        data = wanted.keep or os.path.join(folder, "data")
        common = ["--config", config, "--data", data]
        checker = Checker(data, site)
        print(f"seed {wanted.seed}, {HOSTS} hosts of {PAGES} pages, {wanted.program}", flush=True)
        while counts["killed"] < wanted.kills:
            command, kind, is_killed, found = killed(wanted.program, common, site, draw)
            counts["killed" if is_killed else "ended by themselves"] += 1
            counts[f"{command}, killed after {kind}"] += is_killed
            found += checker.after_kill()
            faults += [f"after kill {counts['killed']} ({command}, {kind}): {one}" for one in found]
            if counts["killed"] % 50 == 0 and is_killed:
                closed = checker.closed()
                checked = run(wanted.program, "verify-warc", *closed)
                if checked.returncode != 0:
                    faults.append(f"after kill {counts['killed']}: {checked.stdout[-600:]}")
                print(f"{counts['killed']} kills, {time.monotonic() - began:.0f} s, {len(checker.seen)} captures in {len(closed)} closed files, "
                      f"{site.requests} requests, {len(faults)} faults", flush=True)
        last = run(wanted.program, *common, "crawl", "--all")
        faults += [] if last.returncode == 0 else [f"the last pass ended with {last.returncode}: {last.stdout[-600:]}"]
        faults += checker.after_kill()
        found, kinds = checker.at_end()
        faults += found
        closed = checker.closed()
        for name, words in {"verify-warc": [wanted.program, "verify-warc"], "warcio check": [check_others, "check"]}.items():
            checked = run(*words, *closed)
            if checked.returncode != 0:
                faults.append(f"{name}: {checked.stdout[-600:]}")
        audited = run(wanted.program, *common, "verify-audit")
        faults += [] if audited.returncode == 0 else [f"verify-audit: {audited.stdout[-600:]}"]
        pages = {row[0] for row in checker.rows("SELECT DISTINCT url FROM revisions")}
        if len(pages) != HOSTS * PAGES:
            faults.append(f"{len(pages)} of {HOSTS * PAGES} pages stand in the store")
        pending = checker.rows("SELECT COUNT(*) FROM pending")[0][0]
        faults += [f"{pending} captures were never read"] if pending else []
        hits = run(wanted.program, *common, "--format", "json", "search", "пожаров")
        if hits.returncode != 0:
            faults.append(f"the index does not open: {hits.stdout[-600:]}")
        print(f"{counts['killed']} kills in {time.monotonic() - began:.0f} s: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
        print(f"{site.requests} requests answered, {len(checker.seen)} captures, {len(closed)} files; records: "
              + ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())))
        for fault in faults[:40]:
            print(f"FAULT {fault}")
        print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
