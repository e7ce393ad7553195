//! The page: the spine in the middle, labels on both sides, the whole spine in small at the edge, and what was done below.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::anatomy::{Root, Vertebra};
use crate::answer::{Status, hex};
use crate::drawing::bones::{self, BONE, DEEP, LINE, ROOT, Scale};
use crate::drawing::pen::{escaped, number, width, wrapped};
use crate::drawing::plan::{Mark, Plan, SLOTS};
use crate::drawing::spine::{COCCYX, Half, SACROILIAC, SACRUM, Spine, Spot};

/// Width of the page: a notebook's column.
const WIDTH: f64 = 720.0;
/// Midline of the spine.
const MIDLINE: f64 = 398.0;
/// Half the width that the spine may take.
const ROOM: f64 = 128.0;
/// Where labels end on the left and begin on the right.
const LABELS: [f64; 2] = [252.0, 544.0];
/// Outer edges of the labels.
const EDGES: [f64; 2] = [104.0, 716.0];
/// Size of the text.
const TEXT: f64 = 12.0;
/// Height of a line of a label.
const ROW: f64 = 16.0;
/// Between two labels.
const GAP: f64 = 5.0;
/// Top of the spine's window.
const TOP: f64 = 44.0;

/// Colours that stay apart for every kind of colour vision (Okabe and Ito), for one slot each.
const COLOURS: [&str; SLOTS] = [
    "#e69f00", "#56b4e9", "#cc79a7", "#0072b2", "#d55e00", "#009e73", "#f0e442",
];
/// Patterns that go with them, on a tile of six, so that a picture without colour says the same. The first is plain.
const PATTERNS: [&str; SLOTS] = [
    "",
    "M-1 1L1 -1M0 6L6 0M5 7L7 5",
    "M0 3H6",
    "M3 0V6",
    "M-1 5L1 7M0 0L6 6M5 -1L7 1",
    "M0 3H6M3 0V6",
    "M0 0L6 6M6 0L0 6",
];

/// Stands for the picture's name until its bytes are there; no text of a picture can hold it.
const UNNAMED: char = '\u{1}';

fn colour(slot: usize) -> &'static str {
    COLOURS.get(slot % SLOTS).copied().unwrap_or_default()
}

/// Which pattern: beyond the seventh act a colour comes again, with another pattern.
fn pattern(slot: usize) -> usize {
    (slot + slot / SLOTS * 3) % SLOTS
}

/// A colour thinned with white.
fn pale(colour: &str) -> String {
    let channel = |at: usize| {
        let text = colour.get(at..at + 2).unwrap_or_default();
        let value = u16::from_str_radix(text, 16).unwrap_or_default();
        (value * 2 + u16::from(u8::MAX) * 3) / 5
    };
    format!("#{:02x}{:02x}{:02x}", channel(1), channel(3), channel(5))
}

/// What is being written.
struct Page<'p> {
    plan: &'p Plan,
    /// Makes ids unique where several pictures stand in one page.
    prefix: String,
    out: String,
}

/// The stretch of the spine that is shown large.
struct Window {
    first: f64,
    last: f64,
    scale: Scale,
}

impl Window {
    fn height(&self) -> f64 {
        (self.last - self.first) * self.scale.unit
    }
}

/// The whole picture.
pub(super) fn page(plan: &Plan) -> String {
    let body = Page {
        plan,
        prefix: UNNAMED.to_string(),
        out: String::new(),
    };
    // The picture's own bytes name it: equal pictures share their ids, others never meet.
    let (height, body) = body.written();
    let prefix = hex(&Sha256::digest(body.as_bytes()))
        .chars()
        .take(10)
        .collect::<String>();
    let body = body.replace(UNNAMED, &format!("s{prefix}"));
    let (wide, high) = (number(WIDTH), number(height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"spinecode-drawing\" role=\"img\" \
         aria-labelledby=\"s{prefix}-title s{prefix}-desc\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" \
         font-family=\"system-ui,-apple-system,'Segoe UI','Liberation Sans',Arial,sans-serif\" font-size=\"{TEXT}\" \
         fill=\"currentColor\" style=\"max-width:100%;height:auto\">"
    );
    let _ = write!(
        out,
        "<title id=\"s{prefix}-title\">{}</title><desc id=\"s{prefix}-desc\">{}</desc>",
        escaped(&title(plan)),
        escaped(&description(plan))
    );
    // As a file of its own the picture brings its ground and follows the reader's scheme; inside a page it takes the page's.
    out.push_str(
        "<style>:root.spinecode-drawing{color:#1d1d1d;background:#fff}\
         @media (prefers-color-scheme:dark){:root.spinecode-drawing{color:#e4e4e4;background:#16181c}}</style>",
    );
    out.push_str(&body);
    out.push_str("</svg>\n");
    out
}

fn title(plan: &Plan) -> String {
    let labels: Vec<&str> = plan.acts.iter().map(|act| act.label.as_ref()).collect();
    format!("Spine, {}: {}", plan.date, labels.join("; "))
}

/// The picture in words, for those who do not see it.
fn description(plan: &Plan) -> String {
    let mut sentences = Vec::new();
    if plan.is_spinal() {
        sentences.push("Spine seen from behind; the patient's left is on the left.".to_owned());
    }
    for (at, act) in plan.acts.iter().enumerate() {
        let mut places: Vec<String> = Vec::new();
        for mark in plan.marks.iter().filter(|mark| mark.act == at && !mark.ring) {
            let side = match mark.half {
                Half::Left if mark.sure => " left",
                Half::Right if mark.sure => " right",
                _ => "",
            };
            places.push(format!("{}{side}", mark.name));
        }
        places.extend(act.aside.iter().map(|aside| format!("{aside} (not drawn)")));
        let places = if places.is_empty() {
            "no place on the spine".to_owned()
        } else {
            places.join(", ")
        };
        sentences.push(format!("{}: {places}; {}.", act.label, codes_text(plan, at)));
    }
    for question in &plan.questions {
        sentences.push(format!("Asked: {question}"));
    }
    sentences.join(" ")
}

fn codes_text(plan: &Plan, at: usize) -> String {
    let lines = plan.acts.get(at).map(|act| act.lines.join(", ")).unwrap_or_default();
    match plan.status {
        _ if !lines.is_empty() => lines,
        Status::NeedsFacts => "codes wait for an answer".to_owned(),
        Status::OutOfScope => "not coded (out of scope)".to_owned(),
        Status::Coded => "no line of its own".to_owned(),
    }
}

/// A label, and what it points at.
struct Label<'p> {
    lines: Vec<(String, String)>,
    /// Page position of what it points at.
    from: (f64, f64),
    mark: &'p Mark,
    /// Middle of the label.
    y: f64,
}

