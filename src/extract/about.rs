//! Reads what a page says of itself beside its text, and says how far the reading is to be trusted.
//!
//! The confidence starts from certainty and loses by each sign that text was lost or that something else was taken for it;
//! each such sign that people can act on is a warning as well.

use url::Url;

use super::json_ld::JsonLd;
use super::lines::{Line, LineKind};
use super::maintext::MainText;
use super::marks::Marks;
use super::metadata::{self, bare, fold};
use super::tree::{Tag, Tree};
use super::{MIN_TEXT_CHARS, credits};
use crate::canonical;
use crate::language::{Language, detect};
use crate::model::{Block, BlockKind, Document};

/// Longest subtitle, in characters.
const MAX_SUBTITLE_CHARS: usize = 600;
/// Longest name of a section, in characters.
const MAX_SECTION_CHARS: usize = 60;
/// Most links kept of one text.
const MAX_LINKS: usize = 20;
/// Words a block must have for its language to be told by itself.
const MIN_LANGUAGE_WORDS: usize = 6;
/// Certainty, in thousandths.
const CERTAIN: u16 = 1000;

/// What a page says of itself is read from these.
pub(super) struct Sources<'s, 't> {
    /// The page.
    pub(super) tree: &'s Tree<'t>,
    /// Its lines.
    pub(super) lines: &'s [Line],
    /// Its JSON-LD.
    pub(super) json_ld: &'s JsonLd,
    /// What became of the lines.
    pub(super) main: &'s MainText,
    /// Line of the title.
    pub(super) title_line: Option<usize>,
    /// Address.
    pub(super) url: &'s str,
}

/// Adds to a document what its page says of itself.
pub(super) fn add(document: &mut Document, from: &Sources<'_, '_>) {
    document.about.subtitle = from.subtitle(&document.title);
    document.about.section = from.section(&document.title);
    document.about.image = from.image();
    document.about.credits = credits::of(&document.blocks);
    document.about.links = from.links();
    document.about.other_languages = other_languages(&document.blocks, document.language);
    if from.json_ld.is_paid {
        document.warnings.push(
            "the page says that its text is for subscribers; part of it may be missing".to_owned(),
        );
    } else if from.ends_at_paywall() {
        document.warnings.push(
            "the text ends where the page asks to subscribe; part of it may be missing".to_owned(),
        );
    }
    document.about.confidence = Some(from.confidence(document));
}

impl Sources<'_, '_> {
    /// The subtitle: declared, or the line marked so right after the title.
    fn subtitle(&self, title: &str) -> Option<String> {
        let is_own = |text: &str| {
            let n_chars = text.chars().count();
            (10..=MAX_SUBTITLE_CHARS).contains(&n_chars) && bare(text) != bare(title)
        };
        let after = self.title_line.map_or(0, |line| line + 1);
        let marked = self.lines.iter().skip(after).take(6).find(|line| {
            matches!(line.kind, LineKind::Text(_))
                && std::iter::once(line.at)
                    .chain(self.tree.ancestors(line.first).take(3))
                    .any(|at| self.tree.nodes[at].marks.has(Marks::LEAD))
                && !line.is_linked_over(50)
                && is_own(&line.text)
        });
        marked.map(|line| line.text.clone()).or_else(|| {
            self.json_ld
                .subtitle
                .as_deref()
                .map(fold)
                .filter(|text| is_own(text))
        })
    }

    /// The section: declared, or the last bread crumb that is not the page itself.
    fn section(&self, title: &str) -> Option<String> {
        let is_name = |text: &String| {
            !text.is_empty()
                && text.chars().count() <= MAX_SECTION_CHARS
                && !text.contains("://")
                && bare(text) != bare(title)
        };
        self.json_ld
            .section
            .as_deref()
            .or_else(|| {
                metadata::meta(
                    self.tree,
                    &["article:section", "og:article:section", "section"],
                )
            })
            .map(fold)
            .filter(is_name)
            .or_else(|| self.crumb().filter(is_name))
    }

    /// The last link of the bread crumbs.
    fn crumb(&self) -> Option<String> {
        let tree = self.tree;
        let crumbs = tree.nodes.iter().position(|node| {
            let is_named = |value: Option<&str>| {
                value.is_some_and(|value| {
                    let lower = value.to_ascii_lowercase();
                    lower.contains("breadcrumb") || lower.contains("kroshki")
                })
            };
            let is_list = || {
                node.attr("itemtype")
                    .is_some_and(|kind| kind.ends_with("BreadcrumbList"))
            };
            (node.marks.has(Marks::NAVIGATION)
                && (is_named(node.attr("class"))
                    || is_named(node.attr("id"))
                    || is_named(node.attr("aria-label"))))
                || is_list()
        })?;
        let links: Vec<usize> = tree
            .subtree(crumbs)
            .filter(|at| tree.nodes[*at].tag == Tag::Link)
            .collect();
        // The first link is the front page.
        (links.len() > 1)
            .then(|| links.last().map(|at| tree.text_of(*at)))
            .flatten()
    }

