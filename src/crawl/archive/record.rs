//! One WARC record: named fields and a block, to bytes and back.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use sha2::{Digest, Sha256};

use crate::canonical::ContentHash;
use crate::crawl::fetch::Exchange;

/// First line of every record.
const VERSION: &str = "WARC/1.1";
/// Type of a block of fields.
const FIELDS_TYPE: &str = "application/warc-fields";
/// Fields that every record has, in their order; what follows is the kind's own.
const COMMON_FIELDS: [&str; 5] = [
    "WARC-Type",
    "WARC-Record-ID",
    "WARC-Date",
    "Content-Type",
    "WARC-Block-Digest",
];
/// Headers that describe a transfer that no longer stands in the block: the body is kept without chunks.
const TRANSFER_HEADERS: [&str; 1] = ["transfer-encoding"];
/// What stands before the name of such a header.
const RECEIVED: &str = "x-received-";

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Named fields in order, without `Content-Length`.
    fields: Vec<(String, String)>,
    /// Block.
    block: Vec<u8>,
}

impl Record {
    /// The record that opens a file.
    pub(super) fn info(file: &str, now: DateTime<Utc>) -> Record {
        let block = format!(
            "software: Aigaq/{}\r\nformat: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let mut record = Record::new("warcinfo", now, file, FIELDS_TYPE, block.into_bytes());
        record.add("WARC-Filename", file);
        record
    }

    /// The answer as received.
    pub(super) fn response(exchange: &Exchange) -> Record {
        let mut block = answer_head(exchange).into_bytes();
        block.extend_from_slice(&exchange.wire);
        let mut record = Record::new(
            "response",
            exchange.at,
            exchange.url.as_str(),
            "application/http;msgtype=response",
            block,
        );
        record.add("WARC-Target-URI", exchange.url.as_str());
        record.add("WARC-Payload-Digest", &digest(&exchange.wire));
        if let Some(remote) = exchange.remote {
            record.add("WARC-IP-Address", &remote.ip().to_string());
        }
        record
    }

    /// A file that came without an exchange: the bytes as they were given (WARC 1.1, 6.4).
    pub(super) fn resource(
        url: &str,
        content_type: &str,
        bytes: Vec<u8>,
        at: DateTime<Utc>,
    ) -> Record {
        let mut record = Record::new("resource", at, url, content_type, bytes);
        record.add("WARC-Target-URI", url);
        record
    }

    /// The request that brought an answer.
    pub(super) fn request(exchange: &Exchange, response: &Record) -> Record {
        let mut target = exchange.url.path().to_owned();
        if let Some(query) = exchange.url.query() {
            target.push('?');
            target.push_str(query);
        }
        let host = match (exchange.url.host_str(), exchange.url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        };
        let mut block = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n");
        push_headers(&mut block, &exchange.request_headers);
        let mut record = Record::new(
            "request",
            exchange.at,
            exchange.url.as_str(),
            "application/http;msgtype=request",
            block.into_bytes(),
        );
        record.add("WARC-Target-URI", exchange.url.as_str());
        record.add(
            "WARC-Concurrent-To",
            response.header("WARC-Record-ID").unwrap_or_default(),
        );
        record
    }

    /// What the program knows of a capture besides its bytes, as WARC fields: who asked, digests, and how far clocks were apart.
    pub(super) fn metadata(
        of: &Record,
        url: &str,
        at: DateTime<Utc>,
        fields: &[(&str, String)],
    ) -> Record {
        let mut block = String::new();
        for (name, value) in fields {
            let value = value.replace(['\r', '\n'], " ");
            // Writing to a string cannot fail.
            let _ = write!(block, "{name}: {value}\r\n");
        }
        let mut record = Record::new("metadata", at, url, FIELDS_TYPE, block.into_bytes());
        record.add("WARC-Target-URI", url);
        record.add(
            "WARC-Concurrent-To",
            of.header("WARC-Record-ID").unwrap_or_default(),
        );
        record
    }

    /// The note that the same body was seen again.
    pub(super) fn revisit(exchange: &Exchange) -> Record {
        let block = answer_head(exchange).into_bytes();
        let mut record = Record::new(
            "revisit",
            exchange.at,
            exchange.url.as_str(),
            "application/http;msgtype=response",
            block,
        );
        record.add("WARC-Target-URI", exchange.url.as_str());
        record.add(
            "WARC-Profile",
            "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        );
        record.add("WARC-Payload-Digest", &digest(&exchange.wire));
        record.add("WARC-Refers-To-Target-URI", exchange.url.as_str());
        record
    }

    /// A record of what stands at an address, or of a file.
    fn new(kind: &str, at: DateTime<Utc>, of: &str, content_type: &str, block: Vec<u8>) -> Record {
        let date = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let id = record_id(&seed(kind, &date, Some(&one_line(of)), &block));
        let mut record = Record {
            fields: Vec::new(),
            block,
        };
        record.add("WARC-Type", kind);
        record.add("WARC-Record-ID", &id);
        record.add("WARC-Date", &date);
        record.add("Content-Type", content_type);
        let block_digest = digest(&record.block);
        record.add("WARC-Block-Digest", &block_digest);
        record
    }

    /// Adds a field; line ends cannot be smuggled in.
    fn add(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), one_line(value)));
    }

    /// A named field.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .fields
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The record as it stands in a file, before compression.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("{VERSION}\r\n");
        for (name, value) in &self.fields {
            // Writing to a string cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let _ = write!(head, "Content-Length: {}\r\n\r\n", self.block.len());
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.block);
        bytes.extend_from_slice(b"\r\n\r\n");
        bytes
    }

    /// Reads a record back and checks its length and block digest.
    pub(super) fn parse(bytes: &[u8]) -> Result<Record, String> {
        let (head, rest) = split_head(bytes).ok_or("the record has no end of its fields")?;
        let head = std::str::from_utf8(head).map_err(|_| "the fields are not UTF-8")?;
        let mut lines = head.split("\r\n");
        if lines.next() != Some(VERSION) {
            return Err(format!("the record does not begin with {VERSION}"));
        }
        let mut fields = Vec::new();
        for line in lines {
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| format!("`{line}` is no field"))?;
            fields.push((name.to_owned(), value.trim().to_owned()));
        }
        let length = fields.iter().find(|(name, _)| name == "Content-Length");
        let length: usize = length
            .and_then(|(_, value)| value.parse().ok())
            .ok_or("no Content-Length")?;
        let block = rest.get(..length).ok_or("the block is cut")?;
        if rest.get(length..) != Some(b"\r\n\r\n") {
            return Err("the record does not end where its length says".to_owned());
        }
        fields.retain(|(name, _)| name != "Content-Length");
        let record = Record {
            fields,
            block: block.to_vec(),
        };
        if record.header("WARC-Block-Digest") != Some(digest(block).as_str()) {
            return Err("the block digest is missing or differs".to_owned());
        }
        Ok(record)
    }

    /// Whether its id is the one that its content gives. Earlier versions left the address out of it.
    pub(super) fn has_own_id(&self) -> bool {
        let (Some(kind), Some(date)) = (self.header("WARC-Type"), self.header("WARC-Date")) else {
            return false;
        };
        let of = self.header("WARC-Target-URI");
        let of = of.or_else(|| self.header("WARC-Filename"));
        let id = self.header("WARC-Record-ID");
        [of, None]
            .into_iter()
            .any(|of| id == Some(record_id(&seed(kind, date, of, &self.block)).as_str()))
    }

    /// Whether its fields are others, or in another order, than this program writes for its kind.
    pub(super) fn is_out_of_order(&self) -> bool {
        let own: &[&str] = match self.header("WARC-Type").unwrap_or_default() {
            "warcinfo" => &["WARC-Filename"],
            "response" => &["WARC-Target-URI", "WARC-Payload-Digest", "WARC-IP-Address"],
            "resource" => &["WARC-Target-URI"],
            "request" | "metadata" => &["WARC-Target-URI", "WARC-Concurrent-To"],
            "revisit" => &[
                "WARC-Target-URI",
                "WARC-Profile",
                "WARC-Payload-Digest",
                "WARC-Refers-To-Target-URI",
            ],
            _ => return true,
        };
        let expected = COMMON_FIELDS.iter().chain(own);
        let found: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        // Where an answer came from is not always known.
        let is_whole = expected.clone().eq(found.iter());
        let is_short = self.header("WARC-IP-Address").is_none()
            && expected
                .filter(|name| **name != "WARC-IP-Address")
                .eq(found.iter());
        !(is_whole || is_short)
    }

    /// A field of the block of a `metadata` record.
    pub(super) fn warc_field(&self, name: &str) -> Option<String> {
        let block = std::str::from_utf8(&self.block).ok()?;
        let mut fields = block.split("\r\n").filter_map(|line| line.split_once(": "));
        fields
            .find(|(field, _)| *field == name)
            .map(|(_, value)| value.to_owned())
    }

    /// Whether it holds a file and no exchange.
    pub(super) fn is_resource(&self) -> bool {
        self.header("WARC-Type") == Some("resource")
    }

    /// The block.
    pub(super) fn block(&self) -> &[u8] {
        &self.block
    }

    /// Reads a record that another program wrote: its fields and block. A digest is checked where one of our kind
    /// stands there, for others may leave it out.
    pub(super) fn of_others(head: &str, block: Vec<u8>) -> Result<Record, String> {
        let mut lines = head.lines();
        if !lines.next().is_some_and(|line| line.starts_with("WARC/")) {
            return Err("no record begins here".to_owned());
        }
        let fields = lines.filter_map(|line| line.split_once(':'));
        let fields = fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
        let record = Record {
            fields: fields.collect(),
            block,
        };
        match record.header("WARC-Block-Digest") {
            Some(said) if said.starts_with("sha256:") && said != digest(&record.block) => {
                Err("the block differs from its digest".to_owned())
            }
            _ => Ok(record),
        }
    }

    /// The head and body of the HTTP message in the block.
    pub(super) fn http(&self) -> Option<(&[u8], &[u8])> {
        split_head(&self.block)
    }
}

