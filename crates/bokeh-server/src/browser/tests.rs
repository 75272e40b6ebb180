use super::*;

#[test]
fn a_browser_is_a_program_or_a_command_with_a_place_for_the_page() {
    for (browser, expected) in [
        (None, Some(vec![OPENER, "http://p"])),
        (Some("none"), None),
        (Some("firefox"), Some(vec!["firefox", "http://p"])),
        (Some("/opt/my browser"), Some(vec!["/opt/my browser", "http://p"])),
        (Some("chromium --app=%s --new"), Some(vec!["chromium", "--app=http://p", "--new"])),
    ] {
        let expected = expected.map(|words| words.into_iter().map(OsString::from).collect());
        assert_eq!(command("http://p".as_ref(), browser), expected, "{browser:?}");
    }
}
