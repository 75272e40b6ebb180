//! Typed arrays: what NumPy arrays and JavaScript typed arrays are on the wire.

use bytes::Bytes;

use crate::{DType, SharedVec, Value};

/// An array of one element type in C order, cheap to clone.
///
/// On the wire it is an `ndarray` (or `typed_array`) whose bytes travel as a separate buffer; BokehJS turns it into a
/// typed array. A plain [`Value::List`] is something else on both ends.
///
/// ```
/// use bokeh_protocol::{Array, DType};
///
/// let array = Array::from(vec![1.0, 2.5]);
/// assert_eq!(array.dtype(), DType::Float64);
/// assert_eq!(array.shape(), [2]);
/// assert_eq!(array.to_f64(), Some(vec![1.0, 2.5]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    form: Form,
    shape: Shape,
    data: ArrayData,
}

/// Which of the two wire forms an array has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `ndarray`: a NumPy array, of any number of dimensions.
    NdArray,
    /// `typed_array`: a one-dimensional JavaScript typed array or Python `array.array`.
    TypedArray,
}

/// The elements of an [`Array`] by type. Booleans are bytes, 0 or 1.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum ArrayData {
    Bool(SharedVec<u8>),
    Uint8(SharedVec<u8>),
    Int8(SharedVec<i8>),
    Uint16(SharedVec<u16>),
    Int16(SharedVec<i16>),
    Uint32(SharedVec<u32>),
    Int32(SharedVec<i32>),
    Float32(SharedVec<f32>),
    Float64(SharedVec<f64>),
    Object(SharedVec<Value>),
}

/// Runs an expression with the elements of an [`ArrayData`] bound to a name, whatever their type.
macro_rules! with_items {
    ($data:expr, $items:ident => $body:expr) => {
        match $data {
            ArrayData::Bool($items) | ArrayData::Uint8($items) => $body,
            ArrayData::Int8($items) => $body,
            ArrayData::Uint16($items) => $body,
            ArrayData::Int16($items) => $body,
            ArrayData::Uint32($items) => $body,
            ArrayData::Int32($items) => $body,
            ArrayData::Float32($items) => $body,
            ArrayData::Float64($items) => $body,
            ArrayData::Object($items) => $body,
        }
    };
}

/// One dimension needs no allocation.
#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Flat,
    Dims(Box<[usize]>),
}

/// Why elements do not make an array.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArrayError {
    /// The dimensions multiply to another number of elements.
    #[error("an array of shape {shape:?} has {expected} elements, got {got}")]
    Shape {
        /// The dimensions asked for.
        shape: Vec<usize>,
        /// Their product.
        expected: usize,
        /// The number of elements at hand.
        got: usize,
    },
    /// The number of bytes is no multiple of the element's size.
    #[error("{got} bytes do not hold whole elements of {}", .dtype.name())]
    Bytes {
        /// The element type.
        dtype: DType,
        /// The number of bytes at hand.
        got: usize,
    },
}

impl Array {
    /// A one-dimensional `ndarray`.
    #[must_use]
    pub fn new(data: ArrayData) -> Self {
        Array { form: Form::NdArray, shape: Shape::Flat, data }
    }

    /// The same elements in other dimensions, C order.
    ///
    /// # Errors
    /// When the product of `shape` is not the number of elements.
    pub fn reshape(mut self, shape: &[usize]) -> Result<Self, ArrayError> {
        let expected = shape.iter().try_fold(1_usize, |n, dim| n.checked_mul(*dim)).unwrap_or(usize::MAX);
        if expected != self.len() {
            return Err(ArrayError::Shape { shape: shape.to_vec(), expected, got: self.len() });
        }
        self.shape = if shape.len() == 1 { Shape::Flat } else { Shape::Dims(shape.into()) };
        Ok(self)
    }

    /// The same elements as a `typed_array`, which has one dimension.
    #[must_use]
    pub fn into_typed_array(mut self) -> Self {
        self.form = Form::TypedArray;
        self.shape = Shape::Flat;
        self
    }

