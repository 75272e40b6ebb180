"""Who may come in: two people with words to say, and a cookie that remembers them.

Written as ``--auth-module`` wants it: ``get_user``, a login page of its own, and one to log out.
"""

from tornado.web import RequestHandler

WORDS = {"ada": "lovelace", "alan": "turing"}

login_url = "/login"
logout_url = "/logout"


def get_user(request_handler):
    return request_handler.get_cookie("user")


class LoginHandler(RequestHandler):
    """A form, and who it lets in."""

    def get(self):
        error = self.get_argument("error", "")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(f"""<!DOCTYPE html>
<title>Log in</title>
<form method="post">
  <input id="user" name="user" placeholder="who"> <input id="word" name="word" type="password" placeholder="word">
  <button id="enter">Enter</button> <p id="error">{error}</p>
</form>""")

    def post(self):
        user = self.get_argument("user", "")
        if WORDS.get(user) != self.get_argument("word", ""):
            self.redirect("/login?error=Wrong")
            return
        self.set_cookie("user", user)
        self.redirect(self.get_argument("next", "/"))


class LogoutHandler(RequestHandler):
    """Forgets who it was."""

    def get(self):
        self.clear_cookie("user")
        self.redirect("/login?error=Gone")
