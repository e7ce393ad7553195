//! An answer straight to its wire bytes.
//!
//! A unary call is a few microseconds of coding; building the message first, every name copied, would cost as much again.
//! The bytes are those that prost writes of the message (a test compares the two).

use prost::bytes::Bytes;
use prost::encoding::{WireType, encode_key, encode_varint};
use spinecode_core::answer::{Args, Assumption, Coding, Knowledge, Line, NotReported, Notice, Question, Withheld};
use spinecode_core::trace::{Explanation, Step};
use spinecode_core::{CodedCase, Name, ServiceDate, text};

use crate::date::wire_date;
use crate::v1;

/// Room for a usual answer without explanation.
const USUAL: usize = 2048;

/// The bytes of a `CodedCase`; with the core's sentences (`message`) where they are asked for.
pub fn coded_case_bytes(case: &CodedCase, messages: bool) -> Bytes {
    let mut writer = Writer {
        bytes: Vec::with_capacity(USUAL),
        messages,
    };
    writer.coded_case(case);
    writer.bytes.into()
}

/// Writes fields in the order of their numbers, as prost does.
struct Writer {
    bytes: Vec<u8>,
    messages: bool,
}

/// Kinds of fields.
impl Writer {
    /// A whole number; 0 is not written.
    fn number(&mut self, field: u32, value: impl Into<i64>) {
        let value = value.into();
        if value != 0 {
            encode_key(field, WireType::Varint, &mut self.bytes);
            encode_varint(value.cast_unsigned(), &mut self.bytes);
        }
    }

    /// Text; empty text is not written.
    fn text(&mut self, field: u32, text: &str) {
        if !text.is_empty() {
            self.said(field, text);
        }
    }

