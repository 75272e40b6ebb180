//! Pages and server that change the same thing at the same moment, and what a server refuses: in the end all are equal.

use anyhow::{Context, Result};
use bokeh_document::Document;
use bokeh_models::prelude::*;
use e2e::{Browser, Direction, Proxy};
use serde_json::json;

use crate::edits::{self, columns, floats, get, list, named, set};
use crate::served::Served;

#[tokio::test]
async fn what_a_page_and_the_server_do_at_the_same_moment_ends_equal_everywhere() -> Result<()> {
    cross(CROSSINGS, "conflicts").await
}

/// BokehJS forgets models that nothing leads to when roots change. A patch that names one of them then is lost to it as a
/// whole, and it tells nobody.
#[tokio::test]
async fn what_a_page_has_not_understood_is_told_again() -> Result<()> {
    cross(FORGOTTEN, "forgotten").await
}

/// Lets a page and the server do things while neither sees what the other does.
async fn cross(crossings: &'static [Crossing], screenshot: &str) -> Result<()> {
    let served = Served::start(edits::app).await?;
    let proxy = Proxy::start(served.address()?).await?;
    let browser = Browser::start().await?;
    let page = served.open_at(&browser, &proxy.url(&served.url())?).await?;
    let other = served.open(&browser).await?;
    for &(name, in_page, in_server) in crossings {
        for direction in [Direction::Up, Direction::Down] {
            proxy.hold(direction);
        }
        page.eval(&format!("{HELPERS} {in_page}"), json!(null)).await.context(name)?;
        served.update(in_server).await.context(name)?;
        for direction in [Direction::Up, Direction::Down] {
            proxy.release(direction);
        }
        served.assert_same(name, &[&page, &other]).await?;
    }
    page.screenshot(screenshot).await?;
    Ok(())
}

#[tokio::test]
async fn what_the_server_refuses_is_mended_in_the_page() -> Result<()> {
    let served = Served::start(edits::app).await?;
    let browser = Browser::start().await?;
    let (page, other) = (served.open(&browser).await?, served.open(&browser).await?);
    for (name, script) in REFUSED {
        page.eval(&format!("{HELPERS} {script}"), json!(null)).await.context(*name)?;
        served.assert_same(name, &[&page, &other]).await?;
    }
    Ok(())
}

/// Ranges that fit themselves to the data are computed by each page, and told to all others.
#[tokio::test]
async fn pages_that_fit_ranges_to_their_data_agree() -> Result<()> {
    let served = Served::start(|doc: &mut Document| {
        let plot = doc.add(figure().name("plot").width(300).height(200));
        plot.scatter(doc, [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]).size(20).draw();
        doc.add_root(plot);
    })
    .await?;
    let browser = Browser::start().await?;
    let (one, other) = (served.open(&browser).await?, served.open(&browser).await?);
    served.assert_same("at first", &[&one, &other]).await?;
    served
        .update(|doc| {
            let plot = Plot::named(doc, "plot").expect("a plot");
            plot.scatter(doc, [-5.0, 20.0], [0.0, 7.0]).size(40).draw();
        })
        .await?;
    served.assert_same("after a new glyph", &[&one, &other]).await
}

/// What is done, what the page does, and what the server does before either sees the other's.
type Crossing = (&'static str, &'static str, fn(&mut Document));

