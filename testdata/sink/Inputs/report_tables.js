/* A report without the library for charts: report_tables.js REPORT */
const { browse, text } = require("./browser.js");

browse(process.argv[2], {}, async (page) => {
	console.log(`charts ${await page.locator("canvas").count()}, tables open ${await page.locator("details[open] table").count()},`,
		await text(page, "#runs-chart tbody tr"));
});
