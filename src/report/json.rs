//! Turns findings, cases and hits into the JSON of the command line and of the web API.
//!
//! Keys are in snake case, moments RFC 3339 in UTC with `Z`, confidences from 0 to 1 with three decimals.
//! A list is an object with the key of its kind and `meta`; its lines (JSONL) are the same objects without it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::language::{Quantity, Sentence, TokenKind};
use crate::model::{
    Alert, Bar, Case, CaseDue, CaseEvent, Claim, Copy, Desk, Difference, DueWhat, Gap, Hit, Hits,
    Ledger, LedgerEntry, Priority, QueueView, Quote, SavedSearch, SlotReading, SlotSeen, SlotSides,
    Verdict,
};

/// One finding, keys in the order of the product's description.
pub fn finding(claim: &Claim, verdict: &Verdict) -> Value {
    json!({
        "url": claim.url,
        "revision": claim.revision,
        "language": claim.language,
        "sentence": claim.text,
        "verdict": verdict.label,
        "confidence": share(verdict.confidence),
        "differences": differences(&verdict.differences),
        "evidence": quotes(&verdict.evidence),
        "as_of": moment(verdict.as_of),
        "explanation": verdict.explanation,
    })
}

/// One case with its copies, its history and what people decided.
pub fn case(case: &Case) -> Value {
    json!({
        "id": case.id,
        "version": case.version,
        "state": case.state,
        "opened_at": moment(case.opened_at),
        "follows": case.follows,
        "differences": differences(&case.differing()),
        "evidence": quotes(&case.evidence),
        "explanation": case.explanation,
        "copies": case.copies.iter().map(copy).collect::<Vec<_>>(),
        "desk": desk(&case.desk),
        "history": case.history.iter().map(event).collect::<Vec<_>>(),
    })
}

/// One case with its deadline.
pub fn case_due(one: &Case, due: Option<&CaseDue>) -> Value {
    let mut value = case(one);
    value["deadline"] = deadline(due);
    value
}

/// The deadline of a case, with what is due.
pub fn deadline(due: Option<&CaseDue>) -> Value {
    let Some(due) = due else {
        return Value::Null;
    };
    let (kind, rule, letter) = match &due.what {
        DueWhat::Duty(_) => ("duty", None, None),
        DueWhat::Clock { rule, letter, .. } => ("clock", Some(rule), letter.as_ref()),
    };
    let name = match &due.what {
        DueWhat::Duty(name) | DueWhat::Clock { name, .. } => name,
    };
    json!({
        "ends_at": moment(due.ends_at),
        "kind": kind,
        "name": name,
        "rule": rule,
        "letter": letter,
    })
}

/// One case with what is reckoned of it when somebody looks.
pub fn case_whole(one: &Case, priority: &Priority, ledger: &Ledger, slots: &[SlotSeen]) -> Value {
    let mut whole = case(one);
    whole["slots"] = slots.iter().map(slot).collect();
    whole["priority"] = json!({
        "score": priority.score,
        "parts": priority.parts,
        "quiet_until": priority.quiet_until.map(moment),
    });
    whole["ledger"] = json!({
        "entries": ledger.entries.iter().map(|entry| json!({
            "source": entry.source,
            "url": entry.url,
            "language": entry.language,
            "published": moment(entry.published),
            "is_first": entry.is_first,
            "route": route(entry),
            "credits": entry.credits,
            "state": entry.state,
            "last_event": entry.last_event,
            "ended_at": entry.ended_at.map(moment),
        })).collect::<Vec<_>>(),
        "by_hour": ledger.by_hour.iter().map(|hour| json!({
            "hour": moment(hour.hour),
            "n": hour.n,
            "total": hour.total,
        })).collect::<Vec<_>>(),
        "languages": ledger.languages,
    });
    whole
}

/// A slot: what counts in it, what the program reads, and who reads it otherwise.
fn slot(seen: &SlotSeen) -> Value {
    let mut slot = sides(&seen.counts);
    slot["slot"] = json!(seen.slot);
    slot["program"] = sides(&seen.program);
    let person = seen.reading.as_ref();
    slot["person"] = person.map_or(Value::Null, |(reading, state)| {
        let mut person = sides(&reading.person);
        person["by"] = json!(reading.by);
        person["at"] = json!(moment(reading.at));
        person["note"] = json!(reading.note);
        person["state"] = json!(state);
        person
    });
    slot
}

/// Both sides of a slot.
fn sides(sides: &SlotSides) -> Value {
    json!({
        "claimed": sides.claimed,
        "official": sides.official,
        "result": sides.result,
    })
}

