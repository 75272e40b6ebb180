//! When scheduled callbacks are due, on a clock that others read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::{CallbackId, Schedule, ScheduleChange};

/// When which scheduled callback of a document is due. Times count from a beginning that the caller chooses.
///
/// ```
/// use std::time::Duration;
///
/// use bokeh_document::{Document, Timers};
///
/// let mut doc = Document::new();
/// doc.add_timeout_callback(Duration::from_secs(2), |doc| doc.set_title("late"));
/// let mut timers = Timers::default();
/// timers.apply(doc.take_schedule_changes(), Duration::from_secs(10));
///
/// assert_eq!(timers.deadline(), Some(Duration::from_secs(12)));
/// for callback in timers.take_due(Duration::from_secs(12)) {
///     doc.run_scheduled(callback);
/// }
/// assert_eq!(doc.title(), "late");
/// ```
#[derive(Debug, Default)]
pub struct Timers {
    due: BTreeSet<(Duration, CallbackId)>,
    by_id: BTreeMap<CallbackId, (Duration, Schedule)>,
}

impl Timers {
    /// Takes over what was [added and removed](crate::Document::take_schedule_changes) until `now`.
    pub fn apply(&mut self, changes: Vec<ScheduleChange>, now: Duration) {
        for change in changes {
            match change {
                ScheduleChange::Added(id, schedule) => {
                    let delay = match schedule {
                        Schedule::NextTick => Duration::ZERO,
                        Schedule::Timeout(delay) | Schedule::Periodic(delay) => delay,
                    };
                    self.set(id, now.saturating_add(delay), schedule);
                }
                ScheduleChange::Removed(id) => self.remove(id),
            }
        }
    }

    /// When the next callback is due.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.due.first().map(|(due, _)| *due)
    }

    /// The callbacks that are due by `now`, in the order of their times. What they add is not among them, be it due at once.
    /// A periodic one is due again one period after `now`, the start of this run; what was missed is not made up for.
    pub fn take_due(&mut self, now: Duration) -> Vec<CallbackId> {
        let due: Vec<CallbackId> = self.due.iter().take_while(|(due, _)| *due <= now).map(|(_, id)| *id).collect();
        for id in &due {
            match self.by_id.get(id).map(|(_, schedule)| *schedule) {
                Some(schedule @ Schedule::Periodic(period)) => {
                    // A period of nothing would never let go.
                    let period = period.max(Duration::from_millis(1));
                    self.set(*id, now.saturating_add(period), schedule);
                }
                _ => self.remove(*id),
            }
        }
        due
    }

    fn set(&mut self, id: CallbackId, due: Duration, schedule: Schedule) {
        self.remove(id);
        self.due.insert((due, id));
        self.by_id.insert(id, (due, schedule));
    }

    fn remove(&mut self, id: CallbackId) {
        if let Some((due, _)) = self.by_id.remove(&id) {
            self.due.remove(&(due, id));
        }
    }
}
