//! Sessions in the log.

use sha2::{Digest, Sha256};

/// The name that the server's log has for a session. It tells sessions apart and gives nothing away: whoever knows the id
/// itself can join the session.
pub(crate) fn log_id(session_id: &str) -> String {
    Sha256::digest(session_id).iter().take(5).map(|byte| format!("{byte:02x}")).collect()
}
