//! Our server under real BokehJS in a real browser.

mod bundles;
mod compression;
mod conflicts;
mod dragging;
mod embedded;
mod examples;
mod first_load;
mod from_page;
mod from_server;
mod host;
mod login;
mod reconnect;
mod sessions;
mod sign_on;
mod slow_pages;
mod standalone;
mod storm;

#[expect(dead_code, reason = "some of it is for Python")]
#[path = "../edits/mod.rs"]
mod edits;
mod replica;
mod served;
mod virtual_time;
