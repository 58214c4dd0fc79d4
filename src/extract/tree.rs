//! Turns a parsed page into a flat tree in document order, with what every later step asks of an element.
//!
//! Nodes stand in one vector in the order of the text, so a subtree is a slice and one pass from the end adds up sizes.
//! What no reader sees (hidden elements, controls of forms) stays in the tree but counts no characters.

use scraper::Html;
use scraper::node::{Element, Node as Parsed};

use super::marks::{self, Marks};

/// Nodes past this are left out: a real page has thousands.
const MAX_NODES: usize = 2_000_000;

/// Visible characters under which a page is taken for one that a script shows.
const MIN_VISIBLE_CHARS: usize = 200;

/// What an element is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// A text node.
    Text,
    /// A line break.
    Break,
    /// A link.
    Link,
    /// Emphasis and other inline elements.
    Inline,
    /// Bold text, which may be a headline on old pages.
    Bold,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list, a term or its description.
    Item,
    /// A list.
    List,
    /// A block quotation.
    Quote,
    /// Preformatted text.
    Pre,
    /// A figure.
    Figure,
    /// A caption of a figure or table.
    Caption,
    /// A table.
    Table,
    /// A row.
    Row,
    /// A header cell.
    HeaderCell,
    /// A cell.
    Cell,
    /// A head, body or foot of a table: `true` for the head.
    RowGroup(bool),
    /// An article element.
    Article,
    /// The main element.
    Main,
    /// Navigation.
    Nav,
    /// An aside.
    Aside,
    /// A header.
    Header,
    /// A footer.
    Footer,
    /// A form.
    Form,
    /// A time element.
    Time,
    /// A button, field or other control; never text.
    Control,
    /// The head of the document and what it holds.
    Head,
    /// A horizontal rule.
    Rule,
    /// Any other block.
    Block,
}

impl Tag {
    /// The tag of an element name.
    fn of(name: &str) -> Tag {
        match name {
            "br" => Tag::Break,
            "a" => Tag::Link,
            "b" | "strong" => Tag::Bold,
            "h1" => Tag::Heading(1),
            "h2" => Tag::Heading(2),
            "h3" => Tag::Heading(3),
            "h4" => Tag::Heading(4),
            "h5" => Tag::Heading(5),
            "h6" => Tag::Heading(6),
            "p" => Tag::Paragraph,
            "li" | "dd" | "dt" => Tag::Item,
            "ul" | "ol" | "dl" | "menu" => Tag::List,
            "blockquote" => Tag::Quote,
            "pre" => Tag::Pre,
            "figure" => Tag::Figure,
            "figcaption" | "caption" => Tag::Caption,
            "table" => Tag::Table,
            "tr" => Tag::Row,
            "th" => Tag::HeaderCell,
            "td" => Tag::Cell,
            "thead" => Tag::RowGroup(true),
            "tbody" | "tfoot" => Tag::RowGroup(false),
            "article" => Tag::Article,
            "main" => Tag::Main,
            "nav" => Tag::Nav,
            "aside" => Tag::Aside,
            "header" => Tag::Header,
            "footer" => Tag::Footer,
            "form" => Tag::Form,
            "time" => Tag::Time,
            "button" | "select" | "input" | "textarea" | "label" | "option" | "dialog"
            | "audio" | "video" | "progress" | "meter" => Tag::Control,
            "head" | "title" | "meta" | "link" | "base" => Tag::Head,
            "hr" => Tag::Rule,
            "span" | "em" | "i" | "u" | "s" | "font" | "small" | "big" | "sub" | "sup" | "mark"
            | "abbr" | "acronym" | "cite" | "code" | "q" | "kbd" | "samp" | "var" | "ins"
            | "del" | "strike" | "tt" | "bdi" | "bdo" | "dfn" | "data" | "nobr" | "img" | "wbr"
            | "picture" | "source" | "ruby" | "rt" | "rb" | "amp-img" | "g" | "o:p" | "area"
            | "map" => Tag::Inline,
            _ => Tag::Block,
        }
    }

    /// Whether the element stands in a line of text.
    pub(super) fn is_inline(self) -> bool {
        matches!(
            self,
            Tag::Text | Tag::Break | Tag::Link | Tag::Inline | Tag::Bold | Tag::Time
        )
    }
}

