//! Turns revisions into claims and observations, and a claim with its evidence into a verdict.

pub mod number;