impl Label<'_> {
    fn height(&self) -> f64 {
        self.lines.len() as f64 * ROW
    }
}

impl<'p> Page<'p> {
    fn written(mut self) -> (f64, String) {
        self.patterns();
        let _ = write!(
            self.out,
            "<text x=\"8\" y=\"20\" font-size=\"14\" font-weight=\"600\">{}</text>",
            escaped(&self.plan.date)
        );
        let status = match self.plan.status {
            Status::Coded => "",
            Status::NeedsFacts => "needs facts",
            Status::OutOfScope if self.plan.acts.iter().all(|act| act.lines.is_empty()) => "out of scope",
            Status::OutOfScope => "in part out of scope",
        };
        if !status.is_empty() {
            let _ = write!(self.out, "<text x=\"8\" y=\"37\" font-style=\"italic\">{status}</text>");
        }
        let mut y = 52.0;
        if self.plan.is_spinal() {
            y = self.spine();
        }
        y = self.legend(y);
        (y, self.out)
    }

    fn patterns(&mut self) {
        self.out.push_str("<defs>");
        let mut slots: Vec<usize> = self.plan.acts.iter().map(|act| act.slot).collect();
        slots.sort_unstable();
        for slot in slots {
            let data = PATTERNS.get(pattern(slot)).copied().unwrap_or_default();
            let lines = if data.is_empty() {
                String::new()
            } else {
                // White shows on the dark colours, black on the light ones.
                let ink = if matches!(slot % SLOTS, 3..=5) { "#fff" } else { "#000" };
                format!("<path d=\"{data}\" stroke=\"{ink}\" stroke-width=\"1\" stroke-opacity=\".6\"/>")
            };
            let _ = write!(
                self.out,
                "<pattern id=\"{}-p{slot}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><path d=\"M0 0H6V6H0Z\" fill=\"{}\"/>{lines}</pattern>",
                self.prefix,
                colour(slot)
            );
            // What is not known is pale.
            let _ = write!(
                self.out,
                "<linearGradient id=\"{}-u{slot}\"><stop stop-color=\"{}\"/></linearGradient>",
                self.prefix,
                pale(colour(slot))
            );
        }
        let _ = write!(
            self.out,
            "<linearGradient id=\"{0}-f\" gradientUnits=\"userSpaceOnUse\" x1=\"{1}\" x2=\"{2}\" y1=\"0\" y2=\"0\"><stop stop-color=\"{DEEP}\" stop-opacity=\"0\"/><stop offset=\".3\" stop-color=\"{DEEP}\" stop-opacity=\".75\"/><stop offset=\".7\" stop-color=\"{DEEP}\" stop-opacity=\".75\"/><stop offset=\"1\" stop-color=\"{DEEP}\" stop-opacity=\"0\"/></linearGradient>",
            self.prefix,
            number(LABELS[0]),
            number(LABELS[1])
        );
        self.out.push_str("</defs>");
    }

    fn slot(&self, mark: &Mark) -> usize {
        self.plan.acts.get(mark.act).map(|act| act.slot).unwrap_or_default()
    }

    fn paint(&self, slot: usize) -> String {
        format!("url(#{}-p{slot})", self.prefix)
    }

