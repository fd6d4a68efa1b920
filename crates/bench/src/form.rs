//! Just enough of a page to fill in its form.

/// The hidden fields of the form that is sent to this address.
pub(crate) fn hidden(page: &str, action: &str) -> Vec<(String, String)> {
    let sent_to = format!(" action=\"{action}\"");
    let form = page.split("<form").find(|form| form.contains(&sent_to)).unwrap_or_default();
    let form = form.split("</form>").next().unwrap_or_default();
    tags(form, "input")
        .filter(|tag| attribute(tag, "type") == Some("hidden"))
        .filter_map(|tag| Some((attribute(tag, "name")?.to_owned(), attribute(tag, "value")?.to_owned())))
        .collect()
}

/// The addresses that a page links to.
pub(crate) fn links(page: &str) -> Vec<String> {
    tags(page, "a").filter_map(|tag| attribute(tag, "href")).map(|href| href.replace("&amp;", "&")).collect()
}

/// The opening tags of this name.
pub(crate) fn tags<'a>(page: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let open = format!("<{name} ");
    page.match_indices(&open)
        .map(|(at, _)| page[at..].split('>').next().unwrap_or_default())
        .collect::<Vec<_>>()
        .into_iter()
}

/// The value of an attribute.
pub(crate) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let from = tag.split_once(&format!(" {name}=\""))?.1;
    from.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::{hidden, links};

    #[test]
    fn hidden_fields_are_read() {
        let page = r#"<form method="post" action="/a"><input type="hidden" name="key" value="k1"><input name="x"></form>"#;
        assert_eq!(hidden(page, "/a"), [("key".to_owned(), "k1".to_owned())]);
    }

    #[test]
    fn links_are_read() {
        assert_eq!(links(r#"<a class="item" href="/a?b=1&amp;c=2">x</a>"#), ["/a?b=1&c=2"]);
    }
}
