//! The differences that are as they should be.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::Difference;

/// A difference between Bokeh and us that is meant.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// The scenarios in which it shows.
    pub files: &'static [&'static str],
    /// Where: the connection and the note before it, see [`Difference::place`]. `*` stands for anything, at its end too.
    pub place: &'static str,
    /// What: `subject: Bokeh's | ours`, see [`Difference::what`]. `*` as above.
    pub what: &'static str,
    /// Why.
    pub why: Why,
}

/// Why there is a difference.
#[derive(Clone, Copy, Debug)]
pub enum Why {
    /// We decide otherwise. This is the first cell of the row in the chapter on differences that says so.
    Row(&'static str),
    /// The recording is not of Bokeh as it is.
    Recording(&'static str),
}

/// Compares the differences of all scenarios with the table.
///
/// # Errors
/// Every difference that is not in the table, every entry that no difference of its files needs, and every row that the
/// chapter does not have.
pub fn check(found: &[(String, Vec<Difference>)], table: &[Expected], chapter: &str) -> Result<(), String> {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for (file, differences) in found {
        for Difference { place, what } in differences {
            let entry = table.iter().position(|entry| {
                entry.files.contains(&file.as_str()) && matches(entry.place, place) && matches(entry.what, what)
            });
            match entry {
                Some(entry) => drop(used.insert((entry, file.as_str()))),
                None => problems.push(format!("{file}, {place}: {what}")),
            }
        }
    }
    for (index, entry) in table.iter().enumerate() {
        for file in entry.files.iter().filter(|file| !used.contains(&(index, **file))) {
            problems.push(format!("no longer different: {file}, {}: {}", entry.place, entry.what));
        }
        if let Why::Row(row) = entry.why
            && !chapter.contains(&format!("\n| {row} |"))
        {
            problems.push(format!("the chapter has no row {row:?}"));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// Whether a text is of a pattern in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, rest)) => text
            .strip_prefix(before)
            .is_some_and(|text| (0..=text.len()).any(|at| text.is_char_boundary(at) && matches(rest, &text[at..]))),
    }
}
