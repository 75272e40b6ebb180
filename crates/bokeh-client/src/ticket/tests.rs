use super::*;

#[test]
fn a_new_ticket_is_bought_when_the_old_one_may_be_why_there_is_no_connection() {
    let ticket = Ticket { token: "t".into(), expiry: 1000 };
    let closed = || ConnectError::NotAcknowledged(Disconnect::ByServer { code: None, reason: String::new() });
    let refused = || ConnectError::Refused { status: 403, reason: "Token is expired".into() };
    for (error, now, expected) in
        [(closed(), 999, false), (closed(), 1000, true), (refused(), 1000, false), (refused(), 999, false)]
    {
        assert_eq!(ticket.is_too_old(&error, now), expected, "{error} at {now}");
    }
}
