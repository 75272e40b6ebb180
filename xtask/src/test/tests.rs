use super::{Counts, Options, fuzz, steps::STEPS, table};
use crate::shell;

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
fn long_steps_run_when_they_are_asked_for() {
    for (args, runs_fmt, runs_fuzz) in [
        (&[][..], true, false),
        (&["--long"], true, true),
        (&["--only", "fuzz"], false, true),
        (&["--only", "fmt", "--long"], true, false),
    ] {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        let options = Options::parse(&args).unwrap();
        let runs = |name| STEPS.iter().any(|step| step.name == name && options.wants(step));
        assert_eq!((runs("fmt"), runs("fuzz")), (runs_fmt, runs_fuzz), "{args:?}");
    }
}

#[test]
fn all_fuzz_targets_are_run() {
    let folder = shell::root().join("crates/fuzz/fuzz_targets");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut targets: Vec<String> = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let mut run = fuzz::TARGETS.to_vec();
    targets.sort();
    run.sort_unstable();
    assert_eq!(targets, run);
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
