//! Places of the spine: vertebrae, interspaces, nerve roots, regions and sides, read in every written form and written in one.

use std::fmt;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::name::Name;

/// Side of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Both sides.
    Bilateral,
    /// Neither: in the middle.
    Midline,
}

impl Side {
    /// All sides, in their published order.
    pub const ALL: [Side; 4] = [Self::Left, Self::Right, Self::Bilateral, Self::Midline];

    /// The text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Bilateral => "bilateral",
            Self::Midline => "midline",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.as_str() == text)
    }

    /// Left and right sides that this one covers.
    pub fn halves(self) -> (bool, bool) {
        match self {
            Self::Left => (true, false),
            Self::Right => (false, true),
            Self::Bilateral => (true, true),
            Self::Midline => (false, false),
        }
    }

    /// The side that covers these halves.
    pub fn of_halves(left: bool, right: bool) -> Self {
        match (left, right) {
            (true, true) => Self::Bilateral,
            (true, false) => Self::Left,
            (false, true) => Self::Right,
            (false, false) => Self::Midline,
        }
    }
}

/// A vertebra, counted from the skull down: `C0` (occiput), `C1`..`C7`, `T1`..`T12`, `L1`..`L6`, `S1`..`S5`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vertebra(u8);

const CERVICAL: u8 = 0;
const THORACIC: u8 = 8;
const LUMBAR: u8 = 20;
const TRANSITIONAL: u8 = 25;
const SACRAL: u8 = 26;
const END: u8 = 31;

impl Vertebra {
    /// Reads `L4`, `l4`; `None` for what no spine has.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        let letter = chars.next()?.to_ascii_uppercase();
        let number = small_number(chars.as_str())?;
        Self::of(letter, number)
    }

    fn of(letter: char, number: u8) -> Option<Self> {
        let (base, range) = match letter {
            'C' => (CERVICAL, 0..=7),
            'T' => (THORACIC - 1, 1..=12),
            'L' => (LUMBAR - 1, 1..=6),
            'S' => (SACRAL - 1, 1..=5),
            _ => return None,
        };
        range.contains(&number).then(|| Self(base + number))
    }

    /// Letter of its part of the spine.
    pub fn letter(self) -> char {
        match self.0 {
            ..THORACIC => 'C',
            THORACIC..LUMBAR => 'T',
            LUMBAR..SACRAL => 'L',
            _ => 'S',
        }
    }

    /// Number within its part.
    pub fn number(self) -> u8 {
        match self.0 {
            ..THORACIC => self.0,
            THORACIC..LUMBAR => self.0 - (THORACIC - 1),
            LUMBAR..SACRAL => self.0 - (LUMBAR - 1),
            _ => self.0 - (SACRAL - 1),
        }
    }

    /// The vertebra below in a spine without transitional anatomy.
    pub fn below(self) -> Option<Self> {
        match self.0 + 1 {
            TRANSITIONAL => Some(Self(SACRAL)),
            END.. => None,
            next => Some(Self(next)),
        }
    }

    /// Position from the skull down, for tables.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// How many positions there are.
    pub const COUNT: usize = END as usize;

    /// The vertebra at a position.
    pub fn at(index: usize) -> Option<Self> {
        u8::try_from(index).ok().filter(|index| *index < END).map(Self)
    }

    /// A sixth lumbar vertebra: real, and worth a second look.
    pub fn is_transitional(self) -> bool {
        self.0 == TRANSITIONAL
    }
}

impl fmt::Display for Vertebra {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.letter(), self.number())
    }
}

impl fmt::Debug for Vertebra {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Two neighbouring vertebrae, upper first: an interspace, and the facet joints at it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interspace {
    upper: Vertebra,
    lower: Vertebra,
}

impl Interspace {
    /// Reads `L4-L5`, `L4-5`, `L4/5`, `L4/L5`, `L45`, `L5S1`, in either case; `None` for what is no interspace.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let letter = text.chars().next()?.to_ascii_uppercase();
        let rest = text.get(1..)?;
        if let Some((upper, lower)) = rest.split_once(['-', '/', '\u{2013}']) {
            let upper = Vertebra::of(letter, small_number(upper.trim())?)?;
            let lower = lower.trim();
            return match Vertebra::parse(lower) {
                Some(lower) => Self::new(upper, lower),
                None => Self::new(upper, Vertebra::of(letter, small_number(lower)?)?),
            };
        }
        if let Some(at) = rest.find(|c: char| c.is_ascii_alphabetic()) {
            let upper = Vertebra::of(letter, small_number(rest.get(..at)?)?)?;
            return Self::new(upper, Vertebra::parse(rest.get(at..)?)?);
        }
        // `T12` names a vertebra; reading T1-T2 out of it would be a guess.
        if Vertebra::parse(text).is_some() {
            return None;
        }
        // `L45`, `T910`, `T1112`: the one way to cut the digits that gives neighbours.
        let mut read = (1..rest.len()).filter_map(|at| {
            let upper = Vertebra::of(letter, small_number(rest.get(..at)?)?)?;
            Self::new(upper, Vertebra::of(letter, small_number(rest.get(at..)?)?)?)
        });
        let only = read.next()?;
        read.next().is_none().then_some(only)
    }

