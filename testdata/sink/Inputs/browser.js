/*
 * A real browser for the tests of the HTML report: Debian's Chromium, headless, with nothing of a person's in it.
 *
 *   browse(file, {width, scheme}, async (page) => ...)   opens the file; what goes wrong on the page is printed at the end
 */
const fs = require("fs");
const os = require("os");
const path = require("path");
const modules = process.env.CANCELINT_NODE_MODULES;
const { chromium } = require(path.join(modules, "playwright-core"));

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync"];

async function browse(file, { width = 1200, scheme = "light" }, look) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cancelint-chromium-"));
	const context = await chromium.launchPersistentContext(folder, { executablePath: "/usr/bin/chromium", headless: true, args: FLAGS });
	const problems = [];
	try {
		const page = await context.newPage();
		page.on("console", (m) => m.type() === "error" && problems.push(`console: ${m.text()}`));
		page.on("pageerror", (e) => problems.push(`exception: ${e.message}`));
		page.on("request", (r) => r.url().startsWith("file:") || problems.push(`request: ${r.url()}`));
		await page.setViewportSize({ width, height: 900 });
		await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
		await page.goto(`file://${path.resolve(file)}`);
		await look(page);
	} finally {
		await context.close();
		fs.rmSync(folder, { recursive: true, force: true });
	}
	console.log(problems.length ? problems.join("\n") : "no problem on the page");
}

const text = async (page, selector) => (await page.locator(selector).first().innerText()).replace(/\s+/g, " ").trim();
const texts = async (page, selector) => (await page.locator(selector).allInnerTexts()).map((t) => t.replace(/\s+/g, " ").trim());

/* Does what changes the part of the address behind '#', and waits until the page has followed, which it does a moment later. */
async function follow(page, act) {
	await page.evaluate(() => { window.followed = new Promise((done) => addEventListener("hashchange", () => setTimeout(done), { once: true })); });
	await act();
	await page.evaluate(() => window.followed);
}

/* What axe-core says of the page as it is now. */
async function accessibility(page, label) {
	const source = fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf-8");
	await page.evaluate(source);
	const { violations, passes } = await page.evaluate(() => window.axe.run());
	console.log(`accessibility, ${label}: ${passes.length > 20 ? "many" : passes.length} rules pass, ${violations.length} are broken`);
	for (const v of violations)
		console.log(`  ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html).join(" | ")}`);
}

/* How many pixels of each chart have a colour of the style, above and below a height given as a part of the whole. */
function paint(page, host, name) {
	return page.evaluate(([id, variable]) => {
		const probe = document.body.appendChild(document.createElement("span"));
		probe.style.color = `var(${variable})`;
		const [r, g, b] = getComputedStyle(probe).color.match(/\d+/g).map(Number);
		probe.remove();
		const canvas = document.querySelector(`#${id} canvas`);
		const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
		let n = 0, rows = 0;
		for (let i = 0; i < data.length; i += 4)
			if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) {
				n++;
				rows += Math.floor(i / 4 / canvas.width);
			}
		return { n, height: n ? rows / n / canvas.height : 0 };
	}, [host, name]);
}

module.exports = { browse, text, texts, follow, accessibility, paint };
