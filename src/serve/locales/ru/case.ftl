case-crumbs = Путь
case-untitled = Дело без публикаций
case-copies = { $n ->
    [one] { $shown } публикация
    [few] { $shown } публикации
   *[other] { $shown } публикаций
}
case-left = Осталось: { $span }
case-overdue = Просрочено: { $span }
case-assign = Назначить
case-snooze = Отложить
case-print = Печать
case-last-step = Последний шаг: { $step }
case-proposal = Что предложено
case-head-proposed = Предложено: публикация расходится с официальной записью
case-head-confirmed = Расхождение подтверждено: { $who }, { $at }
case-head-dismissed = Отклонено: { $reason }
case-head-withdrawn = Отозвано: мы ошиблись
case-counts = Расходится элементов: { $differ }, совпадает: { $same }.
case-counts-left-out = Опущено: { $shown }.
case-confidence = Уверенность программы: { $value }.
case-person-decides = Решение принимает человек.
case-quiet = Новость свежая: решать можно с этого времени: { $until }
case-follows = Раньше было дело по той же записи
case-duplicate-of = То же самое, что дело
case-decide = Принять решение
case-comparison = Сопоставление
case-in-publication = в публикации
case-in-record = в записи
case-publication = Публикация
case-record = Официальная запись
case-no-record = Цитаты официальной записи в деле нет: сравнивать не с чем.
case-more-records = { $n ->
    [one] ещё { $shown } запись
    [few] ещё { $shown } записи
   *[other] ещё { $shown } записей
}
case-saved = Снимок: { $at }, { $version }
case-version-of = версия { $number } из { $all }
case-not-saved = Снимка этой страницы в хранилище нет
case-original = Оригинал
case-open-saved = Открыть снимок
case-in-kk = На казахском
case-in-ru = На русском
case-in-en = На английском
case-slots = Что расходится
case-slot = Элемент
case-result = Итог
case-differs = расходится
case-left-out = опущено
case-same = совпадает
case-not-compared = не сопоставлено
case-unsaid = не упомянуто
case-n-differ = { $n ->
    [one] { $shown } расходится
   *[other] { $shown } расходятся
}
case-n-same = { $n ->
    [one] { $shown } совпадает
   *[other] { $shown } совпадают
}
case-n-left-out = { $n ->
    [one] { $shown } опущен
   *[other] { $shown } опущено
}
case-no-slots = В деле не указано, какой элемент расходится.
case-frames-missing = Остальные элементы не показаны: дело открыто версией программы, которая их не хранила.
case-what-differs = в публикации «{ $claimed }», в записи «{ $official }»
case-explanation = Пояснение, как оно сохранено в деле
case-more = в публикации больше на { $by }
case-less = в публикации меньше на { $by }
case-later = { $n ->
    [one] в публикации на { $shown } день позже
    [few] в публикации на { $shown } дня позже
   *[other] в публикации на { $shown } дней позже
}
case-earlier = { $n ->
    [one] в публикации на { $shown } день раньше
    [few] в публикации на { $shown } дня раньше
   *[other] в публикации на { $shown } дней раньше
}
case-opposite = сказано обратное
case-wider = в публикации взята более широкая территория
case-narrower = в публикации взята часть территории
case-plan-as-done = запланированное передано как сделанное
case-points = { $value } п. п.
case-metres = { $value } м
case-square-metres = { $value } м²
case-cubic-metres = { $value } м³
case-kilograms = { $value } кг
case-seconds = { $value } с
case-age = возраст: { $value }
case-mci = { $value } МРП
case-role-level = значение
case-role-change-by = изменение на столько
case-role-change-to = изменение до этого значения
case-role-start = значение до изменения
case-role-share = доля от целого
case-role-ratio = во сколько раз
case-role-rank = место по порядку
case-direction-up = рост
case-direction-down = снижение
case-direction-flat = без изменений
case-mood-asserted = сообщено как факт
case-mood-planned = запланировано
case-mood-forecast = прогноз
case-mood-possible = возможно
case-mood-rumoured = по слухам
case-affirmed = утверждается
case-denied = отрицается
case-decision = Решение
case-no-right = Решать по этому делу вы сейчас не можете: это зависит от роли, ведомства и состояния дела. Права меняет администратор.
case-reason = Причина
case-answer = Что ответили
case-into = Номер другого дела
case-why = Обоснование
case-why-hint = Его увидят коллеги; при отказе, отзыве и открытии заново оно обязательно.
case-take-step = Сделать выбранный шаг
case-meaning-confirm = публикация действительно расходится с записью
case-meaning-dismiss = расхождения нет или дело не наше; назовите причину
case-meaning-watch = пока без решения, оставить на виду
case-meaning-merge = публикации перейдут в другое дело
case-meaning-split = отмеченные публикации станут отдельным делом
case-meaning-answer = что сообщила редакция; её слова напишите ниже
case-meaning-refuse = редакция исправлять не будет; её слова напишите ниже
case-meaning-close = больше делать нечего
case-meaning-reopen = вернуть дело в работу; напишите почему
case-meaning-withdraw = мы ошиблись, письма отзываются; напишите почему
case-discussion = Обсуждение
case-no-comments = Пока никто ничего не написал.
case-add-comment = Новая заметка
case-add-comment-hint = Чтобы позвать коллегу, напишите @ и его короткое имя.
case-say-it = Добавить
case-order = Порядок работы
case-assignee = Ответственный
case-nobody = никто
case-take-over = Взять себе
case-until = До какого времени
case-until-worse = или пока не станет хуже
case-snoozed-until = Отложено до: { $at }
case-snoozed-worse = Отложено, пока не станет хуже
case-tags = Метки
case-tag = Метка
case-item = Что сделать
case-tick = Сделано
case-untick = Ещё не сделано
case-done-by = { $who }, { $at }
case-done-at = сделано: { $at }
case-duties = Сроки
case-duty = Что нужно сделать
case-where = Где это опубликовано
case-source = Источник
case-published = Опубликовано
case-credits = На кого ссылается
case-now = Сейчас
case-first = первая
case-own-page = страница ведомства
case-shown = показана в сопоставлении
case-show-copy = сопоставить эту
case-copy-stands = стоит
case-copy-corrected = исправлено
case-copy-dropped = утверждение убрано
case-copy-gone = страницы нет
case-copy-cleared = запись больше не расходится
case-about = О деле
case-state = Состояние
case-agency = Ведомство
case-opened = Открыто
case-first-published = Первая публикация
case-letter = Письмо
case-letter-proposed = ждёт одобрения
case-letter-approved = одобрено
case-letter-sent = отправлено
case-letter-withdrawn = отозвано
case-number = Номер
case-version = Версия дела
case-priority = Срочность из 1000
case-priority-why = Из чего складывается срочность
case-points-of = { $points } из { $most }
case-part-difference = насколько расходятся значения
case-part-slot = какой элемент расходится
case-part-spread = сколько источников
case-part-headline = стоит в заголовке
case-part-authority = вес записи
case-part-freshness = свежесть
case-part-own-page = страница ведомства
case-snaps = Снимки
case-snap-version = Версия { $number }
case-snap-record = Официальная запись, версия { $number }
case-snap-first = первая
case-snap-changed = изменён текст
case-snap-same = без изменений
case-snap-gone = страницы нет
case-no-snaps = Снимков в хранилище нет.
case-no-bytes = сам ответ сервера не сохранён
case-compare-versions = Сравнить версии
case-spread = Распространение
case-spread-hours = Публикаций: { $copies }, источников: { $sources }. По часам
case-spread-days = Публикаций: { $copies }, источников: { $sources }. По дням
case-all-copies = Все публикации
case-as-table = Показать таблицей
case-when = Когда
case-publications = Публикаций
case-line = Хронология
case-line-record = Официальная запись: { $source }
case-line-published = Публикация: { $source }
case-line-changed = Текст страницы изменён: { $source }
case-line-gone = Страница больше не открывается: { $source }
case-event-opened = Программа открыла дело
case-event-opened-after = Программа открыла дело; раньше уже было дело по той же записи
case-event-known-denial = Запись опровергла это ещё до публикации
case-event-copy-added = Ещё одна публикация с тем же утверждением
case-event-returned = После завершения дела утверждение появилось снова
case-event-stands = Страница изменилась, утверждение стоит
case-event-moved = Утверждение стоит в другом месте страницы
case-event-reworded = Утверждение сказано другими словами
case-event-headline-stands = Текст исправлен, заголовок нет
case-event-text-stands = Заголовок исправлен, текст нет
case-event-some-mended = Исправлены не все предложения
case-event-corrected-with-note = Исправлено, и на странице об этом сказано
case-event-corrected-silently = Исправлено без пометки
case-event-replaced-by-other = Теперь сказано другое, но оно тоже расходится с записью
case-event-withdrawn-with-note = Утверждение убрано, и на странице сказано почему
case-event-dropped-silently = Утверждение убрано без пометки
case-event-page-gone = Страница больше не открывается
case-event-other-language-stands = Исправлено здесь, в версии на другом языке утверждение стоит
case-event-other-form-stands = Исправлено здесь, в другой версии страницы утверждение стоит
case-event-record-changed = Запись изменилась и больше не расходится
case-event-record-revised = Запись обновлена, расхождение осталось
case-event-judged-again = При новой проверке расхождения нет
case-event-regressed = Исправленное утверждение вернулось
case-event-differs-again = Запись снова изменилась, и опять есть расхождение
case-event-woken = Отложенное дело вернулось: стало хуже
case-printed-by = Страница составлена: { $at }, для пользователя: { $who }.
case-printed-version = Дело { $id }, версия { $version }.
case-head-corrected = Исправлено: публикация больше не расходится с записью
case-head-removed = Убрано: утверждения больше нет ни на одной странице
case-head-duplicate = Дубликат: разбирается в другом деле
case-head-cleared = Расхождения нет: запись изменилась, и публикация с ней согласуется
case-head-closed = Дело закрыто
case-ended = Дело закончено. Ниже то, что сопоставлялось тогда.
