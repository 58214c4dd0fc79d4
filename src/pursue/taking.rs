//! Does the steps that people take, one after the other: what each changes, what it needs, and how it is told.
//!
//! Whether a step is allowed at all was asked before, in `steps`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::reading::{Typed, taken_in};
use super::steps::{Around, Refusal, agencies};
use crate::canonical;
use crate::language::local_day;
use crate::model::desk::Step;
use crate::model::{
    Answer, Case, CaseEvent, CaseId, CaseState, Comment, CopyState, Deed, Desk, Dismissal, Duty,
    Item, Letter, SlotName, SlotReading, Snooze, User,
};

/// Longest tag, item or id, in characters.
const MAX_WORDS_CHARS: usize = 200;
/// Most tags, items, letters and duties of one case.
const MAX_ENTRIES: usize = 500;

/// A step under way.
pub(super) struct Taking<'a> {
    /// The case as it was.
    pub(super) before: &'a Case,
    /// The case as it becomes.
    pub(super) case: Case,
    /// Other cases as they become.
    pub(super) others: Vec<Case>,
    /// The order's words.
    pub(super) note: &'a str,
    /// What is done, in parts.
    pub(super) deed: Deed,
    /// Who, by id.
    pub(super) by: &'a str,
    /// Who.
    pub(super) user: &'a User,
    /// What surrounds it.
    pub(super) around: &'a Around<'a>,
    /// When.
    pub(super) now: DateTime<Utc>,
}

/// A refusal in words.
fn needs<T>(words: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Needs(words.into()))
}

