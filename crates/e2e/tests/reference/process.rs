use std::{env, os::unix::process::ExitStatusExt as _};

use anyhow::Result;
use e2e::{Browser, Python, Reference, Server};
use tokio::process::Command;

use crate::APP;

#[tokio::test]
async fn a_server_is_found_by_the_address_it_prints_and_ends_when_asked() -> Result<()> {
    let server = Server::start_command("a server", python(GRACEFUL)?).await?;
    assert_eq!(server.url(), "http://127.0.0.1:8/app");
    assert!(server.log().contains("before the address"));
    let (status, log) = server.stop().await?;
    assert!(status.success(), "{status}");
    assert!(log.ends_with("a last word"), "{log}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_does_not_handle_the_signal_ends_by_it() -> Result<()> {
    let server =
        Server::start_command("a server", python("print('http://127.0.0.1:8/'); import signal; signal.pause()")?);
    let (status, _) = server.await?.stop().await?;
    assert_eq!(status.signal(), Some(15), "{status}");
    Ok(())
}

#[tokio::test]
async fn a_program_that_ends_without_an_address_is_reported_with_its_log() -> Result<()> {
    let error = Server::start_command("a server", python("print('no luck')")?).await.unwrap_err().to_string();
    assert!(error.contains("a server ended too early"), "{error}");
    assert!(error.contains("no luck"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_session_of_a_page_shows_in_the_log_of_its_server() -> Result<()> {
    let mut server = Reference::serve(APP).await?;
    let browser = Browser::start().await?;
    let page = browser.open(server.url()).await?;
    page.wait_idle().await?;
    server.process().wait_for_line(|line| line.contains("WebSocket connection opened").then_some(())).await?;
    browser.close().await?;
    server.process().wait_for_line(|line| line.contains("WebSocket connection closed").then_some(())).await
}

/// Runs a test of this very binary where no tool can be found.
#[tokio::test]
async fn a_missing_tool_fails_the_test_and_names_the_task_that_gets_it() -> Result<()> {
    for (test, variable, missing) in [
        ("browser::scripts_and_values_come_back_as_they_are", "CHROMEDRIVER", "chromedriver was not found"),
        ("browser::scripts_and_values_come_back_as_they_are", "CHROMIUM", "Chromium was not found"),
    ] {
        let mut command = Command::new(env::current_exe()?);
        command.args(["--exact", test]).env("PATH", "").env_remove("CHROMIUM").env_remove("CHROMEDRIVER");
        if variable == "CHROMIUM" {
            command.env("CHROMEDRIVER", e2e::chromedriver()?);
        }
        let output = command.output().await?;
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success(), "{printed}");
        assert!(printed.contains(missing) && printed.contains("run `cargo xtask setup`"), "{printed}");
    }
    Ok(())
}

fn python(script: &str) -> Result<Command> {
    let mut command = Python::find()?.command();
    command.args(["-c", script]);
    Ok(command)
}

const GRACEFUL: &str = r#"
import signal, sys
def end(*_):
    print("a last word")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("before the address")
print("running at http://127.0.0.1:8/app", file=sys.stderr)
signal.pause()
"#;
