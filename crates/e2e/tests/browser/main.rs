//! Our server under real BokehJS in a real browser.

mod examples;
mod sessions;
