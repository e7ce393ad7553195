//! Reads cases or claims one after another from JSON or JSON Lines, without holding more than a chunk of lines.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

use serde::de::IgnoredAny;
use serde_json::error::Category;
use serde_json::value::RawValue;
use spinecode_core::{Reason, Violation};

/// Most items of a chunk, so that a long input is coded on all cores in bounded memory.
pub(crate) const CHUNK: usize = 1024;
/// Read at once; a chunk also ends where no whole line is left of it, so that a slow writer's cases are answered at once.
const BUFFER: usize = 512 * 1024;

/// One case or claim of the input, or why it is none.
pub(crate) struct Item<T> {
    /// Line it begins on, from 1.
    pub(crate) line: usize,
    pub(crate) value: Result<T, Violation>,
}

/// Reads the JSON text of one item.
type Parse<T> = fn(&str) -> Result<T, Violation>;

pub(crate) struct Items<R, T> {
    reader: BufReader<R>,
    parse: Parse<T>,
    line: usize,
    begun: bool,
    /// Items read ahead: a whole document's, or the lines looked at to tell documents from lines.
    ahead: VecDeque<Item<T>>,
}

impl<R: Read, T> Items<R, T> {
    pub(crate) fn new(reader: R, parse: Parse<T>) -> Self {
        Self {
            reader: BufReader::with_capacity(BUFFER, reader),
            parse,
            line: 0,
            begun: false,
            ahead: VecDeque::new(),
        }
    }

    /// The next items; empty at the end.
    pub(crate) fn chunk(&mut self) -> io::Result<Vec<Item<T>>> {
        if !self.begun {
            self.begun = true;
            self.begin()?;
        }
        let mut items: Vec<Item<T>> = Vec::new();
        while items.len() < CHUNK {
            if let Some(item) = self.ahead.pop_front() {
                items.push(item);
                continue;
            }
            if !items.is_empty() && !self.reader.buffer().contains(&b'\n') {
                break;
            }
            let Some((line, text)) = self.line()? else { break };
            items.push(item(line, &text, self.parse));
        }
        Ok(items)
    }

    /// Tells lines from documents by the first line: what is whole is a line, what merely breaks off begins a document.
    fn begin(&mut self) -> io::Result<()> {
        let Some((at, mut first)) = self.line()? else {
            return Ok(());
        };
        if first.starts_with(b"\xef\xbb\xbf") {
            first.drain(..3);
        }
        let breaks_off =
            serde_json::from_slice::<IgnoredAny>(&first).is_err_and(|fault| fault.classify() == Category::Eof);
        let list = first.trim_ascii_start().starts_with(b"[");
        if !breaks_off && !list {
            self.ahead.push_back(item(at, &first, self.parse));
            return Ok(());
        }
        if !list && let Some((next, second)) = self.line()? {
            if serde_json::from_slice::<&RawValue>(&second).is_ok_and(|value| value.get().starts_with('{')) {
                self.ahead.push_back(item(at, &first, self.parse));
                self.ahead.push_back(item(next, &second, self.parse));
                return Ok(());
            }
            // Blank lines between are kept, so that line numbers stay true.
            first.extend(std::iter::repeat_n(b'\n', next.saturating_sub(at).saturating_sub(1)));
            first.extend(second);
        }
        self.reader.read_to_end(&mut first)?;
        self.ahead = document(&first, at, self.parse);
        Ok(())
    }

    /// The next line that is not blank.
    fn line(&mut self) -> io::Result<Option<(usize, Vec<u8>)>> {
        loop {
            let mut text = Vec::new();
            if self.reader.read_until(b'\n', &mut text)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if !text.trim_ascii().is_empty() {
                return Ok(Some((self.line, text)));
            }
        }
    }
}

fn item<T>(line: usize, text: &[u8], parse: Parse<T>) -> Item<T> {
    let value = std::str::from_utf8(text)
        .map_err(|_| Violation::new("", Reason::NotJson, "text in UTF-8"))
        .and_then(|text| parse(text.trim()));
    Item { line, value }
}

