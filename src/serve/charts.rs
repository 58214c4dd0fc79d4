//! Charts as SVG drawn by the server: they print, follow the look of the page, and need no script.

pub(super) mod spark;
