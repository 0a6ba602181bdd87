//! A place in an AppSpec that is read, and the problems that were found so far.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use super::error;
use super::members::{belongs, members_of};
use crate::document::{Document, Place, Step};
use crate::fault::finding::{Finding, MOST_SHOWN};
use crate::fault::{Fault, Kind, shown};
use crate::text::suggest::did_you_mean;

/// A fault and its place in the file.
pub(super) struct Problem {
    place: Option<Place>,
    /// Such as `Resources[0].TargetService.Properties`, safe to show; empty for the whole file.
    path: String,
    /// Boxed, so that results stay small.
    fault: Box<Fault>,
    /// The member that is missing, if that is the fault.
    missing: Option<&'static str>,
    /// Members that exist, but are misspelt or in the wrong place.
    elsewhere: Vec<&'static str>,
}

impl Problem {
    /// The fault with its place: that of the first problem names the file.
    fn told(self, file: Option<&str>) -> Fault {
        let line = self.place.map(|place| format!("line {}", place.line));
        let place: Vec<String> = file.map(shown).into_iter().chain(line).collect();
        let parts = [self.path, place.join(" ")];
        parts.into_iter().filter(|part| !part.is_empty()).fold((*self.fault).of_kind(Kind::Input), Fault::within)
    }
}

/// Every problem of a file, in the order in which they are found.
#[derive(Default)]
pub(super) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    /// The value, or `None` after the problem was kept.
    pub(super) fn keep<T>(&self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.borrow_mut().push(problem)).ok()
    }

    /// Whether there are more problems than are shown. A hostile file must not cost time.
    pub(super) fn are_enough(&self) -> bool {
        self.0.borrow().len() > MOST_SHOWN
    }

    /// All of them as one fault. A member that is misspelt or in the wrong place is not reported as missing as well.
    pub(super) fn settle(self, file: &str) -> Option<Fault> {
        let told: Vec<Fault> =
            self.into_told().enumerate().map(|(index, problem)| problem.told((index == 0).then_some(file))).collect();
        Fault::all(&told)
    }

    /// Each of them as a finding.
    pub(super) fn findings(self, file: &str) -> Vec<Finding> {
        self.into_told().map(|it| Finding::of(&it.fault.at(it.place), file, it.path)).collect()
    }

    fn into_told(self) -> impl Iterator<Item = Problem> {
        let problems = self.0.into_inner();
        let elsewhere: BTreeSet<&str> = problems.iter().flat_map(|problem| problem.elsewhere.clone()).collect();
        problems.into_iter().filter(move |it| it.missing.is_none_or(|name| !elsewhere.contains(name)))
    }
}

/// A value and its place.
#[derive(Clone)]
pub(super) struct Node<'d> {
    pub(super) document: &'d Document,
    pub(super) problems: &'d Problems,
    pub(super) path: Vec<Step>,
    pub(super) value: &'d Value,
}

impl<'d> Node<'d> {
    pub(super) fn wrong(&self, fault: Fault) -> Problem {
        let (place, path) = (self.document.place(&self.path), shown_path(&self.path));
        Problem { place, path, fault: Box::new(fault), missing: None, elsewhere: Vec::new() }
    }

    pub(super) fn keep<T>(&self, result: Result<T, Problem>) -> Option<T> {
        self.problems.keep(result)
    }

    pub(super) fn wrong_type(&self, expected: &str) -> Problem {
        self.wrong(error::wrong_type(expected, self.what()))
    }

    /// A member that belongs elsewhere.
    pub(super) fn misplaced(&self, key: &str) -> Problem {
        let (name, parent) = belongs(key).unwrap_or_default();
        Problem { elsewhere: vec![name, parent], ..self.wrong(error::misplaced(name, parent)) }
    }

    pub(super) fn what(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a map",
        }
    }

    fn child(&self, step: Step, value: &'d Value) -> Node<'d> {
        let mut path = self.path.clone();
        path.push(step);
        Node { path, value, ..self.clone() }
    }

    pub(super) fn items(&self) -> Result<Vec<Node<'d>>, Problem> {
        let Value::Array(list) = self.value else {
            return Err(self.wrong_type("a list"));
        };
        Ok(list.iter().enumerate().map(|(index, value)| self.child(Step::Item(index), value)).collect())
    }

    pub(super) fn entries(&self) -> Result<Vec<(&'d str, Node<'d>)>, Problem> {
        let Value::Object(map) = self.value else {
            return Err(self.wrong_type("a map"));
        };
        Ok(map.iter().map(|(key, value)| (key.as_str(), self.child(Step::Key(key.clone()), value))).collect())
    }

    /// The members that belong under `parent` by their documented names, found in any case. Every other member is a
    /// fault.
    pub(super) fn members(&self, parent: &str) -> Result<Members<'d>, Problem> {
        let known = members_of(parent);
        let mut found: Vec<(&'static str, &'d str, Node<'d>)> = Vec::new();
        for (key, node) in self.entries()? {
            let Some(name) = known.iter().copied().find(|name| name.eq_ignore_ascii_case(key)) else {
                if self.problems.are_enough() {
                    break;
                }
                self.keep::<()>(Err(node.unknown(key, &known)));
                continue;
            };
            if let Some((_, first, _)) = found.iter().find(|(other, ..)| *other == name) {
                self.keep::<()>(Err(node.wrong(error::same_key(first, key))));
                continue;
            }
            found.push((name, key, node));
        }
        let found = found.into_iter().map(|(name, _, node)| (name, node)).collect();
        Ok(Members { of: self.clone(), found })
    }

    /// A member that belongs elsewhere, or nowhere.
    fn unknown(&self, key: &str, known: &[&'static str]) -> Problem {
        if belongs(key).is_some() {
            return self.misplaced(key);
        }
        match did_you_mean(key, known.iter().copied()) {
            Some(near) => Problem { elsewhere: vec![near], ..self.wrong(error::misspelt_key(key, near)) },
            None => self.wrong(error::unknown_key(key)),
        }
    }

    /// Text that is not empty.
    pub(super) fn text(&self) -> Result<String, Problem> {
        match self.value {
            Value::String(text) if text.is_empty() => Err(self.wrong(error::empty())),
            Value::String(text) => Ok(text.clone()),
            _ => Err(self.wrong_type("text")),
        }
    }

    pub(super) fn scalar_or(&self, expected: &str) -> Result<String, Problem> {
        self.scalar().ok_or_else(|| self.wrong_type(expected))
    }

    /// The text of a scalar, quoted or not.
    pub(super) fn scalar(&self) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// The members of a map by their documented names.
pub(super) struct Members<'d> {
    of: Node<'d>,
    found: Vec<(&'static str, Node<'d>)>,
}

impl<'d> Members<'d> {
    pub(super) fn get(&self, name: &'static str) -> Option<Node<'d>> {
        let (_, node) = self.found.iter().find(|(other, node)| *other == name && !node.value.is_null())?;
        Some(node.clone())
    }

    pub(super) fn need(&self, name: &'static str) -> Result<Node<'d>, Problem> {
        let missing = || Problem { missing: Some(name), ..self.of.wrong(error::missing(name)) };
        self.get(name).ok_or_else(missing)
    }
}

fn shown_path(path: &[Step]) -> String {
    let mut shown_path = String::new();
    for step in path {
        match step {
            // Writing to a String cannot fail.
            Step::Item(index) => drop(write!(shown_path, "[{index}]")),
            Step::Key(key) => {
                if !shown_path.is_empty() {
                    shown_path.push('.');
                }
                shown_path += &shown(key);
            }
        }
    }
    shown_path
}
