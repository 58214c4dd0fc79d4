queue-title = Очередь дел
queue-new = { $n ->
    [one] { $shown } новое дело за сутки
    [few] { $shown } новых дела за сутки
   *[other] { $shown } новых дел за сутки
}
queue-as-of = данные на
queue-feed = Лента
queue-export = Экспорт
queue-views = Виды очереди
queue-views-keep = Виды…
queue-filters = Фильтры
queue-remove = убрать фильтр
queue-words = Слова в деле
queue-find = Найти в делах
queue-list = Дела
queue-bulk = Сделать сразу со всеми отмеченными
queue-marked = Отмечено
queue-mark = Отметить дело
queue-mark-all = Отметить все дела на странице
queue-col-case = Дело и что расходится
queue-col-spread = Распространение
queue-col-due = Срок
queue-col-who = Кто
queue-col-slot = Элемент
queue-col-publication = Публикация
queue-col-record = Официальная запись
queue-in-publication = в публикации
queue-in-record = в записи
queue-more = и ещё { $shown }
queue-copies = { $n ->
    [one] копия
    [few] копии
   *[other] копий
}
queue-late = Просрочено: { $span }
queue-left = Осталось: { $span }
queue-no-deadline = срока нет
queue-nobody = Никому не назначено
queue-look = просмотр
queue-pages = Страницы
queue-range = Дела { $part } из { $whole }
queue-first-page = К началу
queue-next = Дальше
queue-done = Сделано: { $step }
queue-done-many = Сделано: { $step }. Дел: { $whole }
queue-nothing = По этим фильтрам дел нет
queue-nothing-advice = Уберите один из фильтров: рядом сказано, сколько дел останется.
queue-without = Без фильтра «{ $filter }»: { $n }
queue-first = Дел пока нет: ничего ещё не проверено
queue-first-advice = Добавьте источники публикаций и официальных записей, пригласите людей и запустите обход.
queue-empty = Здесь всё разобрано
queue-empty-advice = { $n ->
    [one] Проверено { $shown } утверждение. Новое появится здесь, как только публикация разойдётся с официальной записью.
    [few] Проверено { $shown } утверждения. Новое появится здесь, как только публикация разойдётся с официальной записью.
   *[other] Проверено { $shown } утверждений. Новое появится здесь, как только публикация разойдётся с официальной записью.
}
queue-peek = Быстрый просмотр
queue-differs = Что расходится
queue-nothing-differs = По прочтению людей ничего не расходится.
queue-proposal = Срочность
queue-score = { $score } из 1000
queue-record = Официальная запись
queue-standing = стоит сейчас: { $standing }, всего: { $whole }
queue-open = Открыть дело целиком
queue-take = Назначить мне
queue-no-decision = Решения по этому делу сейчас не за вами: так говорят ваша роль или состояние дела.
queue-none-marked = Ни одно дело не отмечено.
queue-too-many = Отмечено слишком много дел. За один раз можно не больше этого числа: { $shown }
queue-not-together = Этот шаг нельзя сделать сразу с несколькими делами.
queue-not-done = Ничего не изменено: шаг возможен не для всех отмеченных дел. Отмечено: { $shown }
queue-stale = изменено другими, пока страница была открыта
queue-unknown = такого дела нет, или оно не относится к вашему ведомству
queue-tag-changed = текст изменён
queue-tag-asleep = отложено
queue-snooze-hour = На час
queue-snooze-evening = До вечера, 18:00
queue-snooze-morning = До завтра, 9:00
queue-snooze-worse = Пока не станет хуже
queue-sort = Порядок
queue-sort-deadline = по сроку
queue-sort-priority = по срочности
queue-sort-newest = сначала новые
queue-by-agency = Ведомство
queue-by-severity = Важность
queue-by-slot = Что расходится
queue-by-outlet = Издание
queue-by-lang = Язык
queue-by-period = Период
queue-by-state = Состояние
queue-by-tag = Метка
queue-by-opened = Открыто
queue-by-decided = Решено впервые
queue-by-asked = Первое письмо
queue-by-words = Слова
queue-period-1 = за сутки
queue-period-7 = за 7 дней
queue-period-30 = за 30 дней
severity-crit = Критично
severity-high = Высокая
severity-mid = Средняя
severity-low = Низкая
queue-view-new = Новые
queue-view-mine = Мои
queue-view-second = Ждут второго человека
queue-view-confirmed = Подтверждены
queue-view-sent = Письмо отправлено
queue-view-changed = Издание изменило текст
queue-view-late = Просрочено
queue-view-watching = Наблюдаем, отложено
queue-view-closed = Закрытые
queue-view-all = Все дела
views-title = Свои виды очереди
views-lead = Вид это список из очереди под вашим названием. Вкладка считает те дела, которые видны смотрящему.
views-new = Сохранить список как вид
views-what = В нём:
views-name = Название
views-share = Показывать всем
views-keep = Сохранить
views-list = Виды
views-none = Видов пока нет. Сузьте очередь, как вам нужно, и сохраните её здесь.
views-shared = для всех
views-own = только для вас
views-rename = Переименовать
views-remove = Убрать
views-done-removed = Вид убран. Он ещё стоит в форме: чтобы вернуть его, сохраните снова.
views-error-name = Дайте виду название не длиннее { $n ->
    [one] { $shown } знака
    [few] { $shown } знаков
   *[other] { $shown } знаков
}.
views-error-taken = Вид с таким названием у вас уже есть: { $name }
views-error-many = Один человек хранит не больше { $n ->
    [one] { $shown } вида
    [few] { $shown } видов
   *[other] { $shown } видов
}. Сначала уберите один.
views-count = { $n ->
    [one] { $shown } дело
    [few] { $shown } дела
   *[other] { $shown } дел
}
keys-title = Клавиши
keys-close = Закрыть
keys-all = все клавиши
keys-move = дальше, назад
keys-mark = отметить
keys-range = отметить от прошлой отметки до этой строки
keys-open = открыть дело
keys-send = отправить форму
keys-leave = выйти из поля
queue-without-all = Без всех фильтров: { $n }
queue-news-new = { $n ->
    [one] { $shown } новое дело
    [few] { $shown } новых дела
   *[other] { $shown } новых дел
}
queue-news-changed = { $n ->
    [one] { $shown } изменилось
    [few] { $shown } изменились
   *[other] { $shown } изменились
}
queue-news-late = { $n ->
    [one] { $shown } просрочено
    [few] { $shown } просрочены
   *[other] { $shown } просрочено
}
queue-partial = { $n ->
    [one] { $shown } источник виден не полностью; дел может не хватать.
    [few] { $shown } источника видны не полностью; дел может не хватать.
   *[other] { $shown } источников видны не полностью; дел может не хватать.
}
queue-partial-which = Какие?
queue-first-sources = Добавьте источники публикаций и официальных записей и посмотрите, как они читаются
queue-first-records = Загрузите записи, которых нет на сайтах: aigaq import
queue-first-people = Пригласите людей и дайте им роли
keys-everywhere = На каждой странице
keys-case = На странице дела
keys-case-move = следующее, предыдущее дело
keys-choose = выбрать решение
keys-open-hit = открыть найденное
