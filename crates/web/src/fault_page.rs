//! Faults as people and programs get them: a page in the reader's language, a way to sign in, a problem document.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderName, LOCATION, REFERER, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::request_id::RequestId;

use crate::fault::Fault;
use crate::filters;
use crate::frame::{Frame, Surroundings};
use crate::look::{Look, is_program, text, wanted};
use crate::refusal::{Refusal, problem};
use crate::seat::SignIn;
use crate::unsent::Unsent;
use crate::web::Web;
use crate::{answer, lang::Lang};

const HTMX: HeaderName = HeaderName::from_static("hx-request");
const HTMX_GO: HeaderName = HeaderName::from_static("hx-redirect");

/// Who asked, as far as an error page needs it.
struct Asked {
    look: Look,
    uri: Uri,
    is_program: bool,
    /// The language that a program asks for.
    wanted: Option<Lang>,
    is_htmx: bool,
    is_form: bool,
    /// Our page that the form stands on; the front page when it is not known.
    came_from: String,
    request_id: String,
    signed_in: Option<SignIn>,
    unsent: Option<Unsent>,
}

#[derive(Template)]
#[template(path = "shell/fault.html")]
struct FaultPage {
    heading: &'static str,
    words: &'static str,
    icon: &'static str,
    request_id: String,
    may_switch: bool,
    /// The page itself, where only what follows its question mark cannot be read.
    page: Option<String>,
}

/// Puts words to every answer that carries a fault, and to the bare refusals of the router itself.
pub(crate) async fn put_words(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = Asked {
        look: Look::of(&parts),
        uri: parts.uri.clone(),
        is_program: is_program(&parts),
        wanted: wanted(&parts),
        is_htmx: parts.headers.contains_key(HTMX),
        is_form: !parts.method.is_safe(),
        came_from: came_from(&parts),
        request_id: id_of(&parts.extensions),
        signed_in: None,
        unsent: None,
    };
    let kept = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(fault) = fault_of(&response) else { return response };
    let unsent = response.extensions().get::<Unsent>().cloned().filter(|_| !asked.is_htmx);
    let signed_in = SignIn::of(&kept, &web).await.unwrap_or_default();
    answer_fault(&fault, &Asked { signed_in, unsent, ..asked })
}

fn came_from(parts: &Parts) -> String {
    let page: Option<Uri> = text(parts, &REFERER).parse().ok();
    let ours = page.filter(|page| page.authority().is_some_and(|host| host.as_str() == text(parts, &HOST)));
    ours.and_then(|page| page.path_and_query().map(ToString::to_string)).unwrap_or_else(|| "/".to_owned())
}

fn id_of(extensions: &axum::http::Extensions) -> String {
    let id = extensions.get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    id.unwrap_or_default().to_owned()
}

/// The fault of an answer: its own, or what the router means by a bare status.
fn fault_of(response: &Response) -> Option<Fault> {
    if let Some(fault) = response.extensions().get::<Fault>() {
        return Some(fault.clone());
    }
    if response.headers().contains_key("content-type") && !is_bare_text(response) {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Fault::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Fault::WrongMethod),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Fault::TooLarge),
        StatusCode::REQUEST_TIMEOUT => Some(Fault::Unavailable),
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => {
            Some(Fault::malformed(""))
        }
        status if status.is_server_error() => Some(Fault::Broken),
        _ => None,
    }
}

fn is_bare_text(response: &Response) -> bool {
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/plain")) && response.status().as_u16() != 200
}

fn answer_fault(fault: &Fault, asked: &Asked) -> Response {
    if asked.is_program {
        let own = asked.signed_in.as_ref().map_or(asked.look.lang, SignIn::lang);
        return for_program(fault, asked.wanted.unwrap_or(own));
    }
    match entrance(fault, asked) {
        Some(entrance) => to_entrance(asked, &entrance),
        None => for_person(fault, asked),
    }
}

/// Where one gets the seat that the request lacks.
fn entrance(fault: &Fault, asked: &Asked) -> Option<String> {
    let signed_out = (*fault == Fault::SignedOut).then(|| format!("/sign-in?next={}", next_of(asked)));
    let no_factor =
        || (*fault == Fault::SecondFactor).then(|| format!("/second-factor?next={}", next_of(asked)));
    let no_seat = || (*fault == Fault::NoSeat).then(|| "/seats".to_owned());
    signed_out.or_else(no_factor).or_else(no_seat)
}

fn to_entrance(asked: &Asked, entrance: &str) -> Response {
    let Some(unsent) = &asked.unsent else { return go(asked, entrance) };
    let frame = asked.signed_in.as_ref().map_or_else(|| plain_frame(asked), SignIn::frame);
    unsent.page(&frame, entrance).unwrap_or_else(|_| go(asked, entrance))
}

fn plain_frame(asked: &Asked) -> Frame {
    let path = asked.uri.path().to_owned();
    Frame::new(Surroundings { look: asked.look, path, ..Surroundings::default() })
}

/// Where to come back to: the page itself; a form that was sent comes back to where its page was.
fn next_of(asked: &Asked) -> String {
    let place = asked.uri.path_and_query().map_or("/", |place| place.as_str());
    let place = if asked.is_form { asked.came_from.as_str() } else { place };
    answer::encoded(place)
}

