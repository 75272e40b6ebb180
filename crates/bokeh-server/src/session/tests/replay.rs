//! All recorded traffic of Bokeh, replayed: what the peers sent goes in, what comes out is compared with what Bokeh sent.

mod differences;
mod player;

use replay::Recording;

use differences::{ELSEWHERE, EXPECTED};
use player::Player;

const OVER_SOCKETS: &str = include_str!("../../../tests/it/replays.rs");
const CHAPTER: &str = include_str!("../../../../../docs/src/differences.md");

#[test]
fn every_recording_is_answered_as_by_bokeh_but_for_the_listed_differences() {
    let (mut found, mut n_compared) = (Vec::new(), 0);
    let names = Recording::names();
    for name in &names {
        let outcome = Player::play(Recording::read(name));
        n_compared += outcome.n_compared;
        found.push((name.clone(), outcome.differences));
    }
    assert_eq!(names.len(), 39);
    assert_eq!(n_compared, 660, "the events, replies and ends of connections that Bokeh sent in its sessions");
    if let Err(problems) = replay::check(&found, EXPECTED, CHAPTER) {
        panic!("{} problems:\n{problems}", problems.lines().count());
    }
}

#[test]
fn what_a_core_cannot_replay_is_replayed_elsewhere() {
    let left_out: Vec<(String, Vec<u64>)> = Recording::names()
        .into_iter()
        .map(|name| (name.clone(), Player::play(Recording::read(&name)).left_out))
        .filter(|(_, connections)| !connections.is_empty())
        .collect();
    let listed: Vec<(String, Vec<u64>)> =
        ELSEWHERE.iter().map(|(file, connections, _)| ((*file).to_owned(), connections.to_vec())).collect();
    assert_eq!(left_out, listed);
    for (_, _, test) in ELSEWHERE {
        assert!(OVER_SOCKETS.contains(&format!("async fn {test}()")), "there is no test {test}");
    }
}
