//! What a script makes is the same, whoever runs it.

use anyhow::{Result, ensure};
use e2e::Python;
use serde_json::{Value, json};

use crate::apps::{APPS, App};
use crate::host::{Host, Kind};

#[tokio::test]
async fn a_script_makes_the_same_document_under_both_servers() -> Result<()> {
    let apps = || APPS.iter().filter(|app| !app.is_moving);
    let paths = || apps().map(|app| app.path);
    let judge = Host::start(Kind::Python, paths()).await?;
    let ours = Host::start(Kind::Ours, paths()).await?;
    let routes: Vec<&str> = apps().map(App::route).collect();
    let args = [&[judge.base(), ours.base()], &routes[..]].concat();
    let found = Python::find()?.run(include_str!("scripts/same.py"), &args).await?;
    let same: Value = routes.iter().map(|route| ((*route).to_owned(), json!([]))).collect();
    ensure!(found == same, "{found:#}");
    Ok(())
}
