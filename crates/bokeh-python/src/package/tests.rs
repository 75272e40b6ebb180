use std::path::Path;

use super::*;

#[test]
fn every_file_of_the_package_travels() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("python").join(FOLDER);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let is_sent = |name: &String| name.ends_with(".py") && name != "bootstrap.py";
    let mut files: Vec<String> = files.filter(is_sent).collect();
    files.sort();
    let mut listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    listed.sort_unstable();
    assert_eq!(listed, files);
}

#[test]
fn the_bootstrap_fits_an_argument() {
    // Linux takes at most 128 KiB in one argument.
    assert!(BOOTSTRAP.len() < 100_000);
}
