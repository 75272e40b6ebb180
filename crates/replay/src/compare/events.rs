//! The events and the reply of a segment.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Segment;
use super::show::show;
use super::walk::{Definitions, Ids, Walk, collect, label, model};

/// Compares two segments, and adds to `found` what is not the same.
pub(super) fn compare(ids: &mut Ids, theirs: &Segment, ours: &Segment, found: &mut Vec<String>) {
    let (a, b) = (definitions(theirs), definitions(ours));
    let mut walk = Walk { ids, theirs: &a, ours: &b, done: BTreeSet::new(), found: Vec::new() };
    events(&mut walk, &theirs.events, &ours.events);
    match (&theirs.end, &ours.end) {
        (Some(a), Some(b)) => {
            if a.title != b.title {
                walk.found.push(format!("{} | {}", a.title, b.title));
            } else {
                let path = a.title.split(' ').next().unwrap_or_default();
                walk.values(path, &a.content, &b.content);
            }
        }
        (Some(a), None) => walk.found.push(format!("{} | nothing", a.title)),
        (None, Some(b)) => walk.found.push(format!("nothing | {}", b.title)),
        (None, None) => {}
    }
    found.append(&mut walk.found);
}

fn definitions(segment: &Segment) -> Definitions<'_> {
    let mut definitions = Definitions::default();
    segment.events.iter().chain(segment.end.as_ref().map(|end| &end.content)).for_each(|json| {
        collect(json, &mut definitions);
    });
    definitions
}

/// Compares the events on each target in their order.
fn events(walk: &mut Walk<'_>, theirs: &[Json], ours: &[Json]) {
    let mut of_ours: BTreeMap<String, Vec<&Json>> = BTreeMap::new();
    for event in ours {
        of_ours.entry(target(event, &|id| Some(id.to_owned()))).or_default().push(event);
    }
    let mut targets: Vec<(String, Vec<&Json>)> = Vec::new();
    for event in theirs {
        let target = target(event, &|id| Some(id.to_owned()));
        match targets.iter_mut().find(|(known, _)| *known == target) {
            Some((_, events)) => events.push(event),
            None => targets.push((target, vec![event])),
        }
    }
    for (_, theirs) in targets {
        // Only now, since earlier events may have paired the ids.
        let target = target(theirs[0], &|id| walk.ids.ours(id).map(str::to_owned));
        let ours = of_ours.remove(&target).unwrap_or_default();
        sequence(walk, &theirs, &ours);
    }
    for event in of_ours.into_values().flatten() {
        extra(walk, None, Some(event));
    }
}

/// Compares the events on one target: those that are equal are matched in order, what lies between is paired up.
fn sequence(walk: &mut Walk<'_>, theirs: &[&Json], ours: &[&Json]) {
    let mut next = 0;
    let mut waiting: Vec<&Json> = Vec::new();
    for event in theirs {
        match (next..ours.len()).find(|index| is_same(walk, event, ours[*index])) {
            None => waiting.push(event),
            Some(index) => {
                gap(walk, &std::mem::take(&mut waiting), &ours[next..index]);
                pair(walk, event, ours[index]);
                next = index + 1;
            }
        }
    }
    gap(walk, &waiting, &ours[next..]);
}

fn gap(walk: &mut Walk<'_>, theirs: &[&Json], ours: &[&Json]) {
    for index in 0..theirs.len().max(ours.len()) {
        match (theirs.get(index), ours.get(index)) {
            (Some(a), Some(b)) if a["kind"] == b["kind"] => pair(walk, a, b),
            (a, b) => extra(walk, a.copied(), b.copied()),
        }
    }
}

fn is_same(walk: &Walk<'_>, theirs: &Json, ours: &Json) -> bool {
    let mut ids = walk.ids.clone();
    let mut trial =
        Walk { ids: &mut ids, theirs: walk.theirs, ours: walk.ours, done: walk.done.clone(), found: Vec::new() };
    pair(&mut trial, theirs, ours);
    trial.found.is_empty()
}

fn pair(walk: &mut Walk<'_>, theirs: &Json, ours: &Json) {
    let subject = subject(theirs, &|id| walk.ids.label(id));
    walk.values(&subject, payload(theirs), payload(ours));
    for key in ["model", "cols", "rollover"] {
        match (theirs.get(key).filter(|json| !json.is_null()), ours.get(key).filter(|json| !json.is_null())) {
            (Some(a), Some(b)) => walk.values(&format!("{subject}.{key}"), a, b),
            (None, None) => {}
            (a, b) => walk.differ(&format!("{subject}.{key}"), a, b),
        }
    }
    if theirs["kind"] != ours["kind"] {
        walk.differ(&subject, Some(&theirs["kind"]), Some(&ours["kind"]));
    }
}

/// Notes an event that only one side has.
fn extra(walk: &mut Walk<'_>, theirs: Option<&Json>, ours: Option<&Json>) {
    let full = |event: &Json, label: &dyn Fn(&str) -> String| match payload(event) {
        Json::Null => subject(event, label),
        payload => format!("{} {}", subject(event, label), show(payload, label)),
    };
    let their_label = |id: &str| walk.theirs.get(id).map_or_else(|| walk.ids.label(id), |model| label(model));
    let our_label = |id: &str| walk.ours.get(id).map_or_else(|| walk.ids.our_label(id), |model| label(model));
    let a = theirs.map_or_else(|| "nothing".to_owned(), |event| full(event, &their_label));
    let b = ours.map_or_else(|| "nothing".to_owned(), |event| full(event, &our_label));
    walk.found.push(format!("{a} | {b}"));
}

/// What an event is about: events on the same target keep their order.
fn target(event: &Json, id: &dyn Fn(&str) -> Option<String>) -> String {
    let kind = event["kind"].as_str().unwrap_or_default();
    let model = model(&event["model"]).map(|theirs| id(theirs).unwrap_or_else(|| format!("unknown {theirs}")));
    match kind {
        "RootAdded" | "RootRemoved" => "roots".to_owned(),
        "TitleChanged" => "title".to_owned(),
        "MessageSent" => format!("message {}", event["msg_type"]),
        _ => format!("{}.{}", model.unwrap_or_default(), event["attr"].as_str().unwrap_or_default()),
    }
}

/// What an event is called in a difference.
fn subject(event: &Json, label: &dyn Fn(&str) -> String) -> String {
    let model = || model(&event["model"]).map_or_else(|| "?".to_owned(), label);
    let attr = event["attr"].as_str().unwrap_or_default();
    match event["kind"].as_str().unwrap_or_default() {
        "RootAdded" => format!("root {} added", model()),
        "RootRemoved" => format!("root {} removed", model()),
        "TitleChanged" => "title".to_owned(),
        "MessageSent" => format!("message {}", event["msg_type"].as_str().unwrap_or_default()),
        "ModelChanged" => format!("{}.{attr}", model()),
        "ColumnDataChanged" => format!("{}.{attr} replaced", model()),
        "ColumnsStreamed" => format!("{}.{attr} streamed", model()),
        "ColumnsPatched" => format!("{}.{attr} patched", model()),
        other => other.to_owned(),
    }
}

/// What an event carries.
fn payload(event: &Json) -> &Json {
    let key = match event["kind"].as_str().unwrap_or_default() {
        "TitleChanged" => "title",
        "MessageSent" => "msg_data",
        "ModelChanged" => "new",
        "ColumnDataChanged" | "ColumnsStreamed" => "data",
        "ColumnsPatched" => "patches",
        _ => return &Json::Null,
    };
    &event[key]
}
