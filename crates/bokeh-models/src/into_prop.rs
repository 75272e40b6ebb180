//! What may be assigned to a property.

mod lists;
mod scalars;

use bokeh_protocol::Value;

/// What can be assigned to a property of type `T`: values of that type, and what comes to the same.
///
/// | a property of type | takes |
/// |---|---|
/// | `f64` | all numbers; integers stay integers |
/// | `i64` | integers |
/// | `String` | `&str`, `String` |
/// | `Option<T>` | what `T` takes, and `None` |
/// | `Vec<T>` | vectors, arrays, slices and tuples of what `T` takes, `()` for none |
/// | a model's handle | handles and builders of the class and of those below it |
/// | an enumeration | its members |
/// | a data spec such as `NumberSpec` | constants, names of columns, [`field`](crate::field), [`value`](crate::value), [`expr`](crate::expr) |
/// | `Value` (several kinds are possible) | all of these; the document checks the kind |
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be assigned to a property of type `{T}`",
    label = "not a `{T}`"
)]
pub trait IntoProp<T: ?Sized> {
    /// The value to store.
    fn into_prop(self) -> Value;
}

impl IntoProp<Value> for Value {
    fn into_prop(self) -> Value {
        self
    }
}

impl<T> IntoProp<Option<T>> for Option<T>
where
    T: IntoProp<T>,
{
    fn into_prop(self) -> Value {
        self.map_or(Value::Null, IntoProp::into_prop)
    }
}

impl IntoProp<Value> for Option<Value> {
    fn into_prop(self) -> Value {
        self.unwrap_or_default()
    }
}

mod models {
    use super::{IntoProp, Value};
    use crate::{FromText, IntoModel, IsA, Model};

    #[diagnostic::do_not_recommend]
    impl<B: Model, T: IntoModel> IntoProp<B> for T
    where
        T::Handle: IsA<B>,
    {
        fn into_prop(self) -> Value {
            self.into_model_value()
        }
    }

    #[diagnostic::do_not_recommend]
    impl<B: Model, T: IntoModel> IntoProp<Option<B>> for T
    where
        T::Handle: IsA<B>,
    {
        fn into_prop(self) -> Value {
            self.into_model_value()
        }
    }

    #[diagnostic::do_not_recommend]
    impl<T: IntoModel> IntoProp<Value> for T {
        fn into_prop(self) -> Value {
            self.into_model_value()
        }
    }

    #[diagnostic::do_not_recommend]
    impl<B: FromText> IntoProp<Option<B>> for &str {
        fn into_prop(self) -> Value {
            B::from_text(self)
        }
    }

    #[diagnostic::do_not_recommend]
    impl<B: FromText> IntoProp<Option<B>> for String {
        fn into_prop(self) -> Value {
            B::from_text(&self)
        }
    }
}
