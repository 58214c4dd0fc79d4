//! How severe a case is, by the points of its priority.

/// Points of priority, of 1000, from which a case is critical.
const CRITICAL_SCORE: u32 = 650;
/// From which it is of high severity.
const HIGH_SCORE: u32 = 500;
/// From which it is of middle severity; below it is of low severity.
const MIDDLE_SCORE: u32 = 350;

/// How severe a case is, by its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::serve) enum Severity {
    /// Drop everything else.
    Critical,
    /// Today.
    High,
    /// In its turn.
    Middle,
    /// When there is time.
    Low,
}

impl Severity {
    /// All, the gravest first.
    pub(in crate::serve) const ALL: [Severity; 4] = [
        Severity::Critical,
        Severity::High,
        Severity::Middle,
        Severity::Low,
    ];

    /// The severity of a score.
    pub(in crate::serve) fn of(score: u32) -> Severity {
        match score {
            CRITICAL_SCORE.. => Severity::Critical,
            HIGH_SCORE.. => Severity::High,
            MIDDLE_SCORE.. => Severity::Middle,
            _ => Severity::Low,
        }
    }

    /// The severity as addresses and styles name it.
    pub(in crate::serve) fn word(self) -> &'static str {
        match self {
            Severity::Critical => "crit",
            Severity::High => "high",
            Severity::Middle => "mid",
            Severity::Low => "low",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_falls_with_the_points() {
        let words = [1000, 650, 649, 500, 350, 349, 0].map(|score| Severity::of(score).word());
        assert_eq!(words, ["crit", "crit", "high", "high", "mid", "low", "low"]);
    }
}
