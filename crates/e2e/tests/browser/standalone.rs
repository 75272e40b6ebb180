//! Documents in pages without a Bokeh server.

use std::fs;

use anyhow::{Context, Result};
use bokeh_document::Document;
use bokeh_embed::{Bundle, Components, Page, Resources, autoload_static, file_html, json_item};
use bokeh_models::prelude::*;
use bokeh_server::{BokehJs, RunningServer, Server, Settings};
use e2e::Browser;
use serde_json::json;

use crate::host::Host;

#[tokio::test]
async fn a_file_shows_the_document_and_runs_its_javascript() -> Result<()> {
    let folder = e2e::bokehjs()?.join("js");
    let inline = Resources::inline(|bundle| fs::read_to_string(folder.join(bundle.file_name())))?;
    let html = file_html(&document(), inline)?;
    assert!(!html.contains("<script src="), "the page needs nobody else");
    let host = Host::start().await?;
    host.set_page(&html);
    let page = Browser::start().await?.open(&host.url()).await?;
    page.wait_idle().await?;
    assert_eq!(page.eval("return document.title", json!(null)).await?, "alone & happy");
    assert_eq!(page.eval("return column('source', 'y').join()", json!(null)).await?, "1,4,9");
    let shown = "return view('text').shadow_el.innerHTML.includes(args)";
    assert_eq!(page.eval(shown, json!("&lt;/script&gt; &amp; &lt;!-- stay text")).await?, true);
    page.model("slider").set("value", json!(5)).await?;
    page.wait_until("return model('plot').title.text == 'at 5'", json!(null)).await?;
    page.wait_until("return model('plot').min_border_left == 5", json!(null)).await?;
    page.screenshot("standalone").await?;
    Ok(())
}

