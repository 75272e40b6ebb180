//! The text format of Prometheus, read and checked as `promtool check metrics` does.

use std::collections::BTreeSet;

/// A metric with all of its values.
pub(crate) struct Family {
    name: String,
    kind: String,
    help: String,
    samples: Vec<Sample>,
}

struct Sample {
    name: String,
    labels: String,
    value: f64,
}

/// Reads a whole answer. Each metric has to be described once, before its values, which stand together.
pub(crate) fn families(text: &str) -> Vec<Family> {
    assert!(text.ends_with('\n'), "the last line ends");
    let mut families: Vec<Family> = Vec::new();
    for line in text.lines() {
        if let Some(description) = line.strip_prefix("# HELP ") {
            let (name, help) = description.split_once(' ').unwrap();
            assert!(families.iter().all(|family| family.name != name), "{name} is there twice");
            let (name, help) = (name.to_owned(), help.to_owned());
            families.push(Family { name, kind: String::new(), help, samples: Vec::new() });
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let family = families.last_mut().unwrap();
            let (name, kind) = kind.split_once(' ').unwrap();
            assert_eq!((name, family.kind.as_str()), (family.name.as_str(), ""), "{line}");
            family.kind = kind.to_owned();
        } else {
            families.last_mut().unwrap().samples.push(sample(line));
        }
    }
    families
}

impl Family {
    /// Holds it against the rules.
    pub(crate) fn check(&self) {
        let Self { name, kind, help, samples } = self;
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{name}");
        assert!(!help.is_empty(), "{name} has no meaning");
        assert!(["counter", "gauge", "histogram"].contains(&kind.as_str()), "{name} is a {kind}");
        assert_eq!(name.ends_with("_total"), kind == "counter", "{name} is a {kind}");
        for part in ["_ms", "_millis", "_minutes", "_kb", "_mib", "_count", "_sum", "_bucket", kind] {
            assert!(!name.ends_with(part), "{name} ends in {part}");
        }
        assert!(!samples.is_empty(), "{name} has no value");
        let places: BTreeSet<_> = samples.iter().map(|sample| (&sample.name, &sample.labels)).collect();
        assert_eq!(places.len(), samples.len(), "{name} has two values of the same labels");
        for sample in samples {
            assert!(sample.value >= 0.0, "{} is {}", sample.name, sample.value);
            let suffixes: &[&str] = if kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
            assert!(suffixes.iter().any(|suffix| sample.name == format!("{name}{suffix}")), "{}", sample.name);
        }
        if kind == "histogram" {
            self.check_buckets();
        }
    }

    /// Each count contains those before it; the last is that of all.
    fn check_buckets(&self) {
        let of = |suffix: &str| {
            let name = format!("{}{suffix}", self.name);
            self.samples.iter().filter(move |sample| sample.name == name)
        };
        for count in of("_count") {
            let app = count.labels.as_str();
            let buckets: Vec<_> = of("_bucket").filter(|bucket| bucket.labels.starts_with(app)).collect();
            assert!(buckets.is_sorted_by_key(|bucket| bucket.value), "{}", self.name);
            let last = buckets.last().unwrap();
            assert!(last.labels.ends_with(",le=\"+Inf\"") && last.value.to_bits() == count.value.to_bits());
        }
    }
}

fn sample(line: &str) -> Sample {
    let (place, value) = line.rsplit_once(' ').unwrap();
    let (name, labels) =
        place.split_once('{').map_or((place, ""), |(name, rest)| (name, rest.strip_suffix('}').unwrap()));
    check_labels(labels);
    Sample { name: name.to_owned(), labels: labels.to_owned(), value: value.parse().unwrap() }
}

/// Labels look like `a="b",c="d"`, where a quote in a value has a backslash before it.
fn check_labels(mut labels: &str) {
    while !labels.is_empty() {
        let (name, rest) = labels.split_once("=\"").unwrap();
        assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        let is_end = |(at, _): &(usize, &str)| {
            let backslashes = rest[..*at].chars().rev().take_while(|c| *c == '\\').count();
            backslashes % 2 == 0
        };
        let (end, _) = rest.match_indices('"').find(is_end).expect("the value ends");
        labels = rest[end + 1..].trim_start_matches(',');
    }
}
