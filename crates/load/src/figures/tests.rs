use std::time::Duration;

use super::{median, percentile};

#[test]
fn a_percentile_is_one_of_the_durations() {
    let mut durations: Vec<Duration> = (1..=200).rev().map(Duration::from_micros).collect();
    for (part, expected) in [(0.5, 100.0), (0.99, 198.0), (1.0, 200.0), (0.0, 1.0)] {
        let found = percentile(&mut durations, part);
        assert!((found - expected).abs() < 1e-6, "{part}: {found}");
    }
    assert!(percentile(&mut [], 0.5).is_nan());
}

#[test]
fn a_median_leaves_out_what_is_no_number() {
    for (values, expected) in [(&[3.0, 1.0, 2.0][..], 2.0), (&[1.0, f64::NAN, 2.0], 1.5), (&[4.0], 4.0)] {
        assert!((median(values) - expected).abs() < 1e-9, "{values:?}");
    }
    assert!(median(&[]).is_nan());
}
