//! What matters of an answer, in the form in which the recorded ones are kept.

use anyhow::{Context, Result};
use bokeh_protocol::{PayloadValue, Token};
use serde_json::{Map, Value, json};

use crate::exchange::Answer;

/// Status, reason, the headers that matter and what the body says. Ids, tags, hashes and lengths of texts are left out: they
/// are each server's own.
pub(crate) fn facts(answer: &Answer) -> Result<Value> {
    let mut headers = Map::new();
    for (name, value) in &answer.headers {
        // Nothing is of no type.
        let is_of_nothing =
            name == "content-type" && answer.body.is_empty() && (answer.status < 400 || answer.status == 416);
        if (HEADERS.contains(&name.as_str()) || name.starts_with("access-control-")) && !is_of_nothing {
            headers.insert(name.clone(), header(name, value).into());
        }
    }
    let body = body(answer.header("content-type").unwrap_or_default(), answer)?;
    // Python knows the phrase of an older standard.
    let reason = answer.reason.replace("Requested Range", "Range");
    Ok(json!({"status": answer.status, "reason": reason, "headers": headers, "body": body}))
}

/// What is not the same, as `path: theirs | ours`. Where the status is another one, the rest says nothing.
pub(crate) fn differences(theirs: &Value, ours: &Value) -> Vec<String> {
    let status = |answer: &Value| match answer["status"].as_u64() {
        Some(status) => format!("{status} {}", answer["reason"].as_str().unwrap_or_default()),
        None => show(Some(answer)),
    };
    if theirs["status"] != ours["status"] {
        return vec![format!("status: {} | {}", status(theirs), status(ours))];
    }
    let mut found = Vec::new();
    compare("", Some(theirs), Some(ours), &mut found);
    found
}

fn compare(path: &str, theirs: Option<&Value>, ours: Option<&Value>, found: &mut Vec<String>) {
    if theirs == ours {
        return;
    }
    if let (Some(Value::Object(theirs)), Some(Value::Object(ours))) = (theirs, ours) {
        let mut names: Vec<&String> = theirs.keys().chain(ours.keys()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            compare(&path, theirs.get(name), ours.get(name), found);
        }
        return;
    }
    found.push(format!("{path}: {} | {}", show(theirs), show(ours)));
}

