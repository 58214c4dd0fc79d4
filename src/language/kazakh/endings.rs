//! The endings of numbers, abbreviations and units, and what each says about the part its word has in the sentence.

/// What an ending on a number, an abbreviation or a unit says about its part in the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// No ending, or the accusative.
    None,
    /// «-ға, -ге, -қа, -ке, -на, -не».
    Dative,
    /// «-дан, -ден, -тан, -тен, -нан, -нен».
    Ablative,
    /// «-да, -де, -та, -те».
    Locative,
    /// «-ның» and its forms.
    Genitive,
    /// «-мен, -бен, -пен».
    Instrumental,
    /// «-ы, -і, -сы, -сі», alone or before the nominative: a part of a whole («5-і»).
    Possessive,
    /// «-дай, -дей, -тай, -тей»: about so many.
    Approximate,
    /// «-ыншы, -інші, -шы, -ші».
    Ordinal,
    /// «-еу, -ау», with or without a possessive.
    Collective,
    /// «-даған, -деген, -таған, -теген».
    Vague,
}

/// Case endings as they stand after a bare stem or after a third-person possessive.
#[rustfmt::skip]
const CASES: &[(&str, Ending)] = &[
    ("ға", Ending::Dative), ("ге", Ending::Dative), ("қа", Ending::Dative), ("ке", Ending::Dative), ("на", Ending::Dative),
    ("не", Ending::Dative), ("дан", Ending::Ablative), ("ден", Ending::Ablative), ("тан", Ending::Ablative),
    ("тен", Ending::Ablative), ("нан", Ending::Ablative), ("нен", Ending::Ablative), ("да", Ending::Locative),
    ("де", Ending::Locative), ("та", Ending::Locative), ("те", Ending::Locative), ("нда", Ending::Locative),
    ("нде", Ending::Locative), ("дағы", Ending::Locative), ("дегі", Ending::Locative), ("тағы", Ending::Locative),
    ("тегі", Ending::Locative), ("ның", Ending::Genitive), ("нің", Ending::Genitive), ("дың", Ending::Genitive),
    ("дің", Ending::Genitive), ("тың", Ending::Genitive), ("тің", Ending::Genitive), ("ды", Ending::None), ("ді", Ending::None),
    ("ты", Ending::None), ("ті", Ending::None), ("ны", Ending::None), ("ні", Ending::None), ("н", Ending::Possessive),
    ("мен", Ending::Instrumental), ("бен", Ending::Instrumental), ("пен", Ending::Instrumental), ("дай", Ending::Approximate),
    ("дей", Ending::Approximate), ("тай", Ending::Approximate), ("тей", Ending::Approximate), ("даған", Ending::Vague),
    ("деген", Ending::Vague), ("таған", Ending::Vague), ("теген", Ending::Vague), ("лап", Ending::Vague), ("леп", Ending::Vague),
    ("дап", Ending::Vague), ("деп", Ending::Vague),
];

/// Reads an ending that stands after a hyphen or after a known stem; `None` when it is not an ending of Kazakh.
pub fn ending(tail: &str) -> Option<Ending> {
    if tail.is_empty() {
        return Some(Ending::None);
    }
    if let Some((_, found)) = CASES.iter().find(|(form, _)| *form == tail) {
        return Some(*found);
    }
    for possessive in ["ымыз", "іміз", "сы", "сі", "ы", "і"] {
        if let Some(found) = tail.strip_prefix(possessive).and_then(possessive_case) {
            return Some(found);
        }
    }
    for ordinal in ["ыншы", "інші", "ншы", "нші", "шы", "ші"] {
        if tail
            .strip_prefix(ordinal)
            .is_some_and(|rest| ending(rest).is_some())
        {
            return Some(Ending::Ordinal);
        }
    }
    for collective in ["еу", "ау", "у"] {
        if tail
            .strip_prefix(collective)
            .is_some_and(|rest| ending(rest).is_some())
        {
            return Some(Ending::Collective);
        }
    }
    for plural in ["лар", "лер", "дар", "дер", "тар", "тер"] {
        if let Some(rest) = tail.strip_prefix(plural) {
            return ending(rest);
        }
    }
    None
}

fn possessive_case(rest: &str) -> Option<Ending> {
    match rest {
        "" | "н" => Some(Ending::Possessive),
        _ => CASES
            .iter()
            .find(|(form, _)| *form == rest)
            .map(|(_, found)| *found),
    }
}

/// What may follow a known word, numbers and units included: the ending of `word` after `stem`.
pub fn ending_after(word: &str, stem: &str) -> Option<Ending> {
    word.strip_prefix(stem).and_then(ending)
}
