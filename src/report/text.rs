//! Turns findings and cases into text for a terminal: both quotations, what differs, where else it stands.
//!
//! Lines are folded at [`WIDTH`] columns between words; colours are ANSI codes and only a repetition of words.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::language::local_day;
use crate::model::{
    Alert, Bar, Case, CaseDue, CaseState, Claim, Copy, CopyState, Difference, Dues, Expansion, Gap,
    Hit, Hits, Label, Ledger, Pace, Priority, QueueView, Quote, SavedSearch, Snippet, Source,
    SourceId, Verdict,
};

/// Columns of a line: what fits a standard terminal and a printed page.
pub const WIDTH: usize = 96;

/// How text is dressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether to use ANSI colours.
    pub has_colour: bool,
}

impl Style {
    /// Text in bold.
    fn bold(self, text: &str) -> String {
        self.dressed("1", text)
    }

    /// Text as the publication's side: orange.
    fn claimed(self, text: &str) -> String {
        self.dressed("33", text)
    }

    /// Text as the record's side: blue.
    fn official(self, text: &str) -> String {
        self.dressed("36", text)
    }

    /// Text between an ANSI code and its end.
    fn dressed(self, code: &str, text: &str) -> String {
        if self.has_colour && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Names of sources by id, for people.
pub type Names = BTreeMap<SourceId, Source>;

/// Puts the case with the newest first publication first.
pub fn newest_first(cases: &mut [Case]) {
    let first = |case: &Case| case.copies.first().map(|copy| copy.published);
    cases.sort_by(|a, b| (first(b), &a.id).cmp(&(first(a), &b.id)));
}

/// The list of cases in the order given: one paragraph each, and a closing count.
pub fn cases(cases: &[Case], names: &Names, dues: &Dues, style: Style) -> String {
    let mut out: String = cases
        .iter()
        .map(|case| summary(case, dues.get(&case.id), names, style) + "\n")
        .collect();
    let n_open = cases.iter().filter(|case| is_open(case.state)).count();
    out.push_str(&format!(
        "{}, {n_open} open\n",
        counted(cases.len(), "case", "cases")
    ));
    out
}

/// One case whole: both quotations, what differs, where else it stands, what people decided, how urgent it is, and its history.
pub fn case(
    case: &Case,
    due: Option<&CaseDue>,
    priority: &Priority,
    ledger: &Ledger,
    names: &Names,
    style: Style,
) -> String {
    let mut out = summary(case, due, names, style);
    out.push_str(&folded("  Why       ", &case.explanation));
    if let Some(quotes) = case.evidence.get(1..).filter(|quotes| !quotes.is_empty()) {
        out.push_str("  Record also at\n");
        for quote in quotes {
            out.push_str(&format!("    {}  {}\n", day(quote.published), quote.url));
        }
    }
    if let Some(earlier) = &case.follows {
        out.push_str(&format!("  After     {earlier}, about the same record\n"));
    }
    out.push_str(&urgency(priority));
    out.push_str(&spread(ledger, names));
    out.push_str(&desk(case));
    out.push_str("  History\n");
    for event in &case.history {
        let head = format!("    {}  ", event.at.format("%Y-%m-%d %H:%M"));
        let by = event.by.as_ref().map(|by| format!("{by}: "));
        let what = format!(
            "{}{} ({})",
            by.unwrap_or_default(),
            event.what,
            state_words(event.state)
        );
        out.push_str(&folded(&head, &what));
    }
    out.push_str(&format!("  Version   {}\n", case.version));
    out
}

/// How urgent a case is, part by part.
fn urgency(priority: &Priority) -> String {
    let mut out = format!("  Priority  {} of 1000\n", priority.score);
    for part in &priority.parts {
        out.push_str(&format!(
            "    {:>3} of {:>3}  {}: {}\n",
            part.points, part.most, part.name, part.why
        ));
    }
    if let Some(until) = priority.quiet_until {
        let until = until.format("%Y-%m-%d %H:%M");
        out.push_str(&format!(
            "    fresh news: until {until} UTC it can only be watched\n"
        ));
    }
    out
}

/// Who published it when and whom each credits; nothing for a single publication that credits nobody.
fn spread(ledger: &Ledger, names: &Names) -> String {
    let credits = ledger.entries.iter().map(|entry| entry.credits.len());
    if ledger.entries.len() < 2 && credits.sum::<usize>() == 0 {
        return String::new();
    }
    let mut out = "  Spread\n".to_owned();
    for entry in &ledger.entries {
        let credits: Vec<String> = entry
            .credits
            .iter()
            .map(|credit| match &credit.url {
                Some(url) => format!("{} ({url})", credit.words),
                None => credit.words.clone(),
            })
            .collect();
        let credits = if credits.is_empty() {
            String::new()
        } else {
            format!(", credits {}", credits.join(", "))
        };
        let first = if entry.is_first { ", first" } else { "" };
        let own = if entry.is_own_page { ", own page" } else { "" };
        let head = format!("    {}  ", entry.published.format("%Y-%m-%d %H:%M"));
        let who = name(names, &entry.source, entry.language);
        out.push_str(&folded(&head, &format!("{who}{first}{own}{credits}")));
    }
    out
}

/// What people decided and noted; nothing where nobody did.
fn desk(case: &Case) -> String {
    let desk = &case.desk;
    let mut out = String::new();
    let mut line = |head: &str, text: String| out.push_str(&folded(head, &text));
    if let Some((by, at)) = &desk.confirmed {
        line("  Confirmed ", format!("by {by}, {}", day(*at)));
    }
    if let Some(other) = &desk.duplicate_of {
        line("  Same as   ", other.0.clone());
    }
    if let Some(assignee) = &desk.assignee {
        line("  Works     ", assignee.clone());
    }
    if !desk.tags.is_empty() {
        let tags: Vec<&str> = desk.tags.iter().map(String::as_str).collect();
        line("  Tags      ", tags.join(", "));
    }
    for item in &desk.checklist {
        let mark = if item.done.is_some() { "done" } else { "to do" };
        line("  List      ", format!("{mark}: {}", item.what));
    }
    if let Some(snooze) = &desk.snooze {
        let until = snooze
            .until
            .map(|at| format!("until {}", at.format("%Y-%m-%d %H:%M")));
        let worse = snooze.n_copies.map(|_| "until it gets worse".to_owned());
        let both: Vec<String> = until.into_iter().chain(worse).collect();
        line("  Snoozed   ", both.join(" or "));
    }
    for letter in &desk.letters {
        let state = match (letter.withdrawn, &letter.sent, &letter.approved) {
            (Some(at), _, _) => format!("withdrawn {}", day(at)),
            (None, Some((by, at)), _) => format!("sent by {by}, {}", day(*at)),
            (None, None, Some((by, at))) => format!("approved by {by}, {}", day(*at)),
            (None, None, None) => {
                format!("waits for a second person since {}", day(letter.proposed.1))
            }
        };
        line("  Letter    ", format!("{}, {state}", letter.id));
    }
    for reading in &desk.readings {
        let (person, program) = (reading.person.words(), reading.program.words());
        let late = match case.has_text_of(reading) {
            true => "",
            false => " (of an earlier text: it no longer counts)",
        };
        let read = format!(
            "{}: {person}, by {}, {}{late}; the program read {program}; {}",
            reading.slot.words(),
            reading.by,
            day(reading.at),
            reading.note
        );
        line("  Read      ", read);
    }
    for duty in desk.duties.iter().filter(|duty| duty.done_at.is_none()) {
        let until = duty
            .deadline
            .map(|at| format!(" until {}", at.format("%Y-%m-%d %H:%M")));
        line(
            "  Due       ",
            format!("{}{}", duty.id, until.unwrap_or_default()),
        );
    }
    out
}

/// A case's head, both quotations, what differs and its copies.
fn summary(case: &Case, due: Option<&CaseDue>, names: &Names, style: Style) -> String {
    let mut out = format!(
        "{}  {}  {}\n",
        style.bold(&case.id.0),
        style.bold(state_words(case.state)),
        counted(case.copies.len(), "publication", "publications"),
    );
    if let Some(due) = due {
        let until = format!("{}, {}", minute(due.ends_at), due.what.words());
        out.push_str(&folded("  Deadline  ", &until));
    }
    for difference in &case.differing() {
        out.push_str(&difference_line(difference, style));
    }
    if let Some(copy) = case.copies.first() {
        out.push_str(&copy_block(copy, names, style));
    }
    if let Some(quote) = case.evidence.first() {
        out.push_str(&quote_block(quote, names, style));
    }
    if let Some(others) = case.copies.get(1..).filter(|others| !others.is_empty()) {
        out.push_str("  Also at\n");
        for copy in others {
            out.push_str(&format!(
                "    {}  {}  {}  {}\n",
                day(copy.published),
                name(names, &copy.source, copy.language),
                copy.url,
                copy_words(copy),
            ));
        }
    }
    out
}

/// What differs, in one line.
fn difference_line(difference: &Difference, style: Style) -> String {
    format!(
        "  Differs   {}: {} in the publication, {} in the record\n",
        difference.slot.words(),
        style.claimed(&difference.claimed),
        style.official(&difference.official),
    )
}

/// The publication's side.
fn copy_block(copy: &Copy, names: &Names, style: Style) -> String {
    let head = format!(
        "  Published {}, {}{}\n            {}\n",
        name(names, &copy.source, copy.language),
        day(copy.published),
        match copy.state {
            CopyState::Stands => String::new(),
            _ => format!(" ({})", copy_words(copy)),
        },
        copy.url,
    );
    let quoted = folded("            ", &format!("«{}»", copy.sentence));
    head + &style_lines(&quoted, |line| style.claimed(line))
}

/// The record's side.
fn quote_block(quote: &Quote, names: &Names, style: Style) -> String {
    let name = names
        .get(&quote.source)
        .map_or(quote.source.0.as_str(), any_name);
    let head = format!(
        "  Record    {name}, {}\n            {}\n",
        day(quote.published),
        quote.url
    );
    let quoted = folded("            ", &format!("«{}»", quote.sentence));
    head + &style_lines(&quoted, |line| style.official(line))
}

/// One finding: verdict, sentence, what differs and the record's words.
pub fn finding(claim: &Claim, verdict: &Verdict, style: Style) -> String {
    let mut out = format!(
        "{}  {}\n",
        style.bold(label_words(verdict.label)),
        claim.url
    );
    out.push_str(&folded("  Claim     ", &format!("«{}»", claim.text)));
    for difference in &verdict.differences {
        out.push_str(&difference_line(difference, style));
    }
    if let Some(quote) = verdict.evidence.first() {
        out.push_str(&folded("  Record    ", &format!("«{}»", quote.sentence)));
        out.push_str(&format!(
            "            {}, {}\n",
            quote.url,
            day(quote.published)
        ));
    }
    out.push_str(&folded("  Why       ", &verdict.explanation));
    out
}

/// Text with the byte ranges to highlight in it.
pub type Highlighted<'a> = (&'a str, &'a [(usize, usize)]);

/// An answer of a search: hits, then what was counted where that was asked for; bars as numbers or as shares of all.
pub fn hits(hits: &Hits, as_share: bool, style: Style) -> String {
    let mut out: String = hits.hits.iter().map(|one| hit(one, style)).collect();
    for facet in hits.facets.iter().filter(|facet| !facet.values.is_empty()) {
        out.push_str(&format!("{}:\n", facet.field));
        for value in &facet.values {
            let name = if value.name == value.value {
                String::new()
            } else {
                format!("  {}", value.name)
            };
            out.push_str(&format!("  {:>7}  {}{name}\n", value.count, value.value));
        }
    }
    out.push_str(&over_time(hits, as_share));
    out.push_str(&hits.gaps.iter().map(gap).collect::<String>());
    if !hits.kinds.is_empty() {
        let kinds = hits.kinds.iter();
        let kinds: Vec<String> = kinds
            .map(|(kind, n)| format!("{n} {}", kind.word()))
            .collect();
        out.push_str(&format!("of each kind: {}\n", kinds.join(", ")));
    }
    out.push_str(&format!("{} found\n", hits.total));
    if let Some(next) = &hits.next {
        out.push_str(&format!("more: --after {next}\n"));
    }
    out
}

/// Bars over time, those of other queries beside.
fn over_time(hits: &Hits, as_share: bool) -> String {
    if hits.histogram.is_empty() {
        return String::new();
    }
    let mut out = match as_share {
        true => "over time (of each hundred thousand publications):\n".to_owned(),
        false => "over time (found of all publications):\n".to_owned(),
    };
    for (place, one) in hits.compared.iter().enumerate() {
        out.push_str(&format!(
            "  ({}) {}: {} found\n",
            place + 2,
            one.query,
            one.total
        ));
    }
    let value = |bar: &Bar| match as_share {
        true => bar.per_100k().to_string(),
        false => format!("{} of {}", bar.count, bar.all),
    };
    for (place, bar) in hits.histogram.iter().enumerate() {
        let others = hits.compared.iter().enumerate();
        let others: String = others
            .filter_map(|(number, one)| Some((number, one.histogram.get(place)?)))
            .map(|(number, bar)| format!("  ({}) {}", number + 2, value(bar)))
            .collect();
        let unseen = match bar.unseen {
            0 => String::new(),
            n => format!(
                "  ({} not seen all of the time)",
                counted(n as usize, "source", "sources")
            ),
        };
        out.push_str(&format!("  {}  {}{others}{unseen}\n", bar.from, value(bar)));
    }
    out
}

/// A time in which a source was not seen: what it published then may be missing.
pub fn gap(gap: &Gap) -> String {
    let until = gap.to.map_or_else(|| "now".to_owned(), minute);
    let why = if gap.is_silent {
        "it was asked and did not answer"
    } else {
        "it was not asked"
    };
    let from = minute(gap.from);
    format!(
        "not seen: {} from {from} until {until} ({why})\n",
        gap.source
    )
}

/// One view of the queue, as a line.
pub fn view(view: &QueueView) -> String {
    let who = match view.is_shared {
        true => format!("{}, shared", view.owner),
        false => view.owner.clone(),
    };
    format!(
        "{}  {}  ({who})  /cases?{}\n",
        view.id, view.name, view.query
    )
}

/// A moment to the minute.
fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// One hit of a search: title, address, the passage that shows why, and its copies.
fn hit(hit: &Hit, style: Style) -> String {
    let mut out = format!(
        "{}\n  {}  {}\n  {}\n",
        highlighted(&hit.title, style),
        day(hit.published),
        hit.url,
        highlighted(&hit.snippet, style)
    );
    if let Some(claim) = &hit.claim {
        let verdict = claim.verdict.as_ref();
        let label = verdict.map_or("not judged yet", |verdict| label_words(verdict.label));
        out.push_str(&format!("  {}\n", style.bold(label)));
        for difference in verdict.iter().flat_map(|verdict| &verdict.differences) {
            out.push_str(&difference_line(difference, style));
        }
    }
    if let Some(case) = &hit.case {
        let state = state_words(case.state);
        out.push_str(&format!("  {}  {}\n", case.id, style.bold(state)));
        for difference in &case.differences {
            out.push_str(&difference_line(difference, style));
        }
    }
    if hit.n_copies > 0 {
        let what = match (&hit.claim, &hit.case) {
            (_, Some(_)) => "publications",
            (Some(_), None) => "with this sentence",
            (None, None) => "with nearly this text",
        };
        out.push_str(&format!("  and {} more {what}\n", hit.n_copies));
    }
    out + "\n"
}

/// What a name of the query was also searched for by, and how to switch that off.
pub fn expansion(expansion: &Expansion) -> String {
    let written = &expansion.written;
    let others: Vec<&str> = expansion
        .names
        .iter()
        .map(String::as_str)
        .filter(|name| name.to_lowercase() != written.to_lowercase())
        .collect();
    let also = match (expansion.names.is_empty(), others.is_empty()) {
        (true, _) => "in any spelling and case".to_owned(),
        (false, true) => "also by its other names".to_owned(),
        (false, false) => format!("also {}", others.join(", ")),
    };
    format!("{written}: {also}; ={written} finds this form alone")
}

/// One saved search in a list.
pub fn saved(search: &SavedSearch) -> String {
    let mut out = format!("{}  {}\n", search.name, search.query);
    if let Some(rule) = &search.alert {
        let pace = match rule.pace {
            Pace::AtOnce => "at once",
            Pace::Daily => "daily",
        };
        out.push_str(&format!("  tells {} {pace}\n", rule.channel.recipient()));
    }
    if let Some(paused) = &search.paused {
        out.push_str(&format!("  paused: {}\n", paused.why));
    }
    out
}

/// One thing that a saved search found.
pub fn alert(alert: &Alert) -> String {
    format!(
        "{}\n  {}  {}\n  {}\n",
        alert.title,
        day(alert.matched_at),
        alert.url,
        alert.why.text
    )
}

/// Text with its highlights in bold.
fn highlighted(snippet: &Snippet, style: Style) -> String {
    let text = &snippet.text;
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in &snippet.highlights {
        out.push_str(&text[done..*start]);
        out.push_str(&style.bold(&text[*start..*end]));
        done = *end;
    }
    out + &text[done..]
}

/// A verdict's label as people read it.
pub fn label_words(label: Label) -> &'static str {
    match label {
        Label::Supported => "agrees with the record",
        Label::Contradicted => "differs from the record",
        Label::Outdated => "agreed with a record that has changed since",
        Label::NoRecord => "no record found",
    }
}

/// A state as people read it.
pub fn state_words(state: CaseState) -> &'static str {
    state.words()
}

