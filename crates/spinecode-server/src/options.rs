//! What is asked beside the case.

#[cfg(feature = "server")]
use spinecode_core::{Reason, TraceLevel, Violation};
use spinecode_engine::{EditOptions, Options};
use spinecode_proto::v1::{self, RequestOptions};

/// Writes the options.
#[cfg(feature = "client")]
pub(crate) fn write(options: &Options) -> RequestOptions {
    let as_of_date = options.as_of.as_deref().and_then(spinecode_proto::wire_date_of_text);
    RequestOptions {
        payer: options.payer.clone(),
        as_of_date,
        as_of_text: options.as_of.clone().filter(|_| as_of_date.is_none()),
        release: options.release.clone(),
        trace_level: v1::TraceLevel::from(options.trace).into(),
        include_messages: false,
    }
}

/// Reads the options. A fault of theirs is added to `misread`, so that it is told together with those of the case.
#[cfg(feature = "server")]
pub(crate) fn read(wire: Option<&RequestOptions>, misread: &mut Vec<Violation>) -> Options {
    let Some(wire) = wire else {
        return Options::default();
    };
    let trace = match v1::TraceLevel::try_from(wire.trace_level) {
        Ok(level) => level.into(),
        Err(_) => {
            let levels = [TraceLevel::None, TraceLevel::Ids, TraceLevel::Full].map(TraceLevel::as_str);
            misread.push(
                Violation::new("trace_level", Reason::UnknownValue, levels.join(", "))
                    .echo(&wire.trace_level.to_string()),
            );
            TraceLevel::default()
        }
    };
    Options {
        payer: wire.payer.clone(),
        as_of: match &wire.as_of_date {
            Some(date) => Some(spinecode_proto::iso_text(date)),
            None => wire.as_of_text.clone(),
        },
        release: wire.release.clone(),
        trace,
    }
}

/// Writes the options of an edit.
#[cfg(feature = "client")]
pub(crate) fn write_edit(options: &EditOptions) -> v1::EditOptions {
    let as_of_date = options.as_of.as_deref().and_then(spinecode_proto::wire_date_of_text);
    v1::EditOptions {
        payer: options.payer.clone(),
        as_of_date,
        as_of_text: options.as_of.clone().filter(|_| as_of_date.is_none()),
        release: options.release.clone(),
        alone: options.alone,
        repair: options.repair,
        nearest_quarter: options.nearest_quarter,
        include_messages: false,
    }
}

/// Reads the options of an edit.
#[cfg(feature = "server")]
pub(crate) fn read_edit(wire: Option<&v1::EditOptions>) -> EditOptions {
    wire.map_or_else(EditOptions::default, |wire| EditOptions {
        payer: wire.payer.clone(),
        as_of: match &wire.as_of_date {
            Some(date) => Some(spinecode_proto::iso_text(date)),
            None => wire.as_of_text.clone(),
        },
        release: wire.release.clone(),
        alone: wire.alone,
        repair: wire.repair,
        nearest_quarter: wire.nearest_quarter,
    })
}

#[cfg(all(test, feature = "server", feature = "client"))]
mod tests {
    use super::*;

    #[test]
    fn options_read_back_equal() {
        for as_of in [None, Some("2024-07-01"), Some("July 2024"), Some("")] {
            for trace in [TraceLevel::None, TraceLevel::Ids, TraceLevel::Full] {
                let options = Options {
                    payer: Some("medicare".into()),
                    as_of: as_of.map(str::to_owned),
                    release: None,
                    trace,
                };
                let mut misread = Vec::new();
                assert_eq!(read(Some(&write(&options)), &mut misread), options);
                assert!(misread.is_empty());
            }
        }
    }

    #[test]
    fn options_of_an_edit_read_back_equal() {
        for as_of in [None, Some("2024-07-01"), Some("July 2024"), Some("")] {
            for at in 0..3 {
                let options = EditOptions {
                    payer: Some("medicare".into()),
                    as_of: as_of.map(str::to_owned),
                    release: None,
                    alone: at == 0,
                    repair: at == 1,
                    nearest_quarter: at == 2,
                };
                assert_eq!(read_edit(Some(&write_edit(&options))), options);
            }
        }
        assert_eq!(read_edit(None), EditOptions::default());
    }

    #[test]
    fn a_trace_level_of_a_newer_peer_is_a_violation() {
        let wire = RequestOptions {
            trace_level: 12,
            ..Default::default()
        };
        let mut misread = Vec::new();
        read(Some(&wire), &mut misread);
        assert_eq!(misread.len(), 1);
        assert_eq!(misread[0].value.as_deref(), Some("12"));
    }
}
