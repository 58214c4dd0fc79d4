sources-title = Источники
sources-way = Путь
sources-which = Какие источники
sources-tab-all = Все
sources-tab-troubled = С трудностями
sources-all = { $n ->
    [one] { $shown } источник
    [few] { $shown } источника
   *[other] { $shown } источников
}
sources-fine = в порядке: { $shown }
sources-as-of = данные на { $at }
sources-first = Источников пока нет
sources-first-advice = Назовите их в sources.toml и запустите aigaq run.
sources-none-troubled = Все источники отвечают
sources-caption = Источники, сначала те, на которые стоит посмотреть
sources-source = Источник
sources-state = Состояние
sources-last = Последний успех
sources-day = За 24 ч / обычно
sources-hours = 12 часов
sources-advice = Что делать
sources-official = ведомство
sources-media = издание
sources-fair = Состояние говорит о том, что увидел сборщик. О вине издания оно не говорит.
sources-never = ещё не было
sources-ago = { $at } (прошло: { $span })
sources-state-unreachable = недоступен
sources-state-refusing = отвечает отказом
sources-state-disallowed = robots.txt запрещает
sources-state-gone = адресов больше нет
sources-state-unreadable = ответ не читается
sources-state-large = ответ слишком велик
sources-state-busy = ограничивает запросы
sources-state-slow = отвечает медленно
sources-state-quiet = молчит
sources-state-new = ещё не опрашивался
sources-state-fine = работает
sources-advice-unreachable = Проверьте адрес и сеть; опрос повторится сам.
sources-advice-refusing = Посмотрите ответы ниже; если отказ не временный, попросите доступ у владельца сайта.
sources-advice-disallowed = Запрет соблюдается. Попросите разрешение или укажите другой адрес.
sources-advice-gone = Сайт, вероятно, переехал: обновите адреса в sources.toml.
sources-advice-unreadable = Вёрстка или формат могли измениться: запустите aigaq sources check.
sources-advice-large = Увеличьте max_body, если такой размер верен.
sources-advice-busy = Ничего: опрос сам станет реже.
sources-advice-slow = Следить; при постоянной задержке увеличьте timeout.
sources-advice-quiet = Проверьте, выходят ли публикации: вёрстка могла измениться.
sources-advice-new = Дождитесь первого опроса.
sources-advice-fine = Ничего
sources-advice-paused = Пауза до { $until }
sources-how = Как отвечает
sources-topics = Чьи записи верны по темам
sources-robots = Из последних опросов запрещено robots.txt
sources-next = Следующие опросы
sources-next-none = Опросов не намечено.
sources-next-now = как только дойдёт очередь
sources-why-failed = { $n ->
    [one] после { $shown } неудачи подряд
   *[other] после { $shown } неудач подряд
}
sources-why-gone = { $n ->
    [one] страницы не было { $shown } раз
    [few] страницы не было { $shown } раза
   *[other] страницы не было { $shown } раз
}
sources-why-new = ещё не читалось
sources-why-offer = нет ли нового
sources-why-again = не изменилось ли
sources-kind-feed = лента
sources-kind-sitemap = карта сайта
sources-kind-listing = список
sources-kind-list = список API
sources-kind-item = публикация API
sources-kind-page = страница
sources-kind-file = файл
sources-gaps = Когда не был виден
sources-gaps-none = Пробелов нет.
sources-gap-silent = Не отвечал: { $from } – { $to }
sources-gap-unasked = Не опрашивался: { $from } – { $to }
sources-gap-now = сейчас
sources-visits = Последние опросы
sources-visits-none = Опросов ещё не было.
sources-when = Когда
sources-outcome = Что получилось
sources-size = Размер
sources-address = Адрес
sources-bytes = { $size } Б
sources-kb = { $size } КБ
sources-mb = { $size } МБ
sources-outcome-captured = получено
sources-outcome-same = без изменений
sources-outcome-gone = страницы нет
sources-outcome-disallowed = запрещено robots.txt
sources-outcome-private = адрес не публичный
sources-outcome-large = больше предела
sources-outcome-slow = не ответил вовремя
sources-outcome-busy = просит прийти позже
sources-outcome-refused = отказ
sources-outcome-loop = пересылает по кругу
sources-outcome-unreachable = недоступен
sources-outcome-unreadable = не читается
