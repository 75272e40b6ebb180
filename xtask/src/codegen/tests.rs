use super::*;

#[test]
fn the_generated_files_are_up_to_date() {
    check(&root()).unwrap();
}
