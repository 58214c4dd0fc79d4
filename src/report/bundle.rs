//! Packs all that a case rests on into one file that stands alone, and checks such a file without anything else.
//!
//! Members: `manifest.json` with the SHA-256 of every other file, `SHA256SUMS` for `sha256sum -c`, and what the manifest lists.
//! A stamp of the manifest may stand beside it. Every byte is held by something: files by the manifest, the manifest by
//! `SHA256SUMS`, that by its one possible text, and the container by its one possible form ([`super::container`]).
//! Who alters a file and every digest with it is found only by a stamp, or by a manifest digest kept elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::container::{self, ContainerError, Member};
use crate::canonical::ContentHash;
use crate::model::CaseId;

/// The form of bundles that this program writes and reads.
const FORMAT: &str = "aigaq-bundle/1";
/// The manifest.
pub const MANIFEST: &str = "manifest.json";
/// The digests for `sha256sum`.
const SUMS: &str = "SHA256SUMS";
/// An RFC 3161 stamp of the manifest.
pub const STAMP: &str = "manifest.tsr";

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Name in the bundle.
    pub path: String,
    /// What it is, for people.
    pub what: String,
    /// Length in bytes.
    pub bytes: usize,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// What a bundle is and holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Form of the bundle.
    pub format: String,
    /// The case.
    pub case: CaseId,
    /// The program that packed it, with the version of its rules.
    pub program: String,
    /// The newest moment that anything in it is of: packing the same again gives the same bytes.
    pub as_of: String,
    /// Files in the order packed.
    pub files: Vec<Listed>,
}

/// A file to pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Name in the bundle.
    pub path: String,
    /// What it is, for people.
    pub what: String,
    /// Bytes.
    pub bytes: Vec<u8>,
}

/// Something in a bundle that does not match.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mismatch {
    /// The file it is about; empty for the bundle as a whole.
    pub path: String,
    /// What does not match.
    pub what: String,
}

/// A bundle that was opened: its manifest and members, as far as they could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The manifest.
    pub manifest: Manifest,
    /// Files by name.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Lists the files; the manifest is what a stamp is asked for.
pub fn manifest(case: &CaseId, program: &str, as_of: &str, files: &[Packed]) -> Manifest {
    let listed = files.iter().map(|file| Listed {
        path: file.path.clone(),
        what: file.what.clone(),
        bytes: file.bytes.len(),
        sha256: ContentHash::of(&file.bytes).0,
    });
    Manifest {
        format: FORMAT.to_owned(),
        case: case.clone(),
        program: program.to_owned(),
        as_of: as_of.to_owned(),
        files: listed.collect(),
    }
}