    /// The page's own picture.
    fn image(&self) -> Option<String> {
        let declared = metadata::meta(
            self.tree,
            &[
                "og:image",
                "og:image:url",
                "og:image:secure_url",
                "twitter:image",
            ],
        )
        .or(self.json_ld.image.as_deref());
        let in_text = || {
            let range = self.tree.subtree(self.main.root);
            self.tree.nodes[range]
                .iter()
                .filter(|node| matches!(node.name(), "img" | "amp-img"))
                .find_map(|node| node.attr("src").filter(|src| !src.starts_with("data:")))
        };
        let written = declared.or_else(in_text)?.trim();
        match Url::parse(self.url) {
            Ok(base) => base.join(written).ok(),
            Err(_) => Url::parse(written).ok(),
        }
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .map(Url::into)
    }

    /// Pages of other sites that lines of the main text link to, in order, each once.
    fn links(&self) -> Vec<String> {
        let Ok(base) = Url::parse(self.url) else {
            return Vec::new();
        };
        let mut found: Vec<String> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            if self.main.fates[at].is_err() || line.n_link_chars == 0 {
                continue;
            }
            let block = self.tree.subtree(line.at);
            let next = self.lines.get(at + 1).map_or(block.end, |next| next.first);
            // The text of a line may begin inside its link.
            let around = self.tree.ancestors(line.first);
            let around = around.take_while(|node| *node > line.at);
            let inside = line.first..next.clamp(line.first, block.end);
            let hrefs = around
                .chain(inside)
                .map(|node| &self.tree.nodes[node])
                .filter(|node| node.tag == Tag::Link)
                .filter_map(|node| node.attr("href"));
            for href in hrefs {
                let link = base.join(href.trim());
                let link = link
                    .ok()
                    .filter(|link| !metadata::is_same_site(&base, link));
                let Some(link) = link.and_then(|link| canonical::url(link.as_str()).ok()) else {
                    continue;
                };
                if found.len() < MAX_LINKS && !found.contains(&link) {
                    found.push(link);
                }
            }
        }
        found
    }

    /// Whether the text is short and what follows it asks for a subscription.
    fn ends_at_paywall(&self) -> bool {
        let last = (0..self.lines.len())
            .rev()
            .find(|at| self.main.fates[*at].is_ok());
        let Some(last) = last else {
            return false;
        };
        self.lines[last + 1..].iter().take(6).any(|line| {
            let lower = line.text.to_lowercase();
            line.n_chars <= 300 && PAYWALL.iter().any(|words| lower.contains(words))
        })
    }

    /// How surely the text is all of the article and nothing else.
    fn confidence(&self, document: &Document) -> u16 {
        let n_chars: usize = document
            .blocks
            .iter()
            .map(|block| block.text.chars().count())
            .sum();
        let is_said = |words: &str| {
            document
                .warnings
                .iter()
                .any(|warning| warning.contains(words))
        };
        // What of the page's running text was taken: much left out is much doubt.
        let percent = self.main.weight * 100 / self.main.page_weight.max(1);
        let losses = [
            (n_chars == 0 && document.tables.is_empty(), 900),
            (n_chars < MIN_TEXT_CHARS && document.tables.is_empty(), 350),
            (is_said("embedded in the page"), 150),
            (is_said("missing"), 250),
            (is_said("left out") || is_said("charset"), 100),
            (percent < 30, 200),
            ((30..60).contains(&percent), 80),
            (self.title_line.is_none(), 70),
            (document.published.is_none(), 30),
        ];
        losses
            .iter()
            .filter(|(is_so, _)| *is_so)
            .fold(CERTAIN, |left, (_, loss)| left.saturating_sub(*loss))
    }
}

/// What pages write where a text ends for those who do not pay.
const PAYWALL: &[&str] = &[
    "to continue reading",
    "to read the full",
    "read the full story",
    "this article is for subscribers",
    "subscribers only",
    "already a subscriber",
    "subscribe to read",
    "to keep reading",
    "продолжение доступно",
    "доступно по подписке",
    "доступен по подписке",
    "только для подписчиков",
    "читать полностью",
    "чтобы дочитать",
    "чтобы прочитать полностью",
    "чтобы продолжить чтение",
    "оформите подписку",
    "полный текст доступен",
    "жазылушыларға ғана",
    "тек жазылушылар",
    "толық оқу үшін",
    "толық нұсқасын оқу",
    "жалғасын оқу үшін",
    "жазылым арқылы",
];

/// Blocks whose own words are of another language than the document's.
pub(super) fn other_languages(
    blocks: &[Block],
    language: Option<Language>,
) -> Vec<(usize, Language)> {
    let Some(language) = language else {
        return Vec::new();
    };
    blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| {
            block.kind != BlockKind::Caption
                && may_be_other(&block.text, language)
                && block.text.split(' ').take(MIN_LANGUAGE_WORDS).count() == MIN_LANGUAGE_WORDS
        })
        .filter_map(|(at, block)| {
            let own = detect::sentence_language(&block.text, language);
            (own != language).then_some((at, own))
        })
        .collect()
}

/// Whether the letters of a block leave room for another language: most blocks need no closer look.
fn may_be_other(text: &str, language: Language) -> bool {
    let n_latin = || text.bytes().filter(u8::is_ascii_alphabetic).count();
    match language {
        Language::En => !text.is_ascii(),
        Language::Ru => text.contains(KAZAKH_LETTERS) || n_latin() * 3 > text.len(),
        Language::Kk => !text.contains(KAZAKH_LETTERS),
    }
}

/// Letters Kazakh has and Russian has not.
const KAZAKH_LETTERS: [char; 18] = [
    'ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'һ', 'і', 'Ә', 'Ғ', 'Қ', 'Ң', 'Ө', 'Ұ', 'Ү', 'Һ', 'І',
];
