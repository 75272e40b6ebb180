use std::fmt::Write;

use super::Histogram;

/// Metrics in the text format of Prometheus, version 0.0.4.
#[derive(Debug, Default)]
pub(crate) struct Text(String);

impl Text {
    /// The media type of the format.
    pub(crate) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

    /// Begins a metric, whose values follow. The format wants all of one name together.
    pub(crate) fn describe(&mut self, name: &str, kind: &str, help: &str) {
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}"));
    }

    /// Writes a value.
    pub(crate) fn value(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.0.push_str(name);
        for (n, (label, text)) in labels.iter().enumerate() {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let mark = if n == 0 { '{' } else { ',' };
            self.push(format_args!("{mark}{label}=\"{text}\""));
        }
        let end = if labels.is_empty() { "" } else { "}" };
        match value {
            f64::INFINITY => self.line(format_args!("{end} +Inf")),
            value => self.line(format_args!("{end} {value}")),
        }
    }

    /// Writes a histogram of seconds.
    #[expect(clippy::cast_precision_loss, reason = "the format has floating point numbers")]
    pub(crate) fn histogram(&mut self, name: &str, labels: &[(&str, &str)], histogram: &Histogram) {
        let bucket = format!("{name}_bucket");
        let mut count = 0;
        for (bound, n) in histogram.buckets() {
            let bound = if bound.is_finite() { bound.to_string() } else { "+Inf".to_owned() };
            self.value(&bucket, &[labels, &[("le", &bound)]].concat(), n as f64);
            count = n;
        }
        self.value(&format!("{name}_sum"), labels, histogram.sum());
        self.value(&format!("{name}_count"), labels, count as f64);
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        self.push(text);
        self.0.push('\n');
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.0.write_fmt(text).expect("writing to memory does not fail");
    }
}
