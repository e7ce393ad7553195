//! Where everything lies, in millimetres of an adult spine seen from behind: `x` from the midline, right positive, `y` from
//! the top of the atlas downwards. Sizes are rounded textbook means; they give the picture its natural growth downwards.

use crate::anatomy::{Interspace, Root, Vertebra};

/// A vertebra above the sacrum.
#[derive(Clone, Copy)]
pub(super) struct Bone {
    /// Which.
    pub(super) vertebra: Vertebra,
    /// Top of its body.
    pub(super) top: f64,
    /// Height of its body.
    pub(super) height: f64,
    /// Height of the disc below it.
    pub(super) disc: f64,
    /// Half the width of its body.
    pub(super) half: f64,
    /// From the midline to the tip of a transverse process.
    pub(super) reach: f64,
}

impl Bone {
    /// Bottom of its body.
    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }
}

/// Half width, height, disc below, reach of the transverse processes: `C1` to `L5`.
const SIZES: [[f64; 4]; 24] = [
    [11.0, 11.0, 3.0, 38.0],
    [8.5, 20.0, 5.0, 27.0],
    [8.5, 13.0, 5.0, 27.0],
    [8.8, 13.0, 5.0, 27.5],
    [9.0, 13.0, 5.5, 28.0],
    [9.8, 13.0, 5.5, 29.0],
    [11.0, 14.5, 5.0, 33.0],
    [14.0, 16.0, 4.0, 36.0],
    [14.0, 17.0, 3.5, 34.0],
    [14.0, 17.5, 3.5, 32.5],
    [14.0, 18.0, 3.5, 32.0],
    [14.3, 18.5, 4.0, 32.0],
    [14.5, 19.0, 4.0, 32.0],
    [15.0, 19.5, 4.5, 31.5],
    [15.5, 20.0, 4.5, 31.0],
    [16.0, 20.5, 5.0, 30.0],
    [17.0, 21.5, 5.5, 29.0],
    [18.5, 22.5, 6.0, 26.5],
    [20.0, 24.0, 7.0, 24.5],
    [21.5, 25.5, 8.0, 36.0],
    [22.0, 26.0, 9.0, 40.0],
    [23.0, 26.5, 10.0, 46.0],
    [24.0, 26.5, 10.5, 44.0],
    [25.0, 26.5, 9.5, 46.0],
];

/// Length of the sacrum.
pub(super) const SACRUM: f64 = 100.0;
/// Length of the coccyx.
pub(super) const COCCYX: f64 = 34.0;
/// Posterior foramina of the sacrum: from the midline, and below its top.
pub(super) const FORAMINA: [[f64; 2]; 4] = [[21.0, 25.0], [18.5, 43.0], [16.0, 58.0], [14.0, 71.0]];
/// The sacroiliac joint, from above downwards: from the midline, and below the sacrum's top.
pub(super) const SACROILIAC: [[f64; 2]; 4] = [[51.0, 10.0], [49.0, 28.0], [43.0, 46.0], [36.0, 63.0]];
/// The sacral hiatus, below the sacrum's top.
pub(super) const HIATUS: f64 = 88.0;

/// Half of the body and half of the patient.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Half {
    /// The patient's left, on the viewer's left.
    Left,
    /// Both, or neither.
    Middle,
    /// The patient's right, on the viewer's right.
    Right,
}

impl Half {
    /// Which way `x` goes.
    pub(super) fn sign(self) -> f64 {
        match self {
            Self::Left => -1.0,
            Self::Middle => 0.0,
            Self::Right => 1.0,
        }
    }
}

/// A place that the picture can show.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Spot {
    /// A facet joint.
    Joint(Interspace),
    /// A disc space, or the way between two laminae.
    Space(Interspace),
    /// Where a root leaves.
    Foramen(Root),
    /// A vertebral body.
    Body(Vertebra),
    /// A nerve of the facet joints, where it crosses this vertebra.
    Branch(Vertebra),
    /// The nerve that crosses this joint itself.
    AtJoint(Interspace),
    /// A lateral branch beside a sacral foramen.
    Lateral(Root),
    /// The sacroiliac joint.
    Sacroiliac,
    /// The sacral hiatus.
    Hiatus,
    /// The joint of sacrum and coccyx, and what lies before it.
    Coccyx,
    /// A stretch, from the top of one vertebra to the bottom of another.
    Stretch(Vertebra, Vertebra),
}

/// The vertebrae of one patient, in order.
pub(super) struct Spine {
    /// `C1` to the last lumbar one.
    pub(super) bones: Vec<Bone>,
    /// Top of the sacrum.
    pub(super) sacrum: f64,
}

