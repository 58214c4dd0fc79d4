queue-title = Cases to look at
queue-new = { $n ->
    [one] { $shown } new case in 24 hours
   *[other] { $shown } new cases in 24 hours
}
queue-as-of = as of
queue-feed = Feed
queue-export = Export
queue-views = Views of the queue
queue-views-keep = Views…
queue-filters = Filters
queue-remove = remove the filter
queue-words = Words in the case
queue-find = Find among the cases
queue-list = Cases
queue-bulk = Do something with all marked cases
queue-marked = Marked
queue-mark = Mark the case
queue-mark-all = Mark all cases on the page
queue-col-case = Case and what differs
queue-col-spread = Spread
queue-col-due = Deadline
queue-col-who = Who
queue-col-slot = Element
queue-col-publication = Publication
queue-col-record = Official record
queue-in-publication = in the publication
queue-in-record = in the record
queue-more = and { $shown } more
queue-copies = { $n ->
    [one] copy
   *[other] copies
}
queue-late = Late by { $span }
queue-left = { $span } left
queue-no-deadline = no deadline
queue-nobody = Nobody has it
queue-look = quick look
queue-pages = Pages
queue-range = Cases { $part } of { $whole }
queue-first-page = To the first
queue-next = Next
queue-done = Done: { $step }
queue-done-many = Done: { $step }. Cases: { $whole }
queue-nothing = No case passes these filters
queue-nothing-advice = Take one of the filters away: beside it stands how many cases there would be.
queue-without = Without “{ $filter }”: { $n }
queue-first = No cases yet: nothing has been checked
queue-first-advice = Add sources of publications and of official records, invite people, and let the program crawl.
queue-empty = Nothing is waiting here
queue-empty-advice = { $n ->
    [one] { $shown } claim was checked. What is new appears here as soon as a publication differs from an official record.
   *[other] { $shown } claims were checked. What is new appears here as soon as a publication differs from an official record.
}
queue-peek = Quick look
queue-differs = What differs
queue-nothing-differs = As people read it nothing differs.
queue-proposal = Urgency
queue-score = { $score } of 1000
queue-record = Official record
queue-standing = stand now: { $standing }, in all: { $whole }
queue-open = Open the whole case
queue-take = Assign to me
queue-no-decision = It is not yours to decide this case now: your role or its state says so.
queue-none-marked = No case is marked.
queue-too-many = Too many cases are marked. The most at a time is { $shown }
queue-not-together = This step cannot be taken on several cases at once.
queue-not-done = Nothing was changed: not every marked case can take the step. Marked: { $shown }
queue-stale = changed by others while the page was open
queue-unknown = there is no such case, or it is not one of your agency
queue-tag-changed = text changed
queue-tag-asleep = snoozed
queue-snooze-hour = For an hour
queue-snooze-evening = Until the evening, 18:00
queue-snooze-morning = Until tomorrow, 9:00
queue-snooze-worse = Until it gets worse
queue-sort = Order
queue-sort-deadline = by deadline
queue-sort-priority = by urgency
queue-sort-newest = newest first
queue-by-agency = Agency
queue-by-severity = Severity
queue-by-slot = What differs
queue-by-outlet = Outlet
queue-by-lang = Language
queue-by-period = Period
queue-by-state = State
queue-by-tag = Tag
queue-by-opened = Opened
queue-by-decided = First decided
queue-by-asked = First letter
queue-by-words = Words
queue-period-1 = the last day
queue-period-7 = the last 7 days
queue-period-30 = the last 30 days
severity-crit = Critical
severity-high = High
severity-mid = Middle
severity-low = Low
queue-view-new = New
queue-view-mine = Mine
queue-view-second = Wait for a second person
queue-view-confirmed = Confirmed
queue-view-sent = Letter sent
queue-view-changed = The text changed
queue-view-late = Overdue
queue-view-watching = Watched, snoozed
queue-view-closed = Closed
queue-view-all = All cases
views-title = Own views of the queue
views-lead = A view is a list of the queue under a name of yours. Its tab counts the cases that whoever looks may see.
views-new = Keep a list as a view
views-what = It lists:
views-name = Name
views-share = Show it to everybody
views-keep = Keep
views-list = Views
views-none = No view was kept yet. Narrow the queue as you need it, then keep it here.
views-shared = for everybody
views-own = for you alone
views-rename = Rename
views-remove = Remove
views-done-removed = The view is removed. It still stands in the form: keep it again to undo that.
views-error-name = Give the view a name of at most { $shown } characters.
views-error-taken = You have a view of this name already: { $name }
views-error-many = One person keeps at most { $shown } views. Remove one first.
views-count = { $n ->
    [one] { $shown } case
   *[other] { $shown } cases
}
keys-title = Keys
keys-close = Close
keys-all = all keys
keys-move = next, previous
keys-mark = mark
keys-range = mark from the last mark to this row
keys-open = open the case
keys-send = send the form
keys-leave = leave the field
queue-without-all = Without any filter: { $n }
queue-news-new = { $n ->
    [one] { $shown } new case
   *[other] { $shown } new cases
}
queue-news-changed = { $n ->
    [one] { $shown } changed
   *[other] { $shown } changed
}
queue-news-late = { $n ->
    [one] { $shown } now overdue
   *[other] { $shown } now overdue
}
queue-partial = { $n ->
    [one] { $shown } source is not seen as it should be; cases may be missing.
   *[other] { $shown } sources are not seen as they should be; cases may be missing.
}
queue-partial-which = Which?
queue-first-sources = Add sources of publications and of official records, and see how they fare
queue-first-records = Import records that no site has: aigaq import
queue-first-people = Invite people and give them roles
keys-everywhere = On every page
keys-case = On the page of a case
keys-case-move = next, previous case
keys-choose = choose a decision
keys-open-hit = open the hit
