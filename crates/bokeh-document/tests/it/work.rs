//! Getting into the document from elsewhere, and what runs beside it.

use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;

use bokeh_document::{CallbackObserver, Document, DocumentHandle, Job, Mailbox, PostError, UpdateError, Work};

/// A document whose jobs wait in a channel.
struct Owner {
    doc: Document,
    jobs: mpsc::Receiver<Job>,
}

struct Jobs(mpsc::SyncSender<Job>);

impl Mailbox for Jobs {
    fn post(&self, job: Job) -> Result<(), PostError> {
        self.0.try_send(job).map_err(|error| match error {
            mpsc::TrySendError::Full(_) => PostError::Full,
            mpsc::TrySendError::Disconnected(_) => PostError::Gone,
        })
    }
}

impl Owner {
    fn new() -> Self {
        let (sender, jobs) = mpsc::sync_channel(8);
        let mut doc = Document::new();
        doc.set_handle(DocumentHandle::new(Arc::new(Jobs(sender))));
        Owner { doc, jobs }
    }

    fn run_jobs(&mut self) {
        for job in self.jobs.try_iter() {
            job(&mut self.doc);
        }
    }

    /// Runs what was spawned as far as it gets without the document.
    fn run_work(&mut self) {
        for work in self.doc.take_work() {
            match work {
                Work::Future(mut future) => drop(poll(future.as_mut())),
                Work::Blocking(work) => work(),
            }
        }
    }

    /// The failures, without the lines in which they happened.
    fn failures(&mut self) -> Vec<String> {
        let texts = self.doc.take_failures().into_iter().map(|failure| failure.to_string());
        texts
            .map(|text| match text.split_once(" at ") {
                Some((what, rest)) => format!("{what}{}", rest.find(' ').map_or("", |space| &rest[space..])),
                None => text,
            })
            .collect()
    }
}

#[test]
fn an_update_returns_what_its_closure_returns() {
    let mut owner = Owner::new();
    let handle = owner.doc.handle().unwrap();
    let update = handle.update(|doc| {
        doc.set_title("updated");
        doc.n_models()
    });
    let mut update = pin!(update);
    assert_eq!(poll(update.as_mut()), Poll::Pending);
    owner.run_jobs();
    assert_eq!(poll(update), Poll::Ready(Ok(owner.doc.n_models())));
    assert_eq!(owner.doc.title(), "updated");
}

#[test]
fn an_update_says_why_it_has_no_result() {
    let mut owner = Owner::new();
    let handle = owner.doc.handle().unwrap();
    let mut panics = pin!(handle.update(|_| if true {
        panic!("boom")
    }));
    assert_eq!(poll(panics.as_mut()), Poll::Pending);
    owner.run_jobs();
    assert_eq!(poll(panics), Poll::Ready(Err(UpdateError::Panicked("boom".to_owned()))));
    assert_eq!(owner.failures(), ["the update panicked: boom"]);

    let mut too_late = pin!(handle.update(|_| ()));
    assert_eq!(poll(too_late.as_mut()), Poll::Pending);
    drop(owner);
    assert_eq!(poll(too_late), Poll::Ready(Err(UpdateError::Post(PostError::Gone))));
    assert_eq!(poll(pin!(handle.update(|_| ()))), Poll::Ready(Err(UpdateError::Post(PostError::Gone))));
}

#[test]
fn a_thread_can_wait_for_its_update() {
    let mut owner = Owner::new();
    let handle = owner.doc.handle().unwrap();
    let thread = thread::spawn(move || handle.update_blocking(|doc| doc.title().to_owned()));
    let job = owner.jobs.recv().unwrap();
    job(&mut owner.doc);
    assert_eq!(thread.join().unwrap().as_deref(), Ok(Document::DEFAULT_TITLE));
}

#[test]
fn a_callback_cannot_wait_for_its_own_document() {
    let (mut owner, mut other) = (Owner::new(), Owner::new());
    let handles = [owner.doc.handle().unwrap(), other.doc.handle().unwrap()];
    let outcome = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&outcome);
    let tick = owner.doc.add_next_tick_callback(move |_| {
        let [own, other] = &handles;
        *seen.lock().unwrap() = Some(own.update_blocking(|_| ()));
        other.post(|doc| doc.set_title("reached"))
    });
    owner.doc.run_scheduled(tick);
    assert_eq!(*outcome.lock().unwrap(), Some(Err(UpdateError::Deadlock)));
    other.run_jobs();
    assert_eq!(other.doc.title(), "reached");
}

