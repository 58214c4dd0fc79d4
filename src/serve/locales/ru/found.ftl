found-verdict-supported = согласуется с записью
found-verdict-contradicted = расходится с записью
found-verdict-outdated = запись с тех пор изменилась
found-verdict-no-record = записи не нашлось
found-case = Дело { $id }: { $state }
found-changed = { $n ->
    [one] изменена { $shown } раз
    [few] изменена { $shown } раза
   *[other] изменена { $shown } раз
}
found-gone = страницы больше нет
found-in-publication = в публикации:
found-in-record = в записи:
found-version = Версия
found-versions = Версии
found-shown = показана
found-capture = Данные снимка
found-fetched = Получено
found-last-seen = Последний раз видели
found-status = Код ответа
found-size = Размер
found-let-go = Байты удалены по правилу хранения
found-bytes = { $n ->
    [one] { $shown } байт
    [few] { $shown } байта
   *[other] { $shown } байт
}
found-address = Адрес
found-headers = Заголовки ответа
found-original = Оригинал
found-print = Печать
found-path = Путь
found-rows-left-out = Не показано строк:
