//! What glyph methods take.

use bokeh_protocol::{Array, Value};

use crate::{
    AnySpec, ColorSpec, ColumnItem, FontSizeSpec, FontStyleSpec, HatchPatternSpec, IntSpec, IntoColumn, IntoProp,
    LineCapSpec, LineJoinSpec, MarkerSpec, NumberSpec, StringSpec, TextAlignSpec, TextBaselineSpec,
};

/// What can be given to a glyph method for a property of type `T`: what can be assigned to the property, and where it is a
/// data spec also data, which becomes a column of the glyph's own source.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given for a `{T}`",
    label = "neither a value nor data for a `{T}`"
)]
pub trait GlyphArg<T> {
    /// The value or the column.
    fn into_arg(self) -> Argument;
}

/// An argument of a glyph method.
#[derive(Clone, Debug)]
pub struct Argument(pub(super) Kind);

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Value(Value),
    Column(Value),
}

#[diagnostic::do_not_recommend]
impl<T, U: IntoProp<T>> GlyphArg<T> for U {
    fn into_arg(self) -> Argument {
        Argument(Kind::Value(self.into_prop()))
    }
}

macro_rules! columns {
    ($($spec:ty),*) => {$(
        impl<T: ColumnItem> GlyphArg<$spec> for Vec<T> {
            fn into_arg(self) -> Argument {
                Argument(Kind::Column(self.into_column()))
            }
        }

        impl<T: ColumnItem> GlyphArg<$spec> for &Vec<T> {
            fn into_arg(self) -> Argument {
                Argument(Kind::Column(self.into_column()))
            }
        }

        impl<T: ColumnItem> GlyphArg<$spec> for &[T] {
            fn into_arg(self) -> Argument {
                Argument(Kind::Column(self.into_column()))
            }
        }

        impl<T: ColumnItem, const N: usize> GlyphArg<$spec> for [T; N] {
            fn into_arg(self) -> Argument {
                Argument(Kind::Column(self.into_column()))
            }
        }

        /// An image of two dimensions is one row.
        impl GlyphArg<$spec> for Array {
            fn into_arg(self) -> Argument {
                let is_image = self.n_dims() > 1;
                let column = self.into_column();
                Argument(Kind::Column(if is_image { Value::from_iter([column]) } else { column }))
            }
        }
    )*};
}
columns!(
    NumberSpec,
    IntSpec,
    StringSpec,
    ColorSpec,
    FontSizeSpec,
    HatchPatternSpec,
    LineJoinSpec,
    LineCapSpec,
    FontStyleSpec,
    TextAlignSpec,
    TextBaselineSpec,
    MarkerSpec,
    AnySpec
);
