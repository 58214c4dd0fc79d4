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
sources-state-disabled = не опрашивается
sources-state-new = ещё не опрашивался
sources-state-works = работает
sources-state-rules = изменил правила для роботов
sources-state-certificate = скоро кончится сертификат
sources-state-slow = отвечает медленно
sources-state-busy = ограничивает запросы
sources-state-fields = пропадают поля
sources-state-silent = молчит
sources-state-walled = страницы закрыты стеной
sources-state-layout = вёрстка изменилась
sources-state-unreadable = ответ не читается
sources-state-robots = robots.txt запрещает
sources-state-unasked = давно не опрашивался
sources-state-down = недоступен
sources-advice-disabled = Ничего: он выключен в sources.toml.
sources-advice-new = Дождитесь первого опроса.
sources-advice-works = Ничего
sources-advice-rules = Посмотрите новые правила; они соблюдаются.
sources-advice-certificate = Сообщите владельцу сайта.
sources-advice-slow = Следить; при постоянной задержке увеличьте timeout.
sources-advice-busy = Ничего: опрос сам станет реже.
sources-advice-fields = Проверьте селекторы: aigaq sources check.
sources-advice-silent = Проверьте, выходят ли публикации: вёрстка могла измениться.
sources-advice-walled = Попросите доступ у владельца сайта; страницы не считаются удалёнными.
sources-advice-layout = Проверьте селекторы: aigaq sources check.
sources-advice-unreadable = Формат мог измениться: запустите aigaq sources check.
sources-advice-robots = Запрет соблюдается. Попросите разрешение или укажите другой адрес.
sources-advice-unasked = Проверьте, работает ли aigaq run.
sources-advice-down = Проверьте адрес и сеть; опрос повторится сам.
sources-advice-paused = Пауза до { $until }
sources-outcome-soft-gone = страницы по сути нет
sources-outcome-walled = перед страницей стена
sources-notes = Что найдено
