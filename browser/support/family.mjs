// What a guardian does on a phone, page by page.

/** The first sign-in, by the code of the slip, and a password for the next ones. */
export async function firstSignIn(person, phone, code, password) {
  await person.open("/sign-in");
  await person.follow("第一次登录，用登录码");
  await person.fill({ 手机号: phone, 登录码: code });
  await person.press("登录");
  await person.fill({ 新密码: password, 再填一次新密码: password });
  await person.press("保存密码");
}

/** From the tab of the bottom bar to the child's page of the service. */
export async function openService(person, child) {
  await person.goTo("课后服务");
  const chip = person.page.getByRole("navigation", { name: "选择孩子" }).getByRole("link", { name: child });
  if (await chip.count()) await person.arriving(chip);
}

/** Reads the letter, answers the survey, gives the consents that are needed. */
export async function getReady(person, child) {
  await openService(person, child);
  const letter = person.page.getByRole("link", { name: "读学校的告知书" });
  if (await letter.count()) {
    await person.arriving(letter);
    await person.shot("letter");
    await person.press("我已读完");
    await openService(person, child);
  }
  await person.follow("填需求调查");
  await person.page.getByLabel("想参加", { exact: true }).check();
  for (const box of await person.page.getByRole("group", { name: "星期几需要？" }).getByRole("checkbox").all()) await box.check();
  await person.shot("survey");
  await person.press("交调查");
  await openService(person, child);
  await person.follow("看隐私说明并同意");
  const needed = person.page.locator("label", { hasText: "必需" });
  for (const line of await needed.all()) await line.getByRole("checkbox").check();
  await person.shot("consents");
  await person.press("保存我的选择");
}

/** Applies for these children at once, for every weekday. */
export async function apply(person, children, remark) {
  await openService(person, children[0]);
  await person.follow("报名课后服务");
  for (const child of children) {
    const part = person.page.locator("section", { has: person.page.getByRole("heading", { name: child }) });
    for (const box of await part.getByRole("checkbox").all()) await box.check();
  }
  await person.page.getByRole("radio").first().check();
  await person.fill({ 备注: remark });
  await person.shot("application");
  await person.press("提交报名");
}

/** Signs the child's paper with a drawn name. */
export async function sign(person, child) {
  await openService(person, child);
  await person.shot("service-to-sign");
  await person.follow("安全承诺书");
  await person.page.getByLabel(/我已读完以上/).check();
  await draw(person.page, person.page.locator("canvas"));
  await person.shot("agreement");
  await person.press("签名并提交");
}

/** A line of a few strokes, by the finger or the mouse. */
async function draw(page, canvas) {
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  for (const line of [[[0.2, 0.3], [0.4, 0.7], [0.5, 0.3]], [[0.55, 0.3], [0.7, 0.7], [0.85, 0.4]]]) {
    await page.mouse.move(...at(...line[0]));
    await page.mouse.down();
    for (const point of line) await page.mouse.move(...at(...point), { steps: 4 });
    await page.mouse.up();
  }
}

/** Names somebody who may collect the child on these days. */
export async function nameDelegate(person, delegate, password) {
  await person.goTo("换人来接");
  await person.fill({ 姓名: delegate.name, 和孩子的关系: delegate.relation, 从哪一天: delegate.from, 到哪一天: delegate.to });
  await person.page.getByLabel(/固定的、能自己作主的成年人/).check();
  const asked = person.page.getByLabel("您的密码");
  if (await asked.count()) await asked.first().fill(password);
  await person.shot("pickup");
  await person.press("同意这位来接");
}
