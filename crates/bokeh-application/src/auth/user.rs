use serde_json::{Map, Value};

/// Somebody who has logged in.
///
/// ```
/// use bokeh_application::auth::User;
///
/// let ann = User::new("ann").with_claim("email", "ann@example.org").with_claim("groups", vec!["crew"]);
/// assert_eq!(ann.name(), "ann");
/// assert_eq!(ann.claim("groups").unwrap()[0], "crew");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    name: String,
    claims: Map<String, Value>,
}

impl User {
    /// A user of whom no more is known than what tells them from all others, such as the name that they log in with, or the
    /// subject of an identity provider. Sessions belong to it.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), claims: Map::new() }
    }

    /// Adds what else is known, such as an address, a role or groups.
    #[must_use]
    pub fn with_claim(mut self, claim: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(claim.into(), value.into());
        self
    }

    /// What tells the user from all others.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Something else that is known.
    pub fn claim(&self, claim: &str) -> Option<&Value> {
        self.claims.get(claim)
    }

    /// All else that is known.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The user as the text of a cookie: the name alone, as programs in Python write it, if nothing else is known.
    pub(super) fn to_cookie_text(&self) -> String {
        // What begins like JSON must be JSON.
        if self.claims.is_empty() && !self.name.starts_with('{') {
            return self.name.clone();
        }
        serde_json::json!({ "name": self.name, "claims": self.claims }).to_string()
    }

    /// Reads what [`to_cookie_text`](Self::to_cookie_text) has written.
    pub(super) fn from_cookie_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        if !text.starts_with('{') {
            return Some(Self::new(text));
        }
        let mut fields: Map<String, Value> = serde_json::from_str(text).ok()?;
        match (fields.remove("name"), fields.remove("claims")) {
            (Some(Value::String(name)), Some(Value::Object(claims))) => Some(Self { name, claims }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_keeps_what_is_known_of_a_user() {
        for (user, text) in [
            (User::new("ann"), "ann"),
            (User::new("Ünï ☃"), "Ünï ☃"),
            (User::new("{ann}"), r#"{"name":"{ann}","claims":{}}"#),
            (User::new("ann").with_claim("admin", true), r#"{"name":"ann","claims":{"admin":true}}"#),
        ] {
            assert_eq!(user.to_cookie_text(), text);
            assert_eq!(User::from_cookie_text(text), Some(user), "{text}");
        }
        for text in ["", "{", "{}", r#"{"name":"ann"}"#, r#"{"name":1,"claims":{}}"#] {
            assert_eq!(User::from_cookie_text(text), None, "{text}");
        }
    }
}
