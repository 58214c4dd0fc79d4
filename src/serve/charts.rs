//! Drawings of numbers as SVG: everything is an attribute, since the policy of the pages forbids inline styles.

pub(super) mod histogram;
