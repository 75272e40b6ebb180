use std::fmt::{self, Debug, Write};
use std::process;
use std::thread;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::fmt::format::{FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// One event, as Python's `logging` would have it.
pub(super) struct Record<'a> {
    /// As in `2026-01-31T23:59:59.123456Z`.
    time: String,
    metadata: &'a Metadata<'a>,
    message: Message,
}

/// What a line can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "processes and threads have names, too")]
pub(super) enum Name {
    Time,
    File,
    Level,
    LevelNumber,
    Line,
    Message,
    Module,
    Millis,
    Logger,
    Process,
    ProcessName,
    Thread,
    ThreadName,
}

/// By the names that Python has for them.
pub(super) const FIELDS: [(&str, Name); 13] = [
    ("asctime", Name::Time),
    ("filename", Name::File),
    ("levelname", Name::Level),
    ("levelno", Name::LevelNumber),
    ("lineno", Name::Line),
    ("message", Name::Message),
    ("module", Name::Module),
    ("msecs", Name::Millis),
    ("name", Name::Logger),
    ("process", Name::Process),
    ("processName", Name::ProcessName),
    ("thread", Name::Thread),
    ("threadName", Name::ThreadName),
];

impl<'a> Record<'a> {
    pub(super) fn new<S, N>(context: &FmtContext<'_, S, N>, event: &'a Event<'_>) -> Result<Self, fmt::Error>
    where
        S: Subscriber + for<'b> LookupSpan<'b>,
        N: for<'b> FormatFields<'b> + 'static,
    {
        let mut message = Message::default();
        for span in context.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
            let extensions = span.extensions();
            let fields = extensions.get::<FormattedFields<N>>().map_or("", |fields| fields.fields.as_str());
            write!(message.text, "{}{{{fields}}}: ", span.name())?;
        }
        event.record(&mut message);
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        Ok(Self { time, metadata: event.metadata(), message })
    }

    pub(super) fn text(&self, name: Name) -> String {
        let time = |from, to| self.time.get(from..to).unwrap_or_default();
        match name {
            Name::Time => format!("{} {},{}", time(0, 10), time(11, 19), time(20, 23)),
            Name::Millis => time(20, 23).to_owned(),
            Name::Level => self.level().0.to_owned(),
            Name::LevelNumber => self.level().1.to_string(),
            Name::Message => format!("{}{}", self.message.text, self.message.fields),
            Name::Logger => match &self.message.logger {
                Some(logger) => logger.clone(),
                None => self.metadata.target().replace("::", "."),
            },
            Name::File => self.file().to_owned(),
            Name::Line => self.metadata.line().unwrap_or_default().to_string(),
            Name::Module => self.file().trim_end_matches(".rs").to_owned(),
            Name::Process => self.message.process.unwrap_or_else(|| process::id().into()).to_string(),
            Name::ProcessName => "MainProcess".to_owned(),
            Name::Thread => format!("{:?}", thread::current().id()).replace(|c: char| !c.is_ascii_digit(), ""),
            Name::ThreadName => thread::current().name().unwrap_or_default().to_owned(),
        }
    }

    /// Python's name and number. The first is one that Bokeh adds.
    fn level(&self) -> (&'static str, u8) {
        match *self.metadata.level() {
            Level::TRACE => ("TRACE", 9),
            Level::DEBUG => ("DEBUG", 10),
            Level::INFO => ("INFO", 20),
            Level::WARN => ("WARNING", 30),
            Level::ERROR => ("ERROR", 40),
        }
    }

    fn file(&self) -> &str {
        let path = self.metadata.file().unwrap_or_default();
        path.rsplit(['/', '\\']).next().unwrap_or_default()
    }
}

/// What an event says.
#[derive(Default)]
struct Message {
    text: String,
    /// What it says beside its text.
    fields: String,
    /// Records of Python's `logging` have a logger and a process of their own.
    logger: Option<String>,
    process: Option<u64>,
}

impl Visit for Message {
    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "process" => self.process = Some(value),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "logger" => self.logger = Some(value.to_owned()),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let written = match field.name() {
            "message" => write!(self.text, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
        written.expect("writing to memory does not fail");
    }
}
