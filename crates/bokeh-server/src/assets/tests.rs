use std::io::Read;

use flate2::read::GzDecoder;

use super::*;

#[test]
fn only_what_accepts_gzip_gets_it() {
    for (lines, expected) in [
        (vec!["gzip, deflate, br"], true),
        (vec!["br", "GZIP;q=0.5"], true),
        (vec!["br;q=1, gzip;q=0"], false),
        (vec!["identity"], false),
        (vec![], false),
    ] {
        let mut headers = HeaderMap::new();
        for line in &lines {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(line));
        }
        assert_eq!(accepts_gzip(&headers), expected, "{lines:?}");
    }
}

#[test]
fn only_links_with_a_version_are_kept_for_ever() {
    for (uri, expected) in
        [("/static/js/x.js?v=abc", true), ("/x.js?a=1&v=abc", true), ("/x.js", false), ("/x.js?version=1", false)]
    {
        assert_eq!(is_versioned(&uri.parse().unwrap()), expected, "{uri}");
    }
}

#[test]
fn compression_can_be_undone() {
    let script = "function f() { return 1 }".repeat(1000);
    let compressed = gzip(script.as_bytes());
    assert!(compressed.len() < script.len() / 10);
    let mut read = String::new();
    GzDecoder::new(&compressed[..]).read_to_string(&mut read).unwrap();
    assert_eq!(read, script);
}

#[tokio::test]
async fn a_script_is_sent_plain_until_it_is_compressed_and_then_known_by_its_tag() {
    let asset = Arc::new(Asset::new(Bytes::from(vec![b' '; 10_000])));
    let mut request = HeaderMap::new();
    request.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    let first = asset.response(&request, true);
    assert_eq!(first.headers().get(header::CONTENT_ENCODING), None);
    while asset.gzip.get().is_none() {
        tokio::task::yield_now().await;
    }
    let second = asset.response(&request, true);
    assert_eq!(second.headers()[header::CONTENT_ENCODING], "gzip");
    assert_eq!(second.headers()[header::CACHE_CONTROL], "max-age=31536000, immutable");
    assert_ne!(second.headers()[header::ETAG], first.headers()[header::ETAG]);

    for (tags, expected) in [
        (second.headers()[header::ETAG].clone(), StatusCode::NOT_MODIFIED),
        (first.headers()[header::ETAG].clone(), StatusCode::OK),
        (HeaderValue::from_static("\"other\""), StatusCode::OK),
    ] {
        request.insert(header::IF_NONE_MATCH, tags);
        assert_eq!(asset.response(&request, true).status(), expected);
    }
}

#[test]
fn a_folder_without_bokehjs_is_named() {
    let error = Assets::find(&BokehJs::Folder("/no/such/folder".into()), None).unwrap_err();
    assert!(error.to_string().starts_with("there is no js/bokeh.min.js in the BokehJS folder /no/such/folder; "));
}
