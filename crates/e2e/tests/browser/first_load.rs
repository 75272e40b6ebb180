//! How much a browser loads that has nothing yet. How long that takes is judged by `cargo xtask bench first-load`.

use anyhow::Result;
use e2e::{Browser, FirstLoad, Reference, Server};

#[tokio::test]
async fn a_first_visit_takes_at_most_half_the_bytes_that_it_takes_of_pythons_server() -> Result<()> {
    let browser = Browser::start().await?;
    // A browser ends with its last window.
    let _blank = browser.open("about:blank").await?;
    let python = Reference::serve(SLIDERS).await?;
    let python = FirstLoad::measure(&browser, python.url(), None).await?;

    let folder = tempfile::tempdir()?;
    let script = folder.path().join("app.py");
    std::fs::write(&script, SLIDERS)?;
    let interpreter = e2e::python()?;
    let serve = ["serve", "--port", "0", "--python", &interpreter.to_string_lossy(), &script.to_string_lossy()];
    for (binary, args) in [("sliders", &["--port", "0"][..]), ("bokeh-rs", &serve)] {
        let server = Server::start(binary, args).await?;
        let ours = FirstLoad::measure(&browser, server.url(), None).await?;
        println!("{binary}: {ours:?} beside {python:?}");
        assert!(ours.n_bytes_until_drawn * 2 <= python.n_bytes_until_drawn, "{binary}: {ours:?}, Python {python:?}");
        assert!(ours.n_bytes * 2 <= python.n_bytes, "{binary}: {ours:?}, Python {python:?}");
        // What is not needed comes afterwards.
        assert!(ours.n_bytes_until_drawn < ours.n_bytes, "{binary}: {ours:?}");
    }
    Ok(())
}

/// The sliders of the examples.
const SLIDERS: &str = include_str!("../../../load/python/sliders.py");
