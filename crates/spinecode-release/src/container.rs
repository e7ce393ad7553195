//! The file around the tables: a header, a section table, sections. `docs/release-format.md` tells the bytes.

use std::ops::Range;

use sha2::{Digest as _, Sha256};

use crate::record::{u16_at, u32_at};
use crate::release::OpenError;

/// The version of the format that this library writes.
pub const FORMAT_VERSION: u16 = 1;
/// The newest demand on a reader that this library meets.
pub const READER_VERSION: u16 = 1;

const MAGIC: [u8; 8] = *b"SPINEREL";
/// Magic, format, smallest reader, number of sections.
const HEAD: usize = 16;
const HASH: usize = 32;
/// Number, zero, offset, length, hash.
const ENTRY: usize = 24 + HASH;
const ALIGN: usize = 8;
const MOST_SECTIONS: usize = 256;

/// A section's place and hash.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) number: u32,
    pub(crate) range: Range<usize>,
    pub(crate) hash: [u8; HASH],
}

pub(crate) struct Parsed {
    pub(crate) root: [u8; HASH],
    pub(crate) format: u16,
    pub(crate) sections: Vec<Section>,
}

pub(crate) fn hash(bytes: &[u8]) -> [u8; HASH] {
    Sha256::digest(bytes).into()
}

fn aligned(length: usize) -> usize {
    length.next_multiple_of(ALIGN)
}

/// The bytes of a release; sections in the order of their numbers.
pub(crate) fn write(sections: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let count = u32::try_from(sections.len()).unwrap_or(u32::MAX);
    let mut head = Vec::with_capacity(HEAD);
    head.extend(MAGIC);
    head.extend(FORMAT_VERSION.to_le_bytes());
    head.extend(READER_VERSION.to_le_bytes());
    head.extend(count.to_le_bytes());
    let mut offset = HEAD + HASH + sections.len() * ENTRY;
    let mut entries = Vec::with_capacity(sections.len() * ENTRY);
    for (number, bytes) in sections {
        offset = aligned(offset);
        entries.extend(number.to_le_bytes());
        entries.extend([0; 4]);
        entries.extend((offset as u64).to_le_bytes());
        entries.extend((bytes.len() as u64).to_le_bytes());
        entries.extend(hash(bytes));
        offset += bytes.len();
    }
    let mut out = Vec::with_capacity(offset);
    let root: [u8; HASH] = Sha256::new()
        .chain_update(&head)
        .chain_update(&entries)
        .finalize()
        .into();
    out.extend(head);
    out.extend(root);
    out.extend(entries);
    for (_, bytes) in sections {
        out.resize(aligned(out.len()), 0);
        out.extend(bytes);
    }
    out
}

/// Reads header and section table. Everything is checked but the hashes of the sections, which are checked where they are read.
pub(crate) fn parse(bytes: &[u8]) -> Result<Parsed, OpenError> {
    let damaged = |what: &'static str| OpenError::Damaged(what);
    if bytes.get(..MAGIC.len()) != Some(&MAGIC) {
        return Err(OpenError::NoRelease);
    }
    let head = bytes.get(..HEAD).ok_or(damaged("the header is cut off"))?;
    let read = |at| u16_at(head, at).ok_or(damaged("the header is cut off"));
    let (format, reader) = (read(8)?, read(10)?);
    // Before the hash: what a newer format hashes is not known here.
    if reader > READER_VERSION {
        return Err(OpenError::TooNew { needs: reader });
    }
    let count = u32_at(head, 12).unwrap_or(u32::MAX) as usize;
    if count > MOST_SECTIONS {
        return Err(damaged("the number of sections"));
    }
    let root: [u8; HASH] = bytes
        .get(HEAD..HEAD + HASH)
        .and_then(|root| root.try_into().ok())
        .ok_or(damaged("the header is cut off"))?;
    let begin = HEAD + HASH;
    let entries = bytes
        .get(begin..begin + count * ENTRY)
        .ok_or(damaged("the section table is cut off"))?;
    let real: [u8; HASH] = Sha256::new().chain_update(head).chain_update(entries).finalize().into();
    if real != root {
        return Err(damaged("the header or the section table is not what was written"));
    }
    let mut sections: Vec<Section> = Vec::with_capacity(count);
    let mut end = begin + count * ENTRY;
    for entry in entries.chunks_exact(ENTRY) {
        let section = section(entry).ok_or(damaged("the section table"))?;
        let follows = sections.last().is_none_or(|before| before.number < section.number);
        if !follows || section.range.start != aligned(end) || section.range.end > bytes.len() {
            return Err(damaged("a section lies outside the file or out of its place"));
        }
        end = section.range.end;
        sections.push(section);
    }
    if end != bytes.len() {
        return Err(damaged("the file is longer than its sections"));
    }
    Ok(Parsed { root, format, sections })
}

fn section(entry: &[u8]) -> Option<Section> {
    let at = |from: usize| -> Option<usize> {
        let bytes = entry.get(from..from + 8)?.try_into().ok()?;
        usize::try_from(u64::from_le_bytes(bytes)).ok()
    };
    let (offset, length) = (at(8)?, at(16)?);
    Some(Section {
        number: u32_at(entry, 0)?,
        range: offset..offset.checked_add(length)?,
        hash: entry.get(24..24 + HASH)?.try_into().ok()?,
    })
}
