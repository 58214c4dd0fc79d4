#!/usr/bin/env python3
"""Checks the reading of official workbooks of form 1-M against an independent reader, cell by cell, and its claims end to end.

    scripts/check_form_1m.py FILE.xlsx... [--binary target/debug/aigaq] [--venv DIR]

openpyxl is installed from PyPI into a virtual environment of its own. Every sheet's cells of figures must be those that
openpyxl reads, in the same rows and columns. Then each file is imported into a folder of its own, and claims made
from its first rows are judged: the figure of column 2 given as registered must be supported, the figure of column 1
(in production) given as registered must differ by base. Exit status 1 when anything is otherwise.
"""
import argparse, json, os, subprocess, sys, tempfile, venv

READER = r"""
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], data_only=True)
print(json.dumps({s.title: [[c for c in row] for row in s.iter_rows(values_only=True)] for s in book}, default=str))
"""
SOURCES = """
[[source]]
id = "stat"
name = { ru = "Комитет по правовой статистике" }
url = "https://stat.example/"
role = "official"
languages = ["ru"]
"""


def figures(rows):
    """Rows of figures of a sheet: those below the row that counts the columns, from the column counted 1 on."""
    for at, row in enumerate(rows[:20]):
        places = [i for i, cell in enumerate(row) if str(cell) == "1"]
        counted = [str(c) for c in row[places[0]:]] if places else []
        if counted[:3] == ["1", "2", "3"]:
            first = places[0]
            columns = [i for i in range(first, len(row)) if str(row[i]).isdigit()]
            below = [[row[i] if i < len(row) else None for i in columns] for row in rows[at + 1:]]
            return [["" if c is None else str(c) for c in row] for row in below if any(c not in (None, "") for c in row)]
    return None


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("files", nargs="+")
    options.add_argument("--binary", default="target/debug/aigaq")
    options.add_argument("--venv", default=os.path.join(tempfile.gettempdir(), "aigaq-openpyxl"))
    options.add_argument("--title", default="г. Астана, 2022 год", help="period and region of the files")
    options = options.parse_args()
    python = os.path.join(options.venv, "bin", "python")
    if not os.path.exists(python):
        venv.create(options.venv, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "openpyxl"], check=True)
    n_wrong = 0
    for path in options.files:
        sheets = json.loads(subprocess.run([python, "-c", READER, path], check=True, capture_output=True).stdout)
        document = json.loads(subprocess.run([options.binary, "extract", path], check=True, capture_output=True).stdout)
        tables = {table["title"].split(".")[0]: table["rows"] for table in document["tables"]}
        n_cells = n_figures = 0
        for name, rows in sheets.items():
            expected = figures(rows)
            if expected is None:
                print(f"{path} {name}: no row that counts columns, not compared")
                continue
            found = [row[1:] for row in tables.get(name, [])[1:] if any(row[1:])]
            n_cells += sum(len(row) for row in expected)
            n_figures += sum(cell not in ("", "0") for row in expected for cell in row)
            for number, (a, b) in enumerate(zip(expected, found)):
                for column, (x, y) in enumerate(zip(a, b)):
                    if x.strip() != y.strip():
                        n_wrong += 1
                        print(f"{path} {name} row {number} column {column + 1}: {x!r} there, {y!r} read")
            if len(expected) != len(found) or expected and len(expected[0]) != len(found[0]):
                n_wrong += 1
                print(f"{path} {name}: {len(expected)} rows there, {len(found)} read")
        total = tables["R1"][1]
        region = options.title.split(",")[0]
        year = options.title.split(",")[1].strip().split()[0]
        claims = [(total[2], "supported", None), (total[1], "contradicted", "base")]
        with tempfile.TemporaryDirectory() as folder:
            sources = os.path.join(folder, "sources.toml")
            open(sources, "w").write(SOURCES)
            run = [options.binary, "--config", sources, "--data", os.path.join(folder, "data"), "--format", "jsonl"]
            title = ["--title", options.title, "--published", f"{int(year) + 1}-01-20"]
            subprocess.run(run + ["import", path, "--source", "stat"] + title, check=True, capture_output=True)
            for figure, label, slot in claims:
                text = f"{region}: за {year} год зарегистрировано {int(figure):,} уголовных правонарушений.".replace(",", " ")
                answer = subprocess.run(run + ["check", "--published", f"{int(year) + 1}-02-10"], input=text.encode(), capture_output=True)
                verdicts = [json.loads(line) for line in answer.stdout.decode().splitlines()]
                got = [(v["verdict"], [d["slot"] for d in v["differences"]], v["evidence"]) for v in verdicts]
                is_right = any(v == label and (slot is None or slot in slots) for v, slots, _ in got)
                n_wrong += not is_right
                quoted = next((e[0]["sentence"] for v, _, e in got if v == label and e), "")
                print(f"{'right' if is_right else 'WRONG'}: {text} -> {got[0][0]} {got[0][1]}; {quoted}")
        print(f"{path}: {len(sheets)} sheets, {n_cells} cells compared, {n_figures} of them filled; {len(document['warnings'])} notes")
    print("every cell is right" if not n_wrong else f"{n_wrong} wrong")
    return 1 if n_wrong else 0


sys.exit(main())