fn go(asked: &Asked, place: &str) -> Response {
    let Ok(place) = HeaderValue::from_str(place) else { return StatusCode::NOT_FOUND.into_response() };
    if asked.is_htmx {
        return (StatusCode::OK, [(HTMX_GO, place)]).into_response();
    }
    (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response()
}

fn for_program(fault: &Fault, lang: Lang) -> Response {
    let message = if let Fault::Malformed(told) = fault
        && !told.text.is_empty()
    {
        lang.fill(told.text, &[("what", &told.what)])
    } else {
        lang.t(for_programs(fault)).to_owned()
    };
    let mut response = problem(fault.status(), &Refusal::new(fault.code(), message));
    retry_after(fault, &mut response);
    response
}

fn for_person(fault: &Fault, asked: &Asked) -> Response {
    let is_address = matches!(fault, Fault::Malformed(_)) && !asked.is_form;
    let (heading, words) = if is_address { UNREAD_ADDRESS } else { words(fault) };
    let icon =
        if matches!(fault, Fault::NotAllowed | Fault::Foreign | Fault::PastProxy) { "lock" } else { "alert" };
    let may_switch =
        *fault == Fault::NotAllowed && asked.signed_in.as_ref().is_some_and(|who| 1 < who.signed_in.seats);
    let page = is_address.then(|| asked.uri.path().to_owned());
    let page = FaultPage { heading, words, icon, request_id: asked.request_id.clone(), may_switch, page };
    let frame = asked.signed_in.as_ref().map_or_else(|| plain_frame(asked), SignIn::frame);
    let mut response = match answer::render(&frame, &page) {
        Ok(html) => (fault.status(), axum::response::Html(html)).into_response(),
        Err(_) => fault.status().into_response(),
    };
    retry_after(fault, &mut response);
    response
}

fn retry_after(fault: &Fault, response: &mut Response) {
    if let Fault::TooOften(seconds) = fault {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
    }
}

/// For a page whose address says after the question mark what nobody can read.
const UNREAD_ADDRESS: (&str, &str) =
    ("这个网址有一处看不懂", "问号后面的日期、页码或选项不对。请打开这一页，再重新选。");
/// What a program's maker has to know and do.
fn for_programs(fault: &Fault) -> &'static str {
    match fault {
        Fault::SignedOut => "请求里没有有效的登录，请先登录再发",
        Fault::NoSeat => "这个登录还没有选学校和身份，请先选好再发",
        Fault::SecondFactor => "这个身份要先输入动态码，请先验证再发",
        Fault::NotFound => "没有这个地址，或者它不属于现在的学校和身份",
        Fault::NotAllowed => "现在的身份不能做这件事，能做的身份见 /api/openapi.json",
        Fault::PastProxy => "这个网址不开放，请用学校公布的加密网址",
        Fault::Foreign => "请求来自别的网站，没有处理",
        Fault::Malformed(_) => "看不懂这个请求，格式见 /api/openapi.json",
        Fault::KeyReused => "这个 Idempotency-Key 已经用在别的请求上，请换一个新的键",
        Fault::Conflict => "别人刚刚改过，或者已经有了，请重新读取再试",
        Fault::TooLarge => "内容太大，请减小或分几次发送",
        Fault::TooOften(_) => "请求太多，请等 Retry-After 的秒数后再试",
        Fault::WrongMethod => "这个地址没有这个方法，见 /api/openapi.json",
        Fault::Unavailable => "系统正忙，请稍后用同一个 Idempotency-Key 再发一次",
        Fault::Broken => "系统出错，没有存上；请把 X-Request-Id 告诉管理员",
    }
}

/// A heading and what to do next.
fn words(fault: &Fault) -> (&'static str, &'static str) {
    match fault {
        Fault::SignedOut => ("请先登录", "登录后会回到这一页。"),
        Fault::NoSeat => ("请先选身份", "选好学校和身份，再打开这一页。"),
        Fault::SecondFactor => ("还要输入动态码", "管钱和管账号的身份，登录时要再输入一次动态码。"),
        Fault::NotFound => ("没有这一页", "地址可能写错了，或者这一页不属于您现在的学校。"),
        Fault::NotAllowed => ("这一页不归您现在的身份管", "换一个身份再试，或请学校的管理员帮您开通。"),
        Fault::PastProxy => ("这个网址不开放", "请从学校公布的网址进入，那里的连接是加密的。"),
        Fault::Foreign => ("没有存上", "这个请求不是从本站的页面发出的。请回到页面，重新点一次。"),
        Fault::Malformed(_) => ("没有看懂填的内容", "请返回上一页，检查后再提交一次。"),
        Fault::KeyReused => ("这一份已经提交过了", "内容和上次不一样。请刷新页面，看看存好的内容再改。"),
        Fault::Conflict => ("没有存上", "别人刚刚改过这里。请刷新页面，看看现在的内容。"),
        Fault::TooLarge => ("内容太大了", "请减小文件或分几次提交。"),
        Fault::TooOften(_) => ("试得太多了", "请等一会儿再试。"),
        Fault::WrongMethod => ("没有这一页", "这个地址只用来提交表单。请从首页重新打开。"),
        Fault::Unavailable => ("系统正忙", "您填的内容没有丢，请等一会儿再点一次。"),
        Fault::Broken => ("系统出错了", "没有存上。请再试一次；还不行，请把下面的编号告诉管理员。"),
    }
}
