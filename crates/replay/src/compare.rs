//! Whether two sides of a conversation say the same, whatever their ids.

mod defaults;
mod events;
mod inline;
mod show;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::{BTreeMap, VecDeque};

use bokeh_protocol::{MessageType, RawMessage};
use serde_json::{Value as Json, json};

use walk::Ids;

/// What is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where: the number of the connection and the last note, `6: server action: model`.
    pub place: String,
    /// What: `subject: Bokeh's | ours`, where `nothing` stands for an event or value that one of them does not have.
    pub what: String,
}

/// Compares what Bokeh's side of a session has sent with what ours sends.
///
/// - Messages are cut into their events. Those between two replies count as a set, since Bokeh sends effects before their
///   cause; those on the same property, on the roots or on the title keep their order among each other.
/// - Ids are paired where they occur in the same place, and must stay paired. Definitions are compared by content, wherever
///   between two replies they are; an attribute that one does not have counts as the default of its class. References to
///   buffers are resolved. Ids of messages are not compared.
/// - The order of maps and sets does not count. Neither does the text of an ERROR, which is ours.
///
/// After a difference the comparison goes on, so that one does not hide others.
#[derive(Debug, Default)]
pub struct Comparison {
    ids: Ids,
    connections: BTreeMap<u64, Conversation>,
    note: String,
    differences: Vec<Difference>,
    n_compared: usize,
}

/// What the two sides have sent on a connection and was not compared yet.
#[derive(Debug, Default)]
struct Conversation {
    theirs: VecDeque<Item>,
    ours: VecDeque<Item>,
}

#[derive(Debug)]
enum Item {
    Event(Json),
    /// What ends a segment: a reply or the end of the connection.
    End(End),
}

#[derive(Debug)]
struct End {
    /// Its name, and what it answers.
    title: String,
    content: Json,
}

impl Comparison {
    /// A note of the recording: from now on it is the place of what happens.
    pub fn note(&mut self, note: &str) {
        self.flush();
        note.clone_into(&mut self.note);
    }

    /// Bokeh's side has sent a message.
    pub fn theirs(&mut self, connection: u64, message: &RawMessage) {
        let items = items(message);
        self.conversation(connection).theirs.extend(items);
        self.settle(connection);
    }

    /// Our side has sent a message.
    pub fn ours(&mut self, connection: u64, message: &RawMessage) {
        let items = items(message);
        self.conversation(connection).ours.extend(items);
        self.settle(connection);
    }

    /// Bokeh's side has closed the connection.
    pub fn theirs_closed(&mut self, connection: u64, code: Option<u16>, reason: &str) {
        self.conversation(connection).theirs.push_back(closed(code, reason));
        self.settle(connection);
    }

    /// Our side has closed the connection.
    pub fn ours_closed(&mut self, connection: u64, code: Option<u16>, reason: &str) {
        self.conversation(connection).ours.push_back(closed(code, reason));
        self.settle(connection);
    }

    /// Compares what both sides have sent so far. A connection where one side still owes a reply waits for it.
    pub fn flush(&mut self) {
        let connections: Vec<u64> = self.connections.keys().copied().collect();
        for connection in connections {
            let conversation = self.conversation(connection);
            if !has_end(&conversation.theirs) && !has_end(&conversation.ours) {
                let (theirs, ours) = (conversation.theirs.drain(..), conversation.ours.drain(..));
                let (theirs, ours) = (Segment::of(theirs), Segment::of(ours));
                self.segments(connection, &theirs, &ours);
            }
        }
    }

    /// Puts our ids in the place of Bokeh's in what a recorded peer has sent. Those without a partner stay, and stand for
    /// themselves if it has made them up.
    pub fn translate(&mut self, content: &mut Json) {
        self.ids.adopt(content);
        self.ids.translate(content);
    }

    /// How many events, replies and ends of connections Bokeh has sent that were compared.
    #[must_use]
    pub fn n_compared(&self) -> usize {
        self.n_compared
    }

    /// Compares the rest, whether or not there were replies, and gives out everything that was not the same.
    #[must_use]
    pub fn finish(&mut self) -> Vec<Difference> {
        let connections: Vec<u64> = self.connections.keys().copied().collect();
        for connection in connections {
            loop {
                let conversation = self.conversation(connection);
                let (theirs, ours) = (segment(&mut conversation.theirs), segment(&mut conversation.ours));
                if theirs.is_none() && ours.is_none() {
                    break;
                }
                self.segments(connection, &theirs.unwrap_or_default(), &ours.unwrap_or_default());
            }
        }
        self.flush();
        std::mem::take(&mut self.differences)
    }

    fn conversation(&mut self, connection: u64) -> &mut Conversation {
        self.connections.entry(connection).or_default()
    }

    /// Compares up to the last reply that both sides have given.
    fn settle(&mut self, connection: u64) {
        loop {
            let conversation = self.conversation(connection);
            if !has_end(&conversation.theirs) || !has_end(&conversation.ours) {
                return;
            }
            let theirs = segment(&mut conversation.theirs).unwrap_or_default();
            let ours = segment(&mut conversation.ours).unwrap_or_default();
            self.segments(connection, &theirs, &ours);
        }
    }

    fn segments(&mut self, connection: u64, theirs: &Segment, ours: &Segment) {
        let mut found = Vec::new();
        events::compare(&mut self.ids, theirs, ours, &mut found);
        self.n_compared += theirs.events.len() + usize::from(theirs.end.is_some());
        let place = format!("{connection}: {}", if self.note.is_empty() { "the beginning" } else { &self.note });
        self.differences.extend(found.into_iter().map(|what| Difference { place: place.clone(), what }));
    }
}

/// Events, and the reply after them if it is there.
#[derive(Debug, Default)]
struct Segment {
    events: Vec<Json>,
    end: Option<End>,
}

impl Segment {
    fn of(items: impl Iterator<Item = Item>) -> Self {
        let mut segment = Segment::default();
        for item in items {
            match item {
                Item::Event(event) => segment.events.push(event),
                Item::End(end) => segment.end = Some(end),
            }
        }
        segment
    }
}

/// Takes the items up to the first end, if there is one.
fn segment(items: &mut VecDeque<Item>) -> Option<Segment> {
    let length = items.iter().position(|item| matches!(item, Item::End(_)))?;
    Some(Segment::of(items.drain(..=length)))
}

fn has_end(items: &VecDeque<Item>) -> bool {
    items.iter().any(|item| matches!(item, Item::End(_)))
}

fn items(message: &RawMessage) -> Vec<Item> {
    let content = inline::content(message);
    if message.header.msgtype == MessageType::PatchDoc {
        return content["events"].as_array().into_iter().flatten().map(|event| Item::Event(event.clone())).collect();
    }
    let title = match &message.header.reqid {
        Some(request) => format!("{} to {request}", message.header.msgtype),
        None => message.header.msgtype.to_string(),
    };
    let content = match message.header.msgtype {
        MessageType::Error => Json::Null,
        _ => content,
    };
    vec![Item::End(End { title, content })]
}

fn closed(code: Option<u16>, reason: &str) -> Item {
    Item::End(End { title: "closed".to_owned(), content: json!({ "code": code, "reason": reason }) })
}
