//! Evidence: what is kept reads back, what is torn is mended, what is damaged is found.

use super::*;

use proptest::prelude::*;
use url::Url;

fn exchange(path: &str, wire: &[u8]) -> Exchange {
    Exchange {
        url: Url::parse("https://example.org/")
            .unwrap()
            .join(path)
            .unwrap(),
        at: "2026-06-01T10:00:00.123456Z".parse().unwrap(),
        remote: "8.8.8.8:443".parse().ok(),
        request_headers: vec![("user-agent".to_owned(), "Aigaq/1.0".to_owned())],
        version: "HTTP/1.1",
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        wire: wire.to_vec(),
        body: wire.to_vec(),
    }
}

fn source() -> SourceId {
    SourceId("a".to_owned())
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != LOCK && !name.ends_with(SEAL))
        .collect();
    names.sort();
    names
}

/// Captures in a fresh folder whose file is still open, as a killed crawl leaves it.
fn killed(folder: &Path, n_captures: usize) -> Vec<Capture> {
    let archive = Archive::open(folder).unwrap();
    (0..n_captures)
        .map(|idx| {
            let body = format!("<p>page {idx}</p>").repeat(20);
            archive
                .keep(
                    &source(),
                    "https://example.org/",
                    &exchange(&idx.to_string(), body.as_bytes()),
                )
                .unwrap()
        })
        .collect()
}

#[test]
fn what_is_kept_reads_back_while_the_file_is_open_and_after() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let kept = archive
        .keep(
            &source(),
            "https://example.org/b",
            &exchange("a", "Бір".as_bytes()),
        )
        .unwrap();
    assert_eq!(read(folder.path(), &kept).unwrap(), "Бір".as_bytes());
    assert!(files(folder.path())[0].ends_with(".warc.gz.open"));
    archive.close().unwrap();
    assert_eq!(files(folder.path()), std::slice::from_ref(&kept.warc_file));
    assert_eq!(read(folder.path(), &kept).unwrap(), "Бір".as_bytes());
    assert_eq!(
        (kept.requested_url.as_str(), kept.url.as_str()),
        ("https://example.org/b", "https://example.org/a")
    );
    assert_eq!(kept.size_bytes, 6);
}

#[test]
fn a_compressed_body_is_kept_as_received_and_read_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(b"text of the page").unwrap();
    let wire = encoder.finish().unwrap();
    let mut coded = exchange("a", &wire);
    coded.body = b"text of the page".to_vec();
    coded
        .headers
        .push(("content-encoding".to_owned(), "gzip".to_owned()));
    let kept = archive
        .keep(&source(), "https://example.org/a", &coded)
        .unwrap();
    assert_eq!(read(folder.path(), &kept).unwrap(), b"text of the page");
    let path = folder.path().join(format!("{}{OPEN}", kept.warc_file));
    let (bytes, _) = read_member(&path, kept.warc_offset, MAX_RECORD_BYTES).unwrap();
    let record = Record::parse(&bytes).unwrap();
    assert_eq!(record.http().unwrap().1, wire);
}

#[test]
fn every_record_is_a_member_of_its_own_with_digests() {
    let folder = tempfile::tempdir().unwrap();
    let kept = killed(folder.path(), 2);
    let path = folder.path().join(format!("{}{OPEN}", kept[0].warc_file));
    let (mut at, end) = (0, fs::metadata(&path).unwrap().len());
    let mut kinds = Vec::new();
    while at < end {
        let (bytes, next) = read_member(&path, at, MAX_RECORD_BYTES).unwrap();
        let record = Record::parse(&bytes).unwrap();
        kinds.push(record.header("WARC-Type").unwrap().to_owned());
        assert!(
            record
                .header("WARC-Block-Digest")
                .unwrap()
                .starts_with("sha256:")
        );
        at = next;
    }
    assert_eq!(
        kinds,
        [
            "warcinfo", "response", "request", "metadata", "response", "request", "metadata"
        ]
    );
}

/// Mends every file that was left open, as a store would that knows these captures; what it was not told of.
fn mended(folder: &Path, known: &[&Capture]) -> Vec<Untold> {
    let archive = Archive::open(folder).unwrap();
    let mut untold = Vec::new();
    for name in archive.left_open().unwrap() {
        let of_file = known.iter().filter(|capture| capture.warc_file == name);
        let offsets = of_file.map(|capture| capture.warc_offset).collect();
        if let Some(more) = archive.mend(&name, &offsets).unwrap() {
            untold.extend(more);
            archive.close_mended(&name).unwrap();
        }
    }
    untold
}

