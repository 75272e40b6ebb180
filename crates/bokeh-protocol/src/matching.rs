//! Whether one value in the place of another is a change.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::{Array, ArrayData, Map, Spec, SpecKind, Value};

/// One comparison of two values.
///
/// Sets and maps have no order, so that finding out whether they hold the same can take the square of their size, and of those
/// within them again. Peers choose what is compared, so there are only so many steps: a change too many is harmless, a
/// comparison that takes minutes is not.
pub(crate) struct Matching {
    /// Whether what is compared now may stand at different places of the two values.
    is_out_of_order: bool,
    /// How many values may still be compared that do.
    steps_left: usize,
}

impl Default for Matching {
    fn default() -> Self {
        Matching { is_out_of_order: false, steps_left: Self::MAX_STEPS }
    }
}

impl Matching {
    const MAX_STEPS: usize = 100_000;
    /// Numbers in arrays are compared faster than values.
    const ELEMENTS_PER_STEP: usize = 64;

    pub(crate) fn values(&mut self, a: &Value, b: &Value) -> bool {
        if !self.take_steps(1) {
            return false;
        }
        match (a, b) {
            (Value::Float(a), Value::Float(b)) => same_float(*a, *b),
            #[expect(clippy::cast_precision_loss, reason = "as Python compares")]
            (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
            (Value::List(a), Value::List(b)) => a.is_same(b) || self.items(a, b),
            (Value::Set(a), Value::Set(b)) => a.is_same(b) || self.in_any_order(a, b, Self::values),
            (Value::Map(a), Value::Map(b)) => self.maps(a, b),
            (Value::Spec(a), Value::Spec(b)) => self.specs(a, b),
            (Value::Array(a), Value::Array(b)) => Arc::ptr_eq(a, b) || self.arrays(a, b),
            (a, b) => a == b,
        }
    }

    fn items(&mut self, a: &[Value], b: &[Value]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.values(a, b))
    }

    fn maps(&mut self, a: &Map, b: &Map) -> bool {
        let same = |this: &mut Self, a: &(Value, Value), b: &(Value, Value)| {
            this.values(&a.0, &b.0) && this.values(&a.1, &b.1)
        };
        a.is_same(b) || self.in_any_order(a.entries(), b.entries(), same)
    }

    fn specs(&mut self, a: &Spec, b: &Spec) -> bool {
        let same_kind = match (&a.kind, &b.kind) {
            (SpecKind::Value(a), SpecKind::Value(b)) | (SpecKind::Expr(a), SpecKind::Expr(b)) => self.values(a, b),
            (a, b) => a == b,
        };
        same_kind && a.transform == b.transform && a.units == b.units
    }

    fn arrays(&mut self, a: &Array, b: &Array) -> bool {
        if a.form() != b.form() || a.shape() != b.shape() {
            return false;
        }
        if !self.take_steps(a.len() / Self::ELEMENTS_PER_STEP) {
            return false;
        }
        match (a.data(), b.data()) {
            (ArrayData::Float64(a), ArrayData::Float64(b)) => a.iter().zip(b.iter()).all(|(a, b)| same_float(*a, *b)),
            (ArrayData::Float32(a), ArrayData::Float32(b)) => {
                a.iter().zip(b.iter()).all(|(a, b)| same_float(f64::from(*a), f64::from(*b)))
            }
            (ArrayData::Object(a), ArrayData::Object(b)) => self.items(a, b),
            (a, b) => a == b,
        }
    }

    /// Whether two collections without duplicates have the same items.
    fn in_any_order<T>(&mut self, a: &[T], b: &[T], same: impl Fn(&mut Self, &T, &T) -> bool) -> bool {
        if a.len() != b.len() {
            return false;
        }
        // Nearly all are in the same order.
        let n_in_order = a.iter().zip(b).take_while(|(a, b)| same(self, a, b)).count();
        let (a, b) = (&a[n_in_order..], &b[n_in_order..]);
        let was_out_of_order = std::mem::replace(&mut self.is_out_of_order, true);
        let is_same = a.iter().all(|a| b.iter().any(|b| same(self, a, b)));
        self.is_out_of_order = was_out_of_order;
        is_same
    }

    fn take_steps(&mut self, n: usize) -> bool {
        if !self.is_out_of_order {
            return true;
        }
        let left = self.steps_left.checked_sub(n);
        self.steps_left = left.unwrap_or(0);
        left.is_some()
    }
}

fn same_float(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}
