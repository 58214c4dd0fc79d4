//! Finds the main text: which lines of a page are its article, and why the others are not.
//!
//! 1. Every line gets a weight: characters of running text outside links.
//! 2. Elements whose class, role or tag says "not main text" put their lines away, unless they hold most of the weight.
//! 3. The root is the element in which weight is densest, raised as long as its neighbours hold running text too.
//! 4. Inside the root, lines are judged one by one with their neighbours: lists of links, house phrases, bylines,
//!    the repeated headline, what stands before the first and after the last running text.

mod root;

use super::lines::{Line, LineKind};
use super::marks::Marks;
use super::phrases::{self, Phrase};
use super::tree::{Tag, Tree};
use crate::model::{BlockKind, SiteMemory};

/// Least characters of a line that counts as running text.
const MIN_RUNNING_CHARS: usize = 45;
/// Share of the page's weight, in percent, from which an element is too much of the page to be put away by its class.
const WRAPPER_PERCENT: usize = 40;

/// Running text, in characters, that is enough for an article beside a longer column.
const LEAST_BESIDE_CHARS: usize = 250;
/// Least share of the page's weight, in percent, that marks may leave.
const LEAST_NEAR_PERCENT: usize = 30;

/// What became of a line.
pub(super) type Fate = Result<(), &'static str>;

/// The main text of a page.
pub(super) struct MainText {
    /// The element it stands in.
    pub(super) root: usize,
    /// For each line, kept or why not.
    pub(super) fates: Vec<Fate>,
    /// Weight of what was kept, in characters.
    pub(super) weight: usize,
    /// Weight of the whole page.
    pub(super) page_weight: usize,
}

impl MainText {
    /// Puts away the lines that repeat over the site's pages, unless nothing else is there.
    pub(super) fn forget(&mut self, lines: &[Line], memory: &SiteMemory) {
        let kept: Vec<usize> = (0..lines.len())
            .filter(|at| self.fates[*at].is_ok())
            .collect();
        let is_sites = |at: &&usize| memory.knows(&lines[**at].text);
        let sites: Vec<usize> = kept.iter().filter(is_sites).copied().collect();
        if sites.len() < kept.len() {
            for at in sites {
                self.fates[at] = Err("repeats over the site");
            }
        }
    }
}

/// Finds the main text. `title` is the headline, `forced` a root that the configuration names.
pub(super) fn find(
    tree: &Tree<'_>,
    lines: &[Line],
    (title, title_line): (&str, Option<usize>),
    forced: Option<usize>,
) -> MainText {
    let title_at = title_line.map(|line| lines[line].first);
    let weights: Vec<usize> = lines.iter().map(weight).collect();
    let all = Sums::of(tree, lines, &weights, |_| true);
    let total = all.in_subtree(tree, 0);
    let mut away_lines = away(tree, lines, &all, (Marks::AWAY, title_at));
    let mut near = Sums::of(tree, lines, &weights, |line| away_lines[line].is_none());
    // Builders of pages call every part a box or a gallery: where little is left, only the surest marks count.
    if near.in_subtree(tree, 0) * 100 < total * LEAST_NEAR_PERCENT {
        away_lines = away(tree, lines, &all, (Marks::SURE, title_at));
        near = Sums::of(tree, lines, &weights, |line| away_lines[line].is_none());
    }
    let away = away_lines;
    let root =
        forced.unwrap_or_else(|| root::find(tree, lines, &weights, &away, (&near, title_at)));
    let mut fates: Vec<Fate> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            if !tree.subtree(root).contains(&line.first) {
                Err("outside the main element")
            } else {
                away[at].map_or(Ok(()), Err)
            }
        })
        .collect();
    if forced.is_none()
        && let Some(title_line) = title_line
    {
        take_lead(tree, lines, (title_line, root), &away, &mut fates);
    }
    judge(tree, lines, title, &weights, &mut fates);
    let weight = fates
        .iter()
        .zip(&weights)
        .filter(|(fate, _)| fate.is_ok())
        .map(|(_, weight)| weight)
        .sum();
    MainText {
        root,
        fates,
        weight,
        page_weight: total,
    }
}

