//! Requests of which it matters how they are answered.

use crate::exchange::Request;

/// Name, arguments of `serve` and requests. In headers, `ETAG` and `DATE` stand for those of the file.
pub(super) type Group = (&'static str, &'static [&'static str], fn() -> Vec<Request>);

pub(super) const GROUPS: &[Group] = &[
    ("methods", &["one.py", "dirapp"], methods),
    ("paths", &["one.py", "dirapp"], paths),
    ("arguments", &["one.py"], arguments),
    ("headers", &["one.py"], headers),
    ("files", &["one.py", "dirapp"], files),
    ("parts", &["one.py", "dirapp"], parts),
    ("autoload", &["one.py"], autoload),
    ("empty", &[], empty),
    ("prefix", &["one.py", "two.py", "--prefix", "/a/b/"], prefix),
    ("guarded", &["one.py", "--auth-module", "auth.py"], guarded),
];

fn get(targets: &[&str]) -> Vec<Request> {
    targets.iter().map(|target| Request::new("GET", target)).collect()
}

fn with(target: &str, headers: &[&[(&str, &str)]]) -> Vec<Request> {
    let request = |headers: &&[(&str, &str)]| {
        headers.iter().fold(Request::new("GET", target), |request, (name, value)| request.header(name, value))
    };
    headers.iter().map(request).collect()
}

fn methods() -> Vec<Request> {
    let mut cases = Vec::new();
    for target in [
        "/",
        "/one",
        "/one/metadata",
        "/one/autoload.js?bokeh-autoload-element=E",
        "/one/ws",
        "/static/js/bokeh.min.js",
        "/dirapp/static/x.txt",
        "/favicon.ico",
        "/nope",
    ] {
        for method in ["HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"] {
            cases.push(Request::new(method, target));
        }
    }
    cases.push(Request::new("OPTIONS", "*"));
    cases
}

fn paths() -> Vec<Request> {
    get(&[
        "/%6Fne",
        "/one%2F",
        "/one%2Fmetadata",
        "/one/",
        "/one//",
        "/one//metadata",
        "/one/metadata/",
        "//one",
        "/./one",
        "/one/.",
        "/one/../one",
        "/one/%2e%2e/one",
        "/one;x=1",
        "/one%00",
        "/%00",
        "/one%20",
        "/%",
        "/%zz",
        "/%ff",
        "/one?",
        "/one#part",
        "/one\\",
        "/One",
        "one",
        "http://127.0.0.1:PORT/one",
        "http://other.example/one",
        "http://other.example",
        "/static",
        "/static/",
        "/static/js",
        "/static/js/",
        "/static/js/../../../secrets",
        "/static/js/%2e%2e/js/bokeh.min.js",
        "/static/js/..%2fjs%2fbokeh.min.js",
        "/static/js%2Fbokeh.min.js",
        "/static//js/bokeh.min.js",
        "/static/js/bokeh.min.js%00",
        "/static/js/bokeh.min.js/",
        "/static/extensions/a/../../js/bokeh.min.js",
        "/static/extensions/",
        "/one/static/",
        "/one/static/js/bokeh.min.js",
        "/dirapp/static",
        "/dirapp/static/",
        "/dirapp/static/sub",
        "/dirapp/static/sub/",
        "/dirapp/static/sub/y.txt",
        "/dirapp/static/sub/../x.txt",
        "/dirapp/static/sub%2Fy.txt",
        "/dirapp/static/./x.txt",
        "/dirapp/static//x.txt",
        "/dirapp/static/x.txt/",
        "/dirapp/static/x.txt%00",
        "/dirapp/static/x.txt%00.png",
        "/dirapp/static/../main.py",
        "/dirapp/static/%2e%2e/main.py",
        "/dirapp/static/..%2fmain.py",
        "/dirapp/static/..\\main.py",
        "/dirapp/static//etc/passwd",
        "/dirapp/static/%2Fetc%2Fpasswd",
        "/dirapp/static/%ff",
        "/dirapp/static/outside.txt",
        "/dirapp/static/inside.txt",
        "/dirapp/static/X.TXT",
        "/dirapp/main.py",
        "/dirapp/templates/index.html",
    ])
}

fn arguments() -> Vec<Request> {
    let long = format!("/one?a={}", "x".repeat(50_000));
    let many = format!("/one?{}", "a=1&".repeat(500));
    let mut cases = get(&[
        "/one?a=1&a=2",
        "/one?a",
        "/one?a=",
        "/one?=1",
        "/one?&&a=1&",
        "/one?a=b=c",
        "/one?a+b=c+d",
        "/one?a%20b=c%20d",
        "/one?a=1;b=2",
        "/one?a=%C3%A9",
        "/one?%C3%A9=1",
        "/one?a=%ff",
        "/one?%ff=1",
        "/one?a=%",
        "/one?a=%zz",
        "/one?a=%00",
        "/one?a=1?b=2",
        "/one?a=%20x%20",
        "/one?bokeh-session-id=first&bokeh-session-id=last",
        "/one?bokeh-session-id=%20spaced%20",
        "/one?bokeh-session-id=a%00b",
        "/one?bokeh-session-id=%ff",
        "/one?bokeh-session-id=%C3%A9",
        "/one?bokeh-session-id=%22%3C%26",
        "/one?bokeh-session-id",
        "/one?bokeh-token=",
        "/one?bokeh-token=a&bokeh-token=b",
        "/one?bokeh-token=%ff",
        "/one?Bokeh-Session-Id=upper",
    ]);
    cases.extend([long, many].iter().map(|target| Request::new("GET", target)));
    let long_id = format!("/one?bokeh-session-id={}", "i".repeat(5000));
    cases.push(Request::new("GET", &long_id));
    cases
}

fn headers() -> Vec<Request> {
    with(
        "/one",
        &[
            &[("Cookie", "a=1; a=2")],
            &[("Cookie", "a=1;b=2")],
            &[("Cookie", "a")],
            &[("Cookie", "=1")],
            &[("Cookie", "a=\"q w\"; b=\"x\\\"y\"")],
            &[("Cookie", "a=b=c")],
            &[("Cookie", "")],
            &[("Cookie", "a=%20; b=é")],
            &[("Cookie", "a=1"), ("Cookie", "b=2")],
            &[("X-Foo", "1"), ("X-Foo", "2")],
            &[("X-Foo", "")],
            &[("x-fOO-bAR", "1")],
            &[("X_Under", "1")],
            &[("X-Foo", "é")],
            &[("Host", "evil.example")],
            &[("Host", "[::1]:80")],
            &[("Host", "")],
            &[("Host", "a b")],
            &[("Host", "a/b")],
            &[("Host", "a"), ("Host", "b")],
            &[("Bokeh-Session-Id", "")],
            &[("Bokeh-Session-Id", " from header ")],
            &[("Bokeh-Session-Id", "a"), ("Bokeh-Session-Id", "b")],
            &[("If-None-Match", "*")],
            &[("Range", "bytes=0-9")],
            &[("Upgrade", "websocket"), ("Connection", "Upgrade")],
            &[("Content-Length", "0")],
            &[("Accept", "application/json")],
            &[("Bad Name", "1")],
            &[("X-Foo", "a\tb")],
        ],
    )
}

fn files() -> Vec<Request> {
    let mut cases = get(&[
        "/dirapp/static/empty.txt",
        "/dirapp/static/%C3%A9.txt",
        "/dirapp/static/sp%20ace.txt",
        "/dirapp/static/sp+ace.txt",
        "/dirapp/static/.hidden",
        "/dirapp/static/noext",
        "/dirapp/static/x.css",
        "/dirapp/static/x.csv",
        "/dirapp/static/x.html",
        "/dirapp/static/x.js",
        "/dirapp/static/x.mjs",
        "/dirapp/static/x.json",
        "/dirapp/static/x.png",
        "/dirapp/static/x.svg",
        "/dirapp/static/x.tar.gz",
        "/dirapp/static/x.wasm",
        "/dirapp/static/x.woff2",
        "/dirapp/static/x.unknown",
        "/dirapp/static/x.txt?v=",
        "/dirapp/static/x.txt?v=1",
        "/dirapp/static/x.txt?v",
        "/dirapp/static/x.txt?w=1&v=2",
        "/dirapp/static/x.txt?w=v=2",
        "/static/js/bokeh.js",
        "/static/js/bokeh.esm.js",
        "/static/js/bokeh.json",
        "/static/js/types/index.d.ts",
        "/static/js/bokeh.min.js.map",
        "/static/js/bokeh-api.min.js",
    ]);
    for target in ["/dirapp/static/ten.txt", "/static/js/bokeh.min.js"] {
        cases.extend(with(
            target,
            &[
                &[("If-None-Match", "ETAG")],
                &[("If-None-Match", "W/ETAG")],
                &[("If-None-Match", "\"other\", ETAG")],
                &[("If-None-Match", "\"other\"")],
                &[("If-None-Match", "*")],
                &[("If-None-Match", "")],
                &[("If-None-Match", "garbage")],
                &[("If-None-Match", "ETAG"), ("Range", "bytes=0-3")],
                &[("If-None-Match", "\"other\""), ("If-Modified-Since", "DATE")],
                &[("If-Modified-Since", "DATE")],
                &[("If-Modified-Since", "Thu, 01 Jan 1970 00:00:01 GMT")],
                &[("If-Modified-Since", "Thu, 01 Jan 2099 00:00:01 GMT")],
                &[("If-Modified-Since", "garbage")],
                &[("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:01 GMT")],
                &[("If-Match", "\"other\"")],
            ],
        ));
    }
    cases
}

fn parts() -> Vec<Request> {
    let mut cases = Vec::new();
    for target in ["/dirapp/static/ten.txt", "/dirapp/static/empty.txt", "/static/js/bokeh.min.js"] {
        for range in [
            "bytes=2-4",
            "bytes=2-",
            "bytes=-3",
            "bytes=0-0",
            "bytes=0-",
            "bytes=0-99999999",
            "bytes=99999999-",
            "bytes=4-2",
            "bytes=-0",
            "bytes=-99999999",
            "bytes=-",
            "bytes=",
            "bytes=0-1,3-4",
            "bytes=a-b",
            "bytes=2 - 4",
            "bytes =2-4",
            "Bytes=2-4",
            "items=2-4",
            "bytes",
            "bytes=--1",
            "bytes=99999999999999999999999-",
        ] {
            let request = Request::new("GET", target).header("Range", range);
            cases.push(request.clone());
            if range == "bytes=2-4" {
                cases.push(Request { method: "HEAD".to_owned(), ..request.clone() });
                for condition in ["ETAG", "\"other\"", "W/ETAG", "DATE", "Thu, 01 Jan 1970 00:00:01 GMT", "garbage"] {
                    cases.push(request.clone().header("If-Range", condition));
                }
            }
        }
    }
    cases
}

fn autoload() -> Vec<Request> {
    let targets = [
        "",
        "bokeh-autoload-element=",
        "bokeh-autoload-element=%20",
        "bokeh-autoload-element=a&bokeh-autoload-element=b",
        "bokeh-autoload-element=%22%3E%3C%2Fscript%3E%3Cscript%3Ealert(1)",
        "bokeh-autoload-element=%E2%80%A8%27%5C",
        "bokeh-autoload-element=%ff",
        "bokeh-autoload-element=E&resources=none",
        "bokeh-autoload-element=E&resources=None",
        "bokeh-autoload-element=E&resources=",
        "bokeh-autoload-element=E&resources=cdn",
        "bokeh-autoload-element=E&bokeh-app-path=",
        "bokeh-autoload-element=E&bokeh-app-path=/one",
        "bokeh-autoload-element=E&bokeh-app-path=%3C/script%3E",
        "bokeh-autoload-element=E&bokeh-app-path=a%0d%0ab",
        "bokeh-autoload-element=E&bokeh-absolute-url=",
        "bokeh-autoload-element=E&bokeh-absolute-url=http://x.y:1/one",
        "bokeh-autoload-element=E&bokeh-absolute-url=https://x.y",
        "bokeh-autoload-element=E&bokeh-absolute-url=http://[::1]:80/one",
        "bokeh-autoload-element=E&bokeh-absolute-url=http://u:p@x.y/one%3Fa%3D1",
        "bokeh-autoload-element=E&bokeh-absolute-url=//x.y/one",
        "bokeh-autoload-element=E&bokeh-absolute-url=/one",
        "bokeh-autoload-element=E&bokeh-absolute-url=x",
        "bokeh-autoload-element=E&bokeh-absolute-url=javascript:alert(1)//",
        "bokeh-autoload-element=E&bokeh-absolute-url=http://x.y%22%3E/one",
        "bokeh-autoload-element=E&bokeh-absolute-url=http://x.y%0d%0aX-Foo:%201/one",
        "bokeh-autoload-element=E&bokeh-session-id=",
        "bokeh-autoload-element=E&bokeh-token=zzz",
        "bokeh-autoload-element=E&bokeh-session-id=s1",
    ];
    let targets: Vec<String> = targets.iter().map(|query| format!("/one/autoload.js?{query}")).collect();
    let mut cases: Vec<Request> = targets.iter().map(|target| Request::new("GET", target)).collect();
    let plain = "/one/autoload.js?bokeh-autoload-element=E";
    cases.extend(with(
        plain,
        &[
            &[("Origin", "http://localhost:PORT")],
            &[("Origin", "http://localhost:PORT"), ("Cookie", "a=b")],
            &[("Origin", "null"), ("Cookie", "a=b")],
            &[("Origin", ""), ("Cookie", "a=b")],
            &[("Origin", "http://x.y")],
            &[("Bokeh-Session-Id", "h1"), ("Origin", "http://x.y")],
        ],
    ));
    for headers in [
        &[("Origin", "http://localhost:PORT")][..],
        &[("Origin", "http://x.y"), ("Access-Control-Request-Method", "GET")],
        &[("Origin", "http://localhost:PORT"), ("Access-Control-Request-Headers", "bokeh-session-id, x-foo")],
    ] {
        let request = Request::new("OPTIONS", plain);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        cases.push(request);
    }
    cases
}

fn empty() -> Vec<Request> {
    get(&[
        "/",
        "/?a=1&a=2&b=%ff",
        "/metadata",
        "/index",
        "/one",
        "/autoload.js",
        "/autoload.js?bokeh-autoload-element=E",
        "/autoload.js?bokeh-autoload-element=a&bokeh-autoload-element=b",
        "/autoload.js?bokeh-autoload-element=%22%3E%3C%2Fscript%3E%3Cscript%3Ealert(1)",
        "/autoload.js?bokeh-autoload-element=E&resources=None",
        "/autoload.js?bokeh-autoload-element=E&bokeh-app-path=",
        "/autoload.js?bokeh-autoload-element=E&bokeh-app-path=%3C/script%3E",
        "/autoload.js?bokeh-autoload-element=E&bokeh-absolute-url=",
        "/autoload.js?bokeh-autoload-element=E&bokeh-absolute-url=http://x.y:1/one",
        "/autoload.js?bokeh-autoload-element=E&bokeh-absolute-url=http://u:p@x.y/one%3Fa%3D1",
        "/autoload.js?bokeh-autoload-element=E&bokeh-absolute-url=//x.y/one",
        "/autoload.js?bokeh-autoload-element=E&bokeh-absolute-url=/one",
        "/autoload.js?bokeh-autoload-element=E&bokeh-absolute-url=javascript:alert(1)//",
        "/static/js/bokeh.min.js",
        "/?bokeh-session-id=%20spaced%20",
    ])
}

fn prefix() -> Vec<Request> {
    get(&[
        "/",
        "/a",
        "/a/",
        "/a/b",
        "/a/b/",
        "/a/b//",
        "/a/b/one",
        "/a/b/one/",
        "/a/b/one/metadata",
        "/a%2Fb/one",
        "/one",
        "/a/b/static/js/bokeh.min.js",
        "/static/js/bokeh.min.js",
        "/a/b/one/autoload.js?bokeh-autoload-element=E",
        "/favicon.ico",
        "/a/b/favicon.ico",
        "/a/b/ws",
    ])
}

fn guarded() -> Vec<Request> {
    let mut cases = get(&[
        "/",
        "/one",
        "/one?a=1&b=%C3%A9",
        "/one?next=//x.y",
        "/one?next=%0d%0aX-Foo:%201",
        "/one?%0d%0aX-Foo:%201",
        "/one/metadata",
        "/one/ws",
        "/one/autoload.js?bokeh-autoload-element=E",
        "/login",
        "/login?next=//x.y",
        "/login/",
        "/logout",
        "/static/js/bokeh.min.js",
        "/favicon.ico",
        "/nope",
    ]);
    cases.extend(with("/one", &[&[("Cookie", "user=me")], &[("Cookie", "user=")]]));
    for method in ["HEAD", "POST", "OPTIONS"] {
        for target in ["/one", "/one/metadata", "/login", "/"] {
            cases.push(Request::new(method, target));
        }
    }
    cases
}
