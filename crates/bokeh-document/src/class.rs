//! The classes of models: those with a table of their properties, and those of which only the name is known.

use std::sync::{PoisonError, RwLock};

use bokeh_protocol::{Text, Value};
use bokeh_schema::{ClassDef, Kind};

use crate::document::Population;
use crate::kind_check;
use crate::model::Attr;
use crate::names::Names;
use crate::{Document, GetError, SetError};

/// The class of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A class with a table of its properties.
    Known(&'static ClassDef),
    /// A class of which only the name is known, by its place in the document's list of such classes.
    Dynamic(u32),
}

/// Classes of which only the names and the attributes seen so far are known: custom extensions, data models.
#[derive(Debug, Default)]
pub(crate) struct DynamicClasses {
    names: Names,
    /// Of each class.
    properties: Vec<Names>,
}

impl DynamicClasses {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    fn property(&self, class: u32, attr: Attr) -> Option<&Text> {
        self.properties.get(class as usize)?.get(usize::from(attr))
    }
}

/// What was known of classes without a table at some moment.
pub(crate) struct KnownClasses(Vec<usize>);

/// Classes outside Bokeh that have a table of their own.
static REGISTERED: RwLock<Vec<&'static ClassDef>> = RwLock::new(Vec::new());

/// Makes a class from outside Bokeh known to all documents of the process, so that its models are checked like Bokeh's own.
/// Registering it again does nothing.
pub fn register_class(class: &'static ClassDef) {
    if registered_class(class.name()).is_none() {
        REGISTERED.write().unwrap_or_else(PoisonError::into_inner).push(class);
    }
}

fn registered_class(name: &str) -> Option<&'static ClassDef> {
    let registered = REGISTERED.read().unwrap_or_else(PoisonError::into_inner);
    registered.iter().copied().find(|class| class.name() == name)
}

impl Document {
    /// How many classes without a table a document may know. A peer can name as many.
    pub const MAX_DYNAMIC_CLASSES: usize = 1000;
    /// How many properties of each of them it may know.
    pub const MAX_DYNAMIC_PROPERTIES: usize = 1000;

    /// The class of that name. A name that is not Bokeh's needs to be registered, or to be qualified like all extensions'.
    pub(crate) fn class_named(&mut self, name: &str) -> Result<Class, SetError> {
        if let Some(class) = bokeh_schema::class(name).or_else(|| registered_class(name)) {
            // Python makes models of abstract classes, too: a bare `CellEditor` is how a column says that it cannot be edited.
            return Ok(Class::Known(class));
        }
        let index = match self.dynamic.names.place(name) {
            Some(index) => index,
            None if self.may_be_class(name) && self.dynamic.len() < Self::MAX_DYNAMIC_CLASSES => self.add_dynamic(name),
            None => return Err(SetError::UnknownClass(name.to_owned())),
        };
        u32::try_from(index).ok().map(Class::Dynamic).ok_or_else(|| SetError::UnknownClass(name.to_owned()))
    }

    /// Extensions' names are qualified; those of an application's own classes, which only its own document has, need not be.
    fn may_be_class(&self, name: &str) -> bool {
        name.contains('.') || self.follows_server
    }

    pub(crate) fn add_dynamic(&mut self, name: &str) -> usize {
        self.dynamic.properties.push(Names::default());
        self.dynamic.names.push(name)
    }

    /// How many properties are known of each class without a table.
    pub(crate) fn known_classes(&self) -> KnownClasses {
        KnownClasses(self.dynamic.properties.iter().map(Names::len).collect())
    }

    /// Forgets the classes and properties that only a message has named which was refused.
    pub(crate) fn forget_classes_since(&mut self, known: &KnownClasses) {
        self.dynamic.names.truncate(known.0.len());
        self.dynamic.properties.truncate(known.0.len());
        for (properties, n_known) in self.dynamic.properties.iter_mut().zip(&known.0) {
            properties.truncate(*n_known);
        }
    }

    /// The index of a property.
    pub(crate) fn attr(&self, class: Class, property: &str) -> Result<Attr, GetError> {
        let attr = match class {
            Class::Known(class) => class.property(property).map(|property| property.index()),
            Class::Dynamic(class) => {
                let place = self.dynamic.properties.get(class as usize).and_then(|names| names.place(property));
                place.and_then(|place| Attr::try_from(place).ok())
            }
        };
        attr.ok_or_else(|| GetError::NoProperty {
            class: self.name_of(class).to_owned(),
            property: property.to_owned(),
        })
    }

    /// The index of a property, which a class without a table gets when it is first heard of.
    pub(crate) fn attr_mut(&mut self, class: Class, property: &str) -> Result<Attr, GetError> {
        if let (Class::Dynamic(index), Err(_)) = (class, self.attr(class, property))
            && let Some(properties) = self.dynamic.properties.get_mut(index as usize)
            && properties.len() < Self::MAX_DYNAMIC_PROPERTIES
        {
            properties.push(property);
        }
        self.attr(class, property)
    }

    /// Checks a value against the kind of a property and brings it into its normal form.
    pub(crate) fn accept(&self, class: Class, attr: Attr, value: Value) -> Result<Value, SetError> {
        self.accept_among(class, attr, value, self)
    }

    pub(crate) fn accept_among(
        &self,
        class: Class,
        attr: Attr,
        value: Value,
        models: &dyn Population,
    ) -> Result<Value, SetError> {
        let place = || (self.name_of(class).to_owned(), self.property_name(class, attr).as_str().to_owned());
        let mut is_foreign = false;
        value.for_each_model(&mut |model| is_foreign |= !models.contains(model));
        if is_foreign {
            let (class, property) = place();
            return Err(SetError::ForeignModel { class, property });
        }
        match self.kind(class, attr) {
            None => Ok(value),
            Some(kind) => kind_check::accept(&kind, value, models).map_err(|source| {
                let (class, property) = place();
                SetError::Kind { class, property, source: Box::new(source) }
            }),
        }
    }

    pub(crate) fn kind(&self, class: Class, attr: Attr) -> Option<Kind> {
        match class {
            Class::Known(class) => class.properties().get(usize::from(attr)).map(|property| property.kind()),
            Class::Dynamic(_) => None,
        }
    }

    pub(crate) fn is_serialized(&self, class: Class, attr: Attr) -> bool {
        match class {
            Class::Known(class) => {
                class.properties().get(usize::from(attr)).is_some_and(|property| property.is_serialized())
            }
            Class::Dynamic(_) => true,
        }
    }

    pub(crate) fn property_name(&self, class: Class, attr: Attr) -> Text {
        self.property_str(class, attr).1
    }

    /// A property's name twice: as long as the document is borrowed, and for keeps.
    fn property_str(&self, class: Class, attr: Attr) -> (&str, Text) {
        match class {
            Class::Known(class) => {
                let name = class.properties().get(usize::from(attr)).map_or("", |property| property.name());
                (name, Text::from_static(name))
            }
            Class::Dynamic(class) => {
                let name = self.dynamic.property(class, attr);
                name.map_or(("", Text::default()), |name| (name, name.clone()))
            }
        }
    }

    pub(crate) fn property_ref(&self, class: Class, attr: Attr) -> &str {
        self.property_str(class, attr).0
    }

    pub(crate) fn name_of(&self, class: Class) -> &str {
        match class {
            Class::Known(class) => class.name(),
            Class::Dynamic(class) => self.dynamic.names.get(class as usize).map_or("", |name| name),
        }
    }
}
