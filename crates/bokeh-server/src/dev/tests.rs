use axum::body::Body;
use http_body_util::BodyExt;

use super::*;

#[tokio::test]
async fn pages_are_told_of_each_generation_until_the_server_stops() {
    let stop = CancellationToken::new();
    let dev = Dev::new(stop.clone());
    let first = *dev.generation.borrow();
    let mut body = generations(State(dev.clone())).await.into_body();
    assert_eq!(event(&mut body).await, format!("data: {first}\n\n"));
    dev.reload(None);
    assert_eq!(event(&mut body).await, format!("data: {}\n\n", first + 1));
    stop.cancel();
    assert!(body.frame().await.is_none());
}

#[test]
fn trouble_is_shown_until_the_next_reload() {
    let dev = Dev::new(CancellationToken::new());
    assert_eq!(dev.trouble(), None);
    dev.reload(Some("File \"<app>\", line 1".to_owned()));
    assert!(dev.trouble().unwrap().contains("File \"&lt;app&gt;\", line 1"));
    dev.reload(None);
    assert_eq!(dev.trouble(), None);
}

#[test]
fn the_script_stands_at_the_end_of_the_page() {
    for (html, prefix, expected) in [
        ("<body>a</body>", "/pp", "(\"/pp/static/dev/generation\");\n</script>\n</body>"),
        ("a", "", "(\"/static/dev/generation\");\n</script>\n"),
        ("a", "/</script>", "(\"/\\u003c/script>/static/dev/generation\");\n</script>\n"),
    ] {
        let page = with_reloading(html.to_owned(), prefix);
        assert!(page.ends_with(expected), "{page}");
        assert_eq!(page.matches("</script>").count(), 1);
    }
}

async fn event(body: &mut Body) -> String {
    let frame = body.frame().await.unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
}