impl Spine {
    /// A spine with the usual vertebrae, and with the transitional ones that these interspaces name.
    pub(super) fn new(named: &[Interspace]) -> Self {
        let names = |upper: &str, lower: &str| {
            let upper = Vertebra::parse(upper);
            let lower = Vertebra::parse(lower);
            named
                .iter()
                .any(|space| Some(space.upper()) == upper && Some(space.lower()) == lower)
        };
        let sixth = names("L5", "L6") || names("L6", "S1");
        let sacralised = !sixth && names("L4", "S1");
        let mut bones = Vec::with_capacity(SIZES.len() + 1);
        let mut top = 0.0;
        // The occiput is the position before the first vertebra.
        for at in 1..Vertebra::COUNT {
            let Some(vertebra) = Vertebra::at(at).filter(|vertebra| vertebra.letter() != 'S') else {
                break;
            };
            if (vertebra.is_transitional() && !sixth) || (sacralised && is_last(vertebra)) {
                continue;
            }
            let Some([half, height, disc, reach]) = SIZES.get(at - 1).or(SIZES.last()).copied() else {
                continue;
            };
            bones.push(Bone {
                vertebra,
                top,
                height,
                disc,
                half,
                reach,
            });
            top += height + disc;
        }
        Self { bones, sacrum: top }
    }

    /// Bottom of the coccyx.
    pub(super) fn length(&self) -> f64 {
        self.sacrum + SACRUM + COCCYX
    }

    /// A vertebra above the sacrum.
    pub(super) fn bone(&self, vertebra: Vertebra) -> Option<&Bone> {
        self.bones.iter().find(|bone| bone.vertebra == vertebra)
    }

    /// Top and bottom of a vertebra, sacral ones among them.
    pub(super) fn extent(&self, vertebra: Vertebra) -> (f64, f64) {
        if let Some(bone) = self.bone(vertebra) {
            return (bone.top, bone.bottom());
        }
        match vertebra.letter() {
            'S' => {
                let fifth = SACRUM / 5.0;
                let above = f64::from(vertebra.number().saturating_sub(1)) * fifth;
                (self.sacrum + above, self.sacrum + above + fifth)
            }
            'C' => (-8.0, 0.0),
            // A last lumbar vertebra that has become part of the sacrum.
            _ => (self.sacrum, self.sacrum + SACRUM / 5.0),
        }
    }

    /// Middle of an interspace.
    pub(super) fn between(&self, space: Interspace) -> f64 {
        (self.extent(space.upper()).1 + self.extent(space.lower()).0) / 2.0
    }

    /// Distance of a facet joint from the midline: the cervical ones stand far out, the lumbar ones spread downwards.
    pub(super) fn facet(&self, space: Interspace) -> f64 {
        let upper = space.upper();
        let number = f64::from(upper.number());
        match upper.letter() {
            'C' if number < 1.0 => 13.0,
            'C' if number < 2.0 => 15.0,
            'C' => 21.5,
            'T' if number < 11.0 => 12.5,
            'T' => 13.0,
            _ => 13.0 + number * 1.6,
        }
    }

    /// The place in the picture, on one half: `x`, `y` of its middle.
    pub(super) fn at(&self, spot: &Spot, half: Half) -> (f64, f64) {
        let sign = half.sign();
        match spot {
            Spot::Joint(space) | Spot::AtJoint(space) => {
                let y = match space.upper().number() {
                    0 => -2.0,
                    _ => self.between(*space),
                };
                (sign * self.facet(*space), y)
            }
            Spot::Space(space) => (sign * self.half_of(*space) * 0.45, self.between(*space)),
            Spot::Foramen(root) => {
                let (x, y) = self.foramen(*root);
                (sign * x, y)
            }
            Spot::Body(vertebra) => {
                let (top, bottom) = self.extent(*vertebra);
                let out = self.bone(*vertebra).map_or(24.0, |bone| bone.half * 0.5);
                (sign * out, (top + bottom) / 2.0)
            }
            Spot::Branch(vertebra) => {
                let (x, y) = self.branch(*vertebra);
                (sign * x, y)
            }
            Spot::Lateral(root) => {
                let (x, y) = self.foramen(*root);
                (sign * (x + 8.0), y - 1.0)
            }
            Spot::Sacroiliac => {
                let [x, y] = SACROILIAC.get(2).copied().unwrap_or_default();
                (sign * x, self.sacrum + y - 4.0)
            }
            Spot::Hiatus => (0.0, self.sacrum + HIATUS),
            Spot::Coccyx => (0.0, self.sacrum + SACRUM + 2.0),
            Spot::Stretch(first, last) => {
                let (top, _) = self.extent(*first);
                let (_, bottom) = self.extent(*last);
                (0.0, (top + bottom) / 2.0)
            }
        }
    }

    /// Top and bottom of what a place takes up.
    pub(super) fn range(&self, spot: &Spot) -> (f64, f64) {
        match spot {
            Spot::Joint(space) | Spot::AtJoint(space) | Spot::Space(space) => {
                (self.extent(space.upper()).0, self.extent(space.lower()).1)
            }
            Spot::Body(vertebra) | Spot::Branch(vertebra) => self.extent(*vertebra),
            Spot::Stretch(first, last) => (self.extent(*first).0, self.extent(*last).1),
            Spot::Sacroiliac => (self.sacrum, self.sacrum + SACRUM * 0.7),
            Spot::Hiatus => (self.sacrum, self.sacrum + SACRUM),
            Spot::Coccyx => (self.sacrum, self.length()),
            Spot::Foramen(_) | Spot::Lateral(_) => {
                let (_, y) = self.at(spot, Half::Right);
                (y - 12.0, y + 12.0)
            }
        }
    }

