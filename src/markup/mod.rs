//! What every reader of a page's bytes must do before it parses: find the charset, and leave out what would stall the parser.
//!
//! `crawl` looks for addresses in pages, `extract` for their text. A page that could stall one could stall the other, and
//! one set of limits for both cannot drift apart.

pub mod charset;
pub mod scan;