    /// Draws the spine with its labels; gives the height used.
    fn spine(&mut self) -> f64 {
        let plan = self.plan;
        let spine = Spine::new(&plan.named);
        let mut labels = [self.labels(Half::Left), self.labels(Half::Right)];
        let need = labels
            .iter()
            .map(|labels| labels.iter().map(|label| label.height() + GAP).sum::<f64>())
            .fold(0.0, f64::max);
        let window = window(plan, &spine, need);
        let room = window.height().max(need);
        let bottom = TOP + room;
        let _ = write!(
            self.out,
            "<clipPath id=\"{}-w\"><path d=\"M{} {}H{}V{}H{}Z\"/></clipPath>",
            self.prefix,
            number(LABELS[0]),
            number(TOP),
            number(LABELS[1]),
            number(TOP + window.height()),
            number(LABELS[0]),
        );
        let _ = write!(self.out, "<g clip-path=\"url(#{}-w)\">", self.prefix);
        self.roots(&spine, &window);
        let fade = format!("{}-f", self.prefix);
        bones::draw(&mut self.out, &spine, &window.scale, (window.first, window.last), &fade);
        self.sacroiliac_lines(&spine, &window);
        self.out.push_str("</g>");
        self.bodies(&spine, &window);
        self.names(&spine, &window);
        let places = self.marks(&spine, &window);
        for (side, labels) in labels.iter_mut().enumerate() {
            for label in labels.iter_mut() {
                let found = places.iter().find(|(mark, _)| std::ptr::eq(*mark, label.mark));
                label.from = found.map_or((MIDLINE, TOP), |(_, from)| *from);
            }
            spread(labels, TOP, bottom);
            self.callouts(side, labels);
        }
        self.sides(&spine, &window);
        self.map(&spine, &window);
        bottom + 8.0
    }

