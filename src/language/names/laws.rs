//! Finds articles of law in any order of article, part and point, in the three languages: «ч. 2 ст. 274 УК»,
//! «274-баптың 2-бөлігі», "part 2 of Article 254 of the Criminal Code" all have ids such as `crim:274:2`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Name, NameKind};
use crate::language::{Language, Lexicon};

/// How many bytes may lie between two elements of one reference («статьи 274 Уголовного кодекса»).
const MAX_GAP: usize = 24;
/// How many bytes may lie between a reference and the name of its code, in Cyrillic about 30 letters.
const MAX_CODE_GAP: usize = 60;

/// An element of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Article.
    Article,
    /// Part, бөлік.
    Part,
    /// Point, тармақ.
    Point,
}

/// The patterns of one language, each with the number in one of two groups.
struct Patterns {
    /// Article; an English one may hold the part in a second group.
    article: Regex,
    /// Part.
    part: Regex,
    /// Point.
    point: Regex,
}

/// An article of law in words, its code first: «Уголовный кодекс: ст. 274 ч. 2». Without a comma, which parts values from
/// each other. `None` for what is no article of a code that is known.
pub fn worded(lexicon: &Lexicon, id: &str, language: Language) -> Option<String> {
    let levels: [[&str; 2]; 3] = match language {
        Language::Kk => [["", "-бап"], ["", "-бөлік"], ["", "-тармақ"]],
        Language::Ru => [["ст. ", ""], ["ч. ", ""], ["п. ", ""]],
        Language::En => [["Article ", ""], ["part ", ""], ["point ", ""]],
    };
    let (code, rest) = id.split_once(':')?;
    let mut words = lexicon.law(code)?.wording.name(language).to_owned();
    words.push(':');
    for (number, [before, after]) in rest.split(':').zip(levels) {
        words.push_str(&format!(" {before}{number}{after}"));
    }
    Some(words)
}

/// A pattern of this file.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this file are valid, as its tests show")
}

/// Patterns in the order of [`Language::ALL`].
static PATTERNS: LazyLock<[Patterns; 3]> = LazyLock::new(|| {
    [
        Patterns {
            article: pattern(
                r"(?i)(\d+(?:-\d+)?)\s*(?:-|–|\s)\s*ба[пб][а-яәғқңөұүһі]*|(?i)(\d+(?:-\d+)?)ба[пб]\b",
            ),
            part: pattern(
                r"(?i)(\d+)\s*(?:-|–|\s)?\s*бөлі[гкм][а-яәғқңөұүһі]*|(бірінші|екінші|үшінші|төртінші|бесінші|алтыншы|жетінші) бөлі[гк][а-яәғқңөұүһі]*",
            ),
            point: pattern(r"(?i)(\d+)\)?\s*(?:-|–|\s)?\s*(?:тарма[ғқ]|тармақша)[а-яәғқңөұүһі]*"),
        },
        Patterns {
            article: pattern(r"(?i)(?:\bстать(?:я|и|е|ю|ей|ям|ях)|\bст\.?)\s*№?\s*(\d+(?:-\d+)?)"),
            part: pattern(
                r"(?i)(?:\bчаст(?:ь|и|ью|ям|ей)|\bч\.)\s*(\d+(?:-\d+)?)|\bчаст(?:ь|и|ью)\s+(перв|втор|трет|четверт|пят|шест|седьм)[а-яё]*|\b(?:перв|втор|трет|четверт|пят)[а-яё]*\s+част(?:ь|и|ью)",
            ),
            point: pattern(r"(?i)(?:\bпункт[а-яё]*|\bпп?\.)\s*(\d+)\)?"),
        },
        Patterns {
            article: pattern(r"(?i)\b(?:article|art\.?)s?\s*(\d+(?:-\d+)?)(?:\s?\((\d+)\))?"),
            part: pattern(
                r"(?i)\b(?:part|pt\.)\s*(\d+(?:-\d+)?)|\b(first|second|third|fourth|fifth) part\b",
            ),
            point: pattern(r"(?i)\b(?:paragraph|point|clause|subparagraph|item)\s*(\d+)"),
        },
    ]
});

/// An element as written.
struct Element {
    /// Where, in the sentence.
    span: Range<usize>,
    /// What.
    level: Level,
    /// Its number.
    number: String,
}