/// The bytes of a manifest.
pub fn manifest_bytes(manifest: &Manifest) -> Vec<u8> {
    // Plain strings and numbers always serialize.
    let mut bytes = serde_json::to_vec_pretty(manifest).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The bundle as one file.
///
/// # Errors
/// When a name is not plain, stands twice, or it is too much.
pub fn pack(
    manifest: &Manifest,
    files: &[Packed],
    stamp: Option<&[u8]>,
) -> Result<Vec<u8>, ContainerError> {
    let member = |name: &str, bytes: &[u8]| Member {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    };
    let manifest_bytes = manifest_bytes(manifest);
    let sums = sums(manifest, &manifest_bytes);
    let mut members = vec![
        member(MANIFEST, &manifest_bytes),
        member(SUMS, sums.as_bytes()),
    ];
    members.extend(stamp.map(|stamp| member(STAMP, stamp)));
    members.extend(files.iter().map(|file| member(&file.path, &file.bytes)));
    container::write(&members)
}

/// The lines for `sha256sum -c`.
fn sums(manifest: &Manifest, bytes: &[u8]) -> String {
    let mut out = format!("{}  {MANIFEST}\n", ContentHash::of(bytes).0);
    for file in &manifest.files {
        out.push_str(&format!("{}  {}\n", file.sha256, file.path));
    }
    out
}

/// Opens a bundle and says all that does not match; nothing is written anywhere.
pub fn open(bytes: &[u8]) -> (Option<Opened>, Vec<Mismatch>) {
    let about = |path: &str, what: &str| Mismatch {
        path: path.to_owned(),
        what: what.to_owned(),
    };
    let (members, mut found) =
        match container::read(bytes) {
            Ok(members) => (members, Vec::new()),
            Err(error) => {
                // What can still be read names the file that was changed.
                let mut found = vec![about("", &error.to_string())];
                let salvaged = container::salvage(bytes);
                let changed = salvaged.iter().filter(|(_, fits)| !fits);
                found.extend(changed.map(|(member, _)| {
                    about(&member.name, "differs from its header in the bundle")
                }));
                (
                    salvaged.into_iter().map(|(member, _)| member).collect(),
                    found,
                )
            }
        };
    let files: BTreeMap<String, Vec<u8>> = members
        .into_iter()
        .map(|member| (member.name, member.bytes))
        .collect();
    let Some(text) = files.get(MANIFEST) else {
        found.push(about(MANIFEST, "is missing"));
        return (None, found);
    };
    let manifest: Manifest = match serde_json::from_slice(text) {
        Ok(manifest) => manifest,
        Err(error) => {
            found.push(about(MANIFEST, &format!("cannot be read: {error}")));
            return (None, found);
        }
    };
    found.extend(mismatches(&manifest, text, &files));
    found.sort();
    found.dedup();
    (Some(Opened { manifest, files }), found)
}

/// What of the files does not match the manifest, and what of the manifest not its digest.
fn mismatches(
    manifest: &Manifest,
    text: &[u8],
    files: &BTreeMap<String, Vec<u8>>,
) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let mut wrong = |path: &str, what: String| {
        found.push(Mismatch {
            path: path.to_owned(),
            what,
        });
    };
    if manifest.format != FORMAT {
        wrong(
            MANIFEST,
            format!(
                "has the form {}, this program reads {FORMAT}",
                manifest.format
            ),
        );
    }
    if manifest_bytes(manifest) != text {
        wrong(
            MANIFEST,
            "is not written as this program writes it".to_owned(),
        );
    }
    let mut listed: BTreeSet<&str> = [MANIFEST, SUMS, STAMP].into();
    for file in &manifest.files {
        if !listed.insert(&file.path) {
            wrong(&file.path, "is listed twice".to_owned());
        }
        match files.get(&file.path) {
            None => wrong(&file.path, "is missing".to_owned()),
            Some(bytes) if bytes.len() != file.bytes => {
                wrong(
                    &file.path,
                    format!(
                        "has {} bytes, the manifest says {}",
                        bytes.len(),
                        file.bytes
                    ),
                );
            }
            Some(bytes) if ContentHash::of(bytes).0 != file.sha256 => {
                wrong(
                    &file.path,
                    "has another digest than the manifest says".to_owned(),
                );
            }
            Some(_) => {}
        }
    }
    for name in files.keys().filter(|name| !listed.contains(name.as_str())) {
        wrong(name, "is not listed in the manifest".to_owned());
    }
    match files.get(SUMS) {
        None => wrong(SUMS, "is missing".to_owned()),
        Some(lines) if *lines != sums(manifest, text).into_bytes() => {
            wrong(
                SUMS,
                "differs from the digests of manifest and files".to_owned(),
            );
        }
        Some(_) => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn files() -> Vec<Packed> {
        let file = |path: &str, bytes: &[u8]| Packed {
            path: path.to_owned(),
            what: "a file".to_owned(),
            bytes: bytes.to_vec(),
        };
        vec![
            file("case.json", b"{\"id\":1}"),
            file("texts/rev-1.txt", "Ұрлық".as_bytes()),
            file("empty.txt", b""),
        ]
    }

    fn packed(stamp: Option<&[u8]>) -> Vec<u8> {
        let manifest = manifest(
            &CaseId("case-1".to_owned()),
            "Aigaq 0",
            "2026-03-01T00:00:00Z",
            &files(),
        );
        pack(&manifest, &files(), stamp).unwrap()
    }

    #[test]
    fn a_bundle_opens_as_it_was_packed_and_packing_it_again_gives_the_same_bytes() {
        for stamp in [None, Some(&b"stamp"[..])] {
            let bytes = packed(stamp);
            assert_eq!(bytes, packed(stamp));
            let (opened, found) = open(&bytes);
            assert_eq!(found, []);
            let opened = opened.unwrap();
            assert_eq!(opened.files.get("case.json").unwrap(), b"{\"id\":1}");
            assert_eq!(opened.manifest.files.len(), 3);
            assert_eq!(opened.files.get(STAMP).map(Vec::as_slice), stamp);
        }
    }

    #[test]
    fn every_changed_bit_is_found() {
        let bytes = packed(Some(b"stamp"));
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                assert!(!open(&changed).1.is_empty(), "bit {bit} of byte {at}");
            }
        }
    }

    #[test]
    fn a_file_that_was_changed_added_removed_or_renamed_is_named() {
        let members = container::read(&packed(None)).unwrap();
        let about = |change: &dyn Fn(&mut Vec<Member>)| -> Vec<String> {
            let mut members = members.clone();
            change(&mut members);
            let found = open(&container::write(&members).unwrap()).1;
            found.into_iter().map(|one| one.path).collect()
        };
        assert_eq!(about(&|members| members[2].bytes[3] = b'x'), ["case.json"]);
        assert_eq!(
            about(&|members| members[3].bytes.push(b'x')),
            ["texts/rev-1.txt"]
        );
        assert_eq!(about(&|members| drop(members.remove(4))), ["empty.txt"]);
        assert_eq!(
            about(&|members| members[4].name = "other.txt".to_owned()),
            ["empty.txt", "other.txt"]
        );
        assert_eq!(
            about(&|members| members.push(Member {
                name: "x".to_owned(),
                bytes: Vec::new()
            })),
            ["x"]
        );
        assert_eq!(about(&|members| members[1].bytes[0] = b'g'), [SUMS]);
        assert_eq!(about(&|members| drop(members.remove(0))), [MANIFEST]);
        let other = |members: &mut Vec<Member>| {
            let text = String::from_utf8(members[0].bytes.clone()).unwrap();
            members[0].bytes = text.replace("2026-03-01", "2026-03-02").into_bytes();
        };
        assert_eq!(about(&other), [SUMS]);
    }

    #[test]
    fn a_file_changed_in_place_is_named_although_its_checksum_no_longer_fits() {
        let mut bytes = packed(None);
        let at = bytes
            .windows(7)
            .position(|window| window == b"\"id\":1}")
            .unwrap();
        bytes[at + 5] = b'2';
        let mut paths: Vec<String> = open(&bytes).1.into_iter().map(|one| one.path).collect();
        paths.dedup();
        assert_eq!(paths, ["", "case.json"]);
    }

    proptest! {
        #[test]
        fn any_single_changed_byte_is_found(at in any::<prop::sample::Index>(), by in 1_u8..=255) {
            let mut bytes = packed(None);
            let at = at.index(bytes.len());
            bytes[at] = bytes[at].wrapping_add(by);
            prop_assert!(!open(&bytes).1.is_empty(), "byte {}", at);
        }
    }
}
