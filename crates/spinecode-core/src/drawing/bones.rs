//! The bones, seen from behind: bodies with their pedicles, and over them the arches with their processes. Shapes are told
//! once, in units of the bone itself, and take their size from the spine.

use std::fmt::Write as _;

use crate::drawing::pen::{Frame, number};
use crate::drawing::spine::{Bone, FORAMINA, HIATUS, SACROILIAC, SACRUM, Spine};

/// From millimetres to the page.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    /// Page position of the midline.
    pub(super) x: f64,
    /// Page position of the top of the atlas.
    pub(super) y: f64,
    /// Page units in a millimetre.
    pub(super) unit: f64,
}

impl Scale {
    /// A point of the spine on the page.
    pub(super) fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x + x * self.unit, self.y + y * self.unit)
    }

    fn frame(&self, y: f64, across: f64, down: f64) -> Frame {
        Frame {
            x: self.x,
            y: self.y + y * self.unit,
            across: across * self.unit,
            down: down * self.unit,
        }
    }

    /// Millimetres both ways, from a height downwards.
    pub(super) fn millimetres(&self, y: f64) -> Frame {
        self.frame(y, 1.0, 1.0)
    }
}

/// Bone as an atlas paints it: opaque, with its own outline, so that it reads alike on a light and on a dark page.
pub(super) const BONE: &str = "#ece3cc";
/// Bone that lies behind.
pub(super) const DEEP: &str = "#d9cdb0";
/// Outline of bone, and what is written on it.
pub(super) const LINE: &str = "#5e543f";
/// Discs.
pub(super) const DISC: &str = "#a9bcc6";
/// Nerve roots.
pub(super) const ROOT: &str = "#b08d2e";

fn path(out: &mut String, data: &str, attributes: &str) {
    let _ = write!(out, "<path d=\"{data}\"{attributes}/>");
}

/// All bones from one vertebra to another, those further down first: an arch lies over the one below it.
pub(super) fn draw(out: &mut String, spine: &Spine, scale: &Scale, (first, last): (f64, f64), fade: &str) {
    let _ = write!(
        out,
        "<g stroke=\"{LINE}\" stroke-width=\"{}\" stroke-linejoin=\"round\" stroke-linecap=\"round\" fill=\"{BONE}\">",
        number((scale.unit * 0.45).clamp(0.6, 1.2))
    );
    let seen: Vec<&Bone> = spine
        .bones
        .iter()
        .filter(|bone| bone.bottom() + bone.disc >= first && bone.top <= last)
        .collect();
    if last > spine.sacrum {
        ilium(out, spine, scale, fade);
        sacrum(out, spine, scale);
    }
    for bone in seen.iter().rev() {
        disc(out, bone, scale);
    }
    for one in seen.iter().rev() {
        bone(out, one, scale);
    }
    if first < 0.0 {
        // The back of the head.
        let frame = scale.millimetres(-5.0);
        path(
            out,
            &frame.path("M -52 -30 Q -44 -8 -30 -3 Q -20 1 -14 2 Q 0 -3 14 2 Q 20 1 30 -3 Q 44 -8 52 -30 Z"),
            &format!(" fill=\"{DEEP}\" fill-opacity=\".6\""),
        );
    }
    out.push_str("</g>");
}

fn disc(out: &mut String, bone: &Bone, scale: &Scale) {
    if bone.vertebra.letter() == 'C' && bone.vertebra.number() == 1 {
        return;
    }
    let frame = scale.frame(bone.bottom(), bone.half * 1.02, bone.disc);
    path(
        out,
        &frame.path("M -.95 -.1 Q 0 .15 .95 -.1 Q 1.1 .5 .95 1.1 Q 0 .85 -.95 1.1 Q -1.1 .5 -.95 -.1 Z"),
        &format!(" fill=\"{DISC}\" stroke-opacity=\".5\""),
    );
}

/// A vertebral body: narrower at its waist.
const BODY: &str = "M -.96 0 Q 0 .05 .96 0 Q 1.04 .04 1 .14 Q .84 .5 1 .86 Q 1.04 .96 .96 1 Q 0 .95 -.96 1 Q -1.04 .96 -1 .86 Q -.84 .5 -1 .14 Q -1.04 .04 -.96 0 Z";

fn body(out: &mut String, frame: Frame) {
    path(out, &frame.path(BODY), &format!(" fill=\"{DEEP}\""));
}

