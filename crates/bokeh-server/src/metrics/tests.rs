use std::sync::Arc;
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
fn what_sessions_have_is_added_up_until_they_end() {
    let metrics = Arc::new(AppMetrics::default());
    let (mut one, mut two) = (DirtyPlaces::new(metrics.clone()), DirtyPlaces::new(metrics.clone()));
    one.set(5);
    two.set(3);
    one.set(1);
    assert_eq!(metrics.dirty_places.value(), 4);
    drop(one);
    assert_eq!(metrics.dirty_places.value(), 3);
}

#[test]
fn names_are_such_as_prometheus_reads() {
    for (name, expected) in [("jobs_total", "jobs_total"), ("my jobs", "my_jobs"), ("2nd:x", "_nd_x"), ("", "_")] {
        assert_eq!(Metric::new(name, "", 0.0).name, expected);
        assert_eq!(Metric::new("x", "", 0.0).label(name, "").labels[0].0, expected);
    }
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