#[test]
fn what_goes_wrong_outside_becomes_a_failure_of_the_document() {
    type Start = fn(&mut Owner);
    let cases: [(Start, &str); 7] = [
        (|owner| owner.doc.handle().unwrap().post(|_| Err("no")).unwrap(), "the job posted failed: no"),
        (
            |owner| {
                owner
                    .doc
                    .handle()
                    .unwrap()
                    .post(|_| {
                        if true {
                            panic!("oh")
                        }
                    })
                    .unwrap()
            },
            "the job posted panicked: oh",
        ),
        (|owner| drop(owner.doc.spawn(async |_| Err("no"))), "the task spawned failed: no"),
        (
            |owner| {
                drop(owner.doc.spawn(async |_| {
                    if true {
                        panic!("oh")
                    }
                }))
            },
            "the task spawned panicked: oh",
        ),
        (
            |owner| {
                drop(owner.doc.run_in_background(
                    || {
                        if true {
                            panic!("oh")
                        }
                    },
                    |_, ()| (),
                ))
            },
            "the background work begun panicked: oh",
        ),
        (|owner| drop(owner.doc.run_in_background(|| (), |_, ()| Err("no"))), "the background work begun failed: no"),
        (
            |owner| {
                owner.doc.on_session_destroyed(|_| Err("no"));
                owner.doc.destroy_session();
            },
            "the callback of the session's end failed: no",
        ),
    ];
    for (start, expected) in cases {
        let mut owner = Owner::new();
        start(&mut owner);
        owner.run_work();
        owner.run_jobs();
        assert_eq!(owner.failures(), [expected]);
    }
}

#[test]
fn background_work_delivers_its_result_into_the_document() {
    let mut owner = Owner::new();
    owner.doc.run_in_background(|| 6 * 7, |doc, answer| doc.set_title(format!("{answer}")));
    owner.run_work();
    assert_eq!(owner.doc.title(), Document::DEFAULT_TITLE);
    owner.run_jobs();
    assert_eq!(owner.doc.title(), "42");
}

#[test]
fn a_spawned_task_reaches_the_document_by_its_handle() {
    let mut owner = Owner::new();
    owner.doc.spawn(async |document| document.post(|doc| doc.set_title("from a task")));
    owner.run_work();
    owner.run_jobs();
    assert_eq!(owner.doc.title(), "from a task");
}

#[test]
fn work_waits_until_the_document_has_a_handle() {
    let mut doc = Document::new();
    doc.spawn(async |_| ());
    assert!(doc.take_work().is_empty());
    doc.set_handle(Owner::new().doc.handle().unwrap());
    assert_eq!(doc.take_work().len(), 1);
    assert!(doc.take_work().is_empty());
}

#[test]
fn aborted_tasks_do_nothing_more() {
    let mut owner = Owner::new();
    let begun = owner.doc.spawn(async |document| {
        pending::<()>().await;
        document.post(|doc| doc.set_title("too late"))
    });
    let Some(Work::Future(mut future)) = owner.doc.take_work().pop() else { panic!("no future") };
    assert_eq!(poll(future.as_mut()), Poll::Pending);
    begun.abort();
    assert_eq!(poll(future.as_mut()), Poll::Ready(()));

    let not_begun = owner.doc.run_in_background(|| panic!("never called"), |_, ()| ());
    not_begun.abort();
    let unwanted = owner.doc.run_in_background(|| (), |doc, ()| doc.set_title("not wanted"));
    owner.run_work();
    unwanted.abort();
    owner.run_jobs();
    assert_eq!(owner.failures(), [""; 0]);
    assert_eq!(owner.doc.title(), Document::DEFAULT_TITLE);
}

#[test]
fn an_observer_sees_callbacks_begin_and_end() {
    #[derive(Default)]
    struct Brackets(Mutex<String>);
    impl CallbackObserver for Brackets {
        fn began(&self, callback: &Arc<str>) {
            *self.0.lock().unwrap() += &format!("{callback} (");
        }
        fn ended(&self) {
            *self.0.lock().unwrap() += ")";
        }
    }
    let brackets = Arc::new(Brackets::default());
    let mut doc = Document::new();
    doc.set_observer(brackets.clone());
    doc.on_message("outer", |doc, _| {
        let tick = doc.add_next_tick_callback(|_| {
            if true {
                panic!("inner")
            }
        });
        doc.run_scheduled(tick);
    });
    let content = serde_json::json!({"events": [{"kind": "MessageSent", "msg_type": "outer", "msg_data": null}]});

    doc.apply_patch(&content, &[], bokeh_document::Origin::Peer(1)).unwrap();
    let seen = brackets.0.lock().unwrap();
    assert_eq!(*seen, "the callback of the message outer (the callback of a next tick ())");
}

#[test]
fn the_end_of_a_session_is_told_once() {
    let mut doc = Document::new();
    doc.on_session_destroyed(|doc| doc.set_title(format!("{}!", doc.title())));
    doc.destroy_session();
    doc.destroy_session();
    assert_eq!(doc.title(), "Bokeh Application!");
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}
