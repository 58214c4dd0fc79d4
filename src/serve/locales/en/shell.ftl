skip = To the content
nav = Sections
nav-overview = Overview
nav-cases = Cases
nav-search = Search
nav-saved = Saved
nav-check = Check
nav-sources = Sources
nav-admin = Administration
nav-letters = Letters
account = Account
search-all = Search publications
language = Language of the pages
theme = Light or dark
foot = The program proposes, a person decides. Both sides are quoted as published.
yesterday-at = yesterday, { $time }
span-days = { $n ->
    [one] { $shown } day
   *[other] { $shown } days
}
span-hours = { $n ->
    [one] { $shown } hour
   *[other] { $shown } hours
}
span-minutes = { $n ->
    [one] { $shown } minute
   *[other] { $shown } minutes
}
error-home = To the cases
error-not-found = Nothing stands here
error-not-found-advice = Nothing stands at this address, or it is none of your agency.
error-wrong = This cannot be done
error-wrong-advice = Mend what is named below and try again. Nothing was changed.
error-foreign = The request came from elsewhere
error-foreign-advice = Only pages of this desk change anything here. Nothing was changed.
error-busy = Too much goes on at once
error-busy-advice = Try again in a little while.
error-broken = The page could not be made
error-broken-advice = The store could not be read. The log of the program says why; try again, or tell the administrator.
error-refused = You may not do this
error-refused-advice = Your role or this way of signing in does not allow it; the administrator gives rights.
error-givers = Rights are given by: { $names }
error-number = Number of this error, for whoever looks into the log: { $number }
error-again = Try again
