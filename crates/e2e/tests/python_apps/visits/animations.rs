//! Plots that move by themselves.

use anyhow::Result;

use crate::visit::Visit;

pub(crate) async fn contours(visit: &Visit<'_>) -> Result<()> {
    visit.redraws("plot", "Number(model('frames').text) >= 3", visit.press("toggle")).await?;
    visit.has("toggle", "label", "Stop").await?;
    visit.press("toggle").await?;
    visit.has("toggle", "label", "Start").await?;
    let stopped = visit.until("model('frames').text").await?;
    visit.server_has("frames", "text", stopped).await?;
    visit.press("toggle").await?;
    visit.has("toggle", "label", "Stop").await?;
    visit.press("toggle").await?;
    visit.has("toggle", "label", "Start").await
}

pub(crate) async fn surface(visit: &Visit<'_>) -> Result<()> {
    visit.reads("state", "still after 12 frames").await?;
    visit.until("column('image', 'z')[0].shape.join() == '40,40'").await?;
    visit.until("column('wires', 'u').length == 10").await?;
    visit.server_has("state", "text", "still after 12 frames").await
}

pub(crate) async fn nations(visit: &Visit<'_>) -> Result<()> {
    visit.redraws("plot", "model('year').text == '1995'", visit.slide("slider", 0.5)).await?;
    visit.press("play").await?;
    visit.until("model('slider').value >= 1998").await?;
    visit.press("play").await?;
    visit.has("play", "label", "► Play").await?;
    visit.until("model('year').text == `${model('slider').value}`").await?;
    let year = visit.until("model('year').text").await?;
    visit.server_has("year", "text", year).await
}
