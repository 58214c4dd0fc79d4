//! Where an official form differs from itself: sums that it keeps by its own definition and that do not come out.
//!
//! Published forms are not always consistent; that is told to people as a note and is nobody's case.

use std::collections::BTreeMap;

/// Most notes on one sheet.
const MAX_NOTES: usize = 50;

/// Sums a form of registered offences keeps by its own definition; where one does not hold, the form differs from itself.
pub(super) fn notes(rows: &[Vec<String>], codes: &BTreeMap<String, usize>) -> Vec<String> {
    let is_form = rows[0].len() > 12
        && codes
            .get("1")
            .is_some_and(|row| rows[*row][0].to_lowercase().contains("правонарушений"))
        && codes
            .get("3")
            .is_some_and(|row| rows[*row][0].to_lowercase().contains("преступлени"));
    if !is_form {
        return Vec::new();
    }
    let mut notes = Vec::new();
    let value = |code: &str, column: usize| -> Option<i64> {
        rows[*codes.get(code)?].get(column)?.parse().ok()
    };
    for column in 1..rows[0].len() {
        let sums: [(&str, &[&str]); 2] = [("1", &["2", "3"]), ("3", &["4", "5", "6", "7"])];
        for (whole, parts) in sums {
            let sum: Option<i64> = parts.iter().map(|part| value(part, column)).sum();
            if let (Some(whole_value), Some(sum)) = (value(whole, column), sum)
                && whole_value != sum
            {
                notes.push(format!("column {column}: row {whole} is {whole_value}, its parts (rows {}) come to {sum}", parts.join(", ")));
            }
        }
    }
    notes.extend(column_notes(rows));
    notes.truncate(MAX_NOTES);
    notes
}

/// Sums over columns that the form keeps: what was sent to court is the sum of its kinds of inquiry, and what was
/// completed is what was sent to court and what was ended on other grounds.
fn column_notes(rows: &[Vec<String>]) -> Vec<String> {
    let header: Vec<String> = rows[0].iter().map(|text| text.to_lowercase()).collect();
    let whole = |words: &str| {
        let found = |text: &String| text.contains(words) && !text.contains(" > ");
        header.iter().position(found)
    };
    let Some(court) = whole("направлены в суд") else {
        return Vec::new();
    };
    let kinds = format!("{} > ", header[court]);
    let kinds: Vec<usize> = (court + 1..header.len())
        .take_while(|column| header[*column].starts_with(&kinds))
        .collect();
    let mut sums = vec![(court, kinds)];
    if let (Some(completed), Some(ended)) = (whole("окончены производством"), whole("прекращены"))
    {
        sums.push((completed, vec![court, ended]));
    }
    let mut notes = Vec::new();
    for row in &rows[1..] {
        let value = |column: usize| row.get(column)?.parse::<i64>().ok();
        for (column, parts) in sums.iter().filter(|(_, parts)| parts.len() > 1) {
            let sum: Option<i64> = parts.iter().map(|part| value(*part)).sum();
            if let (Some(whole), Some(sum)) = (value(*column), sum)
                && whole != sum
            {
                let parts: Vec<String> = parts.iter().map(usize::to_string).collect();
                notes.push(format!(
                    "row «{}»: column {column} is {whole}, its parts (columns {}) come to {sum}",
                    row[0],
                    parts.join(", ")
                ));
            }
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_rows_and_columns_that_do_not_come_out_are_noted() {
        let header = [
            "Показатели",
            "в производстве",
            "зарегистрировано",
            "окончены производством",
            "направлены в суд",
            "направлены в суд > из них > следствие",
            "направлены в суд > из них > дознание",
            "прекращены",
            "x",
            "x",
            "x",
            "x",
            "x",
        ];
        let row = |label: &str, figures: [i64; 7]| -> Vec<String> {
            let figures = figures.iter().map(i64::to_string);
            let rest = std::iter::repeat_n("0".to_owned(), 5);
            std::iter::once(label.to_owned())
                .chain(figures)
                .chain(rest)
                .collect()
        };
        let mut rows = vec![
            header.map(str::to_owned).to_vec(),
            row("Всего правонарушений", [90, 70, 30, 20, 15, 5, 10]),
            row("проступки", [30, 20, 10, 8, 6, 2, 2]),
            row("преступлений", [60, 50, 20, 12, 9, 3, 8]),
        ];
        let codes: BTreeMap<String, usize> = (1..=3).map(|code| (code.to_string(), code)).collect();
        assert_eq!(notes(&rows, &codes), Vec::<String>::new());
        rows[2][2] = "21".to_owned();
        rows[3][6] = "4".to_owned();
        let expected = [
            "column 2: row 1 is 70, its parts (rows 2, 3) come to 71",
            "column 6: row 1 is 5, its parts (rows 2, 3) come to 6",
            "row «преступлений»: column 4 is 12, its parts (columns 5, 6) come to 13",
        ];
        assert_eq!(notes(&rows, &codes), expected);
    }
}
