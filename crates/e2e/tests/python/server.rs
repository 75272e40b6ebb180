//! Our server and Python's client.
//!
//! The scripts compare whole documents themselves and fail with what differs; what they answer is what they have seen.

use anyhow::Result;
use bokeh_document::Document;
use bokeh_protocol::{Secret, Signing};
use bokeh_server::{BokehJs, Settings, WebSocketCompression};
use e2e::{Python, Server};
use serde_json::{Value, json};

#[tokio::test]
async fn a_slider_is_moved_and_the_callbacks_result_seen() -> Result<()> {
    let seen = Served::sliders().await?.run(include_str!("scripts/slider.py")).await?;
    let expected = json!({
        "version": "3.9.2",
        "document_title": "Sliders",
        "before": 1.0,
        "value": 2,
        "after": 2.0,
        "rows": 200,
        "title": "from Python",
    });
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test]
async fn sessions_are_found_by_their_ids_and_made_when_they_are_not() -> Result<()> {
    let seen = Served::sliders().await?.run(include_str!("scripts/sessions.py")).await?;
    let expected = json!({
        "seen": [1.5, 1.5, 1.5, 1.5],
        "apart": [3, 0.0],
        "distinct": true,
        "shown": true,
        "after_close": 1.5,
    });
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test]
async fn columns_of_every_kind_are_streamed_and_patched_as_python_does() -> Result<()> {
    let seen = Served::empty().await?.run(include_str!("scripts/columns.py")).await?;
    assert_eq!(seen, json!({"columns": 19, "rows": [3]}));
    Ok(())
}

#[tokio::test]
async fn values_of_every_kind_come_back_as_they_were() -> Result<()> {
    let seen = Served::empty().await?.run(include_str!("scripts/values.py")).await?;
    assert_eq!(seen, json!({"pushed": [], "patched": []}));
    Ok(())
}

#[tokio::test]
async fn a_pushed_document_is_the_same_for_everybody_with_all_its_ids() -> Result<()> {
    let seen = Served::empty().await?.run(include_str!("scripts/document.py")).await?;
    assert_eq!(seen["names"], json!(["Tabs", "settings", "added"]));
    assert_eq!((&seen["many"], &seen["settings"]), (&json!(true), &json!(2.5)), "{seen}");
    Ok(())
}

#[tokio::test]
async fn clients_of_one_session_follow_each_other() -> Result<()> {
    let seen = Served::empty().await?.run(include_str!("scripts/two_clients.py")).await?;
    assert_eq!(seen, json!({"steps": 8, "text": "by one"}));
    Ok(())
}

#[tokio::test]
async fn a_server_that_signs_takes_clients_with_its_secret_only() -> Result<()> {
    let secret = "0123456789abcdef0123456789abcdef";
    let settings = Settings {
        address: Some("127.0.0.1".to_owned()),
        port: 0,
        bokehjs: BokehJs::Cdn,
        signing: Some(Signing::Signed(Secret::new(secret))),
        ..Settings::default()
    };
    let app = |doc: &mut Document| doc.set_title("signed");
    let server = bokeh_server::Server::builder().settings(settings).app("/app", app).start().await?;
    let refused =
        "We received an HTTP-Error. Disconnected with error code: 403, given message: Invalid token or session ID";
    for (environment, expected) in [
        (json!({"BOKEH_SIGN_SESSIONS": "yes", "BOKEH_SECRET_KEY": secret}), json!({"pulled": "signed"})),
        (json!({"BOKEH_SIGN_SESSIONS": "yes", "BOKEH_SECRET_KEY": "another"}), json!({"refused": refused})),
        (json!({"BOKEH_SECRET_KEY": secret}), json!({"refused": refused})),
        (json!({}), json!({"refused": refused})),
    ] {
        // The client looks at its environment when it is imported.
        let script =
            format!("import os\nos.environ.update({environment})\n{COMMON}\n{}", include_str!("scripts/signed.py"));
        assert_eq!(Python::find()?.run(&script, &[&server.url("/app")]).await?, expected, "{environment}");
    }
    Ok(())
}

/// Python's own server defines a new model to the first connection only.
#[tokio::test]
async fn models_that_a_callback_makes_are_defined_to_all_clients() -> Result<()> {
    let seen = Served::start("button", &[]).await?.run(include_str!("scripts/new_models.py")).await?;
    assert_eq!(seen, json!({"circles": 3, "title": "circles: 3"}));
    Ok(())
}

#[tokio::test]
async fn a_bad_patch_shows_in_the_log_and_disturbs_nobody() -> Result<()> {
    let served = Served::empty().await?;
    let seen = served.run(include_str!("scripts/errors.py")).await?;
    let unknown = "there is no model class";
    assert_eq!(seen["value"], 9);
    let answered = seen["answered"].as_str().unwrap_or_default();
    assert!(answered.starts_with("Failed to push document: ") && answered.contains(unknown), "{answered}");
    let log = served.server.log();
    let refused: Vec<&str> = log.lines().filter(|line| line.contains("refused P")).collect();
    for expected in
        ["Slider.value", "can't resolve reference 'nowhere'", "unknown event kind 'Nonsense'", "rollover", unknown]
    {
        assert!(refused.iter().any(|line| line.contains(expected)), "{expected}: {log}");
    }
    assert_eq!(refused.len(), 6, "{log}");
    assert!(!log.contains("panic"), "{log}");
    Ok(())
}

#[tokio::test]
async fn a_large_document_is_shared() -> Result<()> {
    let seen = Served::empty().await?.run(include_str!("scripts/large.py")).await?;
    assert_eq!(seen, json!({"models": true, "bytes": 4 * 8 * 200_000, "dtypes": ["float64"]}));
    Ok(())
}

/// Bokeh's client does not compress, but what it is made of can.
#[tokio::test]
async fn a_large_document_is_shared_over_compressed_connections() -> Result<()> {
    let settings = Settings {
        port: 0,
        bokehjs: BokehJs::Cdn,
        websocket_compression: Some(WebSocketCompression::default()),
        ..Settings::default()
    };
    let server = bokeh_server::Server::builder().settings(settings).app("/", |_: &mut Document| {}).start().await?;
    let script = [COMMON, include_str!("scripts/compressed.py"), include_str!("scripts/large.py")].join("\n\n");
    let seen = Python::find()?.run(&script, &[&server.url("/")]).await?;
    // The first client pushes, and is sent nothing that is long.
    let expected = json!({"models": true, "bytes": 4 * 8 * 200_000, "dtypes": ["float64"], "saved": [false, true]});
    assert_eq!(seen, expected);
    Ok(())
}

/// One of our servers, for scripts.
struct Served {
    server: Server,
}

impl Served {
    async fn sliders() -> Result<Self> {
        Self::start("sliders", &[]).await
    }

    /// An empty document, which clients can fill.
    async fn empty() -> Result<Self> {
        Self::start("bokeh-rs", &["serve"]).await
    }

    async fn start(binary: &str, args: &[&str]) -> Result<Self> {
        Ok(Self { server: Server::start(binary, &[args, &["--port", "0"]].concat()).await? })
    }

    /// Runs a script with the address of the server, and takes what it answers.
    async fn run(&self, script: &str) -> Result<Value> {
        let script = format!("{COMMON}\n\n{script}");
        Python::find()?.run(&script, &[self.server.url()]).await
    }
}

const COMMON: &str = include_str!("scripts/common.py");
