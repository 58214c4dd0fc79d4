//! The bench of a whole pass at a tiny size, so that it cannot rot.

#[path = "../../benches/pipeline.rs"]
#[expect(dead_code, reason = "the bench's own entry is not used here")]
mod bench;

use aigaq::model::Label;

/// Pages of the tiny run: every generated source publishes once.
const N_PAGES: usize = 120;

#[test]
fn a_generated_pass_reads_and_judges_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = bench::captured(folder.path(), N_PAGES);
    let summary = bench::pass(&workspace);
    assert_eq!(
        (summary.read, summary.new, summary.unreadable.len()),
        (N_PAGES, N_PAGES, 0)
    );
    assert!(summary.verdicts.contains_key(&Label::Supported));
    let again = bench::pass(&workspace);
    assert_eq!((again.read, again.new, again.changed), (0, 0, 0));
    assert_eq!(
        again.verdicts, summary.verdicts,
        "a second pass changes nothing"
    );
}
