/* What the first page of a report says, draws and does: report_overview.js REPORT */
const { browse, text, texts, accessibility, paint } = require("./browser.js");

async function gate(page) {
	console.log("verdict:", await text(page, "#verdict"));
	console.log("tiles:", (await texts(page, ".tile")).join(" | "));
	console.log("budgets:", (await texts(page, "#budgets li")).join(" | "));
	console.log("new:", (await texts(page, "#names > div:nth-child(1) li")).join(" | "));
	console.log("fixed:", (await texts(page, "#names > div:nth-child(2) li")).join(" | "));
	console.log("reasons:", (await texts(page, "#reasons li")).join(" | "));
	console.log("moved:", (await texts(page, "#reasons tbody tr")).join(" | "));
}

async function drawn(page) {
	const added = await paint(page, "runs-chart", "--new"), gone = await paint(page, "runs-chart", "--fixed");
	console.log("bars:", added.n > 1000, gone.n > 300, "new above fixed:", added.height < gone.height);
	const stack = [];
	for (const i of [0, 1, 2])
		stack.push(await paint(page, "outstanding-chart", `--rule-${i}`));
	console.log("stack:", stack.every((s) => s.n > 500), "the first at the bottom:", stack[0].height > stack[1].height && stack[1].height > stack[2].height);
	console.log("event marks:", (await paint(page, "outstanding-chart", "--event")).n > 50);
	console.log("events:", (await texts(page, "#events li")).join(" | "));
	console.log("legend:", (await texts(page, ".legend li")).join(" | "));
}

/* The background of a run's column, beside its bar, is another than that of its neighbours. */
async function shaded(page)
{
	const columns = await page.evaluate(() => {
		const {runs} = JSON.parse(document.getElementById("data").textContent);
		const over = document.querySelector("#outstanding-chart .u-over"),
		      canvas = document.querySelector("#outstanding-chart canvas");
		const scale = canvas.width / canvas.getBoundingClientRect().width;
		const left = over.getBoundingClientRect().left - canvas.getBoundingClientRect().left,
		      top = over.getBoundingClientRect().top - canvas.getBoundingClientRect().top;
		const width = over.clientWidth / runs.length;
		const context = canvas.getContext("2d");
		return runs.map((run, i) => context.getImageData((left + (i + 0.06) * width) * scale,
		                                                 (top + 4) * scale, 1, 1)
		                                    .data.join());
	});
	const common = columns[0];
	console.log("shaded runs:",
	            columns.map((c, i) => (c === common ? 0 : i + 1)).filter(Boolean).join(" "));
}

async function charts(page) {
	await page.locator("#outstanding-chart .plot").focus();
	for (let i = 0; i < 9; i++)
		await page.keyboard.press("ArrowLeft");
	console.log("by key:", await text(page, "#outstanding-chart .readout"));
	await page.locator("#runs-chart .u-over").scrollIntoViewIfNeeded();
	const box = await page.locator("#runs-chart .u-over").boundingBox();
	await page.mouse.move(box.x + 5, box.y + 20);
	console.log("by pointer:", await text(page, "#runs-chart .readout"));
	await page.locator("#runs-chart summary").click();
	console.log("table:", (await texts(page, "#runs-chart tbody tr")).slice(0, 2).join(" | "));
}

async function tables(page) {
	console.log("rules:", (await texts(page, "#rules-table tbody tr")).join(" | "));
	console.log("sparkline:", await page.locator("#rules-table .spark").first().getAttribute("aria-label"));
	console.log("who:", (await texts(page, "#who-table tbody tr")).join(" | "));
	console.log("ages:", (await texts(page, "#ages-chart tbody tr")).join(" | "));
}

async function flame(page) {
	const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
	await page.locator("#flame button").first().focus();
	const way = [await focused()];
	for (const key of ["ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown"]) {
		await page.keyboard.press(key);
		way.push(await focused());
	}
	console.log("flame:", way.join(" | "));
	await page.keyboard.press("Enter");
	console.log("entered:", await text(page, "#flame-path"));
	console.log("list:", await text(page, "#found"), (await texts(page, "#list .place")).join(" | "));
}

async function filters(page) {
	const found = async (label) => console.log(`${label}:`, await text(page, "#found"), (await texts(page, "#list .place")).slice(0, 3).join(" | "));
	await page.getByRole("button", { name: "Clear" }).click();
	await found("open");
	await page.locator("#filters [name=state]").selectOption("closed");
	await found("closed");
	await page.locator("#filters [name=state]").selectOption("all");
	await page.locator("#filters [name=rule]").selectOption("unchecked-done");
	await found("rule");
	await page.locator("#filters [name=calls]").fill("> poll");
	await page.locator("#filters [name=path]").fill("src/db/");
	await found("path");
	await page.locator("#who-table").getByRole("button", { name: "lib" }).click();
	await found("directory");
}

browse(process.argv[2], {}, async (page) => {
	await gate(page);
	await drawn(page);
	await shaded(page);
	await charts(page);
	await tables(page);
	await flame(page);
	await filters(page);
	await accessibility(page, "light");
	await page.getByLabel("Colours").selectOption("dark");
	console.log("dark:", await page.evaluate(() => getComputedStyle(document.body).backgroundColor), (await paint(page, "runs-chart", "--new")).n > 1000);
	await accessibility(page, "dark");
	await page.setViewportSize({ width: 390, height: 800 });
	// What was drawn for a wide screen is drawn again, a moment later.
	await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth, null, { timeout: 10000 }).catch(() => {});
	console.log("phone: wider than the screen by", await page.evaluate(() => document.documentElement.scrollWidth - innerWidth));
	await accessibility(page, "phone");
});
