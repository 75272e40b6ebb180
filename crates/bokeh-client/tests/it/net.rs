//! Sessions over sockets, with a server that does what each test needs.

mod blocking;
mod reconnect;
mod server;
mod tls;

use std::pin::pin;
use std::sync::mpsc;
use std::time::Duration;

use bokeh_client::{ClientSession, ConnectError, ConnectOptions, Disconnect, OpenError, RequestError, WaitError};
use bokeh_document::{Document, UpdateError};
use bokeh_protocol::{ErrorContent, Limits, Message, MessageType, Object, Secret, ServerInfo, Signing};
use tokio::sync::oneshot;

use server::{FakeServer, Peer, url_nobody_listens_at};

#[tokio::test]
async fn a_connection_that_is_not_made_says_why() {
    let forbidden = |body: &str| format!("HTTP/1.1 403 Forbidden\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    for (answer, expected) in [
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "the server has no application at URL"),
        (&*forbidden("<html>no way</html>"), "the server refused the connection: 403 Forbidden"),
        (&*forbidden("foreign origin"), "the server refused the connection: 403 foreign origin"),
        (
            &*forbidden("<html><title>403: Token is expired</title><body>403: Token is expired</body></html>"),
            "the server refused the connection: 403 Token is expired",
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "the server refused the connection: 200 OK"),
        ("220 mail.example.com ESMTP\r\n\r\n", "the server does not speak WebSocket at WS/ws"),
        ("", "the server does not speak WebSocket at WS/ws"),
    ] {
        let server = FakeServer::bind().await;
        let url = server.url();
        let (result, ()) = tokio::join!(connect(ConnectOptions::new(&*url)), server.answer(answer));
        let expected = expected.replace("URL", &url).replace("WS", &url.replace("http", "ws"));
        assert_eq!(result.unwrap_err().to_string(), expected, "{answer}");
    }
}

