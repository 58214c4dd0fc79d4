//! Reads the publications out of a WARC file that another program wrote (WARC 1.0 and 1.1, gzip by record or none).
//!
//! The file is read as a stream, record by record. Only what an answer of status 200 or a `resource` holds is given
//! on. A chunked body is put together; other records (requests, metadata, revisits) are passed over.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use chrono::{DateTime, Utc};
use flate2::bufread::MultiGzDecoder;

use super::record::{Record, http_header};
use crate::crawl::decode;

/// Largest body taken from a file, in bytes; larger ones are passed over with an error.
const MAX_BODY_BYTES: u64 = 64 * 1024 * 1024;
/// Longest head of a record, in bytes.
const MAX_HEAD_BYTES: u64 = 64 * 1024;

/// A publication out of a WARC file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Address it was captured from.
    pub url: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Its `Content-Type`; empty when nothing says it.
    pub content_type: String,
    /// Decoded body.
    pub body: Vec<u8>,
}

/// The publications of a WARC file in their order. A record that cannot be read is an error of its own, named by its
/// number; what follows a damaged frame cannot be found again, so such an error is the last.
///
/// # Errors
/// When the file cannot be opened.
pub fn given(path: &Path) -> io::Result<impl Iterator<Item = Result<Given, String>> + use<>> {
    let mut file = BufReader::new(File::open(path)?);
    let is_gzip = file.fill_buf()?.starts_with(&[0x1F, 0x8B]);
    let reader: Box<dyn BufRead> = if is_gzip {
        Box::new(BufReader::new(MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    };
    let mut records = Records {
        reader,
        number: 0,
        is_over: false,
    };
    Ok(std::iter::from_fn(move || records.next()))
}

/// What stands next in a file.
enum Next {
    /// Nothing more.
    End,
    /// A record that is passed over for its size.
    TooLarge,
    /// A record.
    Record(Record),
}

/// A WARC file being read.
struct Records {
    reader: Box<dyn BufRead>,
    number: usize,
    is_over: bool,
}

impl Records {
    /// The next publication, or what is wrong with the next record.
    fn next(&mut self) -> Option<Result<Given, String>> {
        while !self.is_over {
            self.number += 1;
            let number = self.number;
            let named = |detail: String| format!("record {number}: {detail}");
            match self.record() {
                Ok(Next::End) => self.is_over = true,
                Ok(Next::TooLarge) => {
                    let detail = format!("it is larger than {MAX_BODY_BYTES} bytes");
                    return Some(Err(named(detail)));
                }
                Ok(Next::Record(record)) => match publication(&record) {
                    Ok(None) => {}
                    Ok(Some(given)) => return Some(Ok(given)),
                    Err(detail) => return Some(Err(named(detail))),
                },
                Err(detail) => {
                    self.is_over = true;
                    return Some(Err(named(detail)));
                }
            }
        }
        None
    }

    /// What stands next in the file.
    fn record(&mut self) -> Result<Next, String> {
        let mut head = Vec::new();
        loop {
            let start = head.len();
            let left = MAX_HEAD_BYTES.saturating_sub(start as u64);
            let read = self.reader.by_ref().take(left).read_until(b'\n', &mut head);
            if read.map_err(|error| error.to_string())? == 0 {
                return match head.iter().all(u8::is_ascii_whitespace) {
                    true if left > 0 => Ok(Next::End),
                    _ => Err("its head has no end".to_owned()),
                };
            }
            let is_blank = head[start..].iter().all(u8::is_ascii_whitespace);
            if is_blank && start == 0 {
                head.clear();
            } else if is_blank {
                break;
            }
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_length = name.eq_ignore_ascii_case("content-length");
            value.trim().parse::<u64>().ok().filter(|_| is_length)
        });
        let length = length.ok_or("it has no Content-Length")?;
        let is_too_large = length > MAX_BODY_BYTES;
        let mut block = Vec::new();
        let mut whole = self.reader.by_ref().take(length);
        let read = if is_too_large {
            io::copy(&mut whole, &mut io::sink())
        } else {
            whole.read_to_end(&mut block).map(|n| n as u64)
        };
        if read.map_err(|error| error.to_string())? < length {
            return Err("it is cut".to_owned());
        }
        if is_too_large {
            return Ok(Next::TooLarge);
        }
        Record::of_others(&head, block).map(Next::Record)
    }
}

/// What of a record is a publication.
fn publication(record: &Record) -> Result<Option<Given>, String> {
    let kind = record.header("WARC-Type").unwrap_or_default();
    if !matches!(kind, "response" | "resource") {
        return Ok(None);
    }
    let field = |name: &str| record.header(name).unwrap_or_default().to_owned();
    // Some writers put the address between angle brackets.
    let url = field("WARC-Target-URI");
    let url = url.trim_start_matches('<').trim_end_matches('>').to_owned();
    if !url.starts_with("http") {
        return Ok(None);
    }
    let at = DateTime::parse_from_rfc3339(&field("WARC-Date"));
    let at = at
        .map_err(|_| "its WARC-Date is no date".to_owned())?
        .to_utc();
    if record.is_resource() {
        return Ok(Some(Given {
            url,
            at,
            content_type: field("Content-Type"),
            body: record.block().to_vec(),
        }));
    }
    let (head, wire) = record.http().ok_or("it holds no HTTP answer")?;
    let status = head.split(|byte| *byte == b' ').nth(1);
    if status.is_none_or(|status| !status.starts_with(b"200")) {
        return Ok(None);
    }
    let is_chunked = http_header(head, "transfer-encoding")
        .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    let joined = if is_chunked { unchunked(wire) } else { None };
    // Many writers keep the header and store the body already put together.
    let wire = joined.as_deref().unwrap_or(wire);
    let coding = http_header(head, "content-encoding");
    let body = decode::body(wire, coding.as_deref(), MAX_BODY_BYTES);
    Ok(Some(Given {
        url,
        at,
        content_type: http_header(head, "content-type").unwrap_or_default(),
        body: body.map_err(|error| error.to_string())?.into_owned(),
    }))
}

/// A chunked body put together (RFC 9112, 7.1); `None` when it is not one.
fn unchunked(mut wire: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = wire.windows(2).position(|pair| pair == b"\r\n")?;
        let size = std::str::from_utf8(&wire[..end]).ok()?;
        let size = size.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let data = wire.get(end + 2..)?;
        body.extend_from_slice(data.get(..size)?);
        wire = data.get(size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, url: &str, block: &str) -> String {
        let n = block.len();
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-02T04:05:06Z\r\nContent-Length: {n}\r\n\r\n{block}\r\n\r\n"
        )
    }

    fn read(bytes: &str) -> Vec<Result<Given, String>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        given(file.path()).unwrap().collect()
    }

    #[test]
    fn answers_and_files_are_given_on_and_the_rest_is_passed_over() {
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>one</p>";
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n";
        let gone = "HTTP/1.1 404 Not Found\r\n\r\nnothing";
        let all = [
            record("warcinfo", "http://a.example/", "software: x"),
            record("request", "http://a.example/1", "GET / HTTP/1.1\r\n\r\n"),
            record("response", "<http://a.example/1>", answer),
            record("response", "http://a.example/2", chunked),
            record("response", "http://a.example/3", gone),
            record("resource", "http://a.example/4", "four"),
            record("resource", "file:///etc/five", "five"),
        ];
        let found = read(&all.concat());
        let found: Vec<(String, String)> = found
            .into_iter()
            .map(|given| given.unwrap())
            .map(|given| (given.url, String::from_utf8(given.body).unwrap()))
            .collect();
        let expected = [("1", "<p>one</p>"), ("2", "two"), ("4", "four")];
        let expected = expected.map(|(n, body)| (format!("http://a.example/{n}"), body.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_record_past_the_limit_is_named_and_what_follows_is_given_on() {
        let large = "x".repeat(usize::try_from(MAX_BODY_BYTES).unwrap() + 1);
        let all = ["response", "resource"].map(|kind| record(kind, "http://a.example/1", &large));
        let all = all.concat() + &record("resource", "http://a.example/2", "two");
        let found = read(&all);
        for (number, error) in (1..).zip(&found[..2]) {
            let expected = format!("record {number}: it is larger than 67108864 bytes");
            assert_eq!(error.as_ref().unwrap_err(), &expected);
        }
        assert_eq!(found[2].as_ref().unwrap().body, b"two");
    }

    #[test]
    fn a_cut_or_foreign_file_is_an_error_that_names_the_record() {
        let whole = record("resource", "http://a.example/1", "one");
        let cut = format!("{whole}{}", &whole[..whole.len() - 6]);
        let found = read(&cut);
        assert!(found[0].is_ok());
        assert_eq!(found[1].as_ref().unwrap_err(), "record 2: it is cut");
        assert!(read("no archive at all\n\nreally")[0].is_err());
        assert!(read("").is_empty());
    }
}
