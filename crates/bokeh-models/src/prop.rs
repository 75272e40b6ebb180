//! Typed names of properties.

use std::fmt;
use std::marker::PhantomData;

/// The token of a property: its name, the class `M` that has it and the type `T` of its values.
///
/// Every class has tokens for its properties, such as `Slider::VALUE`. They name a property to
/// [`on_change`](crate::models::Slider::on_change), `try_get` and `try_set`.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let slider = doc.add(Slider::new().start(0).end(10).value(1));
/// assert_eq!(slider.try_get(&doc, Slider::VALUE)?, 1.0);
/// slider.try_set(&mut doc, Slider::VALUE, 2)?;
/// assert_eq!(slider.value(&doc), 2.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Prop<M, T> {
    name: &'static str,
    types: PhantomData<fn(M) -> T>,
}

/// A change of a property, for the callbacks of `on_change`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change<T> {
    /// The value before; `None` when there was none.
    pub old: Option<T>,
    /// The value after.
    pub new: T,
}

impl<M, T> Prop<M, T> {
    /// The token of the property of that name. Whoever makes one vouches for the types.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Prop { name, types: PhantomData }
    }

    /// The property's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<M, T> Clone for Prop<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for Prop<M, T> {}

impl<M, T> fmt::Debug for Prop<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Prop").field(&self.name).finish()
    }
}