fn lumbar(out: &mut String, bone: &Bone, scale: &Scale) {
    let frame = scale.frame(bone.top, bone.half, bone.height);
    body(out, frame);
    let tip = bone.reach / bone.half;
    // Transverse processes: the third is the longest, the fifth the stoutest.
    let stout = if bone.vertebra.number() >= 5 { 0.1 } else { 0.0 };
    let process = format!(
        "M .7 .2 Q {} {} {tip} {} Q {} {} {} {} Q {} {} .7 {} Z",
        tip * 0.75,
        0.14 - stout,
        0.1 - stout,
        tip + 0.07,
        0.2,
        tip - 0.02,
        0.36 + stout * 0.3,
        tip * 0.72,
        0.42 + stout,
        0.56 + stout
    );
    path(out, &frame.both(&process), "");
    // Pedicles, as they shine through in the frontal picture.
    path(
        out,
        &frame.both("M .58 .3 Q .58 .1 .73 .1 Q .88 .1 .88 .3 Q .88 .5 .73 .5 Q .58 .5 .58 .3 Z"),
        &format!(" fill=\"{DEEP}\" stroke-opacity=\".6\""),
    );
    // The arch: upper articular process, waist, lower articular process, lamina.
    let spread = (13.0 + f64::from(bone.vertebra.number()) * 1.6) / bone.half;
    let arch = format!(
        "M 0 .2 Q .2 .22 {} .02 Q {} -.2 {} -.34 Q {} -.36 {} -.12 Q {} .2 {} .36 Q {} .6 {} .86 Q {} 1.2 {} 1.32 Q {} 1.38 {} 1.12 Q {} .96 .12 .92 L 0 .92 Z",
        spread - 0.16,
        spread - 0.1,
        spread + 0.08,
        spread + 0.24,
        spread + 0.22,
        spread + 0.2,
        spread + 0.1,
        spread - 0.1,
        spread - 0.02,
        spread + 0.02,
        spread - 0.08,
        spread - 0.24,
        spread - 0.28,
        spread - 0.34,
    );
    path(out, &frame.both(&arch), "");
    path(
        out,
        &frame.path("M 0 .14 Q .09 .2 .1 .6 Q .19 .95 .14 1.12 Q 0 1.24 -.14 1.12 Q -.19 .95 -.1 .6 Q -.09 .2 0 .14 Z"),
        "",
    );
}

fn thoracic(out: &mut String, bone: &Bone, scale: &Scale) {
    let frame = scale.frame(bone.top, bone.half, bone.height);
    let number = bone.vertebra.number();
    let tip = bone.reach / bone.half;
    // Ribs, cut short.
    let rib = if number >= 11 {
        format!("M .9 .1 Q {} .2 {} .75", tip + 0.3, tip + 0.6)
    } else {
        format!(
            "M .9 .02 Q {} -.25 {} .1 Q {} .3 {} .75",
            tip * 0.8,
            tip + 0.15,
            tip + 0.55,
            tip + 0.8
        )
    };
    path(
        out,
        &frame.both(&rib),
        &format!(
            " fill=\"none\" stroke=\"{DEEP}\" stroke-width=\"{}\"",
            super::pen::number((3.4 * scale.unit).max(2.0))
        ),
    );
    body(out, frame);
    if number < 12 {
        let process = format!(
            "M .6 .16 Q {} -.06 {} -.1 Q {} -.1 {} .1 Q {} .26 {} .22 Q {} .2 .6 .48 Z",
            tip * 0.7,
            tip * 0.9,
            tip + 0.03,
            tip,
            tip * 0.98,
            tip * 0.88,
            tip * 0.7
        );
        path(out, &frame.both(&process), "");
    } else {
        path(out, &frame.both("M .7 .16 Q 1.3 .05 1.24 .34 Q 1.1 .5 .7 .5 Z"), "");
    }
    path(
        out,
        &frame.both("M .5 .24 Q .5 .06 .66 .06 Q .82 .06 .82 .24 Q .82 .42 .66 .42 Q .5 .42 .5 .24 Z"),
        &format!(" fill=\"{DEEP}\" stroke-opacity=\".6\""),
    );
    path(
        out,
        &frame.both("M 0 .04 Q .3 .06 .5 -.14 Q .72 -.3 .94 -.14 Q .98 .1 .84 .3 Q .76 .6 .96 .98 Q .94 1.2 .66 1.18 Q .42 1.1 .2 .94 L 0 .92 Z"),
        "",
    );
    // Spinous processes slope and overlap most in the middle of the chest.
    let long = match number {
        1 | 12 => 1.1,
        2 | 11 => 1.22,
        3 | 10 => 1.4,
        4 | 9 => 1.54,
        _ => 1.66,
    };
    let spine = format!(
        "M 0 .1 Q .13 .3 .15 .7 Q .17 {} .09 {} Q 0 {} -.09 {} Q -.17 {} -.15 .7 Q -.13 .3 0 .1 Z",
        long - 0.3,
        long - 0.05,
        long + 0.06,
        long - 0.05,
        long - 0.3
    );
    path(out, &frame.path(&spine), "");
}

