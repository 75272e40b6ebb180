"""Who may come in. All addresses are relative, so the module does not know where it is served."""

from tornado.web import RequestHandler

login_url = "/login"
logout_url = "/logout"


def get_user(handler):
    return handler.get_cookie("user")


class LoginHandler(RequestHandler):
    def get(self):
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write("""<!DOCTYPE html>
<title>Log in</title>
<form method="post"><input id="user" name="user"> <button id="enter">Enter</button></form>""")

    def post(self):
        self.set_cookie("user", self.get_argument("user"))
        self.redirect(self.get_argument("next"))


class LogoutHandler(RequestHandler):
    def get(self):
        self.clear_cookie("user")
        self.redirect("login?next=private")
