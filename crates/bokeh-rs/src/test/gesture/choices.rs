//! Choosing one or several of what a widget offers.

use bokeh_document::Document;
use bokeh_models::Model;
use bokeh_models::models::{
    AutocompleteInput, CheckboxButtonGroup, CheckboxGroup, Dropdown, MultiChoice, MultiSelect, RadioButtonGroup,
    RadioGroup, Select, Tabs,
};
use bokeh_protocol::{ModelId, Text, Value};

use crate::test::app::App;
use crate::test::trouble::Trouble;

/// What offers a choice of one.
pub trait Choosable: Model {
    /// Does what BokehJS does.
    #[doc(hidden)]
    fn chosen(self, app: &mut App, label: &str) -> Result<(), Trouble>;
}

/// What offers a choice of several, all at once.
pub trait ManyChoosable: Model {}

/// Groups of which each item is on or off.
pub trait Toggleable: Model {
    /// Whether a click is told, too.
    #[doc(hidden)]
    const TELLS_CLICKS: bool;
}

impl App {
    /// Chooses an item by the text that a user sees: of a select, a group of radio buttons, the menu of a dropdown, the
    /// completions of a text input, or a tab.
    ///
    /// # Panics
    /// When the widget is disabled or not visible, when it offers nothing like that, and when a callback fails.
    #[track_caller]
    pub fn choose(&mut self, widget: impl Choosable, label: &str) {
        self.step(|app| {
            app.usable(widget.id())?;
            widget.chosen(app, label)
        });
    }

    /// Chooses exactly these items, by the texts that a user sees.
    ///
    /// # Panics
    /// When the widget is disabled or not visible, when it does not offer one of them, and when a callback fails.
    #[track_caller]
    pub fn choose_many(&mut self, widget: impl ManyChoosable, labels: &[&str]) {
        self.step(|app| {
            app.usable(widget.id())?;
            let offered = options(app.doc(), widget.id(), "options")?;
            let chosen = labels.iter().map(|label| Ok(offered[place(&offered, label)?].value.clone()));
            let mut chosen = chosen.collect::<Result<Vec<Value>, Trouble>>()?;
            let rank = |value: &Value| offered.iter().position(|option| option.value == *value);
            chosen.sort_by_key(rank);
            app.set(widget.id(), [("value", Value::from(chosen))])
        });
    }

    /// Clicks an item of a group, by the text that a user sees, so that it goes on or off.
    ///
    /// # Panics
    /// When the group is disabled or not visible, when it has no such item, and when a callback fails.
    #[track_caller]
    pub fn toggle<G: Toggleable>(&mut self, group: G, label: &str) {
        self.step(|app| {
            app.usable(group.id())?;
            let place = label_place(app.doc(), group.id(), label)?;
            let active = app.doc().value(group.id(), "active").map_err(|error| error.to_string())?;
            let mut active: Vec<i64> = active.as_list().into_iter().flatten().filter_map(Value::as_i64).collect();
            match active.iter().position(|other| *other == place) {
                Some(index) => drop(active.remove(index)),
                None => active.push(place),
            }
            // JavaScript sorts numbers by their texts unless it is told otherwise, and BokehJS does not tell it.
            active.sort_by_key(ToString::to_string);
            app.set(group.id(), [("active", active.into_iter().map(Value::Int).collect())])?;
            if G::TELLS_CLICKS { app.happen(group.id(), "button_click", Vec::new()) } else { Ok(()) }
        });
    }
}

impl Choosable for Select {
    fn chosen(self, app: &mut App, label: &str) -> Result<(), Trouble> {
        let offered = options(app.doc(), self.id(), "options")?;
        let value = offered[place(&offered, label)?].value.clone();
        app.set(self.id(), [("value", value)])
    }
}

impl Choosable for RadioGroup {
    fn chosen(self, app: &mut App, label: &str) -> Result<(), Trouble> {
        let place = label_place(app.doc(), self.id(), label)?;
        app.set(self.id(), [("active", Value::Int(place))])
    }
}

impl Choosable for RadioButtonGroup {
    fn chosen(self, app: &mut App, label: &str) -> Result<(), Trouble> {
        let place = label_place(app.doc(), self.id(), label)?;
        app.set(self.id(), [("active", Value::Int(place))])?;
        app.happen(self.id(), "button_click", Vec::new())
    }
}

impl Choosable for Dropdown {
    fn chosen(self, app: &mut App, label: &str) -> Result<(), Trouble> {
        let offered = options(app.doc(), self.id(), "menu")?;
        match &offered[place(&offered, label)?].value {
            // The item runs a script in the browser.
            Value::Model(_) => Ok(()),
            item => app.happen(self.id(), "menu_item_click", vec![(Text::from_static("item"), item.clone())]),
        }
    }
}

impl Choosable for AutocompleteInput {
    fn chosen(self, app: &mut App, label: &str) -> Result<(), Trouble> {
        let completions = self.completions(app.doc());
        if !completions.iter().any(|completion| completion == label) {
            return Err(format!("there is no {label:?}, only {completions:?}"));
        }
        app.set(self.id(), [("value", Value::from(label))])
    }
}

impl Choosable for Tabs {
    fn chosen(self, app: &mut App, label: &str) -> Result<(), Trouble> {
        let doc = app.doc();
        let titles: Vec<String> = self.tabs(doc).iter().map(|panel| panel.title(doc)).collect();
        let place = titles.iter().position(|title| title == label);
        let place = place.ok_or_else(|| format!("there is no {label:?}, only {titles:?}"))?;
        if self.tabs(doc)[place].disabled(doc) {
            return Err(format!("the tab {label:?} is disabled"));
        }
        app.set(self.id(), [("active", Value::from(place))])
    }
}

impl ManyChoosable for MultiSelect {}
impl ManyChoosable for MultiChoice {}

impl Toggleable for CheckboxGroup {
    const TELLS_CLICKS: bool = false;
}
impl Toggleable for CheckboxButtonGroup {
    const TELLS_CLICKS: bool = true;
}

/// What a widget offers: the text that is shown and the value that is set.
struct Offer {
    label: String,
    value: Value,
}

/// The options of a widget, those in groups and lines between them left out.
fn options(doc: &Document, widget: ModelId, property: &str) -> Result<Vec<Offer>, Trouble> {
    let options = doc.value(widget, property).map_err(|error| error.to_string())?;
    let offer = |option: &Value| match option {
        Value::Str(text) => Some(Offer { label: text.to_string(), value: option.clone() }),
        _ => match option.as_list() {
            // A select names the value first, a menu the text.
            Some([label, value]) if property == "menu" => {
                Some(Offer { label: label.as_str()?.to_owned(), value: value.clone() })
            }
            Some([value, label]) => Some(Offer { label: label.as_str()?.to_owned(), value: value.clone() }),
            _ => None,
        },
    };
    let lists: Vec<&Value> = match &options {
        Value::Map(groups) => groups.entries().iter().map(|(_, options)| options).collect(),
        list => vec![list],
    };
    Ok(lists.into_iter().filter_map(Value::as_list).flatten().filter_map(offer).collect())
}

fn place(offered: &[Offer], label: &str) -> Result<usize, Trouble> {
    offered.iter().position(|option| option.label == label).ok_or_else(|| {
        let labels: Vec<&str> = offered.iter().map(|option| &*option.label).collect();
        format!("there is no {label:?}, only {labels:?}")
    })
}

fn label_place(doc: &Document, group: ModelId, label: &str) -> Result<i64, Trouble> {
    let place = place(&options(doc, group, "labels")?, label)?;
    i64::try_from(place).map_err(|error| error.to_string())
}
