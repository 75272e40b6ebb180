//! What a session sees of a request.

/// Which of a request's headers, or cookies, are passed on. Names count whatever their case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Passed {
    /// All of them.
    #[default]
    All,
    /// Only these.
    Only(Vec<String>),
    /// All but these.
    Except(Vec<String>),
}

impl Passed {
    /// Whether the header or cookie of this name is passed on.
    pub(crate) fn passes(&self, name: &str) -> bool {
        let has = |names: &[String]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        match self {
            Self::All => true,
            Self::Only(names) => has(names),
            Self::Except(names) => !has(names),
        }
    }

    /// The same, with none of these.
    pub(crate) fn without(self, names: &[String]) -> Self {
        let is_left = |name: &String| !names.iter().any(|other| other.eq_ignore_ascii_case(name));
        match self {
            Self::All => Self::Except(names.to_vec()),
            Self::Only(only) => Self::Only(only.into_iter().filter(is_left).collect()),
            Self::Except(except) => Self::Except(except.into_iter().chain(names.iter().cloned()).collect()),
        }
    }

    /// Whether the name was asked for.
    pub(crate) fn names(&self, name: &str) -> bool {
        matches!(self, Self::Only(_)) && self.passes(name)
    }
}
