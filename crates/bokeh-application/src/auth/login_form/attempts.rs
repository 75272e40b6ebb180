use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Who has tried to log in in vain, so that guessing takes long.
///
/// A name is counted for each address by itself, so that nobody can lock others out. All names that an address tries are
/// counted, too, with more patience: many users can share one.
#[derive(Debug, Default)]
pub(super) struct Attempts(HashMap<Key, Count>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Name(String, String),
    Address(String),
}

#[derive(Clone, Copy, Debug)]
struct Count {
    n_failed: u32,
    last: Instant,
}

impl Attempts {
    /// Counts an attempt as one that fails, unless there were so many that one has to wait: for how long is the error.
    pub(super) fn begin(&mut self, address: &str, name: &str, now: Instant) -> Result<(), Duration> {
        let keys = keys(address, name);
        let waits = keys.iter().filter_map(|(key, patience)| {
            let count = self.0.get(key)?;
            let pause = pause(count.n_failed, *patience)?;
            (count.last + pause).checked_duration_since(now).filter(|wait| !wait.is_zero())
        });
        if let Some(wait) = waits.max() {
            return Err(wait);
        }
        self.make_room(now);
        for (key, _) in keys {
            match self.0.entry(key) {
                Entry::Vacant(entry) => drop(entry.insert(Count { n_failed: 1, last: now })),
                Entry::Occupied(mut entry) => {
                    let count = entry.get_mut();
                    let is_forgotten = now.duration_since(count.last) > MEMORY;
                    let before = if is_forgotten { 0 } else { count.n_failed };
                    *count = Count { n_failed: before.saturating_add(1), last: now };
                }
            }
        }
        Ok(())
    }

    /// The last attempt was none in vain.
    pub(super) fn succeed(&mut self, address: &str, name: &str) {
        let [(of_name, _), (of_address, _)] = keys(address, name);
        self.0.remove(&of_name);
        if let Some(count) = self.0.get_mut(&of_address) {
            count.n_failed = count.n_failed.saturating_sub(1);
        }
    }

    /// Forgets what was long ago. When there is too much in a short time, forgets all: memory is bounded.
    fn make_room(&mut self, now: Instant) {
        if self.0.len() + 2 > MAX_KEYS {
            self.0.retain(|_, count| now.duration_since(count.last) <= MEMORY);
        }
        if self.0.len() + 2 > MAX_KEYS {
            // An address with many names has few keys of its own, so those who guess are still known.
            self.0.retain(|key, _| matches!(key, Key::Address(_)));
        }
        if self.0.len() + 2 > MAX_KEYS {
            self.0.clear();
        }
    }
}

/// What is counted, and how often it may fail before it has to wait.
fn keys(address: &str, name: &str) -> [(Key, u32); 2] {
    let network = network(address);
    // A long name is not worth its memory.
    let name = name.chars().take(MAX_NAME_CHARS).collect();
    [(Key::Name(network.clone(), name), PATIENCE_WITH_NAME), (Key::Address(network), PATIENCE_WITH_ADDRESS)]
}

/// An address of IPv6 stands for its whole network, all of which one machine can have.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(ip)) => format!("{:x}", ip.to_bits() >> 64),
        _ => address.to_owned(),
    }
}

/// How long to wait after so many failures: from a second on twice as long each time, up to five minutes.
fn pause(n_failed: u32, patience: u32) -> Option<Duration> {
    let exponent = n_failed.checked_sub(patience)?;
    Some(MAX_PAUSE.min(Duration::from_secs(1 << exponent.min(10))))
}

const PATIENCE_WITH_NAME: u32 = 5;
const PATIENCE_WITH_ADDRESS: u32 = 50;
const MAX_PAUSE: Duration = Duration::from_secs(300);
/// Attempts are forgotten when there were none for so long.
const MEMORY: Duration = Duration::from_secs(900);
const MAX_KEYS: usize = 20_000;
const MAX_NAME_CHARS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_a_password_takes_longer_and_longer() {
        let (mut attempts, mut now) = (Attempts::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(attempts.begin("1.2.3.4", "ann", now), Ok(()));
        }
        for secs in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let wait = Duration::from_secs(secs);
            assert_eq!(attempts.begin("1.2.3.4", "ann", now), Err(wait));
            assert_eq!(attempts.begin("1.2.3.5", "ann", now), Ok(()), "elsewhere nobody waits");
            attempts.succeed("1.2.3.5", "ann");
            now += wait;
            assert_eq!(attempts.begin("1.2.3.4", "ann", now), Ok(()));
        }
        attempts.succeed("1.2.3.4", "ann");
        assert_eq!(attempts.begin("1.2.3.4", "ann", now), Ok(()));
    }

    #[test]
    fn trying_many_names_takes_long_too() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        let address = |n: u32| format!("2001:db8::{n:x}");
        for n in 0..50 {
            assert_eq!(attempts.begin(&address(n), &format!("user{n}"), now), Ok(()), "{n}");
        }
        assert_eq!(attempts.begin(&address(99), "ann", now), Err(Duration::from_secs(1)));
        assert_eq!(attempts.begin("2001:db8:0:1::1", "ann", now), Ok(()), "another network");
    }

    #[test]
    fn what_was_long_ago_is_forgotten() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(attempts.begin("1.2.3.4", "ann", now), Ok(()));
        }
        let later = now + MEMORY + Duration::from_secs(1);
        for _ in 0..5 {
            assert_eq!(attempts.begin("1.2.3.4", "ann", later), Ok(()));
        }
        assert!(attempts.begin("1.2.3.4", "ann", later).is_err());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        for n in 0..MAX_KEYS * 2 {
            attempts.begin(&format!("address {n}"), "ann", now).unwrap();
            assert!(attempts.0.len() <= MAX_KEYS);
        }
    }
}