/// One node.
pub(super) struct Node<'a> {
    /// What it is.
    pub(super) tag: Tag,
    /// The element; `None` for text.
    pub(super) element: Option<&'a Element>,
    /// The text; empty for elements.
    pub(super) text: &'a str,
    /// Parent; the root is its own.
    pub(super) parent: usize,
    /// Node after the last of the subtree.
    pub(super) end: usize,
    /// Characters a reader sees in the subtree, white space folded away.
    pub(super) n_chars: usize,
    /// Those of them inside links.
    pub(super) n_link_chars: usize,
    /// What its class, id and role say.
    pub(super) marks: Marks,
    /// Whether a reader does not see it.
    pub(super) is_hidden: bool,
}

impl<'a> Node<'a> {
    /// An attribute's value.
    pub(super) fn attr(&self, name: &str) -> Option<&'a str> {
        self.element?
            .attrs()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The element's name; empty for text.
    pub(super) fn name(&self) -> &'a str {
        self.element.map_or("", Element::name)
    }
}

/// A page's nodes in document order; the first is the document.
pub(super) struct Tree<'a> {
    /// The nodes.
    pub(super) nodes: Vec<Node<'a>>,
    /// Those of them that belong to the head: `meta`, `link`, `title` and the like, wherever they stand.
    pub(super) heads: Vec<usize>,
}

impl<'a> Tree<'a> {
    /// Flattens a parsed page.
    pub(super) fn of(html: &'a Html) -> Tree<'a> {
        let mut nodes: Vec<Node<'a>> = Vec::with_capacity(4096);
        let root = html.tree.root();
        let (mut current, mut parent) = (root, 0_usize);
        'walk: loop {
            let at = nodes.len();
            let is_kept = at < MAX_NODES && push(&mut nodes, current.value(), parent);
            if is_kept && let Some(child) = current.first_child() {
                (current, parent) = (child, at);
                continue;
            }
            if is_kept {
                nodes[at].end = at + 1;
            }
            loop {
                if let Some(next) = current.next_sibling() {
                    current = next;
                    continue 'walk;
                }
                let Some(up) = current.parent() else {
                    break 'walk;
                };
                let n = nodes.len();
                nodes[parent].end = n;
                (current, parent) = (up, nodes[parent].parent);
                if current == root {
                    break 'walk;
                }
            }
        }
        let n = nodes.len();
        if let Some(first) = nodes.first_mut() {
            first.end = n;
        }
        let heads = (0..n).filter(|at| nodes[*at].tag == Tag::Head).collect();
        let mut tree = Tree { nodes, heads };
        tree.show_all_if_empty();
        tree.add_up();
        tree
    }

    /// Shows what is hidden where next to nothing is visible: pages that arrive in hidden parts for a script to show.
    fn show_all_if_empty(&mut self) {
        let (mut n_visible, mut next) = (0, 0);
        while let Some(node) = self.nodes.get(next) {
            n_visible += node.n_chars;
            next = if node.is_hidden { node.end } else { next + 1 };
            if n_visible >= MIN_VISIBLE_CHARS {
                return;
            }
        }
        for node in &mut self.nodes {
            node.is_hidden &= matches!(node.tag, Tag::Control | Tag::Head);
        }
    }

    /// Adds characters up the tree, from the last node to the first.
    fn add_up(&mut self) {
        for at in (1..self.nodes.len()).rev() {
            let node = &self.nodes[at];
            if node.is_hidden {
                continue;
            }
            let (parent, n_chars) = (node.parent, node.n_chars);
            let n_link = if node.tag == Tag::Link {
                n_chars
            } else {
                node.n_link_chars
            };
            self.nodes[at].n_link_chars = n_link;
            self.nodes[parent].n_chars += n_chars;
            self.nodes[parent].n_link_chars += n_link;
        }
    }

    /// The elements of the head that have a name, in order.
    pub(super) fn heads<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Node<'a>> + 's {
        self.heads
            .iter()
            .map(|at| &self.nodes[*at])
            .filter(move |node| node.name() == name)
    }

    /// The nodes of a subtree, its root first.
    pub(super) fn subtree(&self, at: usize) -> std::ops::Range<usize> {
        at..self.nodes[at].end
    }

