//! Shows the register of letters and their last days: as lines for a terminal, and as JSON.

use serde_json::{Value, json as object};

use crate::language::local_day;
use crate::model::{DueRow, LetterEntry, LetterStep};
use crate::report::export::{ExportError, harmless};
use crate::report::json::moment;

/// An entry of the register.
pub fn json(letter: &LetterEntry) -> Value {
    object!({
        "number": letter.number,
        "case": letter.case,
        "route": letter.route,
        "recipient": letter.recipient,
        "url": letter.url,
        "status": letter.status,
        "drafted_at": moment(letter.drafted_at),
        "received_at": letter.received_at.map(moment),
        "languages": letter.texts.iter().map(|text| text.language).collect::<Vec<_>>(),
        "deadlines": letter.deadlines,
        "history": letter.history.iter().map(|event| {
            let mut value = object!({ "at": moment(event.at), "who": event.who });
            if let (Some(all), Ok(Value::Object(step))) = (value.as_object_mut(), serde_json::to_value(&event.step)) {
                all.extend(step);
            }
            value
        }).collect::<Vec<_>>(),
    })
}

/// Columns of the register as a table.
const COLUMNS: [&str; 13] = [
    "number",
    "case",
    "route",
    "recipient",
    "url",
    "status",
    "languages",
    "drafted_at",
    "drafted_by",
    "received_at",
    "due",
    "due_rule",
    "due_arithmetic",
];

/// The register as CSV, UTF-8 with a byte-order mark; of the last days of a letter the first one.
///
/// # Errors
/// When the table cannot be written.
pub fn csv(letters: &[LetterEntry], due: &[DueRow]) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(COLUMNS)?;
    for letter in letters {
        let first = due
            .iter()
            .find(|row| row.letter.as_ref() == Some(&letter.number));
        let languages: Vec<&str> = letter
            .texts
            .iter()
            .map(|text| text.language.code())
            .collect();
        let cells = [
            letter.number.clone(),
            letter.case.0.clone(),
            letter.route.name().to_owned(),
            letter.recipient.0.clone(),
            letter.url.clone(),
            letter.status.name().to_owned(),
            languages.join(" "),
            moment(letter.drafted_at),
            letter
                .history
                .first()
                .map_or_else(String::new, |event| event.who.clone()),
            letter.received_at.map_or_else(String::new, moment),
            first.map_or_else(String::new, |row| row.due.to_string()),
            first.map_or_else(String::new, |row| row.rule.clone()),
            first.map_or_else(String::new, |row| row.arithmetic.clone()),
        ];
        writer.write_record(cells.map(harmless))?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// The register as lines.
pub fn register(letters: &[LetterEntry]) -> String {
    let mut out = String::new();
    for letter in letters {
        out.push_str(&format!(
            "{}  {}  {}  {}  {}\n  {}\n",
            letter.number,
            local_day(letter.drafted_at),
            letter.status.words(),
            letter.route.name(),
            letter.recipient,
            letter.url
        ));
        for event in &letter.history {
            out.push_str(&format!(
                "    {}  {}: {}\n",
                local_day(event.at),
                event.who,
                step_words(&event.step)
            ));
        }
    }
    out.push_str(&format!("{} letters\n", letters.len()));
    out
}

/// A step as people read it.
fn step_words(step: &LetterStep) -> String {
    match step {
        LetterStep::Drafted => "drafted".to_owned(),
        LetterStep::Proposed => "proposed to be approved".to_owned(),
        LetterStep::Returned { why } => format!("given back: {why}"),
        LetterStep::Approved => "approved".to_owned(),
        LetterStep::Sending { how } => format!("began to send, {how}"),
        LetterStep::Failed { why, .. } => format!("was not sent: {why}"),
        LetterStep::Sent { how } => format!("sent, {how}"),
        LetterStep::Received { since } => format!("received {}", local_day(*since)),
        LetterStep::Answered { answer, words } => format!("answered, {}: {words}", answer.words()),
        LetterStep::Refused { words } => format!("refused: {words}"),
    }
}

/// Last days as lines.
pub fn deadlines(rows: &[DueRow]) -> String {
    let mut out = String::new();
    for row in rows {
        let stands = match row.days_left {
            0 => "today".to_owned(),
            days if days > 0 => format!("in {days} days"),
            days => format!("overdue by {} days", -days),
        };
        let was = row
            .was
            .map_or_else(String::new, |was| format!(", was {was}"));
        let of = row.letter.as_ref().map_or_else(
            || row.case.0.clone(),
            |number| format!("letter {number}, {}", row.case),
        );
        out.push_str(&format!(
            "{}{was}  {stands}  {}  {of}, {}\n  {}\n  {}\n",
            row.due, row.name, row.recipient, row.arithmetic, row.basis
        ));
    }
    out.push_str(&format!("{} deadlines\n", rows.len()));
    out
}
