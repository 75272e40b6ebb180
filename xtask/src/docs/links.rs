//! Finds links between pages that lead nowhere. Links to other hosts are not followed: a test must not need the net.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result};

/// Every link below the folder that leads nowhere, as `PAGE: LINK`.
pub(super) fn broken(folder: &Path) -> Result<BTreeSet<String>> {
    let mut pages = Vec::new();
    collect(folder, &mut pages)?;
    let mut anchors = HashMap::new();
    let mut broken = BTreeSet::new();
    for page in &pages {
        let html = read(page)?;
        let ours = before_foreign_docs(&html);
        for link in attributes(ours, "href").chain(attributes(ours, "src")) {
            if !leads_somewhere(folder, page, &html, link, &mut anchors)? {
                broken.insert(format!("{}: {link}", page.strip_prefix(folder).unwrap_or(page).display()));
            }
        }
    }
    Ok(broken)
}

type Anchors = HashMap<PathBuf, BTreeSet<String>>;

fn leads_somewhere(folder: &Path, page: &Path, html: &str, link: &str, anchors: &mut Anchors) -> Result<bool> {
    if link.is_empty() || link.starts_with("//") || link.split('/').next().is_some_and(|start| start.contains(':')) {
        return Ok(true); // another host, `mailto:`, `data:`, `javascript:`
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let path = path.split('?').next().unwrap_or_default();
    let target = match path.strip_prefix('/') {
        _ if path.is_empty() => page.to_owned(),
        Some(path) => folder.join(path),
        None => normal(&page.parent().unwrap_or(folder).join(path)),
    };
    let target = if target.is_dir() { target.join("index.html") } else { target };
    if !target.is_file() {
        // Rustdoc's pages ask for lists of implementations, whether there are any or not.
        return Ok(link.contains("/trait.impl/") || link.contains("/type.impl/"));
    }
    // Rustdoc makes the anchors of its source pages when they are looked at.
    if anchor.is_empty() || target.extension().is_none_or(|extension| extension != "html") || is_source(&target) {
        return Ok(true);
    }
    if !anchors.contains_key(&target) {
        let html = if target == page { html.to_owned() } else { read_through_redirection(&target)? };
        anchors.insert(target.clone(), attributes(&html, "id").map(str::to_owned).collect());
    }
    Ok(anchors[&target].contains(anchor) || anchors[&target].contains(&percent_decoded(anchor)))
}

/// A page of rustdoc without what foreign crates say of their own traits at its end: their links are relative to their
/// own pages.
fn before_foreign_docs(html: &str) -> &str {
    html.split(" id=\"blanket-implementations-list\"").next().unwrap_or(html)
}

/// The page to which a visitor of this one comes. Rustdoc leads from the modules in which things are to the places where
/// they are public, and takes the anchor along.
fn read_through_redirection(page: &Path) -> Result<String> {
    let html = read(page)?;
    let Some((_, rest)) = html.split_once("<meta http-equiv=\"refresh\" content=\"0;URL=") else { return Ok(html) };
    let link = rest.split('"').next().unwrap_or_default();
    read(&normal(&page.parent().unwrap_or(page).join(link)))
}

fn is_source(page: &Path) -> bool {
    page.to_string_lossy().contains("/api/src/")
}

/// The values of an attribute in all tags, as they stand in the page.
fn attributes<'html>(html: &'html str, name: &str) -> impl Iterator<Item = &'html str> {
    let double = format!(" {name}=\"");
    let starts: Vec<usize> = html.match_indices(&double).map(|(at, found)| at + found.len()).collect();
    starts.into_iter().filter(|&start| is_in_tag(html, start)).filter_map(|start| html[start..].split('"').next())
}

/// Whether the last bracket before the place opens a tag: an attribute in a text (`&lt;a href="..`) is none.
fn is_in_tag(html: &str, at: usize) -> bool {
    html[..at].rfind(['<', '>']).is_some_and(|bracket| html[bracket..].starts_with('<'))
}

/// The path without `.` and `..`, whether it exists or not.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(normal.pop()),
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let decoded = match tail {
            [high, low, ..] if *first == b'%' => {
                str::from_utf8(&[*high, *low]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok())
            }
            _ => None,
        };
        bytes.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn read(page: &Path) -> Result<String> {
    fs::read_to_string(page).with_context(|| format!("could not read {}", page.display()))
}

fn collect(folder: &Path, pages: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            pages.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
