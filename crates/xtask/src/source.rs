//! Looks at Rust source as tokens, so that comments, doc examples and tests do not count.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A literal that a rule may not hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) line: usize,
    pub(crate) what: String,
}

/// Codes and dates written as literals outside tests and comments.
pub(crate) fn codes_and_dates(text: &str) -> Result<Vec<Found>, String> {
    let tokens: TokenStream = text.parse().map_err(|fault| format!("not Rust: {fault}"))?;
    let mut found = Vec::new();
    walk(tokens, &mut found);
    Ok(found)
}

/// The identifiers outside tests and comments.
pub(crate) fn words(text: &str) -> Result<Vec<(usize, String)>, String> {
    let tokens: TokenStream = text.parse().map_err(|fault| format!("not Rust: {fault}"))?;
    let mut found = Vec::new();
    gather(tokens, &mut found);
    Ok(found)
}

fn gather(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    for token in live(tokens) {
        match token {
            TokenTree::Group(group) => gather(group.stream(), found),
            TokenTree::Ident(ident) => found.push((ident.span().start().line, ident.to_string())),
            _ => {}
        }
    }
}

fn walk(tokens: TokenStream, found: &mut Vec<Found>) {
    let live = live(tokens);
    for (at, token) in live.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let called = at.checked_sub(1).and_then(|before| live.get(before));
                let name = match called {
                    Some(TokenTree::Ident(name)) => name.to_string(),
                    _ => String::new(),
                };
                if name == "date" && group.delimiter() == Delimiter::Parenthesis && is_date_call(group.stream()) {
                    found.push(Found {
                        line: group.span_open().start().line,
                        what: format!("date({})", group.stream()),
                    });
                }
                walk(group.stream(), found);
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if is_code_text(&text) || has_date(&text) {
                    found.push(Found {
                        line: literal.span().start().line,
                        what: text,
                    });
                }
            }
            _ => {}
        }
    }
}

/// The tokens without doc comments and without items under `#[cfg(test)]`.
fn live(tokens: TokenStream) -> Vec<TokenTree> {
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut skipping = false;
    while let Some(token) = tokens.next() {
        if let TokenTree::Punct(punct) = &token
            && punct.as_char() == '#'
        {
            let mut ahead = tokens.clone();
            if matches!(ahead.peek(), Some(TokenTree::Punct(bang)) if bang.as_char() == '!') {
                ahead.next();
            }
            if let Some(TokenTree::Group(attribute)) = ahead.next()
                && attribute.delimiter() == Delimiter::Bracket
            {
                let text: String = attribute.stream().to_string().split_whitespace().collect();
                tokens = ahead;
                skipping |= text == "cfg(test)" || text == "test";
                continue;
            }
        }
        if skipping {
            // An item ends with its body or with its semicolon.
            skipping = match &token {
                TokenTree::Group(group) => group.delimiter() != Delimiter::Brace,
                TokenTree::Punct(punct) => punct.as_char() != ';',
                _ => true,
            };
            continue;
        }
        kept.push(token);
    }
    kept
}

/// A string that is a code, with or without modifiers behind it, or a list of such. A sentence may hold five digits.
fn is_code_text(text: &str) -> bool {
    let inside = text.find('"').and_then(|at| text.get(at..)).unwrap_or_default();
    let mut words = words_of(inside).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some_and(|word| is_code(word))
        && words.all(|word| (is_code(word) && word != NO_CODE) || word.len() == 2)
}

/// Stands for no code at all.
const NO_CODE: &str = "00000";

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
}

/// Five characters that read as a procedure code: four digits and a digit or class letter, or a supply code's letter first.
pub(crate) fn is_code(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    match bytes {
        [first @ .., last] if bytes.len() == 5 => {
            digits(first) && (last.is_ascii_digit() || b"TFU".contains(last))
                || matches!(bytes, [b'C' | b'G' | b'J' | b'Q', rest @ ..] if digits(rest))
        }
        _ => false,
    }
}

/// A day anywhere in a literal; the example in a message (`such as 2024-03-05`) is for the reader.
fn has_date(text: &str) -> bool {
    let text = text.split("such as").next().unwrap_or_default();
    text.as_bytes().windows(10).any(|ten| {
        ten.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    })
}

fn is_date_call(arguments: TokenStream) -> bool {
    let numbers: Vec<u32> = arguments
        .into_iter()
        .filter_map(|token| match token {
            TokenTree::Literal(literal) => literal.to_string().parse().ok(),
            _ => None,
        })
        .collect();
    numbers.len() == 3 && numbers.first().is_some_and(|year| *year > 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        codes_and_dates(text)
            .unwrap()
            .into_iter()
            .map(|found| found.line)
            .collect()
    }

    #[test]
    fn codes_and_dates_in_live_code_are_found() {
        assert_eq!(found("fn a() {\n let x = \"64493\";\n}"), [2]);
        assert_eq!(found("const X: [&str; 2] = [\"0213T\", \"G0260-50\"];"), [1, 1]);
        assert_eq!(found("let x = f(\"from 2012-01-01 on\");"), [1]);
        assert_eq!(found("let x = jiff::civil::date(2012, 1, 1);"), [1]);
        assert_eq!(found("write!(out, \"{}\", \"77003\")"), [1]);
        assert_eq!(
            found("let x = (b\"64493\", \"64493-50\", \"64493, 64494\");"),
            [1, 1, 1]
        );
    }

    #[test]
    fn comments_doc_examples_and_tests_are_not() {
        assert!(found("//! 64493\n/// `\"64493\"` on 2012-01-01\n// \"64493\"\nfn a() {}").is_empty());
        assert!(found("#[cfg(test)]\nmod tests { const A: &str = \"64493\"; }").is_empty());
        assert!(found("#[cfg(test)]\nuse a::b;\n#[test]\nfn a() { \"64493\"; }").is_empty());
    }

    #[test]
    fn the_item_after_a_test_item_counts_again() {
        assert_eq!(found("#[cfg(test)]\nmod tests { }\nconst A: &str = \"64493\";"), [3]);
    }

    #[test]
    fn other_words_and_numbers_are_no_codes() {
        assert!(found("let a = \"a day such as 2024-03-05\";").is_empty());
        assert!(found("let a = (b\"00000\", \"0 to 10000\", \"L4\", \"utf-8\", \"12345678\", \"abcde\", 65536, \"1234X\", \"L4-L5\");").is_empty());
    }
}