#[test]
fn a_file_torn_at_any_byte_keeps_what_the_store_knows_and_tells_of_what_else_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let kept = killed(folder.path(), 3);
    let name = &kept[0].warc_file;
    let open = folder.path().join(format!("{name}{OPEN}"));
    let whole = fs::read(&open).unwrap();
    let (_, answer_end) = read_member(&open, kept[1].warc_offset, MAX_RECORD_BYTES).unwrap();
    // A prime step reaches every kind of place in the members without a thousand waits for the disk.
    let lengths = (usize::try_from(answer_end).unwrap()..whole.len()).step_by(7);
    for length in lengths.chain([whole.len()]) {
        let torn = tempfile::tempdir().unwrap();
        fs::write(torn.path().join(format!("{name}{OPEN}")), &whole[..length]).unwrap();
        let untold = mended(torn.path(), &[&kept[0], &kept[1]]);
        assert_eq!(files(torn.path()), std::slice::from_ref(name), "{length}");
        for capture in &kept[..2] {
            assert!(read(torn.path(), capture).is_ok(), "{length}");
        }
        let is_whole = length == whole.len();
        assert_eq!(untold.len(), usize::from(is_whole), "{length}");
        assert_eq!(read(torn.path(), &kept[2]).is_ok(), is_whole, "{length}");
        let checked = check(&torn.path().join(name)).unwrap();
        assert_eq!(checked.faults, Vec::<String>::new(), "{length}");
    }
}

#[test]
fn an_answer_that_nobody_was_told_of_is_found_before_and_behind_those_that_were() {
    for told in [[0, 1], [0, 2], [1, 2]] {
        let folder = tempfile::tempdir().unwrap();
        let kept = killed(folder.path(), 3);
        let known = told.map(|idx| &kept[idx]);
        let untold = mended(folder.path(), &known);
        let expected: Vec<&Capture> = kept.iter().filter(|one| !known.contains(one)).collect();
        let found: Vec<&Capture> = untold.iter().map(|one| &one.capture).collect();
        assert_eq!(found, expected);
        assert_eq!(untold[0].head.header("content-type"), Some("text/html"));
        for capture in &kept {
            assert!(read(folder.path(), capture).is_ok());
        }
    }
}

#[test]
fn a_note_that_nothing_changed_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let seen = exchange("a", b"as before");
    archive.revisit(&seen).unwrap();
    // Of another address, in the same microsecond, with the same head.
    archive.revisit(&exchange("b", b"as before")).unwrap();
    drop(archive);
    assert!(mended(folder.path(), &[]).is_empty());
    let name = files(folder.path()).remove(0);
    let checked = check(&folder.path().join(name)).unwrap();
    assert_eq!((checked.n_records, checked.faults), (3, Vec::new()));
}

/// Keeps a file that somebody gave.
fn given(archive: &Archive, at: DateTime<Utc>) -> Capture {
    let bytes = b"1".to_vec();
    let kept = archive.keep_file(&source(), "https://example.org/t", "text/csv", bytes, at);
    kept.unwrap()
}

#[test]
fn a_given_file_that_nobody_was_told_of_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let kept = killed(folder.path(), 1).remove(0);
    let archive = Archive::open(folder.path()).unwrap();
    let given = given(&archive, kept.fetched_at);
    drop(archive);
    assert!(mended(folder.path(), &[&kept]).is_empty());
    assert!(read(folder.path(), &kept).is_ok());
    assert!(read(folder.path(), &given).is_err());
}

#[test]
fn a_file_whose_known_captures_cannot_be_read_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let kept = killed(folder.path(), 2);
    let name = &kept[0].warc_file;
    let path = folder.path().join(format!("{name}{OPEN}"));
    let whole = fs::read(&path).unwrap();
    let mut damaged = whole;
    damaged[usize::try_from(kept[0].warc_offset).unwrap() + 40] ^= 0x10;
    fs::write(&path, &damaged).unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let known = kept.iter().map(|capture| capture.warc_offset).collect();
    let refused = archive.mend(name, &known);
    assert!(matches!(refused, Err(ArchiveError::Damaged { .. })));
    assert_eq!(fs::read(&path).unwrap(), damaged);
}

#[test]
fn a_file_in_which_nothing_stands_is_dropped_and_closed_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let closed = killed(folder.path(), 1).remove(0);
    assert!(mended(folder.path(), &[&closed]).is_empty());
    let before = fs::read(folder.path().join(&closed.warc_file)).unwrap();
    fs::write(folder.path().join("aigaq-x.warc.gz.open"), b"torn").unwrap();
    assert!(mended(folder.path(), &[]).is_empty());
    assert_eq!(
        files(folder.path()),
        std::slice::from_ref(&closed.warc_file)
    );
    assert_eq!(
        fs::read(folder.path().join(&closed.warc_file)).unwrap(),
        before
    );
}

