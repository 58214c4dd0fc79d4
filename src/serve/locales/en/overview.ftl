overview-title = Overview
overview-lead = { $from } – { $to }
overview-period = Period
overview-dates = Other dates
overview-from = from
overview-to = to
overview-show = Show
overview-print = Print a digest
overview-printed = Printed: { $at }
overview-first = Where to begin
overview-first-sources = Name the sources in sources.toml: the agencies whose records count, and the outlets.
overview-first-crawl = Start aigaq run: pages are collected, records and publications compared.
overview-first-people = Add people with aigaq user add: a person decides, the program only proposes.
overview-opened = New cases
overview-decided = To the first decision, median
overview-mended = Corrected after a letter
overview-checked = Publications checked
overview-before = The same time before: { $before } ({ $change })
overview-before-only = The same time before: { $before }
overview-no-decision = No decision in this time
overview-decisions = { $n ->
    [one] { $shown } decision
   *[other] { $shown } decisions
}
overview-no-letter = No letter in this time
overview-mended-of = Cases with a letter: { $whole }, corrected: { $part }
overview-duration = { $hours } h { $minutes } min
overview-timeline = Publications
overview-daily = by day
overview-weekly = by week
overview-by-language = Languages
overview-by-role = Who published
overview-kazakh = Kazakh
overview-russian = Russian
overview-english = English
overview-media = outlets
overview-official = agencies
overview-other = other
overview-unseen = a source was not seen
overview-none-published = Nothing was published in this time.
overview-found-all = { $n ->
    [one] { $shown } publication in all.
   *[other] { $shown } publications in all.
}
overview-found-most = Most at a time: { $count } ({ $when }).
overview-table = Show as a table
overview-when = When
overview-together = Together
overview-differing = What differs most
overview-differing-none = No case was opened in this time.
overview-cases = { $n ->
    [one] { $shown } case
   *[other] { $shown } cases
}
overview-element = Element
overview-bar = Bar
overview-number = Cases
overview-growing = What grows faster than usual
overview-growing-none = Nothing is written about noticeably more than usual.
overview-growing-unknown = There is nothing to compare with yet: no publication in the 28 days before.
overview-growing-how = The last 7 days against the 28 days before them, reckoned to a week.
overview-topic = About what
overview-two-weeks = 14 days
overview-week = 7 days
overview-times = Against usual
overview-new = new
overview-waiting = What needs attention
overview-waiting-none = Nothing is overdue, no letter waits for approval, all sources answer.
overview-overdue = overdue
overview-due = Due: { $when }
overview-regressed = differs again
overview-approve = letter to approve
overview-sources = sources
overview-troubled = { $n ->
    [one] { $shown } source is behind
   *[other] { $shown } sources are behind
}
overview-more = and { $shown } more
overview-totals = Totals of this time
overview-total-found = Publications found to differ
overview-total-asked = Cases in which a letter left
overview-total-corrected = Publications corrected
overview-total-silently = of them without a note
overview-total-removed = Removed, or the sentence dropped
overview-total-cleared = Cleared by the record
overview-total-regressed = Back after a correction
overview-total-withdrawn = Withdrawn by us
overview-total-standing = Standing at the end
overview-total-detection = From publication to detection, median
overview-total-letter = From detection to the letter, median
overview-total-correction = From the letter to the correction, median
overview-missing = What was not seen
overview-missing-none = All sources were seen all of the time.
overview-gap-silent = did not answer: { $from } – { $to }
overview-gap-unasked = was not asked: { $from } – { $to }
overview-gap-now = now
