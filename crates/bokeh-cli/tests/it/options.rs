//! Each option and variable, seen from outside. Those for Python are in `python_options`.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::program::{Program, serve};

#[test]
fn what_pages_are_like_is_as_options_variables_and_files_say() {
    let folder = TempDir::new().unwrap();
    let (home, bokehjs) = (folder.path().join("home"), folder.path().join("bokehjs"));
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    for name in ["bokeh", "bokeh-gl", "bokeh-widgets", "bokeh-tables", "bokeh-mathjax"] {
        file(&format!("bokehjs/js/{name}.min.js"), &format!("code of {name}"));
        file(&format!("bokehjs/js/{name}.js"), "readable");
    }
    file("home/.bokeh/bokeh.yaml", "minified: no\nlog_level: warn\n");
    let config = file("conf.yaml", "log_level: error\n");
    let icon = file("my.ico", "an icon");
    let (icon, config) = (icon.as_str(), config.as_str());
    let common = [("BOKEHJS_DIR", bokehjs.to_str().unwrap())];
    let home = ("HOME", home.to_str().unwrap());
    for (args, variables, path, expected) in [
        (&[][..], &[][..], "/", "/static/js/bokeh.min.js?v="),
        (&["--prefix", "apps"], &[], "/apps/", "\"/apps/static/js/bokeh.min.js"),
        (&["--prefix", "/apps/"], &[], "/", "HTTP/1.1 404"),
        (&["--ico-path", icon], &[], "/favicon.ico", "an icon"),
        (&["--ico-path", "none"], &[("BOKEH_ICO_PATH", icon)], "/favicon.ico", "HTTP/1.1 404"),
        (&[], &[("BOKEH_ICO_PATH", icon)], "/favicon.ico", "an icon"),
        (&[], &[("BOKEH_MINIFIED", "no")], "/", "/static/js/bokeh.js\""),
        (&[], &[("BOKEH_RESOURCES", "inline")], "/", "<script>code of bokeh</script>"),
        (&[], &[("BOKEH_RESOURCES", "cdn")], "/", "https://cdn.bokeh.org/bokeh/release/bokeh-3.9.2.min.js"),
        (&[], &[("BOKEH_RESOURCES", "cdn"), ("BOKEH_CDN_VERSION", "3.8.0")], "/", "bokeh-3.8.0.min.js"),
        (&[], &[("BOKEH_LOG_LEVEL", "trace")], "/", "Bokeh.set_log_level(\"trace\")"),
        (&[], &[("BOKEH_DEV", "yes")], "/", "Bokeh.set_log_level(\"debug\"); Bokeh.settings.dev = true;"),
        // The user's file, the environment, the file that is named.
        (&[], &[home], "/", "/static/js/bokeh.js\""),
        (&[], &[home], "/", "Bokeh.set_log_level(\"warn\")"),
        (&[], &[home, ("BOKEH_LOG_LEVEL", "trace")], "/", "Bokeh.set_log_level(\"trace\")"),
        (&["--use-config", config], &[home, ("BOKEH_LOG_LEVEL", "trace")], "/", "Bokeh.set_log_level(\"error\")"),
    ] {
        let program = Program::start_with(args, &[&common, variables].concat());
        let answer = program.get(path);
        assert!(answer.contains(expected), "{args:?} {variables:?}: no {expected} in {answer}");
        program.terminate();
        program.end();
    }
}

#[test]
fn who_may_open_a_websocket_and_how_is_as_options_and_variables_say() {
    let from = |origin: &str| format!("Origin: http://{origin}\r\n");
    let deflate = "Sec-WebSocket-Extensions: permessage-deflate\r\n".to_owned();
    let key = ("BOKEH_SECRET_KEY", "0123456789abcdef0123456789abcdef");
    let env_origin = ("BOKEH_ALLOW_WS_ORIGIN", "b.org,c.org");
    let option = ["--allow-websocket-origin", "a.org", "--allow-websocket-origin", "d.org"];
    for (args, variables, headers, expected) in [
        (&[][..], &[][..], from("a.org"), "HTTP/1.1 403"),
        (&option[..], &[], from("a.org"), "HTTP/1.1 101"),
        (&option, &[], from("d.org"), "HTTP/1.1 101"),
        (&option, &[], from("a.org:81"), "HTTP/1.1 403"),
        (&option, &[env_origin], from("a.org"), "HTTP/1.1 403"),
        (&option, &[env_origin], from("c.org"), "HTTP/1.1 101"),
        (&["--session-ids", "signed"], &[key], String::new(), "HTTP/1.1 101"),
        (&["--websocket-compression-level", "3"], &[], deflate.clone(), "sec-websocket-extensions: permessage-deflate"),
        (
            &["--websocket-compression-level", "3", "--websocket-compression-mem-level", "1"],
            &[],
            deflate.clone(),
            "sec-websocket-extensions: permessage-deflate",
        ),
    ] {
        let program = Program::start_with(args, variables);
        let (answer, _socket) = open_websocket(&program, &headers);
        assert!(answer.contains(expected), "{args:?} {variables:?} {headers}: {answer}");
        program.terminate();
        program.end();
    }
    let program = Program::start(&["--websocket-compression-mem-level", "1"]);
    assert!(!open_websocket(&program, &deflate).0.contains("permessage-deflate"));
}

