//! Options and variables that Python applications see the effect of.

use std::fs;

use tempfile::TempDir;

use crate::program::Program;
use crate::start::python;

#[test]
fn scripts_see_what_options_variables_and_files_say() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("app.py"), APP).unwrap();
    fs::write(path("conf.yaml"), "minified: no\nrootdir: /from/file\n").unwrap();
    let (app, config) = (path("app.py"), path("conf.yaml"));
    let (app, config) = (app.as_str(), config.as_str());
    let interpreter = python();
    let common = ["--python", interpreter.to_str().unwrap(), "--num-procs", "1"];
    let headers = "X-One: 1\r\nX-Two: 2\r\nCookie: a=1; b=2\r\n";
    let proxied = "X-Real-Ip: 192.0.2.7\r\nX-Scheme: https\r\n";
    for (args, variables, asked, expected) in [
        (&[app][..], &[][..], headers, &["X-One=1", "X-Two=2", "cookies a b;", "argv app.py;", "127.0.0.1 http;"][..]),
        (
            &[app, "--include-headers", "x-one", "--exclude-cookies", "b"],
            &[],
            headers,
            &["X-One=1", "X-Two=None", "cookies a;"],
        ),
        (
            &[app, "--exclude-headers", "x-one", "--include-cookies", "b"],
            &[],
            headers,
            &["X-One=None", "X-Two=2", "cookies b;"],
        ),
        (&[app, "--use-xheaders"], &[], proxied, &["192.0.2.7 https;"]),
        (&[app], &[], proxied, &["127.0.0.1 http;"]),
        (
            &[app, "--use-config", config, "--args", "-n", "5"],
            &[("BOKEH_ROOTDIR", "/e")],
            "",
            &["minified False", "rootdir /from/file;", "argv app.py -n 5;"],
        ),
        (&[app], &[("BOKEH_ROOTDIR", "/e")], "", &["minified True", "rootdir /e;"]),
    ] {
        let program = Program::start_with(&[&common, args].concat(), variables);
        let page = program.get_with("/app", asked);
        for part in expected {
            assert!(page.contains(part), "{args:?} {variables:?}: no {part:?} in {page}");
        }
    }
}

#[test]
fn processes_names_and_lists_of_applications_are_as_options_say() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for name in ["a.py", "b.py"] {
        fs::write(path(name), "").unwrap();
    }
    fs::write(path("index.html"), "mine: {% for item in items %}{{ prefix }}{{ item }} {% end %}").unwrap();
    let (pattern, one, index) = (path("?.py"), path("a.py"), path("index.html"));
    let (pattern, one, index) = (pattern.as_str(), one.as_str(), index.as_str());
    let interpreter = python();
    let common = ["--python", interpreter.to_str().unwrap()];
    for (args, path, expected) in [
        (&["--num-procs", "2", "--glob", pattern][..], "/metrics", "\nbokeh_workers 2\n"),
        (&["--num-procs", "1", "--glob", pattern, "--index", index, "--prefix", "p"], "/p/", "mine: /p/a /p/b "),
        (&["--num-procs", "1", "--glob", pattern, "--disable-index"], "/", "HTTP/1.1 404"),
        (&["--num-procs", "1", one], "/", "HTTP/1.1 302"),
        (&["--num-procs", "1", one, "--disable-index-redirect"], "/", "<a href=\"/a\">a</a>"),
    ] {
        let program = Program::start(&[&common, args].concat());
        let answer = program.get(path);
        assert!(answer.contains(expected), "{args:?}: no {expected:?} in {answer}");
    }
}

#[test]
fn users_are_asked_as_options_and_variables_say() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("auth.py"), AUTH).unwrap();
    let auth = path("auth.py");
    let auth = auth.as_str();
    let interpreter = python();
    let common = ["--python", interpreter.to_str().unwrap(), "--num-procs", "1"];
    let module = ["--auth-module", auth];
    let secret = ["--auth-module", auth, "--cookie-secret", "secret"];
    let xsrf = ["--auth-module", auth, "--cookie-secret", "secret", "--enable-xsrf-cookies"];
    let of_environment = ("BOKEH_AUTH_MODULE", auth);
    for (args, variables, get, post) in [
        (&module[..], &[][..], "HTTP/1.1 302", "HTTP/1.1 500"),
        (&[], &[of_environment], "HTTP/1.1 302", "HTTP/1.1 500"),
        (&secret, &[], "HTTP/1.1 302", "user=\"2|"),
        (&module, &[("BOKEH_COOKIE_SECRET", "secret")], "HTTP/1.1 302", "user=\"2|"),
        (&xsrf, &[], "HTTP/1.1 302", "HTTP/1.1 403"),
        (&secret, &[("BOKEH_XSRF_COOKIES", "yes")], "HTTP/1.1 302", "HTTP/1.1 403"),
    ] {
        let program = Program::start_with(&[&common, args].concat(), variables);
        let page = program.get("/");
        assert!(page.starts_with(get), "{args:?} {variables:?}: {page}");
        let answer = program.ask("POST /login", "Content-Length: 0\r\n");
        assert!(answer.contains(post), "{args:?} {variables:?}: {answer}");
    }
}

/// Tells in the title of its page what it has learnt.
const APP: &str = "
import sys
from bokeh.io import curdoc
from bokeh.settings import settings
request = curdoc().session_context.request
get = request.headers.get
curdoc().title = (
    f'X-One={get(\"X-One\")} X-Two={get(\"X-Two\")} cookies {\" \".join(sorted(request.cookies))}; '
    f'{request.remote_ip} {request.protocol}; argv {\" \".join(sys.argv)}; '
    f'minified {settings.minified()} rootdir {settings.rootdir()};'
)
";

const AUTH: &str = "
from tornado.web import RequestHandler
login_url = '/login'
def get_user(handler):
    return None
class LoginHandler(RequestHandler):
    def post(self):
        self.set_signed_cookie('user', 'me')
";
