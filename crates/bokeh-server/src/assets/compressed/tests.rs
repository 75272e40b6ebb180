use std::io::Read;
use std::sync::atomic::AtomicUsize;

use flate2::read::GzDecoder;

use super::*;

#[tokio::test]
async fn compression_can_be_undone_and_happens_once() {
    let plain = Bytes::from("function f() { return 1 }".repeat(1000));
    let compressed = Arc::new(Compressed::default());
    let n_read = AtomicUsize::new(0);
    for coding in [Coding::Gzip, Coding::Brotli, Coding::Gzip, Coding::Brotli] {
        let body = compressed.get(coding, async || {
            n_read.fetch_add(1, Ordering::Relaxed);
            Ok(plain.clone())
        });
        let body = body.await.unwrap();
        assert!(body.len() < plain.len() / 10, "{coding:?}");
        assert_eq!(decoded(coding, &body), plain, "{coding:?}");
    }
    assert_eq!(n_read.into_inner(), 2);
}

#[tokio::test]
async fn what_is_asked_for_often_is_compressed_better_and_stays_the_same() {
    let plain = Bytes::from((0..5000).map(|n: u32| format!("let v{n} = {};", n.pow(2))).collect::<String>());
    let compressed = Arc::new(Compressed::default());
    let get = || compressed.get(Coding::Brotli, async || Ok(plain.clone()));
    let first = get().await.unwrap();
    let mut last = first.clone();
    while last.len() == first.len() {
        last = get().await.unwrap();
        tokio::task::yield_now().await;
    }
    assert!(last.len() < first.len());
    assert_eq!(decoded(Coding::Brotli, &last), plain);
    assert_eq!(compressed.n_bytes(), last.len());
}

#[tokio::test]
async fn few_wait_to_be_compressed_better() {
    let all = TO_IMPROVE.acquire_many(MAX_TO_IMPROVE as u32).await.unwrap();
    let compressed = Arc::new(Compressed::default());
    let n_read = AtomicUsize::new(0);
    for _ in 0..2 * OFTEN {
        let body = compressed.get(Coding::Brotli, async || {
            n_read.fetch_add(1, Ordering::Relaxed);
            Ok("let a = 1;".repeat(1000).into())
        });
        body.await.unwrap();
    }
    assert_eq!(n_read.into_inner(), 1);
    drop(all);
}

#[tokio::test]
async fn what_was_compressed_beforehand_is_sent() {
    let compressed = Arc::new(Compressed::ready(Some("br".into()), Some("gz".into())));
    for (coding, expected) in [(Coding::Brotli, "br"), (Coding::Gzip, "gz"), (Coding::Brotli, "br")] {
        let body = compressed.get(coding, async || Err(io::Error::other("not to be read"))).await.unwrap();
        assert_eq!(body, expected);
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_can_be_later() {
    let compressed = Arc::new(Compressed::default());
    assert!(compressed.get(Coding::Gzip, async || Err(io::Error::other("gone"))).await.is_err());
    assert!(compressed.get(Coding::Gzip, async || Ok("back".into())).await.is_ok());
}

fn decoded(coding: Coding, body: &[u8]) -> Bytes {
    let mut plain = Vec::new();
    match coding {
        Coding::Gzip => drop(GzDecoder::new(body).read_to_end(&mut plain).unwrap()),
        Coding::Brotli => brotli::BrotliDecompress(&mut { body }, &mut plain).unwrap(),
    }
    plain.into()
}
