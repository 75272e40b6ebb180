//! Two pages and the server that do whatever comes to their minds, over lines that hold things up and break.

use anyhow::{Context, Result};
use bokeh_document::Document;
use bokeh_models::prelude::*;
use bokeh_protocol::PatchIndex;
use e2e::{Browser, Direction, Page, Proxy};
use serde_json::json;

use crate::edits::{self, columns, floats, get, list, named, set};
use crate::served::Served;

#[tokio::test]
async fn whatever_pages_and_server_do_at_once_ends_equal() -> Result<()> {
    let browser = Browser::start().await?;
    for seed in SEEDS {
        storm(&browser, seed).await.with_context(|| format!("seed {seed}"))?;
    }
    Ok(())
}

async fn storm(browser: &Browser, seed: u64) -> Result<()> {
    let served = Served::start(edits::app).await?;
    let (mut proxies, mut pages) = (Vec::new(), Vec::new());
    for _page in 0..2 {
        let proxy = Proxy::start(served.address()?).await?;
        let page = served.open_at(browser, &proxy.url(&served.url())?).await?;
        page.eval(COUNT_RETURNS, json!(null)).await?;
        proxies.push(proxy);
        pages.push(page);
    }
    let mut dice = Dice(seed);
    let mut n_returns = [0_u64; 2];
    for round in 0..N_ROUNDS {
        let mut story = format!("round {round}");
        for proxy in &proxies {
            for direction in [Direction::Up, Direction::Down] {
                if dice.roll(3) > 0 {
                    proxy.hold(direction);
                }
            }
        }
        for _edit in 0..N_EDITS {
            let (who, what, n) = (dice.roll(3) as usize, dice.roll(N_KINDS), dice.roll(10));
            match who {
                0 | 1 => {
                    story.push_str(&format!(", page {who} does {what} with {n}"));
                    edit_page(&pages[who], what, n).await.context(story.clone())?;
                }
                _ => {
                    story.push_str(&format!(", the server does {what} with {n}"));
                    served.update(move |doc| edit(doc, what, n)).await.context(story.clone())?;
                }
            }
        }
        let cut = (dice.roll(4) == 0).then(|| dice.roll(2) as usize);
        for (who, proxy) in proxies.iter().enumerate() {
            if cut == Some(who) {
                proxy.cut();
                story.push_str(&format!(", page {who} is cut"));
            }
            proxy.release(Direction::Down);
            proxy.release(Direction::Up);
        }
        if let Some(who) = cut {
            n_returns[who] += 1;
            pages[who]
                .wait_until("return window.n_returns == args", json!(n_returns[who]))
                .await
                .context(story.clone())?;
        }
        served.assert_same(&story, &pages.iter().collect::<Vec<_>>()).await?;
    }
    for page in pages {
        page.screenshot("storm").await?;
        // The browser goes with its last window.
        page.goto("about:blank").await?;
    }
    Ok(())
}

/// One of the things that a program can do.
fn edit(doc: &mut Document, what: u32, n: u32) {
    let text = format!("server {n}");
    let x = f64::from(n);
    let children = |doc: &Document| get(doc, "group", "children").as_list().unwrap_or_default().to_vec();
    let source = named(doc, "source");
    let row = columns([("x", floats([x])), ("y", floats([x]))]);
    match what {
        0 => set(doc, "slider", "value", n),
        1 => set(doc, "div", "text", text),
        2 => doc.set_title(text),
        3 => doc.stream(source, &row, None).expect("all columns"),
        4 => doc.stream(source, &row, Some(4)).expect("all columns"),
        5 => set(doc, "source", "data", columns([("x", floats([x, 1.0])), ("y", floats([2.0, x]))])),
        6 => drop(doc.patch(source, vec![("x".into(), vec![(PatchIndex::Row(0), x.into())])])),
        7 => {
            doc.add_root(Div::new().text(text));
        }
        8 => {
            if let Some(root) = doc.roots().get(2).copied() {
                doc.remove_root(root);
            }
        }
        9 => {
            let mut children = children(doc);
            children.push(doc.add(Div::new().text(text)).id().into());
            set(doc, "group", "children", children);
        }
        10 => set(doc, "group", "children", children(doc).into_iter().skip(1).collect::<Vec<_>>()),
        11 => set(doc, "group", "children", children(doc).into_iter().rev().collect::<Vec<_>>()),
        12 => set(doc, "keep", "tags", children(doc)),
        13 => {
            for root in doc.roots().to_vec().into_iter().skip(2) {
                doc.set_value(root, "text", text.clone().into()).expect("a text");
            }
        }
        _ => set(doc, "keep", "tags", list([])),
    }
}

/// The same in a page, and some that the server refuses.
async fn edit_page(page: &Page, what: u32, n: u32) -> Result<()> {
    let script = "\
        const make = (text) => new (Bokeh.Models.get('Div'))({text}); \
        const {what, n} = args; const text = `page ${n}`; \
        const group = model('group'), source = model('source'), roots = () => doc().roots().slice(2); \
        const edits = [ \
            () => model('slider').value = n, \
            () => model('div').text = text, \
            () => doc().set_title(text), \
            () => source.stream({x: [n], y: [n]}), \
            () => source.stream({x: [n], y: [n]}, 4), \
            () => source.data = {x: [n, 1], y: [2, n]}, \
            () => source.patch({x: [[0, n]]}), \
            () => doc().add_root(make(text)), \
            () => roots().length > 0 && doc().remove_root(roots()[0]), \
            () => group.children = [...group.children, make(text)], \
            () => group.children = group.children.slice(1), \
            () => group.children = [...group.children].reverse(), \
            () => model('keep').tags = [...group.children], \
            () => roots().forEach((root) => root.text = text), \
            () => model('keep').tags = [], \
            () => model('div').width = -5, \
            () => source.stream({x: [n], y: [n]}, 0), \
        ]; \
        edits[what % edits.length]()";
    page.eval(script, json!({ "what": what, "n": n })).await?;
    Ok(())
}

/// Counts how often the page has come back.
const COUNT_RETURNS: &str = "window.n_returns = 0; doc().on_event('client_reconnected', () => window.n_returns += 1)";

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(sides)).unwrap_or_default()
    }
}

/// Chosen among many: each has found something once.
const SEEDS: [u64; 3] = [1, 6, 9];
const N_ROUNDS: u32 = 12;
const N_EDITS: u32 = 8;
const N_KINDS: u32 = 17;
