//! Finds the element that holds the main text: where running text is densest, raised while its neighbours are of one text.

use super::{Line, Marks, Sums, Tag, Tree};

/// Share of the root's weight, in percent, that a parent must add to become the root.
const RAISE_PERCENT: usize = 12;

/// The element that holds the main text.
pub(super) fn find(
    tree: &Tree<'_>,
    lines: &[Line],
    weights: &[usize],
    away: &[Option<&'static str>],
    (near, title_at): (&Sums, Option<usize>),
) -> usize {
    let mut scores = vec![0_usize; tree.nodes.len()];
    for (at, line) in lines.iter().enumerate() {
        if weights[at] == 0 || away[at].is_some() {
            continue;
        }
        let n_commas = line
            .text
            .chars()
            .filter(|letter| matches!(letter, ',' | '，' | '、' | '،'))
            .count();
        let score = 100 + 30 * n_commas.min(10) + weights[at].min(600);
        let is_block = !matches!(
            tree.nodes[line.at].tag,
            Tag::Paragraph | Tag::Quote | Tag::Item | Tag::Pre
        );
        let above = std::iter::once(line.at)
            .filter(|_| is_block)
            .chain(tree.ancestors(line.at));
        for (step, ancestor) in above.take(6).enumerate() {
            scores[ancestor] += match step {
                0 => score,
                1 => score / 2,
                _ => score / (3 * step),
            };
        }
    }
    let mut best = (0, 0);
    for (at, score) in scores.iter().enumerate() {
        if *score == 0 || matches!(tree.nodes[at].name(), "html" | "") {
            continue;
        }
        let node = &tree.nodes[at];
        let mut score = *score;
        if node.marks.has(Marks::ARTICLE_BODY) {
            score *= 2;
        } else if node.marks.has(Marks::BODY) {
            score = score * 5 / 4;
        }
        score = score * (node.n_chars - node.n_link_chars.min(node.n_chars)) / node.n_chars.max(1);
        if score > best.1 {
            best = (at, score);
        }
    }
    if best.1 == 0 {
        return body(tree);
    }
    raise(tree, above_single_line(tree, lines, best.0), near, title_at)
}

/// A block that is one line is a paragraph whatever its element, so the text is what stands around it.
fn above_single_line(tree: &Tree<'_>, lines: &[Line], at: usize) -> usize {
    let range = tree.subtree(at);
    let n_lines = lines
        .iter()
        .filter(|line| range.contains(&line.first))
        .take(2)
        .count();
    let parent = tree.nodes[at].parent;
    if n_lines > 1 || matches!(tree.nodes[parent].name(), "body" | "html" | "") {
        at
    } else {
        parent
    }
}

/// The body of the page.
fn body(tree: &Tree<'_>) -> usize {
    tree.nodes
        .iter()
        .position(|node| node.name() == "body")
        .unwrap_or(0)
}

/// Raises the root while what stands beside it is running text too.
fn raise(tree: &Tree<'_>, at: usize, near: &Sums, title_at: Option<usize>) -> usize {
    let total = near.in_subtree(tree, 0);
    let mut root = at;
    let mut current = at;
    while current != 0 {
        let parent = tree.nodes[current].parent;
        let node = &tree.nodes[parent];
        if matches!(node.name(), "html" | "") || node.tag == Tag::Text {
            break;
        }
        let (inner, outer) = (near.in_subtree(tree, root), near.in_subtree(tree, parent));
        let added = outer - inner;
        if added * 100 >= inner * RAISE_PERCENT
            && added >= 100
            && is_one_text(tree, root, parent, near)
        {
            root = parent;
        }
        // One of several articles under one headline is a part of the text: an entry of a live blog, a place of a list.
        let is_part = node.tag == Tag::Article
            && outer * 2 < total
            && title_at.is_some_and(|title| !tree.subtree(parent).contains(&title));
        if (matches!(node.tag, Tag::Article | Tag::Main) || node.marks.has(Marks::ARTICLE_BODY))
            && !is_part
        {
            break;
        }
        current = parent;
    }
    root
}

/// Whether what a parent adds to the root reads as the same text: few links in it.
fn is_one_text(tree: &Tree<'_>, root: usize, parent: usize, near: &Sums) -> bool {
    let (inner, outer) = (&tree.nodes[root], &tree.nodes[parent]);
    let n_chars = outer.n_chars.saturating_sub(inner.n_chars);
    let added = near.in_subtree(tree, parent) - near.in_subtree(tree, root);
    added * 100 >= n_chars * 40
}
