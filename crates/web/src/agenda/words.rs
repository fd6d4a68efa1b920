//! What open work and first steps are called, and where they lie.

use kehou_domain::agenda::{FirstStep, Matter};

/// How a matter is said.
pub(super) struct Said {
    /// In Chinese, with `{n}` for how many.
    pub(super) words: &'static str,
    pub(super) icon: &'static str,
    /// Its page, below the school's address.
    pub(super) path: &'static str,
    /// Whether a child may be in danger.
    pub(super) urgent: bool,
    /// Whether the page is that of an earlier day.
    pub(super) of_earlier_day: bool,
}

const fn said(words: &'static str, icon: &'static str, path: &'static str) -> Said {
    Said { words, icon, path, urgent: false, of_earlier_day: false }
}

/// A matter.
pub(super) const fn matter(matter: Matter) -> Said {
    match matter {
        Matter::ChildrenMissing => Said { urgent: true, ..said("{n} 个孩子还在找", "alert", "cases") },
        Matter::OwnChildrenMissing => {
            Said { urgent: true, ..said("您班上 {n} 个孩子还在找", "alert", "today") }
        }
        Matter::StopsOpen => {
            Said { urgent: true, ..said("门口 {n} 次拦下，等您处理", "stop", "board") }
        }
        Matter::DaysUnclosed => {
            Said { of_earlier_day: true, ..said("前面 {n} 天还没关", "clock", "board") }
        }
        Matter::EarlyLeaves => said("{n} 个孩子申请提前离校", "go", "early-leaves"),
        Matter::RollsUncalled => said("{n} 个班到点了还没点名", "list", "today"),
        Matter::ApplicationsOverdue => said("{n} 份报名过了期限还没办", "clock", "exceptions"),
        Matter::ApplicationsToReview => said("{n} 份报名等您审核", "users", "applications"),
        Matter::Objections => said("{n} 条公示异议没有答复", "chat", "publications"),
        Matter::PlansToApprove => said("{n} 版服务方案等您批准", "file", "plan/versions"),
        Matter::PlansToFile => said("{n} 版服务方案批了，还没报备案", "file", "plan/versions"),
        Matter::PlansToPutInForce => said("{n} 版服务方案备了案，还没定生效日", "file", "plan/versions"),
        Matter::PlanDrafts => said("{n} 份方案草稿还没提交", "pen", "plan/versions"),
        Matter::OfferingsToReview => said("{n} 门课程等您审核", "ball", "offering-reviews"),
        Matter::OfferingsReturned => said("{n} 门课程退回来了，等您修改", "undo", "offerings"),
        Matter::PapersToConfirm => said("{n} 份纸质报名等第二个人核对", "file", "papers"),
        Matter::SignedPapersToConfirm => said("{n} 张家长签字单等第二个人核对", "pen", "signed-papers"),
        Matter::NamesToShow => said("{n} 个孩子审过了，等班级公示", "eye", "publications"),
        Matter::ChildrenToFile => said("{n} 个孩子审过了，等报备案名单", "send", "filings"),
        Matter::FilingsToReceive => said("{n} 份备案名单等您收", "send", "received-filings"),
        Matter::Corrections => said("{n} 份更正申请没有答复", "chat", "corrections"),
        Matter::DaysUndecided => said("校历有 {n} 天还没定", "cal", "calendar"),
        Matter::ClassesWithoutTeacher => said("{n} 个班没有班主任", "school", "classes"),
        Matter::GroupsWithoutTeacher => said("{n} 个服务班没有老师", "grid", "groups"),
        Matter::MonthUnclosed => said("上个月的汇总还没存档", "archive", "sheets/month"),
        Matter::StaffWithoutAccount => said("{n} 位教职工还没有账号", "user", "accounts"),
        Matter::GuardiansWithoutCode => said("{n} 位家长手里没有登录码", "qr", "slips"),
    }
}

/// A first step: its words and its page, below the school's address.
pub(super) const fn step(step: FirstStep) -> (&'static str, &'static str) {
    match step {
        FirstStep::Plan => ("让服务方案生效", "plan/versions"),
        FirstStep::Term => ("添加并启用学期", "calendar"),
        FirstStep::Roster => ("导入花名册", "classes"),
        FirstStep::Teachers => ("录入教职工，给每个班定班主任", "staff"),
        FirstStep::Letter => ("发布致家长的信", "letters"),
        FirstStep::Clauses => ("启用协议文本", "clauses"),
        FirstStep::PrivacyNotice => ("发布给家长的隐私说明", "privacy-notice"),
        FirstStep::SignUp => ("定报名的日期", "sign-up"),
        FirstStep::Slips => ("打印家长的登录码", "slips"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::Entry;

    #[test]
    fn every_line_leads_where_its_roles_may_go() {
        let routes = crate::routes();
        let matters = Matter::ALL.map(|known| (matter(known).path, known.roles()));
        let steps = FirstStep::ALL.map(|known| (step(known).1, known.roles()));
        for (path, roles) in matters.into_iter().chain(steps) {
            let page = format!("/schools/{{school}}/{path}");
            let found =
                routes.iter().find(|route| route.path == page && route.method == axum::http::Method::GET);
            let Some(Entry::Act(_, may)) = found.map(|route| route.entry) else {
                panic!("{page} leads nowhere")
            };
            let shut_out: Vec<_> = roles.iter().filter(|role| !may.contains(role)).collect();
            assert!(shut_out.is_empty(), "{page}: {shut_out:?}");
        }
    }
}
