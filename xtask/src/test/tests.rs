use super::{Counts, Options, table};

#[test]
fn arguments_are_understood_or_named() {
    for (args, expected) in [
        (&["--long"][..], Ok(())),
        (&["--only", "tidy", "--only", "fmt"], Ok(())),
        (&["--only"], Err("--only takes one of fmt, clippy")),
        (&["--only", "nothing"], Err("--only takes one of fmt, clippy")),
        (&["--fast"], Err("not `--fast`")),
    ] {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        match (Options::parse(&args), expected) {
            (Ok(_), Ok(())) => {}
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
            (parsed, _) => panic!("{args:?}: {parsed:?}"),
        }
    }
}

#[test]
fn the_table_names_the_failed_step() {
    let table =
        table(&[("fmt", Counts { passed: 1, failed: 0 }, 0.25), ("unit", Counts { passed: 9, failed: 2 }, 12.0)]);
    assert_eq!(
        table.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>(),
        [
            "step      result   passed   failed   seconds",
            "fmt       ok            1        0       0.2",
            "unit      FAILED        9        2      12.0",
        ]
    );
}
