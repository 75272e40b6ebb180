//! What Bokeh answered to recorded requests, and what we do.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use replay::Difference;
use serde::Deserialize;
use serde_json::Value;

use crate::exchange::Request;
use crate::facts::{differences, facts};
use crate::site::{Kind, Site};

/// One line of the recording.
#[derive(Deserialize)]
struct Row {
    serve: Vec<String>,
    env: BTreeMap<String, String>,
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    answer: Value,
}

/// What is not as it was recorded.
pub(crate) async fn found() -> Result<Vec<(String, Vec<Difference>)>> {
    let rows = include_str!("recorded.jsonl").lines().map(serde_json::from_str);
    let rows = rows.collect::<Result<Vec<Row>, _>>()?;
    ensure!(rows.len() == 120);
    let site = Site::new()?;
    let mut found = Vec::new();
    for group in rows.chunk_by(|one, other| one.serve == other.serve && one.env == other.env) {
        let env: Vec<(String, String)> = group[0].env.clone().into_iter().collect();
        let server = site.serve(Kind::Ours, &group[0].serve, &env).await?;
        for row in group {
            let target = row.path.replace("SIGNED_SESSION_ID", SIGNED_SESSION_ID);
            let request = row.headers.iter().fold(Request::new(&row.method, &target), |request, (name, value)| {
                request.header(name, &value.replace("SIGNED_SESSION_ID", SIGNED_SESSION_ID))
            });
            let answer = request.send(server.address).await?;
            let mut facts = facts(&answer)?;
            // Dates are not in the recording.
            if let Some(headers) = facts["headers"].as_object_mut() {
                headers.retain(|name, _| !DATES.contains(&name.as_str()));
            }
            let text = facts.to_string();
            let text = text
                .replace(&server.address.port().to_string(), "PORT")
                .replace(SIGNED_SESSION_ID, "SIGNED_SESSION_ID");
            let place = format!("{} | {}", row.serve.join(" "), request.title());
            for what in differences(&row.answer, &serde_json::from_str(&text)?) {
                found.push(Difference { place: place.clone(), what });
            }
        }
    }
    Ok(vec![("recorded".to_owned(), found)])
}

const DATES: [&str; 2] = ["expires", "last-modified"];

/// Of the key that the recording was made with.
const SIGNED_SESSION_ID: &str =
    "QiUK7BkzRguDRKgMFqWBuFntzIbnGO6cZZpx1MSlx2YS.5m0_XRseWGInS08eC_QMbWXyShy0Sed0askjmjkQRls";
