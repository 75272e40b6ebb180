//! Whatever a server and its peers do at the same moment, they end with the same document.

mod peer;
mod primary;
mod world;

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use peer::Habits;
use world::{Step, What, World};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000,
        // The same cases every time.
        rng_seed: RngSeed::Fixed(39),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn all_copies_are_equal_in_the_end(
        habits in [habits(), habits(), habits()],
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut world = World::new(&habits);
        for step in &steps {
            world.take(step);
        }
        world.settle();
        world.assert_equal();
    }

    #[test]
    fn a_replica_its_primary_and_their_peers_are_equal_in_the_end(
        habits in [habits(), habits(), habits()],
        ms_to_primary in 0..100_u64,
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut world = World::of_a_replica(&habits, Duration::from_millis(ms_to_primary));
        for step in &steps {
            world.take(step);
        }
        world.settle();
        world.assert_equal();
    }
}

fn habits() -> impl Strategy<Value = Habits> {
    // Some lines are held up for longer than any guess allows for.
    let delay = || prop_oneof![4 => 0..600_u64, 1 => 0..30_000_u64];
    (any::<bool>(), delay(), delay()).prop_map(|(is_browser, ms_up, ms_down)| Habits { is_browser, ms_up, ms_down })
}

fn step() -> impl Strategy<Value = Step> {
    (0..120_u64, 0..4_usize, what()).prop_map(|(after_ms, who, what)| Step { after_ms, who, what })
}

fn what() -> impl Strategy<Value = What> {
    let n = any::<u8>;
    prop_oneof![
        4 => (n(), n()).prop_map(|(model, value)| What::Write(model, value)),
        2 => (n(), n()).prop_map(|(model, models)| What::Children(model, models)),
        2 => (n(), n()).prop_map(|(model, new)| What::NewChild(model, new)),
        2 => (n(), n(), prop::option::of(1..5_u8)).prop_map(|(source, row, rollover)| What::Stream(source, row, rollover)),
        1 => (n(), n(), n()).prop_map(|(source, row, value)| What::Patch(source, row, value)),
        1 => (n(), n()).prop_map(|(source, value)| What::Replace(source, value)),
        1 => (n(), n()).prop_map(|(source, value)| What::Column(source, value)),
        1 => n().prop_map(What::AddRoot),
        1 => n().prop_map(What::RemoveRoot),
        1 => n().prop_map(What::AddRootAgain),
        1 => n().prop_map(What::Title),
        1 => n().prop_map(What::Refused),
        1 => Just(What::StopReading),
        1 => Just(What::Read),
        1 => Just(What::Pull),
    ]
}