    /// Text that is written also when empty: of an `optional` or `repeated` field.
    fn said(&mut self, field: u32, text: &str) {
        encode_key(field, WireType::LengthDelimited, &mut self.bytes);
        encode_varint(text.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn optional(&mut self, field: u32, text: Option<&str>) {
        if let Some(text) = text {
            self.said(field, text);
        }
    }

    fn names(&mut self, field: u32, names: &[Name]) {
        for name in names {
            self.said(field, name);
        }
    }

    /// A message. Its length goes before it and is known after it: room is left for a short one, and a longer one moves it.
    fn message<T: ?Sized>(&mut self, field: u32, value: &T, write: impl FnOnce(&mut Self, &T)) {
        encode_key(field, WireType::LengthDelimited, &mut self.bytes);
        let mut at = self.bytes.len();
        self.bytes.push(0);
        write(self, value);
        let mut length = self.bytes.len() - at - 1;
        // Seven bits a byte, the low ones first; the high bit says that more follow.
        while length >= 0x80 {
            self.bytes.insert(at, length as u8 | 0x80);
            at += 1;
            length >>= 7;
        }
        if let Some(last) = self.bytes.get_mut(at) {
            *last = length as u8;
        }
    }

    fn messages<T>(&mut self, field: u32, values: &[T], write: impl Fn(&mut Self, &T)) {
        for value in values {
            self.message(field, value, &write);
        }
    }

    fn args(&mut self, field: u32, args: &Args) {
        for entry in args {
            self.message(field, &entry, |writer, (key, value)| {
                writer.text(1, key);
                writer.text(2, value);
            });
        }
    }

    fn date(&mut self, field: u32, date: Option<ServiceDate>) {
        if let Some(date) = date {
            self.message(field, &wire_date(date), |writer, date| {
                writer.number(1, date.year);
                writer.number(2, date.month);
                writer.number(3, date.day);
            });
        }
    }

    /// The sentence on something, where sentences are asked for.
    fn sentence<T>(&mut self, field: u32, subject: &T, of: impl FnOnce(&T) -> String) {
        if self.messages {
            self.said(field, &of(subject));
        }
    }
}

/// The messages.
impl Writer {
    fn coded_case(&mut self, case: &CodedCase) {
        self.optional(1, case.case_id.as_deref());
        self.date(2, Some(case.date_of_service));
        self.number(3, i32::from(v1::CodingStatus::from(case.status)));
        self.messages(4, &case.reported, Self::line);
        self.messages(5, &case.billed, Self::line);
        self.messages(6, &case.withheld, Self::withheld);
        self.messages(7, &case.not_reported, Self::not_reported);
        self.messages(8, &case.questions, Self::question);
        self.messages(9, &case.codings, Self::coding);
        self.messages(10, &case.notices, Self::notice);
        self.message(11, &case.knowledge, Self::knowledge);
        if let Some(explanation) = &case.explanation {
            self.message(12, explanation, Self::explanation);
        }
    }

    fn line(&mut self, line: &Line) {
        self.text(1, line.code.as_str());
        self.text(2, &line.label);
        self.number(3, line.units);
        for modifier in &line.modifiers {
            self.said(4, modifier.as_str());
        }
        self.number(5, i32::from(line.side.map_or(v1::Side::Unspecified, Into::into)));
        self.names(6, &line.procedures);
        self.names(7, &line.sites);
        self.optional(8, line.performed_by.as_deref());
        self.text(9, &line.rule);
        self.text(10, &line.confidence);
        self.date(11, line.verified_through);
    }

    fn withheld(&mut self, withheld: &Withheld) {
        self.message(1, &withheld.line, Self::line);
        self.text(2, &withheld.layer);
        self.text(3, &withheld.rule);
        self.text(4, &withheld.reason);
        self.args(5, &withheld.args);
        self.text(6, &withheld.row);
        self.sentence(7, withheld, text::withheld);
    }

    fn not_reported(&mut self, service: &NotReported) {
        self.text(1, service.code.as_str());
        self.text(2, &service.reason);
        self.text(3, &service.rule);
        self.names(4, &service.procedures);
        self.args(5, &service.args);
        self.sentence(6, service, text::not_reported);
    }

    fn question(&mut self, question: &Question) {
        self.text(1, &question.path);
        self.text(2, &question.procedure);
        self.text(3, &question.fact);
        self.text(4, &question.text);
        self.names(5, &question.values);
    }

    fn coding(&mut self, coding: &Coding) {
        self.messages(1, &coding.assuming, Self::assumption);
        self.messages(2, &coding.reported, Self::line);
        self.messages(3, &coding.billed, Self::line);
    }

    fn assumption(&mut self, assumption: &Assumption) {
        self.text(1, &assumption.path);
        self.text(2, &assumption.value);
    }

    fn notice(&mut self, notice: &Notice) {
        self.text(1, &notice.reason);
        self.optional(2, notice.subject.as_deref());
        self.args(3, &notice.args);
        self.sentence(4, notice, text::notice);
    }

    fn knowledge(&mut self, knowledge: &Knowledge) {
        self.text(1, &knowledge.engine);
        self.text(2, &knowledge.facts);
        self.optional(3, knowledge.release.as_deref());
        self.text(4, &knowledge.profile);
        self.text(5, &knowledge.profile_hash);
        self.optional(6, knowledge.overlay.as_deref());
        self.date(7, knowledge.as_of);
    }

    fn explanation(&mut self, explanation: &Explanation) {
        self.number(1, i32::from(v1::TraceLevel::from(explanation.level)));
        self.names(2, &explanation.rules);
        self.names(3, &explanation.rows);
        self.names(4, &explanation.citations);
        self.messages(5, &explanation.steps, Self::step);
    }

    fn step(&mut self, step: &Step) {
        self.number(1, i32::from(v1::StepKind::from(step.step)));
        self.optional(2, step.rule.as_deref());
        self.optional(3, step.subject.as_deref());
        self.optional(4, step.row.as_deref());
        self.optional(5, step.result.as_deref());
    }
}
