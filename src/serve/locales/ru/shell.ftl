skip = К содержанию
nav = Разделы
nav-overview = Обзор
nav-cases = Дела
nav-search = Поиск
nav-saved = Запросы
nav-check = Проверка
nav-sources = Источники
nav-admin = Управление
nav-letters = Письма
account = Учётная запись
search-all = Поиск публикаций
language = Язык страниц
theme = Светлая или тёмная тема
foot = Программа предлагает, решает человек. Обе стороны процитированы так, как опубликованы.
yesterday-at = вчера, { $time }
span-days = { $n ->
    [one] { $shown } день
    [few] { $shown } дня
   *[other] { $shown } дней
}
span-hours = { $n ->
    [one] { $shown } час
    [few] { $shown } часа
   *[other] { $shown } часов
}
span-minutes = { $n ->
    [one] { $shown } минута
    [few] { $shown } минуты
   *[other] { $shown } минут
}
error-home = К делам
error-not-found = Здесь ничего нет
error-not-found-advice = По этому адресу ничего не стоит, или оно не относится к вашему ведомству.
error-wrong = Запрос нельзя выполнить
error-wrong-advice = Исправьте то, что названо ниже, и попробуйте ещё раз. Ничего не изменено.
error-foreign = Запрос пришёл не с этой страницы
error-foreign-advice = Изменять что-либо могут только страницы этой программы. Ничего не изменено.
error-busy = Слишком много запросов сразу
error-busy-advice = Повторите попытку чуть позже.
error-broken = Страница не получилась
error-broken-advice = Данные не удалось прочитать. Причина записана в журнал программы; попробуйте ещё раз или скажите администратору.
error-refused = Этого вам нельзя
error-refused-advice = Ваша роль или этот способ входа этого не разрешает; права даёт администратор.
error-givers = Права даёт: { $names }
error-number = Номер ошибки для того, кто посмотрит в журнал: { $number }
error-again = Повторить
