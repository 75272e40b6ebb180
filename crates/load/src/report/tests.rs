use serde_json::json;

use super::Report;
use crate::figures::{Figures, Metric};
use crate::server::Kind;

const RATE: Metric = Metric::gain("rate");
const COST: Metric = Metric::cost("cost");

fn report(figures: &[(Kind, f64, f64)]) -> Report {
    let mut report = Report::default();
    for (server, rate, cost) in figures {
        let values = vec![(RATE, *rate), (COST, *cost)];
        report.add("sliders", *server, &Figures { values, errors: Vec::new() });
    }
    report
}

#[test]
fn ratios_are_taken_within_a_repetition() {
    // The machine was ten times slower in the second repetition; that is no difference between the servers.
    let report = report(&[
        (Kind::Ours, 1000.0, 1.0),
        (Kind::Bare, 2000.0, 0.5),
        (Kind::Ours, 100.0, 10.0),
        (Kind::Bare, 200.0, 5.0),
    ]);
    let table = report.table("sliders");
    let bare = table.lines().find(|line| line.starts_with("bare")).unwrap();
    assert!(bare.contains("(×2.00)") && bare.contains("(×0.50)"), "{table}");
}

#[test]
fn a_difference_to_another_run_is_good_or_bad_by_what_it_is_of() {
    let before = json!({"figures": {"sliders": {"bokeh-rs": {"rate": {"median": 100.0}, "cost": {"median": 100.0}}}}});
    for (rate, cost, expected) in
        [(200.0, 200.0, ["better", "WORSE"]), (50.0, 50.0, ["WORSE", "better"]), (101.0, 99.0, ["", ""])]
    {
        let text = report(&[(Kind::Ours, rate, cost)]).differences(&before);
        let verdicts: Vec<&str> =
            text.lines().skip(2).map(|line| line.rsplit_once("  ").map_or("", |(_, verdict)| verdict)).collect();
        assert_eq!(verdicts, expected, "{text}");
    }
}
