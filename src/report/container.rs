//! A ZIP file in one form only: the same members give the same bytes, and any other byte is found.
//!
//! Members are stored, in the order given, without times, comments or extra fields. A library would write what its version
//! thinks best, and then a verifier of another version could not tell a changed header from its own habits; this form is fixed,
//! so a file is right exactly when writing its members again gives the same file. Every unpacker reads it (APPNOTE 6.3, 4.3-4.4).

use std::collections::BTreeSet;

use flate2::Crc;

/// Largest file: offsets beyond need a form that old unpackers do not read.
const MAX_BYTES: usize = 2 << 30;
/// Most members: what the end record can count, less than a half.
const MAX_MEMBERS: usize = 30_000;
/// Longest name.
const MAX_NAME_BYTES: usize = 200;
/// Marks of the three kinds of records.
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Version needed, flags (names are UTF-8), method (stored), time, and the first day the format knows.
const FIXED: [u8; 10] = [20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0];
/// Length of a local header before the name.
const LOCAL_BYTES: usize = 30;

/// A file of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Name with folders, parted by `/`.
    pub name: String,
    /// Bytes.
    pub bytes: Vec<u8>,
}

/// Why members cannot be packed, or bytes are no container.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    /// A name that could leave the folder it is unpacked in, or mean another on another system.
    #[error("`{0}` is no name of a file in a bundle")]
    Name(String),
    /// Two members of one name, upper and lower case being one.
    #[error("`{0}` stands there twice")]
    Twice(String),
    /// Too much to pack.
    #[error("a bundle holds at most {MAX_BYTES} bytes in {MAX_MEMBERS} files")]
    TooLarge,
    /// Nothing that is a container, or one that was changed.
    #[error("at byte {at}: {what}")]
    Changed {
        /// Where.
        at: usize,
        /// What is there.
        what: &'static str,
    },
}

/// The members as one file.
///
/// # Errors
/// When a name is not plain, stands twice, or it is too much.
pub fn write(members: &[Member]) -> Result<Vec<u8>, ContainerError> {
    check(members)?;
    let mut out = Vec::new();
    let mut central = Vec::new();
    for member in members {
        let offset = out.len();
        let entry = entry(member)?;
        out.extend(LOCAL);
        out.extend(&entry);
        out.extend(member.name.as_bytes());
        out.extend(&member.bytes);
        central.extend(CENTRAL);
        central.extend([20, 0]);
        central.extend(&entry);
        // No comment, first disk, no attributes.
        central.extend([0; 10]);
        central.extend(four(offset)?);
        central.extend(member.name.as_bytes());
    }
    let start = out.len();
    let n_members = two(members.len())?;
    out.extend(&central);
    out.extend(END);
    out.extend([0; 4]);
    out.extend(n_members);
    out.extend(n_members);
    out.extend(four(central.len())?);
    out.extend(four(start)?);
    out.extend([0; 2]);
    Ok(out)
}

/// The part that local and central header share: from the version to the length of the extra field.
fn entry(member: &Member) -> Result<Vec<u8>, ContainerError> {
    let mut crc = Crc::new();
    crc.update(&member.bytes);
    let length = four(member.bytes.len())?;
    let mut out = FIXED.to_vec();
    out.extend(crc.sum().to_le_bytes());
    out.extend(length);
    out.extend(length);
    out.extend(two(member.name.len())?);
    out.extend([0; 2]);
    Ok(out)
}

fn two(number: usize) -> Result<[u8; 2], ContainerError> {
    let number = u16::try_from(number).map_err(|_| ContainerError::TooLarge)?;
    Ok(number.to_le_bytes())
}

fn four(number: usize) -> Result<[u8; 4], ContainerError> {
    let number = u32::try_from(number).map_err(|_| ContainerError::TooLarge)?;
    Ok(number.to_le_bytes())
}

/// Whether members may be packed.
fn check(members: &[Member]) -> Result<(), ContainerError> {
    let n_bytes: usize = members
        .iter()
        .map(|member| member.bytes.len() + 2 * member.name.len() + 100)
        .sum();
    if members.len() > MAX_MEMBERS || n_bytes > MAX_BYTES {
        return Err(ContainerError::TooLarge);
    }
    let mut seen = BTreeSet::new();
    for member in members {
        if !is_plain(&member.name) {
            return Err(ContainerError::Name(member.name.clone()));
        }
        if !seen.insert(member.name.to_lowercase()) {
            return Err(ContainerError::Twice(member.name.clone()));
        }
    }
    Ok(())
}

/// Whether a name means one file below the folder it is unpacked in, on every system.
fn is_plain(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_part = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && part.chars().all(fits)
    };
    name.len() <= MAX_NAME_BYTES && name.split('/').all(is_part)
}

