#!/usr/bin/env python3
"""Measures extraction beside its peers on pages with gold text: quality, dates, speed on one core, peak memory.

    scripts/measure_extraction.py --text GOLD.jsonl.gz --dates GOLD.jsonl.gz [--binary target/release/aigaq] [--venv DIR]

GOLD has lines {"id", "url", "html"} with "body" (main text) or "date". The peers (trafilatura, htmldate, readability-lxml,
jusText) are installed from PyPI into a virtual environment of their own. Each tool runs in a process of its own over all
pages, on one core, with metadata where it has any; seconds are processor time of the whole process less its start.
F1 is that of the article-extraction-benchmark: multisets of 4-grams of words, means over pages.
"""
import argparse, collections, gzip, json, os, re, resource, subprocess, sys, tempfile, venv

PEERS = [["trafilatura", "htmldate", "jusText", "lxml_html_clean", "chardet", "cssselect"], ["--no-deps", "readability-lxml"]]
RUNNER = r'''
import gzip, json, sys
tool, path = sys.argv[1:3]
pages = [json.loads(line) for line in gzip.open(path, "rt", encoding="utf-8")]
if tool == "trafilatura":
    import trafilatura
    def read(p):
        d = trafilatura.bare_extraction(p["html"], url=p.get("url"), with_metadata=True, include_comments=False)
        return {"text": d.text if d else "", "published": d.date if d else None}
elif tool == "trafilatura precision":
    import trafilatura
    def read(p):
        d = trafilatura.bare_extraction(p["html"], url=p.get("url"), with_metadata=True, include_comments=False, favor_precision=True)
        return {"text": d.text if d else "", "published": d.date if d else None}
elif tool == "htmldate":
    import htmldate
    def read(p):
        return {"text": "", "published": htmldate.find_date(p["html"], url=p.get("url"), original_date=True)}
elif tool == "readability-lxml":
    import readability, lxml.html
    def read(p):
        return {"text": lxml.html.fromstring(readability.Document(p["html"]).summary()).text_content()}
elif tool == "jusText":
    import justext
    stop = justext.get_stoplist("English")
    def read(p):
        return {"text": "\n".join(x.text for x in justext.justext(p["html"].encode(), stop) if not x.is_boilerplate)}
elif tool == "nothing":
    def read(p):
        return {"text": ""}
for p in pages:
    try:
        out = read(p)
    except Exception as error:
        out = {"text": "", "error": str(error)}
    out["id"] = p["id"]
    print(json.dumps(out))
'''


def grams(text):
    words = re.findall(r"\w+", text or "")
    return collections.Counter(tuple(words[i:i + 4]) for i in range(max(1, len(words) - 3))) if words else collections.Counter()


def score(gold, got):
    precision, recall, dates, empty = [], [], [], 0
    for page in gold:
        out = got.get(str(page["id"]), {})
        if page.get("body"):
            want, have = grams(page["body"]), grams(out.get("text"))
            both = sum((want & have).values())
            if have:
                precision.append(both / sum(have.values()))
            else:
                empty += 1
            recall.append(both / sum(want.values()))
        if page.get("date"):
            dates.append((out.get("published") or "")[:10] == page["date"][:10])
    mean = lambda numbers: sum(numbers) / len(numbers) if numbers else None
    p, r = mean(precision), mean(recall)
    return {"f1": 2 * p * r / (p + r) if p and r else None, "p": p, "r": r, "empty": empty if recall else "-", "dates": mean(dates)}


def run(command, stdin=None):
    """Output, processor seconds and peak memory in MB of a process."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdin=stdin, stdout=out, stderr=subprocess.DEVNULL,
                                 env={**os.environ, "RAYON_NUM_THREADS": "1", "RUST_LOG": "off"})
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            sys.exit(f"{command[0]} failed")
        out.seek(0)
        lines = [json.loads(line) for line in out.read().decode().splitlines()]
    return {str(line["id"]): line for line in lines}, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--text")
    arguments.add_argument("--dates")
    arguments.add_argument("--binary", default="target/release/aigaq")
    arguments.add_argument("--venv", default=os.path.join(tempfile.gettempdir(), "aigaq-peers"))
    given = arguments.parse_args()
    python = os.path.join(given.venv, "bin", "python")
    if not os.path.exists(python):
        venv.create(given.venv, with_pip=True)
        for packages in PEERS:
            subprocess.check_call([python, "-m", "pip", "install", "-q", *packages])
    with tempfile.TemporaryDirectory() as folder:
        runner = os.path.join(folder, "runner.py")
        with open(runner, "w") as file:
            file.write(RUNNER)
        print("| set | tool | F1 | precision | recall | empty | same day | pages/s on one core | peak MB |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for path in filter(None, [given.text, given.dates]):
            gold = [json.loads(line) for line in gzip.open(path, "rt", encoding="utf-8")]
            plain = os.path.join(folder, "pages.jsonl")
            with open(plain, "w", encoding="utf-8") as file:
                for page in gold:
                    file.write(json.dumps({key: page.get(key) or "" for key in ("id", "url", "html")}, ensure_ascii=False) + "\n")
            has_text = any(page.get("body") for page in gold)
            tools = ["trafilatura", "trafilatura precision", "readability-lxml", "jusText"] if has_text else ["htmldate", "trafilatura"]
            _, start, _ = run([python, runner, "nothing", path])
            for tool in ["aigaq", *tools]:
                if tool == "aigaq":
                    with open(plain, "rb") as pages:
                        got, seconds, memory = run([given.binary, "extract", "--jsonl"], pages)
                else:
                    got, seconds, memory = run([python, runner, tool, path])
                    seconds = max(seconds - start, 1e-9)
                s = score(gold, got)
                show = lambda number: "-" if number is None else f"{number:.3f}"
                name = os.path.basename(path).split(".")[0]
                print(f"| {name} | {tool} | {show(s['f1'])} | {show(s['p'])} | {show(s['r'])} | {s['empty']} | {show(s['dates'])} | {len(gold) / seconds:.0f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
