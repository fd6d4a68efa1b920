//! What the keys of a plan file are called, for comparing and editing.

use crate::lang::Lang;

/// The way to a value in words: 时段 · afternoon · 时间 1 · 开始.
pub fn path(lang: Lang, path: &[String]) -> String {
    let words = path.iter().map(|key| key_name(key).map_or(key.as_str(), |name| lang.t(name)));
    words.collect::<Vec<_>>().join(" · ")
}

/// What a key is called; a short name or a place has no other name.
fn key_name(key: &str) -> Option<&'static str> {
    let name = match key {
        "slots" => "时段",
        "windows" => "时间",
        "seasons" => "季节",
        "summer" => "夏令时",
        "winter" => "冬令时",
        "dismissal" => "放学",
        "batches" => "离校批次",
        "programme" => "每周内容",
        "periods" => "段次",
        "groups" => "编班",
        "fee" => "收费",
        "rates" => "标准",
        "pay" => "报酬",
        "absence" => "请假",
        "joining" => "参加和报名",
        "steps" => "审批流程",
        "staff" => "人员",
        "funds" => "经费",
        "rules" => "规定",
        "reports" => "报告",
        "release" => "离校方式",
        "punches" => "考勤",
        _ => return value_name(key),
    };
    Some(name)
}

fn value_name(key: &str) -> Option<&'static str> {
    let name = match key {
        "from" => "从",
        "to" => "到",
        "until" => "截止",
        "at" => "何时",
        "weekdays" => "星期",
        "start" => "开始",
        "starts" => "服务开始",
        "end" => "结束",
        "minutes" => "分钟",
        "wave" => "离校时间",
        "min" => "最少人数",
        "max" => "最多人数",
        "yuan" => "金额（元）",
        "unit" => "单位",
        "cut_off" => "截止时间",
        "within_days" => "几天之内",
        "billing_lesson_hours" => "收费课时",
        "staff_lesson_hours" => "教师课时",
        "grades" => "年级",
        "title" => "标题",
        "school" => "学校",
        "name" => "名称",
        "content" => "内容",
        "mode" => "方式",
        _ => return None,
    };
    Some(name)
}