/// What a person read in a slot, with what the program had read.
fn reading(reading: &SlotReading) -> Value {
    json!({
        "slot": reading.slot,
        "person": sides(&reading.person),
        "program": sides(&reading.program),
        "note": reading.note,
        "by": reading.by,
        "at": moment(reading.at),
        "url": reading.url,
        "passage": reading.passage,
        "quoted": reading.quoted,
    })
}

/// How a publication is mended: an outlet is asked, an agency replaces what stands on its own site.
fn route(entry: &LedgerEntry) -> &'static str {
    if entry.is_own_page {
        "own_site"
    } else {
        "outlet"
    }
}

/// One event of a case's history.
pub fn event(event: &CaseEvent) -> Value {
    json!({
        "at": moment(event.at),
        "what": event.what,
        "state": event.state,
        "by": event.by,
        "kind": event.kind,
        "url": event.url,
    })
}

/// What people decided and noted.
fn desk(desk: &Desk) -> Value {
    let who = |one: &Option<(String, DateTime<Utc>)>| {
        one.as_ref()
            .map(|(by, at)| json!({ "by": by, "at": moment(*at) }))
    };
    json!({
        "confirmed": who(&desk.confirmed),
        "dismissal": desk.dismissal,
        "duplicate_of": desk.duplicate_of,
        "assignee": desk.assignee,
        "tags": desk.tags,
        "comments": desk.comments.iter().map(|comment| json!({
            "at": moment(comment.at),
            "by": comment.by,
            "text": comment.text,
            "mentions": comment.mentions,
        })).collect::<Vec<_>>(),
        "checklist": desk.checklist.iter().map(|item| json!({
            "item": item.what,
            "done": who(&item.done),
        })).collect::<Vec<_>>(),
        "snooze": desk.snooze.as_ref().map(|snooze| json!({
            "until": snooze.until.map(moment),
            "until_worse": snooze.n_copies.is_some(),
        })),
        "letters": desk.letters.iter().map(|letter| json!({
            "id": letter.id,
            "proposed": { "by": letter.proposed.0, "at": moment(letter.proposed.1) },
            "approved": who(&letter.approved),
            "sent": who(&letter.sent),
            "withdrawn_at": letter.withdrawn.map(moment),
        })).collect::<Vec<_>>(),
        "duties": desk.duties.iter().map(|duty| json!({
            "id": duty.id,
            "deadline": duty.deadline.map(moment),
            "done_at": duty.done_at.map(moment),
        })).collect::<Vec<_>>(),
        "answers": desk.answers.iter().map(|(at, answer, words)| json!({
            "at": moment(*at),
            "answer": answer,
            "words": words,
        })).collect::<Vec<_>>(),
        "readings": desk.readings.iter().map(reading).collect::<Vec<_>>(),
    })
}

/// A list under its key, with how many there are.
pub fn list(key: &str, items: &[Value]) -> Value {
    let mut object = serde_json::Map::new();
    object.insert(key.to_owned(), Value::from(items.to_vec()));
    object.insert("meta".to_owned(), json!({ "total": items.len() }));
    Value::Object(object)
}

/// One value a line.
pub fn lines(items: &[Value]) -> String {
    items.iter().map(|item| format!("{item}\n")).collect()
}

/// Differing slots; these are the shape of `verify` too.
pub fn differences(differences: &[Difference]) -> Value {
    differences
        .iter()
        .map(|difference| {
            json!({
                "slot": difference.slot,
                "claimed": difference.claimed,
                "official": difference.official,
            })
        })
        .collect()
}

/// A confidence in thousandths as a number from 0 to 1.
pub fn share(thousandths: u16) -> Value {
    json!(f64::from(thousandths) / 1000.0)
}

/// A moment as RFC 3339 in UTC, to the second.
pub fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Quoted official passages.
fn quotes(quotes: &[Quote]) -> Value {
    quotes
        .iter()
        .map(|quote| {
            json!({
                "url": quote.url,
                "revision": quote.revision,
                "sentence": quote.sentence,
                "published": moment(quote.published),
            })
        })
        .collect()
}

/// One copy of a case.
fn copy(copy: &Copy) -> Value {
    json!({
        "source": copy.source,
        "url": copy.url,
        "revision": copy.revision,
        "language": copy.language,
        "sentence": copy.sentence,
        "published": moment(copy.published),
        "state": copy.state,
        "ended_at": copy.ended_at.map(moment),
        "last_event": copy.last_event,
    })
}

