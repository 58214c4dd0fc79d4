//! Reads what the class, id and role of an element say of its part in the page, in the words sites use for them.
//!
//! Names are split into words at punctuation and at capitals (`article__shareBar` is article, share, bar). The lists hold
//! whole word classes, English and the Latin spellings of Russian and Kazakh; no site's own names.

use scraper::node::Element;

/// A set of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks(u32);

impl Marks {
    /// No mark.
    pub(super) const NONE: Marks = Marks(0);
    /// Navigation, menus, bread crumbs.
    pub(super) const NAVIGATION: Marks = Marks(1);
    /// Links to other texts.
    pub(super) const RELATED: Marks = Marks(1 << 1);
    /// Buttons to share and follow.
    pub(super) const SHARE: Marks = Marks(1 << 2);
    /// Readers' comments.
    pub(super) const COMMENT: Marks = Marks(1 << 3);
    /// Advertisements.
    pub(super) const AD: Marks = Marks(1 << 4);
    /// Invitations to subscribe, pay or agree to cookies.
    pub(super) const INVITATION: Marks = Marks(1 << 5);
    /// Date, author, counters.
    pub(super) const BYLINE: Marks = Marks(1 << 6);
    /// Tags and categories.
    pub(super) const TAGS: Marks = Marks(1 << 7);
    /// Captions and credits.
    pub(super) const CAPTION: Marks = Marks(1 << 8);
    /// Columns and boxes beside the text.
    pub(super) const SIDE: Marks = Marks(1 << 9);
    /// Galleries and players.
    pub(super) const GALLERY: Marks = Marks(1 << 10);
    /// The main text.
    pub(super) const BODY: Marks = Marks(1 << 11);
    /// The headline.
    pub(super) const HEADLINE: Marks = Marks(1 << 12);
    /// The lead or subtitle.
    pub(super) const LEAD: Marks = Marks(1 << 13);
    /// The foot of the page.
    pub(super) const FOOT: Marks = Marks(1 << 14);
    /// A name of an article as such.
    pub(super) const ARTICLE: Marks = Marks(1 << 15);
    /// `itemprop=articleBody`.
    pub(super) const ARTICLE_BODY: Marks = Marks(1 << 16);
    /// A date or time.
    pub(super) const DATE: Marks = Marks(1 << 17);
    /// An author.
    pub(super) const AUTHOR: Marks = Marks(1 << 18);
    /// A request for consent to cookies, or another dialog.
    pub(super) const CONSENT: Marks = Marks(1 << 19);

    /// Marks that say an element is not main text.
    pub(super) const AWAY: Marks = Marks(
        Marks::NAVIGATION.0
            | Marks::RELATED.0
            | Marks::SHARE.0
            | Marks::COMMENT.0
            | Marks::AD.0
            | Marks::INVITATION.0
            | Marks::BYLINE.0
            | Marks::TAGS.0
            | Marks::SIDE.0
            | Marks::FOOT.0
            | Marks::GALLERY.0,
    );

    /// Marks that are never on main text.
    pub(super) const SURE: Marks = Marks(
        Marks::NAVIGATION.0
            | Marks::RELATED.0
            | Marks::COMMENT.0
            | Marks::FOOT.0
            | Marks::SHARE.0
            | Marks::BYLINE.0
            | Marks::TAGS.0,
    );

    /// Marks of parts that speak of other texts.
    pub(super) const ELSEWHERE: Marks = Marks(
        Marks::COMMENT.0 | Marks::RELATED.0 | Marks::SIDE.0 | Marks::FOOT.0 | Marks::NAVIGATION.0,
    );

    /// Whether the sets share a mark.
    pub(super) fn has(self, other: Marks) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub(super) fn with(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }

    /// The name of the first mark that says why an element is not main text.
    pub(super) fn reason(self) -> &'static str {
        const NAMES: &[(Marks, &str)] = &[
            (Marks::COMMENT, "comments"),
            (Marks::RELATED, "related"),
            (Marks::SHARE, "share"),
            (Marks::AD, "advertisement"),
            (Marks::INVITATION, "invitation"),
            (Marks::NAVIGATION, "navigation"),
            (Marks::TAGS, "tags"),
            (Marks::BYLINE, "byline"),
            (Marks::SIDE, "side"),
            (Marks::GALLERY, "gallery"),
            (Marks::FOOT, "foot"),
            (Marks::CAPTION, "caption"),
        ];
        NAMES
            .iter()
            .find(|(mark, _)| self.has(*mark))
            .map_or("marked", |(_, name)| name)
    }
}