    /// An array of `dtype` from raw bytes, `big_endian` or little.
    ///
    /// # Errors
    /// When `bytes` do not hold whole elements. [`DType::Object`] has no bytes.
    pub fn from_bytes(dtype: DType, bytes: &[u8], big_endian: bool) -> Result<Self, ArrayError> {
        let size = dtype.item_size();
        if size == 0 || !bytes.len().is_multiple_of(size) {
            return Err(ArrayError::Bytes { dtype, got: bytes.len() });
        }
        macro_rules! items {
            ($t:ty) => {
                bytes
                    .chunks_exact(size)
                    .map(|item| {
                        let item = item.try_into().expect("a chunk has the size of an item");
                        if big_endian { <$t>::from_be_bytes(item) } else { <$t>::from_le_bytes(item) }
                    })
                    .collect()
            };
        }
        Ok(Array::new(match dtype {
            DType::Bool => ArrayData::Bool(bytes.to_vec().into()),
            DType::Uint8 => ArrayData::Uint8(bytes.to_vec().into()),
            DType::Int8 => ArrayData::Int8(items!(i8)),
            DType::Uint16 => ArrayData::Uint16(items!(u16)),
            DType::Int16 => ArrayData::Int16(items!(i16)),
            DType::Uint32 => ArrayData::Uint32(items!(u32)),
            DType::Int32 => ArrayData::Int32(items!(i32)),
            DType::Float32 => ArrayData::Float32(items!(f32)),
            DType::Float64 => ArrayData::Float64(items!(f64)),
            DType::Object => return Err(ArrayError::Bytes { dtype, got: bytes.len() }),
        }))
    }

    /// An array of `dtype` from values; `None` when one of them is no such element.
    #[must_use]
    pub fn from_values(dtype: DType, values: SharedVec<Value>) -> Option<Self> {
        macro_rules! ints {
            ($t:ty) => {
                values.iter().map(|value| <$t>::try_from(value.as_i64()?).ok()).collect::<Option<Vec<$t>>>()?.into()
            };
        }
        Some(match dtype {
            DType::Bool => {
                let truth = |value: &Value| value.as_bool().or_else(|| value.as_i64().map(|value| value != 0));
                values.iter().map(truth).collect::<Option<Vec<bool>>>()?.into()
            }
            DType::Uint8 => ints!(u8),
            DType::Int8 => ints!(i8),
            DType::Uint16 => ints!(u16),
            DType::Int16 => ints!(i16),
            DType::Uint32 => ints!(u32),
            DType::Int32 => ints!(i32),
            #[expect(clippy::cast_possible_truncation, reason = "what a float32 cannot hold is rounded, as in NumPy")]
            DType::Float32 => {
                values.iter().map(|value| value.as_f64().map(|value| value as f32)).collect::<Option<Vec<_>>>()?.into()
            }
            DType::Float64 => values.iter().map(Value::as_f64).collect::<Option<Vec<_>>>()?.into(),
            DType::Object => Array::new(ArrayData::Object(values)),
        })
    }

    /// The elements' bytes in the machine's order, shared and not copied; `None` for [`DType::Object`].
    #[must_use]
    pub fn to_bytes(&self) -> Option<Bytes> {
        Some(match &self.data {
            ArrayData::Bool(items) | ArrayData::Uint8(items) => Bytes::from_owner(items.clone()),
            ArrayData::Int8(items) => Bytes::from_owner(items.clone()),
            ArrayData::Uint16(items) => Bytes::from_owner(items.clone()),
            ArrayData::Int16(items) => Bytes::from_owner(items.clone()),
            ArrayData::Uint32(items) => Bytes::from_owner(items.clone()),
            ArrayData::Int32(items) => Bytes::from_owner(items.clone()),
            ArrayData::Float32(items) => Bytes::from_owner(items.clone()),
            ArrayData::Float64(items) => Bytes::from_owner(items.clone()),
            ArrayData::Object(_) => return None,
        })
    }

    /// The wire form.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The element type.
    #[must_use]
    pub fn dtype(&self) -> DType {
        match &self.data {
            ArrayData::Bool(_) => DType::Bool,
            ArrayData::Uint8(_) => DType::Uint8,
            ArrayData::Int8(_) => DType::Int8,
            ArrayData::Uint16(_) => DType::Uint16,
            ArrayData::Int16(_) => DType::Int16,
            ArrayData::Uint32(_) => DType::Uint32,
            ArrayData::Int32(_) => DType::Int32,
            ArrayData::Float32(_) => DType::Float32,
            ArrayData::Float64(_) => DType::Float64,
            ArrayData::Object(_) => DType::Object,
        }
    }

    /// The dimensions.
    #[must_use]
    pub fn shape(&self) -> Vec<usize> {
        match &self.shape {
            Shape::Flat => vec![self.len()],
            Shape::Dims(dims) => dims.to_vec(),
        }
    }

