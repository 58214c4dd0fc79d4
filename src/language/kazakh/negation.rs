//! The negative affix of Kazakh verbs, told from the many nouns that look as if they had it.

use super::{is_back, is_vowel};

/// Verbs of two letters, which alone could also be the beginning of another word.
const SHORT_VERBS: &str =
    " ал ас ат ақ аш ет ек ер ес өт өл өс ор ой оқ от ық іл іс іш ұс ұт үз де же қу ту ";
/// Words that look like negated verbs.
const NOT_NEGATED: &str = " жалмады жалмаған жалмап жалмайды жалмаса немесе болмаса әйтпесе алмас шамасы емес бөлмеді қарамастан қарамай тамаша ";
/// Tenses and participles that follow the negative affix. The wish («бармасын») is left out: it looks like a noun in -ма
/// with a possessive («басқармасын»), which is far more common.
#[rustfmt::skip]
const AFTER_NEGATION: &[&str] = &[
    "ды", "ді", "дым", "дім", "дың", "дің", "дық", "дік", "дыңыз", "діңіз", "й", "йды", "йді", "ймын",
    "ймін", "ймыз", "йміз", "йсың", "йсің", "йсыз", "йсіз", "йтын", "йтін", "йтыны", "йтіні", "йтынын", "йтінін", "йтындығын",
    "йтіндігін", "ған", "ген", "ғаны", "гені", "ғанын", "генін", "ғандығын", "гендігін", "ғандар", "гендер", "ғандарға", "гендерге", "ғандардың",
    "гендердің", "ғанда", "генде", "ғаннан", "геннен", "с", "са", "се", "п", "пты", "пті",
    "ңыз", "ңіз", "йінше", "йынша", "стан", "стен", "у", "уі", "уы", "уге", "уға", "уін", "уын", "уда",
    "уде", "удің", "удың", "ғандықтан", "гендіктен", "сек", "сақ", "йсыңдар", "ңдар", "ңдер",
];

/// Whether a lower-case word is a verb with the negative affix: «ұсталмады», «тіркелмеген», «жанаспайды».
pub fn is_negated_verb(word: &str) -> bool {
    if NOT_NEGATED.split(' ').any(|entry| entry == word) {
        return false;
    }
    AFTER_NEGATION.iter().any(|tail| {
        word.strip_suffix(tail).is_some_and(|body| {
            let chars: Vec<char> = body.chars().collect();
            negative_affix(&chars) && follows_harmony(body, tail)
        })
    })
}

fn follows_harmony(body: &str, tail: &str) -> bool {
    let body: Vec<char> = body.chars().collect();
    let tail: Vec<char> = tail.chars().collect();
    match (is_back(&body), is_back(&tail)) {
        (Some(body), Some(tail)) => body == tail,
        _ => true,
    }
}

/// Whether the piece ends in the negative affix after something that can be a verb.
pub fn negative_affix(chars: &[char]) -> bool {
    let Some(cut) = chars.len().checked_sub(2).filter(|&cut| cut >= 2) else {
        return false;
    };
    let (stem, affix) = chars.split_at(cut);
    let back = match affix[1] {
        'а' => true,
        'е' => false,
        _ => return false,
    };
    let last = stem[stem.len() - 1];
    let joined = match affix[0] {
        'м' => is_vowel(last) || "рлйу".contains(last),
        'б' => "мнңзж".contains(last),
        'п' => "пкқтсшщб".contains(last),
        _ => return false,
    };
    let whole = stem.len() >= 3
        || SHORT_VERBS
            .split(' ')
            .any(|verb| verb.chars().eq(stem.iter().copied()));
    joined
        && whole
        && stem.iter().any(|&c| is_vowel(c))
        && is_back(stem).is_none_or(|stem| stem == back)
}
