//! Addresses that try to lead out of the folders that are served.

use crate::peer::Peer;
use crate::target::{SECRET, Target, settings};

#[tokio::test]
async fn no_address_leads_out_of_a_folder() {
    let target = Target::start(settings()).await;
    let absolute = target.folder.path().join("secret.txt");
    let absolute = absolute.to_str().unwrap();
    for (path, expected) in [
        ("/app/static/style.css".to_owned(), &[200][..]),
        ("/app/static/./style.css".to_owned(), &[200, 404]),
        ("/static/js/bokeh.min.js".to_owned(), &[200]),
        ("/app/static/../secret.txt".to_owned(), &[404]),
        ("/app/static/../../secret.txt".to_owned(), &[404]),
        ("/app/static/%2e%2e/secret.txt".to_owned(), &[404]),
        ("/app/static/..%2fsecret.txt".to_owned(), &[404]),
        ("/app/static/%2e%2e%2fsecret.txt".to_owned(), &[404]),
        ("/app/static/%2E%2E%2F%2E%2E%2Fsecret.txt".to_owned(), &[404]),
        ("/app/static/%252e%252e%252fsecret.txt".to_owned(), &[404]),
        ("/app/static/..%5csecret.txt".to_owned(), &[404]),
        ("/app/static/..\\secret.txt".to_owned(), &[400, 404]),
        ("/app/static/..;/secret.txt".to_owned(), &[404]),
        ("/app/static/....//secret.txt".to_owned(), &[404]),
        ("/app/static/.%00./secret.txt".to_owned(), &[404]),
        ("/app/static/style.css%00../../secret.txt".to_owned(), &[404]),
        ("/app/static/style.css/../../secret.txt".to_owned(), &[404]),
        ("/app/static/%c0%ae%c0%ae/secret.txt".to_owned(), &[400, 404]),
        ("/app/static/%ff".to_owned(), &[400, 404]),
        (format!("/app/static/{absolute}"), &[404]),
        (format!("/app/static/{}", absolute.replace('/', "%2f")), &[404]),
        ("/app/static/".to_owned(), &[404]),
        ("/app/static".to_owned(), &[404]),
        ("/app/secret.txt".to_owned(), &[404]),
        ("/static/secret.txt".to_owned(), &[404]),
        ("/static/../secret.txt".to_owned(), &[404]),
        ("/static/js/..%2fsecret.txt".to_owned(), &[404]),
        ("/static/js/../secret.txt".to_owned(), &[404]),
        ("/static/extensions/..%2f/secret.txt".to_owned(), &[404]),
        ("/static/extensions/none/..%2f..%2fsecret.txt".to_owned(), &[404]),
        ("http://localhost/app/static/../secret.txt".to_owned(), &[404]),
        ("//app/static/style.css".to_owned(), &[404]),
    ] {
        let mut peer = Peer::asking(target.address(), &format!("GET {path}"), "Connection: close\r\n").await;
        let head = peer.head().await;
        assert!(expected.contains(&head.status), "{path}: {}", head.text);
        assert!(!peer.rest().await.contains(SECRET), "{path}");
    }
    target.server.stop().await;
}
