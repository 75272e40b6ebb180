//! Models of classes outside Bokeh.

/// Declares a model class that Bokeh does not have: its handle, its builder and its tokens.
///
/// The class in the browser is for an extension bundle to define. The handle has getters, setters and callbacks as Bokeh's
/// own; inherited properties are set by token when it is built.
///
/// ```
/// use bokeh_models::prelude::*;
/// use bokeh_schema::{Kind, Lit};
///
/// bokeh_models::model! {
///     /// A knob to turn.
///     pub struct Knob(Widget), builder KnobBuilder, class "knobs.Knob" {
///         /// The angle in degrees.
///         angle, set_angle, ANGLE: f64 as Kind::FLOAT, default Lit::Float(0.0);
///         /// What it is for.
///         label, set_label, LABEL: String as Kind::Str;
///     }
/// }
///
/// let mut doc = Document::new();
/// let knob = doc.add(Knob::new().label("volume").with(LayoutDOM::WIDTH, 50));
/// knob.on_change(&mut doc, Knob::ANGLE, move |doc, change| knob.set_label(doc, format!("{}°", change.new)));
/// knob.set_angle(&mut doc, 30);
/// assert_eq!(knob.label(&doc), "30°");
/// assert_eq!(knob.width(&doc), Some(50));
/// doc.add_root(row((knob, Div::new().text("turn it"))));
/// ```
#[macro_export]
macro_rules! model {
    (
        $(#[$doc:meta])*
        $vis:vis struct $name:ident($base:ty), builder $builder:ident, class $class:literal {
            $(
                $(#[$property_doc:meta])*
                $get:ident, $set:ident, $token:ident: $type:ty as $kind:expr $(, default $default:expr)?;
            )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis struct $name($base);

        const _: () = {
            use $crate::__private as private;

            static CLASS: private::ClassDef =
                private::ClassDef::new($class, ::core::module_path!(), &[<$base as $crate::Model>::CLASS]).with_properties(&[
                    $(private::PropertyDef::new(stringify!($get), $kind)$(.with_default($default))?,)*
                ]);

            impl $crate::Model for $name {
                const CLASS: &'static private::ClassDef = &CLASS;
                fn id(self) -> private::ModelId {
                    $crate::Model::id(self.0)
                }
                fn from_id(id: private::ModelId) -> Self {
                    $name(<$base as $crate::Model>::from_id(id))
                }
            }

            impl $crate::IsA<$name> for $name {}
            impl<B: $crate::Model> $crate::IsA<B> for $name where $base: $crate::IsA<B> {}

            impl ::core::ops::Deref for $name {
                type Target = $base;
                fn deref(&self) -> &$base {
                    &self.0
                }
            }

            impl private::Build for $name {
                type Model = Self;
                fn build(self, _: &mut private::Document) -> Self {
                    self
                }
            }

            impl $crate::IntoModel for $name {
                type Handle = Self;
                fn into_model_value(self) -> private::Value {
                    private::Value::Model($crate::Model::id(self))
                }
            }

            impl $crate::FromValue for $name {
                fn from_value(value: &private::Value) -> Option<Self> {
                    value.as_model().map(<Self as $crate::Model>::from_id)
                }
            }

            impl From<$name> for private::ModelId {
                fn from(model: $name) -> Self {
                    $crate::Model::id(model)
                }
            }

            impl private::Build for $builder {
                type Model = $name;
                #[track_caller]
                fn build(self, doc: &mut private::Document) -> $name {
                    <$name as $crate::Model>::from_id(self.0.insert(doc))
                }
            }

            impl $crate::IntoModel for $builder {
                type Handle = $name;
                fn into_model_value(self) -> private::Value {
                    self.0.into_value()
                }
            }
        };

        /// What makes the model: give it to a document or to another builder.
        #[must_use = "a builder makes its model when it is given to a document or to another builder"]
        #[derive(Clone, Debug)]
        $vis struct $builder($crate::Attributes);

        #[allow(dead_code, reason = "not every program uses all of a model")]
        impl $name {
            $(
                #[doc = concat!("The token of `", stringify!($get), "`.")]
                pub const $token: $crate::Prop<$name, $type> = $crate::Prop::new(stringify!($get));
            )*

            /// Begins to make a model.
            #[allow(clippy::new_ret_no_self, reason = "a handle exists once the model is in a document")]
            pub fn new() -> $builder {
                let class = <$name as $crate::Model>::CLASS;
                $crate::__private::register_class(class);
                $builder($crate::Attributes::new(class))
            }

            $(
                $(#[$property_doc])*
                #[track_caller]
                pub fn $get(&self, doc: &$crate::__private::Document) -> $type {
                    $crate::__private::read(doc, *self, stringify!($get))
                }

                $(#[$property_doc])*
                #[track_caller]
                pub fn $set(&self, doc: &mut $crate::__private::Document, value: impl $crate::IntoProp<$type>) {
                    $crate::__private::write(doc, *self, stringify!($get), value.into_prop());
                }
            )*

            /// Calls `callback` after a property of this model has changed, whoever changed it.
            #[track_caller]
            pub fn on_change<O, T, R>(
                &self,
                doc: &mut $crate::__private::Document,
                prop: $crate::Prop<O, T>,
                callback: impl FnMut(&mut $crate::__private::Document, $crate::Change<T>) -> R + Send + 'static,
            ) -> $crate::__private::CallbackId
            where
                O: $crate::Model,
                T: $crate::FromValue,
                R: $crate::__private::CallbackOutput,
                Self: $crate::IsA<O>,
            {
                $crate::__private::on_change(doc, *self, prop, callback)
            }

            /// Calls `callback` when the browser reports an event of this model.
            #[track_caller]
            pub fn on<E: $crate::events::EventOf<Self>>(
                &self,
                doc: &mut $crate::__private::Document,
                callback: impl $crate::EventCallback<E>,
            ) -> $crate::__private::CallbackId {
                $crate::__private::on_event(doc, Some($crate::Model::id(*self)), callback)
            }
        }

        #[allow(dead_code, reason = "not every program uses all of a model")]
        impl $builder {
            $(
                $(#[$property_doc])*
                pub fn $get(mut self, value: impl $crate::IntoProp<$type>) -> Self {
                    self.0.set(stringify!($get), value.into_prop());
                    self
                }
            )*

            /// Sets a property by its token, an inherited one perhaps.
            pub fn with<O, T>(mut self, prop: $crate::Prop<O, T>, value: impl $crate::IntoProp<T>) -> Self
            where
                O: $crate::Model,
                $name: $crate::IsA<O>,
            {
                self.0.set(prop.name(), value.into_prop());
                self
            }
        }
    };
}