    /// The interspace between two vertebrae, if they are neighbours in order.
    pub fn new(upper: Vertebra, lower: Vertebra) -> Option<Self> {
        let transitional = (upper.letter() == 'L' && upper.number() == 5 && lower.is_transitional())
            || (upper.is_transitional() && lower.index() == usize::from(SACRAL));
        let sacralised = upper.letter() == 'L' && upper.number() == 4 && lower.letter() == 'S' && lower.number() == 1;
        // S1-S2 is a segment of one bone: a lumbarised S1 can have a disc there, nothing below it can.
        let fused = upper.letter() == 'S' && upper.number() > 1;
        ((upper.below() == Some(lower) && !fused) || transitional || sacralised).then_some(Self { upper, lower })
    }

    /// Upper vertebra.
    pub fn upper(self) -> Vertebra {
        self.upper
    }

    /// Lower vertebra.
    pub fn lower(self) -> Vertebra {
        self.lower
    }

    /// Transitional anatomy: `L5-L6`, `L6-S1`, `L4-S1`, `S1-S2`.
    pub fn is_transitional(self) -> bool {
        self.upper.is_transitional()
            || self.lower.is_transitional()
            || self.upper.below() != Some(self.lower)
            || self.upper.letter() == 'S'
    }
}

impl fmt::Display for Interspace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.upper, self.lower)
    }
}

impl fmt::Debug for Interspace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Position of `S5`, the last root.
const LAST_ROOT: u8 = 31;

/// A spinal nerve root: `C1`..`C8`, `T1`..`T12`, `L1`..`L6`, `S1`..`S5`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Root(u8);

impl Root {
    /// Reads `C8`, `l4`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        let letter = chars.next()?.to_ascii_uppercase();
        let number = small_number(chars.as_str())?;
        // There is one more cervical root than there are cervical vertebrae, and none above the atlas.
        let (base, range) = match letter {
            'C' => (0, 1..=8),
            'T' => (8, 1..=12),
            'L' => (20, 1..=6),
            'S' => (26, 1..=5),
            _ => return None,
        };
        range.contains(&number).then(|| Self(base + number))
    }

    /// The interspace between whose vertebrae it leaves; a sacral root has none.
    pub fn interspace(self) -> Option<Interspace> {
        // Cervical roots leave above their vertebra, the eighth below the last; all others below theirs.
        let (letter, number) = self.parts();
        let upper = match (letter, number) {
            ('C', number) => Vertebra::of('C', number.checked_sub(1)?)?,
            ('S', _) => return None,
            (letter, number) => Vertebra::of(letter, number)?,
        };
        Interspace::new(upper, upper.below()?)
    }

    /// All roots, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=LAST_ROOT).map(Self)
    }

    /// Roots from one to another, in order.
    pub fn between(first: Self, last: Self) -> impl Iterator<Item = Self> {
        (first.0..=last.0).map(Self)
    }

    /// Letter of its part of the spine, and its number there.
    pub fn parts(self) -> (char, u8) {
        match self.0 {
            0..=8 => ('C', self.0),
            9..=20 => ('T', self.0 - 8),
            21..=26 => ('L', self.0 - 20),
            _ => ('S', self.0 - 26),
        }
    }
}

impl fmt::Display for Root {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letter, number) = self.parts();
        write!(out, "{letter}{number}")
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Exactly one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A facet joint, named by its interspace.
    Joint(Interspace),
    /// A disc space.
    Interspace(Interspace),
    /// A foramen, named by its root.
    Foramen(Root),
    /// A vertebral body.
    Vertebra(Vertebra),
    /// A nerve serving facet joints, by its published name (`L4`, `TON`).
    Nerve(Name),
    /// A part of the body, by its published name.
    Region(Name),
    /// A muscle, limb joint, bursa ... by its published name.
    Structure(Name),
}

impl Place {
    /// The site type it belongs to.
    pub fn site_type(&self) -> &'static str {
        match self {
            Self::Joint(_) => "joint",
            Self::Interspace(_) => "interspace",
            Self::Foramen(_) => "foramen",
            Self::Vertebra(_) => "vertebra",
            Self::Nerve(_) => "nerve",
            Self::Region(_) => "region",
            Self::Structure(_) => "structure",
        }
    }

    /// Transitional anatomy, to be flagged.
    pub fn is_transitional(&self) -> bool {
        match self {
            Self::Joint(space) | Self::Interspace(space) => space.is_transitional(),
            Self::Vertebra(body) => body.is_transitional(),
            _ => false,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Joint(space) | Self::Interspace(space) => fmt::Display::fmt(space, out),
            Self::Foramen(root) => fmt::Display::fmt(root, out),
            Self::Vertebra(body) => fmt::Display::fmt(body, out),
            Self::Nerve(name) | Self::Region(name) | Self::Structure(name) => out.write_str(name),
        }
    }
}

