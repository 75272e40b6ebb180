use super::Counts;

#[test]
fn the_summaries_of_test_runners_are_added_up() {
    for (output, passed, failed) in [
        ("", 0, 0),
        ("running 2 tests\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out", 2, 0),
        (
            "test result: ok. 2 passed; 0 failed;\nnoise\ntest result: FAILED. 1 passed; 3 failed; finished in 0.1s",
            3,
            3,
        ),
        ("     Summary [   0.012s] 10 tests run: 10 passed (1 slow), 0 skipped", 10, 0),
        ("     Summary [   0.012s] 3/10 tests run: 2 passed, 1 failed, 0 skipped", 2, 1),
        (
            "test result: FAILED. 0 passed; 1 failed;\n  Summary [   0.1s] 5 tests run: 4 passed, 1 failed, 0 skipped",
            4,
            1,
        ),
    ] {
        assert_eq!(Counts::from_output(output), Counts { passed, failed }, "{output}");
    }
}
