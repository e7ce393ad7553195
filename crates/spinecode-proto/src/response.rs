//! `CodeCaseResponse`, written by hand where prost's own form would be taken apart again at once.

use prost::Message;
use prost::bytes::Bytes;
use spinecode_core::CodedCase;

use crate::answer::WireError;
use crate::v1;
use crate::write::coded_case_bytes;

/// The answer to one case. On the wire it is the message of that name; here its coded case stays encoded, so that the
/// server writes it straight from the core's answer.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CodeCaseResponse {
    /// The bytes of the `CodedCase`.
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub coded_case: Option<Bytes>,
    /// The coded case as the engine's canonical JSON. Absent unless asked for.
    #[prost(string, optional, tag = "2")]
    pub canonical_json: Option<String>,
}

impl CodeCaseResponse {
    /// The answer `case`, with the core's sentences where `messages` are asked for.
    pub fn new(case: &CodedCase, messages: bool, canonical_json: Option<String>) -> Self {
        Self {
            coded_case: Some(coded_case_bytes(case, messages)),
            canonical_json,
        }
    }

    /// The coded case as its message.
    pub fn message(self) -> Result<v1::CodedCase, WireError> {
        let bytes = self.coded_case.ok_or(WireError::missing("coded_case"))?;
        v1::CodedCase::decode(bytes).map_err(|fault| WireError::new("coded_case", fault.to_string()))
    }
}

impl TryFrom<CodeCaseResponse> for CodedCase {
    type Error = WireError;

    fn try_from(wire: CodeCaseResponse) -> Result<Self, WireError> {
        wire.message()?.try_into()
    }
}
