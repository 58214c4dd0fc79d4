//! Charts as SVG, drawn on the server: they print, need no script, and take their colours from the style sheet.

pub(super) mod hours;
