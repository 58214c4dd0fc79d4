//! Each case names the clause of RFC 9309 that it pins.

use super::*;

const AGENT: &str = "aigaq";

/// (clause, file, path, whether it may be fetched)
const CASES: &[(&str, &str, &str, bool)] = &[
    ("2.2.1 no rules allow all", "", "/a", true),
    (
        "2.2.1 the own group",
        "User-agent: aigaq\nDisallow: /",
        "/a",
        false,
    ),
    (
        "2.2.1 the token has any case",
        "USER-AGENT: AIGAQ\nDISALLOW: /",
        "/a",
        false,
    ),
    (
        "2.2.1 a version after the token is no part of it",
        "User-agent: Aigaq/2.1\nDisallow: /",
        "/a",
        false,
    ),
    (
        "2.2.1 words after the token are no part of it",
        "User-agent: Aigaq the reader\nDisallow: /",
        "/a",
        false,
    ),
    (
        "2.2.1 a longer token is another agent",
        "User-agent: AigaqPlus\nDisallow: /",
        "/a",
        true,
    ),
    (
        "2.2.1 a shorter token is another agent",
        "User-agent: Aig\nDisallow: /",
        "/a",
        true,
    ),
    (
        "2.2.1 everybody, when nobody names us",
        "User-agent: *\nDisallow: /a",
        "/a",
        false,
    ),
    (
        "2.2.1 the own group shuts out everybody's",
        "User-agent: *\nDisallow: /\nUser-agent: aigaq\nAllow: /b",
        "/a",
        true,
    ),
    (
        "2.2.1 an own group without rules allows all",
        "User-agent: *\nDisallow: /\n\nUser-agent: aigaq\n",
        "/a",
        true,
    ),
    (
        "2.2.1 groups of one agent are merged",
        "User-agent: aigaq\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: aigaq\nDisallow: /b",
        "/b",
        false,
    ),
    (
        "2.2.1 several agents share a group",
        "User-agent: x\nUser-agent: aigaq\nDisallow: /",
        "/a",
        false,
    ),
    (
        "2.2.1 blank lines do not end a group",
        "User-agent: aigaq\n\n\nDisallow: /",
        "/a",
        false,
    ),
    (
        "2.2.4 other records do not end a group",
        "User-agent: aigaq\nSitemap: https://example.org/s\nUser-agent: x\nDisallow: /",
        "/a",
        false,
    ),
    (
        "2.2 rules before any agent hold for nobody",
        "Disallow: /\nUser-agent: aigaq\nAllow: /b",
        "/a",
        true,
    ),
    (
        "2.2.2 an empty disallow allows",
        "User-agent: *\nDisallow:",
        "/a",
        true,
    ),
    (
        "2.2.2 paths are case-sensitive",
        "User-agent: *\nDisallow: /News",
        "/news",
        true,
    ),
    (
        "2.2.2 the rule is a prefix",
        "User-agent: *\nDisallow: /a",
        "/abc",
        false,
    ),
    (
        "2.2.2 the longest match wins, allow",
        "User-agent: *\nDisallow: /a\nAllow: /a/b",
        "/a/b/c",
        true,
    ),
    (
        "2.2.2 the longest match wins, disallow",
        "User-agent: *\nAllow: /a\nDisallow: /a/b",
        "/a/b/c",
        false,
    ),
    (
        "2.2.2 a tie is allowed",
        "User-agent: *\nDisallow: /a\nAllow: /a",
        "/a",
        true,
    ),
    (
        "2.2.2 the query counts",
        "User-agent: *\nDisallow: /a?private",
        "/a?private=1",
        false,
    ),
    (
        "2.2.2 robots.txt itself is always allowed",
        "User-agent: *\nDisallow: /",
        "/robots.txt",
        true,
    ),
    (
        "2.2.2 letters outside ASCII are compared escaped",
        "User-agent: *\nDisallow: /жеке",
        "/%D0%B6%D0%B5%D0%BA%D0%B5",
        false,
    ),
    (
        "2.2.2 escapes have any case",
        "User-agent: *\nDisallow: /%d0%b6",
        "/%D0%B6",
        false,
    ),
    (
        "2.2.2 an escaped letter is the letter",
        "User-agent: *\nDisallow: /%7Ejoe",
        "/~joe",
        false,
    ),
    (
        "2.2.2 an escaped slash is no slash",
        "User-agent: *\nDisallow: /a%2Fb",
        "/a/b",
        true,
    ),
    (
        "2.2.3 a star stands for anything",
        "User-agent: *\nDisallow: /*/print",
        "/news/7/print",
        false,
    ),
    (
        "2.2.3 a star stands for nothing too",
        "User-agent: *\nDisallow: /a*b",
        "/ab",
        false,
    ),
    (
        "2.2.3 a dollar is the end",
        "User-agent: *\nDisallow: /*.pdf$",
        "/a.pdf",
        false,
    ),
    (
        "2.2.3 a dollar is only the end",
        "User-agent: *\nDisallow: /*.pdf$",
        "/a.pdf?x=1",
        true,
    ),
    (
        "2.2.3 an escaped star is a star",
        "User-agent: *\nDisallow: /a%2A",
        "/abc",
        true,
    ),
    (
        "2.2.3 many stars end quickly",
        "User-agent: *\nDisallow: /*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
        "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        true,
    ),
    (
        "2.2.4 a comment ends the line",
        "User-agent: * # all\nDisallow: /a # not /b",
        "/a",
        false,
    ),
    (
        "2.2 line ends are CR, LF or both",
        "User-agent: *\rDisallow: /a\r\nDisallow: /b",
        "/b",
        false,
    ),
    (
        "2.2 a byte order mark is skipped",
        "\u{feff}User-agent: *\nDisallow: /",
        "/a",
        false,
    ),
    (
        "2.2.4 a missing colon is forgiven",
        "User-agent *\nDisallow /",
        "/a",
        false,
    ),
    (
        "2.2.4 an HTML page holds no rules",
        "<html><body>Disallow all robots</body></html>",
        "/a",
        true,
    ),
];