/// The members of a file that [`write()`] made: of any other file the first byte that differs is told.
///
/// # Errors
/// When the file is not byte for byte what its members give.
pub fn read(bytes: &[u8]) -> Result<Vec<Member>, ContainerError> {
    let changed = |at: usize, what: &'static str| ContainerError::Changed { at, what };
    let mut members = Vec::new();
    let mut at = 0;
    while bytes.get(at..at + 4) == Some(&LOCAL) {
        let (member, end) = member_at(bytes, at)?;
        members.push(member);
        if members.len() > MAX_MEMBERS {
            return Err(ContainerError::TooLarge);
        }
        at = end;
    }
    if members.is_empty() {
        return Err(changed(0, "no bundle begins here"));
    }
    let again = write(&members)?;
    let differs = again.iter().zip(bytes).position(|(a, b)| a != b);
    match differs {
        Some(at) => Err(changed(
            at,
            "a header, checksum or directory differs from what its files give",
        )),
        None if again.len() != bytes.len() => Err(changed(
            again.len().min(bytes.len()),
            "the file is cut, or something follows its end",
        )),
        None => Ok(members),
    }
}

/// What can be read of a file that is no whole container, up to the first header that is broken, each with whether its header
/// fits it: to say more of what was changed.
pub(super) fn salvage(bytes: &[u8]) -> Vec<(Member, bool)> {
    let mut members = Vec::new();
    let mut at = 0;
    while bytes.get(at..at + 4) == Some(&LOCAL) && members.len() < MAX_MEMBERS {
        let Ok((member, end)) = member_at(bytes, at) else {
            break;
        };
        let header = bytes.get(at + 4..at + LOCAL_BYTES);
        let fits = entry(&member).is_ok_and(|entry| header == Some(&entry[..]));
        members.push((member, fits));
        at = end;
    }
    members
}

/// The member whose header stands at a place, and the place behind it.
fn member_at(bytes: &[u8], at: usize) -> Result<(Member, usize), ContainerError> {
    let changed = |at: usize, what: &'static str| ContainerError::Changed { at, what };
    let header = bytes.get(at..at + LOCAL_BYTES);
    let header = header.ok_or(changed(at, "a header is cut"))?;
    let number = |from: usize, n: usize| {
        let digits = header[from..from + n].iter().rev();
        digits.fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte))
    };
    let (n_bytes, n_name) = (number(18, 4), number(26, 2));
    let start = at + LOCAL_BYTES;
    let name = bytes.get(start..start + n_name);
    let name = name.and_then(|name| std::str::from_utf8(name).ok());
    let name = name.ok_or(changed(start, "a name is cut or no text"))?;
    let start = start + n_name;
    let end = start.checked_add(n_bytes).filter(|end| *end <= bytes.len());
    let end = end.ok_or(changed(at, "a file is cut"))?;
    let member = Member {
        name: name.to_owned(),
        bytes: bytes[start..end].to_vec(),
    };
    Ok((member, end))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use proptest::prelude::*;

    use super::*;

    fn member(name: &str, bytes: &[u8]) -> Member {
        Member {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        }
    }

    fn sample() -> Vec<Member> {
        vec![
            member("manifest.json", b"{}"),
            member("texts/rev-1.txt", "Бір".as_bytes()),
            member("empty", b""),
        ]
    }

    #[test]
    fn what_is_packed_comes_back_and_a_library_reads_it_too() {
        let bytes = write(&sample()).unwrap();
        assert_eq!(read(&bytes).unwrap(), sample());
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
        assert_eq!(archive.len(), 3);
        for expected in sample() {
            let mut found = Vec::new();
            archive
                .by_name(&expected.name)
                .unwrap()
                .read_to_end(&mut found)
                .unwrap();
            assert_eq!(found, expected.bytes);
        }
    }

    #[test]
    fn names_that_lead_elsewhere_or_stand_twice_are_refused() {
        for name in [
            "", "/a", "../a", "a/../b", "a//b", "a\\b", "c:a", ".a", "a.", "a/", "ә", "a b", "a\0",
        ] {
            assert_eq!(
                write(&[member(name, b"")]),
                Err(ContainerError::Name(name.to_owned())),
                "{name}"
            );
        }
        assert_eq!(
            write(&[member("a", b""), member("A", b"")]),
            Err(ContainerError::Twice("A".to_owned()))
        );
        assert_eq!(
            write(&[member(&"a".repeat(300), b"")]),
            Err(ContainerError::Name("a".repeat(300)))
        );
    }

    #[test]
    fn a_container_that_another_program_packed_is_refused_with_its_place() {
        use zip::write::SimpleFileOptions;
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive
            .start_file("a", SimpleFileOptions::default())
            .unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert!(matches!(read(&bytes), Err(ContainerError::Changed { .. })));
        assert!(matches!(
            read(b""),
            Err(ContainerError::Changed { at: 0, .. })
        ));
        assert!(matches!(
            read(b"PK"),
            Err(ContainerError::Changed { at: 0, .. })
        ));
    }

    #[test]
    fn a_cut_or_a_tail_is_found_whatever_its_length() {
        let bytes = write(&sample()).unwrap();
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "{length}");
        }
        assert!(read(&[&bytes[..], b"\0"].concat()).is_err());
        assert!(read(&[b"\0", &bytes[..]].concat()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&[&LOCAL[..], &bytes].concat());
            prop_assert!(read(&bytes).is_err());
        }
    }
}
