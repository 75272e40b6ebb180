//! Arrays where lists of something are wanted.

use bokeh_protocol::{Array, ArrayData, DType, Value};
use bokeh_schema::{Bounds, Kind};

use super::misfit::Misfit;
use super::{Checker, Normal, misfit};

impl Checker<'_> {
    /// Checks the elements of an array that stands for a sequence of `of`. Arrays keep their form.
    pub(super) fn array<'a>(&self, kind: &Kind, of: &Kind, value: &'a Value, array: &'a Array) -> Normal<'a> {
        // An array of two dimensions is a sequence of sequences.
        let mut element = of;
        for _ in 1..array.n_dims() {
            element = match element {
                Kind::Any => return Ok(None),
                Kind::Seq(of) | Kind::NonEmpty(Kind::Seq(of)) => of,
                _ => return misfit(kind, value),
            };
        }
        if holds_all(element, array.dtype()) {
            return Ok(None);
        }
        if let ArrayData::Object(items) = array.data() {
            return self.items(element, items).map(|_| None);
        }
        for (index, value) in array.values().enumerate() {
            if self.check(element, &value).is_err() {
                return Err(Misfit::of_owned(element, value).in_item(index));
            }
        }
        Ok(None)
    }
}

/// Whether a kind holds whatever an array of this type can hold, so that nobody has to look.
fn holds_all(kind: &Kind, dtype: DType) -> bool {
    let is_integer = !matches!(dtype, DType::Bool | DType::Float32 | DType::Float64 | DType::Object);
    match kind {
        Kind::Any => true,
        Kind::Bool => dtype == DType::Bool,
        Kind::Float(bounds) if *bounds == Bounds::NONE => !matches!(dtype, DType::Bool | DType::Object),
        Kind::Int(bounds) if *bounds == Bounds::NONE => is_integer,
        Kind::Color => is_integer,
        Kind::Either(kinds) => kinds.iter().any(|kind| holds_all(kind, dtype)),
        Kind::Nullable(of) => holds_all(of, dtype),
        _ => false,
    }
}