    /// Labels of one half; what lies in the middle is labelled on the side that has fewer.
    fn labels(&self, half: Half) -> Vec<Label<'p>> {
        let plan = self.plan;
        let middle = self.middle();
        let most = (EDGES[0] - LABELS[0]).abs() - 16.0;
        plan.marks
            .iter()
            .filter(|mark| mark.labelled && (mark.half == half || (mark.half == Half::Middle && middle == half)))
            .map(|mark| Label {
                lines: label_lines(mark, most),
                from: (0.0, 0.0),
                mark,
                y: 0.0,
            })
            .collect()
    }

    /// Where what lies in the middle is labelled.
    fn middle(&self) -> Half {
        let marks = &self.plan.marks;
        let count = |half: Half| marks.iter().filter(|mark| mark.half == half && mark.labelled).count();
        if count(Half::Left) < count(Half::Right) {
            Half::Left
        } else {
            Half::Right
        }
    }

    /// Nerve roots, faint; a treated one is drawn again by its mark.
    fn roots(&mut self, spine: &Spine, window: &Window) {
        let mut data = String::new();
        let (Some(first), Some(last)) = (Root::parse("C2"), Root::parse("S4")) else {
            return;
        };
        for root in Root::between(first, last) {
            let transitional = Vertebra::parse(&root.to_string()).is_some_and(Vertebra::is_transitional);
            let y = spine.at(&Spot::Foramen(root), Half::Right).1;
            // Above the sacrum only: below it the roots run in the bone.
            if root.parts().0 == 'S' || y < window.first || y > window.last || (transitional && spine.bones.len() < 25)
            {
                continue;
            }
            for half in [Half::Left, Half::Right] {
                data.push_str(&root_line(spine, window, root, half));
            }
        }
        let _ = write!(
            self.out,
            "<path d=\"{data}\" fill=\"none\" stroke=\"{ROOT}\" stroke-opacity=\".6\" stroke-linecap=\"round\" stroke-width=\"{}\"/>",
            number((window.scale.unit * 1.3).clamp(1.2, 2.6))
        );
    }

    fn sacroiliac_lines(&mut self, spine: &Spine, window: &Window) {
        if window.last <= spine.sacrum {
            return;
        }
        let data = window.scale.millimetres(spine.sacrum).both(&bones::sacroiliac());
        let _ = write!(
            self.out,
            "<path d=\"{data}\" fill=\"none\" stroke=\"{LINE}\" stroke-width=\"1.6\" stroke-linejoin=\"round\"/>"
        );
    }

    /// Treated bodies: coloured where they stand, the arch over them kept visible.
    fn bodies(&mut self, spine: &Spine, window: &Window) {
        let bodies: Vec<&Mark> = self
            .plan
            .marks
            .iter()
            .filter(|mark| matches!(mark.spot, Spot::Body(_)))
            .collect();
        for mark in &bodies {
            let Spot::Body(vertebra) = mark.spot else { continue };
            let (top, bottom) = spine.extent(vertebra);
            let sacral = spine.bone(vertebra).is_none();
            let half = spine.bone(vertebra).map_or(44.0, |bone| bone.half);
            // Of several acts at one body each has a share.
            let share: Vec<&&Mark> = bodies
                .iter()
                .filter(|other| other.spot == mark.spot && other.half == mark.half)
                .collect();
            let many = share.len().max(1) as f64;
            let nth = share
                .iter()
                .position(|other| std::ptr::eq(**other, *mark))
                .unwrap_or_default() as f64;
            let (from, to) = match mark.half {
                Half::Left => (-1.0, if sacral { -0.4 } else { 0.0 }),
                Half::Right => (if sacral { 0.4 } else { 0.0 }, 1.0),
                Half::Middle => (-1.0, 1.0),
            };
            let left = half * (from + (to - from) * nth / many);
            let right = half * (from + (to - from) * (nth + 1.0) / many);
            let (x0, y0) = window.scale.at((left, top));
            let (x1, y1) = window.scale.at((right, bottom));
            let paint = format!(
                "{} fill-opacity=\".95\"",
                self.style(self.slot(mark), mark.sure).trim_start()
            );
            // A body treated whole by one act keeps its shape; shares and parts of the sacrum are fields on it.
            if let Some(bone) = spine
                .bone(vertebra)
                .filter(|_| share.len() == 1 && mark.half == Half::Middle)
            {
                bones::painted(&mut self.out, bone, &window.scale, &paint);
                continue;
            }
            let _ = write!(
                self.out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" {paint}/>",
                number(x0),
                number(y0),
                number(x1 - x0),
                number(y1 - y0),
                number(window.scale.unit * 2.5)
            );
        }
    }

    /// Names of the vertebrae, on their bodies.
    fn names(&mut self, spine: &Spine, window: &Window) {
        let size = (window.scale.unit * 6.2).clamp(8.5, 13.0);
        let mut names: Vec<(String, f64)> = spine
            .bones
            .iter()
            .map(|bone| (bone.vertebra.to_string(), bone.top + bone.height * 0.56))
            .collect();
        for part in 1..=4 {
            let name = format!("S{part}");
            if let Some(vertebra) = Vertebra::parse(&name) {
                let (top, bottom) = spine.extent(vertebra);
                names.push((name, (top + bottom) / 2.0 + 4.0));
            }
        }
        names.push(("Co".to_owned(), spine.sacrum + SACRUM + 9.0));
        let _ = write!(
            self.out,
            "<g font-size=\"{}\" font-weight=\"600\" fill=\"#2b261b\" text-anchor=\"middle\" stroke=\"{BONE}\" stroke-width=\"2.4\" paint-order=\"stroke\">",
            number(size)
        );
        for (name, y) in names {
            let (x, at) = window.scale.at((0.0, y));
            if y > window.first + 2.0 && y < window.last - 2.0 {
                let _ = write!(
                    self.out,
                    "<text x=\"{}\" y=\"{}\">{name}</text>",
                    number(x),
                    number(at + size * 0.36)
                );
            }
        }
        self.out.push_str("</g>");
    }

    /// The marks themselves; gives where labels point to.
    fn marks(&mut self, spine: &Spine, window: &Window) -> Vec<(&'p Mark, (f64, f64))> {
        let plan = self.plan;
        let mut places = Vec::with_capacity(plan.marks.len());
        let mut brackets = [0.0_f64; 2];
        for (at, mark) in plan.marks.iter().enumerate() {
            let slot = self.slot(mark);
            let (mut x, y) = window.scale.at(spine.at(&mark.spot, mark.half));
            let size = (window.scale.unit * 5.0).clamp(5.5, 9.0);
            // What stands at one spot stands side by side, each further out.
            let before = plan
                .marks
                .iter()
                .take(at)
                .filter(|other| !other.ring && !mark.ring && other.spot == mark.spot && other.half == mark.half)
                .count() as f64;
            let side = if mark.half == Half::Middle {
                self.middle()
            } else {
                mark.half
            };
            let outward = side.sign();
            x += outward * before * size * 1.7;
            let style = self.style(slot, mark.sure);
            let mut point = (x + outward * size, y);
            match &mark.spot {
                Spot::Joint(_) if mark.ring => {
                    let _ = write!(
                        self.out,
                        "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\" fill=\"none\" stroke=\"#1a1a1a\" stroke-width=\"3.4\"/><ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>",
                        number(x),
                        number(y),
                        number(size * 0.8),
                        number(size * 1.15),
                        number(x),
                        number(y),
                        number(size * 0.8),
                        number(size * 1.15),
                        colour(slot)
                    );
                    point = (x + outward * size * 0.8, y);
                }
                Spot::Joint(_) => {
                    let _ = write!(
                        self.out,
                        "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\"{style}/>",
                        number(x),
                        number(y),
                        number(size * 0.85),
                        number(size * 1.2)
                    );
                }
                Spot::Foramen(root) => {
                    let line = root_line(spine, window, *root, mark.half);
                    if !line.is_empty() && before < 0.5 && root.parts().0 != 'S' {
                        let wide = (window.scale.unit * 2.2).clamp(2.4, 4.4);
                        let _ = write!(
                            self.out,
                            "<path d=\"{line}\" fill=\"none\" stroke=\"#1a1a1a\" stroke-linecap=\"round\" stroke-width=\"{}\"/><path d=\"{line}\" fill=\"none\" stroke=\"{}\" stroke-linecap=\"round\" stroke-width=\"{}\"{}/>",
                            number(wide + 1.6),
                            colour(slot),
                            number(wide),
                            if mark.sure { "" } else { " stroke-dasharray=\"3 4\"" }
                        );
                    }
                    let _ = write!(
                        self.out,
                        "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{style}/>",
                        number(x),
                        number(y),
                        number(size)
                    );
                }
                Spot::Branch(_) | Spot::AtJoint(_) | Spot::Lateral(_) => {
                    let _ = write!(
                        self.out,
                        "<path d=\"M{} {}l{} {}l{} {}l{} {}Z\"{style}/>",
                        number(x),
                        number(y - size * 1.1),
                        number(size * 1.1),
                        number(size * 1.1),
                        number(-size * 1.1),
                        number(size * 1.1),
                        number(-size * 1.1),
                        number(-size * 1.1)
                    );
                }
                Spot::Space(space) => {
                    let whole = spine.half_of(*space) * window.scale.unit * 0.92;
                    let high = (window.scale.unit * 7.0).clamp(6.0, 13.0);
                    let stacked = before * (high + 2.0);
                    let (left, right) = match mark.half {
                        Half::Left => (MIDLINE - whole, MIDLINE),
                        Half::Middle => (MIDLINE - whole, MIDLINE + whole),
                        Half::Right => (MIDLINE, MIDLINE + whole),
                    };
                    let top = y - high / 2.0 + stacked;
                    let _ = write!(
                        self.out,
                        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"{style}/>",
                        number(left),
                        number(top),
                        number(right - left),
                        number(high),
                        number(high / 2.0)
                    );
                    point = (if side == Half::Left { left } else { right }, top + high / 2.0);
                }
                Spot::Body(vertebra) => {
                    let out = spine.bone(*vertebra).map_or(40.0, |bone| bone.half) * window.scale.unit;
                    point = (MIDLINE + outward * out, y);
                }
                Spot::Sacroiliac => {
                    let mut line = String::new();
                    for (nth, [across, down]) in SACROILIAC.iter().enumerate() {
                        let (x, y) = window
                            .scale
                            .at((outward * (across + before * 5.0), spine.sacrum + down));
                        let _ = write!(line, "{}{} {}", if nth == 0 { "M" } else { "L" }, number(x), number(y));
                    }
                    let dash = if mark.sure { "" } else { " stroke-dasharray=\"7 5\"" };
                    let _ = write!(
                        self.out,
                        "<path d=\"{line}\" fill=\"none\" stroke=\"#1a1a1a\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke-width=\"10\"{dash}/><path d=\"{line}\" fill=\"none\" stroke=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke-width=\"7.5\"{dash}/>",
                        if mark.sure {
                            self.paint(slot)
                        } else {
                            colour(slot).to_owned()
                        }
                    );
                    point = (x + outward * 5.0, y);
                }
                Spot::Hiatus | Spot::Coccyx => {
                    let _ = write!(
                        self.out,
                        "<path d=\"M{} {}l{} {}h{}Z\"{style}/>",
                        number(x),
                        number(y - size),
                        number(size * 1.1),
                        number(size * 1.9),
                        number(-size * 2.2)
                    );
                }
                Spot::Stretch(first, last) => {
                    let (top, _) = spine.extent(*first);
                    let (_, bottom) = spine.extent(*last);
                    let side = usize::from(side != Half::Left);
                    let nth = brackets.get(side).copied().unwrap_or_default();
                    if let Some(count) = brackets.get_mut(side) {
                        *count += 1.0;
                    }
                    let (_, top) = window.scale.at((0.0, top.max(window.first)));
                    let (_, bottom) = window.scale.at((0.0, bottom.min(window.last)));
                    let x = MIDLINE + outward * (ROOM - 4.0 - nth * 11.0);
                    let tick = -outward * 9.0;
                    let dash = if mark.sure { "" } else { " stroke-dasharray=\"7 5\"" };
                    let line = format!(
                        "M{} {}H{}V{}H{}",
                        number(x + tick),
                        number(top + 3.0),
                        number(x),
                        number(bottom - 3.0),
                        number(x + tick)
                    );
                    let _ = write!(
                        self.out,
                        "<path d=\"{line}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"6\"{dash}/><path d=\"{line}\" fill=\"none\" stroke=\"{}\" stroke-width=\"4\"{dash}/>",
                        colour(slot)
                    );
                    point = (x, (top + bottom) / 2.0);
                }
            }
            if !mark.sure && !matches!(mark.spot, Spot::Stretch(..) | Spot::Sacroiliac) {
                let _ = write!(
                    self.out,
                    "<text x=\"{}\" y=\"{}\" font-size=\"11\" font-weight=\"700\" fill=\"#1a1a1a\" text-anchor=\"middle\">?</text>",
                    number(x),
                    number(y + 4.0)
                );
            }
            places.push((mark, point));
        }
        places
    }

    fn style(&self, slot: usize, sure: bool) -> String {
        if sure {
            format!(" fill=\"{}\" stroke=\"#1a1a1a\" stroke-width=\"1.4\"", self.paint(slot))
        } else {
            format!(
                " fill=\"url(#{}-u{slot})\" stroke=\"#1a1a1a\" stroke-width=\"1.5\" stroke-dasharray=\"3 2.2\"",
                self.prefix
            )
        }
    }

    /// Labels beside the spine, each with its line to the place.
    fn callouts(&mut self, side: usize, labels: &[Label<'p>]) {
        let left = side == 0;
        let edge = LABELS.get(side).copied().unwrap_or_default();
        let outward = if left { -1.0 } else { 1.0 };
        for label in labels {
            let slot = self.slot(label.mark);
            let dash = if label.mark.sure {
                ""
            } else {
                " stroke-dasharray=\"4 3\""
            };
            let bend = edge - outward * 14.0;
            let _ = write!(
                self.out,
                "<path d=\"M{} {}L{} {}H{}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".75\"{dash}/>",
                number(label.from.0),
                number(label.from.1),
                number(bend),
                number(label.y),
                number(edge)
            );
            let height = label.height() - 3.0;
            let box_x = if left { edge - 9.0 } else { edge };
            let _ = write!(
                self.out,
                "<rect x=\"{}\" y=\"{}\" width=\"9\" height=\"{}\" rx=\"2\"{}/>",
                number(box_x),
                number(label.y - height / 2.0),
                number(height),
                self.style(slot, label.mark.sure)
            );
            let x = if left { edge - 14.0 } else { edge + 14.0 };
            let anchor = if left { " text-anchor=\"end\"" } else { "" };
            let first = label.y - label.height() / 2.0 + ROW * 0.5 + TEXT * 0.36;
            for (nth, (name, codes)) in label.lines.iter().enumerate() {
                let gap = if name.is_empty() || codes.is_empty() { "" } else { " " };
                let _ = write!(
                    self.out,
                    "<text x=\"{}\" y=\"{}\"{anchor}>{}{gap}<tspan font-weight=\"700\">{}</tspan></text>",
                    number(x),
                    number(first + nth as f64 * ROW),
                    escaped(name),
                    escaped(codes)
                );
            }
        }
    }

    /// Which side is which.
    fn sides(&mut self, spine: &Spine, window: &Window) {
        let _ = (spine, window);
        for (x, letter, word) in [
            (MIDLINE - 92.0, "L", "patient's left"),
            (MIDLINE + 92.0, "R", "patient's right"),
        ] {
            let _ = write!(
                self.out,
                "<circle cx=\"{0}\" cy=\"18\" r=\"10\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/><text x=\"{0}\" y=\"23\" font-size=\"14\" font-weight=\"700\" text-anchor=\"middle\">{letter}</text>",
                number(x)
            );
            let (at, anchor) = if letter == "L" {
                (x - 15.0, "end")
            } else {
                (x + 15.0, "start")
            };
            let _ = write!(
                self.out,
                "<text x=\"{}\" y=\"22\" font-size=\"11\" text-anchor=\"{anchor}\">{}</text>",
                number(at),
                escaped(word)
            );
        }
        let _ = write!(
            self.out,
            "<text x=\"{}\" y=\"22\" font-size=\"11\" text-anchor=\"middle\">seen from behind</text>",
            number(MIDLINE)
        );
    }

    /// The whole spine from the side, with its curves, and the stretch that is shown large.
    fn map(&mut self, spine: &Spine, window: &Window) {
        let unit = 300.0 / spine.length();
        let top = TOP + 14.0;
        let x = 52.0;
        let mut bodies = String::new();
        let mut processes = String::new();
        for bone in &spine.bones {
            let middle = bone.top + bone.height / 2.0;
            let lean = lean(bone.bottom() / spine.length()) - lean(bone.top / spine.length());
            let cx = x + lean_at(spine, middle) * unit;
            let deep = (bone.half * 1.05 + 4.0) * unit;
            let tilt = lean * unit / 2.0;
            let (y0, y1) = (top + bone.top * unit, top + bone.bottom() * unit);
            let skew = tilt * deep / ((y1 - y0).max(0.1)) * 0.9;
            let _ = write!(
                bodies,
                "M{} {}L{} {}L{} {}L{} {}Z",
                number(cx - deep - tilt),
                number(y0 + skew),
                number(cx + deep - tilt),
                number(y0 - skew),
                number(cx + deep + tilt),
                number(y1 - skew),
                number(cx - deep + tilt),
                number(y1 + skew)
            );
            let slope = if bone.vertebra.letter() == 'T' { 22.0 } else { 9.0 };
            let long = if bone.vertebra.letter() == 'C' && bone.vertebra.number() < 7 {
                20.0
            } else {
                32.0
            };
            let _ = write!(
                processes,
                "M{} {}l{} {}",
                number(cx + deep),
                number(top + middle * unit),
                number(long * unit),
                number(slope * unit)
            );
        }
        let mut tail = String::new();
        let mut back = String::new();
        let steps = 10_u8;
        for step in 0..=steps {
            let y = spine.sacrum + (SACRUM + COCCYX) * f64::from(step) / f64::from(steps);
            let thin = 1.0 - f64::from(step) / f64::from(steps);
            let cx = x + lean_at(spine, y) * unit;
            let _ = write!(
                tail,
                "{}{} {}",
                if step == 0 { "M" } else { "L" },
                number(cx - (26.0 * thin + 2.0) * unit),
                number(top + y * unit)
            );
            back = format!(
                "L{} {}{back}",
                number(cx + (22.0 * thin + 3.0) * unit),
                number(top + y * unit)
            );
        }
        let _ = write!(
            self.out,
            "<g stroke=\"{LINE}\" stroke-width=\".7\" stroke-linejoin=\"round\"><path d=\"{processes}\" stroke=\"{DEEP}\" stroke-width=\"2.4\" stroke-linecap=\"round\" fill=\"none\"/><path d=\"{bodies}{tail}{back}Z\" fill=\"{BONE}\"/></g>"
        );
        // What is treated, as dots on the small spine.
        let mut seen: Vec<(i64, usize)> = Vec::new();
        for mark in &self.plan.marks {
            let (from, to) = spine.range(&mark.spot);
            let slot = self.slot(mark);
            let y = (from + to) / 2.0;
            let key = ((y * 10.0) as i64, slot);
            if seen.contains(&key) || matches!(mark.spot, Spot::Stretch(..)) {
                continue;
            }
            let before = seen.iter().filter(|(at, _)| *at == key.0).count() as f64;
            seen.push(key);
            let _ = write!(
                self.out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"3\" fill=\"{}\" stroke=\"#1a1a1a\" stroke-width=\".8\"/>",
                number(x + lean_at(spine, y) * unit + before * 5.0),
                number(top + y * unit),
                colour(slot)
            );
        }
        let (from, to) = (
            top + window.first.max(-6.0) * unit,
            top + window.last.min(spine.length()) * unit,
        );
        let _ = write!(
            self.out,
            "<path d=\"M18 {0}H12V{1}H18\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/><text x=\"52\" y=\"{2}\" font-size=\"10\" text-anchor=\"middle\"><tspan x=\"52\">whole spine,</tspan><tspan x=\"52\" dy=\"12\">from the side</tspan></text>",
            number(from),
            number(to),
            number(top + 300.0 + 16.0)
        );
        for (part, first, last) in [
            ("C", "C1", "C7"),
            ("T", "T1", "T12"),
            ("L", "L1", "L5"),
            ("S", "S1", "S5"),
        ] {
            let (Some(first), Some(last)) = (Vertebra::parse(first), Vertebra::parse(last)) else {
                continue;
            };
            let y = (spine.extent(first).0 + spine.extent(last).1) / 2.0;
            let _ = write!(
                self.out,
                "<text x=\"90\" y=\"{}\" font-size=\"10\" fill-opacity=\".8\">{part}</text>",
                number(top + y * unit + 3.5)
            );
        }
    }

    /// What was done, with its lines; what has no place on the spine; what is asked; how to read the picture.
    fn legend(&mut self, mut y: f64) -> f64 {
        let plan = self.plan;
        let most = WIDTH - 44.0;
        for (at, act) in plan.acts.iter().enumerate() {
            y += 18.0;
            let drawn = plan.marks.iter().any(|mark| mark.act == at);
            let style = if drawn {
                self.style(act.slot, true)
            } else {
                " fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\"".to_owned()
            };
            let _ = write!(
                self.out,
                "<rect x=\"8\" y=\"{}\" width=\"20\" height=\"12\" rx=\"2\"{style}/>",
                number(y - 10.0)
            );
            let mut text = act.label.to_string();
            if !act.aside.is_empty() {
                text.push_str(&format!(
                    " [{}: {}]",
                    if drawn { "also" } else { "not drawn" },
                    act.aside.join(", ")
                ));
            } else if !drawn {
                text.push_str(" [no place on the spine]");
            }
            let codes = codes_text(plan, at);
            let label = wrapped(&format!("{text}:"), TEXT, most);
            let taken = label.last().map_or(0.0, |line| width(line, TEXT));
            for (nth, line) in label.iter().enumerate() {
                if nth > 0 {
                    y += ROW;
                }
                let _ = write!(self.out, "<text x=\"36\" y=\"{}\">{}</text>", number(y), escaped(line));
            }
            // The codes stand behind the label where they fit, else below it.
            if taken + width(&codes, TEXT) * 1.1 + 8.0 <= most {
                // `tspan` without a position follows the text before it, whatever the face.
                let closing = "</text>";
                self.out.truncate(self.out.len() - closing.len());
                let _ = write!(
                    self.out,
                    " <tspan font-weight=\"700\">{}</tspan></text>",
                    escaped(&codes)
                );
            } else {
                for line in wrapped(&codes, TEXT * 1.1, most) {
                    y += ROW;
                    let _ = write!(
                        self.out,
                        "<text x=\"36\" y=\"{}\" font-weight=\"700\">{}</text>",
                        number(y),
                        escaped(&line)
                    );
                }
            }
        }
        y += 4.0;
        for question in &plan.questions {
            for (nth, line) in wrapped(&format!("Asked: {question}"), TEXT, most + 28.0)
                .iter()
                .enumerate()
            {
                y += ROW;
                let _ = write!(
                    self.out,
                    "<text x=\"{}\" y=\"{}\" font-style=\"italic\">{}</text>",
                    if nth == 0 { 8 } else { 36 },
                    number(y),
                    escaped(line)
                );
            }
        }
        let mut notes = Vec::new();
        if plan.marks.iter().any(|mark| !mark.sure) {
            notes.push("Dashed: not said.");
        }
        if plan.named.iter().any(|space| space.is_transitional()) {
            notes.push("Transitional anatomy: check the level count.");
        }
        if !notes.is_empty() {
            y += ROW;
            let _ = write!(
                self.out,
                "<text x=\"8\" y=\"{}\" font-size=\"11\" fill-opacity=\".85\">{}</text>",
                number(y),
                escaped(&notes.join(" "))
            );
        }
        y + 12.0
    }
}

