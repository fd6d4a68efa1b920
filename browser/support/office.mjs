// What a school's office does before its first day of service, page by page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { read, write } from "./workbook.mjs";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Uploads a plan file and answers what it leaves open. */
export async function draftPlan(office, file, answers) {
  await office.goTo("服务方案");
  await office.follow("全部版本");
  await office.page.setInputFiles("#file", file);
  await office.press("上传");
  await office.follow("修改");
  await answer(office.page, answers);
  await office.press("保存");
  await office.press("检查通过，提交校长");
}

/** Fills what the plan does not state, in the order of the page. */
async function answer(page, answers) {
  const open = await page.locator('input[value="方案未写明"]').all();
  assert.equal(open.length, answers.length, "the plan leaves so many times open");
  for (const [place, field] of open.entries()) await field.fill(answers[place]);
}

/** The newest version of the plan. */
export async function openPlan(person) {
  await person.goTo("服务方案");
  await person.follow("全部版本");
  await person.follow(/第 \d+ 版/);
}

/** Files the approved plan with the bureau and puts it in force. */
export async function putInForce(office, reference, from) {
  await openPlan(office);
  await office.fill({ 备案文号: reference });
  await office.press("已报教育局备案");
  await office.fill({ 从哪天起生效: from });
  await office.page.locator("input[name=today]").check();
  await office.press("生效");
}

/** Adds a term and opens it. */
export async function openTerm(office, term) {
  await office.goTo("校历");
  await office.follow("添加学期");
  await office.fill(term);
  await office.press("添加学期");
  await office.press("启用学期");
}

/** Hands in a workbook and reads the preview's figures. */
export async function handIn(office, rows) {
  await office.goTo("班级和学生");
  await office.follow("导入名册");
  await office.page.setInputFiles("#file", { name: "花名册.xlsx", mimeType: XLSX, buffer: write(rows) });
  await office.press("读取并预览");
  return office.page.locator(".kpis dd").allInnerTexts();
}

/** Makes a member of staff the teacher of a class. */
export async function appoint(office, teacher, className) {
  await office.goTo("班级和学生");
  await office.follow(className);
  await office.page.getByLabel("班主任").selectOption({ label: teacher });
  await office.press("保存班主任");
}

/** Adds a member of staff with these roles. */
export async function employ(office, name, phone, roles) {
  await office.goTo("教职工");
  await office.fill({ 姓名: name, 手机号: phone }, office.page.locator("form", { hasText: "担任什么" }));
  for (const role of roles) await office.page.getByLabel(role).check();
  await office.press("添加教职工");
}

/** Publishes the letter, the clauses and the privacy notice as the school's templates have them. */
export async function publishTexts(office) {
  await office.goTo("告知书和通知");
  await office.follow("写告知书");
  await office.press("保存草稿");
  await office.press("发布给全体家长");
  await office.goTo("协议文本");
  const pledge = office.page.locator("section", { hasText: "安全承诺书" });
  await office.follow("从范本开始", pledge);
  await office.press("保存为新版");
  await office.press("从现在起用这一版");
  await office.goTo("隐私说明");
  await office.fill({
    负责人: "信息安全专管员",
    负责人电话: "0519-80000000",
    存放地点: "学校自己的服务器",
    孩子离开后保存几个月: "12",
    到期后怎么处理: "删除个人信息",
  });
  await office.press("发布新版隐私说明");
}

/** Opens the term's sign-up on these days. */
export async function openSignUp(office, days) {
  await office.goTo("开放报名");
  await office.fill(days);
  await office.press("开放报名");
}

/** The codes on the slips of a class, by guardian. */
export async function slips(office, className) {
  await office.goTo("家长登录码");
  await office.press(`生成纸条 ${className}`);
  const codes = {};
  for (const slip of await office.page.locator("li.slip").all()) {
    codes[await slip.locator(".strong").innerText()] = (await slip.locator(".code").innerText()).replace(/\s/g, "");
  }
  assert.ok(Object.keys(codes).length > 0, "a class has slips");
  return codes;
}

/** Approves everybody who waits for this reviewer. */
export async function approveAll(person, seen) {
  await person.goTo("报名审核");
  await person.page.getByLabel(/不逐个勾选/).check();
  if (seen) await person.page.getByLabel("已向家长核实不能按时离校").check();
  await person.press("提交审核");
  return person.page.locator(".note-ok").innerText();
}

/** A new code for somebody on the staff, from the administrator. */
export async function firstCode(keeper, name) {
  await keeper.goTo("账号");
  await keeper.follow(name);
  await keeper.press("生成新的登录码");
  return (await keeper.page.locator("p.code").innerText()).replace(/\s/g, "");
}

/** The month sheet as a downloaded workbook, read back row by row. */
export async function monthSheet(office) {
  await office.goTo("日签到表");
  await office.follow("月汇总表");
  const [file] = await Promise.all([office.page.waitForEvent("download"), office.page.getByRole("link", { name: "下载表格" }).click()]);
  assert.match(file.suggestedFilename(), /\.xlsx$/);
  return read(readFileSync(await file.path()));
}
