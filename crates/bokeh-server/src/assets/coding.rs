//! How a body may be compressed on its way.

use axum::http::{HeaderMap, header};

/// A content coding of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// The coding that a request likes best. None if it is to be sent what is there as it is.
    pub(crate) fn wanted_by(request: &HeaderMap) -> Option<Self> {
        let lines = request.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|line| line.to_str().ok());
        let listed: Vec<(&str, f32)> = lines.flat_map(|line| line.split(',')).map(name_and_quality).collect();
        let quality = |name: &str| {
            let of = |wanted: &str| listed.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            of(name).or_else(|| of("*")).map(|(_, quality)| *quality)
        };
        // What is not named may be sent plain, but is liked least.
        let plain = listed.iter().find(|(name, _)| name.eq_ignore_ascii_case("identity"));
        let plain = plain.map_or(0.0, |(_, quality)| *quality);
        let offered =
            [Self::Gzip, Self::Brotli].into_iter().filter_map(|coding| Some((coding, quality(coding.name())?)));
        let best = offered.filter(|(_, quality)| *quality > 0.0 && *quality >= plain);
        best.max_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(coding, _)| coding)
    }

    /// Its name in headers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the names of files end with that are compressed so.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }
}

fn name_and_quality(coding: &str) -> (&str, f32) {
    let mut parts = coding.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.filter_map(|part| part.split_once('=')).find(|(key, _)| key.trim().eq_ignore_ascii_case("q"));
    // A weight that cannot be read is taken for a refusal.
    (name, weight.map_or(1.0, |(_, quality)| quality.trim().parse().unwrap_or(0.0)))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_request_gets_the_coding_that_it_likes_best() {
        for (lines, expected) in [
            (&[][..], None),
            (&["gzip, deflate, br, zstd"], Some(Coding::Brotli)),
            (&["gzip"], Some(Coding::Gzip)),
            (&["deflate", "GZIP;q=0.5"], Some(Coding::Gzip)),
            (&["br;q=0.1, gzip;q=0.2"], Some(Coding::Gzip)),
            (&["br; q=0, gzip;q=0"], None),
            (&["br;q=0, *"], Some(Coding::Gzip)),
            (&["*"], Some(Coding::Brotli)),
            (&["*;q=0"], None),
            (&["identity"], None),
            (&["identity, gzip;q=0.5"], None),
            (&["identity;q=0.5, gzip"], Some(Coding::Gzip)),
            (&["identity;q=0, gzip;q=0.1"], Some(Coding::Gzip)),
            (&["gzip;q=much"], None),
            (&["gzip;level=9;q=1"], Some(Coding::Gzip)),
            (&["", ","], None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(line));
            }
            assert_eq!(Coding::wanted_by(&headers), expected, "{lines:?}");
        }
    }
}