/// The first HTTP header of a lower-case name in a head.
pub(super) fn http_header(head: &[u8], name: &str) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    head.split("\r\n").skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

fn answer_head(exchange: &Exchange) -> String {
    // HTTP/2 has no status line; readers of WARC expect that of HTTP/1.1.
    let version = if exchange.version == "HTTP/1.0" {
        "HTTP/1.0"
    } else {
        "HTTP/1.1"
    };
    let mut head = format!("{version} {} \r\n", exchange.status);
    push_headers(&mut head, &exchange.headers);
    head
}

/// Names and values, in order of arrival.
type Headers = Vec<(String, String)>;

/// Version, status and headers of an answer, read back from the head that this program wrote of it.
pub(super) fn answer_of(head: &[u8]) -> Option<(&'static str, u16, Headers)> {
    let mut lines = std::str::from_utf8(head).ok()?.split("\r\n");
    let mut status = lines.next()?.split(' ');
    let version = match status.next()? {
        "HTTP/1.0" => "HTTP/1.0",
        _ => "HTTP/1.1",
    };
    let status = status.next()?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| {
        let name = name.strip_prefix(RECEIVED).unwrap_or(name);
        (name.to_owned(), value.to_owned())
    });
    Some((version, status, headers.collect()))
}

fn push_headers(head: &mut String, headers: &[(String, String)]) {
    for (name, value) in headers {
        let is_transfer = TRANSFER_HEADERS.contains(&name.as_str());
        let value = value.replace(['\r', '\n'], " ");
        let prefix = if is_transfer { RECEIVED } else { "" };
        let _ = write!(head, "{prefix}{name}: {value}\r\n");
    }
    head.push_str("\r\n");
}

