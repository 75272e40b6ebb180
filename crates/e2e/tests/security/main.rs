//! What attackers try, as tables: one file for each kind of attack. The book's page on security is their index.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod floods;
mod headers;
mod hosts;
mod ids;
mod options;
mod paths;
mod secrets;
mod sizes;
mod slow;

#[path = "../nginx/authority.rs"]
#[expect(dead_code, reason = "some of it is for a browser")]
mod authority;
mod door;
mod peer;
mod target;
