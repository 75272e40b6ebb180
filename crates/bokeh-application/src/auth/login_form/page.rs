use std::fmt;
use std::time::Duration;

use crate::auth::{XsrfField, escape};

/// A page with a form for a name and a password, to be made into HTML.
///
/// The form sends its fields `name` and `password`, and the [hidden ones](Self::hidden_fields), with `POST` to
/// [`action`](Self::action). All texts but the hidden fields have to be [escaped](escape).
///
/// ```
/// use bokeh_application::auth::{LoginForm, LoginPage, escape};
///
/// fn page(page: &LoginPage) -> String {
///     let problem = page.problem.map(|problem| problem.to_string()).unwrap_or_default();
///     format!(
///         r#"<!DOCTYPE html><title>{}</title><form method="post" action="{}">{}<p>{problem}</p>
///            <input name="name" value="{}"><input name="password" type="password"><button>Enter</button></form>"#,
///         escape(&page.title), escape(&page.action), page.hidden_fields, escape(&page.name),
///     )
/// }
/// let auth = LoginForm::new(|_name, _password| None).page(page);
/// # let _ = auth;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginPage {
    /// The title.
    pub title: String,
    /// Where the form is sent to.
    pub action: String,
    /// The name that was typed before, if there was a problem.
    pub name: String,
    /// Why the form is shown again.
    pub problem: Option<LoginProblem>,
    /// Fields that nobody sees, as HTML: what makes sure that the form is this server's, and where the user goes next.
    pub hidden_fields: String,
}

/// Why somebody was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginProblem {
    /// The name or the password is wrong.
    Wrong,
    /// There were too many attempts. The next one counts after this time.
    TooMany(Duration),
    /// The form was not this server's, or too old, or the browser keeps no cookies.
    Stale,
}

impl LoginPage {
    /// The page in the form that it has by default.
    pub fn to_html(&self) -> String {
        let problem = self.problem.map(|problem| format!("<p role=\"alert\">{problem}</p>")).unwrap_or_default();
        let (action, name) = (escape(&self.action), escape(&self.name));
        let hidden = &self.hidden_fields;
        // Whoever has typed their name goes on with the password.
        let (for_name, for_password) = if name.is_empty() { (" autofocus", "") } else { ("", " autofocus") };
        document(
            &self.title,
            &format!(
                r#"<form method="post" action="{action}">
{hidden}
<label>Name <input name="name" value="{name}" autocomplete="username" required{for_name}></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required{for_password}></label>
{problem}
<button>Log in</button>
</form>"#
            ),
        )
    }
}

impl fmt::Display for LoginProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong => f.write_str("The name or the password is wrong."),
            Self::TooMany(wait) => write!(f, "Too many attempts. Try again in {} seconds.", wait.as_secs().max(1)),
            Self::Stale => f.write_str("This form was open for too long, or cookies are blocked. Try again."),
        }
    }
}

pub(super) fn hidden_fields(xsrf: &XsrfField, next: &str) -> String {
    format!(r#"{}<input type="hidden" name="next" value="{}">"#, xsrf.html(), escape(next))
}

/// A page that asks whether the user wants to log out.
pub(super) fn question(title: &str, action: &str, xsrf: &XsrfField) -> String {
    let (action, xsrf) = (escape(action), xsrf.html());
    document(title, &format!(r#"<form method="post" action="{action}">{xsrf}<button>Log out</button></form>"#))
}

fn document(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 1.1em/1.6 sans-serif; margin: 4em auto; max-width: 20em; padding: 0 1em; }}
label, button {{ display: block; margin: 1em 0; }}
input {{ box-sizing: border-box; display: block; font: inherit; padding: 0.3em; width: 100%; }}
button {{ font: inherit; padding: 0.3em 1em; }}
[role=alert] {{ color: #a00; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"#
    )
}
