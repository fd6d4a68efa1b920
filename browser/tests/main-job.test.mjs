// The main job, from a workbook to a month sheet: a school's first week of service, told as it happens.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { tooWide, unreadable } from "../support/checks.mjs";
import * as day from "../support/day.mjs";
import * as family from "../support/family.mjs";
import * as office from "../support/office.mjs";
import { project } from "../support/packages.mjs";
import { Demo } from "../support/server.mjs";
import { DESK, Person, launch } from "../support/visit.mjs";
import { form, kind } from "../support/walk.mjs";
import { read } from "../support/workbook.mjs";

const TITLE = [["湖滨新区实验小学　2026年秋季课后服务花名册"], ["制表：教务处　2026年9月1日"]];
const HEAD = ["序号", "姓名", "性别", "班级", "座号", "家长姓名", "关系", "联系电话"];
const CHILDREN = [
  ["1", "陈一诺", "女", "三（1）班", "1", "陈建国", "父亲", "139 0000 0101"],
  ["2", "林　小满", "女", "3.1", "2", "林芳", "母亲", "１３９０００００１０２"],
  ["3", "周子昂", "男", "301班", "3", "周丽", "母亲", "13900000103"],
  ["4", "林小树", "男", "一（2）班", "7", "林芳", "母亲", "13900000102"],
  ["5", "吴桐", "男", "一（2）班", "8", "吴强", "父亲", "1390000010"],
];
const END = [["合计", "5人"], ["注：请于周五前核对"]];
const MONTH = [
  ["新办学校"],
  ["月汇总表 2026-09"],
  ["班", "姓名", "应到", "到", "迟到", "早退", "请假", "未到", "已走", "没点"],
  ["一(2)班", "林小树", "1", "1", "0", "0", "0", "0", "0", "0"],
  ["三(1)班", "陈一诺", "1", "1", "0", "0", "0", "0", "0", "0"],
  ["三(1)班", "林小满", "1", "1", "0", "0", "0", "0", "0", "0"],
  ["三(1)班", "周子昂", "1", "0", "0", "0", "0", "1", "0", "0"],
  ["合计", "", "4", "3", "0", "0", "0", "1", "0", "0"],
];
const PASSWORD = "湖边的柳树又绿了";
const NEW_TEACHER = { name: "何静", phone: "13900000201" };
const GRANDMOTHER = { name: "赵秀兰", relation: "奶奶", from: "2026-09-07", to: "2026-09-11" };

