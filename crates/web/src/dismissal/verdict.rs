//! A verdict at the gate as sentences: why a child is not let go, where it waits, whom to call.

use kehou_domain::custody::Whereabouts;
use kehou_domain::dismissal::{Call, Next, Wait, Why};
use kehou_domain::plan::ReleaseMode;

use crate::dates;
use crate::lang::Lang;

/// What the verdict says when it is a stop.
pub(super) fn why(lang: Lang, why: &Why) -> String {
    match why {
        Why::Restricted => lang.t("这个人不能接走孩子").to_owned(),
        Why::Held => lang.t("这个孩子刚才被拦下，等值班领导处理").to_owned(),
        Why::Gone => lang.t("孩子已经离校").to_owned(),
        Why::NotCalled => lang.t("老师还没点名").to_owned(),
        Why::NotSeen => lang.t("今天没有点到这个孩子").to_owned(),
        Why::NotNamed => lang.t("这位来接的人，今天没有家长授权").to_owned(),
        Why::NotYet { from_on } => lang.fill("授权从{day}起", &[("day", &dates::day(lang, *from_on))]),
        Why::Ended { to_on } => lang.fill("授权到{day}为止", &[("day", &dates::day(lang, *to_on))]),
        Why::ModeNotOffered { mode } => lang.t(not_offered(*mode)).to_owned(),
        Why::NoConsent { mode } => lang.t(no_consent(*mode)).to_owned(),
        Why::TooEarly { wave_at } => {
            let at = dates::time(kehou_domain::moment::wall_clock(*wave_at).time());
            lang.fill("还没到放学时间，{time} 放学", &[("time", &at)])
        }
    }
}

/// A stop's reason by its word, as it was written down; in Chinese.
pub(super) fn why_key(word: &str) -> &'static str {
    match word {
        "restricted" => "这个人不能接走孩子",
        "held" => "这个孩子刚才被拦下，等值班领导处理",
        "gone" => "孩子已经离校",
        "not_seen" => "今天没有点到这个孩子",
        "not_yet" => "授权还没开始",
        "ended" => "授权已经到期",
        "mode_not_offered" => "这个年级不能这样离校",
        "no_consent" => "家长没有签同意书",
        "too_early" => "还没到放学时间",
        _ => "这位来接的人，今天没有家长授权",
    }
}

const fn not_offered(mode: ReleaseMode) -> &'static str {
    match mode {
        ReleaseMode::Alone => "这个年级不能自行离校",
        ReleaseMode::Bus => "这个年级不乘校车",
        ReleaseMode::Guardian | ReleaseMode::Delegate => "这个年级只由监护人接",
    }
}

const fn no_consent(mode: ReleaseMode) -> &'static str {
    match mode {
        ReleaseMode::Bus => "家长没有签乘校车同意书",
        ReleaseMode::Alone | ReleaseMode::Guardian | ReleaseMode::Delegate => "家长没有签自行离校同意书",
    }
}

/// Where the child waits.
const fn wait(wait: Wait) -> &'static str {
    match wait {
        Wait::GateRoom => "请孩子在门卫室等，别让他离开视线。",
        Wait::WithTeacher => "请孩子回到老师身边等。",
        Wait::Classroom => "孩子可能还在教室。",
        Wait::Nowhere => "孩子不在这里，请一起找。",
        Wait::HasLeft => "孩子已经离校，不在这里。",
    }
}

/// Whom to call.
const fn call(call: Call) -> &'static str {
    match call {
        Call::Guardian => "打给家长：家长可以在手机上当场授权，这里会自动变成“可以接走”。",
        Call::DutyLeader => "已经告诉值班领导，由值班领导处理。",
        Call::Teacher => "有急事请老师先办提前离校。",
        Call::RollCaller => "请老师先点名，再来核对。",
    }
}

/// What happens next, in Chinese. With a child whose roll was not called, both things are said: the person is on no
/// list, and the teacher calls the roll first (G2).
pub(super) fn next(next: Next, whereabouts: Whereabouts) -> Vec<&'static str> {
    const FIRST: &str = "老师还没点名，点名前谁也不放行。";
    match (whereabouts, next.call) {
        (Whereabouts::Unseen, Call::Guardian) => {
            vec![FIRST, wait(next.wait), "打给家长：家长可以先在手机上授权，老师点名后再来核对。"]
        }
        (Whereabouts::Unseen, Call::DutyLeader | Call::Teacher) => {
            vec![FIRST, wait(next.wait), call(next.call)]
        }
        _ => vec![wait(next.wait), call(next.call)],
    }
}
