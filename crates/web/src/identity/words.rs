//! Facts of sign-in and seats as sentences.

use kehou_app::identity::accounts;
use kehou_db::identity::log::Happened;
use kehou_domain::access::Role;

use crate::lang::Lang;
use crate::look::Theme;
use crate::refusal::Refusal;

/// What a role is called, in Chinese.
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Guardian => "家长",
        Role::HomeroomTeacher => "班主任",
        Role::ServiceTeacher => "服务教师",
        Role::DutyLeader => "值班领导",
        Role::GradeHead => "年级组长",
        Role::GateGuard => "门卫",
        Role::AcademicOffice => "教务处",
        Role::GeneralAffairs => "总务处",
        Role::SafetyOffice => "安全处",
        Role::Principal => "校长",
        Role::ParentCommittee => "家长委员会",
        Role::BureauOfficer => "教育局",
        Role::SystemAdministrator => "系统管理员",
    }
}

/// What a theme is called, in Chinese.
pub(super) const fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "跟随手机",
        Theme::Light => "浅色",
        Theme::Dark => "深色",
    }
}

/// What happened to an account, in Chinese.
pub(super) const fn happened(happened: Happened) -> &'static str {
    match happened {
        Happened::SignedIn => "用密码登录",
        Happened::SignedInByCode => "用登录码登录",
        Happened::Refused => "登录没有成功",
        Happened::FactorShown => "输入了动态码",
        Happened::RecoveryUsed => "用了一个备用码",
        Happened::FactorRefused => "动态码不对",
        Happened::FactorSet => "设好了动态码",
        Happened::PasswordSet => "改了密码",
        Happened::SeatTaken => "换了身份",
        Happened::SignedOut => "退出登录",
        Happened::EndedElsewhere => "让别的设备退出了",
    }
}

/// What is wrong with a phone number.
pub(super) fn phone(lang: Lang, digits: usize) -> String {
    match digits {
        0 => lang.t("请填 11 位手机号").to_owned(),
        11 => lang.t("手机号要以 1 开头").to_owned(),
        _ => lang.fill("请填 11 位手机号，现在是 {n} 位", &[("n", &digits.to_string())]),
    }
}

/// Why an account stays as it is.
pub fn account(lang: Lang, refused: accounts::Refused) -> Refusal {
    match refused {
        accounts::Refused::NoName => Refusal::new("no_name", lang.t("请填姓名")).at("name"),
        accounts::Refused::NoNameAtAll => {
            Refusal::new("no_name_at_all", lang.t("姓名只写字，不写数字和符号")).at("name")
        }
        accounts::Refused::NameTooLong => {
            Refusal::new("name_too_long", lang.t("姓名最多 40 个字")).at("name")
        }
        accounts::Refused::Phone { digits } => Refusal::new("phone", phone(lang, digits)).at("phone"),
        accounts::Refused::NoRole => Refusal::new("no_role", lang.t("请至少选一个身份")).at("roles"),
        accounts::Refused::Oneself => Refusal::new("oneself", lang.t("自己的账号请另一位管理员来改")),
        accounts::Refused::OtherName => {
            let text = "姓名和手机号对不上，没有添加；请核对号码和姓名。确实无误的，请系统运维人员来加";
            Refusal::new("other_name", lang.t(text)).at("phone")
        }
        accounts::Refused::NotVerified => {
            Refusal::new("not_verified", lang.t("请写怎么核对了本人，例如 当面看了工作证")).at("verified")
        }
        accounts::Refused::NoFactor => Refusal::new("no_factor", lang.t("这个账号没有动态码")),
        accounts::Refused::SitsElsewhere => {
            Refusal::new("sits_elsewhere", lang.t("这个账号在别的学校也有身份，请系统运维人员重置"))
        }
    }
}

/// A browser as people call it, from what it says of itself: Chrome · Android.
pub(super) fn device(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("MicroMessenger", "WeChat"),
        ("HuaweiBrowser", "Huawei"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    let known: Vec<&str> = [browser, system].into_iter().flatten().collect();
    if known.is_empty() { "?".to_owned() } else { known.join(" · ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_as_people_call_it() {
        let wechat = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8.0";
        assert_eq!(device(wechat), "WeChat · Android");
        assert_eq!(device("curl/8"), "?");
    }
}