/// A whole text: one case or several, each over many lines, or a list of cases. A fault of the text ends it.
fn document<T>(text: &[u8], first_line: usize, parse: Parse<T>) -> VecDeque<Item<T>> {
    let Ok(text) = std::str::from_utf8(text) else {
        return VecDeque::from([item(first_line, text, parse)]);
    };
    let mut values: Vec<Result<&RawValue, serde_json::Error>> = Vec::new();
    if text.trim_start().starts_with('[') {
        match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(list) => values.extend(list.into_iter().map(Ok)),
            Err(fault) => values.push(Err(fault)),
        }
    } else {
        values.extend(serde_json::Deserializer::from_str(text).into_iter::<&RawValue>());
    }
    let (mut line, mut seen) = (first_line, 0);
    let mut items = VecDeque::new();
    for value in values {
        items.push_back(match value {
            Ok(value) => {
                let start = (value.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
                line += breaks(text, seen, start);
                seen = start;
                Item {
                    line,
                    value: parse(value.get()),
                }
            }
            Err(fault) => Item {
                line: first_line + fault.line().saturating_sub(1),
                value: Err(Violation::new(
                    "",
                    Reason::NotJson,
                    format!("JSON; reading stopped at column {}", fault.column()),
                )),
            },
        });
    }
    items
}

fn breaks(text: &str, from: usize, to: usize) -> usize {
    let bytes = text.as_bytes().get(from..to).unwrap_or_default();
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use spinecode_core::RawCase;

    use super::*;

    fn read(text: &str) -> Vec<(usize, Result<String, Reason>)> {
        let mut items = Items::new(text.as_bytes(), RawCase::from_json);
        let mut all = Vec::new();
        loop {
            let chunk = items.chunk().unwrap();
            if chunk.is_empty() {
                return all;
            }
            all.extend(chunk.into_iter().map(|item| {
                let case = item
                    .value
                    .map(|case| case.date_of_service)
                    .map_err(|fault| fault.reason);
                (item.line, case)
            }));
        }
    }

    fn on(date: &str) -> Result<String, Reason> {
        Ok(date.to_owned())
    }

    const A: &str = r#"{"date_of_service":"a"}"#;
    const B: &str = r#"{"date_of_service":"b"}"#;

    #[test]
    fn lines_are_numbered_past_blank_ones_and_bad_ones_stand_in_their_place() {
        assert_eq!(
            read(&format!("\n{A}\r\n\nnot json\n{B}")),
            [(2, on("a")), (4, Err(Reason::NotJson)), (5, on("b"))]
        );
    }

    #[test]
    fn a_first_line_that_breaks_off_among_lines_is_one_bad_line() {
        assert_eq!(
            read(&format!("{{\"date_of_service\":\n{A}\n{B}\n")),
            [(1, Err(Reason::NotJson)), (2, on("a")), (3, on("b"))]
        );
    }

    #[test]
    fn documents_over_many_lines_and_lists_are_read() {
        let tall = "{\n \"date_of_service\":\n \"a\"\n}\n";
        assert_eq!(read(tall), [(1, on("a"))]);
        assert_eq!(read(&format!("{tall}\n{tall}")), [(1, on("a")), (6, on("a"))]);
        assert_eq!(read(&format!("[{A},\n{B}]")), [(1, on("a")), (2, on("b"))]);
        assert_eq!(
            read(&format!("[\n{A},\n3]")),
            [(2, on("a")), (3, Err(Reason::WrongType))]
        );
        assert_eq!(read("{\n\"date_of_service\" 3\n}"), [(2, Err(Reason::NotJson))]);
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_and_an_empty_input_has_no_items() {
        assert_eq!(read(&format!("\u{feff}{A}\n")), [(1, on("a"))]);
        assert!(read("").is_empty() && read("\n \n").is_empty() && read("[]").is_empty());
    }

    #[test]
    fn a_long_input_comes_in_bounded_chunks() {
        let text = format!("{A}\n").repeat(CHUNK * 2 + 1);
        let mut items = Items::new(text.as_bytes(), RawCase::from_json);
        let sizes: Vec<usize> = std::iter::repeat_with(|| items.chunk().unwrap().len())
            .take_while(|size| *size > 0)
            .collect();
        assert_eq!(sizes.iter().sum::<usize>(), CHUNK * 2 + 1);
        assert!(sizes.iter().all(|size| *size <= CHUNK));
    }
}
