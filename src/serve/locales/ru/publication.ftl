publication-gone = Страница больше не открывается, замечено: { $when }. Ниже последний виденный текст. Это не значит, что издание в чём-то виновато.
publication-elsewhere = Другие публикации
publication-modified = изменена, по словам страницы
publication-as-record = Как запись
publication-no-note = пометки об исправлении не найдено
publication-changes = { $n ->
    [one] изменилась { $shown } строка
    [few] изменились { $shown } строки
   *[other] изменилось { $shown } строк
}
publication-unchanged = Без изменений строк: { $shown }
publication-view = Вид
publication-side = Рядом
publication-one-text = В одном тексте
publication-went = удалено
publication-came = добавлено
publication-compare = Сравнить версию
publication-compare-with = с версией
publication-compare-go = Сравнить
publication-text = Текст
publication-proposed = Сравнение предлагает программа, решает человек. «Записи не нашлось» не значит, что утверждение неверно.
publication-about = О публикации
publication-claims = Утверждения
publication-no-claims = В этой версии проверяемых утверждений не найдено.
publication-unjudged = ещё не сравнивали
publication-record = Запись
publication-copies = Где ещё стоит
publication-same-case = В том же деле
publication-same-title = С тем же заголовком
publication-languages = На других языках и в других видах
publication-not-seen = снимка у нас нет
