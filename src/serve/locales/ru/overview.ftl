overview-title = Обзор
overview-lead = { $from } – { $to }
overview-period = Период
overview-dates = Другие даты
overview-from = с
overview-to = по
overview-show = Показать
overview-print = Сводка на печать
overview-printed = Напечатано: { $at }
overview-first = С чего начать
overview-first-sources = Назовите источники в sources.toml: ведомства, чьи записи верны, и издания.
overview-first-crawl = Запустите aigaq run: страницы соберутся, записи и публикации сравнятся.
overview-first-people = Добавьте людей командой aigaq user add: решает человек, программа только предлагает.
overview-opened = Новые дела
overview-decided = До первого решения, медиана
overview-mended = Исправлено после письма
overview-checked = Проверено публикаций
overview-before = Прежде за такой же срок: { $before } ({ $change })
overview-before-only = Прежде за такой же срок: { $before }
overview-no-decision = За этот срок решений не было
overview-decisions = { $n ->
    [one] { $shown } решение
    [few] { $shown } решения
   *[other] { $shown } решений
}
overview-no-letter = За этот срок писем не было
overview-mended-of = Дел с письмом: { $whole }, исправлено: { $part }
overview-duration = { $hours } ч { $minutes } мин
overview-timeline = Публикации
overview-daily = по дням
overview-weekly = по неделям
overview-by-language = Языки
overview-by-role = Кто опубликовал
overview-kazakh = казахский
overview-russian = русский
overview-english = английский
overview-media = издания
overview-official = ведомства
overview-other = прочие
overview-unseen = источник не был виден
overview-none-published = За этот срок публикаций нет.
overview-found-all = { $n ->
    [one] Всего { $shown } публикация.
    [few] Всего { $shown } публикации.
   *[other] Всего { $shown } публикаций.
}
overview-found-most = Больше всего: { $count } ({ $when }).
overview-table = Показать таблицей
overview-when = Когда
overview-together = Всего
overview-differing = Что расходится чаще
overview-differing-none = За этот срок не открыто ни одного дела.
overview-cases = { $n ->
    [one] { $shown } дело
    [few] { $shown } дела
   *[other] { $shown } дел
}
overview-element = Элемент
overview-bar = Полоса
overview-number = Дел
overview-growing = Что растёт быстрее обычного
overview-growing-none = Ни о ком и ни о чём не пишут заметно чаще обычного.
overview-growing-unknown = Ещё нечем сравнивать: за предыдущие 28 дней публикаций нет.
overview-growing-how = Последние 7 дней против 28 дней до них, в пересчёте на неделю.
overview-topic = О ком, о чём
overview-two-weeks = 14 дней
overview-week = 7 дней
overview-times = К обычному
overview-new = впервые
overview-waiting = Требует внимания
overview-waiting-none = Ничего не просрочено, писем на утверждение нет, все источники отвечают.
overview-overdue = просрочено
overview-due = Срок: { $when }
overview-regressed = снова расходится
overview-approve = письмо на утверждение
overview-sources = источники
overview-troubled = { $n ->
    [one] { $shown } источник отстаёт
    [few] { $shown } источника отстают
   *[other] { $shown } источников отстают
}
overview-more = и ещё { $shown }
overview-totals = Итоги срока
overview-total-found = Найдено публикаций с расхождением
overview-total-asked = Дел, по которым ушло письмо
overview-total-corrected = Исправлено публикаций
overview-total-silently = из них без пометки
overview-total-removed = Удалено или убрана фраза
overview-total-cleared = Расхождение снято записью
overview-total-regressed = Вернулось после исправления
overview-total-withdrawn = Отозвано нами
overview-total-standing = Стоит на конец срока
overview-total-detection = От публикации до находки, медиана
overview-total-letter = От находки до письма, медиана
overview-total-correction = От письма до исправления, медиана
overview-missing = Чего мы не видели
overview-missing-none = Все источники были видны весь срок.
overview-gap-silent = не отвечал: { $from } – { $to }
overview-gap-unasked = не опрашивался: { $from } – { $to }
overview-gap-now = сейчас
