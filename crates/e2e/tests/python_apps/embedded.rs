//! Python applications in pages of other servers.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bokeh_application::{SessionContext, Template};
use bokeh_client::pull_session;
use bokeh_document::Document;
use bokeh_embed::{server_document, server_session};
use bokeh_python::{AppSource, PythonApps};
use bokeh_server::{BokehJs, RunningServer, Server, Settings, TlsFiles};
use e2e::{Browser, Page};
use rcgen::{CertifiedKey, PublicKeyData, generate_simple_self_signed};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::host::folder;
use crate::site::Host as Site;

#[tokio::test]
async fn a_page_of_another_origin_shows_a_script_below_a_prefix() -> Result<()> {
    let site = Site::start().await?;
    let settings = Settings { prefix: "pp".to_owned(), allow_websocket_origin: vec![site.origin()], ..settings()? };
    let served = Served::start(settings).await?;
    let browser = Browser::start().await?;
    site.set_body(&server_document(served.url("waves")).to_string());
    let page = browser.open(&site.url()).await?;
    use_waves(&page, "a wave").await?;

    // A session that a program has prepared.
    let session = pull_session(served.url("waves")).await?;
    let retitled = session.update(|doc| {
        let caption = doc.model_by_name("caption").context("the caption is there")?;
        doc.set_value(caption, "value", "for you".into())?;
        anyhow::Ok(())
    });
    retitled.await??;
    session.force_roundtrip().await?;
    site.set_body(&server_session(session.id(), served.url("waves")).to_string());
    session.close().await;
    let page = browser.open(&site.url()).await?;
    use_waves(&page, "FOR YOU").await?;
    served.stop().await;
    Ok(())
}

#[tokio::test]
async fn cookies_and_arguments_reach_a_script_in_a_page_of_another_origin() -> Result<()> {
    let site = Site::start().await?;
    let served = Served::start(Settings { allow_websocket_origin: vec![site.origin()], ..settings()? }).await?;
    let url = served.url("request");
    let browser = Browser::start().await?;
    for (script, who, cookies) in [
        (server_document(&url).argument("who", "Ann & Bob"), json!(["Ann & Bob"]), "{}"),
        (server_document(&url).with_credentials(), json!(null), r#"{"kind": "oatmeal"}"#),
        (server_session("chosen", &url).with_credentials(), json!(null), r#"{"kind": "oatmeal"}"#),
    ] {
        site.set_body(&format!("<script>document.cookie = 'kind=oatmeal'</script>{script}"));
        let page = browser.open(&site.url()).await?;
        page.wait_idle().await?;
        let found = page.eval("return JSON.parse(model('arguments').text).who ?? null", json!(null)).await?;
        assert_eq!(found, who);
        page.model("cookies").wait_for("text", json!(cookies)).await?;
        page.assert_quiet().await?;
    }
    served.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_secure_page_shows_a_script_of_another_secure_server() -> Result<()> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    let files = tempfile::tempdir()?;
    let path = files.path().join("both.pem");
    std::fs::write(&path, format!("{}{}", cert.pem(), signing_key.serialize_pem()))?;
    let key = BASE64_STANDARD.encode(Sha256::digest(signing_key.subject_public_key_info()));
    let secure = |settings| Settings { tls: Some(TlsFiles::new(&path)), ..settings };

    let script = Arc::new(OnceLock::new());
    let shown = script.clone();
    let page_of = move |_: &mut Document, session: &SessionContext| {
        session.set_template(Template::new(
            "<!DOCTYPE html><link rel='icon' href='data:,'><body>{{ script | safe }}</body>",
        ));
        session.set_template_variable("script", shown.get().cloned().unwrap_or_default());
    };
    let site = Server::builder().settings(secure(settings()?)).app("/page", page_of).start().await?;
    let origin = format!("127.0.0.1:{}", site.port());
    let served = Served::start(secure(Settings { allow_websocket_origin: vec![origin], ..settings()? })).await?;
    let url = served.url("waves");
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    script.set(server_document(&url).to_string()).ok();

    let browser = Browser::start_with(&[format!("--ignore-certificate-errors-spki-list={key}")]).await?;
    let page = browser.open(&site.url("/page")).await?;
    use_waves(&page, "a wave").await?;
    served.stop().await;
    Ok(())
}

/// Turns the amplitude up.
async fn use_waves(page: &Page, title: &str) -> Result<()> {
    page.wait_idle().await?;
    page.wait_until("return model('plot').title.text == args", json!(title)).await?;
    page.model("amplitude").set("value", json!(3)).await?;
    page.wait_until("return Math.max(...column('wave', 'y')) > 2.9", json!(null)).await?;
    page.assert_quiet().await
}

/// A server with two scripts.
struct Served {
    server: RunningServer,
    python: PythonApps,
}

impl Served {
    async fn start(settings: Settings) -> Result<Self> {
        let prefix = if settings.prefix.is_empty() { String::new() } else { format!("/{}", settings.prefix) };
        let workers = bokeh_python::Settings { python: Some(e2e::python()?), workers: 1, prefix, ..Default::default() };
        let python = PythonApps::builder().settings(workers).start().await?;
        let source =
            |name: &str| AppSource::new(format!("/{name}"), folder().join(Path::new(name).with_extension("py")));
        let apps = python.load(["waves", "request"].map(source)).await?;
        let builder = Server::builder().settings(settings);
        let server = apps.into_iter().fold(builder, |builder, (route, app)| builder.app(route, app)).start().await?;
        Ok(Self { server, python })
    }

    fn url(&self, app: &str) -> String {
        self.server.url(&format!("/{app}"))
    }

    async fn stop(self) {
        self.server.stop().await;
        self.python.stop().await;
    }
}

fn settings() -> Result<Settings> {
    let bokehjs = BokehJs::Folder(e2e::bokehjs()?);
    Ok(Settings { address: Some("127.0.0.1".to_owned()), port: 0, bokehjs, session_threads: 2, ..Settings::default() })
}