impl Taking<'_> {
    /// Does the step and says in words what happened; the state is set by the caller.
    pub(super) fn step(&mut self, step: &Step) -> Result<String, Refusal> {
        match step {
            Step::Watch => Ok(self.said("kept in view")),
            Step::Confirm => {
                self.case.desk.confirmed = Some((self.by.to_owned(), self.now));
                Ok(self.said("confirmed"))
            }
            Step::Dismiss { reason } => self.dismiss(*reason),
            Step::Merge { into } => self.merge(into),
            Step::Split { urls } => self.split(urls),
            Step::ProposeLetter { letter } => self.propose_letter(letter),
            Step::ApproveLetter { letter } => self.approve_letter(letter),
            Step::ReturnLetter { letter } => self.return_letter(letter),
            Step::SendLetter { letter } => self.send_letter(letter),
            Step::Answer { answer } => self.answer(*answer),
            Step::Refuse => {
                self.letter_is_out()?;
                Ok(self.said("the recipient refused"))
            }
            Step::Withdraw => Ok(self.withdraw()),
            Step::Reopen => {
                let desk = &mut self.case.desk;
                (desk.dismissal, desk.duplicate_of) = (None, None);
                Ok(self.said("opened again"))
            }
            Step::Close => Ok(self.said("closed")),
            Step::Undo => self.undo(),
            other => self.keep(other),
        }
    }

    /// Steps that only note something.
    fn keep(&mut self, step: &Step) -> Result<String, Refusal> {
        match step {
            Step::Assign { to } => self.assign(to.as_deref()),
            Step::Comment => Ok(self.comment()),
            Step::Tag { tag } => {
                let tag = words(tag, "a tag")?;
                if self.case.desk.tags.len() >= MAX_ENTRIES
                    || !self.case.desk.tags.insert(tag.clone())
                {
                    return needs(format!("the case has the tag {tag} already, or too many"));
                }
                Ok(format!("tagged {tag}"))
            }
            Step::Untag { tag } => {
                if !self.case.desk.tags.remove(tag.trim()) {
                    return needs(format!("the case has no tag {tag}"));
                }
                Ok(format!("tag {tag} taken away"))
            }
            Step::AddItem { item } => self.add_item(item),
            Step::TickItem { item, done } => self.tick_item(item, *done),
            Step::Snooze { until, worse } => self.snooze(*until, *worse),
            Step::Wake => {
                if self.case.desk.snooze.take().is_none() {
                    return needs("the case is not out of sight");
                }
                Ok("back in sight".to_owned())
            }
            Step::AddDuty { duty, deadline } => self.add_duty(duty, *deadline),
            Step::FinishDuty { duty } => self.finish_duty(duty),
            Step::CorrectReading {
                slot,
                claimed,
                official,
                result,
                url,
            } => {
                let typed = Typed {
                    slot: *slot,
                    claimed: claimed.as_deref(),
                    official: official.as_deref(),
                    result: *result,
                };
                self.correct_reading(&typed, url.as_deref())
            }
            Step::DropReading { slot } => self.drop_reading(*slot),
            _ => needs("this step cannot be taken here"),
        }
    }

    /// What happened, with the order's words.
    fn said(&self, what: &str) -> String {
        if self.note.is_empty() {
            what.to_owned()
        } else {
            format!("{what}: {}", self.note)
        }
    }

    /// Adds what happened to the history.
    pub(super) fn tell(&mut self, what: String) {
        let event = |state| CaseEvent {
            at: self.now,
            what,
            state,
            by: Some(self.by.to_owned()),
            kind: None,
            url: None,
            deed: Some(self.deed.clone()),
            note: self.note.to_owned(),
        };
        let event = event(self.case.state);
        self.case.history.push(event);
    }

    fn dismiss(&mut self, reason: Dismissal) -> Result<String, Refusal> {
        if reason == Dismissal::Withdrawn || self.case.desk.letters.iter().any(Letter::is_out) {
            return needs("a letter is out: use withdraw, which takes it back");
        }
        self.case.desk.dismissal = Some(reason);
        Ok(self.said(&format!("dismissed, {}", reason.words())))
    }

    fn withdraw(&mut self) -> String {
        let mut n_withdrawn = 0;
        for letter in self.case.desk.letters.iter_mut().filter(|one| one.is_out()) {
            letter.withdrawn = Some(self.now);
            n_withdrawn += 1;
        }
        self.case.desk.dismissal = Some(Dismissal::Withdrawn);
        self.case.desk.confirmed = None;
        self.deed = Deed::Withdrew { n: n_withdrawn };
        let letters = match n_withdrawn {
            0 => "nothing had been sent".to_owned(),
            n => format!("{n} sent letters are withdrawn"),
        };
        self.said(&format!("we were wrong; {letters}"))
    }

    fn merge(&mut self, into: &CaseId) -> Result<String, Refusal> {
        let Some(mut target) = (self.around.case)(into, None) else {
            return needs(format!("no case has the id {into}"));
        };
        if target.id == self.case.id || !target.state.is_open() {
            return needs(format!("{into} is this case, or not open"));
        }
        if !self
            .user
            .works_for(&agencies(&target, self.around.official))
        {
            return Err(Refusal::Agency {
                user: self.by.to_owned(),
            });
        }
        if self.case.desk.letters.iter().any(Letter::is_out) {
            return needs("a letter of this case is out: merge the other one into it");
        }
        for copy in &self.case.copies {
            if !target.copies.iter().any(|known| known.url == copy.url) {
                target.copies.push(copy.clone());
            }
        }
        target
            .copies
            .sort_by(|a, b| (a.published, &a.url).cmp(&(b.published, &b.url)));
        let anchors: BTreeSet<String> = target
            .anchors
            .iter()
            .chain(&self.case.anchors)
            .cloned()
            .collect();
        target.anchors = anchors.into_iter().collect();
        if !target.desk.own_urls.is_empty() {
            target
                .desk
                .own_urls
                .extend(self.case.copies.iter().map(|copy| copy.url.clone()));
        }
        target.desk.last = None;
        let copies = self.case.copies.len();
        target.history.push(CaseEvent {
            at: self.now,
            what: format!("took over {copies} publications of {}", self.case.id),
            state: target.state,
            by: Some(self.by.to_owned()),
            kind: None,
            url: None,
            deed: Some(Deed::TookOver {
                n: copies,
                from: self.case.id.clone(),
            }),
            note: String::new(),
        });
        self.other(&target);
        self.case.desk.duplicate_of = Some(into.clone());
        self.others.push(target);
        Ok(self.said(&format!("the same as {into}")))
    }

    fn split(&mut self, urls: &BTreeSet<String>) -> Result<String, Refusal> {
        let is_taken = |url: &String| urls.contains(url);
        let n_known = self
            .case
            .copies
            .iter()
            .filter(|copy| is_taken(&copy.url))
            .count();
        if n_known != urls.len() || n_known == 0 || n_known == self.case.copies.len() {
            return needs("name some of the case's publications, and not all of them");
        }
        let (taken, kept) = self
            .case
            .copies
            .drain(..)
            .partition(|copy| is_taken(&copy.url));
        self.case.copies = kept;
        self.case.desk.own_urls.retain(|url| !is_taken(url));
        let mut other = self.case.clone();
        let parts: Vec<&str> = std::iter::once(self.case.id.0.as_str())
            .chain(urls.iter().map(String::as_str))
            .collect();
        other.id = CaseId(canonical::id("case", &parts));
        if (self.around.case)(&other.id, None).is_some() {
            return needs("these publications were split from this case before");
        }
        other.version = 0;
        other.state = CaseState::Proposed;
        other.copies = taken;
        other.opened_at = self.now;
        other.desk = Desk {
            own_urls: urls.clone(),
            // They are of the fact that both cases are about.
            readings: self.case.desk.readings.clone(),
            ..Desk::default()
        };
        other.history = vec![CaseEvent {
            at: self.now,
            what: self.said(&format!("split from {}", self.case.id)),
            state: CaseState::Proposed,
            by: Some(self.by.to_owned()),
            kind: None,
            url: None,
            deed: Some(Deed::SplitFrom {
                from: self.case.id.clone(),
            }),
            note: self.note.to_owned(),
        }];
        self.other(&other);
        self.deed = Deed::SplitOff {
            n: n_known,
            into: other.id.clone(),
        };
        let what = format!("{n_known} publications are {} now", other.id);
        self.others.push(other);
        Ok(self.said(&what))
    }

    /// Remembers the other case that the step changes.
    fn other(&mut self, other: &Case) {
        if let Some(last) = &mut self.case.desk.last {
            last.other = Some((other.id.clone(), other.version));
        }
    }

    fn letter(&mut self, id: &str) -> Result<&mut Letter, Refusal> {
        let letters = self.case.desk.letters.iter_mut();
        match letters.into_iter().find(|letter| letter.id == id) {
            Some(letter) if letter.sent.is_none() => Ok(letter),
            Some(_) => needs(format!("letter {id} has left already")),
            None => needs(format!("the case has no letter {id}: propose it first")),
        }
    }

    fn propose_letter(&mut self, id: &str) -> Result<String, Refusal> {
        let id = words(id, "the id of a letter")?;
        if self.case.desk.confirmed.is_none() {
            return needs("only a confirmed case has letters: confirm it first");
        }
        let letters = &mut self.case.desk.letters;
        if letters.len() >= MAX_ENTRIES || letters.iter().any(|letter| letter.id == id) {
            return needs(format!("the case has a letter {id} already, or too many"));
        }
        letters.push(Letter {
            id: id.clone(),
            proposed: (self.by.to_owned(), self.now),
            approved: None,
            sent: None,
            withdrawn: None,
        });
        Ok(self.said(&format!("letter {id} is ready to be approved")))
    }

    fn approve_letter(&mut self, id: &str) -> Result<String, Refusal> {
        let (by, now) = (self.by.to_owned(), self.now);
        let letter = self.letter(id)?;
        if letter.proposed.0 == by {
            return needs("a letter is approved by a second person");
        }
        if letter.approved.is_some() {
            return needs(format!("letter {id} is approved already"));
        }
        letter.approved = Some((by, now));
        Ok(self.said(&format!("letter {id} approved")))
    }

    fn return_letter(&mut self, id: &str) -> Result<String, Refusal> {
        self.letter(id)?;
        self.case.desk.letters.retain(|letter| letter.id != id);
        Ok(self.said(&format!("letter {id} goes back")))
    }

    fn send_letter(&mut self, id: &str) -> Result<String, Refusal> {
        let (by, now) = (self.by.to_owned(), self.now);
        let needs_second = self.around.rules.needs_second_person;
        if self.case.desk.confirmed.is_none() {
            return needs("only a confirmed case has letters: confirm it first");
        }
        let letter = self.letter(id)?;
        if needs_second && letter.approved.is_none() {
            return needs(format!(
                "letter {id} leaves after a second person approved it"
            ));
        }
        letter.sent = Some((by, now));
        Ok(self.said(&format!("letter {id} sent")))
    }

    /// Only who was asked can answer.
    fn letter_is_out(&self) -> Result<(), Refusal> {
        if self.case.desk.letters.iter().any(Letter::is_out) {
            Ok(())
        } else {
            needs("no letter is out that could be answered")
        }
    }

    fn answer(&mut self, answer: Answer) -> Result<String, Refusal> {
        self.letter_is_out()?;
        let entry = (self.now, answer, self.note.to_owned());
        self.case.desk.answers.push(entry);
        Ok(self.said(answer.words()))
    }

    fn assign(&mut self, to: Option<&str>) -> Result<String, Refusal> {
        let Some(id) = to else {
            self.case.desk.assignee = None;
            return Ok(self.said("given to nobody"));
        };
        let agencies = agencies(&self.case, self.around.official);
        let mut users = self.around.users.iter();
        let is_fit = |user: &&User| user.id == id && user.is_active() && user.works_for(&agencies);
        if users.find(is_fit).is_none() {
            return needs(format!(
                "{id} is no active user who works for the agencies of this case"
            ));
        }
        self.case.desk.assignee = Some(id.to_owned());
        Ok(self.said(&format!("given to {id}")))
    }

    fn comment(&mut self) -> String {
        let mentions = mentions(self.note, self.around.users);
        let comments = &mut self.case.desk.comments;
        comments.push(Comment {
            at: self.now,
            by: self.by.to_owned(),
            text: self.note.to_owned(),
            mentions,
        });
        self.said("commented")
    }

    fn add_item(&mut self, item: &str) -> Result<String, Refusal> {
        let item = words(item, "an item")?;
        let checklist = &mut self.case.desk.checklist;
        if checklist.len() >= MAX_ENTRIES || checklist.iter().any(|known| known.what == item) {
            return needs("the item is on the list already, or the list is full");
        }
        checklist.push(Item {
            what: item.clone(),
            done: None,
        });
        Ok(format!("to do: {item}"))
    }

    fn tick_item(&mut self, item: &str, done: bool) -> Result<String, Refusal> {
        let mut items = self.case.desk.checklist.iter_mut();
        let Some(known) = items.find(|known| known.what == item.trim()) else {
            return needs(format!("the list has no item {item}"));
        };
        if known.done.is_some() == done {
            return needs(format!("{item} is so already"));
        }
        known.done = done.then(|| (self.by.to_owned(), self.now));
        let word = if done { "done" } else { "not done after all" };
        Ok(format!("{word}: {item}"))
    }

    fn snooze(&mut self, until: Option<DateTime<Utc>>, worse: bool) -> Result<String, Refusal> {
        if until.is_none() && !worse || until.is_some_and(|until| until <= self.now) {
            return needs("say until which later moment, or until it gets worse");
        }
        let standing = self.case.copies.iter();
        let standing = standing
            .filter(|copy| copy.state == CopyState::Stands)
            .count();
        self.case.desk.snooze = Some(Snooze {
            until,
            n_copies: worse.then_some(standing),
        });
        let until = until.map(|until| format!(" until {}", local_day(until)));
        let worse = if worse { " until it gets worse" } else { "" };
        Ok(self.said(&format!("out of sight{}{worse}", until.unwrap_or_default())))
    }

    fn add_duty(&mut self, id: &str, deadline: Option<DateTime<Utc>>) -> Result<String, Refusal> {
        let id = words(id, "the id of a duty")?;
        let duties = &mut self.case.desk.duties;
        if duties.len() >= MAX_ENTRIES || duties.iter().any(|duty| duty.id == id) {
            return needs(format!("the case has a duty {id} already, or too many"));
        }
        duties.push(Duty {
            id: id.clone(),
            deadline,
            done_at: None,
        });
        Ok(self.said(&format!("due: {id}")))
    }

    fn finish_duty(&mut self, id: &str) -> Result<String, Refusal> {
        let mut duties = self.case.desk.duties.iter_mut();
        match duties.find(|duty| duty.id == id && duty.done_at.is_none()) {
            Some(duty) => duty.done_at = Some(self.now),
            None => return needs(format!("the case has no open duty {id}")),
        }
        Ok(self.said(&format!("no longer due: {id}")))
    }

    fn correct_reading(&mut self, typed: &Typed<'_>, url: Option<&str>) -> Result<String, Refusal> {
        let mut copies = self.before.copies.iter();
        let copy = match url {
            Some(url) => copies.find(|copy| copy.url == url),
            None => copies.next(),
        };
        let Some(copy) = copy else {
            return needs("the case has no publication of this address");
        };
        let (person, program) =
            taken_in(self.around.lexicon, self.before, copy, typed).map_err(Refusal::Needs)?;
        let told = format!(
            "{} read as {}; the program reads {}",
            typed.slot.words(),
            person.words(),
            program.words()
        );
        let quoted = self.before.evidence.first();
        let reading = SlotReading {
            slot: typed.slot,
            person,
            program,
            note: self.note.to_owned(),
            by: self.by.to_owned(),
            at: self.now,
            url: copy.url.clone(),
            passage: copy.sentence.clone(),
            quoted: quoted.map_or_else(String::new, |quote| quote.sentence.clone()),
        };
        let readings = &mut self.case.desk.readings;
        readings.retain(|known| known.slot != typed.slot);
        readings.push(reading);
        Ok(self.said(&told))
    }

    fn drop_reading(&mut self, slot: SlotName) -> Result<String, Refusal> {
        let readings = &mut self.case.desk.readings;
        let n_before = readings.len();
        readings.retain(|known| known.slot != slot);
        if readings.len() == n_before {
            return needs(format!(
                "nobody corrected the {} of this case",
                slot.words()
            ));
        }
        Ok(self.said(&format!("{} as the program reads it", slot.words())))
    }

    /// Puts the case back to what it was before its last step; what was told stays told.
    fn undo(&mut self) -> Result<String, Refusal> {
        let Some(last) = self.before.desk.last.clone() else {
            return needs("there is no step that could be taken back");
        };
        if last.by != self.by {
            return needs(format!(
                "the last step was {}'s, who alone can take it back",
                last.by
            ));
        }
        if last.version + 1 != self.case.version {
            return needs("the case has changed since the last step");
        }
        let Some(before) = (self.around.case)(&self.case.id, Some(last.version)) else {
            return needs("the case before the last step is not stored");
        };
        if let Some((id, version)) = &last.other {
            self.undo_other(id, *version)?;
        }
        self.case.state = before.state;
        self.case.desk = before.desk;
        self.case.copies = before.copies;
        self.case.anchors = before.anchors;
        self.deed = Deed::TookBack { step: last.step };
        Ok(self.said(&format!("taken back: {}", last.step.word())))
    }

    /// Puts the other case of the last step back.
    fn undo_other(&mut self, id: &CaseId, version: u64) -> Result<(), Refusal> {
        let Some(mut other) = (self.around.case)(id, None) else {
            return needs(format!("no case has the id {id}"));
        };
        if other.version != version + 1 {
            return needs(format!(
                "{id} has changed since, so the step cannot be taken back"
            ));
        }
        match (self.around.case)(id, Some(version)) {
            Some(before) => {
                other.state = before.state;
                other.desk = before.desk;
                other.copies = before.copies;
                other.anchors = before.anchors;
            }
            // It was opened by the step: its publications go back to where they came from.
            None => {
                other.state = CaseState::Duplicate;
                other.desk.duplicate_of = Some(self.case.id.clone());
                other.desk.own_urls.clear();
            }
        }
        other.desk.last = None;
        other.history.push(CaseEvent {
            at: self.now,
            what: format!("taken back at {}", self.case.id),
            state: other.state,
            by: Some(self.by.to_owned()),
            kind: None,
            url: None,
            deed: Some(Deed::TookBackAt {
                case: self.case.id.clone(),
            }),
            note: String::new(),
        });
        self.others.push(other);
        Ok(())
    }
}

/// Words that are given as an id, a tag or an item: something, on one line, not too long.
fn words(text: &str, what: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let is_fit = !text.is_empty()
        && text.chars().count() <= MAX_WORDS_CHARS
        && !text.chars().any(char::is_control);
    if !is_fit {
        return needs(format!(
            "{what} has 1 to {MAX_WORDS_CHARS} characters on one line"
        ));
    }
    Ok(text.to_owned())
}

/// Users whom a text mentions as `@id`.
fn mentions(text: &str, users: &[User]) -> BTreeSet<String> {
    let is_of_id = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let named = text.split('@').skip(1).map(|rest| {
        let end = rest.find(|letter| !is_of_id(letter)).unwrap_or(rest.len());
        rest[..end].trim_end_matches('.')
    });
    let named: BTreeSet<&str> = named.collect();
    let known = users.iter().filter(|user| named.contains(user.id.as_str()));
    known.map(|user| user.id.clone()).collect()
}
