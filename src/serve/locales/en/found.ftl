found-verdict-supported = agrees with the record
found-verdict-contradicted = differs from the record
found-verdict-outdated = the record has changed since
found-verdict-no-record = no record found
found-case = Case { $id }: { $state }
found-changed = { $n ->
    [one] changed { $shown } time
   *[other] changed { $shown } times
}
found-gone = the page is gone
found-in-publication = in the publication:
found-in-record = in the record:
found-version = Version
found-versions = Versions
found-shown = shown
found-capture = Facts of the capture
found-fetched = Fetched
found-last-seen = Last seen
found-status = Status
found-size = Size
found-let-go = Its bytes were let go by the rule of retention
found-bytes = { $n ->
    [one] { $shown } byte
   *[other] { $shown } bytes
}
found-address = Address
found-headers = Headers of the answer
found-original = Original
found-print = Print
found-path = Path
found-rows-left-out = Rows not shown:
