//! Rounds of choosing in words.

use kehou_app::allocation::round::{
    AnnounceRefused, Answer, AnswerReason, CallOffRefused, Change, DrawFailed, KeepRefused, Offered,
    SeatRefused, WriteRefused,
};
use kehou_domain::allocation::draw::DrawRefused;
use kehou_domain::allocation::round::{
    ClaimRefused, LONGEST_BEACON, LONGEST_NAME, Method, MoveRefused, Outside, SetupFault, Stage, StepRefused,
    Way, WishFault,
};
use kehou_domain::allocation::{Closing, Scheme, Siblings, Titles};
use kehou_domain::catalogue::NotFor;
use kehou_domain::ids::OfferingId;
use kehou_domain::typed::LONGEST_NOTE;

use crate::catalogue::words::weekday;
use crate::dates;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};

pub(super) const fn way(way: Way) -> &'static str {
    match way {
        Way::Ranked => "排志愿，抽签定（先填后填一样）",
        Way::FirstCome => "先到先得",
    }
}

pub(super) const fn method(method: Method) -> &'static str {
    match method {
        Method::Deferred => "按志愿和抽签（稳定，排真实的顺序最好）",
        Method::MostSeats => "尽量坐满（可能有家长靠排法占便宜）",
    }
}

pub(super) const fn scheme(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::PerDay => "每天一个签",
        Scheme::One => "一周一个签",
    }
}

pub(super) const fn titles(titles: Titles) -> &'static str {
    match titles {
        Titles::Once => "同一门一周只上一次",
        Titles::Repeat => "同一门可以一周上几次",
    }
}

pub(super) const fn siblings(siblings: Siblings) -> &'static str {
    match siblings {
        Siblings::Apart => "兄弟姐妹各抽各的签",
        Siblings::Together => "兄弟姐妹用同一个签",
    }
}

pub(super) const fn beside(beside: bool) -> &'static str {
    if beside { "愿意的孩子换到兄弟姐妹那门的空名额" } else { "抽签以后不换" }
}

pub(super) const fn goes_on(goes_on: bool) -> &'static str {
    if goes_on { "上学期学过同一门的排在前面" } else { "上学期学过的不另外照顾" }
}

pub(super) const fn closing(closing: Closing) -> &'static str {
    match closing {
        Closing::Never => "人再少也开",
        Closing::ForGood => "人不够就不开",
        Closing::Reopening => "人不够就不开，最后再看一次能不能开",
    }
}

/// Where a round stands: the tag's colour, its icon, its word.
pub(super) const fn stage(stage: Stage) -> (&'static str, &'static str, &'static str) {
    match stage {
        Stage::Draft => ("gone", "pen", "草稿"),
        Stage::Announced => ("leave", "clock", "还没开始"),
        Stage::Open => ("present", "check", "正在选"),
        Stage::Over => ("late", "clock", "已截止"),
        Stage::Sealed => ("late", "shield", "已封存"),
        Stage::Drawn => ("leave", "grid", "已抽签，未公布"),
        Stage::Published => ("present", "check", "已公布"),
        Stage::CalledOff => ("gone", "x", "已取消"),
    }
}

fn setup_fault(lang: Lang, fault: SetupFault) -> Refusal {
    let (field, text, n) = match fault {
        SetupFault::NoName => ("name", "请写这一轮叫什么，比如：第一轮", 0),
        SetupFault::NameTooLong => ("name", "名称最多 {n} 个字", LONGEST_NAME),
        SetupFault::ClosesTooEarly => ("closes", "截止要晚于开始", 0),
        SetupFault::WindowTooLong => ("closes", "一轮最长 60 天", 0),
        SetupFault::ClosedAlready => ("closes", "截止时间已经过去了，请改晚一些", 0),
        SetupFault::WeeklyLimit => ("weekly_limit", "每周最多几门：请写 1 到 5", 0),
        SetupFault::NoBeacon => ("beacon", "请写明用哪一个公开的数，比如：哪一天的双色球开奖号码", 0),
        SetupFault::BeaconTooLong => ("beacon", "这一栏最多 {n} 个字", LONGEST_BEACON),
        SetupFault::KeptSeats => {
            let text = "预留名额：比例请写 1 到 100，先到先得不按比例留；每门最多 {n} 个，“尽量坐满”不能留";
            ("priority", text, 40)
        }
        SetupFault::Beside => ("beside", "先到先得不抽签，不能在抽签以后换", 0),
        SetupFault::Hold => ("hold", "保留时间：请写 5 分钟到 4320 分钟（三天）", 0),
    };
    Refusal::new("round", lang.fill(text, &[("n", &n.to_string())])).at(field)
}

pub(super) fn not_kept(lang: Lang, why: &KeepRefused) -> Vec<Refusal> {
    match why {
        KeepRefused::Faults(faults) => faults.iter().map(|fault| setup_fault(lang, *fault)).collect(),
        KeepRefused::NoPlan => vec![Refusal::new("no_plan", lang.t("这个学期还没有生效的服务方案"))],
        KeepRefused::UnknownSlot => vec![Refusal::new("slot", lang.t("请选方案里的一个时段")).at("slot")],
        KeepRefused::At(found) => vec![at(lang, *found)],
    }
}

/// The round stands where this cannot be done.
fn at(lang: Lang, found: Stage) -> Refusal {
    let stands = lang.t(stage(found).2);
    Refusal::new("wrong_stage", lang.fill("这一轮现在是“{stage}”，不能这样做", &[("stage", stands)]))
}

pub(super) fn step(lang: Lang, why: StepRefused) -> Refusal {
    match why {
        StepRefused::At(found) => at(lang, found),
        StepRefused::NoDraw => Refusal::new("no_draw", lang.t("先到先得的一轮不用封存，也不抽签")),
        StepRefused::NothingOffered => {
            Refusal::new("nothing_offered", lang.t("这个时段还没有已发布、一周一次的课程，先去写课程"))
        }
    }
}

pub(super) fn not_announced(lang: Lang, why: &AnnounceRefused) -> Vec<Refusal> {
    match why {
        AnnounceRefused::Step(why) => vec![step(lang, *why)],
        AnnounceRefused::Faults(faults) => faults.iter().map(|fault| setup_fault(lang, *fault)).collect(),
        AnnounceRefused::Beside(name) => {
            let text = "“{name}”还没有公布结果，它用的是同一个时段的名额：先公布或取消那一轮";
            vec![Refusal::new("beside", lang.fill(text, &[("name", name)]))]
        }
        AnnounceRefused::CommittedBefore => {
            let said = lang.t("这个承诺值用过了，一个承诺值只能抽一次签");
            vec![Refusal::new("committed_before", said).at("commitment")]
        }
    }
}

pub(super) fn not_called_off(lang: Lang, why: CallOffRefused) -> Refusal {
    match why {
        CallOffRefused::Step(why) => step(lang, why),
        CallOffRefused::NoReason => Refusal::new("reason", lang.t("请写取消的理由，家长会看到")).at("why"),
        CallOffRefused::ReasonTooLong => too_long(lang).at("why"),
    }
}

fn too_long(lang: Lang) -> Refusal {
    Refusal::new("reason", lang.fill("理由最多 {n} 个字", &[("n", &LONGEST_NOTE.to_string())]))
}

pub(super) fn not_drawn(lang: Lang, why: &DrawFailed) -> Refusal {
    let refused = match why {
        DrawFailed::Step(why) => return step(lang, *why),
        DrawFailed::BeaconTooLong => {
            let text = lang.fill("这一栏最多 {n} 个字", &[("n", &LONGEST_BEACON.to_string())]);
            return Refusal::new("beacon", text).at("beacon");
        }
        DrawFailed::Draw(refused) => *refused,
    };
    match refused {
        DrawRefused::SecondDraw => {
            Refusal::new("second_draw", lang.t("这个承诺值用过了，一个承诺值只能抽一次签"))
        }
        DrawRefused::DoesNotMatch => {
            Refusal::new("does_not_match", lang.t("这个密数和公布的承诺值对不上，请核对纸上的 64 位"))
                .at("secret")
        }
        DrawRefused::TooEarly => Refusal::new("too_early", lang.t("截止以后才能公开密数")).at("secret"),
        DrawRefused::NotRevealed { until } => {
            let until = dates::moment(lang, until);
            let text = "请填学校自己保管的密数；{until}以后还没填，就按 64 个 0 算";
            Refusal::new("not_revealed", lang.fill(text, &[("until", &until)])).at("secret")
        }
        DrawRefused::NoBeacon => Refusal::new("no_beacon", lang.t("请填事先说好的那个公开的数")).at("beacon"),
    }
}

fn title(offered: &[Offered], place: u32) -> &str {
    let found = offered.iter().find(|one| one.listed.place == place);
    found.map_or("", |one| one.details.title.as_str())
}

/// What an offering is called; one that the round does not list is full since an earlier one.
fn named(lang: Lang, offered: &[Offered], id: OfferingId) -> &str {
    let found = offered.iter().find(|one| one.id == id);
    found.map_or(lang.t("另一门"), |one| one.details.title.as_str())
}

pub(super) fn wish_fault(lang: Lang, fault: WishFault, offered: &[Offered]) -> String {
    let of = |text: &str, place: u32| lang.fill(text, &[("title", title(offered, place))]);
    let on = |text: &str, day: i8| lang.fill(text, &[("day", weekday(lang, day))]);
    match fault {
        WishFault::Unknown(_) => lang.t("这一轮没有这门课，请从列出的里面选").to_owned(),
        WishFault::WrongDay(place) => of("“{title}”不在这一天", place),
        WishFault::Twice(place) => of("“{title}”填了两次，留一次就行", place),
        WishFault::NotFor(place, NotFor::Grade) => of("“{title}”不收这个年级", place),
        WishFault::NotFor(place, NotFor::Sex) => of("“{title}”只收男生或只收女生", place),
        WishFault::SexUnstated(place) => of("“{title}”分男女，花名册里没有写性别，请找教务处补上", place),
        WishFault::NotStaying(day) => on("孩子{day}不参加课后服务，先报这一天才能选", day),
        WishFault::DayTaken(day) => on("孩子{day}已经有课了", day),
        WishFault::TitleTaken(place) => of("“{title}”孩子已经有了", place),
        WishFault::Apart(place, has) => {
            let values = [("title", title(offered, place)), ("other", named(lang, offered, has))];
            lang.fill("“{title}”和孩子已有的“{other}”不能都要", &values)
        }
        WishFault::Beside => lang.t("这一轮不按兄弟姐妹调换").to_owned(),
        WishFault::Week => lang.t("先满足哪一天：每天只排一次，周一到周五；“尽量坐满”的一轮不排").to_owned(),
        WishFault::WeekFull => lang.t("孩子已经选上的课够每周的门数了，这一轮不能再选").to_owned(),
        WishFault::WeeklyLimit => lang.t("每周几门：请在列出的里面选").to_owned(),
    }
}

pub(super) fn not_written(lang: Lang, why: &WriteRefused, offered: &[Offered]) -> Vec<Refusal> {
    match why {
        WriteRefused::Step(why) => vec![step(lang, *why)],
        WriteRefused::Faults(faults) => {
            faults.iter().map(|fault| Refusal::new("wish", wish_fault(lang, *fault, offered))).collect()
        }
    }
}

/// What is offered is read only where the words name it: under a rush most refusals do not.
pub(super) fn not_seated(
    lang: Lang,
    why: SeatRefused,
    offered: impl FnOnce() -> kehou_db::Result<Vec<Offered>>,
) -> kehou_db::Result<Refusal> {
    let text = match why {
        SeatRefused::TooLate => "保留的时间过了，名额已经给了下一位",
        SeatRefused::NotThere => "这里没有给孩子留的名额了，请看看现在的情况",
        SeatRefused::Claim(ClaimRefused::At(found)) => return Ok(at(lang, found)),
        SeatRefused::Claim(ClaimRefused::Ranked) => "这一轮是排志愿的，不用抢",
        SeatRefused::Claim(ClaimRefused::Wish(fault)) => {
            return Ok(Refusal::new("wish", wish_fault(lang, fault, &offered()?)));
        }
        SeatRefused::Claim(ClaimRefused::Apart(has)) => {
            let text = "孩子已有“{other}”，学校规定这两门不能都要，想换先退掉";
            let offered = offered()?;
            let words = lang.fill(text, &[("other", named(lang, &offered, has))]);
            return Ok(Refusal::new("apart", words));
        }
        SeatRefused::Claim(ClaimRefused::DayTaken) => "孩子这一天已经有名额，想换先退掉",
        SeatRefused::Claim(ClaimRefused::WeekFull) => "孩子这周的名额满了，想换先退掉一个",
        SeatRefused::Claim(ClaimRefused::TitleTaken) => "这门课孩子在别的日子已经有了",
        SeatRefused::Claim(ClaimRefused::Already) => "孩子已经在排队了",
    };
    Ok(Refusal::new("seat", lang.t(text)))
}

pub(super) fn not_moved(lang: Lang, why: MoveRefused, offered: &[Offered]) -> Refusal {
    match why {
        MoveRefused::Step(why) => step(lang, why),
        MoveRefused::NoReason => Refusal::new("reason", lang.t("请写调整的理由，家长会看到")).at("reason"),
        MoveRefused::ReasonTooLong => too_long(lang).at("reason"),
        MoveRefused::Wish(fault) => Refusal::new("wish", wish_fault(lang, fault, offered)).at("to"),
        MoveRefused::TitleTaken => Refusal::new("title", lang.t("这门课孩子在别的日子已经有了")).at("to"),
        MoveRefused::Apart(has) => {
            let text = "孩子已有“{other}”，学校规定这两门不能都要";
            Refusal::new("apart", lang.fill(text, &[("other", named(lang, offered, has))])).at("to")
        }
        MoveRefused::WeekFull => Refusal::new("week", lang.t("孩子这周的名额满了")).at("to"),
        MoveRefused::Locked => Refusal::new("locked", lang.t("这个名额锁住了，先开锁再调整")),
        MoveRefused::Same => Refusal::new("same", lang.t("和现在一样，没有变化")).at("to"),
        MoveRefused::NotOffered => {
            Refusal::new("not_offered", lang.t("那门课收回去修改或停开了，不能安排进去")).at("to")
        }
        MoveRefused::Full => Refusal::new("full", lang.t("那门课满了，没有空名额")).at("to"),
        MoveRefused::KeptAlone => {
            Refusal::new("kept", lang.t("那门课只剩留给学校代填的名额，截止以后才能安排")).at("to")
        }
        MoveRefused::NotTheLast => Refusal::new("not_last", lang.t("这一步后来又变过，不能撤回了")),
    }
}

pub(super) const fn outside(why: Outside) -> &'static str {
    match why {
        Outside::OtherSlot => "在别的时段",
        Outside::SeveralSlots => "分在几个时段，要手工安排",
        Outside::Weekend => "在周末",
        Outside::Open => "开放活动，不用选",
        Outside::GradesApart => "年级不连着",
        Outside::TooLarge => "名额超过 40",
    }
}

/// How a wish ended: the tag's colour, its icon, its word.
pub(super) const fn ended(reason: AnswerReason) -> (&'static str, &'static str, &'static str) {
    match reason {
        AnswerReason::Got | AnswerReason::BesideSibling => ("present", "check", "选上了"),
        AnswerReason::LeftForSibling => ("leave", "users", "换走了"),
        AnswerReason::Grade | AnswerReason::Sex => ("gone", "door", "不收"),
        AnswerReason::DayUsed(_)
        | AnswerReason::TitleUsed(_)
        | AnswerReason::MoreDaysUsed(_)
        | AnswerReason::ApartFrom(_)
        | AnswerReason::WeekFull => ("leave", "check", "用不着了"),
        AnswerReason::Closed => ("absent", "x", "没有开"),
        AnswerReason::Full | AnswerReason::PassedOver => ("late", "users", "没选上"),
    }
}