#[test]
fn ids_of_sessions_are_signed_as_options_and_variables_say() {
    let key = ("BOKEH_SECRET_KEY", "0123456789abcdef0123456789abcdef");
    let sign = ("BOKEH_SIGN_SESSIONS", "1");
    let (mine, none) = ("/?bokeh-session-id=mine", "/");
    for (args, variables, path, status) in [
        (&[][..], &[][..], mine, "200"),
        (&[], &[key, sign], mine, "403"),
        (&[], &[key, sign], none, "200"),
        (&["--session-ids", "unsigned"], &[key, sign], mine, "200"),
        (&["--session-ids", "signed"], &[key], mine, "403"),
        (&["--session-ids", "external-signed"], &[key], none, "403"),
    ] {
        let program = Program::start_with(args, variables);
        let answer = program.get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{args:?} {variables:?}: {answer}");
    }
}

#[test]
fn sockets_are_pinged_and_bounded_as_options_say() {
    let program = Program::start(&["--keep-alive", "10"]);
    let (_, mut socket) = open_websocket(&program, "");
    assert!(next_frame(&mut socket, 0x9).is_some(), "a ping");

    let program = Program::start(&["--websocket-max-message-size", "1000", "--keep-alive", "0"]);
    let (_, mut socket) = open_websocket(&program, "");
    // A text of 2000 bytes, masked by zeros.
    socket.write_all(&[0x81, 0xfe, 0x07, 0xd0, 0, 0, 0, 0]).unwrap();
    socket.write_all(&[b'x'; 2000]).unwrap();
    assert_eq!(next_frame(&mut socket, 0x8).unwrap()[..2], 1009_u16.to_be_bytes());
}

#[test]
fn sessions_live_as_long_as_options_say() {
    let args = ["--unused-session-lifetime", "10", "--check-unused-sessions", "10", "--session-token-expiration", "7"];
    let program = Program::start(&args);
    let before = unix_now();
    let page = program.get("/");
    assert!((before + 7..=unix_now() + 7).contains(&expiry_of(&token_of(&page))));
    while !program.get("/metrics").contains("bokeh_sessions{app=\"/\"} 0\n") {}
}

#[test]
fn applications_are_shown_in_the_browser_that_is_named() {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let browser = folder.path().join("browser");
    fs::write(&browser, format!("#!/bin/sh\necho \"$@\" > {}\n", pipe.display())).unwrap();
    assert!(Command::new("chmod").arg("+x").arg(&browser).status().unwrap().success());
    let command = format!("{} --app=%s", browser.display());
    let program = Program::start_with(&["--show"], &[("BOKEH_BROWSER", &command)]);
    let said = fs::read_to_string(&pipe).unwrap();
    assert_eq!(said, format!("--app=http://127.0.0.1:{}/\n", program.port));
}