/// Takes the lead and the captions that stand between the headline and the element of the main text.
fn take_lead(
    tree: &Tree<'_>,
    lines: &[Line],
    (title_line, root): (usize, usize),
    away: &[Option<&'static str>],
    fates: &mut [Fate],
) {
    for at in title_line + 1..lines.len() {
        let line = &lines[at];
        if line.first >= root {
            break;
        }
        let is_lead = std::iter::once(line.at)
            .chain(tree.ancestors(line.first).take(2))
            .any(|above| tree.nodes[above].marks.has(Marks::LEAD));
        let is_text = is_lead && is_sentence(&line.text) && !line.is_linked_over(30);
        let is_caption = line.kind == LineKind::Text(BlockKind::Caption);
        if away[at].is_none() && (is_text || is_caption) {
            fates[at] = Ok(());
        }
    }
}

/// The weight of a line: its characters outside links, when it is running text.
fn weight(line: &Line) -> usize {
    let LineKind::Text(kind) = line.kind else {
        return 0;
    };
    let n_text = line.n_chars - line.n_link_chars.min(line.n_chars) + line.n_dense_chars();
    if n_text < MIN_RUNNING_CHARS || line.is_linked_over(50) {
        return 0;
    }
    match kind {
        BlockKind::Heading | BlockKind::Caption => 0,
        BlockKind::ListItem => n_text / 2,
        _ if is_sentence(&line.text) || n_text > 140 => n_text,
        _ => n_text / 3,
    }
}

/// Whether a text ends as a sentence does.
fn is_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '»', '”', '’', '\'', ')', ']', ' '])
        .ends_with(['.', '!', '?', '…', ':', ';', '。', '！', '？', '۔', '।'])
}

/// Sums of weight over subtrees.
struct Sums {
    prefix: Vec<usize>,
}

impl Sums {
    /// Sums the weights of the lines that pass.
    fn of(
        tree: &Tree<'_>,
        lines: &[Line],
        weights: &[usize],
        passes: impl Fn(usize) -> bool,
    ) -> Sums {
        let mut prefix = vec![0; tree.nodes.len() + 1];
        for (at, line) in lines.iter().enumerate() {
            if passes(at) {
                prefix[line.first + 1] += weights[at];
            }
        }
        for at in 1..prefix.len() {
            prefix[at] += prefix[at - 1];
        }
        Sums { prefix }
    }

    /// The weight in a subtree.
    fn in_subtree(&self, tree: &Tree<'_>, at: usize) -> usize {
        self.prefix[tree.nodes[at].end] - self.prefix[at]
    }
}

/// For each line, why an element around it puts it away.
fn away(
    tree: &Tree<'_>,
    lines: &[Line],
    all: &Sums,
    (marks, title_at): (Marks, Option<usize>),
) -> Vec<Option<&'static str>> {
    let total = all.in_subtree(tree, 0);
    let mut of_node: Vec<Option<&'static str>> = Vec::with_capacity(tree.nodes.len());
    for (at, node) in tree.nodes.iter().enumerate() {
        let inherited = if at == 0 { None } else { of_node[node.parent] };
        of_node.push(inherited.or_else(|| own_reason(tree, at, all, (total, marks, title_at))));
    }
    lines.iter().map(|line| of_node[line.first]).collect()
}

/// Why an element itself is not main text.
fn own_reason(
    tree: &Tree<'_>,
    at: usize,
    all: &Sums,
    (total, marks, title_at): (usize, Marks, Option<usize>),
) -> Option<&'static str> {
    let node = &tree.nodes[at];
    let by_tag = match node.tag {
        Tag::Nav => Some("navigation"),
        Tag::Aside => Some("aside"),
        Tag::Footer => Some("foot"),
        Tag::Form => Some("form"),
        _ => None,
    };
    if by_tag.is_none() && !node.marks.has(marks) {
        return None;
    }
    if matches!(node.name(), "html" | "body") || node.marks.has(Marks::ARTICLE_BODY) {
        return None;
    }
    let weight = all.in_subtree(tree, at);
    let rest = total - weight;
    let is_comment = node.marks.has(Marks::COMMENT);
    // Beside a short text a column of other texts is most of the page; it is not the one under the headline.
    let is_beside = matches!(node.tag, Tag::Aside | Tag::Nav | Tag::Footer)
        || node.marks.has(Marks::CONSENT)
        || (node.marks.has(Marks::SIDE) && !node.marks.has(Marks::BODY.with(Marks::ARTICLE)));
    let is_elsewhere = is_beside
        && rest >= LEAST_BESIDE_CHARS
        && title_at.is_some_and(|title| !tree.subtree(at).contains(&title));
    let is_most = weight * 100 >= total * WRAPPER_PERCENT && total > 0;
    if is_most && !(is_comment && rest >= 400) && !is_elsewhere {
        return None;
    }
    if by_tag.is_some() {
        return by_tag;
    }
    // A byline or a list of tags is short; a longer element with such a class is something else.
    let only_short = Marks::BYLINE.with(Marks::TAGS);
    let strong = Marks::NAVIGATION
        .with(Marks::RELATED)
        .with(Marks::SHARE)
        .with(Marks::COMMENT)
        .with(Marks::AD)
        .with(Marks::INVITATION)
        .with(Marks::SIDE)
        .with(Marks::FOOT)
        .with(Marks::GALLERY);
    if !node.marks.has(strong) && node.marks.has(only_short) && node.n_chars > 500 {
        return None;
    }
    if matches!(node.tag, Tag::Heading(_)) && !node.marks.has(strong) {
        return None;
    }
    Some(node.marks.reason())
}

