//! Ranges from numbers and categories.

use bokeh_protocol::Value;

use crate::models::{FactorRange, Range, Range1d};
use crate::{Factor, IntoModel, IntoProp};

/// From a number to a number.
impl<A: IntoProp<f64>, B: IntoProp<f64>> IntoProp<Range> for (A, B) {
    fn into_prop(self) -> Value {
        let mut range = Range1d::new().into_object();
        range.attributes.push(("start".into(), self.0.into_prop()));
        range.attributes.push(("end".into(), self.1.into_prop()));
        Value::from(range)
    }
}

/// The categories in order.
impl<F: IntoProp<Factor>> IntoProp<Range> for Vec<F> {
    fn into_prop(self) -> Value {
        FactorRange::new().factors(self).into_model_value()
    }
}

/// The categories in order.
impl<F: IntoProp<Factor>, const N: usize> IntoProp<Range> for [F; N] {
    fn into_prop(self) -> Value {
        FactorRange::new().factors(self).into_model_value()
    }
}

/// The categories in order.
impl<F: IntoProp<Factor> + Clone> IntoProp<Range> for &[F] {
    fn into_prop(self) -> Value {
        FactorRange::new().factors(self).into_model_value()
    }
}
