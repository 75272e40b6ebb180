use super::super::coding::Coding;
use super::*;

#[tokio::test]
async fn a_file_is_kept_until_it_changes() {
    let shelf = Shelf::default();
    let first = shelf.compressed(Path::new("a.css"), "1");
    assert!(Arc::ptr_eq(&first, &shelf.compressed(Path::new("a.css"), "1")));
    assert!(!Arc::ptr_eq(&first, &shelf.compressed(Path::new("b.css"), "1")));
    assert!(!Arc::ptr_eq(&first, &shelf.compressed(Path::new("a.css"), "2")));
}

#[tokio::test]
async fn what_was_not_wanted_for_the_longest_time_is_let_go() {
    let shelf = Shelf::new(10_000);
    for n in 0..100 {
        keep(&shelf, &n.to_string()).await;
        keep(&shelf, "popular").await;
    }
    let files = shelf.files.lock();
    let kept: Vec<&str> = files.by_path.keys().filter_map(|path| path.to_str()).collect();
    assert!(kept.contains(&"popular") && kept.contains(&"99"), "{kept:?}");
    assert!((3..10).contains(&kept.len()), "{kept:?}");
}

async fn keep(shelf: &Shelf, path: &str) {
    let noise: Vec<u8> = (0..1000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let compressed = shelf.compressed(Path::new(path), "1");
    compressed.get(Coding::Gzip, async || Ok(noise.clone().into())).await.unwrap();
}
