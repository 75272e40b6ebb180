//! Our server under real BokehJS in a real browser.

mod conflicts;
mod dragging;
mod examples;
mod from_page;
mod from_server;
mod reconnect;
mod sessions;
mod slow_pages;
mod storm;

#[expect(dead_code, reason = "some of it is for Python")]
#[path = "../edits/mod.rs"]
mod edits;
mod replica;
mod served;
mod virtual_time;