#[test]
fn a_second_crawl_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = Archive::open(folder.path()).unwrap();
    assert!(matches!(
        Archive::open(folder.path()),
        Err(ArchiveError::Locked { .. })
    ));
    drop(first);
    assert!(Archive::open(folder.path()).is_ok());
}

#[test]
fn damage_is_found_whatever_byte_it_hits() {
    let folder = tempfile::tempdir().unwrap();
    let kept = killed(folder.path(), 1).remove(0);
    let path = folder.path().join(format!("{}{OPEN}", kept.warc_file));
    let whole = fs::read(&path).unwrap();
    let start = usize::try_from(kept.warc_offset).unwrap();
    let (_, end) = read_member(&path, kept.warc_offset, MAX_RECORD_BYTES).unwrap();
    for at in (start..usize::try_from(end).unwrap()).step_by(3) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        // Ten bytes of the member's head (times, flags, system) carry nothing of the record.
        if let Ok(body) = read(folder.path(), &kept) {
            assert!(at < start + 10, "byte {at}");
            assert_eq!(ContentHash::of(&body), kept.body_hash);
        }
    }
}

#[test]
fn line_ends_in_addresses_and_headers_forge_no_field() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let mut forged = exchange("a", b"x");
    forged.headers.push((
        "x-a".to_owned(),
        "1\r\nWARC-Type: request\r\n\r\nbody".to_owned(),
    ));
    let kept = archive
        .keep(&source(), "https://example.org/a", &forged)
        .unwrap();
    assert_eq!(read(folder.path(), &kept).unwrap(), b"x");
}

#[test]
fn the_same_body_again_costs_a_record_without_a_body() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let seen = exchange("a", &b"long ".repeat(1000));
    archive
        .keep(&source(), "https://example.org/a", &seen)
        .unwrap();
    archive.revisit(&seen).unwrap();
    archive.close().unwrap();
    let path = folder.path().join(&files(folder.path())[0]);
    let (mut at, mut last) = (0, Vec::new());
    while let Ok((bytes, next)) = read_member(&path, at, MAX_RECORD_BYTES) {
        (at, last) = (next, bytes);
    }
    let record = Record::parse(&last).unwrap();
    assert_eq!(record.header("WARC-Type"), Some("revisit"));
    assert!(
        record
            .header("WARC-Profile")
            .unwrap()
            .ends_with("identical-payload-digest")
    );
    assert!(record.http().unwrap().1.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_bytes_come_back_as_they_were(wire in proptest::collection::vec(any::<u8>(), 0..400), header in "[ -~]{0,40}") {
        let mut kept = exchange("a", &wire);
        kept.headers = vec![("x-any".to_owned(), header)];
        let record = Record::response(&kept);
        let back = Record::parse(&record.to_bytes()).unwrap();
        prop_assert_eq!(back.http().unwrap().1, &wire[..]);
        prop_assert_eq!(back, record);
    }
}

/// A closed file with an answer, its metadata, a revisit and a given file; the path of the file.
fn closed(folder: &Path) -> PathBuf {
    let archive = Archive::open(folder).unwrap();
    let mut answer = exchange("a", "Бет".as_bytes());
    answer.headers.push((
        "date".to_owned(),
        "Mon, 01 Jun 2026 10:00:07 GMT".to_owned(),
    ));
    let kept = archive
        .keep(&source(), "https://example.org/b", &answer)
        .unwrap();
    archive.revisit(&answer).unwrap();
    given(&archive, answer.at);
    archive.close().unwrap();
    folder.join(kept.warc_file)
}

#[test]
fn a_closed_file_passes_the_strict_check_and_carries_what_the_program_knows() {
    let folder = tempfile::tempdir().unwrap();
    let path = closed(folder.path());
    let checked = check(&path).unwrap();
    assert_eq!(checked.faults, Vec::<String>::new());
    assert_eq!((checked.n_records, checked.is_sealed), (7, true));
    let mut at = 0;
    let mut metadata = Vec::new();
    while let Ok((bytes, next)) = read_member(&path, at, MAX_RECORD_BYTES) {
        let record = Record::parse(&bytes).unwrap();
        if record.header("WARC-Type") == Some("metadata") {
            metadata.push(record);
        }
        at = next;
    }
    let field = |name: &str| metadata[0].warc_field(name).unwrap();
    assert_eq!(field("requestedUrl"), "https://example.org/b");
    assert_eq!(field("bodySha256"), ContentHash::of("Бет".as_bytes()).0);
    assert_eq!(field("serverClockSeconds"), "6");
    assert_eq!(metadata[1].warc_field("bodyBytes").unwrap(), "1");
}

