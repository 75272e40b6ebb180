//! What the generated files are made with.

/// A handle: a newtype of the handle of its first base.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident, $class:ident, [$($ancestor:ident)*]) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(ModelId);

        impl Model for $name {
            const CLASS: &'static ClassDef = &classes::$class;
            #[inline]
            fn id(self) -> ModelId {
                self.0
            }
            #[inline]
            fn from_id(id: ModelId) -> Self {
                $name(id)
            }
        }

        handle_parts! { $name [$($ancestor)*] }
    };
    ($(#[$doc:meta])* $name:ident($base:ident), $class:ident, [$($ancestor:ident)*]) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name($base);

        impl Deref for $name {
            type Target = $base;
            #[inline]
            fn deref(&self) -> &$base {
                &self.0
            }
        }

        impl Model for $name {
            const CLASS: &'static ClassDef = &classes::$class;
            #[inline]
            fn id(self) -> ModelId {
                self.0.id()
            }
            #[inline]
            fn from_id(id: ModelId) -> Self {
                $name($base::from_id(id))
            }
        }

        handle_parts! { $name [$($ancestor)*] }
    };
}

/// What all handles have.
macro_rules! handle_parts {
    ($name:ident [$($ancestor:ident)*]) => {
        $(impl IsA<$ancestor> for $name {})*

        impl fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.id().index)
            }
        }

        impl Build for $name {
            type Model = Self;
            #[inline]
            fn build(self, _: &mut Document) -> Self {
                self
            }
        }

        impl IntoModel for $name {
            type Handle = Self;
            #[inline]
            fn into_model_value(self) -> Value {
                Value::Model(self.id())
            }
        }

        impl FromValue for $name {
            #[inline]
            fn from_value(value: &Value) -> Option<Self> {
                value.as_model().map(Self::from_id)
            }
        }

        impl From<$name> for ModelId {
            #[inline]
            fn from(model: $name) -> Self {
                model.id()
            }
        }

        impl $name {
            /// Calls `callback` after a property of this model has changed, whoever changed it.
            ///
            /// The closure may return nothing or a `Result`.
            ///
            /// # Panics
            /// When the model is not in this document.
            #[track_caller]
            pub fn on_change<O: Model, T: FromValue, R: CallbackOutput>(
                &self,
                doc: &mut Document,
                prop: Prop<O, T>,
                callback: impl FnMut(&mut Document, Change<T>) -> R + Send + 'static,
            ) -> CallbackId
            where
                Self: IsA<O>,
            {
                subscribe::on_change(doc, *self, prop, callback)
            }

            /// Calls `callback` when the browser reports an event of this model: `plot.on::<Tap>(doc, |doc, tap| ..)`.
            ///
            /// # Panics
            /// When the model is not in this document.
            #[track_caller]
            pub fn on<E: EventOf<Self>>(&self, doc: &mut Document, callback: impl EventCallback<E>) -> CallbackId {
                subscribe::on_event(doc, Some(self.id()), callback)
            }

            /// Reads a property.
            ///
            /// # Errors
            /// When the model is not in this document, or the property has no value.
            pub fn try_get<O: Model, T: FromValue>(&self, doc: &Document, prop: Prop<O, T>) -> Result<T, ReadPropError>
            where
                Self: IsA<O>,
            {
                try_read(doc, *self, prop.name())
            }

            /// Sets a property.
            ///
            /// # Errors
            /// When the model is not in this document, or the property cannot hold the value.
            pub fn try_set<O: Model, T>(
                &self,
                doc: &mut Document,
                prop: Prop<O, T>,
                value: impl IntoProp<T>,
            ) -> Result<(), SetError>
            where
                Self: IsA<O>,
            {
                try_write(doc, *self, prop, value)
            }
        }
    };
}

/// Getters and setters of a handle.
macro_rules! properties {
    ($handle:ident: $($name:literal $get:ident $($set:ident)?: $type:ty, $facts:literal;)*) => {
        impl $handle {
            $(
                #[doc = concat!("Reads `", $name, "`: ", $facts, ".")]
                #[track_caller]
                #[inline]
                pub fn $get(&self, doc: &Document) -> $type {
                    read(doc, *self, $name)
                }

                $(
                    #[doc = concat!("Sets `", $name, "`: ", $facts, ".")]
                    #[track_caller]
                    pub fn $set(&self, doc: &mut Document, value: impl IntoProp<$type>) {
                        write(doc, *self, $name, value.into_prop());
                    }
                )?
            )*
        }
    };
}

/// Tokens of properties.
macro_rules! tokens {
    ($handle:ident: $($name:literal $token:ident: $type:ty;)*) => {
        impl $handle {
            $(
                #[doc = concat!("The token of `", $name, "`.")]
                pub const $token: Prop<Self, $type> = Prop::new($name);
            )*
        }
    };
}

/// A builder and the way from it to a model.
macro_rules! builder {
    ($(#[$doc:meta])* $builder:ident of $handle:ident, $class:ident) => {
        $(#[$doc])*
        #[must_use = "a builder makes its model when it is given to a document or to another builder"]
        #[derive(Clone, Debug)]
        pub struct $builder {
            pub(crate) attributes: Attributes,
        }

        impl $handle {
            /// Begins to make a model.
            #[allow(clippy::new_ret_no_self, reason = "a handle exists once the model is in a document")]
            #[inline]
            pub fn new() -> $builder {
                $builder { attributes: Attributes::new(&classes::$class) }
            }
        }

        impl $builder {
            #[inline]
            fn into_attributes(self) -> Attributes {
                self.attributes
            }
        }

        builder_parts! { $builder of $handle }
    };
}

/// What all builders have.
macro_rules! builder_parts {
    ($builder:ident of $handle:ident) => {
        impl $builder {
            /// The definition of the model.
            #[must_use]
            #[inline]
            pub fn into_object(self) -> Object {
                self.into_attributes().into_object()
            }
        }

        impl Build for $builder {
            type Model = $handle;

            /// # Panics
            /// When an attribute holds what it cannot hold.
            #[track_caller]
            #[inline]
            fn build(self, doc: &mut Document) -> $handle {
                $handle::from_id(self.into_attributes().insert(doc))
            }
        }

        impl IntoModel for $builder {
            type Handle = $handle;
            #[inline]
            fn into_model_value(self) -> Value {
                self.into_attributes().into_value()
            }
        }
    };
}

/// Setters of a builder.
macro_rules! setters {
    ($builder:ident: $($name:literal $set:ident: $type:ty, $facts:literal;)*) => {
        impl $builder {
            $(
                #[doc = concat!("Sets `", $name, "`: ", $facts, ".")]
                #[allow(clippy::should_implement_trait, reason = "the name is Bokeh's")]
                pub fn $set(mut self, value: impl IntoProp<$type>) -> Self {
                    self.attributes.set($name, value.into_prop());
                    self
                }
            )*
        }
    };
}
