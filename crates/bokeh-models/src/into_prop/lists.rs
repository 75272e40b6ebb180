//! Lists and tuples.

use bokeh_protocol::Value;

use super::IntoProp;

/// Implements `IntoProp` for lists, with and without `Option`.
macro_rules! lists {
    ($([$($generics:tt)*] $from:ty, $self:ident => $items:expr;)*) => {$(
        impl<$($generics)*> IntoProp<Vec<T>> for $from {
            fn into_prop($self) -> Value {
                $items
            }
        }

        impl<$($generics)*> IntoProp<Option<Vec<T>>> for $from {
            fn into_prop($self) -> Value {
                $items
            }
        }
    )*};
}

lists! {
    [T, U: IntoProp<T>] Vec<U>, self => self.into_iter().map(IntoProp::<T>::into_prop).collect();
    [T, U: IntoProp<T>, const N: usize] [U; N], self => self.into_iter().map(IntoProp::<T>::into_prop).collect();
    [T, U: IntoProp<T> + Clone] &[U], self => self.iter().cloned().map(IntoProp::<T>::into_prop).collect();
    [T, U: IntoProp<T> + Clone, const N: usize] &[U; N], self => self.iter().cloned().map(IntoProp::<T>::into_prop).collect();
    [T, U: IntoProp<T> + Clone] &Vec<U>, self => self.iter().cloned().map(IntoProp::<T>::into_prop).collect();
    [T] (), self => Value::from_iter([]);
}

/// Lists where a property can hold several kinds of values.
macro_rules! any_lists {
    ($([$($generics:tt)*] $from:ty, $self:ident => $items:expr;)*) => {$(
        impl<$($generics)*> IntoProp<Value> for $from {
            fn into_prop($self) -> Value {
                $items
            }
        }
    )*};
}

any_lists! {
    [U: IntoProp<Value>] Vec<U>, self => self.into_iter().map(IntoProp::<Value>::into_prop).collect();
    [U: IntoProp<Value>, const N: usize] [U; N], self => self.into_iter().map(IntoProp::<Value>::into_prop).collect();
    [U: IntoProp<Value> + Clone] &[U], self => self.iter().cloned().map(IntoProp::<Value>::into_prop).collect();
}

macro_rules! tuples {
    ($(($($type:ident $property:ident $index:tt),+))*) => {$(
        impl<T, $($type: IntoProp<T>),+> IntoProp<Vec<T>> for ($($type,)+) {
            fn into_prop(self) -> Value {
                Value::from_iter([$(self.$index.into_prop()),+])
            }
        }

        impl<$($type: IntoProp<Value>),+> IntoProp<Value> for ($($type,)+) {
            fn into_prop(self) -> Value {
                Value::from_iter([$(self.$index.into_prop()),+])
            }
        }
    )*};
}
tuples! {
    (A PA 0)
    (A PA 0, B PB 1)
    (A PA 0, B PB 1, C PC 2)
    (A PA 0, B PB 1, C PC 2, D PD 3)
    (A PA 0, B PB 1, C PC 2, D PD 3, E PE 4)
    (A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5)
    (A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5, G PG 6)
    (A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5, G PG 6, H PH 7)
    (A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5, G PG 6, H PH 7, I PI 8)
    (A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5, G PG 6, H PH 7, I PI 8, J PJ 9)
    (A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5, G PG 6, H PH 7, I PI 8, J PJ 9, K PK 10)
    (A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5, G PG 6, H PH 7, I PI 8, J PJ 9, K PK 10, L PL 11)
}

/// Properties that are tuples take tuples of what each place takes.
macro_rules! tuple_properties {
    ($(($($type:ident $property:ident $index:tt),+))*) => {$(
        impl<$($property, $type: IntoProp<$property>),+> IntoProp<($($property,)+)> for ($($type,)+) {
            fn into_prop(self) -> Value {
                Value::from_iter([$(self.$index.into_prop()),+])
            }
        }

        impl<$($property, $type: IntoProp<$property>),+> IntoProp<Option<($($property,)+)>> for ($($type,)+) {
            fn into_prop(self) -> Value {
                Value::from_iter([$(self.$index.into_prop()),+])
            }
        }
    )*};
}
tuple_properties! {
    (A PA 0, B PB 1)
    (A PA 0, B PB 1, C PC 2)
    (A PA 0, B PB 1, C PC 2, D PD 3)
    (A PA 0, B PB 1, C PC 2, D PD 3, E PE 4)
}