/// Judges the lines of the root one by one.
fn judge(tree: &Tree<'_>, lines: &[Line], title: &str, weights: &[usize], fates: &mut [Fate]) {
    let title = bare(title);
    let first_running =
        (0..lines.len()).find(|at| fates[*at].is_ok() && is_running(&lines[*at], weights[*at]));
    let last_running = (0..lines.len()).rev().find(|at| {
        fates[*at].is_ok() && is_running(&lines[*at], weights[*at]) && !is_house(&lines[*at])
    });
    let mut in_related = false;
    let mut in_comments = false;
    for at in 0..lines.len() {
        let line = &lines[at];
        if fates[at].is_err() || line.kind == LineKind::Table {
            continue;
        }
        in_comments |= line.n_chars <= 60
            && first_running.is_some_and(|first| at > first)
            && phrases::is_comment_head(&line.text);
        if in_comments {
            fates[at] = Err("comments");
            continue;
        }
        let phrase = (line.n_chars <= phrases::MAX_PHRASE_LINE_CHARS)
            .then(|| phrases::of(&line.text))
            .flatten();
        let is_running_line = weights[at] > 0 && !line.is_linked_over(30);
        if phrase == Some(Phrase::RelatedHead) && is_head_like(line) {
            in_related = line.n_link_chars == 0 || line.is_heading();
            fates[at] = Err("head of related links");
            continue;
        }
        if in_related {
            if is_running_line && line.kind == LineKind::Text(BlockKind::Paragraph) {
                in_related = false;
            } else if line.is_linked_over(50) || line.is_heading() {
                fates[at] = Err("related link");
                continue;
            }
        }
        fates[at] = one(
            tree,
            line,
            phrase,
            &title,
            (at, first_running, last_running),
            weights[at],
        );
    }
    drop_idle_headings(lines, fates);
}

/// Whether a line that starts with a phrase of other texts is such a head and not a sentence.
fn is_head_like(line: &Line) -> bool {
    line.is_linked_over(40)
        || line.is_heading()
        || phrases::is_only(&line.text)
        || (line.n_chars <= 120 && (line.text.contains(':') || !is_sentence(&line.text)))
}

/// Whether a line is running text.
fn is_running(line: &Line, weight: usize) -> bool {
    weight >= 60 && !line.is_linked_over(40)
}

/// Whether a line is a house phrase.
fn is_house(line: &Line) -> bool {
    line.n_chars <= phrases::MAX_PHRASE_LINE_CHARS && phrases::of(&line.text).is_some()
}