/// Why a wish ended so, in one sentence.
pub(super) fn why(lang: Lang, answer: &Answer, offered: &[Offered]) -> String {
    let of = |place: u32| title(offered, place);
    let own = offered.iter().find(|one| one.listed.place == answer.place);
    let (seats, minimum) = own.map_or((0, 0), |one| (one.listed.seats.capacity, one.listed.minimum));
    match answer.reason {
        AnswerReason::Got => lang.t("孩子有这个名额。").to_owned(),
        AnswerReason::BesideSibling => {
            lang.t("兄弟姐妹选上了这门，还有空名额，按您选的换过来了。").to_owned()
        }
        AnswerReason::LeftForSibling => lang.t("抽签时选上了，按您选的换到兄弟姐妹那门去了。").to_owned(),
        AnswerReason::Grade => lang.t("这门课不收孩子的年级。").to_owned(),
        AnswerReason::Sex => lang.t("这门课只收男生或只收女生。").to_owned(),
        AnswerReason::DayUsed(by) => lang.fill("这一天排在前面的“{title}”已经选上。", &[("title", of(by))]),
        AnswerReason::TitleUsed(by) => {
            lang.fill("同一门课“{title}”在别的日子已经选上。", &[("title", of(by))])
        }
        AnswerReason::MoreDaysUsed(by) => {
            lang.fill("一周几次的课先分，“{title}”已经选上，占了这一天。", &[("title", of(by))])
        }
        AnswerReason::ApartFrom(by) => {
            lang.fill("“{title}”已经选上，学校规定这两门不能都要。", &[("title", of(by))])
        }
        AnswerReason::WeekFull => lang.t("排在前面的志愿已经够这周的门数。").to_owned(),
        AnswerReason::Closed => {
            let children = own.and_then(|one| one.listed.outcome.as_ref()?.closed).map_or(0, |(_, n)| n);
            let values = [("n", children.to_string()), ("m", minimum.to_string())];
            let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            lang.fill("只有 {n} 人会来，不到 {m} 人，没有开。", &values)
        }
        AnswerReason::Full => {
            let values = [("n", answer.ahead.to_string()), ("m", seats.to_string())];
            let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            lang.fill("名额 {m} 个，有 {n} 人排在前面。", &values)
        }
        AnswerReason::PassedOver => lang.t("这一轮的规则没有排到；座位还有，可以找教务处。").to_owned(),
    }
}

/// What would have had to differ.
pub(super) fn change(lang: Lang, change: Change) -> Option<String> {
    let number = |text: &str, n: u32| Some(lang.fill(text, &[("n", &n.to_string())]));
    match change {
        Change::Nothing => None,
        Change::Child => Some(lang.t("只有改这门课收谁，才会不一样。").to_owned()),
        Change::Order => Some(lang.t("把它排在前面，就会选上它。").to_owned()),
        Change::OrderAndPlace => Some(lang.t("要排在前面，签也要更靠前。").to_owned()),
        Change::OrderAndChildren => Some(lang.t("要排在前面，还要有更多孩子来。").to_owned()),
        Change::Unnamed => Some(lang.t("不填那门一周几次的课，就会选上它。").to_owned()),
        Change::UnnamedAndPlace => Some(lang.t("不填那门一周几次的课，签也要更靠前。").to_owned()),
        Change::UnnamedAndChildren => Some(lang.t("不填那门一周几次的课，还要有更多孩子来。").to_owned()),
        Change::Children(n) => number("再有 {n} 个孩子来，就能开。", n),
        Change::Ticket(most) => Some(lang.fill("签不大于 {ticket} 才选得上。", &[("ticket", &ticket(most))])),
        Change::Seats(n) => number("再有 {n} 个名额，才轮得到。", n),
        Change::Rules => Some(lang.t("换一种分法才会不一样。").to_owned()),
    }
}

/// A ticket as people compare it: sixteen digits in groups of four.
pub(super) fn ticket(ticket: u64) -> String {
    let digits = format!("{ticket:016x}");
    [&digits[..4], &digits[4..8], &digits[8..12], &digits[12..]].join(" ")
}

/// What was refused, as the list above a form.
pub(super) fn problems(refusals: Vec<Refusal>) -> Problems {
    refusals.into_iter().collect()
}
