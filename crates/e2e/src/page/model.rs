use anyhow::Result;
use serde_json::{Value, json};

use super::Page;

/// A model of the page's first document, found by its name at every use.
#[derive(Debug, Clone, Copy)]
pub struct Model<'page> {
    page: &'page Page,
    name: &'page str,
}

impl<'page> Model<'page> {
    pub(super) fn new(page: &'page Page, name: &'page str) -> Self {
        Self { page, name }
    }

    /// The value of a property as JSON: arrays as lists, models as `{"id": ..}`, NaN and infinities as text.
    ///
    /// # Errors
    /// There is no such model or property.
    pub async fn get(&self, property: &str) -> Result<Value> {
        self.page
            .eval(
                "const m = model(args.name); \
                 if (!(args.property in m.properties)) throw new Error(`${m} has no property ${args.property}`); \
                 return m[args.property]",
                json!({ "name": self.name, "property": property }),
            )
            .await
    }

    /// Sets a property in the page, as a script of the page would; the page sends the change to the server.
    ///
    /// # Errors
    /// There is no such model or property, or the value is refused.
    pub async fn set(&self, property: &str, value: Value) -> Result<()> {
        self.page
            .eval(
                "model(args.name).setv({[args.property]: args.value})",
                json!({ "name": self.name, "property": property, "value": value }),
            )
            .await?;
        Ok(())
    }

    /// Waits until a property has this value.
    ///
    /// # Errors
    /// It has not after 30 seconds; the error names its last value.
    pub async fn wait_for(&self, property: &str, value: Value) -> Result<()> {
        self.page
            .wait_until(
                "const now = plain(model(args.name)[args.property]); \
                 if (JSON.stringify(now) == JSON.stringify(args.value)) return true; \
                 throw new Error(`${args.name}.${args.property} is ${JSON.stringify(now)}`)",
                json!({ "name": self.name, "property": property, "value": value }),
            )
            .await?;
        Ok(())
    }
}