/// What `language` reads from a text.
pub fn analysis(text: &str, sentences: &[Sentence]) -> Value {
    let of = |read: &dyn Fn(&Sentence) -> Vec<Value>| -> Vec<Value> {
        sentences.iter().flat_map(read).collect()
    };
    json!({
        "language": sentences.first().map(|sentence| sentence.language),
        "sentences": sentences.iter().map(|sentence| &text[sentence.span.clone()]).collect::<Vec<_>>(),
        "terms": of(&|sentence| sentence.tokens.iter()
            .filter(|token| token.kind == TokenKind::Word)
            .map(|token| json!({ "text": &text[token.span.clone()], "term": token.term }))
            .collect()),
        "quantities": of(&|sentence| sentence.quantities.iter().map(|one| quantity(text, one)).collect()),
        "periods": of(&|sentence| sentence.periods.iter()
            .map(|period| json!({
                "text": &text[period.span.clone()],
                "start": period.best.start,
                "end": period.best.end,
                "kind": period.best.kind,
                "is_comparison": period.is_comparison,
            }))
            .collect()),
        "names": of(&|sentence| sentence.names.iter()
            .map(|name| json!({ "text": &text[name.span.clone()], "id": name.id, "kind": name.kind }))
            .collect()),
        "concepts": of(&|sentence| sentence.concepts.iter()
            .map(|concept| json!({ "text": &text[concept.span.clone()], "id": concept.id, "kind": concept.kind }))
            .collect()),
        "cues": of(&|sentence| sentence.cues.iter()
            .map(|cue| json!({ "text": &text[cue.span.clone()], "kind": cue.kind }))
            .collect()),
    })
}

/// One quantity of a text.
fn quantity(text: &str, quantity: &Quantity) -> Value {
    json!({
        "text": &text[quantity.span.clone()],
        "value": quantity.best.value.normalize().to_string(),
        "to": quantity.best.hi.map(|hi| hi.normalize().to_string()),
        "unit": unit(quantity),
        "mode": quantity.mode,
        "step": quantity.best.step.normalize().to_string(),
        "role": quantity.role,
        "direction": quantity.direction,
    })
}

/// A unit as one word: `percent`, `money:KZT`, `count:person`.
fn unit(quantity: &Quantity) -> String {
    let dimension = match json!(quantity.unit.dimension) {
        Value::String(word) => word,
        Value::Object(fields) => fields
            .iter()
            .map(|(word, of)| format!("{word}:{}", of.as_str().unwrap_or_default()))
            .collect(),
        _ => String::new(),
    };
    match &quantity.unit.of {
        Some(of) => format!("{dimension}:{of}"),
        None => dimension,
    }
}

/// One claim with the likeliest value of each slot that it fills.
pub fn claim(claim: &Claim) -> Value {
    let frame = &claim.frame;
    let mut slots = serde_json::Map::new();
    if let Some(quantity) = &frame.quantity {
        slots.insert(
            "value".to_owned(),
            json!(quantity.best.value.normalize().to_string()),
        );
        slots.insert("unit".to_owned(), json!(unit(quantity)));
        slots.insert("mode".to_owned(), json!(quantity.mode));
        slots.insert("change".to_owned(), json!(quantity.role));
    }
    if let Some(direction) = frame.direction {
        slots.insert("direction".to_owned(), json!(direction));
    }
    if let Some(period) = &frame.period {
        let period = &period.best;
        let value = json!({ "start": period.start, "end": period.end, "kind": period.kind });
        slots.insert("period".to_owned(), value);
    }
    for (name, values) in [
        ("measure", &frame.measures),
        ("base", &frame.qualifiers),
        ("status", &frame.statuses),
        ("action", &frame.actions),
        ("place", &frame.places),
        ("body", &frame.bodies),
        ("person", &frame.persons),
        ("reference", &frame.references),
    ] {
        if !values.is_empty() {
            let values: Vec<&str> = values.iter().map(|slot| slot.best.as_str()).collect();
            slots.insert(name.to_owned(), json!(values));
        }
    }
    slots.insert("modality".to_owned(), json!(frame.modality));
    slots.insert("polarity".to_owned(), json!(frame.polarity));
    if !frame.attribution.is_empty() {
        slots.insert("attribution".to_owned(), json!(frame.attribution));
    }
    json!({
        "sentence": claim.text,
        "language": claim.language,
        "part": claim.part,
        "slots": slots,
    })
}

