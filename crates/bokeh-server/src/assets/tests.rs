use axum::body::to_bytes;
use axum::http::{HeaderMap, Request, StatusCode};

use super::compressed::Compressed;
use super::*;

#[test]
fn only_links_with_a_version_are_kept_for_ever() {
    for (uri, expected) in
        [("/static/js/x.js?v=abc", true), ("/x.js?a=1&v=abc", true), ("/x.js", false), ("/x.js?version=1", false)]
    {
        assert_eq!(is_versioned(&uri.parse().unwrap()), expected, "{uri}");
    }
}

#[tokio::test]
async fn the_first_who_asks_gets_a_script_compressed() {
    let asset = spaces();
    for (accepted, encoding) in [("gzip", Some("gzip")), ("gzip, br", Some("br")), ("identity", None)] {
        let answer = ask(&asset, &[("accept-encoding", accepted)]).await;
        assert_eq!(answer.header("content-encoding"), encoding, "{accepted}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        assert_eq!(answer.header("last-modified"), Some("Thu, 01 Jan 1970 00:00:00 GMT"));
        assert_eq!(answer.header("cache-control"), Some("max-age=31536000, immutable"));
        let suffix = encoding.map_or("\"".to_owned(), |encoding| format!("-{encoding}\""));
        assert!(answer.header("etag").is_some_and(|tag| tag.ends_with(&suffix)), "{accepted}");
        assert_eq!(answer.body.len() < 100, encoding.is_some(), "{accepted}");
    }
    let tiny = Asset::new("// tiny".into(), SystemTime::UNIX_EPOCH, Compressed::default());
    assert_eq!(ask(&tiny, &[("accept-encoding", "br")]).await.header("content-encoding"), None);
}

#[tokio::test]
async fn each_coding_has_a_tag_of_its_own() {
    let asset = spaces();
    let tag =
        async |accepted| ask(&spaces(), &[("accept-encoding", accepted)]).await.header("etag").unwrap().to_owned();
    let (plain, gzip, brotli) = (tag("identity").await, tag("gzip").await, tag("br").await);
    assert!(gzip.starts_with("W/") && brotli.starts_with("W/") && !plain.starts_with("W/"));
    for (accepted, known, expected) in [
        ("gzip", &gzip, StatusCode::NOT_MODIFIED),
        ("br", &brotli, StatusCode::NOT_MODIFIED),
        ("identity", &plain, StatusCode::NOT_MODIFIED),
        ("gzip", &plain, StatusCode::OK),
        ("br", &gzip, StatusCode::OK),
        ("gzip", &"\"other\"".to_owned(), StatusCode::OK),
    ] {
        let answer = ask(&asset, &[("accept-encoding", accepted), ("if-none-match", known)]).await;
        assert_eq!(answer.status, expected, "{accepted} {known}");
        assert!(
            answer.status == StatusCode::OK || answer.header("content-encoding").is_none() && answer.body.is_empty()
        );
    }
}

#[tokio::test]
async fn parts_are_sent_as_they_are() {
    let asset = spaces();
    let plain = format!("\"{}\"", asset.hash);
    let compressed = format!("W/\"{}-br\"", asset.hash);
    for (range, if_range, status, content_range, n_bytes) in [
        ("bytes=10-19", None, 206, Some("bytes 10-19/10000"), 10),
        ("bytes=10-19", Some(&plain), 206, Some("bytes 10-19/10000"), 10),
        ("bytes=-7", None, 206, Some("bytes 9993-9999/10000"), 7),
        ("bytes=10000-", None, 416, Some("bytes */10000"), 0),
        ("bytes=0-1,3-4", None, 200, None, 10000),
    ] {
        let mut headers = vec![("accept-encoding", "br"), ("range", range)];
        headers.extend(if_range.map(|tag| ("if-range", tag.as_str())));
        let answer = ask(&asset, &headers).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (status, n_bytes), "{range}");
        assert_eq!(answer.header("content-range"), content_range, "{range}");
        assert_eq!((answer.header("content-encoding"), answer.header("etag")), (None, Some(&*plain)), "{range}");
    }
    // The beginning that the browser has is of something else.
    let headers = [("accept-encoding", "br"), ("range", "bytes=10-19"), ("if-range", &compressed)];
    assert_eq!(ask(&asset, &headers).await.header("content-encoding"), Some("br"));
}

#[test]
fn a_folder_without_bokehjs_is_named() {
    let error = Assets::find(&BokehJs::Folder("/no/such/folder".into()), None).unwrap_err();
    assert!(error.to_string().starts_with("there is no js/bokeh.min.js in the BokehJS folder /no/such/folder; "));
}

#[cfg(feature = "embed-bokehjs")]
#[test]
fn a_program_has_the_bokehjs_inside_that_it_was_built_with() {
    let assets = Assets::find(&BokehJs::Find, None).unwrap().unwrap();
    for bundle in Bundle::ALL {
        assert!(assets.text(bundle).unwrap().contains("Anaconda"), "{bundle:?}");
    }
    assert!(Assets::find(&BokehJs::Cdn, None).unwrap().is_none());
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: axum::body::Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

async fn ask(asset: &Asset, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(Request::get("/x.js?v=1"), |request, (name, value)| request.header(*name, *value));
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let (head, body) = asset.response(&parts).await.into_parts();
    Answer { status: head.status, headers: head.headers, body: to_bytes(body, usize::MAX).await.unwrap() }
}

fn spaces() -> Asset {
    Asset::new(vec![b' '; 10_000].into(), SystemTime::UNIX_EPOCH, Compressed::default())
}
