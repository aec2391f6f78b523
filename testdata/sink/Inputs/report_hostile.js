/* A report about code that wants out: report_hostile.js REPORT */
const { browse, text, texts, follow } = require("./browser.js");

browse(process.argv[2], {}, async (page) => {
	const look = async (label) => console.log(`${label}: ran ${await page.evaluate(() => window.pwned)}, elements`,
		await page.evaluate(() => ["script", "img", "iframe", "svg[onload]", "[onerror]", "[onclick]"].map((s) => `${s} ${document.querySelectorAll(s).length}`).join(", ")));
	await look("overview");
	console.log("shown:", (await texts(page, "#names li")).join(" | "));
	console.log("about:", await text(page, "#about-run"));
	for (const frame of await page.locator("#flame button").all())
		await frame.hover();
	for (const link of await page.locator("#list a").all()) {
		await follow(page, () => link.click());
		await look("finding");
		for (const line of await texts(page, "#page .source .line.marked"))
			console.log(" ", line);
		await follow(page, () => page.getByRole("link", { name: "All findings" }).click());
	}
	await follow(page, () => page.evaluate(() => { location.hash = "#finding-__proto__"; }));
	console.log("no such finding:", await page.locator("#overview").isVisible());
});
