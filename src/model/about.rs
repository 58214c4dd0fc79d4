//! What a page says of itself beside its text: its parts for listings, whom it credits and links to, and how far its reading is trusted.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// What a page says of itself. Empty for records that are no pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Subtitle or lead, where it is set apart from the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Section of the site the page stands in, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Address of the page's own picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Sources the text credits, as printed: «пресс-службу прокуратуры», "the ministry".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<String>,
    /// Pages of other sites that the text links to, in canonical form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Blocks in another language than the document's, by their number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_languages: Vec<(usize, Language)>,
    /// How surely the main text is all of the article and nothing else, in thousandths; `None` where nothing was searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u16>,
}
