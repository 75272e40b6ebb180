//! Plots that are selected in, exchanged and themed.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::visit::Visit;

pub(crate) async fn selection(visit: &Visit<'_>) -> Result<()> {
    let n_chosen = "Number.parseInt(model('count').text)";
    let plot = visit.page.rect("scatter", "").await?;
    let mouse = visit.page.mouse();
    // A busy browser may take the beginning of a drag for a long press.
    let drag = async {
        for _attempt in 0..3 {
            mouse.drag(plot.at(0.3, 0.3), plot.at(0.8, 0.7)).await?;
            visit.page.pause(300).await?;
            if visit.page.eval("return model('points').selected.indices.length", json!(null)).await? != json!(0) {
                break;
            }
        }
        Ok(())
    };
    visit.redraws("histogram", &format!("{n_chosen} > 20"), drag).await?;
    visit.until(&format!("{n_chosen} == model('points').selected.indices.length")).await?;
    visit.until(&format!("{n_chosen} == column('bars', 'chosen').reduce((a, b) => a + b)")).await?;
    // Nothing lies in the corner.
    mouse.drag(plot.at(0.12, 0.05), plot.at(0.14, 0.07)).await?;
    visit.reads("count", "0 chosen").await?;
    visit.server_has("count", "text", "0 chosen").await?;
    mouse.drag(plot.at(0.4, 0.4), plot.at(0.7, 0.7)).await?;
    visit.until(&format!("{n_chosen} > 10")).await?;
    Ok(())
}

pub(crate) async fn crossfilter(visit: &Visit<'_>) -> Result<()> {
    let mut pictures = vec![visit.page.canvas_digest("plot1").await?];
    for (plot, select, option, title) in [
        ("plot2", "across", "kind", "speed by kind"),
        ("plot3", "up", "seats", "seats by kind"),
        ("plot4", "size", "weight", "seats by kind"),
        ("plot5", "color", "speed", "seats by kind"),
        ("plot6", "across", "speed", "seats by speed"),
    ] {
        visit.choose(select, option).await?;
        visit.until(&format!("model('{plot}').title.text == '{title}' && view('{plot}') != null")).await?;
        visit.page.wait_idle().await?;
        let picture = visit.page.canvas_digest(plot).await?;
        ensure!(!pictures.contains(&picture), "{plot} looks like one before");
        pictures.push(picture);
    }
    visit.until("model('plot2').x_range.factors.length == 4").await?;
    visit.server_has("log", "text", "chosen: kind seats weight speed speed").await
}

pub(crate) async fn themed(visit: &Visit<'_>) -> Result<()> {
    let background = |color: &str| format!("model('plot').background_fill_color == '{color}'");
    visit.until(&background("#fff7e0")).await?;
    visit.until("model('plot').title.text_color == '#8c510a' && model('plot').title.text_font_size == '18pt'").await?;
    visit.redraws("plot", &background("#20262B"), visit.choose("theme", "dark_minimal")).await?;
    visit.redraws("plot", &background("#fff7e0"), visit.choose("theme", "own")).await?;
    let axis = visit.page.eval("return model('plot').below[0].major_label_text_color", serde_json::Value::Null).await?;
    ensure!(axis == "#01665e", "the axis is {axis}");
    Ok(())
}
