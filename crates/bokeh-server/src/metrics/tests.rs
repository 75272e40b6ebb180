use std::time::Duration;

use super::*;

#[test]
fn values_are_written_as_prometheus_reads_them() {
    let mut text = Text::default();
    text.describe("jobs", "gauge", "Jobs that\nwait.");
    text.value("jobs", &[], 3.0);
    text.value("jobs", &[("app", "/a\"b\\c\nd"), ("kind", "x")], 0.5);
    assert_eq!(
        text.into_string(),
        "# HELP jobs Jobs that\\nwait.\n# TYPE jobs gauge\njobs 3\njobs{app=\"/a\\\"b\\\\c\\nd\",kind=\"x\"} 0.5\n"
    );
}

#[test]
fn a_time_counts_in_its_bucket_and_all_above() {
    let histogram = Histogram::default();
    for millis in [0, 1, 2, 300, 20_000] {
        histogram.record(Duration::from_millis(millis));
    }
    let mut text = Text::default();
    text.histogram("seconds", &[("app", "/a")], &histogram);
    let text = text.into_string();
    for line in [
        "seconds_bucket{app=\"/a\",le=\"0.0005\"} 1",
        "seconds_bucket{app=\"/a\",le=\"0.001\"} 2",
        "seconds_bucket{app=\"/a\",le=\"0.0025\"} 3",
        "seconds_bucket{app=\"/a\",le=\"0.25\"} 3",
        "seconds_bucket{app=\"/a\",le=\"1\"} 4",
        "seconds_bucket{app=\"/a\",le=\"10\"} 4",
        "seconds_bucket{app=\"/a\",le=\"+Inf\"} 5",
        "seconds_sum{app=\"/a\"} 20.303",
        "seconds_count{app=\"/a\"} 5",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
}
