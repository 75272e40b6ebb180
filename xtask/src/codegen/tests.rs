use super::*;

#[test]
fn the_generated_files_are_up_to_date() {
    check(root()).unwrap();
}

#[test]
fn a_stale_file_is_named() {
    let mut files = generate(root()).unwrap();
    files[1].text.push_str("// More.\n");
    let removed = files.pop().unwrap().path;
    let expected = [files[1].path.clone(), removed];
    assert_eq!(stale(root(), &files).unwrap(), expected);
}

#[test]
fn a_missing_file_is_named() {
    let files = [Generated::new("there/is/no/such.rs", "")];
    assert_eq!(stale(Path::new("no-such-root"), &files).unwrap(), [PathBuf::from("there/is/no/such.rs")]);
}

#[test]
fn an_unknown_argument_is_refused() {
    let error = run(&["--chekc".to_owned()]).unwrap_err();
    assert_eq!(error.to_string(), "codegen takes nothing but --check, not `--chekc`");
}