/// The marks of an element.
pub(super) fn of(element: &Element) -> Marks {
    let mut marks = Marks::NONE;
    for (name, value) in element.attrs() {
        match name {
            "class" | "id" | "data-testid" | "data-component" | "data-qa" | "data-role" => {
                marks = marks.with(of_names(value));
            }
            "itemprop" => marks = marks.with(of_itemprop(value)),
            "role" => marks = marks.with(of_role(value)),
            "aria-label" => marks = marks.with(of_label(value)),
            _ => {}
        }
    }
    marks
}

/// Whether an element's own attributes hide it.
pub(super) fn is_hidden(element: &Element) -> bool {
    element.attrs().any(|(name, value)| match name {
        "hidden" => value != "until-found",
        "aria-hidden" => value == "true" && element.name() != "p" && element.name() != "div",
        "style" => {
            let style: String = value
                .chars()
                .filter(|letter| !letter.is_whitespace())
                .take(400)
                .collect::<String>()
                .to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        }
        "class" => value.split_ascii_whitespace().any(|class| {
            matches!(
                class,
                "hidden"
                    | "visually-hidden"
                    | "visuallyhidden"
                    | "sr-only"
                    | "screen-reader-text"
                    | "u-hidden"
                    | "is-hidden"
                    | "print-only"
                    | "screenreader-only"
                    | "a11y-hidden"
                    | "offscreen"
                    | "element-invisible"
            )
        }),
        _ => false,
    })
}

/// Marks of a microdata property.
fn of_itemprop(value: &str) -> Marks {
    value
        .split_ascii_whitespace()
        .map(|name| match name {
            "articleBody" => Marks::ARTICLE_BODY.with(Marks::BODY),
            "headline" => Marks::HEADLINE,
            "author" | "creator" => Marks::AUTHOR.with(Marks::BYLINE),
            "datePublished" | "dateModified" | "dateCreated" | "dateUpdated" | "dateUpdate" => {
                Marks::DATE.with(Marks::BYLINE)
            }
            "comment" => Marks::COMMENT,
            "caption" | "copyrightHolder" => Marks::CAPTION,
            "keywords" => Marks::TAGS,
            "breadcrumb" => Marks::NAVIGATION,
            _ => Marks::NONE,
        })
        .fold(Marks::NONE, Marks::with)
}

/// Marks of an ARIA role.
fn of_role(value: &str) -> Marks {
    match value {
        "navigation" | "menu" | "menubar" | "search" | "toolbar" | "tablist" => Marks::NAVIGATION,
        "complementary" => Marks::SIDE,
        "contentinfo" => Marks::FOOT,
        "banner" => Marks::NAVIGATION,
        "dialog" | "alertdialog" => Marks::INVITATION.with(Marks::CONSENT),
        "article" => Marks::ARTICLE,
        _ => Marks::NONE,
    }
}

/// Marks of an accessibility label, where it says advertisement or related.
fn of_label(value: &str) -> Marks {
    let lower = value.to_lowercase();
    if lower.starts_with("advert") || lower == "реклама" || lower == "жарнама" {
        Marks::AD
    } else if lower.contains("breadcrumb") {
        Marks::NAVIGATION
    } else {
        Marks::NONE
    }
}

