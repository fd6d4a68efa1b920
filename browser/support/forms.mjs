// Forms as a page has them: by where they are sent.

const TYPED = "input:not([type=hidden]):not([type=submit]):not([disabled]), textarea, select";

/** The addresses to which the page's forms with fields are sent. */
export function forms(page) {
  return page.$$eval(
    "main form[method=post]",
    (all, typed) => [...new Set(all.filter((one) => one.querySelector(typed)).map((one) => new URL(one.action).pathname))],
    TYPED,
  );
}

/** Empties a form, and lets the browser send it as it is. */
export function clear(page, action) {
  return page.evaluate(
    ([where, typed]) => {
      const form = Array.from(document.forms).find((one) => new URL(one.action).pathname === where);
      form.noValidate = true;
      for (const details of document.querySelectorAll("details")) details.open = true;
      for (const field of form.querySelectorAll(typed)) {
        if (field.type === "checkbox" || field.type === "radio") field.checked = false;
        else if (field.tagName === "SELECT") field.selectedIndex = 0;
        else field.value = "";
      }
    },
    [action, TYPED],
  );
}

/** Sends a form as its button does, and answers with the response, or with nothing when the page keeps it. */
export async function send(page, action) {
  const answered = page
    .waitForResponse((response) => response.request().method() === "POST" && response.frame() === page.mainFrame(), { timeout: 5_000 })
    .catch(() => null);
  const loaded = page.waitForEvent("load", { timeout: 5_000 }).catch(() => null);
  await page.evaluate((where) => {
    const form = Array.from(document.forms).find((one) => new URL(one.action).pathname === where);
    const button = form.querySelector("button:not([type=button]), input[type=submit]") ?? document.querySelector(`button[form="${form.id}"]`);
    if (button) button.click();
    else form.submit();
  }, action);
  const answer = await answered;
  if (answer) await loaded;
  return answer;
}
