use super::*;

/// What Tornado makes with `create_signed_value`: secret, name, value, seconds since 1970, the text.
const OF_TORNADO: [(&str, &str, &str, u64, &str); 4] = [
    (
        "crumbs",
        "user",
        "ada",
        1_300_000_000,
        "2|1:0|10:1300000000|4:user|4:YWRh|88a28ac752cc0ab7b1cb447d7de854aa737d96283e22c6b650b3fa25d7900601",
    ),
    (
        "0123456789abcdef0123456789abcdef0123456789abcdef",
        "user",
        "Ünï ☃",
        1_700_000_000,
        "2|1:0|10:1700000000|4:user|12:w5xuw68g4piD|90de0830cf9f71e38fa77364c036829058fb2e09d72cf382b693ffb9fa0a6b84",
    ),
    ("k", "a", "", 1, "2|1:0|1:1|1:a|0:|687831ad9d087818af83629b334a9b57a5d828825a6fef0429b52045360b5ee6"),
    (
        "crumbs",
        "a|b",
        "1:0|",
        42,
        "2|1:0|2:42|3:a|b|8:MTowfA==|339dce12b29da5655a5084d447ba4f36b0b253c54151e30d075a3e5177a8ae4e",
    ),
];

#[test]
fn cookies_are_those_of_tornado() {
    for (secret, name, value, time, text) in OF_TORNADO {
        let cookies = cookies(secret);
        assert_eq!(cookies.sign_at(name, value.as_bytes(), time), text);
        assert_eq!(cookies.open_at(name, text, DAY, time + 5), Ok(value.as_bytes().to_vec()), "{text}");
    }
}

#[test]
fn what_was_not_signed_here_does_not_count() {
    let good = cookies("crumbs").sign_at("user", b"ann", NOW);
    let of = |text: &str| good.replace(&good[..good.len() - 64], text);
    for (name, text, now, expected) in [
        ("user", good.clone(), NOW, None),
        ("user", good.clone(), NOW + 86_400, None),
        // Clocks differ.
        ("user", good.clone(), NOW - 60, None),
        ("user", good.clone(), NOW + 86_401, Some(OpenCookieError::Expired)),
        ("admin", good.clone(), NOW, Some(OpenCookieError::Name)),
        ("user", good.replace("YW5u", "YW5v"), NOW, Some(OpenCookieError::Signature)),
        ("user", good.replace("10:17", "10:18"), NOW, Some(OpenCookieError::Signature)),
        ("user", cookies("other").sign_at("user", b"ann", NOW), NOW, Some(OpenCookieError::Signature)),
        ("user", good[..good.len() - 2].to_owned(), NOW, Some(OpenCookieError::Signature)),
        ("user", good[..good.len() - 1].to_owned(), NOW, Some(OpenCookieError::Malformed)),
        ("user", good[..good.len() - 64].to_owned(), NOW, Some(OpenCookieError::Signature)),
        ("user", of("2|"), NOW, Some(OpenCookieError::Signature)),
        ("user", of("2|9999999999999:0|"), NOW, Some(OpenCookieError::Signature)),
        ("user", "ann".to_owned(), NOW, Some(OpenCookieError::Malformed)),
        ("user", String::new(), NOW, Some(OpenCookieError::Malformed)),
        ("user", "|é".to_owned(), NOW, Some(OpenCookieError::Malformed)),
    ] {
        assert_eq!(cookies("crumbs").open_at(name, &text, DAY, now).err(), expected, "{name} {text}");
    }
}

#[test]
fn an_old_secret_is_known_and_not_used() {
    let (old, new) = (cookies("old"), cookies("new"));
    let both = cookies("new").with_old_secret(Secret::new("old"));
    let by_old = old.sign_at("user", b"ann", NOW);
    assert_eq!(both.open_at("user", &by_old, DAY, NOW), Ok(b"ann".to_vec()));
    assert_eq!(both.sign_at("user", b"ann", NOW), new.sign_at("user", b"ann", NOW));
    assert_eq!(new.open_at("user", &by_old, DAY, NOW), Err(OpenCookieError::Signature));
}

#[test]
fn fields_are_as_long_as_they_say() {
    for (text, expected) in [
        ("2|1:0|1:1|1:a|0:|", Some(["0", "1", "a", ""])),
        ("2|1:0|1:1|3:a|b|0:|", Some(["0", "1", "a|b", ""])),
        ("1|1:0|1:1|1:a|0:|", None),
        ("2|1:0|1:1|1:a|", None),
        ("2|1:0|1:1|1:a|0:|x", None),
        ("2|2:0|1:1|1:a|0:|", None),
        ("2|1:0|1:1|1:é|0:|", None),
        ("2|1:0|1:1|-1:a|0:|", None),
        ("2|1:0|1:1|99999999999999999999:a|0:|", None),
    ] {
        assert_eq!(fields(text), expected, "{text}");
    }
}

fn cookies(secret: &str) -> SignedCookies {
    SignedCookies::new(Secret::new(secret))
}

const NOW: u64 = 1_700_000_000;
const DAY: Duration = Duration::from_secs(86_400);
