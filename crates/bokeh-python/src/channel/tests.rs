use bytes::Buf;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use super::*;

/// The worker's end of a channel, played by the test.
struct Worker {
    socket: UnixStream,
    bytes: BytesMut,
}

impl Worker {
    async fn receive(&mut self) -> Value {
        loop {
            if let Read::Raw(raw) = FrameReader::default().read(&mut self.bytes).unwrap() {
                return Value::Object(raw.parse().unwrap().fields);
            }
            assert!(self.socket.read_buf(&mut self.bytes).await.unwrap() > 0, "the channel has ended");
        }
    }

    async fn send(&mut self, fields: &Value) {
        for mut chunk in encode(fields, &[]).unwrap().chunks().cloned() {
            self.socket.write_all_buf(&mut chunk).await.unwrap();
            assert!(!chunk.has_remaining());
        }
    }
}

/// A channel, its end, its worker, and what the worker says by itself.
fn connected() -> (Channel, ChannelEnd, Worker, mpsc::Receiver<Value>) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let (sender, said) = mpsc::channel(100);
    let on_frame = Box::new(move |frame: Frame| sender.try_send(Value::Object(frame.fields)).unwrap());
    let (channel, end) = Channel::start(ours, on_frame);
    (channel, end, Worker { socket: theirs, bytes: BytesMut::new() }, said)
}

fn call(channel: &Channel, timeout: Option<Duration>) -> tokio::task::JoinHandle<Result<Reply, CallError>> {
    let channel = channel.clone();
    tokio::spawn(async move { channel.call("ask", &json!({"n": 1}), &[], timeout).await })
}

#[tokio::test]
async fn replies_find_those_who_asked_in_any_order() {
    let (channel, _end, mut worker, _said) = connected();
    let (first, second) = (call(&channel, None), call(&channel, None));
    let (one, two) = (worker.receive().await, worker.receive().await);
    assert_eq!(one, json!({"t": "ask", "id": 1, "n": 1}));
    for (asked, value) in [(two, "b"), (one, "a")] {
        worker.send(&json!({"t": "reply", "id": asked["id"], "error": null, "value": value})).await;
    }
    assert_eq!(first.await.unwrap().unwrap().fields["value"], "a");
    assert_eq!(second.await.unwrap().unwrap().fields["value"], "b");
}

#[tokio::test]
async fn an_error_is_told_with_its_traceback() {
    let (channel, _end, mut worker, _said) = connected();
    let asked = call(&channel, None);
    let id = worker.receive().await["id"].clone();
    worker.send(&json!({"t": "reply", "id": id, "error": {"text": "no such thing", "traceback": "line 1"}})).await;
    assert_eq!(asked.await.unwrap().unwrap_err().to_string(), "no such thing\nline 1");
}

#[tokio::test]
async fn what_the_worker_says_keeps_its_order_with_replies() {
    let (channel, _end, mut worker, mut said) = connected();
    let (sender, mut heard) = mpsc::channel(10);
    channel.request("ask", &json!({}), &[], Box::new(move |_| sender.try_send("reply").unwrap()));
    let id = worker.receive().await["id"].clone();
    worker.send(&json!({"t": "changes", "n": 1})).await;
    worker.send(&json!({"t": "reply", "id": id})).await;
    worker.send(&json!({"t": "changes", "n": 2})).await;
    assert_eq!(said.recv().await.unwrap()["n"], 1);
    assert_eq!(heard.recv().await.unwrap(), "reply");
    assert_eq!(said.recv().await.unwrap()["n"], 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_given_up_and_its_reply_dropped() {
    let (channel, _end, mut worker, mut said) = connected();
    let error = call(&channel, Some(Duration::from_secs(3))).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "the Python worker did not answer to `ask` within 3s");
    assert_eq!(channel.n_pending(), Some(0));
    let id = worker.receive().await["id"].clone();
    worker.send(&json!({"t": "reply", "id": id})).await;
    worker.send(&json!({"t": "changes"})).await;
    assert!(said.recv().await.is_some());
}

#[tokio::test]
async fn a_caller_who_goes_is_forgotten() {
    let (channel, _end, mut worker, _said) = connected();
    let asked = call(&channel, None);
    worker.receive().await;
    assert_eq!(channel.n_pending(), Some(1));
    asked.abort();
    assert!(asked.await.unwrap_err().is_cancelled());
    assert_eq!(channel.n_pending(), Some(0));
}

#[tokio::test]
async fn all_who_wait_are_told_when_the_worker_is_gone_and_so_are_those_who_come_later() {
    let (channel, mut end, mut worker, _said) = connected();
    let asked = call(&channel, None);
    worker.receive().await;
    drop(worker);
    assert!(matches!(asked.await.unwrap(), Err(CallError::Gone)));
    assert!(end.wait().await.is_ok());
    assert!(matches!(call(&channel, None).await.unwrap(), Err(CallError::Gone)));
    assert!(matches!(channel.post("say", &json!({}), &[]), Err(CallError::Gone)));
}

#[tokio::test]
async fn what_the_worker_has_said_before_its_end_is_heard() {
    let (_channel, mut end, mut worker, mut said) = connected();
    for n in 0..50 {
        worker.send(&json!({"t": "changes", "n": n})).await;
    }
    drop(worker);
    end.wait().await.unwrap();
    for n in 0..50 {
        assert_eq!(said.try_recv().unwrap()["n"], n);
    }
}

#[tokio::test]
async fn a_worker_that_sends_no_frames_is_not_listened_to() {
    let (channel, mut end, mut worker, _said) = connected();
    worker.socket.write_all(b"Traceback (most recent call last)").await.unwrap();
    let error = end.wait().await.unwrap_err();
    assert_eq!(error.to_string(), "the worker sent something that is no message");
    assert!(matches!(channel.post("say", &json!({}), &[]), Err(CallError::Gone)));
}

#[tokio::test]
async fn a_worker_that_does_not_read_keeps_nobody_waiting() {
    let (channel, _end, mut worker, mut said) = connected();
    // More than the socket takes.
    let text = "x".repeat(1 << 20);
    for _ in 0..20 {
        channel.post("say", &json!({ "text": text }), &[]).unwrap();
    }
    assert!(channel.n_queued_bytes() > 19 << 20);
    worker.send(&json!({"t": "changes"})).await;
    assert!(said.recv().await.is_some());
    for _ in 0..20 {
        assert_eq!(worker.receive().await["text"].as_str().unwrap().len(), text.len());
    }
    while channel.n_queued_bytes() > 0 {
        tokio::task::yield_now().await;
    }
}