    /// Half the width of the disc at an interspace.
    pub(super) fn half_of(&self, space: Interspace) -> f64 {
        self.bone(space.upper())
            .or(self.bones.last())
            .map_or(24.0, |bone| bone.half)
    }

    fn foramen(&self, root: Root) -> (f64, f64) {
        let (letter, number) = root.parts();
        if letter == 'S' {
            let at = usize::from(number.saturating_sub(1));
            let [x, y] = FORAMINA.get(at).copied().unwrap_or([9.0, HIATUS - 2.0]);
            return (x, self.sacrum + y);
        }
        // Cervical roots leave above their vertebra (the eighth below the last one), all others below theirs.
        let above = match (letter, number) {
            ('C', 1) => return (17.0, -1.0),
            ('C', number) => Vertebra::parse(&format!("C{}", number.saturating_sub(1))),
            _ => Vertebra::parse(&root.to_string()),
        };
        let Some(bone) = above.and_then(|vertebra| self.bone(vertebra)).or(self.bones.last()) else {
            return (0.0, 0.0);
        };
        match letter {
            'C' => (bone.reach.min(29.0) - 1.0, bone.bottom() + bone.disc * 0.5),
            'T' => (bone.half + 5.0, bone.bottom() - bone.height * 0.12),
            _ => (bone.half + 4.5, bone.bottom() - bone.height * 0.18),
        }
    }

    /// Where the nerve of a facet joint crosses a vertebra: the waist of a cervical pillar, the transverse process below.
    fn branch(&self, vertebra: Vertebra) -> (f64, f64) {
        let Some(bone) = self.bone(vertebra) else {
            // On the ala of the sacrum, beside its upper articular process.
            return (28.0, self.sacrum + 5.0);
        };
        match vertebra.letter() {
            'C' => (26.0, bone.top + bone.height * 0.5),
            'T' if vertebra.number() < 11 => (bone.reach * 0.86, bone.top + bone.height * 0.08),
            'T' => (bone.half + 1.0, bone.top + bone.height * 0.3),
            _ => (bone.half * 0.98, bone.top + bone.height * 0.27),
        }
    }
}

fn is_last(vertebra: Vertebra) -> bool {
    vertebra.below().is_some_and(|below| below.letter() == 'S') && vertebra.letter() == 'L'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(text: &str) -> Interspace {
        Interspace::parse(text).unwrap()
    }

    #[test]
    fn a_usual_spine_has_seven_twelve_and_five() {
        let spine = Spine::new(&[]);
        let count = |letter| {
            spine
                .bones
                .iter()
                .filter(|bone| bone.vertebra.letter() == letter)
                .count()
        };
        assert_eq!([count('C'), count('T'), count('L')], [7, 12, 5]);
    }

    #[test]
    fn transitional_vertebrae_are_drawn_where_named() {
        let names = |named: &[Interspace]| Spine::new(named).bones.last().unwrap().vertebra.to_string();
        assert_eq!(names(&[space("L6-S1")]), "L6");
        assert_eq!(names(&[space("L4-S1")]), "L4");
        assert_eq!(names(&[space("L5-S1")]), "L5");
    }

    #[test]
    fn bodies_grow_downwards_and_follow_each_other() {
        let spine = Spine::new(&[]);
        for pair in spine.bones.windows(2) {
            let [upper, lower] = pair else { unreachable!() };
            assert!(upper.bottom() < lower.top);
            assert_eq!(upper.vertebra.below(), Some(lower.vertebra));
            assert!(
                upper.vertebra.index() < 3 || upper.half <= lower.half,
                "{}",
                lower.vertebra
            );
        }
    }

    #[test]
    fn roots_leave_where_anatomy_says() {
        let spine = Spine::new(&[]);
        let y = |root: &str| spine.at(&Spot::Foramen(Root::parse(root).unwrap()), Half::Right).1;
        let extent = |vertebra: &str| spine.extent(Vertebra::parse(vertebra).unwrap());
        assert!(y("C5") > extent("C4").0 && y("C5") < extent("C5").0);
        assert!(y("C8") > extent("C7").1 - 1.0 && y("C8") < extent("T1").0);
        assert!(y("L4") > extent("L4").0 && y("L4") < extent("L5").0);
        let sacral: Vec<f64> = ["L5", "S1", "S2", "S3", "S4", "S5"].map(y).to_vec();
        assert!(sacral.windows(2).all(|pair| pair[0] < pair[1]), "{sacral:?}");
    }

    #[test]
    fn left_is_on_the_left() {
        let spine = Spine::new(&[]);
        let joint = Spot::Joint(space("L4-L5"));
        assert!(spine.at(&joint, Half::Left).0 < 0.0 && spine.at(&joint, Half::Right).0 > 0.0);
    }
}
