//! Pages of others that want a WebSocket here (cross-site WebSocket hijacking), and names that are bent to this machine.

use bokeh_server::Settings;

use crate::peer::Peer;
use crate::target::{Target, settings};

#[tokio::test]
async fn a_page_connects_only_from_where_it_is_allowed() {
    for (allowed, origin, expected) in [
        (&[][..], "http://localhost:{port}", 101),
        (&[], "http://127.0.0.1:{port}", 101),
        (&[], "https://evil.example", 403),
        (&[], "null", 403),
        (&[], "file://", 403),
        // A name that begins or ends like one that is allowed (CVE-2026-21883).
        (&["dashboard.example"], "https://dashboard.example", 101),
        (&["dashboard.example"], "https://dashboard.example.evil.example", 403),
        (&["dashboard.example"], "https://dashboard.example.evil.example:80", 403),
        (&["dashboard.example"], "https://evildashboard.example", 403),
        (&["dashboard.example"], "https://evil.dashboard.example", 403),
        (&["dashboard.example"], "https://dashboard.example@evil.example", 403),
        (&["dashboard.example"], "https://evil.example#dashboard.example", 403),
        (&["dashboard.example"], "https://evil.example/dashboard.example", 403),
        (&["dashboard.example"], "https://dashboard.example:8443", 403),
        (&["dashboard.example"], "https://dashboard", 403),
        (&["*.example.com"], "https://a.example.com", 101),
        (&["*.example.com"], "https://example.com", 403),
        (&["*.example.com"], "https://a.b.example.com", 403),
        (&["*.example.com"], "https://a.example.com.evil.example", 403),
        (&["*.example.com"], "https://evilexample.com", 403),
    ] {
        let allow_websocket_origin = allowed.iter().map(|host| (*host).to_owned()).collect();
        let target = Target::start(Settings { allow_websocket_origin, ..settings() }).await;
        let origin = origin.replace("{port}", &target.server.port().to_string());
        for site in ["", "Sec-Fetch-Site: cross-site\r\n"] {
            let headers = format!("Origin: {origin}\r\n{site}");
            let mut peer = Peer::upgrading(target.address(), "/app", "x", &headers).await;
            // A browser does not call its own page of another site.
            let is_own = origin.contains("127.0.0.1") && !site.is_empty();
            let expected = if is_own { 403 } else { expected };
            assert_eq!(peer.head().await.status, expected, "{allowed:?} {headers}");
        }
        target.server.stop().await;
    }
}

#[tokio::test]
async fn a_page_under_a_name_that_was_bent_to_this_machine_is_refused() {
    for (allowed, host, more, expected) in [
        (&[][..], "127.0.0.1:{port}", "", 101),
        (&[], "localhost:{port}", "", 101),
        (&[], "evil.example:{port}", "", 403),
        (&[], "evil.example:{port}", "Sec-Fetch-Site: same-origin\r\n", 403),
        (&[], "evil.example", "Sec-Fetch-Site: same-origin\r\n", 403),
        (&["mine.example"], "mine.example", "Sec-Fetch-Site: same-origin\r\n", 101),
        (&["mine.example"], "mine.example:{port}", "Sec-Fetch-Site: same-origin\r\n", 403),
        (&["*"], "any.example", "Sec-Fetch-Site: same-origin\r\n", 101),
        // A proxy on this machine says that it is one, which no page can.
        (&[], "public.example", "Sec-Fetch-Site: same-origin\r\nX-Forwarded-For: 192.0.2.1\r\n", 101),
    ] {
        let allow_websocket_origin = allowed.iter().map(|host| (*host).to_owned()).collect();
        let target = Target::start(Settings { allow_websocket_origin, ..settings() }).await;
        let host = host.replace("{port}", &target.server.port().to_string());
        let headers = format!("Host: {host}\r\nOrigin: http://{host}\r\n{more}");
        let mut peer = Peer::upgrading(target.address(), "/app", "x", &headers).await;
        assert_eq!(peer.head().await.status, expected, "{allowed:?} {headers}");
        target.server.stop().await;
    }
}
