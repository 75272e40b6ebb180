//! Every address of the server, asked for as over the wire, and compared with Python's.

mod exchange;
mod facts;
mod site;

mod corpus;
mod live;
mod meant;
mod tokens;

use anyhow::Result;

#[tokio::test]
async fn requests_are_answered_as_by_python_or_otherwise_on_purpose() -> Result<()> {
    let found = [corpus::found().await?, live::found().await?].concat();
    replay::check(&found, meant::DIFFERENCES, include_str!("../../../../docs/src/differences.md"))
        .map_err(anyhow::Error::msg)
}