/// Marks of a class or id.
fn of_names(value: &str) -> Marks {
    let mut marks = Marks::NONE;
    let (mut word, mut before) = (String::with_capacity(16), String::new());
    let mut was_lower = false;
    for letter in value.chars().take(600).chain([' ']) {
        let is_cut = !letter.is_alphanumeric() || (letter.is_uppercase() && was_lower);
        if is_cut && !word.is_empty() {
            // `tag-courts` on an article says what it is about; `tag-list` holds its tags.
            if matches!(before.as_str(), "tag" | "category" | "author") && !is_part(&word) {
                word.clear();
            }
            marks = marks.with(of_word(&word)).with(of_pair(&before, &word));
            std::mem::swap(&mut before, &mut word);
            word.clear();
        }
        if letter.is_whitespace() {
            if matches!(before.as_str(), "tag" | "category" | "author") {
                marks = marks.with(of_topic(&before));
            }
            before.clear();
        }
        was_lower = letter.is_lowercase() || letter.is_numeric();
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    marks
}

/// Marks of a word that is a topic's prefix in some class names.
fn of_topic(word: &str) -> Marks {
    if word == "author" {
        Marks::AUTHOR.with(Marks::BYLINE)
    } else {
        Marks::TAGS
    }
}

/// Whether a word names a part of a page, after which `tag` or `author` is what the part holds.
fn is_part(word: &str) -> bool {
    matches!(
        word,
        "list"
            | "links"
            | "link"
            | "cloud"
            | "box"
            | "wrap"
            | "wrapper"
            | "container"
            | "name"
            | "info"
            | "bio"
            | "meta"
            | "block"
            | "item"
            | "items"
            | "label"
            | "title"
            | "date"
            | "byline"
            | "image"
            | "avatar"
            | "card"
            | "section"
            | "area"
            | "s"
    )
}

/// Marks of one word.
fn of_word(word: &str) -> Marks {
    match word {
        "nav" | "navbar" | "navigation" | "menu" | "submenu" | "breadcrumb" | "breadcrumbs"
        | "crumbs" | "pagination" | "pager" | "paging" | "topbar" | "masthead" | "toolbar"
        | "search" | "searchbox" | "sitemap" | "skip" | "kroshki" | "toc" | "navmenu"
        | "pagenav" | "jumplinks" => Marks::NAVIGATION,
        "related" | "recommend" | "recommended" | "recommendation" | "recommendations"
        | "recirc" | "recirculation" | "teaser" | "teasers" | "readmore" | "outbrain"
        | "taboola" | "zergnet" | "revcontent" | "popular" | "trending" | "latest" | "similar"
        | "mostread" | "mostpopular" | "seealso" | "yarpp" | "relatedposts" | "relatedarticles"
        | "morenews" | "morelike" | "upnext" | "pohozhie" | "podobnye" | "interesnoe"
        | "taqyryptas" | "onward" | "promobox" | "relatedcontent" | "relatednews" | "alsoread"
        | "readalso" | "relateds" | "crosslink" | "crosslinks" | "linkbox" | "infinite"
        | "bestof" | "toptrending" | "sosednie" | "relap" | "recommends" => Marks::RELATED,
        "share" | "shares" | "sharing" | "sharebar" | "sharethis" | "sharebuttons" | "social"
        | "socials" | "socialmedia" | "addthis" | "sharedaddy" | "follow" | "followus"
        | "addtoany" | "likely" | "podelitsya" | "soc" | "socseti" | "bolisu" | "uptolike"
        | "pluso" | "heateor" | "sociable" | "likebox" | "sharer" | "shariff" | "a2a" => {
            Marks::SHARE
        }
        "comment" | "comments" | "commentlist" | "commentform" | "disqus" | "respond" | "reply"
        | "replies" | "commenting" | "discussion" | "kommentarii" | "kommentariev" | "pikir"
        | "pikirler" | "coral" | "livefyre" | "hypercomments" | "cackle" | "usercomments"
        | "vfcomments" | "spotim" => Marks::COMMENT,
        "ad" | "ads" | "adv" | "advert" | "adverts" | "advertising" | "advertisement"
        | "advertisements" | "adsense" | "adbox" | "adslot" | "adunit" | "adcontainer"
        | "adwrap" | "adwrapper" | "adblock" | "dfp" | "gpt" | "sponsor" | "sponsors"
        | "sponsored" | "banner" | "banners" | "reklama" | "zharnama" | "jarnama" | "inread"
        | "teads" | "googlead" | "googleads" | "adsbygoogle" | "leaderboard" | "promoted"
        | "brandvoice" | "adfox" | "affiliate" => Marks::AD,
        "newsletter" | "newsletters" | "subscribe" | "subscription" | "subscriptions"
        | "signup" | "paywall" | "donate" | "donation" | "cta" | "popup" | "modal" | "overlay"
        | "lightbox" | "login" | "signin" | "register" | "registration" | "podpiska"
        | "podpisatsya" | "optin" | "mailchimp" | "membership" | "disclaimer" | "calltoaction"
        | "regwall" | "meter" | "piano" | "promo" | "promos" | "promotion" | "callout" => {
            Marks::INVITATION
        }
        "cookie" | "cookies" | "gdpr" | "consent" | "cookiebar" | "cookiebanner"
        | "cookieconsent" => Marks::INVITATION.with(Marks::CONSENT),
        "byline" | "bylines" | "meta" | "metadata" | "postmeta" | "entrymeta" | "views"
        | "counter" | "rating" | "ratings" | "postinfo" | "articleinfo" | "readtime"
        | "readingtime" | "dateline" | "credits" | "contributor" | "contributors"
        | "articlemeta" | "prosmotry" | "prosmotrov" | "bio" | "aboutauthor" => Marks::BYLINE,
        "date" | "datetime" | "time" | "timestamp" | "pubdate" | "published" | "posted"
        | "publishdate" | "updated" | "pubtime" => Marks::DATE.with(Marks::BYLINE),
        "authors" | "avtor" | "authorbox" | "authorbio" | "authorinfo" | "autor" | "writer"
        | "vcard" => Marks::AUTHOR.with(Marks::BYLINE),
        "tags" | "taglist" | "tagcloud" | "tegi" | "hashtags" | "keywords" | "topics"
        | "categories" | "rubric" | "rubrics" | "rubrika" | "kicker" | "eyebrow" | "catlinks" => {
            Marks::TAGS
        }
        "caption" | "captions" | "figcaption" | "credit" | "photocredit" | "imagecredit"
        | "imgcaption" | "podpis" | "copyright" | "photographer" | "cutline" => Marks::CAPTION,
        "sidebar" | "aside" | "rail" | "rightcol" | "leftcol" | "rightcolumn" | "leftcolumn"
        | "infobox" | "factbox" | "sidecol" | "bokovaya" | "sidenav" | "asidebar" => Marks::SIDE,
        "gallery" | "galleries" | "slideshow" | "carousel" | "slider" | "swiper" | "slick"
        | "jwplayer" | "videoplayer" | "player" | "galereya" | "fotorama" | "owl" => Marks::GALLERY,
        "footer" | "foot" | "pagefooter" | "sitefooter" | "colophon" | "podval" => Marks::FOOT,
        "body" | "content" | "text" | "maintext" | "articlebody" | "articletext" | "storybody"
        | "storytext" | "postbody" | "entrybody" | "newsbody" | "newstext" | "fulltext"
        | "bodytext" | "tekst" | "matin" | "richtext" | "prose" | "copy" | "wysiwyg"
        | "postcontent" | "entrycontent" | "articlecontent" | "paragraphs" => Marks::BODY,
        "article" | "story" | "post" | "entry" | "news" | "statya" | "novost" | "hentry"
        | "material" | "publication" | "maqala" | "zhanalyk" => Marks::ARTICLE,
        "headline" | "title" | "heading" | "zagolovok" | "posttitle" | "entrytitle"
        | "newstitle" | "articletitle" | "takyryp" | "hed" => Marks::HEADLINE,
        "lead" | "lede" | "lid" | "standfirst" | "subtitle" | "subheadline" | "subhead" | "dek"
        | "deck" | "anons" | "intro" | "excerpt" | "summary" | "podzagolovok" => Marks::LEAD,
        _ => of_stem(word),
    }
}

/// Marks of words that have many endings.
fn of_stem(word: &str) -> Marks {
    const STEMS: &[(&str, Marks)] = &[
        ("comment", Marks::COMMENT),
        ("advert", Marks::AD),
        ("sponsor", Marks::AD),
        ("newsletter", Marks::INVITATION),
        ("subscri", Marks::INVITATION),
        ("breadcrumb", Marks::NAVIGATION),
        ("related", Marks::RELATED),
        ("recommend", Marks::RELATED),
        ("outbrain", Marks::RELATED),
        ("taboola", Marks::RELATED),
        ("share", Marks::SHARE),
        ("social", Marks::SHARE),
        ("sidebar", Marks::SIDE),
        ("byline", Marks::BYLINE),
        ("caption", Marks::CAPTION),
        ("cookie", Marks::INVITATION),
    ];
    STEMS
        .iter()
        .find(|(stem, _)| word.starts_with(stem))
        .map_or(Marks::NONE, |(_, marks)| *marks)
}

/// Marks of two words that mean something only together.
fn of_pair(first: &str, second: &str) -> Marks {
    match (first, second) {
        ("read" | "see" | "also", "more" | "also" | "next" | "read")
        | ("more", "news" | "stories" | "articles" | "posts" | "from" | "links" | "on")
        | ("most", "read" | "viewed" | "popular" | "recent")
        | (
            "top" | "recent" | "latest" | "other" | "next" | "prev" | "previous",
            "stories" | "news" | "posts" | "articles" | "post" | "article" | "story",
        )
        | ("chitayte" | "chitat" | "chitaite", "takzhe" | "takje" | "esche")
        | ("you", "may" | "might")
        | ("drugie" | "eshche" | "esche", "novosti")
        | ("tagy" | "takyryp", "okynyz")
        | ("story", "links" | "list")
        | ("read", "full")
        | ("editors" | "editor", "picks" | "choice") => Marks::RELATED,
        ("sign", "up" | "in") | ("call", "to") | ("log", "in") => Marks::INVITATION,
        ("author", "bio" | "box" | "info" | "card") | ("about", "author" | "the") => {
            Marks::AUTHOR.with(Marks::BYLINE)
        }
        ("reading" | "read", "time") => Marks::BYLINE,
        ("fact" | "info" | "side", "box" | "bar")
        | ("right" | "left", "col" | "column" | "rail") => Marks::SIDE,
        ("article" | "story" | "post" | "entry" | "news" | "page", "body" | "content" | "text") => {
            Marks::BODY.with(Marks::ARTICLE)
        }
        ("pull", "quote") => Marks::SIDE,
        (
            "photo" | "image" | "img" | "picture",
            "credit" | "caption" | "desc" | "description" | "source",
        ) => Marks::CAPTION,
        _ => Marks::NONE,
    }
}
