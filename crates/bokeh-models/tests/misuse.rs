//! Programs that must not compile, with the errors that their authors read.

#[test]
fn misuse_is_explained_by_the_compiler() {
    trybuild::TestCases::new().compile_fail("tests/misuse/*.rs");
}