/// Text of a site, as answers show it: `L4-L5 left`.
pub fn site_text(place: &Place, side: Option<Side>) -> Name {
    // Usual places are written thousands of times: their few texts are made once.
    static USUAL: OnceLock<Vec<String>> = OnceLock::new();
    let forms = Side::ALL.len() + 1;
    let form = side.map_or(0, |side| side as usize + 1);
    let body = match place {
        Place::Vertebra(body) => Some(body.index()),
        Place::Joint(space) | Place::Interspace(space) if space.upper.below() == Some(space.lower) => {
            Some(Vertebra::COUNT + space.upper.index())
        }
        _ => None,
    };
    let usual = USUAL.get_or_init(|| {
        let bodies = (0..Vertebra::COUNT).map(|at| Vertebra::at(at).map(|body| body.to_string()));
        let spaces = (0..Vertebra::COUNT).map(|at| {
            let upper = Vertebra::at(at)?;
            Some(
                Interspace {
                    upper,
                    lower: upper.below()?,
                }
                .to_string(),
            )
        });
        let sides = || std::iter::once(String::new()).chain(Side::ALL.iter().map(|side| format!(" {}", side.as_str())));
        bodies
            .chain(spaces)
            .flat_map(|place| sides().map(move |side| format!("{}{side}", place.clone().unwrap_or_default())))
            .collect()
    });
    match body.and_then(|body| usual.get(body * forms + form)) {
        Some(text) => Name::Borrowed(text),
        None => Name::Owned(side.map_or_else(|| place.to_string(), |side| format!("{place} {}", side.as_str()))),
    }
}

fn small_number(text: &str) -> Option<u8> {
    let plain = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    (plain && (text.len() == 1 || !text.starts_with('0')))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_forms_of_an_interspace_read_alike() {
        for (forms, written) in [
            (["L4-L5", "L4-5", "L4/5", "L4/L5", "l4-l5", "L45"].as_slice(), "L4-L5"),
            (&["L5-S1", "L5/S1", "L5S1", "l5s1"], "L5-S1"),
            (&["C7-T1", "C7T1"], "C7-T1"),
            (&["T12-L1", "T12L1", "T12/L1"], "T12-L1"),
            (&["T9-10", "T910"], "T9-T10"),
            (&["T1112", "T11-12"], "T11-T12"),
            (&["T23", "T2-3"], "T2-T3"),
            (&["C0-C1", "C0-1"], "C0-C1"),
        ] {
            for form in forms {
                assert_eq!(
                    Interspace::parse(form).map(|space| space.to_string()).as_deref(),
                    Some(written),
                    "{form}"
                );
            }
        }
    }

    #[test]
    fn impossible_interspaces_are_refused() {
        for bad in [
            "L7", "T0-T1", "L4-L6", "L5-L4", "L5-L5", "C8-T1", "C7-T2", "S2-S3", "L4", "T12", "", "é-1", "L4-",
            "L04-L5", "X1-X2",
        ] {
            assert_eq!(Interspace::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn transitional_anatomy_is_read_and_flagged() {
        for odd in ["L5-L6", "L6-S1", "L4-S1", "S1-S2"] {
            assert!(Interspace::parse(odd).is_some_and(Interspace::is_transitional), "{odd}");
        }
        assert!(!Interspace::parse("L5-S1").unwrap().is_transitional());
    }

    #[test]
    fn a_site_is_written_as_its_place_and_side() {
        for space in ["C0-C1", "L4-L5", "T12-L1", "L5-S1", "L6-S1", "L4-S1"] {
            let joint = Place::Joint(Interspace::parse(space).unwrap());
            assert_eq!(site_text(&joint, None), space);
            for side in Side::ALL {
                assert_eq!(site_text(&joint, Some(side)), format!("{space} {}", side.as_str()));
            }
        }
        let body = Place::Vertebra(Vertebra::parse("S1").unwrap());
        assert_eq!(site_text(&body, None), "S1");
        assert_eq!(
            site_text(&Place::Nerve(Name::Borrowed("TON")), Some(Side::Left)),
            "TON left"
        );
    }

    #[test]
    fn vertebrae_and_roots_keep_their_names() {
        for name in ["C0", "C7", "T1", "T12", "L1", "L5", "L6", "S1", "S5"] {
            assert_eq!(Vertebra::parse(name).unwrap().to_string(), name);
        }
        for bad in ["C8", "T13", "L7", "L0", "S6", "C", "L55"] {
            assert_eq!(Vertebra::parse(bad), None, "{bad}");
        }
        for name in ["C1", "C8", "T1", "T12", "L1", "L5", "S1", "S4"] {
            assert_eq!(Root::parse(name).unwrap().to_string(), name);
        }
        assert_eq!(Root::parse("C0"), None);
        assert_eq!(Root::parse("C9"), None);
    }
}
