//! What happens in each step, in which order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bokeh_document::{Applied, Author, Document, PatchError, Work};
use bokeh_protocol::{Buffer, BufferIds, BytesMode, Encoder, PatchEvent};
use serde_json::Value as Json;

use super::App;
use crate::test::compare;
use crate::test::page::Page;
use crate::test::trouble::{Trouble, fail, with_causes};

impl App {
    /// Takes a step: something happens, then what follows from it, then the copies are compared.
    #[track_caller]
    pub(in crate::test) fn step(&mut self, happens: impl FnOnce(&mut Self) -> Result<(), Trouble>) {
        let outcome = happens(self).and_then(|()| self.work()).and_then(|()| self.check_copies());
        if let Err(trouble) = outcome {
            fail(&trouble);
        }
        self.check_failures();
    }

    /// Fails with what callbacks did wrong, unless that is expected.
    #[track_caller]
    pub(super) fn check_failures(&self) {
        if !self.failures.is_empty() && !self.are_failures_expected {
            let failures: Vec<String> = self.failures.iter().map(|failure| with_causes(failure)).collect();
            fail(&failures.join("\n"));
        }
    }

    /// The page of the current tab.
    pub(in crate::test) fn page(&self) -> Result<&Page, Trouble> {
        self.pages.get(&self.current).ok_or_else(|| "there is no open tab".to_owned())
    }

    /// The current page changes its copy and tells the server, in one message.
    pub(in crate::test) fn tell(&mut self, events: Vec<PatchEvent>) -> Result<(), Trouble> {
        let (content, buffers) = encode(&self.document, &events);
        let content: Json = serde_json::from_slice(&content).map_err(|error| error.to_string())?;
        let page = self.pages.get_mut(&self.current).ok_or("there is no open tab")?;
        let is_change = |event: &PatchEvent| !matches!(event, PatchEvent::MessageSent { .. });
        if events.iter().all(is_change) {
            page.change(&content, &buffers)?;
        }
        page.said.extend(events);
        let origin = page.origin;
        let applied = self.document.apply_patch(&content, &buffers, origin);
        let Applied { defined, .. } = applied.map_err(|error: PatchError| format!("the server refuses it: {error}"))?;
        self.publish(Some(Author { origin, models: &defined }))
    }

    /// Runs what was posted and what is due, until nothing is left to do.
    pub(super) fn work(&mut self) -> Result<(), Trouble> {
        for _ in 0..Self::MAX_ROUNDS {
            let mut has_worked = self.begin_work()?;
            has_worked |= self.run_jobs()?;
            has_worked |= self.tasks.poll();
            for callback in self.timers.take_due(self.now) {
                self.document.run_scheduled(callback);
                self.publish(None)?;
                has_worked = true;
            }
            if !has_worked {
                return Ok(());
            }
        }
        Err(format!(
            "callbacks without a delay schedule each other without an end, cut after {} rounds",
            Self::MAX_ROUNDS
        ))
    }

    /// Starts what was spawned, and does what is to be done in the background, one after the other.
    fn begin_work(&mut self) -> Result<bool, Trouble> {
        let work = self.document.take_work();
        let has_worked = !work.is_empty();
        for work in work {
            match work {
                Work::Future(future) => self.tasks.spawn(future, &self.jobs),
                Work::Blocking(work) => self.run_in_background(work)?,
            }
        }
        Ok(has_worked)
    }

    /// Blocking work may wait for the document, so it has a thread of its own.
    fn run_in_background(&mut self, work: Box<dyn FnOnce() + Send>) -> Result<(), Trouble> {
        let (bell, is_done) = (self.jobs.bell(), Arc::new(AtomicBool::new(false)));
        let (begin, says_done) = (Instant::now(), is_done.clone());
        std::thread::spawn(move || {
            work();
            says_done.store(true, Ordering::Release);
            bell.ring();
        });
        while !is_done.load(Ordering::Acquire) {
            let left = Self::MAX_BACKGROUND.saturating_sub(begin.elapsed());
            if !self.jobs.wait(left) {
                return Err(format!("work in the background has not ended within {:?}", Self::MAX_BACKGROUND));
            }
            self.run_jobs()?;
        }
        Ok(())
    }

    fn run_jobs(&mut self) -> Result<bool, Trouble> {
        let mut has_worked = false;
        while let Some(job) = self.jobs.take() {
            job(&mut self.document);
            self.publish(None)?;
            has_worked = true;
        }
        Ok(has_worked)
    }

    /// Sends the changes to the pages, and notes what was scheduled and what has failed.
    pub(super) fn publish(&mut self, author: Option<Author<'_>>) -> Result<(), Trouble> {
        self.timers.apply(self.document.take_schedule_changes(), self.now);
        self.failures.extend(self.document.take_failures());
        self.document.take_warnings();
        // A change may name a model that is swept as soon as it was published.
        for model in self.document.models() {
            if let Some(id) = self.document.wire_id(model) {
                self.models.insert(id.into(), model);
            }
        }
        if self.pages.is_empty() {
            self.publisher.skip(&mut self.document);
            return Ok(());
        }
        let published = self.publisher.publish(&mut self.document, author);
        for page in self.pages.values_mut() {
            for patch in published.for_peer(page.origin) {
                page.receive(&patch, &self.models).map_err(|error| format!("the page cannot read a patch: {error}"))?;
            }
        }
        Ok(())
    }

    fn check_copies(&self) -> Result<(), Trouble> {
        // What is held back is in the document already, and the pages are told later.
        if self.document.is_held() {
            return Ok(());
        }
        for page in self.pages.values() {
            if let Some(difference) = compare::difference(&self.document, &page.copy) {
                return Err(format!("the page's copy of the document differs from the server's: {difference}"));
            }
        }
        Ok(())
    }
}

/// The content of a PATCH-DOC whose models the reader knows.
pub(in crate::test) fn encode(document: &Document, events: &[PatchEvent]) -> (Vec<u8>, Vec<Buffer>) {
    let mut ids = BufferIds::default();
    let mut encoder = Encoder::new(document, &|_| true, BytesMode::Buffers(&mut ids));
    encoder.raw("{\"events\":[");
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            encoder.raw(",");
        }
        event.encode(&mut encoder);
    }
    encoder.raw("]}");
    encoder.finish()
}
