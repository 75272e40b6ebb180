//! The same requests to Python's server and to ours.

mod cases;

use anyhow::Result;
use replay::Difference;
use serde_json::Value;

use crate::exchange::Request;
use crate::facts::{differences, facts};
use crate::site::{Kind, Running, Site};

use cases::GROUPS;

/// What our server answers otherwise, for each group of requests.
pub(crate) async fn found() -> Result<Vec<(String, Vec<Difference>)>> {
    let site = Site::new()?;
    let mut found = Vec::new();
    for (name, args, cases) in GROUPS {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let (theirs, ours) = (site.serve(Kind::Python, &args, &[]).await?, site.serve(Kind::Ours, &args, &[]).await?);
        let mut differing = Vec::new();
        for request in cases() {
            let place = request.title();
            let (theirs, ours) = (ask(&theirs, request.clone()).await?, ask(&ours, request).await?);
            differing
                .extend(differences(&theirs, &ours).into_iter().map(|what| Difference { place: place.clone(), what }));
        }
        found.push(((*name).to_owned(), differing));
    }
    Ok(found)
}

/// What a server answers, as far as it does not depend on which server it is.
async fn ask(server: &Running, mut request: Request) -> Result<Value> {
    for (_, value) in &mut request.headers {
        for (placeholder, header) in [("ETAG", "etag"), ("DATE", "last-modified")] {
            if value.contains(placeholder) {
                let whole = Request::new("GET", &request.target).send(server.address).await?;
                *value = value.replace(placeholder, whole.header(header).unwrap_or("Thu, 01 Jan 2099 00:00:00 GMT"));
            }
        }
    }
    let port = server.address.port().to_string();
    request.target = request.target.replace("PORT", &port);
    let answer = match request.send(server.address).await {
        Ok(answer) => answer,
        Err(error) => return Ok(format!("no answer: {}", error.root_cause()).into()),
    };
    Ok(serde_json::from_str(&facts(&answer)?.to_string().replace(&port, "PORT"))?)
}
