//! Columns that are streamed to, patched and held back.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::host::Kind;
use crate::visit::Visit;

pub(crate) async fn ohlc(visit: &Visit<'_>) -> Result<()> {
    visit.until("column('prices', 'time').length > 8").await?;
    visit.choose("kind", "weighted").await?;
    visit.slide("window", 1.0).await?;
    visit.has("window", "value", 20).await?;
    visit.until("Number(model('time').text) > 45").await?;
    visit.until("['time', 'low', 'average', 'color'].every((name) => column('prices', name).length == 40)").await?;
    visit.until("model('plot').x_range.end > 40").await?;
    Ok(())
}

pub(crate) async fn patch(visit: &Visit<'_>) -> Result<()> {
    visit.redraws("first", "column('points', 'y')[19] == 2.5", visit.press("patch")).await?;
    visit.until("column('points', 'color').slice(0, 4).join() == 'red,green,gold,navy'").await?;
    visit.until("[0, 2, 18].every((i) => column('points', 'y')[i] == 1)").await?;
    visit.until("[1, 3, 17].every((i) => column('points', 'y')[i] == 0)").await?;
    visit.until("column('curves', 'color').join() == 'teal,purple'").await?;
    visit.until("column('curves', 'ys')[0].slice(0, 5).every((y) => y == 0.1)").await?;
    visit.redraws("third", "column('image', 'z')[0][2 * 8] == 2", visit.press("patch")).await?;
    visit.until("column('image', 'z')[0][1 * 8 + 7] == 1 && column('image', 'z')[0][0] == 0").await?;
    Ok(())
}

pub(crate) async fn hold(visit: &Visit<'_>) -> Result<()> {
    let mut n_shown = 0;
    for policy in ["combine", "collect"] {
        visit.press(policy).await?;
        visit.reads("state", policy).await?;
        for _change in 0..3 {
            visit.press("change").await?;
        }
        // The page is told nothing. Somebody who comes now sees what has been made under Python's server, and would be told of
        // it once more; with ours what the others see.
        let n_made = if visit.host.kind == Kind::Python { n_shown + 3 } else { n_shown };
        visit.server_has("text", "text", n_made.to_string()).await?;
        let text = visit.page.model("text").get("text").await?;
        ensure!(text == json!(n_shown.to_string()), "{policy}: the page has {text} already");
        visit.press("release").await?;
        n_shown += 3;
        visit.reads("text", &n_shown.to_string()).await?;
        visit.reads("state", "free").await?;
        let x = visit.until(&format!("column('points', 'x').length == {n_shown} + 1 && column('points', 'x')")).await?;
        let expected: Vec<i32> = (0..=n_shown).collect();
        ensure!(x == json!(expected), "{policy}: {x}, not {expected:?}");
    }
    Ok(())
}