fn cervical(out: &mut String, bone: &Bone, scale: &Scale) {
    let frame = scale.frame(bone.top, 1.0, bone.height);
    body(out, scale.frame(bone.top, bone.half * 1.1, bone.height));
    let number = bone.vertebra.number();
    if number == 2 {
        // The dens, behind the arch of the atlas.
        let dens = scale.millimetres(bone.top);
        path(
            out,
            &dens.path("M -5 4 Q -4 -3 -5 -9 Q -4 -15 0 -15 Q 4 -15 5 -9 Q 4 -3 5 4 Z"),
            &format!(" fill=\"{DEEP}\""),
        );
    }
    // Transverse process beside the pillar; then lamina and pillar in one, the faces of the pillar sloping.
    let tip = bone.reach;
    path(
        out,
        &frame.both(&format!(
            "M 20 .2 Q {} .1 {tip} .3 Q {} .5 {} .66 Q 24 .8 20 .7 Z",
            tip - 2.0,
            tip + 1.2,
            tip - 2.0
        )),
        "",
    );
    let half = if number == 2 {
        "M 0 .36 Q 7 .3 11 .08 Q 16 -.1 23 .08 Q 27 .3 24.6 .6 Q 26 .9 27 1.1 Q 24 1.24 19 1.16 Q 15.4 1.1 14.6 .94 Q 9 .84 4 .98 L 0 1 Z"
    } else {
        "M 0 .4 Q 8 .3 13.6 .08 Q 15 -.1 17 -.2 Q 22 -.36 27 -.14 Q 28 .12 25.4 .48 Q 26.6 .86 27.6 1.06 Q 26.6 1.26 22 1.18 Q 17.4 1.1 15.4 .9 Q 9 .84 4 1 L 0 1.04 Z"
    };
    path(out, &frame.both(half), "");
    // Spinous processes are forked, but for the last, which is long.
    let process = match number {
        7 => "M 0 .3 Q 2.6 .4 3 1 Q 4 1.5 2.6 1.62 Q 0 1.74 -2.6 1.62 Q -4 1.5 -3 1 Q -2.6 .4 0 .3 Z",
        2 => {
            "M 0 .34 Q 3 .5 4.4 .86 Q 7.4 1.12 5.6 1.2 Q 2.6 1.22 0 1.04 Q -2.6 1.22 -5.6 1.2 Q -7.4 1.12 -4.4 .86 Q -3 .5 0 .34 Z"
        }
        _ => {
            "M 0 .36 Q 2.2 .5 3 .9 Q 6.2 1.2 4.4 1.3 Q 2 1.3 0 1.08 Q -2 1.3 -4.4 1.3 Q -6.2 1.2 -3 .9 Q -2.2 .5 0 .36 Z"
        }
    };
    path(out, &frame.path(process), "");
}

fn atlas(out: &mut String, bone: &Bone, scale: &Scale) {
    let frame = scale.frame(bone.top, 1.0, bone.height);
    let tip = bone.reach;
    path(
        out,
        &frame.both(&format!(
            "M 10 .1 Q 18 -.16 24 .06 Q {} .2 {tip} .42 Q {} .72 {} .78 Q 28 .8 24 .86 Q 18 1.1 11 .92 Q 9 .5 10 .1 Z",
            tip - 4.0,
            tip + 1.0,
            tip - 5.0
        )),
        "",
    );
    path(
        out,
        &frame.path("M -12 .5 Q 0 .86 12 .5 Q 13 .7 11.5 .86 Q 4 1.16 0 1.16 Q -4 1.16 -11.5 .86 Q -13 .7 -12 .5 Z"),
        "",
    );
}

