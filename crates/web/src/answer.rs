//! Answers of handlers: pages, redirects, JSON.

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::fault::Fault;
use crate::frame::Frame;

/// Where layouts want the icons of the page.
const SPRITE: &str = "<!--icons-->";

/// Renders a page in its surroundings.
pub fn page(frame: &Frame, template: &impl Template) -> Result<Response, Fault> {
    let html = render(frame, template)?;
    Ok(Html(html).into_response())
}

/// Renders what was sought. A name is sought by POST, so that it stands in no address and in no log.
pub fn found(frame: &Frame, template: &impl Template) -> Result<Response, Fault> {
    Ok(Html(posted(frame, template)?).into_response())
}

/// A page that answers a POST, marked for the page's script: it takes the form's own address, so that the way back to
/// it never asks to send the form again.
fn posted(frame: &Frame, template: &impl Template) -> Result<String, Fault> {
    Ok(render(frame, template)?.replacen("<body", "<body data-posted", 1))
}

/// Renders a form that was refused: 422, with what was typed still in it.
pub fn refused(frame: &Frame, template: &impl Template) -> Result<Response, Fault> {
    let html = with_labels(&posted(frame, template)?);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response())
}

/// The text of a page.
pub fn render(frame: &Frame, template: &impl Template) -> Result<String, Fault> {
    let html = template.render_with_values(frame).map_err(|why| Fault::broken(&why))?;
    Ok(with_icons(&html))
}

/// Sends the browser to another page by GET.
pub fn see_other(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
        Err(_) => Fault::NotFound.into_response(),
    }
}

/// A file to be kept, such as a workbook; the name may be Chinese.
pub fn download(name: &str, media_type: &'static str, body: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded(name));
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, body).into_response()
}

/// A text as part of an address.
pub fn encoded(text: &str) -> String {
    text.bytes().map(percent).collect()
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Puts the symbols of the icons that a page uses where its layout wants them.
fn with_icons(html: &str) -> String {
    let mut names: Vec<&str> =
        html.split("href=\"#i-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    names.sort_unstable();
    names.dedup();
    let symbols: String = names.into_iter().filter_map(kehou_assets::symbol).collect();
    html.replacen(SPRITE, &format!("<svg class=\"sprite\" aria-hidden=\"true\">{symbols}</svg>"), 1)
}

/// Where two lines of the summary read alike, each says the label of its field.
fn with_labels(html: &str) -> String {
    let Some((before, rest)) = html.split_once("<div class=\"err-sum\"") else { return html.to_owned() };
    let Some((summary, after)) = rest.split_once("</ul>") else { return html.to_owned() };
    let parts = summary.split("<a href=\"#").skip(1);
    let lines: Vec<(&str, &str)> =
        parts.filter_map(|part| part.split("</a>").next()?.split_once("\">")).collect();
    let mut named = summary.to_owned();
    for (field, words) in &lines {
        let alike = lines.iter().filter(|(_, others)| others == words).count();
        if let (2.., Some(label)) = (alike, label_of(after, field)) {
            let link = format!("#{field}\">");
            named = named.replacen(&link, &format!("{link}{label} · "), 1);
        }
    }
    format!("{before}<div class=\"err-sum\"{named}</ul>{after}")
}

/// What the page calls a field.
fn label_of<'a>(html: &'a str, field: &str) -> Option<&'a str> {
    let (_, label) = html.split_once(&format!("<label for=\"{field}\">"))?;
    label.split("</label>").next().filter(|label| !label.contains('<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_read_alike_say_their_field() {
        let page = |from: &str, to: &str| {
            format!(
                "<div class=\"err-sum\"><ul><li><a href=\"#from\">{from}</a></li><li><a href=\"#to\">{to}</a></li>\
                 </ul></div><label for=\"from\">从哪天</label><label for=\"to\">到哪天</label>"
            )
        };
        assert_eq!(with_labels(&page("选日期", "选日期")), page("从哪天 · 选日期", "到哪天 · 选日期"));
        assert_eq!(with_labels(&page("选日期", "太晚")), page("选日期", "太晚"));
    }

    #[test]
    fn a_page_carries_each_icon_that_it_uses_once() {
        let page = with_icons("<!--icons--><use href=\"#i-bell\"><use href=\"#i-bell\"><use href=\"#i-x\">");
        assert_eq!(page.matches("<symbol").count(), 2);
        assert!(page.starts_with("<svg class=\"sprite\" aria-hidden=\"true\"><symbol id=\"i-bell\""));
    }

    #[test]
    fn a_download_keeps_a_chinese_name() {
        let answer = download("月报.xlsx", "application/zip", Vec::new());
        let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert_eq!(disposition, "attachment; filename*=UTF-8''%E6%9C%88%E6%8A%A5.xlsx");
    }
}