/// The articles of law in `text[sentence]`; `codes` are the codes and laws named in it, with their ranges in `text`.
pub(super) fn find(
    text: &str,
    sentence: Range<usize>,
    language: Language,
    codes: &[(Range<usize>, String)],
) -> Vec<Name> {
    let elements = elements(&text[sentence.clone()], language, sentence.start);
    let mut names = Vec::new();
    let mut at = 0;
    while at < elements.len() {
        let end = group_end(&elements, at);
        let group = &elements[at..end];
        if let Some(name) = reference(group, codes) {
            names.push(name);
        }
        at = end;
    }
    names
}

/// All elements in order of appearance.
fn elements(sentence: &str, language: Language, offset: usize) -> Vec<Element> {
    let patterns = &PATTERNS[language as usize];
    let levels = [
        (&patterns.article, Level::Article),
        (&patterns.part, Level::Part),
        (&patterns.point, Level::Point),
    ];
    let mut elements: Vec<Element> = Vec::new();
    for (pattern, level) in levels {
        for found in pattern.captures_iter(sentence) {
            let Some(whole) = found.get(0) else { continue };
            let mut numbers = found.iter().skip(1).flatten();
            let number = numbers
                .next()
                .map_or_else(|| whole.as_str(), |group| group.as_str());
            let span = whole.start() + offset..whole.end() + offset;
            elements.push(Element {
                span: span.clone(),
                level,
                number: number_of(number),
            });
            if let (Level::Article, Language::En, Some(part)) = (level, language, numbers.next()) {
                elements.push(Element {
                    span,
                    level: Level::Part,
                    number: part.as_str().to_owned(),
                });
            }
        }
    }
    elements.sort_by_key(|element| (element.span.start, element.level as u8));
    elements
}

/// The number of an element written in digits or as an ordinal.
fn number_of(written: &str) -> String {
    const ORDINALS: [(&str, &str); 21] = [
        ("перв", "1"),
        ("втор", "2"),
        ("трет", "3"),
        ("четверт", "4"),
        ("пят", "5"),
        ("шест", "6"),
        ("седьм", "7"),
        ("бірінші", "1"),
        ("екінші", "2"),
        ("үшінші", "3"),
        ("төртінші", "4"),
        ("бесінші", "5"),
        ("алтыншы", "6"),
        ("жетінші", "7"),
        ("first", "1"),
        ("second", "2"),
        ("third", "3"),
        ("fourth", "4"),
        ("fifth", "5"),
        ("sixth", "6"),
        ("seventh", "7"),
    ];
    let lower = written.to_lowercase();
    ORDINALS
        .iter()
        .find(|(word, _)| lower.starts_with(word))
        .map_or(lower.clone(), |(_, digit)| (*digit).to_owned())
}

/// Where the group of elements that begins at `start` ends: one of each level, close to each other.
fn group_end(elements: &[Element], start: usize) -> usize {
    let mut end = start + 1;
    while end < elements.len() {
        let gap = elements[end]
            .span
            .start
            .saturating_sub(elements[end - 1].span.end);
        let repeats = elements[start..end]
            .iter()
            .any(|element| element.level == elements[end].level);
        if gap > MAX_GAP || repeats {
            break;
        }
        end += 1;
    }
    end
}

/// The name of one group; `None` without an article.
fn reference(group: &[Element], codes: &[(Range<usize>, String)]) -> Option<Name> {
    let number = |level| {
        group
            .iter()
            .find(|element| element.level == level)
            .map(|element| element.number.as_str())
    };
    let article = number(Level::Article)?;
    let start = group.iter().map(|element| element.span.start).min()?;
    let end = group.iter().map(|element| element.span.end).max()?;
    let near = codes
        .iter()
        .map(|(span, id)| {
            // One of the two is zero unless they overlap, and then both are.
            let gap = span.start.saturating_sub(end) + start.saturating_sub(span.end);
            (gap, span, id)
        })
        .min_by_key(|(gap, _, _)| *gap)
        .filter(|(gap, _, _)| *gap <= MAX_CODE_GAP);
    let mut id = near.map_or("law", |(_, _, id)| id.as_str()).to_owned();
    for part in [Some(article), number(Level::Part), number(Level::Point)] {
        let Some(part) = part else { break };
        id.push(':');
        id.push_str(part);
    }
    let (start, end) = near.map_or((start, end), |(_, span, _)| {
        (start.min(span.start), end.max(span.end))
    });
    Some(Name {
        span: start..end,
        kind: NameKind::Law,
        id,
        qualifiers: Vec::new(),
    })
}
