//! What a peer's patch is about, and what that means for the peer's copy.

use std::borrow::Cow;
use std::time::Duration;

use bokeh_document::{Document, Place};
use bokeh_protocol::{ModelId, RawMessage};
use serde_json::Value as Json;

use super::link::Link;
use super::recent::Recent;

/// The places that the events of a patch name, as they are before it is applied.
pub(super) struct Named {
    places: Vec<Option<Place>>,
    /// The models that each place keeps in view.
    models: Vec<Vec<ModelId>>,
    shown: Shown,
    /// Events that are not to be applied.
    stale: Vec<usize>,
}

impl Named {
    pub(super) fn new(
        document: &Document,
        message: &RawMessage,
        link: &mut Link,
        recent: &Recent,
        now: Duration,
    ) -> Self {
        let content = &message.content;
        // BokehJS says so after it has taken over the document that it has pulled again.
        if has_event(content, "client_reconnected") {
            link.has_seen_whole();
        }
        let places = document.places_named(content);
        let models_at = |place: &Option<Place>| place.iter().flat_map(|place| document.models_at(place)).collect();
        let models = places.iter().map(models_at).collect();
        let shown = Shown::new(document, content, &places);
        let stale = shown.stale(|place| link.shows_again_what_is_gone(place, recent, now));
        Named { places, models, shown, stale }
    }

    /// What of the patch is to be applied.
    pub(super) fn content<'a>(&self, message: &'a RawMessage) -> Cow<'a, Json> {
        without(&message.content, &self.stale)
    }

    /// The places of the events that are not to be applied.
    pub(super) fn into_stale(self) -> Vec<usize> {
        self.stale
    }

    /// These events were not applied either.
    pub(super) fn leave_out(mut self, stale: &[usize]) -> Self {
        self.stale.extend(stale);
        self
    }

    /// The patch was applied, but for the events that were `passed_over`: notes what the peer has written, and where it may now have something else than the document.
    pub(super) fn were_applied(
        self,
        document: &Document,
        passed_over: &[usize],
        link: &mut Link,
        recent: &Recent,
        now: Duration,
    ) {
        // Both are in order, and a patch can have very many events.
        let is_passed_over = |index: &usize| passed_over.binary_search(index).is_ok();
        // What it has written to models that are gone from the document may have dropped others, which are not known.
        let mut moves = (!passed_over.is_empty()).then_some(true);
        for (place, before) in self.places.iter().zip(&self.models) {
            let Some(place) = place else { continue };
            let after = document.models_at(place);
            // What it had there before is not known: it may have dropped that.
            let is_conflict = document.leads_to_models(place) && link.may_conflict(place, recent, now);
            if is_conflict || !after.is_empty() || !before.is_empty() {
                let has_dropped = is_conflict || before.iter().any(|model| !after.contains(model));
                *moves.get_or_insert(false) |= has_dropped;
            }
        }
        if let Some(drops_any) = moves {
            link.moved_models(drops_any, recent, now);
        }
        for (index, place) in self.places.into_iter().enumerate() {
            let Some(place) = place else { continue };
            if self.shown.again.binary_search(&index).is_ok() {
                link.shows_again(place, recent, now);
                continue;
            }
            let is_left_out = !self.stale.is_empty() || is_passed_over(&index);
            let in_doubt = is_left_out || link.may_conflict(&place, recent, now);
            link.wrote(place, in_doubt, now);
        }
    }

    /// The patch was refused: the peer has it, the document does not.
    pub(super) fn were_refused(self, link: &mut Link, recent: &Recent, now: Duration) {
        if self.models.iter().any(|models| !models.is_empty()) {
            link.moved_models(true, recent, now);
        }
        for place in self.places.into_iter().flatten() {
            link.is_wrong_about(place, now);
        }
    }
}

/// The events of a patch that make models roots.
struct Shown {
    /// Of models that are roots already. BokehJS sends such an event for every root after a reconnect.
    again: Vec<usize>,
    /// Of models that are not.
    anew: Vec<(usize, Place)>,
}

impl Shown {
    fn new(document: &Document, content: &Json, places: &[Option<Place>]) -> Self {
        let mut shown = Shown { again: Vec::new(), anew: Vec::new() };
        for (index, place) in places.iter().enumerate() {
            let Some(Place::Root(id)) = place else { continue };
            if content["events"][index]["kind"] != "RootAdded" {
                continue;
            }
            let model = document.model_by_wire_id(id);
            if model.is_some_and(|model| document.roots().contains(&model)) {
                shown.again.push(index);
            } else {
                shown.anew.push((index, Place::Root(id.clone())));
            }
        }
        shown
    }

    /// Those of models that were removed since the peer was sent the whole document: the removal stands.
    fn stale(&self, is_gone: impl Fn(&Place) -> bool) -> Vec<usize> {
        self.anew.iter().filter(|(_, place)| is_gone(place)).map(|(index, _)| *index).collect()
    }
}

/// Whether a patch carries an event of Bokeh's of this name.
fn has_event(content: &Json, name: &str) -> bool {
    let events = content.get("events").and_then(Json::as_array);
    events.into_iter().flatten().any(|event| event["msg_type"] == "bokeh_event" && event["msg_data"]["name"] == name)
}

/// The content of a patch without some of its events.
fn without<'a>(content: &'a Json, stale: &[usize]) -> Cow<'a, Json> {
    if stale.is_empty() {
        return Cow::Borrowed(content);
    }
    let mut content = content.clone();
    if let Some(events) = content.get_mut("events").and_then(Json::as_array_mut) {
        let mut index = 0..;
        events.retain(|_| index.next().is_none_or(|index| stale.binary_search(&index).is_err()));
    }
    Cow::Owned(content)
}