/// A label's lines: the place, then its codes, on one line where they fit.
fn label_lines(mark: &Mark, most: f64) -> Vec<(String, String)> {
    let codes = mark.codes.join(", ");
    if width(&mark.name, TEXT) + width(&codes, TEXT * 1.1) + 6.0 <= most {
        return vec![(mark.name.clone(), codes)];
    }
    let names = wrapped(&mark.name, TEXT, most)
        .into_iter()
        .map(|line| (line, String::new()));
    let codes = wrapped(&codes, TEXT * 1.1, most)
        .into_iter()
        .map(|line| (String::new(), line));
    names
        .chain(codes)
        .filter(|(name, codes)| !(name.is_empty() && codes.is_empty()))
        .collect()
}

/// Gives each label a height of its own near what it points at, in the same order, none over another.
fn spread(labels: &mut [Label<'_>], top: f64, bottom: f64) {
    labels.sort_by(|a, b| a.from.1.total_cmp(&b.from.1).then(a.from.0.total_cmp(&b.from.0)));
    let mut free = top;
    for label in labels.iter_mut() {
        let half = label.height() / 2.0;
        label.y = label.from.1.max(free + half);
        free = label.y + half + GAP;
    }
    // What has been pushed out at the bottom pushes back.
    let mut free = bottom;
    for label in labels.iter_mut().rev() {
        let half = label.height() / 2.0;
        label.y = label.y.min(free - half);
        free = label.y - half - GAP;
    }
}

/// The stretch to be shown: what is treated with a vertebra to spare on each side, or all of it where that is most.
fn window(plan: &Plan, spine: &Spine, need: f64) -> Window {
    let mut first = f64::MAX;
    let mut last = f64::MIN;
    for mark in &plan.marks {
        let (from, to) = spine.range(&mark.spot);
        first = first.min(from);
        last = last.max(to);
    }
    let spare = |y: f64| {
        spine
            .bones
            .iter()
            .find(|bone| bone.bottom() + bone.disc > y)
            .map_or(30.0, |bone| bone.height + bone.disc)
    };
    first -= spare(first - 1.0) * 1.2;
    last += spare(last + 1.0) * 1.2;
    // Lumbar work is recognised by the pelvis below it; the top shows where the head sits.
    if last > spine.sacrum - 40.0 {
        let deepest = plan
            .marks
            .iter()
            .any(|mark| matches!(mark.spot, Spot::Coccyx | Spot::Hiatus));
        last = last.max(spine.sacrum + SACRUM + if deepest { COCCYX + 4.0 } else { 14.0 });
    }
    if first < 25.0 {
        first = -16.0;
    }
    let whole = spine.length();
    let (first, last) = if last - first > whole * 0.62 {
        (-16.0, whole + 4.0)
    } else {
        (first.max(-16.0), last.min(whole + 4.0))
    };
    let widest = spine
        .bones
        .iter()
        .filter(|bone| bone.bottom() > first && bone.top < last)
        .map(|bone| bone.reach + 4.0)
        .fold(0.0, f64::max);
    let widest = if last > spine.sacrum { widest.max(58.0) } else { widest };
    let target = if last - first > whole * 0.62 { 820.0 } else { 540.0 };
    let unit = (f64::max(target, need) / (last - first)).min(ROOM / widest).min(3.2);
    Window {
        first,
        last,
        scale: Scale {
            x: MIDLINE,
            y: TOP - first * unit,
            unit,
        },
    }
}

/// A root from its canal outwards and down.
fn root_line(spine: &Spine, window: &Window, root: Root, half: Half) -> String {
    let (x, y) = spine.at(&Spot::Foramen(root), Half::Right);
    let sign = half.sign();
    if sign == 0.0 {
        return String::new();
    }
    let slope = if root.parts().0 == 'C' { 3.0 } else { 11.0 };
    let (x0, y0) = window.scale.at((sign * (x - 9.0), y - slope * 0.7));
    let (x1, y1) = window.scale.at((sign * x, y));
    let (x2, y2) = window.scale.at((sign * (x + 11.0), y + slope * 1.2));
    format!(
        "M{} {}Q{} {} {} {}",
        number(x0),
        number(y0),
        number(x1),
        number(y1),
        number(x2),
        number(y2)
    )
}

/// How far the spine leans backwards, seen from the side with the front on the left, in millimetres: the neck curves
/// forwards, the chest backwards, the loin forwards, the sacrum backwards.
fn lean(part: f64) -> f64 {
    const CURVE: [f64; 12] = [-6.0, -20.0, -8.0, 16.0, 32.0, 37.0, 28.0, 8.0, -14.0, -18.0, 16.0, 4.0];
    let steps = (CURVE.len() - 1) as f64;
    let at = (part * steps).clamp(0.0, steps);
    let whole = at.floor();
    let point = |offset: f64| {
        let index = (whole + offset).clamp(0.0, steps) as usize;
        CURVE.get(index).copied().unwrap_or_default()
    };
    let (before, from, to, after) = (point(-1.0), point(0.0), point(1.0), point(2.0));
    let t = at - whole;
    // Catmull-Rom: through every point, without a corner.
    0.5 * (2.0 * from
        + (to - before) * t
        + (2.0 * before - 5.0 * from + 4.0 * to - after) * t * t
        + (3.0 * from - before - 3.0 * to + after) * t * t * t)
}

fn lean_at(spine: &Spine, y: f64) -> f64 {
    lean(y / spine.length())
}
