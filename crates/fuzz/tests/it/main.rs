//! Seeds and findings, run through the bodies of the fuzz targets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::PathBuf;

use fuzz::TARGETS;

#[test]
fn every_seed_and_every_finding_passes() {
    for (target, body) in TARGETS {
        let inputs = inputs("seeds", target).into_iter().chain(inputs("findings", target));
        let mut n_inputs = 0;
        for path in inputs {
            println!("{}", path.display());
            body(&fs::read(path).unwrap());
            n_inputs += 1;
        }
        assert!(n_inputs > 5, "{target} has lost its seeds");
    }
}

#[test]
fn what_is_cut_off_anywhere_passes() {
    for (target, body) in TARGETS {
        for path in inputs("seeds", target) {
            println!("{}", path.display());
            let input = fs::read(path).unwrap();
            for end in (0..input.len()).step_by(input.len() / 8 + 1) {
                body(&input[..end]);
            }
        }
    }
}

fn inputs(kind: &str, target: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(kind).join(target);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