    /// The number of dimensions.
    #[must_use]
    pub fn n_dims(&self) -> usize {
        match &self.shape {
            Shape::Flat => 1,
            Shape::Dims(dims) => dims.len(),
        }
    }

    /// The number of elements in all dimensions.
    #[must_use]
    pub fn len(&self) -> usize {
        with_items!(&self.data, items => items.len())
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements by type.
    #[must_use]
    pub fn data(&self) -> &ArrayData {
        &self.data
    }

    /// The elements by type, to be changed in place. The number of elements may change only in one dimension.
    pub fn data_mut(&mut self) -> &mut ArrayData {
        &mut self.data
    }

    /// The elements, when they are `float64`.
    #[must_use]
    pub fn as_f64(&self) -> Option<&[f64]> {
        match &self.data {
            ArrayData::Float64(items) => Some(items),
            _ => None,
        }
    }

    /// The elements converted to `f64`; `None` when an object is not a number.
    #[must_use]
    pub fn to_f64(&self) -> Option<Vec<f64>> {
        Some(match &self.data {
            ArrayData::Bool(items) | ArrayData::Uint8(items) => items.iter().map(|item| f64::from(*item)).collect(),
            ArrayData::Int8(items) => items.iter().map(|item| f64::from(*item)).collect(),
            ArrayData::Uint16(items) => items.iter().map(|item| f64::from(*item)).collect(),
            ArrayData::Int16(items) => items.iter().map(|item| f64::from(*item)).collect(),
            ArrayData::Uint32(items) => items.iter().map(|item| f64::from(*item)).collect(),
            ArrayData::Int32(items) => items.iter().map(|item| f64::from(*item)).collect(),
            ArrayData::Float32(items) => items.iter().map(|item| f64::from(*item)).collect(),
            ArrayData::Float64(items) => items.to_vec(),
            ArrayData::Object(items) => items.iter().map(Value::as_f64).collect::<Option<_>>()?,
        })
    }

    /// The element at a flat index, as a value.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Value> {
        Some(match &self.data {
            ArrayData::Bool(items) => Value::Bool(*items.get(index)? != 0),
            ArrayData::Uint8(items) => Value::from(*items.get(index)?),
            ArrayData::Int8(items) => Value::from(*items.get(index)?),
            ArrayData::Uint16(items) => Value::from(*items.get(index)?),
            ArrayData::Int16(items) => Value::from(*items.get(index)?),
            ArrayData::Uint32(items) => Value::from(*items.get(index)?),
            ArrayData::Int32(items) => Value::from(*items.get(index)?),
            ArrayData::Float32(items) => Value::from(*items.get(index)?),
            ArrayData::Float64(items) => Value::from(*items.get(index)?),
            ArrayData::Object(items) => items.get(index)?.clone(),
        })
    }

    /// All elements as values, in C order.
    pub fn values(&self) -> impl Iterator<Item = Value> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

macro_rules! from_vec {
    ($($t:ty => $variant:ident),*) => {$(
        impl From<Vec<$t>> for Array {
            fn from(items: Vec<$t>) -> Self {
                Array::new(ArrayData::$variant(items.into()))
            }
        }
    )*};
}
from_vec!(u8 => Uint8, i8 => Int8, u16 => Uint16, i16 => Int16, u32 => Uint32, i32 => Int32, f32 => Float32, f64 => Float64, Value => Object);

impl From<Vec<bool>> for Array {
    fn from(items: Vec<bool>) -> Self {
        Array::new(ArrayData::Bool(items.into_iter().map(u8::from).collect()))
    }
}

/// Browsers have no 64-bit arrays: what fits becomes `int32`, the rest a list of objects, as in Bokeh.
impl From<Vec<i64>> for Array {
    fn from(items: Vec<i64>) -> Self {
        match items.iter().map(|item| i32::try_from(*item)).collect::<Result<Vec<_>, _>>() {
            Ok(items) => items.into(),
            Err(_) => items.into_iter().map(Value::from).collect::<Vec<_>>().into(),
        }
    }
}

/// Browsers have no 64-bit arrays: what fits becomes `uint32`, the rest a list of objects, as in Bokeh.
impl From<Vec<u64>> for Array {
    fn from(items: Vec<u64>) -> Self {
        match items.iter().map(|item| u32::try_from(*item)).collect::<Result<Vec<_>, _>>() {
            Ok(items) => items.into(),
            Err(_) => items.into_iter().map(Value::from).collect::<Vec<_>>().into(),
        }
    }
}
