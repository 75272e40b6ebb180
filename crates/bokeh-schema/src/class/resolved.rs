//! What a class inherits, worked out when it is first asked for.

use std::collections::HashMap;

use super::ClassDef;
use crate::{Property, names::NameHash};

/// The bases and properties of a class, all flattened.
pub(super) struct Resolved {
    pub(super) mro: Box<[&'static ClassDef]>,
    pub(super) properties: Box<[Property]>,
    pub(super) index_by_name: HashMap<&'static str, u16, NameHash>,
}

impl Resolved {
    pub(super) fn new(class: &'static ClassDef) -> Self {
        let mro = linearize(class);
        let mut properties: Vec<Property> = Vec::new();
        let mut index_by_name = HashMap::default();
        for def in mro.iter().rev().flat_map(|base| base.own_properties) {
            // A class that declares an inherited property again keeps its place.
            let index = *index_by_name.entry(def.name).or_insert(properties.len() as u16);
            let property = Property { index, def, default: def.default, is_always_sent: false };
            match properties.get_mut(usize::from(index)) {
                Some(inherited) => *inherited = property,
                None => properties.push(property),
            }
        }
        // A replaced default beats a declared one, wherever in the order the declaration is.
        for base in mro.iter().rev() {
            for (name, default) in base.overrides {
                if let Some(index) = index_by_name.get(name) {
                    properties[usize::from(*index)].default = Some(*default);
                }
            }
            for name in base.always_sent {
                if let Some(index) = index_by_name.get(name) {
                    properties[usize::from(*index)].is_always_sent = true;
                }
            }
        }
        for (alias, name) in mro.iter().flat_map(|base| base.aliases) {
            if let Some(index) = index_by_name.get(name).copied() {
                index_by_name.entry(*alias).or_insert(index);
            }
        }
        Self { mro: mro.into(), properties: properties.into(), index_by_name }
    }
}

/// Python's linearization (C3): a class precedes its bases, and bases keep the order in which they are given.
/// Bases that contradict each other, which Python refuses, come in the order in which they are met.
fn linearize(class: &'static ClassDef) -> Vec<&'static ClassDef> {
    let mut mro = vec![class];
    let mut chains: Vec<&[&'static ClassDef]> = class.bases.iter().map(|base| base.mro()).collect();
    chains.push(class.bases);
    loop {
        chains.retain(|chain| !chain.is_empty());
        let heads = || chains.iter().filter_map(|chain| chain.first().copied());
        let Some(first) = heads().next() else { return mro };
        let is_free = |class: &&ClassDef| !chains.iter().any(|chain| chain[1..].contains(class));
        let next = heads().find(is_free).unwrap_or(first);
        if !mro.contains(&next) {
            mro.push(next);
        }
        for chain in &mut chains {
            if chain.first() == Some(&next) {
                *chain = &chain[1..];
            }
        }
    }
}