#[tokio::test]
async fn parts_are_placed_in_a_page_by_its_author() -> Result<()> {
    let files = files().await?;
    let parts = Components::new(&document())?;
    assert_eq!(parts.bundles(), [Bundle::Bokeh, Bundle::Widgets]);
    let resources = parts.resources(resources(&files)).to_html();
    let div = parts.div("text").context("the root has a name")?;
    let host = Host::start().await?;
    // The scripts come before and after what they draw.
    for body in [
        format!("{resources}{}<main>{div}</main>", parts.script()),
        format!("<main>{div}</main>{}{resources}", parts.script()),
    ] {
        let others: String = parts.divs().filter(|other| *other != div).collect();
        host.set_body(&format!("{body}{others}"));
        let page = Browser::start().await?.open(&host.url()).await?;
        page.wait_idle().await?;
        assert_eq!(page.eval("return document.title", json!(null)).await?, "the host's own");
        let is_in_main = "return document.querySelector('main').contains(view('text').el)";
        assert_eq!(page.eval(is_in_main, json!(null)).await?, true);
        page.assert_quiet().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_script_of_its_own_shows_the_document_where_it_is_loaded() -> Result<()> {
    let files = files().await?;
    let folder = e2e::bokehjs()?.join("js");
    let host = Host::start().await?;
    let browser = Browser::start().await?;
    let inline = Resources::inline(|bundle| fs::read_to_string(folder.join(bundle.file_name())))?;
    let loaded = resources(&files).to_html();
    // The page may have BokehJS already, and the script may bring it along.
    for (head, resources) in [("", resources(&files)), (&loaded, resources(&files)), ("", inline)] {
        let parts = autoload_static(&document(), resources, "/plot.js")?;
        host.set_script(parts.script());
        host.set_body(&format!("{head}<main>{}</main><footer></footer>", parts.tag()));
        let page = browser.open(&host.url()).await?;
        page.wait_idle().await?;
        assert_eq!(page.eval("return document.title", json!(null)).await?, "the host's own");
        let places = "return doc().roots().map((root) => Bokeh.index.find_one(root).el.closest('main') !== null)";
        assert_eq!(page.eval(places, json!(null)).await?, json!([true, true, true]));
        page.model("slider").set("value", json!(5)).await?;
        page.wait_until("return model('plot').title.text == 'at 5'", json!(null)).await?;
        page.assert_quiet().await?;
    }
    Ok(())
}

#[tokio::test]
async fn some_of_the_models_are_shown_by_code_alone() -> Result<()> {
    let files = files().await?;
    let document = document();
    let wanted = ["slider", "plot"].map(|name| document.model_by_name(name).expect("it is there"));
    let parts = Components::of(&document, wanted)?;
    let host = Host::start().await?;
    host.set_script(&parts.javascript()?);
    let [slider, plot] = parts.roots() else { anyhow::bail!("two roots") };
    // Elements of the page's own, in its own order.
    host.set_body(&format!(
        "<b id='{}'></b><i id='{}'></i>{}<script src='/plot.js'></script>",
        plot.element_id().as_str(),
        slider.element_id().as_str(),
        resources(&files).to_html()
    ));
    let page = Browser::start().await?.open(&host.url()).await?;
    page.wait_idle().await?;
    let parents = "return ['slider', 'plot'].map((name) => view(name).el.parentElement.tagName)";
    assert_eq!(page.eval(parents, json!(null)).await?, json!(["I", "B"]));
    page.model("slider").set("value", json!(5)).await?;
    page.wait_until("return model('plot').title.text == 'at 5'", json!(null)).await?;
    page.assert_quiet().await
}

#[tokio::test]
async fn a_json_item_is_drawn_by_a_script_of_the_page() -> Result<()> {
    let files = files().await?;
    let document = document();
    let plot = document.model_by_name("plot").context("the plot is there")?;
    let item = json_item(&document, plot, Some("here")).context("the plot is there")?;
    let host = Host::start().await?;
    let resources = resources(&files).to_html();
    host.set_body(&format!("{resources}<div id='here'></div><script>Bokeh.embed.embed_item({item})</script>"));
    let page = Browser::start().await?.open(&host.url()).await?;
    page.wait_idle().await?;
    let roots = page.eval("return doc().roots().map((root) => root.name)", json!(null)).await?;
    assert_eq!(roots, json!(["plot"]));
    page.assert_quiet().await
}

#[tokio::test]
async fn the_bundles_that_a_document_needs_are_enough() -> Result<()> {
    let files = files().await?;
    let host = Host::start().await?;
    let browser = Browser::start().await?;
    type Build = fn(&mut Document);
    let builds: [(&[Bundle], Build); 4] = [
        (&[Bundle::Bokeh], |doc| {
            let plot = doc.add(figure().name("it"));
            plot.line(doc, [1, 2], [3, 4]).draw();
            doc.add_root(plot);
        }),
        (&[Bundle::Bokeh, Bundle::Gl], |doc| {
            let plot = doc.add(figure().name("it").output_backend(enums::OutputBackend::Webgl));
            plot.scatter(doc, [1, 2], [3, 4]).draw();
            doc.add_root(plot);
        }),
        (&[Bundle::Bokeh, Bundle::Widgets, Bundle::Tables], |doc| {
            let source = ColumnDataSource::new().data(data! { "x" => [1, 2] });
            let columns = [TableColumn::new().field("x").title("x")];
            doc.add_root(DataTable::new().name("it").source(source).columns(columns));
        }),
        (&[Bundle::Bokeh, Bundle::Widgets, Bundle::MathJax], |doc| {
            doc.add_root(Div::new().name("it").text("$$x^2$$"));
        }),
    ];
    for (expected, build) in builds {
        let mut document = Document::new();
        build(&mut document);
        assert_eq!(Bundle::needed_by(&document), expected);
        host.set_page(&file_html(&document, resources(&files))?);
        let page = browser.open(&host.url()).await?;
        page.wait_idle().await.with_context(|| format!("{expected:?}"))?;
        let names = page.eval("return doc().roots().map((root) => root.name)", json!(null)).await?;
        assert_eq!(names, json!(["it"]));
    }
    Ok(())
}

#[tokio::test]
async fn several_documents_share_a_page() -> Result<()> {
    let files = files().await?;
    let host = Host::start().await?;
    host.set_page(&Page::new(resources(&files)).document(&document()).document(&document()).render()?);
    let page = Browser::start().await?.open(&host.url()).await?;
    page.wait_until("return window.Bokeh?.documents.length == 2", json!(null)).await?;
    page.wait_until("return Bokeh.documents.every((doc) => doc.is_idle)", json!(null)).await?;
    let named = "return [...Bokeh.index.roots].map((view) => view.model.name).filter(Boolean).sort()";
    let names = page.eval(named, json!(null)).await?;
    assert_eq!(names, json!(["plot", "plot", "slider", "slider", "text", "text"]));
    Ok(())
}

/// A plot, a slider that sets its title in the page, and a text.
fn document() -> Document {
    let mut doc = Document::new();
    let source = doc.add(ColumnDataSource::new().name("source").data(data! { "x" => [1, 2, 3], "y" => [1., 4., 9.] }));
    let plot = doc.add(figure().name("plot").width(300).height(300));
    plot.line(&mut doc, "x", "y").source(source).draw();
    let slider = doc.add(Slider::new().name("slider").start(0).end(10).value(1).step(1));
    let code = CustomJS::new().args([("plot", plot)]).code("plot.title.text = `at ${cb_obj.value}`");
    slider.js_on_change(&mut doc, Slider::VALUE, code);
    slider.js_link(&mut doc, Slider::VALUE, plot, Plot::MIN_BORDER_LEFT);
    doc.add_root(plot);
    doc.add_root(slider);
    doc.add_root(Div::new().name("text").text("&lt;/script&gt; &amp; &lt;!-- stay text"));
    doc.set_title("alone & happy");
    doc
}

/// Serves BokehJS, and nothing else that counts.
async fn files() -> Result<RunningServer> {
    let bokehjs = BokehJs::Folder(e2e::bokehjs()?);
    let settings = Settings { port: 0, bokehjs, ..Settings::default() };
    Ok(Server::builder().settings(settings).start().await?)
}

fn resources(files: &RunningServer) -> Resources {
    Resources::server("", |_| None).at_origin(files.url("/").trim_end_matches('/'))
}
