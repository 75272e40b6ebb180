"""Auth modules, written as for Bokeh's own server."""
from __future__ import annotations

import re
import unittest
import urllib.parse
from typing import Any

from harness import Worker, WorkerTest

FORM = """
    import tornado
    from tornado.web import RequestHandler

    login_url = "/login"
    logout_url = "/logout"

    {get_user}

    class LoginHandler(RequestHandler):
        def get(self):
            self.write("who are you? " + self.get_argument("next"))

        def post(self):
            name = self.get_body_argument("name")
            if name == "stranger":
                self.set_status(401)
                self.finish("no")
                return
            self.set_secure_cookie("user", name)
            self.redirect(self.get_argument("next", "/"))

    class LogoutHandler(RequestHandler):
        def get(self):
            self.clear_cookie("user")
            self.redirect("/")
"""
XSRF_FORM = """
    from tornado.web import RequestHandler

    login_url = "/login"

    def get_user(handler):
        return handler.get_secure_cookie("user")

    class LoginHandler(RequestHandler):
        def get(self):
            self.write("<form method=post>" + self.xsrf_form_html() + "<input name=name></form>")

        def post(self):
            self.set_secure_cookie("user", self.get_body_argument("name"))
            self.redirect(self.get_argument("next", "/"))
"""
SYNC = """
    def get_user(handler):
        return handler.get_secure_cookie("user")
"""
ASYNC = """
    async def get_user_async(handler):
        import asyncio
        await asyncio.sleep(0)
        return handler.get_secure_cookie("user")
"""


class Auth(WorkerTest):
    def setUp(self) -> None:
        pass

    def start(self, module: str, **settings: Any) -> None:
        path = self.file("auth.py", module)
        self.worker = Worker(auth_module=path, cookie_secret="very secret", prefix="/p", **settings)
        self.addCleanup(self.worker.kill)

    def http(
        self, uri: str, gate: bool, method: str = "GET", body: str = "", **headers: str
    ) -> tuple[int, dict[str, str], str]:
        listed = [["Host", "example.org"], *([name.replace("_", "-"), value] for name, value in headers.items())]
        request = {"method": method, "uri": uri, "headers": listed, "remote_ip": "10.0.0.1"}
        reply = self.worker.ask("http", [body.encode()] if body else [], request=request, gate=gate)
        self.assertIsNone(reply["error"])
        self.user = reply["user"]
        return reply["status"], dict(reply["headers"]), reply["$buffers"][0].decode()

    def test_a_form_lets_users_in_and_out(self) -> None:
        for get_user in (SYNC, ASYNC):
            with self.subTest(get_user.split("(")[0].strip()):
                self.start(FORM.replace("{get_user}", get_user.strip()))
                self.assertEqual(
                    self.worker.about["auth"],
                    {
                        "has_user": True,
                        "endpoints": ["/p/login", "/p/logout"],
                        "logout_url": "/p/logout",
                        "share_sessions": True,
                    },
                )
                status, headers, _ = self.http("/p/app?x=1", gate=True)
                self.assertEqual((status, headers["Location"]), (302, "/p/login?next=%2Fp%2Fapp%3Fx%3D1"))
                self.assertEqual(self.http("/p/login?next=/p/app", gate=False)[2], "who are you? /p/app")
                form = {"Content_Type": "application/x-www-form-urlencoded"}
                refused = self.http("/p/login", False, "POST", "name=stranger", **form)
                self.assertEqual((refused[0], refused[2]), (401, "no"))
                body = urllib.parse.urlencode({"name": "me", "next": "/p/app"})
                status, headers, _ = self.http("/p/login", False, "POST", body, **form)
                self.assertEqual((status, headers["Location"]), (302, "/p/app"))
                cookie = headers["Set-Cookie"].split(";")[0]
                self.assertEqual(self.http("/p/app", gate=True, Cookie=cookie), (200, {}, ""))
                self.assertEqual(self.user, "me")
                forged = re.sub(r"=..", "=00", cookie)
                self.assertEqual(self.http("/p/app", gate=True, Cookie=forged)[0], 302)
                status, headers, _ = self.http("/p/logout", gate=False, Cookie=cookie)
                self.assertIn('user=""', headers["Set-Cookie"])

    def test_a_login_elsewhere_is_asked_for_each_request(self) -> None:
        self.start("""
            def get_user(handler):
                return handler.request.headers.get("X-User")

            def get_login_url(handler):
                return "https://login.example.org/?from=" + handler.request.path
        """)
        self.assertEqual(self.worker.about["auth"]["endpoints"], [])
        status, headers, _ = self.http("/p/app", gate=True)
        self.assertEqual((status, headers["Location"]), (302, "https://login.example.org/?from=/p/app"))
        self.assertEqual(self.http("/p/app", gate=True, X_User="me")[0], 200)

    def test_users_are_told_apart_by_texts(self) -> None:
        for returned, expected in [("'ann'", "ann"), ("b'ann'", "ann"), ("7", "7"), ("{'name': 'ann'}", None)]:
            with self.subTest(returned):
                self.start(f"""
                    login_url = "/login"
                    share_sessions = False
                    def get_user(handler):
                        return {returned}
                """)
                self.assertFalse(self.worker.about["auth"]["share_sessions"])
                self.assertEqual(self.http("/p/app", gate=True)[0], 200)
                self.assertEqual(self.user, expected)

    def test_a_form_of_somebody_else_is_refused_if_that_is_asked_for(self) -> None:
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        for xsrf_cookies in (True, False):
            with self.subTest(xsrf_cookies):
                self.start(XSRF_FORM, xsrf_cookies=xsrf_cookies)
                status, headers, html = self.http("/p/login", gate=False)
                self.assertEqual(status, 200)
                cookie = headers["Set-Cookie"].split(";")[0]
                field = re.search('name="_xsrf" value="([^"]*)"', html)
                assert field is not None
                good = urllib.parse.urlencode({"name": "me", "_xsrf": field[1]})
                self.assertEqual(self.http("/p/login", False, "POST", good, Cookie=cookie, **form)[0], 302)
                for cookies, body in [(cookie, "name=me"), (cookie, "name=me&_xsrf=2|00|00|1"), ("", good)]:
                    status = self.http("/p/login", False, "POST", body, Cookie=cookies, **form)[0]
                    self.assertEqual(status, 403 if xsrf_cookies else 302, (cookies, body))

    def test_a_module_that_fails_is_an_error_of_the_server(self) -> None:
        self.start("""
            login_url = "/login"
            def get_user(handler):
                raise ValueError("as intended")
        """)
        self.assertEqual(self.http("/p/app", gate=True)[0], 500)
        self.assertIn("as intended", self.worker.log_text())

    def test_a_module_that_breaks_the_rules_is_refused(self) -> None:
        for module, expected in [
            ("def get_user(handler): pass\n", "one of login_url or get_login_url must be supplied"),
            ("login_url = 'https://x.org'\ndef get_user(handler): pass\n", "relative login_url"),
            ("x = (\n", "SyntaxError"),
        ]:
            with self.subTest(module):
                self.start(module)
                self.assertIn(expected, self.worker.about["error"]["text"])

    def test_sessions_know_where_to_log_out(self) -> None:
        self.start(FORM.replace("{get_user}", SYNC.strip()))
        self.app("""
            from bokeh.io import curdoc
            curdoc().title = curdoc().session_context.logout_url
        """)
        self.assertEqual(self.opened["doc"]["title"], "/p/logout")


if __name__ == "__main__":
    unittest.main()