fn show(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

fn header(name: &str, value: &str) -> String {
    match name {
        "etag" => {
            let tag = value.trim_matches('"');
            let is_hash = tag.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_hash { format!("({} hex digits)", tag.len()) } else { "(another tag)".to_owned() }
        }
        "set-cookie" => value.split(';').next().unwrap_or_default().to_owned(),
        "last-modified" | "expires" => "(a date)".to_owned(),
        "content-type" => value.replace("UTF-8", "utf-8"),
        _ => value.to_owned(),
    }
}

fn body(content_type: &str, answer: &Answer) -> Result<Value> {
    let text = answer.text();
    if answer.body.is_empty() {
        return Ok(json!({}));
    }
    if content_type.starts_with("application/json") {
        return Ok(json!({"json": serde_json::from_str::<Value>(&text)?}));
    }
    if text.contains("embed_items(docs_json, render_items") && content_type.starts_with("application/javascript") {
        return script(&text);
    }
    if let Some(title) = between(&text, "<title>", "</title>") {
        return page(&text, title);
    }
    if answer.body.len() > 200 || content_type.starts_with("image/") {
        return Ok(json!({"bytes": answer.body.len()}));
    }
    Ok(json!({"text": text}))
}

/// The token of a page, and its title.
pub(crate) fn token_and_title(page: &Answer) -> Option<(String, String)> {
    let html = page.text();
    let items: Value = serde_json::from_str(between(&html, "render_items = ", ";\n")?).ok()?;
    Some((items[0]["token"].as_str()?.to_owned(), between(&html, "<title>", "</title>")?.to_owned()))
}

fn page(html: &str, title: &str) -> Result<Value> {
    let scripts: Vec<String> = all_between(html, "<script src=\"", "\"").map(without_hash).collect();
    let mut facts = json!({"title": title, "scripts": scripts});
    let links = html.split("<a href=").skip(1).filter_map(|rest| {
        let quote = rest.get(..1)?;
        let (href, rest) = rest[1..].split_once(quote)?;
        Some(json!([href, rest.trim_start().strip_prefix('>')?.split_once("</a>")?.0]))
    });
    let links: Vec<Value> = links.collect();
    if !links.is_empty() {
        facts["links"] = links.into();
    }
    if let Some(items) = between(html, "render_items = ", ";\n") {
        let items: Value = serde_json::from_str(items).context("the render items of a page")?;
        let item = &items[0];
        let none = Vec::new();
        let ids = item["root_ids"].as_array().unwrap_or(&none);
        let shown = all_between(html, "data-root-id=\"", "\"").map(|id| ids.iter().position(|known| known == id));
        facts["roots"] = ids.len().into();
        facts["shown"] = shown.collect::<Vec<_>>().into();
        facts["use_for_title"] = item["use_for_title"].clone();
        facts["token"] = token(item["token"].as_str().context("a page has a token")?)?;
    }
    Ok(facts)
}

fn script(js: &str) -> Result<Value> {
    let list = |name: &str| {
        let list = between(js, &format!("const {name} = "), ";\n");
        list.map(serde_json::from_str::<Vec<String>>).transpose()
    };
    let scripts: Vec<String> = list("js_urls")?.unwrap_or_default().iter().map(|url| without_hash(url)).collect();
    let items: Value = serde_json::from_str(between(js, "render_items = ", ";\n").context("a script has items")?)?;
    let mut keys: Vec<&String> = items[0].as_object().context("an item is a map")?.keys().collect();
    keys.sort_unstable();
    let place = between(js, "embed_items(docs_json, render_items", ");").unwrap_or_default().trim_start_matches(", ");
    // BokehJS takes the first where there is none.
    let place = if place.is_empty() { r#""/""# } else { place };
    Ok(json!({
        "scripts": scripts,
        "styles": list("css_urls")?.unwrap_or_default(),
        // Bokeh escapes nothing in it.
        "place": serde_json::from_str(&format!("[{place}]")).unwrap_or_else(|_no_json| Value::from(place)),
        "element": items[0]["elementid"],
        "item": keys,
    }))
}

fn token(text: &str) -> Result<Value> {
    let token = Token::decode(text)?;
    Ok(json!({
        "signatures": text.matches('.').count(),
        "session_id_length": token.session_id().len(),
        "payload": token.payload().iter().map(|(name, value)| (name.clone(), plain(value))).collect::<Map<_, _>>(),
    }))
}

fn plain(value: &PayloadValue) -> Value {
    match value {
        PayloadValue::Null => Value::Null,
        PayloadValue::Bool(is) => (*is).into(),
        PayloadValue::Number(number) => number.clone().into(),
        PayloadValue::String(text) => text.clone().into(),
        PayloadValue::Bytes(bytes) => String::from_utf8_lossy(bytes).into(),
        PayloadValue::List(items) => items.iter().map(plain).collect(),
        PayloadValue::Map(entries) => {
            entries.iter().map(|(name, value)| (name.clone(), plain(value))).collect::<Map<_, _>>().into()
        }
    }
}

fn without_hash(url: &str) -> String {
    match url.split_once("?v=") {
        Some((path, _)) => format!("{path}?v=HASH"),
        None => url.to_owned(),
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    all_between(text, start, end).next()
}

fn all_between<'a>(text: &'a str, start: &str, end: &str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(move |rest| Some(rest.split_once(end)?.0))
}

const HEADERS: [&str; 15] = [
    "accept-ranges",
    "allow",
    "cache-control",
    "content-encoding",
    "content-range",
    "content-type",
    "etag",
    "expires",
    "last-modified",
    "location",
    "sec-websocket-accept",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "set-cookie",
    "upgrade",
];
