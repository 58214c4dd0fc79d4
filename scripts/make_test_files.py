#!/usr/bin/env python3
"""Makes the files of tests/files anew: PDF, DOCX and XLSX as other programs write them. All they tell is fictional.

    scripts/make_test_files.py [--venv DIR] [--fonts DIR]

fpdf2, python-docx, openpyxl and xlwt are installed from PyPI into a virtual environment of their own; the fonts are DejaVu's
(Debian: fonts-dejavu-core). The tests read the files as they stand in the repository and need none of this.
"""
import argparse, os, subprocess, sys, tempfile, venv

MAKER = r'''
import datetime, os, sys
from fpdf import FPDF
import docx, openpyxl, xlwt
fonts, out = sys.argv[1:3]
MADE = datetime.datetime(2026, 1, 15, 9, 30, tzinfo=datetime.timezone.utc)


def pdf(kind=FPDF):
    file = kind()
    file.set_creation_date(MADE)
    file.add_font("text", "", os.path.join(fonts, "DejaVuSerif.ttf"))
    file.add_font("text", "B", os.path.join(fonts, "DejaVuSerif-Bold.ttf"))
    file.set_font("text", size=11)
    return file


def heading(file, text, size):
    file.set_font("text", "B", size)
    file.multi_cell(0, size / 2, text, new_x="LMARGIN", new_y="NEXT")
    file.ln(2)
    file.set_font("text", size=11)


def paragraph(file, text, width=0):
    file.multi_cell(width, 5.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
    file.ln(3)


class Bulletin(FPDF):
    def header(self):
        self.set_font("text", size=8)
        self.cell(0, 5, "Бюллетень ведомства области, 2025 год", align="R", new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def footer(self):
        self.set_y(-15)
        self.set_font("text", size=8)
        self.cell(0, 5, f"- {self.page_no()} -", align="C")


file = pdf(Bulletin)
file.add_page()
heading(file, "Итоги девяти месяцев 2025 года в области Улытау", 16)
paragraph(file, "За девять месяцев 2025 года в области зарегистрировано 6 238 уголовных право-\nнарушений, что на 4,1 % меньше, чем за тот же период прошлого года. Раскрыто 417 краж, в том числе 52 квартирные.")
paragraph(file, "Возмещён ущерб на сумму 12,5 млн тенге. Данные не включают дела, переданные в другие области.")
heading(file, "Сведения по районам", 13)
rows = [("", "Зарегистрировано", "", "В суд"), ("Район", "2024", "2025", ""), ("Жанааркинский район", "1 204", "1 187", "402"), ("Улытауский район", "980", "871", "318"), ("г. Жезказган", "3 318", "3 102", "1 004"), ("г. Сатпаев", "1 003", "1 078", "327")]
widths = (70, 35, 35, 30)
for number, row in enumerate(rows):
    if number == 0:
        file.cell(70, 7, "")
        file.cell(70, 7, row[1], align="C")
        file.cell(30, 7, row[3], align="R", new_x="LMARGIN", new_y="NEXT")
        continue
    for width, text in zip(widths, row):
        file.cell(width, 7, text, align="L" if width == 70 else "R")
    file.ln(7)
file.ln(5)
paragraph(file, "Работа по возмещению ущерба продолжается, и на следующей странице об этом сказано подробнее, потому что здесь предложение не кончается и переходит")
file.add_page()
paragraph(file, "на вторую страницу вместе с читателем. Здесь оно и кончается.")
paragraph(file, "Вторая страница говорит о жалобах: их поступило 318.")
file.add_page()
paragraph(file, "Третья страница последняя. Составлено отделом статистики.")
file.output(os.path.join(out, "bulletin-ru.pdf"))

file = pdf()
file.add_page()
heading(file, "Жылдық есеп", 16)
left = ["Полиция 417 ұрлықты ашты, оның 52-сі пәтерден жасалған. Бұл өткен жылғыдан аз, өйткені тұрғындар есік-терезесін мықтап жабатын болды.", "Екінші абзац бірінші бағанда жалғасады және осында аяқталады."]
right = ["Үшінші абзац екінші бағанда тұрады. Онда жылдың қорытындысы айтылады: қайтарылған шығын 12,5 млн теңге болды.", "Төртінші абзац соңғы болады және есепті аяқтайды, оны оқырман бағанның аяғында көреді."]
top = file.get_y()
for x, texts in ((10, left), (110, right)):
    file.set_xy(x, top)
    for text in texts:
        file.set_x(x)
        file.multi_cell(85, 5.5, text, align="L", new_x="LEFT", new_y="NEXT")
        file.ln(3)
file.output(os.path.join(out, "columns-kk.pdf"))

file = pdf()
file.add_page()
heading(file, "Quarterly figures of the regional office", 15)
paragraph(file, "The office received 318 complaints in the first quarter of 2026, 27 fewer than a year earlier.")
for text in ("• 204 were settled within five days.", "• 96 were sent on to other bodies."):
    file.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
file.output(os.path.join(out, "report-en.pdf"))

file = pdf()
file.set_encryption(owner_password="owner", user_password="reader")
file.add_page()
paragraph(file, "Этого никто не прочтёт.")
file.output(os.path.join(out, "locked.pdf"))

from PIL import Image
picture = Image.new("L", (300, 400), 250)
for y in range(40, 360, 20):
    for x in range(30, 270):
        if (x * 7 + y) % 11 < 5:
            picture.putpixel((x, y), 20)
file = pdf()
for _ in range(2):
    file.add_page()
    file.image(picture, x=0, y=0, w=210)
    file.set_xy(10, 285)
    file.cell(0, 5, "1/2")
file.output(os.path.join(out, "scan.pdf"))

word = docx.Document()
word.core_properties.created = word.core_properties.modified = MADE.replace(tzinfo=None)
word.core_properties.author = "Статистика бөлімі"
word.core_properties.title = "Word Document"
word.add_heading("Облыс полициясының жылдық есебі", 0)
word.add_paragraph("2025 жылы облыста 6 238 құқық бұзушылық тіркелді, бұл өткен жылғыдан 4,1%-ға аз.")
word.add_heading("Аудандар бойынша", 1)
table = word.add_table(rows=4, cols=3)
for number, row in enumerate([("Аудан", "Тіркелді", ""), ("", "2024", "2025"), ("Жаңаарқа ауданы", "1 204", "1 187"), ("Ұлытау ауданы", "980", "871")]):
    for cell, text in zip(table.rows[number].cells, row):
        cell.text = text
table.cell(0, 1).merge(table.cell(0, 2))
table.cell(0, 0).merge(table.cell(1, 0))
for text in ("18 тексеру жүргізілді.", "12,5 млн теңге қайтарылды."):
    word.add_paragraph(text, style="List Bullet")
word.add_paragraph("Құрметті оқырман, деректер алдын ала алынған.", style="Quote")
word.save(os.path.join(out, "report-kk.docx"))

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "R1"
sheet["A1"] = "Форма отчета № 7 «О зарегистрированных правонарушениях»"
sheet["A2"] = "Раздел 1. Сведения по области"
for place, text in {"A3": "Наименование показателей", "D3": "Код", "E3": "Количество правонарушений, дела о которых в производстве", "F3": "Количество правонарушений, зарегистрированных в отчетном периоде", "G3": "из графы 2", "G4": "в отношении женщин", "H4": "в отношении детей", "A5": "А", "D5": "Б"}.items():
    sheet[place] = text
for column, number in zip("EFGH", range(1, 5)):
    sheet[f"{column}5"] = number
rows = [("Всего правонарушений", "", "", 1, 7410, 6238, 1204, 88), ("", "из них", "проступки", 2, 1204, 1013, 101, 7), ("", "", "преступления", 3, 6206, 5225, 1103, 81), ("ст. 99 ч. 1", "", "", 4, 12, 9, 3, 0)]
for at, row in enumerate(rows):
    for column, value in zip("ABCDEFGH", row):
        if value != "":
            sheet[f"{column}{6 + at}"] = value
for area in ("A3:C4", "D3:D4", "E3:E4", "F3:F4", "G3:H3", "B7:B8"):
    sheet.merge_cells(area)
book.properties.created = book.properties.modified = MADE.replace(tzinfo=None)
book.save(os.path.join(out, "form-ru.xlsx"))

old = xlwt.Workbook()
sheet = old.add_sheet("Лист1")
for row, cells in enumerate([("Обращения граждан, тыс.", "", ""), ("Область", "2024", "2025"), ("Абай", 1.25, 1.5), ("Улытау", 0.75, 0.8), ("Всего", 2, 2.3)]):
    for column, value in enumerate(cells):
        sheet.write(row, column, value)
old.save(os.path.join(out, "appeals-ru.xls"))
'''


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--venv", default=os.path.join(tempfile.gettempdir(), "aigaq-test-files"))
    options.add_argument("--fonts", default="/usr/share/fonts/truetype/dejavu")
    options = options.parse_args()
    python = os.path.join(options.venv, "bin", "python")
    if not os.path.exists(python):
        venv.create(options.venv, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "fpdf2", "python-docx", "openpyxl", "pillow", "xlwt"], check=True)
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "files")
    os.makedirs(out, exist_ok=True)
    subprocess.run([python, "-c", MAKER, options.fonts, out], check=True)


sys.exit(main())
