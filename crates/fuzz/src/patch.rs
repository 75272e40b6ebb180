//! Patches as texts.

use crate::replicas::{N_AUTHORS, Replicas};
use crate::{documents, input};

/// A patch is refused, and then the document is as before; or it is applied, and then everybody who is told of it has the same
/// document.
///
/// The first byte chooses the document. Then come patches, by two peers in turn.
pub fn patch(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    let mut replicas = Replicas::new(documents::load(*choice));
    for (n, message) in (0..MAX_PATCHES).zip(input::messages(rest)) {
        if let Some((content, buffers)) = input::content(message) {
            replicas.receive(n % N_AUTHORS, &content, &buffers).map_err(|error| error.to_string()).ok();
        }
    }
}

const MAX_PATCHES: u8 = 20;