const CROSSINGS: &[Crossing] = &[
    ("one property", "model('slider').value = 3", |doc| set(doc, "slider", "value", 7)),
    ("one property, several times", "for (const value of [1, 2, 3]) model('slider').value = value", |doc| {
        [9, 8, 7, 6].into_iter().for_each(|value| set(doc, "slider", "value", value))
    }),
    ("one property, to the same value", "model('slider').value = 5", |doc| set(doc, "slider", "value", 5)),
    ("the title", "doc().set_title('of the page')", |doc| doc.set_title("of the server")),
    ("rows of one source", "model('source').stream({x: [10], y: [10]})", |doc| stream(doc, 20.0, None)),
    ("rows that roll others out", "model('source').stream({x: [11], y: [11]}, 3)", |doc| stream(doc, 21.0, Some(3))),
    ("rows, and other columns", "model('source').stream({x: [12], y: [12]})", |doc| {
        set(doc, "source", "data", columns([("x", floats([1.0, 2.0])), ("y", floats([3.0, 4.0]))]))
    }),
    ("other columns, and rows", "model('source').data = {x: [5, 6, 7], y: [7, 6, 5]}", |doc| stream(doc, 22.0, None)),
    ("an entry, and rows", "model('source').patch({x: [[0, 77]]})", |doc| stream(doc, 23.0, Some(2))),
    ("roots", "doc().add_root(make('Div', {name: 'of the page', text: 'of the page'}))", |doc| {
        doc.add_root(Div::new().name("of the server").text("of the server"));
    }),
    ("a root that goes, and one of its properties", "model('of the server').text = 'changed'", |doc| {
        remove_root(doc, "of the server")
    }),
    ("a property of a root that goes", "doc().remove_root(model('of the page'))", |doc| {
        set(doc, "of the page", "text", "changed")
    }),
    (
        "one list of models",
        "model('group').children = [...model('group').children, make('Div', {name: 'page', text: 'page'})]",
        |doc| {
            let mut children = get(doc, "group", "children").as_list().unwrap_or_default().to_vec();
            children.push(doc.add(Div::new().name("server").text("server")).id().into());
            set(doc, "group", "children", children);
        },
    ),
    ("a model that the server drops, and the page uses", "model('keep').tags = [...model('group').children]", |doc| {
        set(doc, "group", "children", list([]))
    }),
    (
        "a model that the page drops, and the server uses",
        "model('keep').tags = []; model('group').children = []",
        |doc| {
            let guest = edits::guest(doc);
            set(doc, "group", "children", list([guest.into()]));
        },
    ),
    (
        "many properties, many times",
        "for (let n = 0; n < 50; n++) { model('slider').value = n % 10; model('div').text = `page ${n}` }",
        |doc| {
            for n in 0..50 {
                set(doc, "slider", "value", 9 - n % 10);
                set(doc, "div", "text", format!("server {n}"));
            }
        },
    ),
];

const FORGOTTEN: &[Crossing] = &[
    ("a root that the page removes, and others", "doc().remove_root(model('group'))", |doc| {
        set(doc, "group", "name", "renamed");
        set(doc, "div", "text", "changed beside it");
        doc.set_title("changed beside it");
    }),
    (
        "a model that the page drops, and the server refers to",
        "model('keep').tags = [make('Div', {name: 'dropped', text: 'dropped'})]",
        |_doc| {},
    ),
    (
        "the same, dropped",
        "model('keep').tags = []; doc().add_root(make('Div', {name: 'new root', text: 'new root'}))",
        |doc| {
            let dropped = named(doc, "dropped");
            set(doc, "holder", "tags", list([dropped.into()]));
            set(doc, "div", "text", "changed beside it, too");
        },
    ),
];

/// What BokehJS does and the server does not take. Some goes along with what it would take.
const REFUSED: &[(&str, &str)] = &[
    ("a value that is out of bounds", "model('div').width = -5"),
    ("beside a good one", "model('div').setv({width: -5, text: 'good'})"),
    ("a rollover that keeps nothing", "model('source').stream({x: [1], y: [1]}, 0)"),
    ("a stream without a column", "model('source').stream({x: [1]})"),
    ("a patch outside of the column", "model('source').patch({x: [[17, 1]]})"),
    ("a root with a value that is out of bounds", "doc().add_root(make('Div', {name: 'bad', text: 'bad', width: -5}))"),
    (
        "a new model with a value that is out of bounds",
        "model('group').children = [make('Div', {name: 'bad child', text: 'bad', width: -5})]",
    ),
    ("the title, with a root that is refused", "doc().set_title('refused'); doc().add_root(make('Div', {width: -5}))"),
    (
        "models that leave and come back, whom the server has forgotten",
        "window.away = model('group').children; model('group').children = []; model('group').children = window.away",
    ),
    ("something good at last", "model('div').text = 'good'"),
];

fn stream(doc: &mut Document, x: f64, rollover: Option<usize>) {
    let source = named(doc, "source");
    doc.stream(source, &columns([("x", floats([x])), ("y", floats([x]))]), rollover).expect("all columns");
}

fn remove_root(doc: &mut Document, name: &str) {
    let root = named(doc, name);
    doc.remove_root(root);
}

/// What scripts find in scope, beside `doc` and `model`.
const HELPERS: &str = "const make = (name, attributes) => new (Bokeh.Models.get(name))(attributes);";
