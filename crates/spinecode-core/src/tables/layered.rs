//! Several tables as one: the first that can say, says.

use crate::code::Code;
use crate::date::{ServiceDate, View};
use crate::tables::{Basis, Indicators, Limit, Pair, Primary, Program, Tables, Unchecked};

/// Tables in the order in which they are asked: a release, the built-in rows, the release's nearest edition. Where none can
/// say, the reason is the first one's. They are named by the first.
#[derive(Clone, Copy)]
pub struct Layered<'t>(pub &'t [&'t dyn Tables]);

impl<'t> Layered<'t> {
    fn first<T>(&self, ask: impl Fn(&'t dyn Tables) -> Result<T, Unchecked>) -> Result<T, Unchecked> {
        let mut why = None;
        for tables in self.0 {
            match ask(*tables) {
                Ok(said) => return Ok(said),
                Err(reason) => {
                    why.get_or_insert(reason);
                }
            }
        }
        Err(why.unwrap_or(Unchecked::NoTable))
    }
}

impl Tables for Layered<'_> {
    fn id(&self) -> &str {
        self.0.first().map_or("", |tables| tables.id())
    }

    fn pair(&self, program: Program, one: Code, other: Code, view: View) -> Result<Option<Pair<'_>>, Unchecked> {
        self.first(|tables| {
            let pair = tables.pair(program, one, other, view)?;
            let doubtful = pair.is_some_and(|pair| pair.start_unknown);
            if doubtful && [one, other].iter().any(|code| self.lived(*code, view.on) != Ok(true)) {
                return Err(Unchecked::StartUnknown);
            }
            Ok(pair)
        })
    }

    fn limit(&self, program: Program, code: Code, view: View) -> Result<Option<Limit<'_>>, Unchecked> {
        self.first(|tables| tables.limit(program, code, view))
    }

    fn primaries(&self, add_on: Code, view: View) -> Result<Vec<Primary<'_>>, Unchecked> {
        self.first(|tables| tables.primaries(add_on, view))
    }

    fn indicators(&self, code: Code, view: View) -> Result<Option<Indicators<'_>>, Unchecked> {
        self.first(|tables| tables.indicators(code, view))
    }

    fn opps_status(&self, code: Code, view: View) -> Result<Option<(&str, Basis<'_>)>, Unchecked> {
        self.first(|tables| tables.opps_status(code, view))
    }

    /// One list that says so is enough.
    fn lived(&self, code: Code, on: ServiceDate) -> Result<bool, Unchecked> {
        let mut known = Err(Unchecked::NoCodeList);
        for tables in self.0 {
            match tables.lived(code, on) {
                Ok(true) => return Ok(true),
                // A list that knows the code and was not verified so far outweighs one that lacks it.
                Err(Unchecked::PastVerification) => known = Err(Unchecked::PastVerification),
                Ok(false) if known == Err(Unchecked::NoCodeList) => known = Ok(false),
                _ => {}
            }
        }
        known
    }
}