/// An answer of a search: hits, the place to go on from, and what was counted where that was asked for.
pub fn hits(hits: &Hits) -> Value {
    let mut object = json!({
        "hits": hits.hits.iter().map(hit).collect::<Vec<_>>(),
        "meta": { "kind": hits.kind, "total": hits.total, "next": hits.next },
        "repairs": hits.repairs,
        "expansions": hits.expansions,
        "gaps": hits.gaps.iter().map(gap).collect::<Vec<_>>(),
    });
    if !hits.facets.is_empty() {
        let kinds = hits.kinds.iter();
        let kinds: serde_json::Map<String, Value> = kinds
            .map(|(kind, total)| (kind.word().to_owned(), json!(total)))
            .collect();
        object["meta"]["kinds"] = Value::Object(kinds);
        object["facets"] = json!(hits.facets);
        object["histogram"] = bars(&hits.histogram);
        let compared = hits.compared.iter().map(|one| {
            json!({
                "query": one.query,
                "total": one.total,
                "repairs": one.repairs,
                "histogram": bars(&one.histogram),
            })
        });
        object["compared"] = compared.collect();
    }
    object
}

/// Bars with the share of all publications, in each hundred thousand.
fn bars(bars: &[Bar]) -> Value {
    let each = bars.iter().map(|bar| {
        json!({
            "from": bar.from,
            "to": bar.to,
            "count": bar.count,
            "all": bar.all,
            "per_100k": bar.per_100k(),
            "unseen_sources": bar.unseen,
        })
    });
    each.collect()
}

/// A time in which a source was not seen.
fn gap(gap: &Gap) -> Value {
    json!({
        "source": gap.source,
        "from": moment(gap.from),
        "to": gap.to.map(moment),
        "why": if gap.is_silent { "no answer" } else { "not asked" },
    })
}

/// The word that a value has in JSON.
pub fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// One hit of a search. Highlights are UTF-8 byte ranges of title and snippet; the score is in thousandths. A claim and a case
/// say what they are under a key of their own.
pub fn hit(hit: &Hit) -> Value {
    let mut object = json!({
        "url": hit.url,
        "revision": hit.revision,
        "source": hit.source,
        "title": hit.title.text,
        "language": hit.language,
        "published": moment(hit.published),
        "first_seen": moment(hit.first_seen),
        "snippet": hit.snippet.text,
        "highlights": { "title": hit.title.highlights, "snippet": hit.snippet.highlights },
        "score": hit.score,
        "n_copies": hit.n_copies,
        "copies": hit.copies.iter().map(|copy| json!({
            "url": copy.url,
            "revision": copy.revision,
            "published": moment(copy.published),
        })).collect::<Vec<_>>(),
    });
    if let Some(claim) = &hit.claim {
        object["claim"] = json!({ "id": claim.id });
        if let Some(verdict) = &claim.verdict {
            object["claim"]["verdict"] = json!(verdict.label);
            object["claim"]["confidence"] = share(verdict.confidence);
            object["claim"]["differences"] = differences(&verdict.differences);
            object["claim"]["evidence"] = quotes(&verdict.evidence);
            object["claim"]["as_of"] = json!(moment(verdict.as_of));
            object["claim"]["explanation"] = json!(verdict.explanation);
        }
    }
    if let Some(case) = &hit.case {
        object["case"] = json!({
            "id": case.id,
            "state": case.state,
            "differences": differences(&case.differences),
            "evidence": quotes(&case.evidence),
        });
    }
    object
}

/// One view of the queue.
pub fn view(view: &QueueView) -> Value {
    json!({
        "id": view.id,
        "name": view.name,
        "query": view.query,
        "owner": view.owner,
        "is_shared": view.is_shared,
        "made_at": moment(view.made_at),
    })
}

/// One saved search; secrets and tokens are left out.
pub fn saved(search: &SavedSearch) -> Value {
    json!({
        "name": search.name,
        "query": search.query,
        "saved_at": moment(search.saved_at),
        "tells": search.alert.as_ref().map(|rule| rule.channel.recipient()),
        "pace": search.alert.as_ref().map(|rule| rule.pace),
        "paused": search.paused.as_ref().map(|paused| &paused.why),
        "has_feed": search.feed.is_some(),
        "owner": search.owner,
    })
}

/// One thing that a saved search found.
pub fn alert(alert: &Alert) -> Value {
    json!({
        "search": alert.search,
        "url": alert.url,
        "revision": alert.revision,
        "title": alert.title,
        "why": alert.why.text,
        "highlights": alert.why.highlights,
        "matched_at": moment(alert.matched_at),
        "told_at": alert.told_at.map(moment),
    })
}