let demo, browser;
before(async () => {
  demo = await Demo.start("2026-09-01T08:30", ["--empty"]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  demo?.stop();
});

const name = (role) => demo.signIn("new", role).name;
const as = async (role, viewport) => examined(await Person.signedIn(browser, demo, "new", role, viewport));
const arrive = async (viewport) => examined(await Person.arrive(browser, demo, viewport));

/** Every page that an act leads to is looked at once for each form it has: previews, slips, what was saved. */
const seen = new Set();
function examined(person) {
  person.examine = async (page, path) => {
    const look = `${kind(path)} ${await form(page)}`;
    if (seen.has(look)) return [];
    seen.add(look);
    return [...(await tooWide(page, [320, 1440])), ...(await unreadable(page))];
  };
  return person;
}

test("a school's first week, from its workbook to its month sheet", async () => {
  const clerk = await as("academic_office", DESK);
  await prepareSchool(clerk);
  await importRoster(clerk);
  await appointTeachers(clerk);
  await openSignUp(clerk);
  const families = await giveSlips(clerk);
  await applyAtHome(families);
  await review();
  await signAtHome(families);
  await callRolls();
  await goHome();
  await readMonth();
});

/** The plan from its file to its first day in force, and the term. */
async function prepareSchool(clerk) {
  await office.draftPlan(clerk, join(project, "plans/s0.toml"), ["15:40", "15:40", "17:40"]);
  await clerk.shot("plan");
  const head = await as("principal", DESK);
  await office.openPlan(head);
  await head.press("批准");
  await leave(head);
  await office.putInForce(clerk, "武教备〔2026〕12号", "2026-09-01");
  await office.openTerm(clerk, {
    学期名称: "第一学期",
    开学日期: "2026-09-01",
    最后一个上学日: "2027-01-22",
    课后服务开始日期: "2026-09-07",
  });
}

/** The workbook has a telephone that lacks a digit: the preview says where, the office corrects the file. */
async function importRoster(clerk) {
  assert.deepEqual(await office.handIn(clerk, [...TITLE, HEAD, ...CHILDREN, ...END]), ["5", "0", "0", "0"]);
  await clerk.shot("import-refused");
  const wrong = clerk.page.getByRole("row").filter({ hasText: "1390000010" });
  assert.match(await wrong.innerText(), /^8\s+联系电话\s+1390000010\s+电话请写 11 位手机号/);
  const corrected = CHILDREN.map((child) => child.map((cell) => (cell === "1390000010" ? "13900000104" : cell)));
  assert.deepEqual(await office.handIn(clerk, [...TITLE, HEAD, ...corrected, ...END]), ["5", "0", "0", "0"]);
  await clerk.press("确认导入");
  assert.match(await clerk.page.locator(".note-ok").innerText(), /新增 5 名/);
}

/** A teacher who was on the staff, and one who comes new and gets a code from the administrator. */
async function appointTeachers(clerk) {
  await office.employ(clerk, NEW_TEACHER.name, NEW_TEACHER.phone, ["服务教师"]);
  await office.appoint(clerk, name("service_teacher"), "三(1)班");
  await office.appoint(clerk, NEW_TEACHER.name, "一(2)班");
  const keeper = await as("system_administrator", DESK);
  const code = await office.firstCode(keeper, NEW_TEACHER.name);
  await leave(keeper);
  const teacher = await arrive();
  await family.firstSignIn(teacher, NEW_TEACHER.phone, code, PASSWORD);
  await leave(teacher);
}

async function openSignUp(clerk) {
  await office.publishTexts(clerk);
  await office.openSignUp(clerk, {
    需求调查第一天: "2026-09-01",
    需求调查最后一天: "2026-09-04",
    报名第一天: "2026-09-01",
    报名最后一天: "2026-09-05",
  });
  await clerk.shot("sign-up");
}

/** Every family has its phone and the code of its slip. */
async function giveSlips(clerk) {
  const younger = await office.slips(clerk, "一(2)班");
  const older = await office.slips(clerk, "三(1)班");
  await clerk.shot("slips");
  assert.deepEqual(Object.keys({ ...younger, ...older }).sort(), ["吴强", "周丽", "林芳", "陈建国"].sort());
  await leave(clerk);
  return [
    { phone: "13900000101", code: older["陈建国"], children: ["陈一诺"] },
    { phone: "13900000102", code: younger["林芳"], children: ["林小满", "林小树"] },
    { phone: "13900000103", code: older["周丽"], children: ["周子昂"] },
  ];
}

/** On phones, the evening after: the letter, the survey, the consents, the application. */
async function applyAtHome(families) {
  await demo.moveClock(browser, "2026-09-02T19:30");
  for (const one of families) {
    const parent = await arrive();
    await family.firstSignIn(parent, one.phone, one.code, PASSWORD);
    await parent.shot("home-before");
    for (const child of one.children) await family.getReady(parent, child);
    await family.apply(parent, one.children, "对花生过敏");
    await parent.shot("service-applied");
    await leave(parent);
  }
}

/** The plan's chain: both homeroom teachers, then the office. */
async function review() {
  await demo.moveClock(browser, "2026-09-03T10:00");
  const first = await as("service_teacher", DESK);
  await first.sit("班主任");
  assert.match(await office.approveAll(first, "seen"), /3 人审核完成/);
  await leave(first);
  const second = await arrive(DESK);
  await second.signIn({ phone: NEW_TEACHER.phone, password: PASSWORD });
  await second.sit("班主任");
  assert.match(await office.approveAll(second, "seen"), /1 人审核完成/);
  await leave(second);
  const clerk = await as("academic_office", DESK);
  assert.match(await office.approveAll(clerk), /4 人审核完成/);
  await leave(clerk);
}

/** On phones again: the pledge under a drawn name, and who else may collect. */
async function signAtHome(families) {
  await demo.moveClock(browser, "2026-09-03T20:00");
  for (const one of families) {
    const parent = await arrive();
    await parent.signIn({ phone: one.phone, password: PASSWORD });
    for (const child of one.children) await family.sign(parent, child);
    await parent.shot("service-signed");
    if (one.children.includes("陈一诺")) await family.nameDelegate(parent, GRANDMOTHER, PASSWORD);
    await leave(parent);
  }
}

/** Monday: one child is missing, and is found. */
async function callRolls() {
  await demo.moveClock(browser, "2026-09-07T15:45");
  const teacher = await as("service_teacher");
  await day.callRoll(teacher, "三(1)班", ["周子昂"]);
  await day.findChild(teacher, "周子昂", "外婆中午接走了，在家", "在家人身边");
  assert.match(await day.countHeads(teacher, 2), /点名完成.*现场数到 2 人/s);
  await leave(teacher);
}

/** The rooms empty: one child goes with the grandmother, the siblings with their mother; the board says so by itself. */
async function goHome() {
  const second = await newTeacher();
  await day.callRoll(second, "一(2)班", []);
  await day.countHeads(second, 1);
  const first = await as("service_teacher");
  await demo.moveClock(browser, "2026-09-07T17:40");
  await day.handOver(first, "三(1)班");
  await day.handOver(second, "一(2)班");
  const leader = await as("duty_leader", DESK);
  await leader.goTo("值班看板");
  await leader.shot("board-before");
  const guard = await as("gate_guard");
  assert.match(await day.release(guard, "陈一诺", "赵秀兰"), /可以接走/);
  await day.boardShows(leader, { 已离校: 1, 还没有去向: 2 });
  await day.release(guard, "林小满", "林芳");
  await day.release(guard, "林小树", "林芳");
  await day.boardShows(leader, { 已离校: 3, 还没有去向: 0 });
  await leader.shot("board-after");
  await day.closeRoom(first, "三(1)班");
  await day.closeRoom(second, "一(2)班");
  await Promise.all([first, second, guard].map(leave));
  await closeDay(leader);
}

async function closeDay(leader) {
  await leader.press("关今天");
  assert.match(await leader.page.locator("#board .note-ok").innerText(), /已关今天，4 个孩子都有去向/);
  await leader.shot("day-closed");
  await leave(leader);
}

/** The month as the office downloads it. */
async function readMonth() {
  const clerk = await as("academic_office", DESK);
  const rows = await office.monthSheet(clerk);
  await clerk.shot("month");
  assert.deepEqual(rows, MONTH);
  await leave(clerk);
}

async function newTeacher(viewport) {
  const teacher = await arrive(viewport);
  await teacher.signIn({ phone: NEW_TEACHER.phone, password: PASSWORD });
  await teacher.sit("服务教师");
  return teacher;
}

async function leave(person) {
  assert.deepEqual(person.complaints, []);
  await person.leave();
}
