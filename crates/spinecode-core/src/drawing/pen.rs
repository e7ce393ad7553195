//! Writing SVG: numbers, text and paths, each in one way only.

use std::fmt::Write as _;

/// A number with at most one decimal, the same on every machine.
pub(super) fn number(value: f64) -> String {
    let tenths = (value * 10.0).round();
    // Minus zero is zero.
    let tenths = if tenths == 0.0 { 0.0 } else { tenths };
    let text = format!("{:.1}", tenths / 10.0);
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// Text that stands in an element or an attribute. What XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => out.push(letter),
        }
        out
    })
}

/// Where a shape's own coordinates lie on the page.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// Page position of the shape's origin.
    pub(super) x: f64,
    /// Page position of the shape's origin.
    pub(super) y: f64,
    /// Page units in one of the shape's.
    pub(super) across: f64,
    /// Page units in one of the shape's.
    pub(super) down: f64,
}

impl Frame {
    /// The same shape seen in a mirror.
    pub(super) fn mirrored(self) -> Self {
        Self {
            across: -self.across,
            ..self
        }
    }

    /// Path data, its letters kept and its pairs of coordinates set into the frame.
    pub(super) fn path(self, shape: &str) -> String {
        let mut out = String::with_capacity(shape.len() * 2);
        let mut down = false;
        for word in shape.split_ascii_whitespace() {
            match word.parse::<f64>() {
                Ok(value) => {
                    let placed = if down {
                        self.y + value * self.down
                    } else {
                        self.x + value * self.across
                    };
                    let _ = write!(out, "{} ", number(placed));
                    down = !down;
                }
                Err(_) => out.push_str(word),
            }
        }
        out.trim_end().to_owned()
    }

    /// The shape and its mirror image as one path.
    pub(super) fn both(self, shape: &str) -> String {
        format!("{}{}", self.path(shape), self.mirrored().path(shape))
    }
}

/// Width of a text in a sans-serif face of that size, on the generous side: faces differ between machines.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.34,
            'f' | 'r' | 't' | '-' | '(' | ')' | '?' => 0.46,
            'm' | 'w' | 'M' | 'W' => 0.92,
            letter if letter.is_ascii_uppercase() => 0.72,
            _ => 0.6,
        })
        .sum::<f64>()
        * size
}

/// A text cut into lines at its spaces.
pub(super) fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(word, size) + size * 0.34 <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([12.0, 0.25, -0.04, -3.96].map(number), ["12", "0.3", "0", "-4"]);
    }

    #[test]
    fn text_cannot_leave_its_element() {
        assert_eq!(escaped("<a b=\"c\">&'\u{0}"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
    }

    #[test]
    fn shapes_stand_in_their_frame() {
        let frame = Frame {
            x: 100.0,
            y: 10.0,
            across: 2.0,
            down: 1.0,
        };
        assert_eq!(frame.path("M 0 0 L 5 1.5 Z"), "M100 10 L110 11.5 Z");
        assert_eq!(frame.mirrored().path("M 5 0"), "M90 10");
    }

    #[test]
    fn lines_break_at_spaces_only() {
        let lines = wrapped("one two three four", 10.0, 50.0);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), "one two three four");
    }
}
