//! Callbacks that the owner of the document runs later.

use std::time::Duration;

use crate::callback::{Key, Notice};
use crate::{CallbackError, CallbackId, CallbackOutput, Document};

/// When a scheduled callback is to run. The document has no clock: its owner keeps the time and calls
/// [`Document::run_scheduled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// As soon as possible after what runs now.
    NextTick,
    /// Once, after this time.
    Timeout(Duration),
    /// Again and again, this long after the start of the previous run, never two at once.
    Periodic(Duration),
}

/// A scheduled callback was added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduleChange {
    /// It is to be run.
    Added(CallbackId, Schedule),
    /// It is not to be run any more.
    Removed(CallbackId),
}

impl Document {
    /// Runs `callback` every `period`, for the first time after one period.
    pub fn add_periodic_callback<R: CallbackOutput>(
        &mut self,
        period: Duration,
        callback: impl FnMut(&mut Document) -> R + Send + 'static,
    ) -> CallbackId {
        self.schedule(Schedule::Periodic(period), callback)
    }

    /// Runs `callback` once, `after` this time.
    pub fn add_timeout_callback<R: CallbackOutput>(
        &mut self,
        after: Duration,
        callback: impl FnMut(&mut Document) -> R + Send + 'static,
    ) -> CallbackId {
        self.schedule(Schedule::Timeout(after), callback)
    }

    /// Runs `callback` once, after what runs now.
    pub fn add_next_tick_callback<R: CallbackOutput>(
        &mut self,
        callback: impl FnMut(&mut Document) -> R + Send + 'static,
    ) -> CallbackId {
        self.schedule(Schedule::NextTick, callback)
    }

    /// Removes a callback of any kind.
    ///
    /// # Errors
    /// When it was removed before, or was to run only once and has begun to.
    pub fn remove_callback(&mut self, id: CallbackId) -> Result<(), CallbackError> {
        // One that runs for its only time has lost its schedule already.
        if self.callbacks.key(id) == Some(&Key::Scheduled(id)) && !self.schedules.contains_key(&id) {
            return Err(CallbackError::Gone);
        }
        if !self.callbacks.remove(id) {
            return Err(CallbackError::Gone);
        }
        if self.schedules.remove(&id).is_some() {
            self.schedule_changes.push(ScheduleChange::Removed(id));
        }
        Ok(())
    }

    /// The scheduled callbacks that were added and removed since the last call, in order.
    pub fn take_schedule_changes(&mut self) -> Vec<ScheduleChange> {
        std::mem::take(&mut self.schedule_changes)
    }

    /// Runs a scheduled callback whose time has come. One that is gone is passed over.
    pub fn run_scheduled(&mut self, id: CallbackId) {
        match self.schedules.get(&id) {
            Some(Schedule::Periodic(_)) => self.dispatch(&Key::Scheduled(id), &Notice::Tick),
            Some(Schedule::NextTick | Schedule::Timeout(_)) => {
                self.schedules.remove(&id);
                self.dispatch(&Key::Scheduled(id), &Notice::Tick);
                self.callbacks.remove(id);
            }
            None => {}
        }
    }

    fn schedule<R: CallbackOutput>(
        &mut self,
        schedule: Schedule,
        mut callback: impl FnMut(&mut Document) -> R + Send + 'static,
    ) -> CallbackId {
        let id = self.callbacks.new_id();
        let name = match schedule {
            Schedule::NextTick => "a next tick".to_owned(),
            Schedule::Timeout(after) => format!("a timeout of {after:?}"),
            Schedule::Periodic(period) => format!("a period of {period:?}"),
        };
        let closure = Box::new(move |document: &mut Document, _: &Notice| callback(document).into_result());
        self.callbacks.add(id, Key::Scheduled(id), name, closure);
        self.schedules.insert(id, schedule);
        self.schedule_changes.push(ScheduleChange::Added(id, schedule));
        id
    }
}