#[test]
fn any_changed_byte_of_a_sealed_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = closed(folder.path());
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        fs::write(&path, &changed).unwrap();
        assert!(!check(&path).unwrap().faults.is_empty(), "byte {at}");
    }
}

#[test]
fn records_alone_show_all_but_the_bits_that_compression_leaves_unused() {
    let folder = tempfile::tempdir().unwrap();
    let path = closed(folder.path());
    let whole = fs::read(&path).unwrap();
    let mut unseen = 0;
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[at] ^= 1 << bit;
            let name = path.file_name().unwrap().to_str().unwrap();
            unseen += usize::from(check_bytes(name, &changed).faults.is_empty());
        }
    }
    // Seven members end with at most seven bits each that mean nothing.
    assert!(unseen <= 7 * 7, "{unseen}");
}

#[test]
fn stumps_gaps_and_strangers_are_each_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = closed(folder.path());
    let whole = fs::read(&path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut ends = vec![0];
    while let Ok((_, next)) = read_member(&path, *ends.last().unwrap(), MAX_RECORD_BYTES) {
        ends.push(next);
    }
    let part = |from: usize, to: usize| {
        let (from, to) = (
            usize::try_from(ends[from]).unwrap(),
            usize::try_from(ends[to]).unwrap(),
        );
        whole[from..to].to_vec()
    };
    let all = ends.len() - 1;
    for (what, bytes, words) in [
        ("a stump", whole[..10].to_vec(), "record 1"),
        (
            "a cut trailer",
            whole[..whole.len() - 3].to_vec(),
            "record 7",
        ),
        ("no warcinfo", part(1, all), "begins with one warcinfo"),
        (
            "a response left out",
            [part(0, 1), part(2, all)].concat(),
            "does not stand behind",
        ),
        (
            "a record twice",
            [part(0, 2), part(1, all)].concat(),
            "stood before",
        ),
        (
            "a stranger",
            [whole.clone(), b"PK".to_vec()].concat(),
            "record 8",
        ),
        ("nothing", Vec::new(), "no record"),
        ("another file's name", whole.clone(), "names another file"),
    ] {
        let name = if what.starts_with("another") {
            "x.warc.gz"
        } else {
            &name
        };
        let checked = check_bytes(name, &bytes);
        let told = checked.faults.iter().any(|fault| fault.contains(words));
        assert!(told, "{what}: {:?}", checked.faults);
    }
    // A record missing at the end leaves no gap; only the digest beside the file knows of it.
    fs::write(&path, part(0, all - 1)).unwrap();
    assert!(check_bytes(&name, &part(0, all - 1)).faults.is_empty());
    assert!(check(&path).unwrap().faults[0].contains("differs from the digest"));
}

#[test]
fn files_of_earlier_versions_without_metadata_are_read_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let whole = exchange("a", b"old page");
    let response = Record::response(&whole);
    let request = Record::request(&whole, &response);
    let info = member(&Record::info("old.warc.gz", whole.at));
    let offset = info.len() as u64;
    let next = exchange("b", b"never known");
    let bytes = [
        info,
        member(&response),
        member(&request),
        member(&Record::response(&next)),
    ]
    .concat();
    fs::write(folder.path().join("old.warc.gz.open"), &bytes).unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let untold = archive.mend("old.warc.gz", &[offset].into()).unwrap();
    assert!(untold.unwrap().is_empty());
    archive.close_mended("old.warc.gz").unwrap();
    let path = folder.path().join("old.warc.gz");
    let left = fs::metadata(&path).unwrap().len();
    assert_eq!(
        left,
        (bytes.len() - member(&Record::response(&next)).len()) as u64
    );
    let checked = check(&path).unwrap();
    assert_eq!((checked.n_records, checked.faults), (3, Vec::new()));
}

#[test]
fn captures_are_copied_out_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let kept = killed(folder.path(), 3);
    let out = extract(
        folder.path(),
        &[&kept[2], &kept[0], &kept[2]],
        "captures.warc.gz",
        kept[0].fetched_at,
    )
    .unwrap();
    let checked = check_bytes("captures.warc.gz", &out);
    assert_eq!((checked.n_records, checked.faults), (7, Vec::new()));
    let again = extract(
        folder.path(),
        &[&kept[2], &kept[0]],
        "captures.warc.gz",
        kept[0].fetched_at,
    )
    .unwrap();
    assert_eq!(out, again);
}
