//! Look-ups, coverage and lint over a socket are those of the engine in process, byte for byte, for every code of the tables.

use std::sync::OnceLock;

use spinecode_engine::{Engine, LocalEngine, LookupOptions};
use spinecode_server::{RemoteEngine, ServerConfig};

use crate::running::Running;

/// The built-in facts: the answers of these calls are made of them.
pub(crate) fn engine() -> &'static LocalEngine {
    static ENGINE: OnceLock<LocalEngine> = OnceLock::new();
    ENGINE.get_or_init(|| LocalEngine::new().unwrap())
}

fn asked(on: Option<&str>, as_of: Option<&str>) -> LookupOptions {
    LookupOptions {
        on: on.map(str::to_owned),
        as_of: as_of.map(str::to_owned),
    }
}

#[test]
fn every_code_is_looked_up_alike() {
    let server = Running::start(ServerConfig::default());
    let remote = RemoteEngine::connect(&server.url).unwrap();
    let mut codes: Vec<String> = engine().facts().codes.keys().map(ToString::to_string).collect();
    codes.extend(["J3301", "64493 ", "6449", ""].map(str::to_owned));
    codes.sort();
    for asked in [
        asked(None, None),
        asked(Some("2005-01-01"), None),
        asked(Some("2009-12-31"), None),
        asked(Some("2024-03-05"), Some("2015-06-01")),
        asked(Some("2026-11-21"), None),
        asked(Some("2004-12-31"), Some("soon")),
    ] {
        for code in &codes {
            let (near, far) = (engine().lookup(code, &asked), remote.lookup(code, &asked));
            assert_eq!(near, far, "{code} {asked:?}");
            if let (Ok(near), Ok(far)) = (near, far) {
                assert_eq!(near.canonical_json(), far.canonical_json(), "{code} {asked:?}");
            }
        }
        let (near, far) = (engine().coverage(None, &asked), remote.coverage(None, &asked));
        assert_eq!(near, far, "{asked:?}");
        if let (Ok(near), Ok(far)) = (near, far) {
            assert_eq!(near.canonical_json(), far.canonical_json(), "{asked:?}");
        }
        assert_eq!(
            engine().coverage(Some("64493"), &asked),
            remote.coverage(Some("64493"), &asked)
        );
        assert_eq!(engine().coverage(Some("?"), &asked), remote.coverage(Some("?"), &asked));
    }
    let (near, far) = (engine().lint().unwrap(), remote.lint().unwrap());
    assert_eq!(near.canonical_json(), far.canonical_json());
}
