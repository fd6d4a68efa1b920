//! What the keys of a plan file are called, for comparing and editing.

/// What a list of tables is called; none for a key that is no such list.
pub(super) fn list_name(key: &str) -> Option<&'static str> {
    let name = match key {
        "slots" => "时段",
        "windows" => "时间",
        "dismissal" => "放学",
        "batches" => "离校批次",
        "programme" => "每周内容",
        "periods" => "段次",
        "groups" => "编班",
        "rates" => "标准",
        "steps" => "审批流程",
        "reports" => "报告",
        "release" => "离校方式",
        "punches" => "考勤",
        "ratios" => "人员配比",
        "posts" => "岗位",
        "credits" => "工作量",
        "penalties" => "扣发",
        _ => return None,
    };
    Some(name)
}

/// What a key is called at the end of this way; a short name or a place has no other name.
pub(super) fn key_name(way: &[String], key: &str) -> Option<&'static str> {
    let of = way.first().map_or("", String::as_str);
    if key == "to" && matches!(of, "absence" | "reports") {
        return Some("交给");
    }
    table_name(key)
        .or_else(|| list_name(key))
        .or_else(|| day_name(key))
        .or_else(|| service_name(key))
        .or_else(|| money_name(key))
        .or_else(|| people_name(key))
}

fn table_name(key: &str) -> Option<&'static str> {
    let name = match key {
        "seasons" | "season" => "季节",
        "summer" => "夏令时",
        "winter" => "冬令时",
        "fee" => "收费",
        "pay" => "报酬",
        "absence" => "请假",
        "joining" => "参加和报名",
        "staff" => "人员",
        "funds" => "经费",
        "rules" => "规定",
        _ => return None,
    };
    Some(name)
}

fn day_name(key: &str) -> Option<&'static str> {
    let name = match key {
        "from" => "从",
        "to" => "至",
        "until" => "截止",
        "at" | "due" => "何时",
        "weekdays" => "星期",
        "weekdays_assumed" => "星期是否暂定",
        "start" => "开始",
        "starts" => "服务开始",
        "end" => "结束",
        "minutes" => "分钟",
        "wave" => "离校时间",
        "assumed" | "provisional" => "是否暂定",
        "cut_off" => "截止时间",
        "within_days" => "几天之内",
        "not_before_work_ends" => "不早于家长下班",
        _ => return None,
    };
    Some(name)
}

fn service_name(key: &str) -> Option<&'static str> {
    let name = match key {
        "plan" => "方案代号",
        "title" => "标题",
        "school" => "学校",
        "level" => "学段",
        "reach" => "适用范围",
        "sources" => "来源",
        "layers" => "服务层次",
        "grades" => "年级",
        "id" => "代号",
        "name" => "名称",
        "kind" => "种类",
        "applies_to" => "适用学生",
        "service" => "算课后服务",
        "chargeable" => "可以收费",
        "counts_for_pay" => "计入报酬",
        "content" => "内容",
        "grouping" => "编法",
        "in_principle" => "原则上",
        "counted" => "够不够人数按什么算",
        "slot" => "时段",
        "modes" => "离校方式",
        "min" => "最少人数",
        "max" => "最多人数",
        "providers" => "校外机构",
        "banned" => "不得",
        _ => return None,
    };
    Some(name)
}

fn money_name(key: &str) -> Option<&'static str> {
    let name = match key {
        "mode" => "方式",
        "payee" => "收款方",
        "yuan" => "金额（元）",
        "unit" => "单位",
        "cap_yuan" => "封顶（元）",
        "cap_per" => "封顶单位",
        "settled_per" => "结算单位",
        "refund" => "退费",
        "waivers" => "减免",
        "basis" => "依据",
        "publication_first" => "先公示再收费",
        "billing_lesson_hours" => "收费课时",
        "staff_lesson_hours" => "教师课时",
        "lesson_hours" => "课时",
        "work" => "工作",
        "penalty" => "怎样扣发",
        "neglect" => "情形",
        "uses" => "用途",
        "staff_share_percent" => "人员补助占比（%）",
        "per_actual_pupil" => "按实际人数",
        _ => return None,
    };
    Some(name)
}

fn people_name(key: &str) -> Option<&'static str> {
    let name = match key {
        "need_check" => "核实需要",
        "verifies_need" => "由这一步核实需要",
        "priority" => "优先",
        "cycle" => "报名周期",
        "survey" => "调查",
        "step" => "步骤",
        "role" => "由谁",
        "by" => "谁考勤",
        "forms" => "表格",
        "copies" => "份数",
        "id_numbers" => "证件号",
        "publish" => "公示内容",
        "channels" => "公示渠道",
        "written" => "书面",
        "participation" => "教师参加",
        "opt_out" => "可以不参加",
        "duty_letter" => "签责任书",
        "parent_helpers" => "家长志愿者",
        "pupils" => "学生人数",
        "per" => "怎样算",
        "post" => "岗位",
        "per_day" => "每天人数",
        "report" => "报告",
        "times" => "次数",
        "signature" => "签名",
        _ => return None,
    };
    Some(name)
}
