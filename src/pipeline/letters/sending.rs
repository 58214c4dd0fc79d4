//! Sends a letter of the register by mail. That it begins is noted before, how it ended after: a program killed between leaves the doubt.

use anyhow::Context as _;
use chrono::Utc;

use super::find;
use crate::config::Config;
use crate::model::desk::Step;
use crate::model::{Channel, LetterEntry, LetterStatus, Message, Undelivered};
use crate::pursue::letter as steps;
use crate::report::letter::{self as report, Leaf};
use crate::send::{Delivery, Fault, Sender, mail::File};
use crate::serve::letter_steps::{LetterStepError, LetterSteps, adopted, keep};
use crate::serve::letters::{Posted, Sending};
use crate::store::Store;

/// Sends a letter.
///
/// # Errors
/// When the step may not be taken, no address is known, or the store fails. That the mail server did not take it is no error.
pub async fn send(
    store: &dyn Store,
    config: &Config,
    sender: &Sender,
    on_case: &LetterSteps<'_>,
    sending: &Sending<'_>,
) -> anyhow::Result<Posted> {
    let before = adopted(store, &find(store, sending.number)?)?;
    let to = recipient(config, &before, sending.to)?;
    sender.check(&Channel::Mail { to: to.clone() })?;
    let how = format!("mail:{to}");
    let needs_approval = config.cases.needs_second_person;
    let step = Step::SendLetter {
        letter: before.number.clone(),
    };
    on_case.may(step.clone(), Utc::now())?;
    let is_doubtful = before.status == LetterStatus::Sending;
    let begun = if is_doubtful && sending.again {
        before.clone()
    } else {
        let begun = steps::begin_send(&before, sending.by, &how, needs_approval, Utc::now())?;
        keep(store, &before, &begun)?;
        begun
    };
    let leaves: Vec<Leaf> = begun.texts.iter().map(Leaf::of).collect();
    let file = File {
        name: format!("{}.docx", begun.number),
        kind: report::DOCX_TYPE.to_owned(),
        bytes: report::docx(&leaves)?,
    };
    let message = message(&begun, &leaves);
    let delivery = sender.send_letter(&to, &message, &[file], Utc::now()).await;
    let (posted, noted) = match delivery {
        Delivery::Sent => (Posted::Sent(to), None),
        Delivery::Later { after } => {
            let wait = after.as_secs();
            let said = format!("the recipient has had enough for now, try again in {wait} s");
            (
                Posted::Not(said),
                Some((
                    format!("to be tried again in {wait} s"),
                    Some(Undelivered::Later),
                )),
            )
        }
        Delivery::Retry { why, .. } => {
            let said = format!("it may work later: {why}");
            (Posted::Not(said), Some((why.to_string(), kind(&why))))
        }
        Delivery::Refused { why } => {
            let noted = (why.to_string(), kind(&why));
            (Posted::Not(why.to_string()), Some(noted))
        }
    };
    let after = match &noted {
        None => steps::send(&begun, sending.by, &how, needs_approval, Utc::now())?,
        Some((why, kind)) => steps::fail(&begun, sending.by, (why, *kind), Utc::now()),
    };
    if noted.is_some() {
        keep(store, &begun, &after)?;
        return Ok(posted);
    }
    match on_case.take_both(step, "", (&begun, &after), Utc::now()) {
        // Somebody moved the case while the mail was on its way: the letter has left all the same, and the register says so.
        Err(refused @ LetterStepError::Refused(_)) => {
            keep(store, &begun, &after)?;
            Err(refused.into())
        }
        taken => Ok(taken.map(|()| posted)?),
    }
}

/// Why a letter was not sent, as languages can tell it; what no mail server says has no words in them.
fn kind(fault: &Fault) -> Option<Undelivered> {
    match fault {
        Fault::NotSetUp(_) => Some(Undelivered::NotSetUp),
        Fault::Recipient => Some(Undelivered::Recipient),
        Fault::Login(_) => Some(Undelivered::Login),
        Fault::NotProtected => Some(Undelivered::NotProtected),
        Fault::TimedOut => Some(Undelivered::TimedOut),
        Fault::Unreachable => Some(Undelivered::Unreachable),
        Fault::Unreadable => Some(Undelivered::Unreadable),
        Fault::Status(_) => Some(Undelivered::Status),
        Fault::Address(_)
        | Fault::NoAddress
        | Fault::InClear
        | Fault::SecretMissing
        | Fault::ControlCharacter
        | Fault::Redirect(_) => None,
    }
}

/// Where a letter goes: the address given, or that of the addressee.
fn recipient(config: &Config, letter: &LetterEntry, given: Option<&str>) -> anyhow::Result<String> {
    let known = config.letters.addressees.get(&letter.recipient.0);
    let known = known.and_then(|addressee| addressee.email.as_deref());
    let to = given.or(known).with_context(|| {
        format!(
            "no address is known for {}: give --to, or `email` in [[letters.addressee]]",
            letter.recipient
        )
    })?;
    Ok(to.to_owned())
}

/// A letter as a message: its titles as the subject, its text as the text.
fn message(letter: &LetterEntry, leaves: &[Leaf]) -> Message {
    let titles: Vec<&str> = leaves.iter().map(|leaf| leaf.title.as_str()).collect();
    Message {
        key: format!("letter-{}", letter.number),
        subject: format!("№ {}. {}", letter.number, titles.join(" / ")),
        text: report::text(leaves),
        link: None,
        items: Vec::new(),
    }
}
