//! Places of this desk that a request may name to go on to.

use url::Url;

/// A place on this desk to go on to: anything that could lead elsewhere leads to the front page.
pub(super) fn local(next: &str) -> String {
    const HOME: &str = "/";
    let is_plain = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control);
    // Read as a browser reads it: what then names another host is not a place here.
    let Ok(here) = Url::parse("http://desk.invalid") else {
        return HOME.to_owned();
    };
    let Some(there) = here.join(next).ok().filter(|_| is_plain) else {
        return HOME.to_owned();
    };
    if there.origin() != here.origin() || there.path().starts_with("//") {
        return HOME.to_owned();
    }
    let query = there
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    format!("{}{query}", there.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_to_places_of_this_desk_alone() {
        for place in [
            "/",
            "/cases/a?x=1&y=%D0%BF",
            "/search?q=//evil.example",
            "/saved",
        ] {
            assert_eq!(local(place), place);
        }
        for place in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example/",
            "https:evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            "evil.example",
            "@evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            " //evil.example",
        ] {
            assert_eq!(local(place), "/", "{place:?}");
        }
        // An encoded slash stays a part of a path of this desk.
        assert_eq!(local("/%2f%2fevil.example"), "/%2f%2fevil.example");
    }
}
