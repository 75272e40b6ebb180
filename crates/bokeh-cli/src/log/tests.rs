use std::io::{Read, Seek};

use clap::{Command, FromArgMatches};

use super::*;

fn options(args: &[&str]) -> Result<LogOptions, clap::Error> {
    let command = LogOptions::augment_args(Command::new("serve"));
    LogOptions::from_arg_matches(&command.try_get_matches_from([&["serve"], args].concat())?)
}

#[test]
fn the_level_comes_from_the_option_and_then_the_configuration() {
    let python = ("BOKEH_PY_LOG_LEVEL", "WARNING");
    for (args, environment, expected) in [
        (&[][..], &[][..], Some(LogLevel::Info)),
        (&[], &[("BOKEH_LOG_LEVEL", "debug")], Some(LogLevel::Info)),
        (&[], &[python], Some(LogLevel::Warn)),
        (&[], &[("BOKEH_PY_LOG_LEVEL", "none")], Some(LogLevel::Info)),
        (&["--log-level", "error"], &[python], Some(LogLevel::Error)),
        (&["--log-level", "critical"], &[], Some(LogLevel::Error)),
        (&[], &[("BOKEH_PY_LOG_LEVEL", "loud")], None),
    ] {
        let configuration = Configuration::default().with_environment(environment.iter().copied());
        assert_eq!(options(args).unwrap().level(&configuration).ok(), expected, "{args:?} {environment:?}");
    }
}

#[test]
fn formats_are_text_and_json() {
    for (text, expected) in [
        ("text", Some(LogFormat::Text)),
        ("json", Some(LogFormat::Json)),
        ("%(asctime)s %(message)s", "%(asctime)s %(message)s".parse().ok().map(LogFormat::Python)),
        ("xml", None),
    ] {
        assert_eq!(options(&["--log-format", text]).ok().map(|options| options.log_format), expected, "{text}");
    }
}

#[test]
fn frequencies_reach_the_settings() {
    let millis = |time: Option<Duration>| time.map(|time| time.as_millis());
    for (args, stats, memory) in [
        (&[][..], Some(15_000), None),
        (&["--stats-log-frequency=5", "--mem-log-frequency=7"], Some(5), Some(7)),
        (&["--mem-log-frequency=0"], Some(15_000), None),
    ] {
        let mut settings = Settings::default();
        options(args).unwrap().apply(&mut settings).unwrap();
        let found = (millis(settings.stats_log_frequency), millis(settings.mem_log_frequency));
        assert_eq!(found, (stats, memory), "{args:?}");
    }
    let error = options(&["--stats-log-frequency", "0"]).unwrap().apply(&mut Settings::default()).unwrap_err();
    assert_eq!(error.to_string(), "--stats-log-frequency is 0; write 1 or more");
}

#[test]
fn python_decides_what_of_its_own_is_written() {
    for (level, expected) in [
        (LogLevel::Error, "python debug, python error, server error"),
        (LogLevel::Info, "python debug, python error, server info, server error"),
        (LogLevel::None, ""),
    ] {
        assert_eq!(written(level), expected, "{level:?}");
    }
}

fn written(level: LogLevel) -> String {
    let (mut lines, sink) = tempfile::tempfile().map(|file| (file.try_clone().unwrap(), file)).unwrap();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter(level))
        .with_writer(Arc::new(sink))
        .with_ansi(false)
        .with_target(false)
        .with_level(false)
        .without_time()
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        tracing::debug!(target: "python", "python debug");
        tracing::error!(target: "python", "python error");
        tracing::info!("server info");
        tracing::error!("server error");
    });
    let mut text = String::new();
    lines.rewind().unwrap();
    lines.read_to_string(&mut text).unwrap();
    text.lines().collect::<Vec<_>>().join(", ")
}
