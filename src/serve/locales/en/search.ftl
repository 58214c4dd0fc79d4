search-title = Search publications
search-title-of = { $query } – search
search-go = Search
search-slow = Still searching.
search-stop = Stop
search-save = Save
search-alert = Alert me
search-help = How to ask
search-help-written = Written
search-help-finds = Finds
search-help-words = both words, in any form, in all three languages
search-help-names = a body, place or person also by its other names and spellings; = finds this form alone
search-help-letters = Kazakh without its own letters, and Kazakh or Russian in Latin ones, finds the words that occur; = finds this form alone
search-help-phrase = words one after the other; ~3 allows up to three others between
search-help-near = words near each other in any order, up to five others between
search-help-signs = either; without the word; groups
search-help-parts = words that begin so; words that differ in one letter
search-help-fields = in a field; a comma means or: source:a,b
search-help-named = names a body, place or person
search-help-judged = by what was found out about its claims
search-help-days = published or first seen on these days
search-help-pages = pages that changed; that are gone; every version; a saved query
search-filters = Active filters
search-remove = remove
search-clear = Clear all
search-first-run = Nothing was collected yet
search-first-run-advice = Add sources first: search works as soon as they were read.
search-kinds = What is searched
search-kind-pages = All pages
search-kind-publications = Publications
search-kind-records = Official records
search-kind-claims = Claims
search-kind-cases = Cases
search-narrow = Narrow the results
search-more-values = Show the others
search-field-source = Source
search-field-role = Kind of source
search-field-lang = Language
search-field-place = Place
search-field-body = Body
search-field-person = Person
search-field-verdict = Comparison
search-field-case = Case
search-field-slot = What differs
search-field-amount = Figure
search-field-published = Published
search-field-first-seen = First seen
search-field-changed = Changed
search-field-gone = Gone
search-field-revision = Version
search-field-title = Headline
search-field-author = Author
search-field-url = Address
search-lang-kk = Kazakh
search-lang-ru = Russian
search-lang-en = English
search-role-official = state body
search-role-media = outlet
search-case-yes = in a case
search-case-no = in no case
search-flag-yes = yes
search-flag-no = no
search-from = From
search-to = To
search-compare = Compare with a query
search-apply = Apply
search-found = { $shown } found
search-measure = Measure
search-count = Count
search-share = Share of all
search-width = Step
search-by-day = Day
search-by-week = Week
search-by-month = Month
search-legend-record = official record
search-legend-gap = a source was not seen
search-chart = Over time
search-peak = Most on { $day }: { $count }.
search-bar = { $day }: { $count }
search-as-table = Show as a table
search-column-days = Days
search-column-found = Found
search-column-unseen = Sources not seen
search-gaps = When sources were not seen
search-gaps-why = It may be that something was published and not seen:
search-gap-silent = { $source }: { $span } (asked, no answer came)
search-gap-unasked = { $source }: { $span } (not asked)
search-gap-now = now
search-results = Results
search-nothing = Nothing was found
search-nothing-advice = Fewer words or filters find more.
search-without = Without the filter "{ $filter }" this would find: { $count }
search-first-page = To the first page
search-next-page = Next page
search-last-page = This is the last page
search-pages = Pages
search-order = Order
search-by-match = Best match
search-by-date = Newest first
search-fold = Fold copies
search-unfold = List copies one by one
search-export = Export
search-manifest = manifest
search-cut = The first { $shown } can be paged through; the export has all.
search-copies = { $n ->
    [one] { $shown } more copy
   *[other] { $shown } more copies
}
search-publications-more = { $n ->
    [one] { $shown } more publication
   *[other] { $shown } more publications
}
search-also = { $written }: also searched for { $names }. This form alone: ={ $written }
search-also-names = { $written }: also searched for by its other names. This form alone: ={ $written }
search-also-person = { $written }: searched for in any spelling and case. This form alone: ={ $written }
