//! What the rules of the rule pack say, and the clause each rests on.

use kehou_domain::plan::Rule;

/// What the plan does not keep, in Chinese.
pub(super) const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::AloneInLowerGrades => "一、二年级学生不得自行离校",
        Rule::PriorityMissing => "方案没有写明优先保障留守儿童和随迁子女",
        Rule::NobodyApplies => "审批流程里没有家长申请",
        Rule::TutoringContent => "内容里有补习",
        Rule::EveningStudyInPrimary => "小学安排了晚间自习",
        Rule::FewerThanFiveDays => "每周服务不足五天",
        Rule::LessThanTwoHours => "每天服务不足两小时",
        Rule::EarlyArrivalAsService => "早到看护不属于课后服务",
        Rule::NoonAsService => "午间看护不属于课后服务",
        Rule::EveningAsService => "晚间自习不属于课后服务",
        Rule::ChargeOnOtherCare => "其他看护不得以课后服务名义收费",
        Rule::CollectedByCommittee => "不得由家长委员会代收费用",
        Rule::CollectedByThirdParty => "不得由第三方代收费用",
        Rule::FeeNotPublished => "收费事项没有列入公示",
        Rule::NoWaiver => "收费方案没有写明减免对象",
    }
}

/// The notice and the clause, in Chinese.
pub(super) const fn clause(rule: Rule) -> &'static str {
    match rule {
        Rule::AloneInLowerGrades => "《中小学幼儿园安全管理办法》第三十一条",
        Rule::PriorityMissing => "教基一厅〔2017〕2号：优先保障留守儿童、随迁子女",
        Rule::NobodyApplies => "教基一厅〔2017〕2号：家长自愿申请",
        Rule::TutoringContent => "教基一厅〔2017〕2号：不得变相集体教学或补课",
        Rule::EveningStudyInPrimary => "2021年“双减”意见第9—10条：晚自习由初中学校开设",
        Rule::FewerThanFiveDays => "2021年“双减”意见第9—10条：每周五天",
        Rule::LessThanTwoHours => "2021年“双减”意见第9—10条：每天至少两小时",
        Rule::EarlyArrivalAsService => {
            "2023年12月四部门通知（教基厅函〔2024〕1号）五个严禁：早到看护不作为课后服务"
        }
        Rule::NoonAsService => {
            "2023年12月四部门通知（教基厅函〔2024〕1号）五个严禁：午餐午休看护不作为课后服务"
        }
        Rule::EveningAsService => "2023年12月四部门通知（教基厅函〔2024〕1号）五个严禁：晚自习不作为课后服务",
        Rule::ChargeOnOtherCare => {
            "2023年12月四部门通知（教基厅函〔2024〕1号）五个严禁：不得以课后服务名义收取其他看护费用"
        }
        Rule::CollectedByCommittee => {
            "2023年12月四部门通知（教基厅函〔2024〕1号）五个严禁：不得通过家长委员会收费"
        }
        Rule::CollectedByThirdParty => {
            "2023年12月四部门通知（教基厅函〔2024〕1号）五个严禁：不得通过第三方收费"
        }
        Rule::FeeNotPublished => "2023年12月四部门通知（教基厅函〔2024〕1号）：收费须公示",
        Rule::NoWaiver => "2023年12月四部门通知（教基厅函〔2024〕1号）：对困难家庭减免",
    }
}