/// Judges one line.
fn one(
    tree: &Tree<'_>,
    line: &Line,
    phrase: Option<Phrase>,
    title: &str,
    (at, first, last): (usize, Option<usize>, Option<usize>),
    weight: usize,
) -> Fate {
    let text = bare(&line.text);
    if text.is_empty() {
        return Err("no letters");
    }
    if !title.is_empty() && text == title && first.is_none_or(|first| at <= first + 1) {
        return Err("the headline");
    }
    if line.level == 1 && first.is_some_and(|first| at < first) {
        return Err("the headline");
    }
    let is_linked = line.is_linked_over(60);
    if first.is_some_and(|first| at > first)
        && line.n_chars <= 400
        && phrases::is_house_note(&line.text)
    {
        return Err("house note");
    }
    match phrase {
        Some(Phrase::House)
            if line.n_chars <= 60
                || is_linked
                || !is_sentence(&line.text)
                || phrases::is_only(&line.text) =>
        {
            return Err("house phrase");
        }
        Some(Phrase::House) if last.is_some_and(|last| at > last) => return Err("house phrase"),
        Some(Phrase::Credit) if line.n_chars <= 160 => return Err("credit"),
        _ => {}
    }
    let n_words = line.n_words();
    if line.is_linked_over(80) && !is_inside_text(at, first, last) {
        return Err("links only");
    }
    let is_short_item = n_words < 12 || !is_sentence(&line.text);
    if is_linked
        && line.kind == LineKind::Text(BlockKind::ListItem)
        && (is_short_item || !is_inside_text(at, first, last))
    {
        return Err("list of links");
    }
    if line.is_linked_over(90) && (n_words >= 4 || line.is_heading() || !is_sentence(&line.text)) {
        return Err("link");
    }
    if super::dates::is_date_line(&line.text)
        && line.kind != LineKind::Text(BlockKind::Quotation)
        && (!is_inside_text(at, first, last)
            || tree
                .ancestors(line.first)
                .take(2)
                .any(|above| tree.nodes[above].marks.has(Marks::DATE)))
    {
        return Err("date line");
    }
    let is_caption = line.kind == LineKind::Text(BlockKind::Caption);
    if first.is_some_and(|first| at < first) && weight < 60 && !is_caption {
        return before_text(tree, line, n_words);
    }
    if last.is_some_and(|last| at > last) && weight < 60 && !line.is_heading() {
        return after_text(tree, line, n_words);
    }
    let is_plain = !matches!(
        tree.nodes[line.at].tag,
        Tag::Paragraph
            | Tag::Item
            | Tag::Quote
            | Tag::Heading(_)
            | Tag::Pre
            | Tag::Caption
            | Tag::Figure
    );
    if is_plain
        && n_words <= 4
        && !is_sentence(&line.text)
        && line.n_bold_chars * 10 < line.n_chars * 9
    {
        return Err("label");
    }
    Ok(())
}

/// Whether a line stands between the first and the last running text.
fn is_inside_text(at: usize, first: Option<usize>, last: Option<usize>) -> bool {
    first.is_some_and(|first| at >= first) && last.is_some_and(|last| at <= last)
}

/// Judges a short line before the first running text: a lead or heading stays, labels and bylines go.
fn before_text(tree: &Tree<'_>, line: &Line, n_words: usize) -> Fate {
    let is_own_paragraph = tree.nodes[line.at].tag == Tag::Paragraph && n_words >= 10;
    if is_sentence(&line.text)
        && n_words >= 4
        && !line.is_linked_over(if is_own_paragraph { 75 } else { 40 })
    {
        return Ok(());
    }
    if line.is_heading() && n_words >= 2 && line.level > 1 && !line.is_linked_over(40) {
        return Ok(());
    }
    let is_paragraph = matches!(
        tree.nodes[line.at].tag,
        Tag::Paragraph | Tag::Quote | Tag::Item
    );
    if is_paragraph && n_words >= 5 && !line.is_linked_over(40) && !is_byline(&line.text) {
        return Ok(());
    }
    Err("before the text")
}

/// Judges a short line after the last running text: the end of the text stays, labels go.
fn after_text(tree: &Tree<'_>, line: &Line, n_words: usize) -> Fate {
    if tree.nodes[line.at].tag == Tag::Paragraph && n_words >= 4 && !line.is_linked_over(50) {
        return Ok(());
    }
    if line.n_link_chars * 3 < line.n_chars
        && n_words >= 3
        && (is_sentence(&line.text) || line.kind == LineKind::Text(BlockKind::ListItem))
    {
        return Ok(());
    }
    Err("after the text")
}

/// Whether a line names its author.
fn is_byline(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "by ",
        "автор",
        "авторы",
        "posted ",
        "written by",
        "von ",
        "par ",
        "por ",
        "текст:",
        "мәтін:",
    ]
    .iter()
    .any(|start| lower.starts_with(start))
}

/// Drops headings under which nothing was kept.
fn drop_idle_headings(lines: &[Line], fates: &mut [Fate]) {
    let mut has_text = false;
    for at in (0..lines.len()).rev() {
        if fates[at].is_err() {
            continue;
        }
        if !lines[at].is_heading() {
            has_text = true;
        } else if !has_text {
            fates[at] = Err("heading without text");
        }
    }
}

/// Letters and digits of a text in lower case: what two copies of a headline share.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