#[tokio::test]
async fn an_address_or_header_that_is_none_is_named() {
    let new = ConnectOptions::new;
    let header = ConnectOptions { headers: vec![("a b".into(), "c".into())], ..new("http://localhost") };
    let nobody = url_nobody_listens_at().await;
    let network = format!("no connection to {}/ws; is the server running?", nobody.replace("http", "ws"));
    for (options, expected) in [
        (new("localhost"), r#"the address "localhost" begins neither with http: nor with https:"#),
        (new("http:"), r#"the address "ws:/ws" names no host"#),
        (header, r#"the header "a b" cannot be sent"#),
        (new(&nobody), &network),
    ] {
        assert_eq!(connect(options).await.unwrap_err().to_string(), expected);
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let server = FakeServer::bind().await;
    let options = ConnectOptions { connect_timeout: Duration::from_millis(20), ..ConnectOptions::new(server.url()) };
    assert!(matches!(connect(options).await, Err(ConnectError::Timeout(_))));
}

#[tokio::test]
async fn a_server_that_closes_before_its_ack_has_not_accepted_the_session() {
    let server = FakeServer::bind().await;
    let options = ConnectOptions::new(server.url());
    let closing = async { server.accept().await.close(None).await };
    let (result, ()) = tokio::join!(connect(options), closing);
    let error = result.unwrap_err();
    assert!(matches!(&error, ConnectError::NotAcknowledged(Disconnect::ByServer { code: None, .. })), "{error:?}");
}

#[tokio::test]
async fn the_request_carries_what_the_options_say() {
    let server = FakeServer::bind().await;
    let signing = Signing::Signed(Secret::new("0123456789abcdef0123456789abcdef"));
    let id = signing.generate_session_id().unwrap();
    let options = ConnectOptions {
        session_id: Some(id.clone()),
        arguments: vec![("a b".into(), "é".into())],
        headers: vec![("x-test".into(), "yes".into())],
        signing: signing.clone(),
        ..ConnectOptions::new(server.url())
    };
    let (session, peer) = open(server, options).await;
    let request = peer.request();
    assert_eq!(request.uri().to_string(), "/app/ws?a+b=%C3%A9");
    assert_eq!(request.headers()["x-test"], "yes");
    assert!(!request.headers().contains_key("origin"));
    let protocols = request.headers()["sec-websocket-protocol"].to_str().unwrap();
    let token = signing.open_token(protocols.strip_prefix("bokeh, ").unwrap()).unwrap();
    assert_eq!((token.session_id(), session.id()), (&*id, &*id));
    assert!(token.expiry().is_some());
}

#[tokio::test]
async fn the_page_of_a_session_is_that_of_the_server() {
    let server = FakeServer::bind().await;
    let url = server.url();
    let options = ConnectOptions { session_id: Some("a b/c".into()), ..ConnectOptions::default() };
    let (session, _peer) = open(server, options).await;
    assert_eq!(session.page_url(), format!("{url}?bokeh-session-id=a+b%2Fc"));
}

#[tokio::test]
async fn requests_get_their_answers() {
    let (session, mut peer) = pair().await;
    let info = ServerInfo { bokeh: "3.9.2".into(), server: "1".into() };
    let answering = async {
        let request = peer.expect(MessageType::ServerInfoReq).await;
        peer.send(&Message::server_info_reply("s2", request, &info)).await;
        // The second question is answered by what is known already.
        let request = peer.expect(MessageType::PullDocReq).await;
        peer.send(&Message::error("s3", request, &ErrorContent::new("no way"))).await;
    };
    let asking =
        async { (session.request_server_info().await, session.request_server_info().await, session.pull().await) };
    let ((first, second, pull), ()) = tokio::join!(asking, answering);
    assert_eq!([first.unwrap(), second.unwrap()], [info.clone(), info]);
    assert_eq!(pull.unwrap_err().to_string(), "the server refused the PULL-DOC-REQ: no way");
}

#[tokio::test]
async fn a_request_without_an_answer_times_out() {
    let server = FakeServer::bind().await;
    let limit = Some(Duration::from_millis(20));
    let (session, _peer) = open(server, ConnectOptions { reply_timeout: limit, ..ConnectOptions::default() }).await;
    assert!(matches!(session.force_roundtrip().await, Err(RequestError::Timeout(_))));
    assert!(session.is_connected());
}

#[tokio::test]
async fn a_request_that_is_given_up_is_carried_out_all_the_same() {
    let server = FakeServer::bind().await;
    let (session, mut peer) = open(server, ConnectOptions::default()).await;
    {
        let pull = pin!(session.pull());
        // The request is under way when its future is dropped, and so are the changes around it.
        let asked = async {
            session.update(|doc| doc.set_title("before")).await.unwrap();
            peer.give_slider(1).await;
        };
        tokio::select! {
            biased;
            _ = pull => panic!("there is no answer yet"),
            () = asked => {}
        }
    }
    session.wait_until(|doc| doc.model_by_wire_id("p1").is_some()).await.unwrap();
    let (pulled, ()) = tokio::join!(session.pull(), peer.give_slider(2));
    pulled.unwrap();
}

#[tokio::test]
async fn a_wait_that_is_given_up_costs_nothing() {
    let (session, _peer) = pair().await;
    let (sender, looks) = mpsc::channel();
    {
        let looking = sender.clone();
        let wait = pin!(session.wait_until(move |_| looking.send("looked").is_err()));
        tokio::select! {
            biased;
            _ = wait => panic!("the condition never holds"),
            () = async { session.update(|_| ()).await.unwrap() } => {}
        }
    }
    session.update(|doc| doc.set_title("after")).await.unwrap();
    drop(sender);
    session.update(|_| ()).await.unwrap();
    let n_looks = looks.iter().count();
    assert!((1..=2).contains(&n_looks), "{n_looks} looks");
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up() {
    let server = FakeServer::bind().await;
    let keep_alive = Some(Duration::from_secs(40));
    let (session, peer) = open(server, ConnectOptions { keep_alive, ..ConnectOptions::default() }).await;
    tokio::time::pause();
    // Nobody answers the question for a sign of life.
    let reason = session.closed().await;
    assert!(matches!(reason, Disconnect::Silent(silence) if silence >= Duration::from_secs(80)), "{reason}");
    drop(peer);
}

#[tokio::test]
async fn the_end_of_the_connection_reaches_everybody_who_waits() {
    let goodbye = Some((1001, "the session has ended"));
    let by_server = "closed by the server (code 1001: the session has ended)";
    for (farewell, expected) in [(goodbye, by_server), (None, "the connection was lost")] {
        let (session, mut peer) = pair().await;
        let ending = async {
            peer.expect(MessageType::PullDocReq).await;
            match farewell {
                Some(_) => peer.close(farewell).await,
                None => drop(peer),
            }
        };
        let (pull, wait, reason, ()) =
            tokio::join!(session.pull(), session.wait_until(|_| false), session.closed(), ending);
        let Err(RequestError::Lost(pull)) = pull else { panic!("{pull:?}") };
        let Err(WaitError::Lost(wait)) = wait else { panic!("{wait:?}") };
        assert_eq!([pull, wait, reason].map(|reason| reason.to_string()), [expected; 3]);
        assert!(!session.is_connected());
        assert!(matches!(session.push().await, Err(RequestError::Lost(_))));
        session.update(|doc| doc.set_title("still here")).await.unwrap();
        session.wait_until(|doc| doc.title() == "still here").await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_sends_no_messages_is_left() {
    let limits = Limits { max_fragment_bytes: 1000, ..Limits::default() };
    let big = "x".repeat(1001);
    for (text, code) in [("not JSON", Some(1007)), (r#"{"msgid":"1"}"#, Some(1002)), (&*big, None)] {
        let options = ConnectOptions { message_limits: limits.clone(), ..ConnectOptions::default() };
        let (session, mut peer) = open(FakeServer::bind().await, options).await;
        peer.send_text(text).await;
        let farewell = peer.farewell().await;
        session.closed().await;
        assert_eq!(farewell, code.map(|code| (code, "error parsing message from server".to_owned())), "{text}");
    }
}

#[tokio::test]
async fn closing_and_dropping_say_goodbye() {
    let goodbye = Some((1000, "closed".to_owned()));
    let (session, mut peer) = pair().await;
    let ((), farewell) = tokio::join!(session.close(), peer.farewell());
    assert_eq!(farewell, goodbye);
    assert!(matches!(session.closed().await, Disconnect::Closed));
    let (session, mut peer) = pair().await;
    drop(session);
    assert_eq!(peer.farewell().await, goodbye);
}

#[tokio::test]
async fn a_panic_of_a_closure_comes_out_where_it_was_given() {
    let (session, _peer) = pair().await;
    let asking = session.clone();
    let update = tokio::spawn(async move { asking.update(|_| panic!("in the update")).await });
    assert!(update.await.unwrap_err().is_panic());
    let asking = session.clone();
    let wait = tokio::spawn(async move { asking.wait_until(|_| panic!("in the condition")).await });
    assert!(wait.await.unwrap_err().is_panic());
    session.document().post(|_| -> () { panic!("in a job") }).unwrap();
    assert_eq!(session.update(|doc| doc.title().to_owned()).await.unwrap(), Document::DEFAULT_TITLE);
}

#[tokio::test]
async fn a_document_can_be_reached_from_its_callbacks_and_other_threads() {
    let (session, _peer) = pair().await;
    let (sender, seen) = mpsc::channel();
    session
        .update(move |doc| {
            let handle = doc.handle().unwrap();
            std::thread::spawn(move || handle.post(|doc| doc.set_title("from a thread")));
            doc.add_timeout_callback(Duration::from_millis(1), move |_| sender.send("timeout"));
        })
        .await
        .unwrap();
    session.wait_until(|doc| doc.title() == "from a thread").await.unwrap();
    session.wait_until(move |_| seen.try_recv().is_ok()).await.unwrap();
}

#[tokio::test]
async fn tasks_and_background_work_run_beside_the_document() {
    let (session, _peer) = pair().await;
    let (sender, ended) = oneshot::channel::<()>();
    session
        .update(|doc| {
            doc.spawn(async |document| {
                document.update(|doc| doc.add_root(div())).await?;
                Ok::<_, UpdateError>(())
            });
            doc.run_in_background(|| 6 * 7, |doc, sum| doc.set_title(sum.to_string()));
            doc.spawn(async move |_| {
                let _sender = sender;
                std::future::pending::<()>().await;
            });
        })
        .await
        .unwrap();
    session.wait_until(|doc| doc.title() == "42" && doc.roots().len() == 1).await.unwrap();
    drop(session);
    ended.await.expect_err("the task ends with the session");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_reads_late_gets_everything_in_order() {
    let (session, mut peer) = pair().await;
    let attaching = async {
        let request = peer.expect(MessageType::PushDoc).await;
        peer.send(&Message::ok("s2", request)).await;
    };
    tokio::join!(async { session.push().await.unwrap() }, attaching);
    let n_changes = 1000;
    let padding = "x".repeat(20_000);
    let sending = tokio::spawn(async move {
        for index in 0..n_changes {
            let title = format!("{index} {padding}");
            session.update(|doc| doc.set_title(title)).await.unwrap();
        }
        session
    });
    for index in 0..n_changes {
        let message = peer.next().await;
        let title = message.content["events"][0]["title"].as_str().unwrap();
        assert_eq!(title.split(' ').next(), Some(&*index.to_string()));
    }
    sending.await.unwrap();
}

#[tokio::test]
async fn pulling_from_a_server_that_refuses_fails_as_a_whole() {
    let server = FakeServer::bind().await;
    let options = ConnectOptions::new(server.url());
    let refusing = async {
        let mut peer = server.accept().await;
        peer.send(&Message::ack("s1")).await;
        let request = peer.expect(MessageType::PullDocReq).await;
        peer.send(&Message::error("s2", request, &ErrorContent::new("no way"))).await;
        peer.farewell().await
    };
    let (result, farewell) = tokio::join!(options.pull(), refusing);
    assert!(matches!(result, Err(OpenError::Request(RequestError::Refused { .. }))));
    assert_eq!(farewell, Some((1000, "closed".to_owned())));
}

async fn connect(options: ConnectOptions) -> Result<ClientSession, ConnectError> {
    options.connect(Document::new()).await
}

fn div() -> Object {
    Object { name: "Div".into(), id: None, attributes: vec![] }
}

/// A session and the server's end of its connection, which it has acknowledged.
async fn pair() -> (ClientSession, Peer) {
    open(FakeServer::bind().await, ConnectOptions::default()).await
}

async fn open(server: FakeServer, options: ConnectOptions) -> (ClientSession, Peer) {
    let options = ConnectOptions { url: server.url(), ..options };
    let accepting = async {
        let mut peer = server.accept().await;
        peer.send(&Message::ack("s1")).await;
        peer
    };
    let (session, peer) = tokio::join!(connect(options), accepting);
    (session.unwrap(), peer)
}
