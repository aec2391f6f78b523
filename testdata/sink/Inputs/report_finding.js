/* The page of a finding: report_finding.js REPORT TEXT-OF-ITS-PLACE */
const { browse, text, texts, follow, accessibility } = require("./browser.js");

async function steps(page) {
	const current = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
	await page.getByRole("button", { name: "Next step" }).click();
	console.log("click:", await current(), "|", await text(page, "#step-count"));
	await page.keyboard.press("n");
	await page.keyboard.press("n");
	console.log("keys:", await current(), "|", await text(page, "[aria-current=step]"));
	await page.locator("details.callee summary").first().click();
	await page.keyboard.press("n");
	console.log("unfolded:", await page.locator("details.callee").first().evaluate((e) => e.open), "|", await text(page, "[aria-current=step]"));
}

browse(process.argv[2], {}, async (page) => {
	const row = page.locator("#list tr").filter({ hasText: process.argv[3] }).first();
	await row.getByRole("link").focus();
	await follow(page, () => page.keyboard.press("Enter"));
	console.log("focus:", await page.evaluate(() => document.activeElement.textContent));
	console.log("facts:", await text(page, "#page dl"));
	for (const line of await texts(page, "#page .source .line.marked, #page .source .step"))
		console.log(" ", line);
	if (await page.locator("#step-count").count())
		await steps(page);
	for (const ground of await page.locator(".basis summary").all())
		await ground.click();
	console.log("models:", (await texts(page, ".basis pre")).join(" | "));
	await page.locator(".help summary").click();
	console.log("help:", (await texts(page, ".help h2")).join(" | "));
	await accessibility(page, "finding");
	await page.setViewportSize({ width: 390, height: 800 });
	console.log("phone: wider than the screen by", await page.evaluate(() => document.documentElement.scrollWidth - innerWidth));
	await follow(page, () => page.getByRole("link", { name: "Next finding" }).click());
	console.log("next:", await page.title());
	await follow(page, () => page.keyboard.press("Escape"));
	console.log("back:", await page.locator("#overview").isVisible());
});
