//! Drawings as SVG, made by the server so that they print, need no scripts and follow the look of the pages.

pub(super) mod histogram;
pub(super) mod spark;
