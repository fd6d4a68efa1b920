// The afternoon: the roll, the child who is missing, the way out, the end of the day.

/** Opens today's roll of a group. */
export async function openRoll(teacher, group) {
  await teacher.goTo("今天");
  const card = teacher.page.locator("section", { has: teacher.page.getByRole("heading", { name: group }) });
  await teacher.follow("点名", card);
}

/** Calls the roll: these are missing, everybody else is there. */
export async function callRoll(teacher, group, missing) {
  await openRoll(teacher, group);
  await teacher.shot(`roll-start-${group}`);
  for (const child of missing) await teacher.page.getByRole("button", { name: child }).click();
  await teacher.press(/其余 \d+ 人都到了/);
  await teacher.shot(`roll-called-${group}`);
}

/** Confirms the head count. */
export async function countHeads(teacher, present) {
  await teacher.press(`现场数到 ${present} 人，对得上`);
  return teacher.page.locator(".note-ok").innerText();
}

/** Looks for a missing child: rings the family, hears where the child is. */
export async function findChild(teacher, child, heard, where) {
  const line = teacher.page.getByRole("listitem").filter({ hasText: child });
  await teacher.follow("打电话", line);
  await teacher.press("看号码");
  await teacher.shot("case");
  await teacher.page.getByLabel("结果").selectOption({ label: "已打通" });
  await teacher.fill({ 说了什么: heard });
  await teacher.page.getByLabel(where).check();
  await teacher.press("记下来");
}

/** Hands every child of the group over at the gate. */
export async function handOver(teacher, group) {
  await openRoll(teacher, group);
  await teacher.follow("交接");
  await teacher.shot(`handover-${group}`);
  await teacher.press("勾选的孩子交到门口");
}

/** Closes the room by its checklist. */
export async function closeRoom(teacher, group) {
  await openRoll(teacher, group);
  await teacher.follow("交接");
  await teacher.follow("关教室");
  for (const check of await teacher.page.getByRole("checkbox").all()) await check.check();
  await teacher.shot(`closing-${group}`);
  await teacher.press("关好");
  await teacher.shot(`closed-${group}`);
}

/** Finds the child at the gate and lets it go with this person. */
export async function release(guard, child, collector) {
  await guard.goTo("接送核验");
  await guard.shot("gate");
  await guard.follow(child);
  await guard.shot("gate-child");
  await guard.press(collector);
  await guard.shot("gate-verdict");
  const verdict = await guard.page.locator(".verdict").innerText();
  await guard.page.getByLabel("认识，孩子也认得").check();
  await guard.press("人对上了，放行");
  await guard.shot("gate-released");
  return verdict;
}

/** Waits until the board, which nobody touches, shows these figures. */
export async function boardShows(leader, figures) {
  for (const [label, figure] of Object.entries(figures)) {
    const card = leader.page.locator(".kpi", { hasText: label }).locator(".v", { hasText: new RegExp(`^${figure}人$`) });
    await card.waitFor();
  }
}