#[test]
fn the_server_can_listen_at_a_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s");
    let mut command = serve(&["--unix-socket", path.to_str().unwrap()]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("process id") {
        line.clear();
        assert_ne!(std::io::BufRead::read_line(&mut lines, &mut line).unwrap(), 0);
    }
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_server_speaks_tls_with_the_files_of_options_or_variables() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let both = include_str!("../../../bokeh-server/src/tls/tests/openssl.pem");
    let begin = both.find("-----BEGIN CERTIFICATE").unwrap();
    let end = begin + both[begin..].find("-----END CERTIFICATE-----\n").unwrap() + "-----END CERTIFICATE-----\n".len();
    fs::write(path("cert.pem"), &both[begin..end]).unwrap();
    fs::write(path("key.pem"), format!("{}{}", &both[..begin], &both[end..])).unwrap();
    let (certificate, key) = (path("cert.pem"), path("key.pem"));
    let (certificate, key) = (certificate.as_str(), key.as_str());
    let (option, variable) = (["--ssl-certfile", certificate], ("BOKEH_SSL_CERTFILE", certificate));
    for (args, variables) in [
        (&[option, ["--ssl-keyfile", key], ["--ssl-password", "hello"]].concat()[..], &[][..]),
        (&[], &[variable, ("BOKEH_SSL_KEYFILE", key), ("BOKEH_SSL_PASSWORD", "hello")]),
        (&["--ssl-password", "hello"], &[variable, ("BOKEH_SSL_KEYFILE", key), ("BOKEH_SSL_PASSWORD", "wrong")]),
    ] {
        let program = Program::start_with(args, variables);
        let mut socket = TcpStream::connect(("127.0.0.1", program.port)).unwrap();
        socket.write_all(b"no TLS at all").unwrap();
        let mut alert = Vec::new();
        socket.read_to_end(&mut alert).unwrap();
        assert_eq!(alert.first(), Some(&0x15), "an alert of TLS, {args:?} {variables:?}");
    }
    let output = serve(&[&option[..], &["--ssl-keyfile", key, "--port", "0"]].concat()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("ERROR: the key in "), "{error}");
}

#[test]
fn the_port_is_that_of_the_option_or_of_the_variable() {
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    for args in [&["--address", "127.0.0.1", "--port", &port][..], &["--address", "127.0.0.1"]] {
        let output = serve(args).env("BOKEH_DEFAULT_SERVER_PORT", &port).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{error}");
        let expected = format!("ERROR: Cannot start Bokeh server, port {port} is already in use");
        assert!(error.lines().last().unwrap().starts_with(&expected), "{error}");
    }
}

#[test]
fn how_much_is_logged_is_as_options_variables_and_files_say() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("conf.yaml");
    fs::write(&config, "py_log_level: debug\n").unwrap();
    let of_file = ["--use-config", config.to_str().unwrap()];
    let (debug, error) = (("BOKEH_PY_LOG_LEVEL", "debug"), ("BOKEH_PY_LOG_LEVEL", "error"));
    for (args, variables, has_details) in [
        (&[][..], &[][..], false),
        (&["--log-level", "debug"], &[error], true),
        (&["--log-level", "info"], &[debug], false),
        (&[], &[debug], true),
        (&[], &[("BOKEH_DEV", "yes")], true),
        (&of_file, &[error], true),
        (&[], &[("BOKEH_LOG_LEVEL", "debug")], false),
    ] {
        let program = Program::start_with(args, variables);
        program.get("/");
        program.terminate();
        let log = program.end();
        assert_eq!(log.contains("DEBUG"), has_details, "{args:?} {variables:?}: {log}");
    }
}

#[test]
fn names_in_files_that_mean_nothing_are_in_the_log() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("conf.yaml");
    fs::write(&config, "\nminifed: no\npy_log_level: warning\n").unwrap();
    let path = config.to_str().unwrap();
    let output = serve(&["--use-config", path, "--session-ids", "signed"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(&format!("{path}, line 2: there is no setting \"minifed\"")), "{said}");
}

/// Opens the WebSocket of the application at `/`, and gives what the server answers.
fn open_websocket(program: &Program, headers: &str) -> (String, TcpStream) {
    let token = token_of(&program.get("/"));
    let mut stream = TcpStream::connect(("127.0.0.1", program.port)).unwrap();
    write!(
        stream,
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: bokeh, {token}\r\n{headers}\r\n"
    )
    .unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    (String::from_utf8(head).unwrap().to_lowercase().replacen("http/1.1", "HTTP/1.1", 1), stream)
}

/// What the next frame of a kind holds. None if there is none any more.
fn next_frame(socket: &mut TcpStream, kind: u8) -> Option<Vec<u8>> {
    loop {
        let mut head = [0; 2];
        socket.read_exact(&mut head).ok()?;
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                socket.read_exact(&mut length).ok()?;
                u16::from_be_bytes(length).into()
            }
            127 => panic!("no frame is that long here"),
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        socket.read_exact(&mut payload).ok()?;
        if head[0] & 0xf == kind {
            return Some(payload);
        }
    }
}

fn token_of(page: &str) -> String {
    let rest = page.split("\"token\":\"").nth(1).unwrap_or_else(|| panic!("no token in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// When a token ends, in seconds since 1970.
fn expiry_of(token: &str) -> u64 {
    let token = bokeh_protocol::Token::decode(token).unwrap();
    u64::try_from(token.expiry().unwrap()).unwrap()
}

fn unix_now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}