fn sacrum(out: &mut String, spine: &Spine, scale: &Scale) {
    let frame = scale.millimetres(spine.sacrum);
    let coccyx = scale.millimetres(spine.sacrum + SACRUM);
    // The coccyx first: the apex of the sacrum lies over it.
    for (top, half) in [(24.0, 3.0), (17.0, 4.2), (10.0, 5.6), (1.0, 9.0)] {
        path(
            out,
            &coccyx.path(&format!(
                "M -{half} {top} Q 0 {} {half} {top} Q {} {} {} {} Q 0 {} -{} {} Q -{} {} -{half} {top} Z",
                top - 1.5,
                half,
                top + 4.0,
                half * 0.62,
                top + 8.0,
                top + 9.5,
                half * 0.62,
                top + 8.0,
                half,
                top + 4.0
            )),
            "",
        );
    }
    path(
        out,
        &frame.path(
            "M -24 0 Q 0 3 24 0 Q 30 4 38 2 Q 50 2 52 10 Q 52 28 46 44 Q 41 58 36 66 Q 35 76 27 86 Q 18 92 12 101 Q 0 106 -12 101 Q -18 92 -27 86 Q -35 76 -36 66 Q -41 58 -46 44 Q -52 28 -52 10 Q -50 2 -38 2 Q -30 4 -24 0 Z",
        ),
        "",
    );
    // Upper articular processes, which meet those of the last lumbar vertebra.
    path(
        out,
        &frame.both("M 15 6 Q 15 -3 20 -8 Q 26 -9 28 -2 Q 28 6 25 12 Q 18 14 15 6 Z"),
        "",
    );
    // Crest in the middle, lines where the segments have grown together, hiatus.
    for top in [12.0, 30.0, 48.0, 64.0] {
        path(
            out,
            &frame.path(&format!(
                "M 0 {top} Q 3.4 {} 2.6 {} Q 0 {} -2.6 {} Q -3.4 {} 0 {top} Z",
                top + 4.0,
                top + 9.0,
                top + 12.0,
                top + 9.0,
                top + 4.0
            )),
            "",
        );
    }
    path(
        out,
        &frame.path(&format!(
            "M -7 {0} Q -6 {1} 0 {1} Q 6 {1} 7 {0} Q 4 98 0 98 Q -4 98 -7 {0} Z",
            HIATUS + 7.0,
            HIATUS - 9.0
        )),
        &format!(" fill=\"{LINE}\" fill-opacity=\".45\""),
    );
    for [x, y] in FORAMINA {
        path(
            out,
            &frame.both(&format!(
                "M {} {y} Q {} {} {x} {} Q {} {} {} {y} Q {} {} {x} {} Q {} {} {} {y} Z",
                x - 3.4,
                x - 3.4,
                y - 3.0,
                y - 3.0,
                x + 3.4,
                y - 3.0,
                x + 3.4,
                x + 3.4,
                y + 3.0,
                y + 3.0,
                x - 3.4,
                y + 3.0,
                x - 3.4
            )),
            &format!(" fill=\"{LINE}\" fill-opacity=\".55\""),
        );
    }
}

/// The sacroiliac joint as a line, on the right half.
pub(super) fn sacroiliac() -> String {
    let mut data = String::new();
    for (at, [x, y]) in SACROILIAC.iter().enumerate() {
        let _ = write!(data, "{} {x} {y} ", if at == 0 { "M" } else { "L" });
    }
    data
}

/// As much of the hip bones as says where the sacrum stands; `fade` names the paint that lets them run out.
fn ilium(out: &mut String, spine: &Spine, scale: &Scale, fade: &str) {
    let frame = scale.millimetres(spine.sacrum);
    path(
        out,
        &frame.both("M 47 58 Q 38 46 45 26 Q 47 6 58 -14 Q 70 -34 90 -38 Q 108 -40 124 -30 L 124 60 Q 96 56 80 66 Q 66 76 58 94 L 64 120 L 50 122 Q 44 96 44 72 Q 44 62 47 58 Z"),
        &format!(" fill=\"url(#{fade})\" stroke=\"none\""),
    );
    path(
        out,
        &frame
            .both("M 124 -30 Q 108 -40 90 -38 Q 70 -34 58 -14 Q 47 6 45 26 Q 38 46 47 58 Q 44 62 44 72 Q 44 96 50 122"),
        &format!(" fill=\"none\" stroke=\"url(#{fade})\" stroke-width=\"1.6\""),
    );
}

/// A vertebra above the sacrum.
fn bone(out: &mut String, bone: &Bone, scale: &Scale) {
    match (bone.vertebra.letter(), bone.vertebra.number()) {
        ('C', 1) => atlas(out, bone, scale),
        ('C', _) => cervical(out, bone, scale),
        ('T', _) => thoracic(out, bone, scale),
        _ => lumbar(out, bone, scale),
    }
}

/// A body painted, its arch shining over it.
pub(super) fn painted(out: &mut String, one: &Bone, scale: &Scale, paint: &str) {
    let frame = scale.frame(one.top, one.half * 1.04, one.height);
    path(out, &frame.path(BODY), &format!(" {paint}"));
    let _ = write!(
        out,
        "<g stroke=\"{LINE}\" stroke-width=\"{}\" stroke-opacity=\".8\" stroke-linejoin=\"round\" fill=\"{BONE}\" fill-opacity=\".1\">",
        number((scale.unit * 0.45).clamp(0.6, 1.2))
    );
    bone(out, one, scale);
    out.push_str("</g>");
}
