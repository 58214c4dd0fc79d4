saved-title = Сохранённые запросы
saved-lead = Сохранённый запрос сравнивается с каждой новой публикацией.
saved-errors = Запрос не сохранён. Исправьте:
saved-error-name = В имени допустимы буквы, цифры, - и _, длина не больше: { $shown }
saved-error-query = Введите запрос
saved-error-judged = Сохранённый запрос сообщает обо всех ведомствах, а вы работаете с некоторыми. Уберите из запроса verdict:, slot: и case:.
saved-error-mail = Укажите адрес электронной почты
saved-error-webhook = Укажите адрес, который начинается с https://
saved-error-telegram = Укажите номер чата или @имя канала
saved-error-taken = Запрос «{ $name }» уже есть. Чтобы заменить его, отметьте это ниже
saved-replace = Сохранить вместо этого запроса:
saved-preview = За последние { $days } дней сообщили бы: { $stories }
saved-stories = { $n ->
    [one] { $shown } сюжет
    [few] { $shown } сюжета
   *[other] { $shown } сюжетов
}
saved-feed-once = Адрес ленты. Он показан один раз, сохраните его:
saved-secret-once = Ключ подписи вебхука. Он показан один раз, сохраните его:
saved-list = Запросы
saved-none = Пока ничего не сохранено
saved-none-advice = Найдите что-нибудь и нажмите «Сохранить».
saved-paused = приостановлен
saved-newest = Последние находки
saved-resume = Возобновить
saved-feed = Открыть ленту
saved-feed-new = Новый адрес ленты
saved-feed-off = Закрыть ленту
saved-remove = Удалить…
saved-remove-advice = Запрос удаляется вместе с находками, вернуть их нельзя.
saved-remove-yes = Да, удалить
saved-new = Новый запрос
saved-name = Имя
saved-name-hint = В других запросах используется как @имя.
saved-query = Запрос
saved-tell = Кому сообщать
saved-tell-nobody = Никому
saved-tell-mail = Электронная почта
saved-tell-telegram = Telegram
saved-tell-webhook = Вебхук
saved-recipient = Куда
saved-recipient-hint = Адрес почты, номер чата или адрес https.
saved-pace = Когда
saved-at-once = сразу
saved-daily = раз в день
saved-try = Проверить
saved-save = Сохранить
saved-at = сохранён: { $when }
