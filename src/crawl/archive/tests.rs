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
        .filter(|name| name != LOCK)
        .collect();
    names.sort();
    names
}

/// Captures in a fresh folder whose file is still open, as a killed crawl leaves it.
fn killed(folder: &Path, n_captures: usize) -> Vec<Capture> {
    let archive = Archive::open(folder, &[]).unwrap();
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
    let archive = Archive::open(folder.path(), &[]).unwrap();
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
    let archive = Archive::open(folder.path(), &[]).unwrap();
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
        ["warcinfo", "response", "request", "response", "request"]
    );
}

#[test]
fn a_file_torn_at_any_byte_keeps_what_the_store_knows_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let kept = killed(folder.path(), 3);
    let name = &kept[0].warc_file;
    let whole = fs::read(folder.path().join(format!("{name}{OPEN}"))).unwrap();
    let known = [(name.clone(), kept[1].warc_offset)];
    let (_, answer_end) = read_member(
        &folder.path().join(format!("{name}{OPEN}")),
        kept[1].warc_offset,
        MAX_RECORD_BYTES,
    )
    .unwrap();
    // A prime step reaches every kind of place in the members without a thousand waits for the disk.
    for length in (usize::try_from(answer_end).unwrap()..=whole.len()).step_by(7) {
        let torn = tempfile::tempdir().unwrap();
        fs::write(torn.path().join(format!("{name}{OPEN}")), &whole[..length]).unwrap();
        drop(Archive::open(torn.path(), &known).unwrap());
        assert_eq!(files(torn.path()), std::slice::from_ref(name), "{length}");
        for capture in &kept[..2] {
            assert!(read(torn.path(), capture).is_ok(), "{length}");
        }
        assert!(read(torn.path(), &kept[2]).is_err(), "{length}");
        let left = fs::metadata(torn.path().join(name)).unwrap().len();
        assert!(left <= kept[2].warc_offset, "{length}");
    }
}

#[test]
fn a_file_of_which_the_store_knows_nothing_is_dropped_and_closed_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let closed = killed(folder.path(), 1).remove(0);
    drop(
        Archive::open(
            folder.path(),
            &[(closed.warc_file.clone(), closed.warc_offset)],
        )
        .unwrap(),
    );
    let before = fs::read(folder.path().join(&closed.warc_file)).unwrap();
    fs::write(folder.path().join("aigaq-x.warc.gz.open"), b"torn").unwrap();
    drop(Archive::open(folder.path(), &[]).unwrap());
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
    let first = Archive::open(folder.path(), &[]).unwrap();
    assert!(matches!(
        Archive::open(folder.path(), &[]),
        Err(ArchiveError::Locked { .. })
    ));
    drop(first);
    assert!(Archive::open(folder.path(), &[]).is_ok());
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
    let archive = Archive::open(folder.path(), &[]).unwrap();
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
    let archive = Archive::open(folder.path(), &[]).unwrap();
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