/// What became of a copy, as people read it.
pub fn copy_words(copy: &Copy) -> String {
    let word = match copy.state {
        CopyState::Stands => return "stands".to_owned(),
        CopyState::Corrected => "corrected",
        CopyState::Dropped => "claim dropped",
        CopyState::Gone => "removed",
        CopyState::Cleared => "cleared by the record",
    };
    copy.ended_at
        .map_or_else(|| word.to_owned(), |at| format!("{word} {}", day(at)))
}

/// Whether somebody still has something to do about a case in this state.
pub fn is_open(state: CaseState) -> bool {
    state.is_open()
}

/// A source's name in the language of what it published, else its id.
pub fn name<'a>(
    names: &'a Names,
    id: &'a SourceId,
    language: crate::language::Language,
) -> &'a str {
    names
        .get(id)
        .map_or(id.0.as_str(), |source| source.name_in(language))
}

/// A source's name in any language.
fn any_name(source: &Source) -> &str {
    source
        .name
        .values()
        .next()
        .map_or(source.id.0.as_str(), String::as_str)
}

/// A day.
fn day(at: DateTime<Utc>) -> String {
    local_day(at).to_string()
}

/// A count with its noun.
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Text folded between words after a head; further lines are indented as deep as the head is wide.
fn folded(head: &str, text: &str) -> String {
    let indent = " ".repeat(head.chars().count());
    let mut out = String::new();
    let mut line = head.to_owned();
    let mut is_fresh = true;
    for word in text.split_whitespace() {
        if !is_fresh && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            line.clone_from(&indent);
            is_fresh = true;
        }
        if !is_fresh {
            line.push(' ');
        }
        line.push_str(word);
        is_fresh = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

/// Each line dressed on its own, its indentation left plain.
fn style_lines(text: &str, dress: impl Fn(&str) -> String) -> String {
    text.lines()
        .map(|line| {
            let inner = line.trim_start();
            let indent = &line[..line.len() - inner.len()];
            format!("{indent}{}\n", dress(inner))
        })
        .collect()
}