    /// The children of a node, in order.
    pub(super) fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[at].end;
        let mut next = at + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = next;
                next = self.nodes[child].end;
                child
            })
        })
    }

    /// The ancestors of a node from its parent to the document.
    pub(super) fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let mut current = at;
        std::iter::from_fn(move || {
            (current != 0).then(|| {
                current = self.nodes[current].parent;
                current
            })
        })
    }

    /// Text of a subtree with white space folded; hidden parts left out, blocks kept apart by a space.
    pub(super) fn text_of(&self, at: usize) -> String {
        let mut text = String::new();
        let mut next = at;
        let end = self.nodes[at].end;
        while next < end {
            let node = &self.nodes[next];
            if node.is_hidden && next != at {
                next = node.end;
                continue;
            }
            if node.tag == Tag::Text {
                fold_into(&mut text, node.text);
            } else if (!node.tag.is_inline() || node.tag == Tag::Break) && !text.ends_with(' ') {
                text.push(' ');
            }
            next += 1;
        }
        text.trim().to_owned()
    }
}

/// Appends text with runs of white space folded into one space.
pub(super) fn fold_into(out: &mut String, text: &str) {
    let mut has_space = out.is_empty() || out.ends_with(' ');
    for letter in text.chars() {
        if letter.is_whitespace() {
            if !has_space {
                out.push(' ');
            }
            has_space = true;
        } else if !is_invisible(letter) {
            out.push(letter);
            has_space = false;
        }
    }
}

/// Characters that carry no text: soft hyphens, zero-width spaces, marks of order and direction, NUL.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{200E}' | '\u{200F}' | '\0'
    ) || (letter.is_control() && !letter.is_whitespace())
}

/// Adds a node, unless it is a comment or the like.
fn push<'a>(nodes: &mut Vec<Node<'a>>, value: &'a Parsed, parent: usize) -> bool {
    let mut node = Node {
        tag: Tag::Block,
        element: None,
        text: "",
        parent,
        end: nodes.len() + 1,
        n_chars: 0,
        n_link_chars: 0,
        marks: Marks::NONE,
        is_hidden: false,
    };
    match value {
        Parsed::Text(text) => {
            node.tag = Tag::Text;
            node.text = text;
            node.n_chars = n_visible(text);
        }
        Parsed::Element(element) => {
            node.tag = Tag::of(element.name());
            node.element = Some(element);
            node.marks = marks::of(element);
            node.is_hidden =
                matches!(node.tag, Tag::Control | Tag::Head) || marks::is_hidden(element);
        }
        Parsed::Document | Parsed::Fragment => {}
        _ => return false,
    }
    nodes.push(node);
    true
}

/// Characters of a text, each run of white space counted once.
fn n_visible(text: &str) -> usize {
    let (mut n, mut was_space) = (0, true);
    for letter in text.chars() {
        let is_space = letter.is_whitespace();
        n += usize::from(!(is_space && was_space));
        was_space = is_space;
    }
    n - usize::from(was_space && n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::scan;

    #[test]
    fn what_a_page_costs_grows_with_its_size_and_no_faster() {
        let families: [(&str, &str); 12] = [
            ("nested blocks", "<div>"),
            ("nested tables", "<table><tr><td>"),
            ("unclosed formatting", "<b><i><a href=x>"),
            ("skipped elements never closed", "<svg><noscript><iframe>"),
            ("end tags of nothing", "</div></b></x>"),
            ("elements left out and ended", "<div><b></b></i></div></p>"),
            ("signs", "<"),
            ("comments never closed", "<!--"),
            ("declarations never closed", "<!x"),
            ("quotes never closed", "<p a=\""),
            ("attributes", "<p a=1 b=2 c=3>"),
            ("nulls and entities", "\0&amp;&#0;"),
        ];
        for (name, part) in families {
            let cost = |n: usize| {
                let page = part.repeat(n);
                let scanned = scan::scan(&page);
                let html = Html::parse_document(&scanned.html);
                let tree = Tree::of(&html);
                let depth = (0..tree.nodes.len())
                    .map(|at| tree.ancestors(at).count())
                    .max();
                // The parser adds html, head, body and what tables imply.
                assert!(depth <= Some(3 * scan::MAX_DEPTH), "{name}: {depth:?}");
                scanned.n_looked + tree.nodes.len()
            };
            let (once, twice) = (cost(1_000), cost(2_000));
            assert!(twice <= 3 * once, "{name}: {once}, then {twice}");
        }
    }
}
