publication-gone = The page no longer opens, as seen on { $when }. The last text that was seen stands below. This blames nobody.
publication-elsewhere = Other publications
publication-modified = changed, as the page says
publication-as-record = As a record
publication-no-note = no note about the edit was found
publication-changes = { $n ->
    [one] { $shown } line changed
   *[other] { $shown } lines changed
}
publication-unchanged = Unchanged lines: { $shown }
publication-view = View
publication-side = Side by side
publication-one-text = In one text
publication-went = removed
publication-came = added
publication-compare = Compare version
publication-compare-with = with version
publication-compare-go = Compare
publication-text = Text
publication-proposed = The program proposes the comparison, a person decides. "No record found" does not mean that a claim is wrong.
publication-about = About the publication
publication-claims = Claims
publication-no-claims = No checkable claim was found in this version.
publication-unjudged = not compared yet
publication-record = Record
publication-copies = Where else it stands
publication-same-case = In the same case
publication-same-title = With the same headline
publication-languages = In other languages and forms
publication-not-seen = we have no capture
