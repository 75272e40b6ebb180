//! How much of what a peer was sent it has seen.

use std::time::Duration;

/// How long a peer may take to look at what has reached it. BokehJS acknowledges nothing, so this is a guess on the safe side: when
/// it is too long, a peer is sent a value once more that it has.
pub(super) const UNSEEN: Duration = Duration::from_secs(10);

/// After this time a ping without an answer counts as answered: the peer does not know pings.
const DEAF: Duration = Duration::from_secs(600);

/// What is known of one peer. It is sent a ping behind its messages from time to time: the answer says that they have arrived,
/// however long the line holds them up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Receipts {
    /// It has seen everything that was sent before this moment.
    seen: Duration,
    ping: Option<Ping>,
    last_sent: Option<Duration>,
}

#[derive(Clone, Copy, Debug)]
struct Ping {
    sent: Duration,
    answered: Option<Duration>,
}

impl Ping {
    /// When everything before the ping counts as seen.
    fn counts_from(self) -> Duration {
        self.answered.map_or(self.sent + DEAF, |answered| answered + UNSEEN)
    }
}

impl Receipts {
    /// It has everything from before: its copy begins now.
    pub(super) fn begin(&mut self, now: Duration) {
        *self = Receipts { seen: now, ..Receipts::default() };
    }

    /// It is sent something.
    pub(super) fn note_sent(&mut self, now: Duration) {
        self.last_sent = Some(now);
    }

    /// It has seen everything that was sent before this moment.
    pub(super) fn seen(&self, now: Duration) -> Duration {
        match self.ping {
            Some(ping) if now >= ping.counts_from() => ping.sent,
            _ => self.seen,
        }
    }

    /// Whether to send a ping now.
    pub(super) fn take_ping(&mut self, now: Duration) -> bool {
        self.seen = self.seen(now);
        self.ping = self.ping.filter(|ping| now < ping.counts_from());
        let is_due = self.ping.is_none() && self.has_unseen();
        if is_due {
            self.ping = Some(Ping { sent: now, answered: None });
        }
        is_due
    }

    /// The ping was answered.
    pub(super) fn answered(&mut self, now: Duration) {
        if let Some(ping) = &mut self.ping {
            ping.answered.get_or_insert(now);
        }
    }

    /// When [`take_ping`](Self::take_ping) is to be called next, if nothing happens before.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.ping.filter(|_| self.has_unseen()).map(Ping::counts_from)
    }

    fn has_unseen(&self) -> bool {
        self.last_sent.is_some_and(|sent| sent >= self.seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_seen_some_time_after_a_ping_behind_it_was_answered() {
        let secs = Duration::from_secs;
        let mut receipts = Receipts::default();
        receipts.begin(secs(1));
        assert!(!receipts.take_ping(secs(2)), "nothing was sent");
        receipts.note_sent(secs(3));
        assert!(receipts.take_ping(secs(4)));
        assert!(!receipts.take_ping(secs(5)), "one at a time");
        assert_eq!(receipts.seen(secs(100)), secs(1), "it has not arrived yet");
        receipts.note_sent(secs(100));
        receipts.answered(secs(101));
        assert_eq!(receipts.deadline(), Some(secs(111)));
        assert_eq!(receipts.seen(secs(110)), secs(1));
        assert_eq!(receipts.seen(secs(111)), secs(4));
        assert!(receipts.take_ping(secs(111)), "for what was sent since");
        receipts.answered(secs(112));
        assert!(!receipts.take_ping(secs(122)));
        assert_eq!((receipts.seen(secs(122)), receipts.deadline()), (secs(111), None));
    }

    #[test]
    fn a_peer_that_answers_no_pings_is_not_waited_for_for_ever() {
        let mut receipts = Receipts::default();
        receipts.note_sent(Duration::ZERO);
        assert!(receipts.take_ping(Duration::from_secs(1)));
        assert_eq!(receipts.deadline(), Some(Duration::from_secs(601)));
        assert_eq!(receipts.seen(Duration::from_secs(601)), Duration::from_secs(1));
    }
}