#[test]
fn rules_are_matched_as_the_standard_says() {
    for (clause, file, path, expected) in CASES {
        let robots = Robots::parse(file.as_bytes());
        assert_eq!(robots.allows(AGENT, path), *expected, "{clause}");
    }
}

#[test]
fn the_product_token_of_an_agent_is_its_first_name() {
    let cases = [
        ("Aigaq/1.0 (+https://example.org/aigaq)", "aigaq"),
        ("Aigaq the reader", "aigaq"),
        ("News-Bot_x 7", "news-bot_x"),
        ("*", "*"),
    ];
    for (agent, expected) in cases {
        assert_eq!(product_token(agent), expected);
    }
}

#[test]
fn a_long_file_is_read_to_500_kib_at_least() {
    let mut file = b"User-agent: *\n".to_vec();
    while file.len() < 500 * 1024 - 20 {
        file.extend(b"# comment\n");
    }
    file.extend(b"Disallow: /early\n");
    file.resize(MAX_BYTES, b'\n');
    file.extend(b"Disallow: /late\n");
    let robots = Robots::parse(&file);
    assert!(!robots.allows(AGENT, "/early"));
    assert!(robots.allows(AGENT, "/late"));
}

#[test]
fn delays_are_seconds_and_the_longest_of_the_own_groups() {
    let cases = [
        ("User-agent: *\nCrawl-delay: 10", Some(10_000)),
        ("User-agent: *\nCrawl-delay: 0.5", Some(500)),
        ("User-agent: *\nCrawl-delay: 0", Some(0)),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: abc", None),
        (
            "User-agent: *\nCrawl-delay: 9\nUser-agent: aigaq\nCrawl-delay: 3",
            Some(3_000),
        ),
        (
            "User-agent: aigaq\nCrawl-delay: 3\nUser-agent: x\nDisallow: /\nUser-agent: aigaq\nCrawl-delay: 4",
            Some(4_000),
        ),
    ];
    for (file, expected) in cases {
        let delay = Robots::parse(file.as_bytes()).crawl_delay(AGENT);
        assert_eq!(delay, expected.map(Duration::from_millis), "{file}");
    }
}

#[test]
fn sitemaps_are_named_outside_of_groups_and_capped() {
    let mut file = "Sitemap: https://example.org/a.xml\nUser-agent: x\nDisallow: /\nsitemap:https://example.org/b.xml\n".to_owned();
    file.push_str(&"Sitemap: https://example.org/c.xml\n".repeat(1000));
    let robots = Robots::parse(file.as_bytes());
    assert_eq!(
        robots.sitemaps[..2],
        ["https://example.org/a.xml", "https://example.org/b.xml"]
    );
    assert_eq!(robots.sitemaps.len(), MAX_SITEMAPS);
}

#[test]
fn broken_bytes_never_panic() {
    let many: String = (0..100_000)
        .map(|idx| format!("user-agent: a{idx}\n"))
        .collect();
    let ours = format!("user-agent: aigaq\ndisallow: /closed\n{many}disallow: /");
    assert!(Robots::parse(ours.as_bytes()).allows(AGENT, "/a"));
    assert!(!Robots::parse(ours.as_bytes()).allows(AGENT, "/closed"));
    let long = format!("user-agent: *\ndisallow: /{}", "a*".repeat(500_000));
    assert!(Robots::parse(long.as_bytes()).allows(AGENT, "/b"));
    let files: [&[u8]; 4] = [
        b"\xff\xfeU\0s\0e\0r\0",
        b"\0\0\0",
        b"user-agent: *\ndisallow: /\xff\xfe",
        b":::\n:",
    ];
    for file in files {
        assert!(Robots::parse(file).allows(AGENT, "/a"), "{file:?}");
    }
    assert!(!Robots::parse(files[2]).allows(AGENT, "/%EF%BF%BD%EF%BF%BD"));
}
