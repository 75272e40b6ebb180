use anyhow::Result;
use e2e::{Python, Reference};
use serde_json::json;

use crate::APP;

#[tokio::test]
async fn the_python_client_pulls_a_session_and_sees_the_callback() -> Result<()> {
    let server = Reference::serve(APP).await?;
    let seen = Python::find()?.run(CLIENT, &[server.url()]).await?;
    assert_eq!(seen, json!({ "before": "factor 1", "after": "factor 3", "y": [0, 3, 12, 27] }));
    Ok(())
}

#[tokio::test]
async fn a_failing_script_is_reported_with_its_traceback() -> Result<()> {
    let error =
        Python::find()?.run("print('so far')\nraise ValueError('as wanted')", &[]).await.unwrap_err().to_string();
    assert!(error.contains("ValueError: as wanted"), "{error}");
    assert!(error.contains("so far"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_does_not_start_is_reported_with_its_log() -> Result<()> {
    let error = Reference::serve_with(APP, &["--no-such-option"]).await.unwrap_err().to_string();
    assert!(error.contains("--no-such-option"), "{error}");
    Ok(())
}

/// Pulls the session of the server named by the first argument, moves the slider, and waits for what follows.
const CLIENT: &str = r#"
import json, sys
from bokeh.client import pull_session

session = pull_session(url=sys.argv[1])
document = session.document
before = document.get_model_by_name("output").text
document.get_model_by_name("factor").value = 3
session.force_roundtrip()
# The client throws away patches that arrive while it waits for a reply, so it has to ask for the whole document.
session.pull()
output = document.get_model_by_name("output")
source = document.get_model_by_name("source")
print(json.dumps({"before": before, "after": output.text, "y": [int(y) for y in source.data["y"]]}))
"#;
