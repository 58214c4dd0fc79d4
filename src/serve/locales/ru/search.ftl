search-title = Поиск публикаций
search-title-of = { $query } – поиск
search-go = Найти
search-slow = Ещё ищем.
search-stop = Прекратить
search-save = Сохранить
search-alert = Сообщать мне
search-help = Язык запросов
search-help-written = Пишется
search-help-finds = Находит
search-help-words = оба слова, в любой форме, на трёх языках
search-help-names = орган, место или человека и под другими названиями и написаниями; знак = находит только эту форму
search-help-letters = казахское слово без казахских букв, казахское или русское латиницей находит слова, которые встречаются; знак = находит только эту форму
search-help-phrase = слова подряд; ~3 допускает между ними до трёх других
search-help-near = слова рядом в любом порядке, между ними до пяти других
search-help-signs = одно или другое; без слова; группы
search-help-parts = слова с таким началом; слова с другой одной буквой
search-help-fields = ищет в поле; запятая значит «или»: source:a,b
search-help-named = называет орган, место или человека
search-help-judged = по тому, что выяснено о его утверждениях
search-help-days = опубликовано или впервые замечено в эти дни
search-help-pages = изменённые страницы; исчезнувшие; все версии; сохранённый запрос
search-filters = Включённые фильтры
search-remove = убрать
search-clear = Убрать все
search-first-run = Пока ничего не собрано
search-first-run-advice = Сначала добавьте источники: поиск заработает, как только они будут прочитаны.
search-kinds = Что искать
search-kind-pages = Все страницы
search-kind-publications = Публикации
search-kind-records = Официальные записи
search-kind-claims = Утверждения
search-kind-cases = Дела
search-narrow = Сузить результат
search-more-values = Показать остальные
search-field-source = Источник
search-field-role = Вид источника
search-field-lang = Язык
search-field-place = Территория
search-field-body = Орган
search-field-person = Человек
search-field-verdict = Сравнение
search-field-case = Дело
search-field-slot = Что отличается
search-field-amount = Число
search-field-published = Дата публикации
search-field-first-seen = Впервые замечено
search-field-changed = Изменено
search-field-gone = Исчезло
search-field-revision = Версия
search-field-title = Заголовок
search-field-author = Автор
search-field-url = Адрес
search-lang-kk = казахский
search-lang-ru = русский
search-lang-en = английский
search-role-official = государственный орган
search-role-media = издание
search-case-yes = есть дело
search-case-no = без дела
search-flag-yes = да
search-flag-no = нет
search-from = С
search-to = По
search-compare = Сравнить с запросом
search-apply = Применить
search-found = { $n ->
    [one] Нашлась { $shown } запись
    [few] Нашлось { $shown } записи
   *[other] Нашлось { $shown } записей
}
search-measure = Мера
search-count = Число
search-share = Доля от всех
search-width = Шаг
search-by-day = День
search-by-week = Неделя
search-by-month = Месяц
search-legend-record = официальная запись
search-legend-gap = источник не был виден
search-chart = Распределение по времени
search-peak = Больше всего: { $day }. Число: { $count }.
search-bar = { $day }: { $count }
search-as-table = Показать таблицей
search-column-days = Дни
search-column-found = Найдено
search-column-unseen = Не были видны источники
search-gaps = Когда источники не были видны
search-gaps-why = Возможно, публикации были, но мы их не видели:
search-gap-silent = { $source }: { $span } (запрашивали, ответа не было)
search-gap-unasked = { $source }: { $span } (не запрашивали)
search-gap-now = сейчас
search-results = Результаты
search-nothing = Ничего не нашлось
search-nothing-advice = Чем меньше слов и фильтров, тем больше находится.
search-without = Без фильтра «{ $filter }» нашлось бы: { $count }
search-first-page = К первой странице
search-next-page = Следующая страница
search-last-page = Это последняя страница
search-pages = Страницы
search-order = Порядок
search-by-match = По соответствию
search-by-date = Сначала новые
search-fold = Собрать перепечатки
search-unfold = Показать перепечатки отдельно
search-export = Выгрузить
search-manifest = манифест
search-cut = Листать можно первые { $shown }; всё остальное есть в выгрузке.
search-copies = { $n ->
    [one] ещё { $shown } перепечатка
    [few] ещё { $shown } перепечатки
   *[other] ещё { $shown } перепечаток
}
search-publications-more = { $n ->
    [one] ещё { $shown } публикация
    [few] ещё { $shown } публикации
   *[other] ещё { $shown } публикаций
}
search-also = { $written }: искали также { $names }. Только эта форма: ={ $written }
search-also-names = { $written }: искали и под другими названиями. Только эта форма: ={ $written }
search-also-person = { $written }: искали в любом написании и падеже. Только эта форма: ={ $written }
