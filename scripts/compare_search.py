#!/usr/bin/python3
"""Asks PostgreSQL full text (GIN) and SQLite FTS5 what `cargo bench --bench search` asks Aigaq, over the same publications.

    cargo bench --bench search -- 1000000 --write FOLDER
    scripts/compare_search.py FOLDER [--install] [--only sqlite|postgres] [--each N]

FOLDER gets pages.jsonl and questions.jsonl from the bench, and from here one database of each kind, which are removed at the
end. --install fetches PostgreSQL with apt-get (as root). PostgreSQL runs as the user `postgres` on a socket in FOLDER with 512 MB of
shared buffers; its columns are stemmed as Russian, English or not at all (Kazakh), its questions in all three ways. FTS5 has unicode61.
Each question of a page is a count and twenty rows, as Aigaq gives both. --each asks only the first N questions of each kind.
"""
import argparse, glob, json, os, resource, shutil, sqlite3, subprocess, sys, time

FIRST, LAST = 1756684800, 1780272000  # 2025-09-01 .. 2026-05-31, the dates of the filter
LANGUAGES = ("ru", "kk", "en")
EXPORTED = "школа"


def pages(folder):
    with open(os.path.join(folder, "pages.jsonl"), encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def told(what, n, seconds):
    print(f"  {n} {what} in {seconds:.1f} s: {n / seconds:.0f} a second", flush=True)


def ask(questions, engine, each):
    """Asks the first questions of each kind; prints median and 99th percentile of each kind."""
    kinds = list(dict.fromkeys(q["kind"] for q in questions))
    for kind in kinds:
        times = []
        for question in [q for q in questions if q["kind"] == kind][:each]:
            ready = engine.prepare(kind, question["words"])
            begun = time.perf_counter()
            engine.answer(kind, question["words"], ready)
            times.append((time.perf_counter() - begun) * 1e3)
        times.sort()
        at = lambda share: times[min(len(times) * share // 100, len(times) - 1)]
        print(f"  {kind}: p50 {at(50):.1f} ms, p99 {at(99):.1f} ms of {len(times)}", flush=True)


class Sqlite:
    def __init__(self, folder):
        self.path = os.path.join(folder, "fts5.db")
        self.db = sqlite3.connect(self.path)
        self.db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-524288;"
            "CREATE TABLE docs (id INTEGER PRIMARY KEY, language TEXT, source TEXT, published INTEGER, title TEXT, text TEXT);"
            "CREATE VIRTUAL TABLE fts USING fts5(title, text, content='docs', content_rowid='id');"
        )

    def load(self, folder):
        begun, n = time.perf_counter(), 0
        for page in pages(folder):
            row = (page["id"], page["language"], page["source"], page["published"], page["title"], page["text"])
            self.db.execute("INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?)", row)
            n += 1
        self.db.commit()
        told("publications stored", n, time.perf_counter() - begun)
        begun = time.perf_counter()
        self.db.execute("INSERT INTO fts(fts) VALUES ('rebuild')")
        self.db.commit()
        told("publications indexed", n, time.perf_counter() - begun)
        try:
            size = self.db.execute("SELECT SUM(pgsize) FROM dbstat WHERE name LIKE 'fts_%'").fetchone()[0]
            print(f"  {size >> 20} MB of index, {os.path.getsize(self.path) >> 20} MB of database")
        except sqlite3.OperationalError:
            print(f"  {os.path.getsize(self.path) >> 20} MB of database")

    def match(self, kind, words):
        quoted = [f'"{word}"' for word in words]
        if kind == "phrase":
            return '"' + " ".join(words) + '"'
        return quoted[0] + "*" if kind == "prefix" else " ".join(quoted)

    def prepare(self, kind, words):
        if kind != "page 100":
            return None
        sql = ("SELECT docs.published, docs.id FROM fts CROSS JOIN docs ON docs.id = fts.rowid WHERE fts MATCH ? "
               "ORDER BY docs.published DESC, docs.id DESC LIMIT 1 OFFSET 1979")
        return self.db.execute(sql, (self.match(kind, words),)).fetchone() or (0, 0)

    def answer(self, kind, words, ready):
        match, run = self.match(kind, words), lambda sql, *args: self.db.execute(sql, args).fetchall()
        joined = "FROM fts CROSS JOIN docs ON docs.id = fts.rowid WHERE fts MATCH ?"
        if kind == "three words, two filters":
            where = joined + " AND docs.language IN (?, ?, ?) AND docs.published BETWEEN ? AND ?"
            run("SELECT COUNT(*) " + where, match, *LANGUAGES, FIRST, LAST)
            run("SELECT docs.id, docs.title, snippet(fts, 1, '[', ']', '…', 36) " + where + " ORDER BY bm25(fts, 2.0, 1.0), docs.id LIMIT 20",
                match, *LANGUAGES, FIRST, LAST)
        elif kind == "facets and histogram":
            for column in ("docs.language", "docs.source", "docs.published / 86400"):
                run(f"SELECT {column}, COUNT(*) {joined} GROUP BY 1", match)
            run("SELECT docs.id, docs.title, snippet(fts, 1, '[', ']', '…', 36) " + joined + " ORDER BY docs.published DESC, docs.id DESC LIMIT 20", match)
        elif kind == "page 100":
            run("SELECT COUNT(*) FROM fts WHERE fts MATCH ?", match)
            run("SELECT docs.id, docs.title, snippet(fts, 1, '[', ']', '…', 36) " + joined +
                " AND (docs.published, docs.id) < (?, ?) ORDER BY docs.published DESC, docs.id DESC LIMIT 20", match, *ready)
        else:
            run("SELECT COUNT(*) FROM fts WHERE fts MATCH ?", match)
            run("SELECT rowid, title, snippet(fts, 1, '[', ']', '…', 36) FROM fts WHERE fts MATCH ? ORDER BY bm25(fts, 2.0, 1.0), rowid LIMIT 20", match)

    def export(self):
        sql = ("SELECT docs.id, docs.title, docs.source, docs.published, snippet(fts, 1, '[', ']', '…', 36) FROM fts CROSS JOIN docs ON docs.id = fts.rowid "
               "WHERE fts MATCH ? ORDER BY docs.published DESC, docs.id DESC")
        return sum(1 for _ in self.db.execute(sql, (f'"{EXPORTED}"',)))

    def end(self):
        print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")
        self.db.close()
        for path in glob.glob(self.path + "*"):
            os.remove(path)


class Postgres:
    CONFIG = "CASE language WHEN 'ru' THEN 'russian' WHEN 'en' THEN 'english' ELSE 'simple' END::regconfig"

    def __init__(self, folder):
        import psycopg2
        self.home = os.path.join(folder, "postgres")
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        os.makedirs(self.home)
        shutil.chown(self.home, "postgres")
        self.run("initdb", "-D", self.home + "/data", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
        options = f"-k {self.home} -h '' -c shared_buffers=512MB -c maintenance_work_mem=512MB -c max_wal_size=8GB -c synchronous_commit=off"
        self.run("pg_ctl", "-D", self.home + "/data", "-w", "-l", self.home + "/log", "-o", options, "start")
        self.db = psycopg2.connect(host=self.home, user="postgres", dbname="postgres")
        self.db.autocommit = True

    def run(self, program, *arguments):
        command = ["runuser", "-u", "postgres", "--", os.path.join(self.bin, program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def load(self, folder):
        cursor = self.db.cursor()
        cursor.execute("CREATE TABLE loaded (id INT, language TEXT, source TEXT, published BIGINT, title TEXT, text TEXT)")

        class Rows:
            def __init__(self):
                self.pages, self.n = pages(folder), 0
                self.rest = b""

            def read(self, size):
                while len(self.rest) < size:
                    page = next(self.pages, None)
                    if page is None:
                        break
                    self.n += 1
                    cells = (page["id"], page["language"], page["source"], page["published"], page["title"], page["text"])
                    self.rest += ("\t".join(str(cell).replace("\\", " ").replace("\t", " ") for cell in cells) + "\n").encode()
                chunk, self.rest = self.rest[:size], self.rest[size:]
                return chunk

        begun, rows = time.perf_counter(), Rows()
        cursor.copy_expert("COPY loaded FROM STDIN", rows, size=1 << 20)
        told("publications stored", rows.n, time.perf_counter() - begun)
        begun = time.perf_counter()
        cursor.execute(f"CREATE TABLE docs AS SELECT *, setweight(to_tsvector({self.CONFIG}, title), 'A') || to_tsvector({self.CONFIG}, text) AS words FROM loaded")
        cursor.execute("DROP TABLE loaded")
        cursor.execute("CREATE INDEX docs_words ON docs USING GIN (words)")
        cursor.execute("ALTER TABLE docs ADD PRIMARY KEY (id)")
        cursor.execute("CREATE INDEX docs_published ON docs (published, id)")
        cursor.execute("ANALYZE docs")
        told("publications indexed", rows.n, time.perf_counter() - begun)
        cursor.execute("SELECT pg_relation_size('docs_words'), pg_total_relation_size('docs')")
        index, whole = cursor.fetchone()
        print(f"  {index >> 20} MB of GIN, {whole >> 20} MB with the table and its word vectors", flush=True)

    def query(self, kind, words):
        text = " ".join(words)
        if kind == "prefix":
            return "to_tsquery('simple', %s)", [text + ":*"]
        made = "phraseto_tsquery" if kind == "phrase" else "plainto_tsquery"
        return "(" + " || ".join(f"{made}('{config}', %s)" for config in ("russian", "english", "simple")) + ")", [text] * 3

    def prepare(self, kind, words):
        if kind != "page 100":
            return None
        query, values = self.query(kind, words)
        cursor = self.db.cursor()
        cursor.execute(f"SELECT published, id FROM docs WHERE words @@ {query} ORDER BY published DESC, id DESC LIMIT 1 OFFSET 1979", values)
        return cursor.fetchone() or (0, 0)

    def answer(self, kind, words, ready):
        query, values = self.query(kind, words)
        cursor = self.db.cursor()

        def run(sql, more=()):
            cursor.execute(sql, [*values, *more])
            return cursor.fetchall()

        asked, where = f"FROM docs, (SELECT {query} AS q) asked", "WHERE words @@ q"
        filters = " AND language IN ('ru', 'kk', 'en') AND published BETWEEN %s AND %s" if kind == "three words, two filters" else ""
        more = (FIRST, LAST) if filters else ()
        page = "SELECT id, title, ts_headline(text, q, 'MaxWords=36, MinWords=20') FROM (SELECT id, title, text, q {} LIMIT 20) page"
        if kind == "facets and histogram":
            for column in ("language", "source", "published / 86400"):
                run(f"SELECT {column}, COUNT(*) {asked} {where} GROUP BY 1")
            run(page.format(f"{asked} {where} ORDER BY published DESC, id DESC"))
        elif kind == "page 100":
            run(f"SELECT COUNT(*) {asked} {where}")
            run(page.format(f"{asked} {where} AND (published, id) < (%s, %s) ORDER BY published DESC, id DESC"), ready)
        else:
            run(f"SELECT COUNT(*) {asked} {where}{filters}", more)
            run(page.format(f"{asked} {where}{filters} ORDER BY ts_rank(words, q) DESC, id"), more)

    def export(self):
        query, values = self.query("export", [EXPORTED])
        with self.db.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"DECLARE rows CURSOR FOR SELECT id, title, source, published, ts_headline(text, q, 'MaxWords=36, MinWords=20') "
                           f"FROM docs, (SELECT {query} AS q) asked WHERE words @@ q ORDER BY published DESC, id DESC", values)
            n = 0
            while True:
                cursor.execute("FETCH 1000 FROM rows")
                got = len(cursor.fetchall())
                n += got
                if not got:
                    cursor.execute("COMMIT")
                    return n

    def end(self):
        cursor = self.db.cursor()
        cursor.execute("SELECT pg_backend_pid()")
        status = open(f"/proc/{cursor.fetchone()[0]}/status").read()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        print(f"  peak memory of the asking process, shared buffers included: {int(peak.split()[1]) >> 10} MB")
        self.db.close()
        self.run("pg_ctl", "-D", self.home + "/data", "-m", "fast", "-w", "stop")
        shutil.rmtree(self.home)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--each", type=int)
    options = parser.parse_args()
    if options.install:
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.run(["apt-get", "update", "-q"], check=True, env=environment)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "postgresql", "python3-psycopg2"], check=True, env=environment)
    with open(os.path.join(options.folder, "questions.jsonl"), encoding="utf-8") as lines:
        questions = [json.loads(line) for line in lines]
    for name, engine in (("sqlite", Sqlite), ("postgres", Postgres)):
        if options.only not in (None, name):
            continue
        print(f"{name}, load {os.getloadavg()[0]:.1f}", flush=True)
        one = engine(options.folder)
        try:
            one.load(options.folder)
            ask(questions, one, options.each)
            begun = time.perf_counter()
            told("rows exported", one.export(), time.perf_counter() - begun)
        finally:
            one.end()


if __name__ == "__main__":
    sys.exit(main())