fn split_head(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some((&bytes[..at], &bytes[at + 4..]))
}

/// What the id of a record is drawn from. Two addresses can give one answer in one microsecond.
fn seed(kind: &str, date: &str, of: Option<&str>, block: &[u8]) -> Vec<u8> {
    let mut seed = match of {
        Some(of) => format!("{kind} {date} {of} ").into_bytes(),
        None => format!("{kind} {date} ").into_bytes(),
    };
    seed.extend_from_slice(block);
    seed
}

/// A value without line ends.
fn one_line(value: &str) -> String {
    value.replace(['\r', '\n'], " ")
}

/// `sha256:` and the digest in base 32, the spelling other tools compare.
pub(super) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", base32(&Sha256::digest(bytes)))
}

/// RFC 4648 base 32 with padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for group in bytes.chunks(5) {
        let mut padded = [0u8; 8];
        padded[3..3 + group.len()].copy_from_slice(group);
        let bits = u64::from_be_bytes(padded);
        let n_letters = (group.len() * 8).div_ceil(5);
        for idx in 0..8 {
            let letter = LETTERS[((bits >> (35 - idx * 5)) & 31) as usize];
            out.push(if idx < n_letters {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    out
}

/// A UUID of version 8 drawn from the record itself, so that writing the same again gives the same id.
fn record_id(seed: &[u8]) -> String {
    let hash = ContentHash::of(seed).0;
    format!(
        "<urn:uuid:{}-{}-8{}-a{}-{}>",
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..32]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_32_is_that_of_the_standard() {
        let cases = [
            ("", ""),
            ("f", "MY======"),
            ("fo", "MZXQ===="),
            ("foo", "MZXW6==="),
            ("foob", "MZXW6YQ="),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI======"),
        ];
        for (text, expected) in cases {
            assert_eq!(base32(text.as_bytes()), expected);
        }
    }
}
