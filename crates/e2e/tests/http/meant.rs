//! The differences between Bokeh's answers and ours that are meant.

use replay::{Expected, Why};

pub(crate) const DIFFERENCES: &[Expected] = &[
    meant(
        &["recorded", "paths", "arguments", "headers", "autoload", "empty", "prefix", "guarded"],
        "*GET *",
        "headers.etag: (40 hex digits) | nothing",
        "Caching of pages",
    ),
    meant(
        &["recorded", "paths", "arguments", "headers", "autoload", "empty", "prefix", "guarded"],
        "*GET *",
        "headers.cache-control: nothing | no-store",
        "Caching of pages",
    ),
    meant(&["headers"], "GET /one If-None-Match: *;", "status: 304 Not Modified | 200 OK", "Caching of pages"),
    meant(
        &["recorded", "paths", "arguments", "headers", "empty", "prefix", "guarded"],
        "*GET *",
        "headers.content-type: text/html | text/html; charset=utf-8",
        "Types of texts",
    ),
    meant(
        &["recorded", "paths", "files", "parts", "empty", "prefix", "guarded"],
        "*",
        "headers.content-type: text/javascript | text/javascript; charset=utf-8",
        "Types of texts",
    ),
    meant(
        &["recorded", "paths", "arguments", "headers", "empty", "prefix", "guarded"],
        "*GET *",
        "body.scripts: [\"/*js/bokeh*mathjax*] | [\"/*js/bokeh*]",
        "Scripts of a page",
    ),
    meant(
        &["recorded", "methods", "guarded"],
        "*",
        "headers.allow: nothing | GET,HEAD,OPTIONS",
        "HEAD, OPTIONS and unknown methods",
    ),
    meant(
        &["recorded", "methods", "guarded"],
        "*HEAD *",
        "status: 405 Method Not Allowed | *",
        "HEAD, OPTIONS and unknown methods",
    ),
    meant(
        &["recorded", "methods", "guarded"],
        "*OPTIONS *",
        "status: 405 Method Not Allowed | 204 No Content",
        "HEAD, OPTIONS and unknown methods",
    ),
    meant(
        &["methods"],
        "* /nope",
        "status: 405 Method Not Allowed | 404 Not Found",
        "HEAD, OPTIONS and unknown methods",
    ),
    meant(
        &["recorded", "methods"],
        "*OPTIONS *autoload.js*",
        "status: 500 Internal Server Error | 200 OK",
        "OPTIONS of `autoload.js` without `Origin`",
    ),
    meant(
        &["recorded", "methods", "paths", "prefix", "guarded"],
        "*",
        "body.links: nothing | [[\"*/\",\"What is on this server\"]]",
        "Addresses where nothing is",
    ),
    meant(&["headers"], "GET /one Host: *", "* | *", "A `Host` that is none, or is there twice"),
    meant(&["paths"], "GET /one#part", "status: 404 Not Found | 200 OK", "Addresses in absolute form, or with a `#`"),
    meant(&["paths"], "GET http://*", "status: 404 Not Found | 200 OK", "Addresses in absolute form, or with a `#`"),
    meant(
        &["arguments"],
        "GET /one?%*",
        "body.token.payload.arguments.*",
        "Letters beyond ASCII in headers and in names of arguments",
    ),
    meant(
        &["headers"],
        "GET /one *é;",
        "body.token.payload.*",
        "Letters beyond ASCII in headers and in names of arguments",
    ),
    meant(
        &["headers"],
        "GET /one Cookie: a=1; Cookie: b=2;",
        "body.token.payload.cookies.*",
        "Several headers `Cookie`",
    ),
    meant(
        &["recorded", "paths"],
        "*static/*",
        "status: 403 Forbidden | 404 Not Found",
        "Folders below `static/`, and links that lead out of it",
    ),
    meant(
        &["paths"],
        "GET *static/*",
        "status: * | 404 Not Found",
        "Paths below `static/` with `.`, `..`, empty parts or a zero byte",
    ),
    meant(
        &["recorded", "methods", "paths", "files", "parts", "empty", "prefix", "guarded"],
        "*",
        "headers.cache-control: nothing | no-cache",
        "Caching of files",
    ),
    meant(
        &["recorded", "files"],
        "*",
        "headers.cache-control: max-age=315360000 | max-age=31536000, immutable",
        "Caching of files",
    ),
    meant(&["files"], "*", "headers.expires: (a date) | nothing", "Caching of files"),
    meant(&["parts"], "GET *If-Range*", "status: * | 200 OK", "`If-Range`"),
    meant(
        &["parts"],
        "GET *",
        "status: 200 OK | 206 Partial Content",
        "Parts that are all of a file, or that nobody can read",
    ),
    meant(&["parts"], "GET *", "status: * | 200 OK", "Parts that are all of a file, or that nobody can read"),
    meant(
        &["recorded", "methods", "paths", "files", "parts"],
        "*",
        "headers.etag: (128 hex digits) | (another tag)",
        "Tags of an application's files",
    ),
    meant(&["recorded"], "*dirapp/static/js/bokeh.min.js", "status: 404 Not Found | 200 OK", "`static/`"),
    meant(&["recorded", "prefix", "guarded"], "*favicon.ico", "body.bytes: 15086 | 623", "The icon"),
    meant(
        &["recorded", "prefix", "guarded"],
        "*favicon.ico",
        "headers.cache-control: nothing | max-age=86400",
        "The icon",
    ),
    meant(
        &["recorded", "prefix"],
        "*GET /*",
        "body.scripts: [\"https://static.bokeh.org/*] | []",
        "The list of the applications",
    ),
    meant(
        &["recorded", "prefix"],
        "*GET /*",
        "body.title: Running Bokeh Applications | Bokeh applications",
        "The list of the applications",
    ),
    meant(
        &["recorded", "arguments", "headers", "autoload"],
        "*",
        "status: 500 Internal Server Error | 403 Invalid token or session ID",
        "An empty session id, a token that cannot be read",
    ),
    meant(
        &["recorded", "autoload"],
        "*autoload.js*",
        "headers.access-control-allow-origin: *",
        "`autoload.js` for a page that asks with cookies",
    ),
    meant(&["empty"], "*bokeh-absolute-url=*", "body.scripts: [\"*://*", "`bokeh-absolute-url` that is no address"),
    meant(
        &["autoload"],
        "OPTIONS *",
        "headers.access-control-allow-headers: * | bokeh-session-id, x-foo",
        "Headers of one's own in `server_document`, together with cookies",
    ),
    meant(
        &["recorded"],
        "* GET /one/ws *",
        "status: 101 Switching Protocols | 400 *",
        "A handshake that is not good: token, signature, subprotocols",
    ),
    meant(&["recorded"], "* GET /one/ws *", "* | *", "A handshake that is not good: token, signature, subprotocols"),
    meant(&["guarded"], "GET /one/ws", "status: 400 Bad Request | 302 Found", "A WebSocket without a login"),
    meant(&["recorded"], "*Bokeh-Session-Id: *", "body.token.payload.*", "A page for a session that exists"),
    meant(
        &["recorded"],
        "* --include-headers x-foo *",
        "body.token.payload.headers.X-Foo: nothing | 1",
        "Names of headers and cookies to pass on",
    ),
];

const fn meant(files: &'static [&'static str], place: &'static str, what: &'static str, row: &'static str) -> Expected {
    Expected { files, place, what, why: Why::Row(row) }
}
