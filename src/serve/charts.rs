//! Drawings of numbers as SVG, made by the server so that they print, need no scripts and follow the look of the pages.
//! Everything is an attribute, since the policy of the pages forbids inline styles.

pub(super) mod bars;
pub(super) mod histogram;
pub(super) mod hours;
pub(super) mod spark;
